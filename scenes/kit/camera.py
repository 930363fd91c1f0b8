"""A Cairo camera that draws only what moves, and mobjects that draw themselves from arrays.

Manim's camera walks every Bezier curve of every moving mobject at every frame, and everything above the
first moving mobject counts as moving. Here a :class:`Drawable` (the stage) puts whole polylines on the
Cairo context, and runs of mobjects that look as they did one frame ago are kept as an image.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from copy import copy, deepcopy
from itertools import pairwise
from typing import Any, Self, cast
from weakref import WeakKeyDictionary

import cairo
import numpy as np
from manim import Group, LineJointType, Mobject, VMobject
from numpy.typing import NDArray

from scenes.box import EVERYWHERE, Box
from scenes.kit.canvas import Canvas, DrawnText
from scenes.kit.touched import TouchedCamera

FloatArray = NDArray[np.float64]

#: Fewer unchanged neighbours than this are drawn afresh: an image of them would not be cheaper.
_MIN_RUN = 3


class Drawable(Mobject):
    """A mobject that draws itself on a :class:`Canvas` from arrays, at every frame.

    Subclasses implement :meth:`draw` and keep ``points`` at the corners of what they cover, so that
    Manim can lay them out. A copy shares its state with the original and has an ``opacity`` of its own,
    which is what Manim's fades change.
    """

    opacity = 1.0

    def draw(self, canvas: Canvas) -> None:
        """Draw at the current state."""
        raise NotImplementedError

    def look(self) -> Hashable:
        """What decides how it is drawn besides its place and opacity; None if that may always change.

        While this stays the same, what lies within its ``points`` is drawn once and kept as an image.
        """
        return None

    def fade(self, darkness: float = 0.5, family: bool = True) -> Self:
        """Make it more transparent."""
        self.opacity *= 1 - darkness
        return self

    def set_opacity(self, opacity: float, family: bool = True) -> Self:
        """Set how opaque it is as a whole."""
        self.opacity = opacity
        return self

    def interpolate(self, mobject1: Mobject, mobject2: Mobject, alpha: float, *_: Any) -> Self:
        """Take opacity and place between those of two copies."""
        first, second = (getattr(m, "opacity", 1.0) for m in (mobject1, mobject2))
        self.opacity = (1 - alpha) * first + alpha * second
        self.points = (1 - alpha) * mobject1.points + alpha * mobject2.points
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A copy that shares everything but its opacity and its place."""
        result = copy(self)
        result.points = self.points.copy()
        return result


class SharedGroup(Group):
    """A group with drawables in it; a copy has copies of its parts and shares all else."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Copy the parts only: what fades needs."""
        result = copy(self)
        result.submobjects = [deepcopy(part, memo) for part in self.submobjects]
        return result

    def update(self, dt: float = 0, recursive: bool = True) -> Self:
        """Run its own updaters; its parts have none, and there are hundreds of them."""
        return super().update(dt, recursive=False) if self.updaters else self


def _drawn(mobjects: Iterable[Mobject], families: bool, by_z_index: bool) -> list[Mobject]:
    """What there is to draw, each mobject once, in Manim's order.

    Manim lists the family of every member anew, for each group it is in; with formulas of hundreds of
    glyphs that costs more than drawing them.
    """
    seen: set[int] = set()
    found: list[Mobject] = []

    def visit(mobject: Mobject) -> None:  # backwards: of several places, the last one counts
        if id(mobject) in seen:
            return
        seen.add(id(mobject))
        if families:
            for part in reversed(mobject.submobjects):
                visit(part)
        if len(mobject.points):
            found.append(mobject)

    for mobject in reversed(list(mobjects)):
        visit(mobject)
    found.reverse()
    return sorted(found, key=lambda m: m.z_index) if by_z_index else found


