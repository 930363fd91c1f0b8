"""The essay's vector fields, their multiples, the way back, and what is drawn of them.

Essay, "Neural Network Layers for Manipulating Manifolds": figures ``grid_vec`` and ``grid_bubble_wvec`` show
one field, ``grid_bubble`` another. Both are of the essay's form with two Gaussians; centres and vectors are
read off the figures (a grid of the same form fits that of ``grid_bubble_wvec`` to a pixel). There the two
Gaussians are 0.79 and 0.62 wide; a layer here has one width, in between.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import fsolve

from scenes.essay.parts.marks import Mark
from scenes.kit import Canvas, Rect, Stage, Theme
from scenes.kit.motion import LayerMotion
from scenes.kit.stage import StageAnimation
from scenes.kit.view import View
from topo_core.datasets import UserPoints
from topo_core.errors import TopoError
from topo_core.flow import Flow
from topo_core.handmade import essay_bubbles, essay_field, handmade
from topo_core.trace import Trace
from topo_core.verification.fields import FlowStep
from topo_core.verification.flows import prove_slow

FloatArray = NDArray[np.float64]

#: Of ``grid_vec`` and ``grid_bubble_wvec``.
WIND = essay_field()
#: Of ``grid_bubble``, and the circles in it: centre and radius.
BUBBLES = essay_bubbles()
CIRCLES = ((-1.0, 0.0, 1.5), (2.0, 1.0, 1.15))

#: The plane shown is ``[-REACH, REACH]^2``.
REACH = 3.2

#: That a proof may take; a constant in hundredths need not be the best.
_BOXES = 20_000


def field_trace(flow: Flow) -> Trace:
    """A network of one layer that moves the plane along a field; nothing lies in the plane."""
    corners = REACH / 1.08 * np.array([[-1.0, -1.0], [1.0, 1.0]])
    return handmade([flow], dataset=UserPoints(corners, np.array([0, 1])))


def multiple(flow: Flow, factor: float) -> Flow:
    """The field ``factor F``."""
    return Flow(flow.anchors, factor * flow.vectors, flow.scale)


def field_stage(trace: Trace, theme: Theme, rect: Rect, motion: LayerMotion | None = None) -> Stage:
    """A stage that is seen from one place, with a grid as close as the essay's."""
    stage = Stage(trace, theme, rect=rect, panel=False, points=False, spacing=0.25, motion=motion)
    view = View(rect, np.zeros(2), float(rect.half.min()) / (1.04 * REACH))
    stage.plane.space.follow = lambda position: view
    return stage


def steadily(stage: Stage, position: float, run_time: float) -> StageAnimation:
    """On to a position, at the same pace in all layers."""
    return StageAnimation(stage, {"position": (position, 0.0, 1.0)}, steady=("position",), run_time=run_time)


def lattice(side: int) -> FloatArray:
    """Points ``(side ** 2, 2)`` all over the plane shown."""
    axis = np.linspace(-REACH, REACH, side)
    return np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)


def proven_constant(flow: Flow) -> float:
    """A Lipschitz constant of F, in hundredths: the smallest that is proven.

    Raises
    ------
    TopoError
        When none below 1 is.
    """
    seen = float(np.linalg.norm(flow.jacobian(lattice(301)), ord=2, axis=(1, 2)).max())
    step = FlowStep(flow.anchors, flow.vectors, flow.scale)
    for hundredths in range(int(np.ceil(100 * seen)), 100):
        if prove_slow(step, hundredths / 100, budget=_BOXES).verdict == "proven":
            return hundredths / 100
    raise TopoError(f"no Lipschitz constant below 1 is proven of a field whose slope is {seen:.3g}")


def farthest_outside(flow: Flow, circles: tuple[tuple[float, float, float], ...]) -> float:
    """How far the field moves a point outside all circles ``(x, y, radius)``, at most.

    It falls with the distance from the anchors, so that this is so on the circles themselves.
    """
    angle = np.linspace(0, 2 * np.pi, 2001)
    round_ = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    edge = np.concatenate([np.array([x, y]) + r * round_ for x, y, r in circles])
    return float(np.linalg.norm(flow.field(edge), axis=1).max())


