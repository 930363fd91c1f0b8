"""Manim scenes that show what the layers of a network do to space. They read traces and never train.

``from scenes import figure, video, storyboard, film`` gives what the commands of these names give, as values
that a notebook shows (``scenes.inline``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenes.inline import figure, film, storyboard, video

__all__ = ["figure", "film", "storyboard", "video"]


def __getattr__(name: str) -> Any:
    """Import them when they are asked for: most of what is in here needs no Manim."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from scenes import inline

    return getattr(inline, name)
