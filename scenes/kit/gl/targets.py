"""What is drawn into: the picture, and two layers with their depths for peeling."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from scenes.kit.gl.context import depth_texture


class Targets:
    """Framebuffers of one size."""

    def __init__(self, context: Any, size: tuple[int, int]) -> None:
        self.context, self.size = context, size
        self.colour = context.texture(size, 4)
        self.depth = depth_texture(size)
        self.picture = context.framebuffer([self.colour], self.depth)

    @cached_property
    def layer_colour(self) -> Any:
        """The colours of the layer under way."""
        return self.context.texture(self.size, 4)

    @cached_property
    def layer_depths(self) -> tuple[Any, Any]:
        """The depths of this layer and of the one before, in turns."""
        return depth_texture(self.size), depth_texture(self.size)

    @cached_property
    def layers(self) -> tuple[Any, Any]:
        """Framebuffers with the same colours, and one of these depths each."""
        first, second = (self.context.framebuffer([self.layer_colour], d) for d in self.layer_depths)
        return first, second

    def release(self) -> None:
        """Give the memory back."""
        made = vars(self)
        colours = [made[name] for name in ("colour", "layer_colour") if name in made]
        depths = [self.depth, *made.get("layer_depths", ())]
        for thing in (self.picture, *made.get("layers", ()), *colours, *depths):
            thing.release()
