"""The plane with which a network separates two classes in space, and that plane pulled back to the input."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scenes.essay.parts.sheet import Sheet
from scenes.kit import Lines, Surface
from scenes.kit.gl.bodies import perpendicular
from scenes.kit.regions import decision_regions
from topo_core.inverse import LayerInverse
from topo_core.isotopy import embed
from topo_core.separation import Separation, separation
from topo_core.topology.winding import winding_number

FloatArray = NDArray[np.float64]

#: No two points of the cube are farther apart.
_REACH = 3.5
#: How far the plane, pulled back, is shown above and below the plane of the data.
_HEIGHT = 0.75
#: Rays on which it is found, points looked at and points drawn on each.
_RAYS, _LOOKS, _ROWS = 180, 1500, 25


class Divide:
    """The plane on which the readout of two classes is undecided, in the space of a sheet.

    Parameters
    ----------
    sheet
        Which it divides.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, trace, theme = sheet, sheet.trace, sheet.space.theme
        weight, bias = trace.readout_weight[-1], trace.readout_bias[-1]
        length = float(np.linalg.norm(weight[0] - weight[1]))
        #: Unit normal, on the side of class A, and the plane's signed distance from the origin against it.
        self.normal: FloatArray = (weight[0] - weight[1]) / length
        self.bias = float(bias[0] - bias[1]) / length
        points, self.labels = trace.dataset.dense()
        self.distances = trace.evaluate(points, trace.n_layers) @ self.normal + self.bias
        self.measured: Separation = separation(trace.logits(points), self.labels, weight)
        self.offset = 0.0
        fan = self._fan(0.0)
        self.surface = sheet.space.add(Surface(fan, theme.accent, 0.0, closed=(False, True)))
        self.frame = sheet.space.add(Lines([_closed(fan[1])], theme.accent, 3.0, 0.0))
        self.gap = tuple(
            sheet.space.add(Lines([_closed(self._fan(near)[1])], theme.class_colour(k), 2.2, 0.0))
            for k, near in enumerate(self.nearest)
        )
        self.curve = sheet.space.add(Lines(self._carried_curves(), theme.accent, 5.0, 0.0, on_top=0.018))

    def _fan(self, offset: float) -> FloatArray:
        """The plane inside the cube of tanh when it is moved by ``offset`` towards A, ``(2, rays, 3)``.

        First its middle, once for each ray, then where the rays from there meet the faces.
        """
        corner = np.where(self.normal >= 0, 1.0, -1.0)
        middle = corner * np.clip((offset - self.bias) / np.abs(self.normal).sum(), -0.98, 0.98)
        out = self._rays
        with np.errstate(divide="ignore"):
            reach = np.where(out != 0, (np.sign(out) - middle) / out, np.inf).min(axis=1)
        return np.stack([np.repeat(middle[None], len(out), axis=0), middle + reach[:, None] * out])

    @cached_property
    def _rays(self) -> FloatArray:
        """Unit vectors all around in the plane, ``(rays, 3)``."""
        u, v, _ = perpendicular(self.normal)
        angle = 2 * np.pi * np.arange(_RAYS) / _RAYS
        rays: FloatArray = np.cos(angle)[:, None] * u + np.sin(angle)[:, None] * v
        return rays

    @property
    def nearest(self) -> tuple[float, float]:
        """Signed distances from the plane, positive towards A, of the nearest points of A and of B."""
        of_a, of_b = (self.distances[self.labels == k] for k in (0, 1))
        return float(of_a.min()), float(of_b.max())

    def at(self, offset: float) -> None:
        """Move the plane along its normal, towards A; it belongs at 0."""
        self.offset = offset
        fan = self._fan(offset)
        self.surface.move(fan)
        self.frame.move(_closed(fan[1]))

    @property
    def outset(self) -> float:
        """An offset beyond all of A, or as far as the cube reaches."""
        corner = float(np.abs(self.normal).sum())
        return min(float(self.distances.max()) + 0.12, 0.95 * corner + self.bias)

    def right(self) -> float:
        """The share of the dense points that are on their side of the plane where it is now."""
        lead = self.distances - self.offset
        return float(np.mean(np.where(self.labels == 0, lead > 0, lead < 0)))

    # -- at the input ----------------------------------------------------------------------------

    @cached_property
    def curves(self) -> list[FloatArray]:
        """Where the network is undecided in the plane of the data: lines ``(n, 2)``, longest first."""
        window = np.array([[-self.sheet.half, self.sheet.half]] * 2)
        found = decision_regions(self.sheet.trace.logits, window).boundaries
        return sorted(found, key=len, reverse=True)

    @property
    def surrounds(self) -> bool:
        """Whether it is undecided on one closed curve, which goes once around all of A and misses B."""
        if len(self.curves) != 1 or not np.array_equal(self.curves[0][0], self.curves[0][-1]):
            return False
        radius = np.linalg.norm(self.curves[0], axis=1)
        disc, inner, _ = self.sheet.radii
        between = bool((radius > disc).all() and (radius < inner).all())
        return between and abs(winding_number(self.curves[0][:-1], np.zeros(2))) == 1

    def _carried_curves(self) -> list[FloatArray]:
        return [self.sheet.carried(embed(curve, 3)) for curve in self.curves]

    def follow(self) -> None:
        """Bring the curve, and the plane pulled back, to where the sheet is."""
        self.curve.move_lines(self._carried_curves())
        for wall in self.walls:
            wall.move(self.sheet.carried(self._wall_points))

    @cached_property
    def _wall_points(self) -> FloatArray:
        """The plane pulled back to the space of the input, ``(rows * rays, 3)``.

        From the middle of the curve, rays go out in the plane; of each that part is taken that comes from
        points above and below the square of the sheet, and it is cut evenly as seen at the input.
        """
        sheet = self.sheet
        centre = sheet.carried(embed(self.curves[0], 3), 1.0).mean(axis=0)
        out = self._rays
        inverse = LayerInverse(sheet.layer)
        low, high = inverse.activation.low, inverse.activation.high
        box = np.array([sheet.half, sheet.half, _HEIGHT])

        def back(radius: FloatArray) -> FloatArray:
            """Where points ``(..., rays)`` of the rays come from, infinity where from nowhere."""
            points = centre + radius[..., None] * out
            inside = ((points > low) & (points < high)).all(axis=-1)
            found: FloatArray = np.full(points.shape, np.inf)
            found[inside] = inverse(points[inside])
            return found

        looks = np.linspace(0, _REACH, _LOOKS)
        within = (np.abs(back(np.repeat(looks[:, None], _RAYS, axis=1))) <= box).all(axis=-1)
        stop = np.argmin(within, axis=0)  # the first that is outside
        near, far = looks[np.maximum(stop - 1, 0)], looks[stop]
        for _ in range(40):
            middle = (near + far) / 2
            still = (np.abs(back(middle)) <= box).all(axis=-1)
            near, far = np.where(still, middle, near), np.where(still, far, middle)
        fine = near * np.linspace(0, 1, _LOOKS)[:, None]
        steps = np.linalg.norm(np.diff(back(fine), axis=0), axis=-1)
        length = np.concatenate([np.zeros((1, _RAYS)), np.cumsum(steps, axis=0)])
        even = np.linspace(0, 1, _ROWS)[:, None] * length[-1]
        radius = np.stack([np.interp(*row) for row in zip(even.T, length.T, fine.T, strict=True)], axis=1)
        return back(radius).reshape(-1, 3)

    @cached_property
    def walls(self) -> tuple[Surface, ...]:
        """The part of the plane that comes from above and below the sheet; none if it misses the sheet."""
        if not self.curves:
            return ()
        points = self.sheet.carried(self._wall_points).reshape(_ROWS, _RAYS, 3)
        colour = self.sheet.space.theme.accent
        return (self.sheet.space.add(Surface(points, colour, 0.0, closed=(False, True))),)


def _closed(outline: FloatArray) -> FloatArray:
    """The outline with its first point once more at the end."""
    return np.concatenate([outline, outline[:1]])
