"""The essay's pictures in space: a disc lifted out of its annulus, two links, and tori pulled apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import ClassVar

import numpy as np
from manim import DEGREES
from numpy.typing import NDArray

from scenes.essay.parts.divide import Divide
from scenes.essay.parts.moving_link import TUBE
from scenes.essay.parts.sheet import Sheet
from scenes.essay.parts.stretched_tori import StretchedTori
from scenes.figures.page import Figure, Page
from scenes.kit.gl.camera import Camera3D
from scenes.kit.gl.lines import Lines
from scenes.kit.gl.style import Style
from scenes.kit.gl.surface import Surface
from scenes.kit.gl.tube import Tube
from scenes.kit.space3d import Space3D
from topo_core.datasets import Component, LinkedTori
from topo_core.errors import TopoError
from topo_core.experiments import Experiment, experiment_named
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: The box in which every tanh ends.
_BOX = np.array([[x, y, z] for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)])
#: Points along a curve, and around a tube.
_ALONG, _AROUND = 320, 96


def framed(space: Space3D, clouds: Sequence[FloatArray], fills: float = 0.96) -> None:
    """Move and zoom the camera so that points ``(n, 3)`` are in the middle and fill the rectangle."""
    points = np.concatenate([cloud.reshape(-1, 3) for cloud in clouds])
    camera = space.camera
    for _ in range(3):  # perspective moves the middle
        seen = camera.moved(zoom=1.0).project(points)[:, :2]
        low, high = seen.min(axis=0), seen.max(axis=0)
        step = camera.rotation[:2].T @ ((low + high) / 2)
        x, y, z = (np.asarray(camera.centre) + step).tolist()
        camera = camera.moved(centre=(x, y, z))
    seen = np.abs(camera.moved(zoom=1.0).project(points)[:, :2]).max(axis=0)
    space.camera = camera.moved(zoom=fills * float((space.rect.half / seen).min()))


def box_edges() -> list[FloatArray]:
    """The edges of the box in which every tanh ends, ``(2, 3)`` each."""
    return [np.array(pair) for pair in combinations(_BOX, 2) if np.abs(pair[0] - pair[1]).sum() == 2]


@dataclass(frozen=True)
class Lifted(Figure):
    """The disc in the annulus after a layer of three units, and the plane that separates them.

    Attributes
    ----------
    experiment
        Of a disc in an annulus, one tanh layer of three units.
    along
        Whether a second picture looks along the plane.
    """

    experiment: str = "annulus-3"
    along: bool = True

    def experiments(self) -> tuple[Experiment, ...]:
        """The one experiment."""
        return (experiment_named(self.experiment),)

    def draw(self, page: Page) -> None:
        """Draw the bent sheet and the plane, from the side and along the plane."""
        trace = page.trace()
        if trace.spec.widths != (2, 3) or trace.spec.activations != ("tanh",):
            raise TopoError(
                f"this figure shows one tanh layer of three units, but the network is {trace.spec}"
            )
        phi, theta = _edge_on(trace)
        cells = page.cells(1 + self.along, aspect=1.15, above=1.6)
        beside = Camera3D(phi=64 * DEGREES, theta=theta + 98 * DEGREES)
        self._picture(page, trace, 0, page.space(cells[0], beside))
        if self.along:
            edge_on = Camera3D(phi=phi, theta=theta, focal_distance=np.inf)
            self._picture(page, trace, 1, page.space(cells[1], edge_on))
        for k, (cell, words) in enumerate(zip(cells, ("from the side", "along the plane"), strict=False)):
            middle = cell.y1 + 0.8 * page.em
            if self.along:
                page.write("ab"[k], cell.x0, middle - 0.3 * page.em, align=0.0, weight="bold")
            page.formula(["$h_1$", words], cell.x0 + (1.1 * page.em if self.along else 0), middle, align=0.0)
        page.key(trace.dataset, cells[-1].x1, cells[-1].y1 + 0.8 * page.em)

    def _picture(self, page: Page, trace: Trace, flat: int, space: Space3D) -> None:
        sheet = Sheet(space, trace)
        sheet.at(1.0)
        divide = Divide(sheet)
        divide.surface.opacity = 0.0 if flat else 0.3
        divide.frame.opacity = divide.curve.opacity = 1.0
        for near in divide.gap:
            near.opacity = float(flat)
        space.camera = sheet.closeup(space.camera)


def _edge_on(trace: Trace) -> tuple[float, float]:
    """The angles phi and theta from which the plane between two classes is a level line."""
    weight = trace.readout_weight[-1]
    x, y, z = ((weight[0] - weight[1]) / np.linalg.norm(weight[0] - weight[1])).tolist()
    side = -1.0 if z > 0 else 1.0
    return float(np.arcsin(min(abs(z), 1.0))), float(np.arctan2(side * y, side * x))


@dataclass(frozen=True)
class InSpace(Figure):
    """Curves or tubes in space, as they are given.

    Attributes
    ----------
    experiment
        Whose data; nothing is trained.
    phi, theta
        Where it is seen from: from the z axis, and around it, in degrees.
    """

    paper: ClassVar[str] = "2.6in"
    any_trace: ClassVar[bool] = False

    experiment: str = "tori-3"
    phi: float = 65.0
    theta: float = -75.0

    def draw(self, page: Page) -> None:
        """Draw the surfaces, or tubes around the curves, and name them."""
        dataset = experiment_named(self.experiment).dataset
        if dataset.dimension != 3 or not dataset.components:
            raise TopoError(f"experiment = {self.experiment}: its data are no curves or surfaces in space")
        (cell,) = page.cells(1, aspect=1.25, above=1.6)
        page.key(dataset, cell.x1, cell.y1 + 0.8 * page.em)
        camera = Camera3D(phi=self.phi * DEGREES, theta=self.theta * DEGREES)
        space = page.space(cell, camera)
        clouds = [self._add(page, space, component) for component in dataset.components]
        framed(space, clouds)

    def _add(self, page: Page, space: Space3D, component: Component) -> FloatArray:
        """A surface of a class, or a tube around its curve; returns its points."""
        colour = page.theme.class_colour(component.label)
        if component.surface is not None:
            u, v = np.meshgrid(np.arange(_ALONG) / _ALONG, np.arange(_AROUND) / _AROUND, indexing="ij")
            grid = component.surface.patch(u.ravel(), v.ravel()).reshape(_ALONG, _AROUND, 3)
            space.add(Surface(grid, colour, closed=(True, True)))
            return grid
        curve = component.curves[0].path(np.arange(_ALONG) / _ALONG)
        return space.add(Tube(curve, TUBE, colour, closed=True)).points


@dataclass(frozen=True)
class Tangle(Figure):
    """Linked tori after layers of three units: pulled apart, stretched thin, and still linked.

    Attributes
    ----------
    experiment
        Of two linked tori, tanh layers of three units.
    theta
        Where it is seen from, around the z axis, in degrees.
    """

    paper: ClassVar[str] = "2.6in"

    experiment: str = "tori-3"
    theta: float = -48.0

    def experiments(self) -> tuple[Experiment, ...]:
        """The one experiment."""
        return (experiment_named(self.experiment),)

    def draw(self, page: Page) -> None:
        """Draw the tori in the box of tanh, in the colours of how much they are stretched."""
        trace = page.trace()
        if not isinstance(trace.dataset, LinkedTori) or set(trace.spec.widths) != {3}:
            raise TopoError(f"this figure shows linked tori and layers of three units, not {trace.spec}")
        (cell,) = page.cells(1, above=1.6)
        style = replace(Style.of(page.theme), ambient=0.78, gloss=0.12)
        space = page.space(cell, Camera3D(phi=65 * DEGREES, theta=self.theta * DEGREES), style=style)
        tori = StretchedTori(trace, page.theme)
        tori.positions = np.array([float(trace.n_layers)])  # the only one whose colours are asked for
        tori.place(float(trace.n_layers))
        space.add(*tori.tori, Lines(box_edges(), page.theme.axis, 1.6))
        framed(space, [_BOX, *(torus.points for torus in tori.tori)])
        middle = cell.y1 + 0.8 * page.em
        page.formula([f"$h_{trace.n_layers}$"], cell.x0, middle, align=0.0)
        page.key(trace.dataset, cell.x1, middle)


LINK = InSpace()
UNLINKED = InSpace("unlink", phi=62.0, theta=-135.0)
