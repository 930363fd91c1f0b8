"""What is drawn into: the picture of what is solid, and two layers with their depths for peeling."""

from __future__ import annotations

from functools import cached_property
from typing import Any


class Targets:
    """Framebuffers of one size."""

    def __init__(self, context: Any, size: tuple[int, int]) -> None:
        self.context, self.size = context, size
        self.colour = context.texture(size, 4)
        self.depth = self._depth()
        self.solid = context.framebuffer([self.colour], self.depth)

    def _depth(self) -> Any:
        depth = self.context.depth_texture(self.size)
        depth.compare_func = ""
        return depth

    @cached_property
    def layer_colour(self) -> Any:
        """The layer under way."""
        return self.context.texture(self.size, 4)

    @cached_property
    def layer_depths(self) -> tuple[Any, Any]:
        """Depths of this layer and the one before, in turns."""
        return self._depth(), self._depth()

    @cached_property
    def layers(self) -> tuple[Any, Any]:
        """Framebuffers for one layer and the next."""
        first, second = (self.context.framebuffer([self.layer_colour], d) for d in self.layer_depths)
        return first, second

    @cached_property
    def blended(self) -> Any:
        """All layers so far, the nearest on top."""
        return self.context.framebuffer([self.context.texture(self.size, 4)])

    def release(self) -> None:
        """Give the memory back."""
        made = vars(self)
        for name in ("solid", "blended"):
            if name in made:
                made[name].release()
        for framebuffer in made.get("layers", ()):
            framebuffer.release()
        for texture in (self.colour, self.depth, *made.get("layer_depths", ())):
            texture.release()