def _invisible(mobject: Mobject) -> bool:
    """Whether a vector mobject has neither fill nor stroke (a quick test; others count as visible)."""
    return (
        isinstance(mobject, VMobject)
        and len(mobject.fill_rgbas) == 1
        and mobject.fill_rgbas[0, 3] == 0
        and (mobject.stroke_width == 0 or mobject.stroke_rgbas[:, 3].max() == 0)
        and (mobject.background_stroke_width == 0 or mobject.background_stroke_rgbas[:, 3].max() == 0)
    )


def _look(mobject: VMobject) -> int:
    """A hash of all that decides how a mobject is drawn."""
    return hash(
        (
            mobject.points.tobytes(),
            mobject.fill_rgbas.tobytes(),
            mobject.stroke_rgbas.tobytes(),
            mobject.background_stroke_rgbas.tobytes(),
            mobject.stroke_width,
            mobject.background_stroke_width,
            mobject.joint_type,
            mobject.cap_style,
            np.asarray(mobject.sheen_direction).tobytes(),
        )
    )


def _reach(mobject: VMobject) -> float:
    """How far its strokes go beyond its points; Cairo cuts mitres off at ten half-widths."""
    width = max(mobject.get_stroke_width(), mobject.get_stroke_width(background=True))
    mitred = mobject.joint_type in (LineJointType.AUTO, LineJointType.MITER)
    return (5.0 if mitred else 1.0) * width


def _around(camera: TouchedCamera, run: Sequence[VMobject]) -> Box:
    """The pixels that vector mobjects cover."""
    unit = 0.01 * abs(camera.get_cairo_context(camera.pixel_array).get_matrix().xx)
    points = np.concatenate([m.points[:, :2] for m in run])
    return camera.box_around(points, 2 + max(map(_reach, run)) * unit)


class _Sprite:
    """The image of a part of the frame, in premultiplied pixels, and where it goes."""

    def __init__(self, camera: TouchedCamera, box: Box) -> None:
        to_device = camera.get_cairo_context(camera.pixel_array).get_matrix()
        self.box = box
        width, height = max(box.right - box.left, 1), max(box.bottom - box.top, 1)
        self.surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, width, height)
        self.context = cairo.Context(self.surface)
        self.context.set_matrix(to_device.multiply(cairo.Matrix(x0=-box.left, y0=-box.top)))

    @classmethod
    def of_vectors(cls, camera: TouchedCamera, run: Sequence[VMobject]) -> _Sprite:
        """The image of a run of vector mobjects."""
        sprite = cls(camera, _around(camera, run))
        for mobject in run:
            camera.display_vectorized(mobject, sprite.context)
        return sprite

    @classmethod
    def of_drawable(cls, camera: TouchedCamera, drawable: Drawable) -> _Sprite:
        """The image of a drawable, at full opacity."""
        sprite = cls(camera, camera.box_around(drawable.points[:, :2], 2))
        drawable.draw(Canvas(sprite.context))
        return sprite

    def paint(self, context: cairo.Context[Any], opacity: float = 1.0) -> None:
        context.save()
        context.identity_matrix()
        context.set_source_surface(self.surface, self.box.left, self.box.top)
        if opacity < 1:
            context.paint_with_alpha(opacity)
        else:
            context.paint()
        context.restore()


