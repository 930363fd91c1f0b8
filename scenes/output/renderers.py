"""Renderers: one that hands every frame to a sink, one that looks only at where plays end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import Camera, Scene
from manim.renderer.cairo_renderer import CairoRenderer
from manim.typing import PixelArray

from scenes.box import EVERYWHERE
from scenes.kit.camera import StageCamera
from scenes.kit.touched import TouchedCamera

#: Takes a frame and how often it is shown; the array changes after the call.
Sink = Callable[[PixelArray, int], None]


class _Sections:
    """Stands where Manim expects its file writer; nothing is written here."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.subcaptions: list[Any] = []

    def abort_encode_jobs(self) -> None:
        """Nothing to abort."""

    def next_section(self, name: str, type_: str, skip_animations: bool) -> None:
        """Note that a section begins."""
        self.names.append(name)

    def add_sound(self, *args: Any, **kwargs: Any) -> None:
        """Sound is not part of these films."""


class FilmRenderer(CairoRenderer):
    """Plays a scene and hands every frame, in order, to a sink."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(camera_class=StageCamera)
        self.sink = sink
        self.frames = 0
        #: Where the frame that is handed on may differ from the one before.
        self.changed = EVERYWHERE
        #: Whether it stays as it is until the next one has been handed on.
        self.kept = False

    def init_scene(self, scene: Scene, session_spec: Any, file_writer_settings: Any) -> None:
        """Put the section counter in the file writer's place, and take the scene's own kind of camera."""
        self.file_writer = _Sections()
        if scene.camera_class not in (Camera, StageCamera):
            self.camera = scene.camera_class()

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Draw one play call."""
        scene.compile_animation_data(*args, **kwargs)
        scene.begin_animations()
        self.save_static_frame_data(scene, scene.static_mobjects)
        if scene.is_current_animation_frozen_frame():
            self.update_frame(scene, mobjects=scene.moving_mobjects)
            count = round(scene.duration * self.camera.frame_rate)
            if count:
                self.add_frame(self.get_frame(), count)
        else:
            scene.play_internal()
        self.num_plays += 1

    def get_frame(self) -> PixelArray:
        """The camera's own pixels, which the next frame overwrites."""
        frame: PixelArray = self.camera.pixel_array
        return frame

    def save_static_frame_data(self, scene: Scene, static_mobjects: Any) -> PixelArray | None:
        """Keep a picture of its own of what rests: every frame begins with it."""
        picture = super().save_static_frame_data(scene, static_mobjects)
        self.static_image = None if picture is None else picture.copy()
        return self.static_image

    def add_frame(self, frame: PixelArray, num_frames: int = 1) -> None:
        """Hand a frame on; time is counted in whole frames."""
        self.kept = isinstance(self.camera, TouchedCamera)
        if isinstance(self.camera, TouchedCamera):
            self.changed = self.camera.take_changed()
        self.sink(frame, num_frames)
        self.frames += num_frames
        self.time = self.frames / self.camera.frame_rate

    def scene_finished(self, scene: Scene) -> None:
        """A scene that never plays is one still frame."""
        if not self.num_plays:
            self.static_image = None
            self.update_frame(scene)
            self.add_frame(self.get_frame(), 1)


@dataclass(frozen=True)
class Still:
    """The picture at the end of a play call."""

    time: float
    section: str
    last_of_section: bool
    frame: PixelArray


class StoryboardRenderer(FilmRenderer):
    """Skips through a scene and keeps the frame at the end of every play call."""

    def __init__(self) -> None:
        super().__init__(lambda frame, repeat: None)
        self.stills: list[Still] = []
        self._previous = 0

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Jump to the end of one play call."""
        self.skip_animations = True
        scene.compile_animation_data(*args, **kwargs)
        rate = self.camera.frame_rate
        scene.begin_animations()
        self.static_image = None
        if scene.is_current_animation_frozen_frame():
            count = round(scene.duration * rate)
        else:
            count = len(np.arange(0, scene.duration, 1 / rate))  # as Manim counts them
            scene.play_internal(skip_rendering=True)
        self.frames += count
        self.time = self.frames / rate
        self.num_plays += 1
        self._keep(scene)

    def scene_finished(self, scene: Scene) -> None:
        """Keep the only frame of a scene that never plays."""
        if not self.num_plays:
            self._keep(scene)

    def _keep(self, scene: Scene) -> None:
        names = self.file_writer.names
        if len(names) != self._previous and self.stills:
            last = self.stills[-1]
            self.stills[-1] = Still(last.time, last.section, True, last.frame)
        self._previous = len(names)
        self.update_frame(scene)
        name = names[-1] if names else ""
        self.stills.append(Still(self.time, name, False, self.get_frame().copy()))
