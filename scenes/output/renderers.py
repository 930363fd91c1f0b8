"""Renderers: one that hands every frame to a sink, one that looks only at where plays end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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

    def __init__(self, before: Callable[[str], None]) -> None:
        self._before = before
        self.names: list[str] = []
        self.subcaptions: list[Any] = []

    def abort_encode_jobs(self) -> None:
        """Nothing to abort."""

    def next_section(self, name: str, type_: str, skip_animations: bool) -> None:
        """Note that a section begins."""
        self._before(name)
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
        self.file_writer = _Sections(partial(self.before_section, scene))
        if scene.camera_class not in (Camera, StageCamera):
            self.camera = scene.camera_class()

    def before_section(self, scene: Scene, name: str) -> None:
        """Called when a section begins, while the scene shows the end of the one before."""

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
        """Hand a frame on."""
        self.kept = isinstance(self.camera, TouchedCamera)
        if isinstance(self.camera, TouchedCamera):
            self.changed = self.camera.take_changed()
        self.sink(frame, num_frames)
        self.advance(num_frames)

    def advance(self, frames: int) -> None:
        """Count frames; time is that of whole frames."""
        self.frames += frames
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


class SkipRenderer(FilmRenderer):
    """Skips through a scene, from the end of one play call to that of the next, without drawing."""

    def __init__(self) -> None:
        super().__init__(lambda frame, repeat: None)

    def begun(self, scene: Scene) -> None:
        """Called when the animations of a play call have begun."""

    def played(self, scene: Scene) -> None:
        """Called when the scene shows the end of a play call."""

    def count(self, scene: Scene) -> int:
        """How many frames the play call that has begun takes."""
        rate = self.camera.frame_rate
        if scene.is_current_animation_frozen_frame():
            return round(scene.duration * rate)
        return len(np.arange(0, scene.duration, 1 / rate))  # as Manim counts them

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Jump to the end of one play call."""
        self.skip_animations = True
        scene.compile_animation_data(*args, **kwargs)
        scene.begin_animations()
        self.static_image = None
        self.begun(scene)
        count = self.count(scene)
        if not scene.is_current_animation_frozen_frame():
            scene.play_internal(skip_rendering=True)
        self.advance(count)
        self.num_plays += 1
        self.played(scene)

    def scene_finished(self, scene: Scene) -> None:
        """Nothing is drawn."""


class StoryboardRenderer(SkipRenderer):
    """Skips through a scene and keeps the frame at the end of every play call."""

    def __init__(self) -> None:
        super().__init__()
        self.stills: list[Still] = []
        self._previous = 0

    def scene_finished(self, scene: Scene) -> None:
        """Keep the only frame of a scene that never plays."""
        if not self.num_plays:
            self._keep(scene)

    def played(self, scene: Scene) -> None:
        """Keep the frame."""
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