class StageCamera(TouchedCamera):
    """Manim's Cairo camera, faster for a few moving things among many that rest."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._looks: dict[int, int] = {}
        self._sprites: dict[tuple[tuple[int, int], ...], _Sprite] = {}
        self._drawables: WeakKeyDictionary[Drawable, tuple[Hashable, _Sprite]] = WeakKeyDictionary()
        #: If not None, text is not drawn but noted here (see ``scenes.output.look``).
        self.texts: list[DrawnText] | None = None

    def capture_mobjects(self, mobjects: Iterable[Mobject], **kwargs: Any) -> None:
        """Draw mobjects in order onto the pixel array."""
        families = kwargs.get("include_submobjects", True)
        if kwargs.get("excluded_mobjects"):
            shown = self.get_mobjects_to_display(mobjects, **kwargs)
        else:
            shown = _drawn(mobjects, families, self.use_z_index)
        shown = [m for m in shown if not _invisible(m)]
        looks: dict[int, int] = {}
        sprites: dict[tuple[tuple[int, int], ...], _Sprite] = {}
        kinds = [self._kind(m) for m in shown]
        cuts = [0, *(i for i in range(1, len(shown)) if kinds[i] != kinds[i - 1]), len(shown)]
        for start, stop in pairwise(cuts):
            group = shown[start:stop]
            if not group:
                continue
            if kinds[start] == "drawable":
                for drawable in group:
                    self._draw(cast(Drawable, drawable))
            elif kinds[start] == "vector":
                self._draw_vectors(cast(list[VMobject], group), looks, sprites)
            else:
                self._draw_others(group)
        self._looks, self._sprites = looks, sprites

    @staticmethod
    def _kind(mobject: Mobject) -> str:
        if isinstance(mobject, Drawable):
            return "drawable"
        if isinstance(mobject, VMobject) and not mobject.get_background_image():
            return "vector"
        return "other"

    def _draw_others(self, group: Sequence[Mobject]) -> None:
        self.touch(EVERYWHERE)
        super().capture_mobjects(group, include_submobjects=False)

    def _draw(self, drawable: Drawable) -> None:
        if drawable.opacity <= 0:
            return
        context = self.get_cairo_context(self.pixel_array)
        if self.texts is None and (look := drawable.look()) is not None:
            self._paint_kept(drawable, (look, drawable.points.tobytes()), context)
            return
        self._draw_now(drawable, context)

    def _canvas(self, context: cairo.Context[Any], drawable: Drawable) -> Canvas:
        """What a drawable draws on."""
        return Canvas(context, texts=self.texts, text_opacity=drawable.opacity)

    def _draw_now(self, drawable: Drawable, context: cairo.Context[Any]) -> None:
        """Draw a drawable, as opaque as it is; the context is afterwards as it was."""
        context.save()
        context.new_path()
        if drawable.opacity < 1:
            context.push_group()
        canvas = self._canvas(context, drawable)
        drawable.draw(canvas)
        self.touch(canvas.touched)
        if drawable.opacity < 1:
            context.pop_group_to_source()
            context.paint_with_alpha(drawable.opacity)
        context.restore()

    def _paint_kept(self, drawable: Drawable, look: Hashable, context: cairo.Context[Any]) -> None:
        """Paint the image of a drawable, drawn anew if it looks otherwise than last time."""
        kept = self._drawables.get(drawable)
        if kept is None or kept[0] != look:
            kept = self._drawables[drawable] = look, _Sprite.of_drawable(self, drawable)
        kept[1].paint(context, drawable.opacity)
        self.touch(kept[1].box)

    def _draw_vectors(
        self,
        group: Sequence[VMobject],
        looks: dict[int, int],
        sprites: dict[tuple[tuple[int, int], ...], _Sprite],
    ) -> None:
        """Draw vector mobjects; runs that look as one frame ago come from an image."""
        context = self.get_cairo_context(self.pixel_array)
        rests: list[bool] = []
        for mobject in group:
            look = looks[id(mobject)] = _look(mobject)
            rests.append(self._looks.get(id(mobject)) == look)
        cuts = [0, *(i for i in range(1, len(group)) if rests[i] != rests[i - 1]), len(group)]
        for start, stop in pairwise(cuts):
            run = group[start:stop]
            if not rests[start] or len(run) < _MIN_RUN:
                for mobject in run:
                    self.display_vectorized(mobject, context)
                if self.all_touched or not all(np.isfinite(m.points).all() for m in run):
                    self.touch(EVERYWHERE)
                else:
                    self.touch(_around(self, run))
                continue
            key = tuple((id(m), looks[id(m)]) for m in run)
            sprite = self._sprites.get(key) or _Sprite.of_vectors(self, run)
            sprites[key] = sprite
            sprite.paint(context)
            self.touch(sprite.box)