def merged_pair(flow: Flow) -> FloatArray:
    """Two points ``(2, 2)`` that ``x + F(x)`` sends to one, on both sides of the fold.

    Raises
    ------
    TopoError
        When the field does not fold the line through the first anchor along its vector.
    """
    along = flow.vectors[0] / np.linalg.norm(flow.vectors[0])
    s = np.linspace(-3 * flow.scale, 4 * flow.scale, 2001)
    line = flow.anchors[0] + s[:, None] * along
    image = flow(line) @ along
    falls = np.flatnonzero(np.diff(image) < 0)
    if not len(falls):
        raise TopoError("this field folds nothing: multiply it")
    level = (image[falls[0]] + image[falls[-1] + 1]) / 2
    crossed = np.flatnonzero(np.diff(image > level))
    first, guess = line[crossed[0]], line[crossed[-1]]
    target = flow(first[None])
    second = fsolve(lambda x: (flow(np.asarray(x)[None]) - target)[0], guess, xtol=1e-12)
    return np.stack([first, np.asarray(second)])


class BackMotion(LayerMotion):
    """The layer undone: ``x_0 = y``, ``x_(k+1) = y - F(x_k)``, at position k; y is ``x + F(x)``.

    Parameters
    ----------
    trace
        Of one flow.
    steps
        How many there are.
    """

    instants = 1

    def __init__(self, trace: Trace, steps: int) -> None:
        super().__init__(trace)
        flows = trace.flows[0]
        assert flows is not None
        self.flow, self.length = flows.at(-1), float(steps)
        self._found: tuple[FloatArray, int, FloatArray] | None = None

    def start(self, x: FloatArray, whole: int) -> FloatArray:
        """Images and iterates side by side, ``(n, 4)``; the same points are taken on from where they were."""
        if self._found is not None and self._found[0] is x and self._found[1] <= whole:
            _, first, started = self._found
        else:
            first, started = 0, np.tile(self.flow(x), 2)
        y, back = started[:, :2], started[:, 2:]
        for _ in range(first, whole):
            back = y - self.flow.field(back)
        self._found = x, whole, np.hstack([y, back])
        return self._found[2]

    def move(self, started: FloatArray, position: float) -> FloatArray:
        """From one iterate to the next."""
        y, back = started[:, :2], started[:, 2:]
        t = position - int(position)
        return back if t == 0 else (1 - t) * back + t * (y - self.flow.field(back))


def errors_of(flow: Flow, points: FloatArray, below: float) -> FloatArray:
    """How far the worst of the points ``(n, 2)`` is from where it was, after 0, 1, 2... steps back.

    It ends with the first error below the one asked for.
    """
    y = flow(points)
    back = y
    errors: list[float] = []
    while not errors or errors[-1] > below:
        errors.append(float(np.linalg.norm(back - points, axis=1).max()))
        back = y - flow.field(back)
    return np.array(errors)


class Circles(Mark):
    """Circles that stay where they are."""

    def __init__(self, stage: Stage, circles: tuple[tuple[float, float, float], ...], **options: Any) -> None:
        super().__init__(stage, **options)
        angle = np.linspace(0, 2 * np.pi, 241)
        round_ = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        self.lines = [np.array([x, y]) + r * round_ for x, y, r in circles]

    def draw(self, canvas: Canvas) -> None:
        """Draw them in the accent's colour."""
        with self.inside(canvas):
            canvas.stroke([self.stage.plane.view(line) for line in self.lines], self.theme.accent, 4.0)


class Folded(Mark):
    """Where the plane lies over itself the wrong way round: ``det (I + t J) < 0``.

    Parameters
    ----------
    stage
        Of one flow.
    side
        Cells along each side of the plane shown.
    """

    def __init__(self, stage: Stage, side: int = 256, **options: Any) -> None:
        super().__init__(stage, **options)
        flows = stage.trace.flows[0]
        assert flows is not None
        self.flow = flows.at(-1)
        width = 2 * REACH / side
        middles = (lattice(side) * (1 - 1 / side)).astype(np.float64)
        slope = self.flow.jacobian(middles)
        self.trace_ = np.trace(slope, axis1=1, axis2=2)
        self.det_ = np.linalg.det(slope)
        corners = width / 2 * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
        self.cells = middles[:, None] + corners

    def determinants(self) -> FloatArray:
        """``det (I + t J)`` in the middle of every cell now."""
        t = self.stage.state.position
        return np.asarray(1 + t * self.trace_ + t**2 * self.det_)

    def smallest(self) -> float:
        """The smallest of them."""
        return float(self.determinants().min())

    def draw(self, canvas: Canvas) -> None:
        """Fill the cells that are turned over, where they are now."""
        over = self.cells[self.determinants() < 0]
        if not len(over):
            return
        placed = self.stage.plane.view(self.now(over.reshape(-1, 2))).reshape(-1, 4, 2)
        with self.inside(canvas):
            canvas.fill(list(placed), self.theme.accent, 0.25)
