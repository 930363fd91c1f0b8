"""Choices shared by everything that renders: quality, format, theme."""

from __future__ import annotations

from dataclasses import dataclass

from topo_core.errors import SpecError, UnknownNameError


@dataclass(frozen=True)
class Quality:
    """Pixels (widths divisible by 16, as encoders like them) and frames per second."""

    width: int
    height: int
    fps: int


QUALITIES: dict[str, Quality] = {
    "l": Quality(848, 480, 15),
    "m": Quality(1280, 720, 30),
    "h": Quality(1920, 1080, 60),
    "k": Quality(3840, 2160, 60),
}

#: Formats, and whether they can carry transparency.
FORMATS: dict[str, bool] = {"mp4": False, "webm": True, "gif": False, "mov": True}


@dataclass(frozen=True)
class Settings:
    """How a scene is rendered.

    Raises
    ------
    SpecError
        For a transparent video in a format that has no alpha channel, or frames per second outside
        1 to 120.
    UnknownNameError
        For a quality or a format that is none.
    """

    quality: str = "h"
    fps: int | None = None
    theme: str = "dark"
    format: str = "mp4"
    transparent: bool = False

    def __post_init__(self) -> None:
        for what, name, known in (("quality", self.quality, QUALITIES), ("format", self.format, FORMATS)):
            if name not in known:
                raise UnknownNameError(what, str(name), known)
        if self.transparent and not FORMATS[self.format]:
            able = " or ".join(name for name, alpha in FORMATS.items() if alpha)
            raise SpecError(f"--transparent: {self.format} cannot carry transparency; use --format {able}")
        if self.fps is not None and not (isinstance(self.fps, int) and 1 <= self.fps <= 120):
            raise SpecError(f"--fps {self.fps}: choose 1 to 120")
        if self.format == "gif" and self.rate > 50:
            if self.fps is not None:
                raise SpecError(f"--fps {self.fps}: players show a GIF at 50 frames a second at most")
            object.__setattr__(self, "fps", 25)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        quality = QUALITIES[self.quality]
        return quality.width, quality.height

    @property
    def rate(self) -> int:
        """Frames per second."""
        return self.fps or QUALITIES[self.quality].fps
