"""What "Two linked tori" shows in space: the tori at any layer or any time of the training, and the plane."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from scenes.essay.parts.moving_tori import MovingTori
from scenes.kit import Axis, Lines, Plot, Rect, Series, Space3D, Surface, Tube, lattice
from scenes.kit.gl.bodies import perpendicular
from scenes.kit.motion import TrainingMotion
from scenes.kit.theme import rgb
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Around the disc that stands for the plane.
_AROUND = 96
#: Points of a core curve as it is drawn, its thickness, where its arrows are, how long and wide they are.
_CORE, _THICK, _ARROWS, _LONG, _WIDE = 240, 0.045, (0.08, 0.41, 0.74), 0.26, 0.13
#: The least square of the plane's radius: it may miss the cube while the network learns.
_RIM = 0.02
_SHARES = np.linspace(0, 1, 8)  # along an arrow


class ToriStage:
    """The surfaces of two tori in a space, with their core curves and the plane that is to separate them.

    Parameters
    ----------
    space
        Where they are drawn.
    trace
        Of three units in every layer.

    Attributes
    ----------
    position
        How many layers they have been carried through.
    snapshot
        While the network learns, how far it is.
    """

    def __init__(self, space: Space3D, trace: Trace) -> None:
        self.space, self.trace, theme = space, trace, space.theme
        self.tori = MovingTori(trace)
        self.position, self.snapshot = 0.0, float(trace.n_snapshots - 1)
        self._learning = TrainingMotion(trace)
        self._colours = [np.array(rgb(theme.class_colour(k))) for k in (0, 1)]
        grids = [self.tori.grid(x) for x in self.tori.inputs]
        self.surfaces = tuple(
            space.add(Surface(grid, theme.class_colour(k), closed=(True, True), solid=False))
            for k, grid in enumerate(grids)
        )
        s = np.arange(_CORE) / _CORE
        curves = [c.curves[0].path for c in trace.dataset.components]
        #: The core curves at the input, and arrows that say which way they run.
        self.cores = tuple(
            Tube(path(s), _THICK, theme.class_colour(k), closed=True) for k, path in enumerate(curves)
        )
        self.arrows = tuple(
            Tube(path((at + _SHARES * _LONG / 6) % 1), _WIDE * (1 - _SHARES) + 1e-3, theme.class_colour(k))
            for k, path in enumerate(curves)
            for at in _ARROWS
        )
        cube = lattice(np.array([[-1.0, 1.0]] * 3), (2, 2, 2), 1)
        self.cube = space.add(Lines(cube, theme.grid, 2.0, 0.0))
        self.plane = space.add(Surface(self._disc(), theme.accent, 0.0, closed=(False, True)))
        self.rim = space.add(Lines([self._edge()], theme.accent, 3.5, 0.0))

    # -- the tori --------------------------------------------------------------------------------

    def place(self, position: float) -> None:
        """Carry them to a position in the trained network."""
        self.position = position
        for surface, points in zip(self.surfaces, self.tori.vertices(position), strict=True):
            surface.move(points)

    def learn(self, snapshot: float) -> None:
        """Show what the network makes of them while it learns, and its plane.

        Between snapshots, weights are interpolated.
        """
        self.snapshot = snapshot
        for surface, x in zip(self.surfaces, self.tori.inputs, strict=True):
            surface.move(self._learning.representation(x, snapshot, self.trace.n_layers))
        self.plane.move(self._disc())
        self.rim.move(self._edge())

    @property
    def step(self) -> float:
        """The training step now, a fraction between two snapshots."""
        steps = self.trace.steps
        return float(np.interp(self.snapshot, np.arange(len(steps)), steps))

    def mark_wrong(self, share: float) -> None:
        """Colour what is on the wrong side of the plane, as visible as ``share`` says."""
        accent = np.array(rgb(self.space.theme.accent))
        for surface, wrong, own in zip(self.surfaces, self._wrong(), self._colours, strict=True):
            surface.paint(own + share * wrong[:, None] * (accent - own))

    def _wrong(self) -> list[FloatArray]:
        """For every vertex whether it is on the wrong side: 0 or 1, and in between at the edge."""
        found = []
        for label, x in enumerate(self.tori.inputs):
            logits = self.trace.logits(x)
            lead = self.tori.grid(logits[:, label] - logits[:, 1 - label])[..., 0]
            around = [np.roll(lead, step, axis) for axis in (0, 1) for step in (-1, 1)]
            spread = np.max(np.abs(np.array(around) - lead), axis=0)
            found.append(np.clip(0.5 - lead / np.maximum(spread, 1e-300), 0, 1).ravel())
        return found

    # -- what is said of them --------------------------------------------------------------------

    def under_way(self) -> str:
        """Which step of which layer is under way."""
        layer = max(int(np.ceil(self.position)) - 1, 0)
        steps = self.trace.layers[layer].path.steps
        step = steps[min(int((self.position - layer) * len(steps)), len(steps) - 1)]
        name = {"linear": "the matrix", "translation": "the vector"}.get(step.kind, step.label)
        return f"layer {layer + 1}: {name}"

    def accuracy_plot(self, rect: Rect) -> Plot:
        """Measured accuracy on the training points up to now, with the share of the larger class."""
        trace, theme = self.trace, self.space.theme
        steps = (trace.steps + 1).astype(np.float64)  # so that step 0 has a place on a logarithmic axis
        series = Series(steps, 100 * trace.accuracies, theme.accent)
        ticks = tuple(10.0**k for k in range(int(np.log10(steps[-1])) + 1))
        return Plot(
            rect,
            theme,
            "accuracy",
            [series],
            Axis(1.0, float(steps[-1]), log=True, ticks=ticks),
            Axis(10.0 * float(np.floor(10 * min(trace.accuracies.min(), 0.45))), 100.0),
            now=lambda: self.step + 1.0,
            value=lambda: f"{series.last(self.step + 1.0):.1f} %",
            references=[(100 * trace.dataset.majority_rate, "majority")],
            x_name="step",
        )

    # -- the plane -------------------------------------------------------------------------------

    def _undecided(self) -> tuple[FloatArray, float]:
        """Unit normal and bias of the plane on which the readout is undecided."""
        weight, bias = (
            _between(part, self.snapshot) for part in (self.trace.readout_weight, self.trace.readout_bias)
        )
        normal = weight[1] - weight[0]
        length = max(float(np.linalg.norm(normal)), 1e-300)
        return normal / length, float(bias[1] - bias[0]) / length

    def _edge(self) -> FloatArray:
        """The circle in which it cuts the ball around the cube, ``(n + 1, 3)``, closed."""
        normal, bias = self._undecided()
        u, v, w = perpendicular(normal)
        radius = np.sqrt(max(3.0 - bias**2, _RIM))
        angle = np.linspace(0, 2 * np.pi, _AROUND + 1)[:, None]
        circle: FloatArray = -bias * w + radius * (np.cos(angle) * u + np.sin(angle) * v)
        return circle

    def _disc(self) -> FloatArray:
        edge = self._edge()[:-1]
        return np.stack([np.repeat(edge.mean(axis=0, keepdims=True), len(edge), axis=0), edge])


def _between(values: FloatArray, position: float) -> FloatArray:
    """Values ``(S, ...)`` of snapshots, interpolated as the network's weights are."""
    whole = round(position)
    if whole == position or len(values) == 1:
        exact: FloatArray = values[min(whole, len(values) - 1)]
        return exact
    result: FloatArray = PchipInterpolator(np.arange(len(values)), values, axis=0)(position)
    return result
