"""Small pictures of mobjects and scenes, drawn in memory, for tests."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from manim import Mobject, config, tempconfig
from numpy.typing import NDArray
from PIL import Image

from scenes.kit.camera import StageCamera
from scenes.kit.canvas import DrawnText
from scenes.output.play import play_scene
from scenes.output.renderers import FilmRenderer, Still, StoryboardRenderer
from scenes.output.settings import Settings
from topo_core.trace import Trace

#: Red, green and blue of every pixel, ``(height, width, 3)``, as floats from 0 to 255.
Picture = NDArray[np.float64]


@dataclass(frozen=True)
class Small(Settings):
    """Settings for pictures of any size."""

    width: int = 320
    height: int = 180

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="pictures-")


@contextmanager
def scratch() -> Iterator[Path]:
    """Let Manim and the store write to a temporary folder, which text rendered before stays in."""
    folder = Path(_folder().name)
    before = os.environ.get("TOPO_MEDIA")
    os.environ["TOPO_MEDIA"] = str(folder)
    try:
        with tempconfig({"media_dir": str(folder / ".cache" / "manim"), "progress_bar": "none"}):
            config.get_dir("tex_dir").mkdir(parents=True, exist_ok=True)
            yield folder
    finally:
        if before is None:
            del os.environ["TOPO_MEDIA"]
        else:
            os.environ["TOPO_MEDIA"] = before


def small_camera(background: str = "#000000", width: int = 320, height: int = 180) -> StageCamera:
    """A camera for pictures of the given size."""
    return StageCamera(
        pixel_width=width, pixel_height=height, background_color=background, background_opacity=1.0
    )


def shoot(camera: StageCamera, *mobjects: Mobject) -> Picture:
    """The next frame of a camera."""
    camera.reset()
    camera.capture_mobjects(mobjects)
    return rgb_of(camera.pixel_array)


def picture(*mobjects: Mobject, background: str = "#000000", width: int = 320, height: int = 180) -> Picture:
    """Mobjects alone on a background."""
    return shoot(small_camera(background, width, height), *mobjects)


def rgb_of(frame: NDArray[np.uint8]) -> Picture:
    """Red, green and blue of a frame."""
    return frame[..., :3].astype(np.float64)


def pixel(point: Any, shape: tuple[int, ...]) -> tuple[int, int]:
    """Row and column of a point ``(x, y, ...)`` of the frame, in Manim units."""
    height, width = shape[:2]
    row = (config.frame_height / 2 - float(point[1])) * height / config.frame_height
    column = (float(point[0]) + config.frame_width / 2) * width / config.frame_width
    return int(row), int(column)


def colour(code: str) -> NDArray[np.float64]:
    """Colour ``#rrggbb`` as three numbers from 0 to 255."""
    return np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64)


def looks(image: Picture, code: str, tolerance: float = 8.0) -> NDArray[np.bool_]:
    """Which pixels have a colour, each channel to ``tolerance`` of 255."""
    return np.abs(image - colour(code)).max(axis=-1) <= tolerance


def texts(mobject: Mobject) -> list[DrawnText]:
    """The text that the drawables in a mobject draw."""
    with scratch():
        camera = StageCamera()
        camera.texts = []
        camera.capture_mobjects([mobject])
        return camera.texts


def stills(scene_class: type[Any], trace: Trace | None = None, **options: Any) -> list[Still]:
    """The frame at the end of every play call of a scene, in a theme and size of :class:`Small`."""
    return _played(scene_class, StoryboardRenderer, trace, options).renderer.stills


def film(scene_class: type[Any], trace: Trace | None = None, **options: Any) -> list[Picture]:
    """Every frame of a scene, in a theme, size and rate of :class:`Small`."""
    frames: list[Picture] = []

    def sink(frame: NDArray[np.uint8], repeat: int) -> None:
        frames.extend([rgb_of(frame)] * repeat)

    _played(scene_class, lambda: FilmRenderer(sink), trace, options)
    return frames


def played(scene_class: type[Any], trace: Trace | None = None, **options: Any) -> Any:
    """A scene after it has been played without drawing more than the ends of its play calls."""
    return _played(scene_class, StoryboardRenderer, trace, options)


def _played(scene_class: type[Any], renderer: Any, trace: Trace | None, options: dict[str, Any]) -> Any:
    with scratch() as folder:
        path = None
        if trace is not None:
            path = folder / f"{trace.hash}.npz"
            trace.save(path)
        return play_scene(scene_class, renderer, Small(**options), path)


def save_picture(image: Picture, path: Path) -> None:
    """Write a picture as PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.clip(np.rint(image), 0, 255).astype(np.uint8)).save(path, optimize=True)


def load_picture(path: Path) -> Picture:
    """Read a PNG."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), dtype=np.float64)
