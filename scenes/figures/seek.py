"""Bring a scene to an instant: play until then without drawing anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from manim import Scene
from manim.utils.exceptions import EndSceneEarlyException

from scenes.figures.instants import Instant
from scenes.kit.plane import Plane
from scenes.kit.theme import Theme
from scenes.output.play import play_scene
from scenes.output.renderers import SkipRenderer
from scenes.output.settings import Settings
from topo_core.errors import SpecError

#: Halvings of a frame's time to find a position between layers.
_HALVINGS = 40
#: A plane -> how far along its layers it is.
Positions = dict[int, float]
#: What is called with the scene at its instant.
Take = Callable[[Scene], None]


class SeekRenderer(SkipRenderer):
    """Plays a scene without drawing; a subclass says when ``take`` is called and the scene ends."""

    def __init__(self, take: Take) -> None:
        super().__init__()
        self._take = take
        self.taken = False
        #: Where planes were before and after each play call.
        self.plays: list[tuple[Positions, Positions]] = []
        self._before: Positions = {}
        #: Frames at which sections begin, and their names.
        self.sections: list[tuple[int, str]] = []
        #: How many layers the longest way of a plane has.
        self.layers = 0

    def arrive(self, scene: Scene) -> bool:
        """Whether the instant is in the play call that has begun; the scene is then at that instant."""
        return False

    def at_section_end(self) -> bool:
        """Whether the instant is now, at the end of a section."""
        return False

    def at_the_end(self) -> bool:
        """Whether the end of the scene is the instant."""
        return False

    def before_section(self, scene: Scene, name: str) -> None:
        """Note where sections begin; end the scene if the section that ends is the one."""
        if self.at_section_end():
            self._end(scene)
        self.sections.append((self.frames, name))

    def begun(self, scene: Scene) -> None:
        """End the scene if the instant is in the play call."""
        self._before = self._positions(scene)
        if self.arrive(scene):
            self._end(scene)

    def played(self, scene: Scene) -> None:
        """Note where planes have come."""
        self.plays.append((self._before, self._positions(scene)))

    def times(self, scene: Scene) -> Iterator[float]:
        """Go through the frames of the play call that has begun, and to its end, without drawing."""
        if scene.is_current_animation_frozen_frame():
            return
        for time in (*np.arange(0, scene.duration, 1 / self.camera.frame_rate).tolist(), scene.duration):
            self.go_to(scene, time)
            yield time

    def go_to(self, scene: Scene, time: float) -> None:
        """Show the play call that has begun after so many seconds of it."""
        self.time = self.frames / self.camera.frame_rate + time
        scene.update_to_time(time)

    def scene_finished(self, scene: Scene) -> None:
        """Take the end, if that is the instant."""
        if not self.taken and self.at_the_end():
            self.taken = True
            self._take(scene)

    def _end(self, scene: Scene) -> None:
        self.taken = True
        self._take(scene)
        raise EndSceneEarlyException

    def _positions(self, scene: Scene) -> Positions:
        family = (part for mobject in scene.mobjects for part in mobject.get_family())
        planes = {id(p): p for p in family if isinstance(p, Plane) and p.space.motion.steady}
        self.layers = max([self.layers, *(p.trace.n_layers for p in planes.values())])
        return {key: float(plane.state.position) for key, plane in planes.items()}


class SeekFrame(SeekRenderer):
    """Takes the frame that a film shows at a time in seconds."""

    def __init__(self, take: Take, seconds: float) -> None:
        super().__init__(take)
        self._frame = int(seconds * self.camera.frame_rate + 1e-6)

    def arrive(self, scene: Scene) -> bool:
        """Whether the frame is in this play call."""
        wanted = self._frame - self.frames
        if wanted >= self.count(scene):
            return False
        self.time = self._frame / self.camera.frame_rate
        for frame, _ in enumerate(self.times(scene)):
            if frame == wanted:
                break
        return True

    def at_the_end(self) -> bool:
        """The very end is still in the scene, and so is the only frame of one that never plays."""
        return self._frame <= self.frames


class SeekEnd(SeekRenderer):
    """Takes the end of a section, or that of the scene (None)."""

    def __init__(self, take: Take, section: int | None) -> None:
        super().__init__(take)
        self._section = section

    def at_section_end(self) -> bool:
        """Whether the section that ends is the one."""
        return len(self.sections) == self._section

    def at_the_end(self) -> bool:
        """The last section ends with the scene."""
        return self._section in (None, max(len(self.sections), 1))


class SeekPosition(SeekRenderer):
    """Takes the instant at which a plane, in a given play call, is at a position along its layers."""

    def __init__(self, take: Take, position: float, play: int) -> None:
        super().__init__(take)
        self._position, self._play = position, play

    def arrive(self, scene: Scene) -> bool:
        """In the play call, go to the frame behind the instant; then halve the time before it."""
        if self.num_plays != self._play:
            return False
        last = 0.0
        for time in self.times(scene):
            if self._is_there(scene):
                early, late = last, time
                for _ in range(_HALVINGS):
                    middle = (early + late) / 2
                    self.go_to(scene, middle)
                    early, late = (early, middle) if self._is_there(scene) else (middle, late)
                self.go_to(scene, late)
                break
            last = time
        return True

    def _is_there(self, scene: Scene) -> bool:
        return _reached(self._position, self._before, self._positions(scene))


def _reached(position: float, before: Positions, after: Positions) -> bool:
    """Whether a plane has come to a position, or left it at the input, since it was elsewhere."""
    for key, now in after.items():
        first = before.get(key, now)
        if position == 0 and first == 0 < now:
            return True
        if first != position and (first - position) * (now - position) <= 0:
            return True
    return False


def seek(target: type[Scene], instant: Instant, theme: Theme, trace: Path | None, take: Take) -> Scene:
    """Play a scene to an instant and call ``take`` with it as it is then; returns the scene.

    Raises
    ------
    SpecError
        When the scene has no such instant: with what it has.
    """

    def play(make: Callable[[], SeekRenderer]) -> tuple[SeekRenderer, Scene]:
        scene = play_scene(target, make, Settings(), trace, theme=theme)
        return scene.renderer, scene

    def looked_at() -> SeekRenderer:
        return play(lambda: SeekRenderer(take))[0]

    if instant.kind == "end":
        renderer, scene = play(lambda: SeekEnd(take, None))
    elif instant.kind == "section" and instant.share == 1:
        renderer, scene = play(lambda: SeekEnd(take, int(instant.number)))
    elif instant.kind == "layer":
        seen = looked_at()
        renderer, scene = play(lambda: SeekPosition(take, *_layer(target, instant, seen)))
    else:
        seconds = instant.number if instant.kind == "time" else _within_section(target, instant, looked_at())
        renderer, scene = play(lambda: SeekFrame(take, seconds))
    if not renderer.taken:
        raise _absent(target, instant, renderer)
    return scene


def _within_section(target: type[Scene], instant: Instant, seen: SeekRenderer) -> float:
    """Seconds of an instant within a section."""
    index = int(instant.number) - 1
    starts = [frame for frame, _ in seen.sections] or [0]
    if index >= len(starts):
        raise _absent(target, instant, seen)
    start, end = [*starts, seen.frames][index : index + 2]
    return (start + instant.share * max(end - start - 1, 0)) / float(seen.camera.frame_rate)


def _layer(target: type[Scene], instant: Instant, seen: SeekRenderer) -> tuple[float, int]:
    """The position of an instant within a layer, and the play call in which a plane comes there."""
    position = max(instant.number - 1 + instant.share, 0.0)
    if instant.number <= seen.layers:
        for index, (before, after) in enumerate(seen.plays):
            if _reached(position, before, after):
                return position, index
    raise _absent(target, instant, seen)


def _absent(target: type[Scene], instant: Instant, seen: SeekRenderer) -> SpecError:
    name = target.__name__
    if instant.kind == "layer" and not seen.layers:
        return SpecError(
            f"--at {instant}: {name} has no plane that goes through layers; use 12.5s or section:3"
        )
    if instant.kind == "layer" and instant.number > seen.layers:
        return SpecError(f"--at {instant}: {name} shows a network with {seen.layers} hidden layers")
    if instant.kind == "layer":
        return SpecError(f"--at {instant}: no plane of {name} comes there; use 12.5s or section:3")
    if instant.kind == "section":
        names = ", ".join(f"{i} {name!r}" for i, (_, name) in enumerate(seen.sections, 1)) or "one"
        return SpecError(f"--at {instant}: the sections of {name} are {names}")
    length = seen.frames / float(seen.camera.frame_rate)
    return SpecError(f"--at {instant}: {name} is {length:.2f} s long")
