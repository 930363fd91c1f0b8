"""Space in a rectangle of the frame: surfaces, curves and points drawn by OpenGL under Manim's own text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self, TypeVar

import numpy as np
from manim import Mobject, smooth
from numpy.typing import NDArray

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.formulas import Piece
from scenes.kit.gl.axes import Axes3D, axes
from scenes.kit.gl.camera import Camera3D
from scenes.kit.gl.labels import Label
from scenes.kit.gl.painter import Painter
from scenes.kit.gl.play import Change, SpaceAnimation
from scenes.kit.gl.shapes import Shape
from scenes.kit.gl.style import Style
from scenes.kit.theme import Theme
from scenes.kit.view import Rect
from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]
S = TypeVar("S", bound=Shape)

#: The whole frame under the title.
SPACE = Rect(-6.81, -3.7, 6.81, 3.0)


class Space3D(Drawable):
    """Shapes in space, seen by a camera with Manim's conventions.

    A data unit at the camera's centre is as many Manim units long as the camera's zoom says. Everything is
    drawn from the present state: change the shapes and :attr:`camera`, or play the animations that methods
    return. Animations that are played together must change different things.

    Parameters
    ----------
    theme
        Its background is what far things fade into.
    rect
        Where in the frame; nothing is drawn outside of it.
    camera, style
        Where it is seen from, and how it is lit.
    clock
        Absolute seconds in the scene, which :meth:`spin` needs.
    """

    #: Pixels per Manim unit; None for as many as the picture has.
    resolution: float | None = None
    #: Dots per inch of its raster in a picture that is otherwise made of vectors.
    dpi: float = 300.0
    #: Rasterised pixels in width and height per pixel of that: 2 also smooths where surfaces intersect, which
    #: nothing else does, in four times the time.
    oversampling: int = 1

    def __init__(
        self,
        theme: Theme,
        rect: Rect = SPACE,
        *,
        camera: Camera3D | None = None,
        style: Style | None = None,
        clock: Callable[[], float] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.theme, self.rect = theme, rect
        self.camera = camera or Camera3D()
        self.style = style or Style.of(theme)
        self.shapes: list[Shape] = []
        self.labels: list[Label] = []
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])
        self._clock = clock
        self._spinning: tuple[float, float] | None = None
        self._following: Callable[[Camera3D], Camera3D] | None = None
        self._painter = Painter()

    # -- what is in it ---------------------------------------------------------------------------

    def add(self, shape: S, *more: Shape) -> S:  # type: ignore[override]
        """Put shapes into space; returns the first."""
        given: tuple[Shape, ...] = (shape, *more)
        self.shapes += [one for one in given if one not in self.shapes]
        return shape

    def remove(self, *shapes: Shape) -> Self:  # type: ignore[override]
        """Take shapes out of space."""
        self.shapes = [shape for shape in self.shapes if shape not in shapes]
        return self

    def label(
        self,
        content: str | Callable[[], Sequence[Piece]],
        at: FloatArray | Sequence[float] | Callable[[], FloatArray],
        *,
        colour: str | None = None,
        size: float | None = None,
        offset: tuple[float, float] = (0.0, 0.25),
        hides: bool = True,
        clearance: float = 0.0,
    ) -> Label:
        """Write at a point of space, upright and equally large from everywhere.

        Parameters
        ----------
        content
            Words or a formula (``$...$``), or a function that gives the pieces of a row at every frame.
        at
            The point ``(3,)``, or a function that gives it at every frame.
        colour, size
            By default the ink and the small size of the theme.
        offset
            From the point to the middle of the label, in Manim units.
        hides
            Whether it vanishes while its point is behind something opaque.
        clearance
            What is at most so far in front of the point does not hide it, in data units: for a point inside
            a tube, the tube's radius.
        """
        fixed = np.zeros(3) if callable(at) else np.asarray(at, dtype=np.float64)
        row = content if callable(content) else (lambda: [content])
        place = at if callable(at) else (lambda: fixed)
        size, colour = size or self.theme.small_size, colour or self.theme.ink
        label = Label(row, place, size, colour, offset, hides, clearance=clearance)
        self.labels.append(label)
        return label

    def axes(self, bounds: FloatArray, **options: Any) -> Axes3D:
        """Draw three axes within ``bounds``, ``(3, 2)``; options as for :func:`scenes.kit.gl.axes.axes`."""
        made = axes(bounds, self.theme, **options)
        self.add(made.lines)
        self.labels += made.labels
        return made

    # -- the camera ------------------------------------------------------------------------------

    @property
    def viewpoint(self) -> Camera3D:
        """The camera as it is now: turned as far as it has spun, following what it follows."""
        camera = self.camera
        if self._spinning is not None and self._clock is not None:
            rate, since = self._spinning
            camera = camera.moved(theta=camera.theta + rate * (self._clock() - since))
        return camera if self._following is None else self._following(camera)

    def place(self, points: FloatArray) -> FloatArray:
        """Where points ``(n, 3)`` of space are in the frame, in Manim units: ``(n, 2)``."""
        placed = self.viewpoint.project(np.asarray(points, dtype=np.float64))
        return np.asarray(placed[..., :2] + self.rect.centre)

    def spin(self, rate: float) -> Self:
        """Turn about the z axis from now on, ``rate`` radians a second, until it is stopped or turned.

        The angle is a function of the time in the scene, not a sum over frames.

        Raises
        ------
        TopoError
            When the space knows no time.
        """
        if self._clock is None:
            raise TopoError("spin needs the time: get the space from scene.space3d(), or give it a clock")
        self.stop()
        self._spinning = rate, self._clock()
        return self.add_updater(_moving)

    def stop(self) -> Self:
        """Stop spinning, where it is now."""
        if self._spinning is not None and self._clock is not None:
            rate, since = self._spinning
            self.camera = self.camera.moved(theta=self.camera.theta + rate * (self._clock() - since))
            self._spinning = None
            self.remove_updater(_moving)
        return self

    def turn(self, *, run_time: float = 3.0, **to: Any) -> SpaceAnimation:
        """Move the camera to other attributes, such as ``theta`` (radians), ``zoom`` or ``centre``."""
        self.camera.moved(**to)  # names that a camera does not know fail here, not when it plays
        return self._camera_to(lambda camera: camera.moved(**to), run_time)

    def turn_by(self, *, run_time: float = 3.0, **by: float) -> SpaceAnimation:
        """Turn the camera by angles in radians: ``theta``, ``phi``, ``gamma``."""
        self.camera.moved(**by)
        return self._camera_to(
            lambda camera: camera.moved(**{k: getattr(camera, k) + v for k, v in by.items()}), run_time
        )

    def _camera_to(self, end: Callable[[Camera3D], Camera3D], run_time: float) -> SpaceAnimation:
        def prepare() -> Change:
            start = self.stop().camera

            def change(share: float) -> None:
                self.camera = start.between(end(start), share)

            return change

        return SpaceAnimation(self, prepare, run_time=run_time)

    def follow(self, *shapes: Shape, margin: float = 0.1, run_time: float = 1.5) -> SpaceAnimation:
        """Keep shapes in the middle, and the ball around them in the picture, from now on.

        Parameters
        ----------
        shapes
            What to follow; nothing to follow no more.
        margin
            Share of the picture left free on each side.
        run_time
            In seconds, until the camera is there.
        """
        half = float(self.rect.half.min()) * (1 - margin)

        def on_them(camera: Camera3D) -> Camera3D:
            return camera.framing([s.points for s in shapes], half) if shapes else camera

        def prepare() -> Change:
            before = self._following or (lambda camera: camera)

            def change(share: float) -> None:
                self._following = lambda camera: before(camera).between(on_them(camera), share)
                if share == 1:
                    self._following = on_them if shapes else None

            return change

        return SpaceAnimation(self, prepare, run_time=run_time)

    # -- what happens in it ----------------------------------------------------------------------

    def run(
        self, change: Change, *, run_time: float = 3.0, ease: Callable[[float], float] = smooth
    ) -> SpaceAnimation:
        """Call ``change`` with the eased share of the time, from 0 to 1, at every frame.

        It sets what changes from that share alone, for example ``lambda s: torus.move(flow(points, s))``.
        """
        return SpaceAnimation(self, lambda: change, ease=ease, run_time=run_time)

    def morph(self, shape: Shape, points: FloatArray, *, run_time: float = 3.0) -> SpaceAnimation:
        """Move the vertices of a shape along straight lines to other places ``(n, 3)``."""
        end = np.asarray(points, dtype=np.float64).reshape(-1, 3)

        def prepare() -> Change:
            start = shape.points

            def change(share: float) -> None:
                shape.move((1 - share) * start + share * end)

            return change

        return SpaceAnimation(self, prepare, run_time=run_time)

    def dissolve(self, *things: Shape | Label, to: float = 0.0, run_time: float = 1.0) -> SpaceAnimation:
        """Change the opacity of shapes and labels; to 0 they are gone, to 1 they are solid."""

        def prepare() -> Change:
            start = [thing.opacity for thing in things]

            def change(share: float) -> None:
                for thing, opacity in zip(things, start, strict=True):
                    thing.opacity = (1 - share) * opacity + share * to

            return change

        return SpaceAnimation(self, prepare, run_time=run_time)

    # -- drawing ---------------------------------------------------------------------------------

    def draw(self, canvas: Canvas) -> None:
        """Draw what is in space now, and the labels over it."""
        camera = self.viewpoint
        labels = [label for label in self.labels if label.opacity > 0]
        places = np.array([label.place() for label in labels]).reshape(-1, 3)
        visible = self._painter.paint(
            canvas,
            self.rect,
            self.shapes,
            camera,
            self.style,
            resolution=self.resolution,
            dpi=self.dpi,
            oversampling=self.oversampling,
            probes=places,
            clearance=np.array([label.clearance for label in labels]),
        )
        if not labels:
            return
        at = camera.project(places)[:, :2] + self.rect.centre
        for label, (x, y), share in zip(labels, at.tolist(), visible.tolist(), strict=True):
            label.draw(canvas, x, y, share, self.style.paper)


def _moving(_: Mobject, dt: float) -> None:
    """Tells Manim that a space changes from frame to frame."""
