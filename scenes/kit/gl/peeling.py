"""What shines through, blended at every pixel in the order of depth there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import moderngl

from scenes.kit.gl.draw import draw_surface
from scenes.kit.gl.memory import Batch, Memory
from scenes.kit.gl.programs import Programs
from scenes.kit.gl.surface import Surface
from scenes.kit.gl.targets import Targets

#: Draws soft edges, lines and points of what is solid with programs for both.
SoftDraw = Callable[[Any, Any], None]

#: Each surface is so much nearer than the one before, in clip space: eight steps of the depth buffer. Where
#: two meet at exactly the same depth, as planes of symmetry do along whole lines of pixels, both are seen.
_NUDGE = 1e-6
#: More layers at one pixel are not drawn.
MOST_LAYERS = 16


@dataclass(frozen=True)
class Peeler:
    """Finds layers of surfaces, the farthest first, and blends each over the picture [1]_.

    One pass finds the farthest layer at every pixel that is before what is solid, the next one the
    farthest before that, and so on. The soft edges of what is solid, which have no depth of their own,
    are drawn in between: before a layer is blended, those that are behind it.

    .. [1] C. Everitt, "Interactive order-independent transparency", NVIDIA, 2001.

    Attributes
    ----------
    context, programs, memory, targets
        What to draw with, and into.
    region
        Column and row, width and height of all that shines through.
    """

    context: Any
    programs: Programs
    memory: Memory
    targets: Targets
    region: tuple[int, int, int, int]

    def draw(self, surfaces: Sequence[Surface], edges: Batch, soft: SoftDraw) -> None:
        """Draw surfaces and their soft edges, and in between the ``soft`` edges of what is solid."""
        most = len(surfaces) if all(s.flat for s in surfaces) else MOST_LAYERS
        before = self.targets.depth
        for k in range(most):
            found = self._find(k, before, surfaces, edges)
            behind = self.targets.layer_depths[k % 2]
            self._soft(soft, before if k else None, behind)
            if not found:
                return
            self._blend()
            before = behind
        self._soft(soft, before, None)

    def _find(self, k: int, before: Any, surfaces: Sequence[Surface], edges: Batch) -> int:
        """Draw the farthest layer before another; how many pixels it has."""
        layer = self.targets.layers[k % 2]
        layer.use()
        layer.clear(depth=0.0)  # all of it: to clear a part takes llvmpipe longer
        before.use(0)
        context = self.context
        context.enable_only(moderngl.DEPTH_TEST)
        context.depth_func = ">"
        self.programs.peel_surface["bounded"] = self.programs.peel_feather["bounded"] = (True, False)
        count = context.query(samples=True)
        with count:
            for number, surface in enumerate(surfaces):
                self.programs.peel_surface["nudge"] = number * _NUDGE
                draw_surface(context, self.memory, surface, self.programs.peel_surface)
            if edges is not None:
                edges(self.programs.peel_feather)
        return int(count.samples)

    def _soft(self, soft: SoftDraw, before: Any | None, behind: Any | None) -> None:
        """Draw those soft edges over the picture that are before one layer and behind another."""
        self.targets.picture.use()
        bounded = before is not None, behind is not None
        for unit, texture in enumerate((before, behind)):
            if texture is not None:
                texture.use(unit)
        for program in (self.programs.peel_feather, self.programs.peel_points):
            program["bounded"] = bounded
        soft(self.programs.peel_feather, self.programs.peel_points)

    def _blend(self) -> None:
        """Blend the layer found over the picture."""
        picture = self.targets.picture
        picture.scissor = self.region
        picture.use()
        self.context.enable_only(moderngl.BLEND)
        self.context.blend_func = moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA
        self.targets.layer_colour.use(0)
        self.memory.everywhere.render(vertices=3)
        picture.scissor = None
