"""Render a scene to a video file, or answer from what was rendered before."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import scenes.catalogue
from scenes.kit.theme import Theme
from scenes.output import cache
from scenes.output.clips import Clip, make_clip, recall_clip
from scenes.output.needs import experiments_of
from scenes.output.settings import Settings
from scenes.output.subtitles import FILES, too_fast, write_beside
from topo_core.errors import TopoError
from topo_core.store import media_folder

#: Called with (frames so far, seconds of film so far).
Progress = Callable[[int, float], None]


@dataclass(frozen=True)
class Rendered:
    """A finished file and what is known of it."""

    path: Path
    cached: bool
    seconds: float
    frames: int
    sections: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@contextmanager
def manim_settings(settings: Settings, work: Path | None = None) -> Iterator[None]:
    """Manim's global configuration, for the time of one scene; ``work`` is where it keeps its files."""
    from manim import config, console, tempconfig

    console.stderr = True  # Manim's warnings; standard output is for the answer
    width, height = settings.size
    work = work or media_folder() / ".cache" / "manim"
    with tempconfig(
        {
            "pixel_width": width,
            "pixel_height": height,
            "frame_rate": settings.rate,
            "background_opacity": 0.0 if settings.transparent else 1.0,
            "media_dir": str(work),
            "progress_bar": "none",
            "verbosity": "WARNING",
            "disable_caching": True,
            "seed": 0 if config.seed is None else config.seed,  # what a scene draws by lot is the same again
            "write_to_movie": False,
            "save_sections": False,
        }
    ):
        config.get_dir("tex_dir").mkdir(parents=True, exist_ok=True)
        yield


def _make_scene(scene_class: type[Any], renderer: Any, theme: str | Theme, trace: Path | None) -> Any:
    """A scene for a renderer; plain Manim scenes know no theme and no trace."""
    from scenes.kit.scene import TraceScene

    if issubclass(scene_class, TraceScene):
        of_none = scene_class.experiment is None and not scene_class.any_trace
        if trace is not None and of_none and _is_ours(scene_class):
            raise TopoError(f"--trace: {scene_class.__name__} shows no trained network; leave it out")
        return scene_class(renderer=renderer, theme=theme, trace=trace)
    if trace is not None:
        raise TopoError(f"--trace: {scene_class.__name__} is not a TraceScene and shows no trace")
    return scene_class(renderer=renderer)


def play_scene(
    scene_class: type[Any],
    make_renderer: Callable[[], Any],
    settings: Settings,
    trace: Path | None,
    work: Path | None = None,
    theme: Theme | None = None,
) -> Any:
    """Play a whole scene through a renderer, made under the settings; returns the scene.

    Manim keeps what it works with in ``work``, by default in a folder that all scenes share. A ``theme``
    takes the place of the settings' own.

    Raises
    ------
    TopoError
        When the scene's own code fails: where, and why.
    """
    from manim import VMobject

    with manim_settings(settings, work):
        scene = _make_scene(scene_class, make_renderer(), theme or settings.theme, trace)
        try:
            scene.render()
        except TopoError:
            raise
        except (Exception, SystemExit) as error:
            told = _explained(scene_class, error)
            if told is error:
                raise
            raise told from error
        finally:
            VMobject.set_default()
    return scene


def _is_ours(scene_class: type[Any]) -> bool:
    """Whether a scene is one of the catalogue's, and not a user's own."""
    return scene_class.__module__.startswith("scenes.")


def _explained(scene_class: type[Any], error: BaseException) -> BaseException:
    """An error in a user's own scene file as one line; elsewhere it is our bug and stays as it is."""
    from scenes.output.locate import explained

    try:
        source = inspect.getsourcefile(scene_class)
    except (OSError, TypeError):  # typed into a notebook, which shows where
        source = None
    if source is None or _is_ours(scene_class):
        return error
    return explained(source, error)


def render_video(
    target: str,
    settings: Settings,
    output: Path | None = None,
    *,
    trace: Path | None = None,
    progress: Progress | None = None,
    fresh: bool = False,
) -> Rendered:
    """Render the scene ``target`` (a name or ``FILE.py:Class``) and return where its video is.

    The file appears under its name when it is complete, not before; its subtitles are beside it.
    ``fresh`` renders in any case.
    """
    if output is not None:
        cache.make_folder(output)
    clip = obtain_clip(target, settings, trace=trace, progress=progress, fresh=fresh)
    return deliver(clip, settings, output)


def obtain_clip(
    target: str,
    settings: Settings,
    *,
    trace: Path | None = None,
    progress: Progress | None = None,
    fresh: bool = False,
) -> Clip:
    """The clip of a scene from the cache, rendered now if need be or if ``fresh``."""
    known = None if fresh else known_clip(target, settings, trace=trace)
    if known is not None:
        return known
    from scenes.output.locate import locate

    key, ignored = _request(target, settings, trace)

    def make(folder: Path) -> tuple[Path, dict[str, Any]]:
        located = locate(target)
        return record(located.scene, located.name, settings, folder, trace=trace, progress=progress)

    return make_clip(key, make, ignored)


def known_clip(target: str, settings: Settings, *, trace: Path | None = None) -> Clip | None:
    """The clip of a scene, if it has been rendered and nothing that it shows has changed."""
    return recall_clip(_request(target, settings, trace)[0], settings)


def _request(target: str, settings: Settings, trace: Path | None) -> tuple[str, frozenset[str]]:
    """The key of a request, and files that it says enough about.

    Of the catalogue a clip depends on its own entry only, and not on what other scenes there are.
    """
    entry = scenes.catalogue.SCENES.get(target) or scenes.catalogue.ANY_TRACE.get(target)
    request = {
        "target": target if entry is None else [entry.name, entry.module, entry.class_name],
        "experiments": [experiment.key for experiment in experiments_of(target)],
        "settings": asdict(settings),
        "trace": str(trace) if trace else None,
    }
    ignored = frozenset() if entry is None else frozenset([scenes.catalogue.__file__])
    return cache.request_key(request), ignored


def deliver(clip: Clip, settings: Settings, output: Path | None = None) -> Rendered:
    """Put a clip where the user looks for it, with its subtitles beside it."""
    folder = media_folder() / "videos"
    path = output or folder / f"{clip.facts['name']}{theme_suffix(settings)}.{settings.format}"
    cache.place(clip.path, path)
    if settings.format != "gif":  # no player shows subtitles with it; those there are of a film beside it
        if clip.cues:
            write_beside(path, clip.cues)
        elif output is None:  # of a narration that the scene no longer has
            for suffix in FILES:
                path.with_suffix(suffix).unlink(missing_ok=True)
    return Rendered(
        path,
        clip.cached,
        clip.seconds,
        clip.frames,
        tuple(mark.name for mark in clip.marks),
        tuple(f"{clip.facts['name']}, {problem}" for problem in too_fast(clip.marks, clip.seconds)),
    )


def theme_suffix(settings: Settings) -> str:
    """What a file's name says of its theme."""
    return "-light" if settings.theme == "light" else ""


def record(
    scene_class: type[Any],
    name: str,
    settings: Settings,
    folder: Path,
    *,
    trace: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Path, dict[str, Any]]:
    """Film a scene in a folder for temporary files; returns the finished clip and what it holds."""
    from scenes.output.takes import edit, shoot

    script, takes = shoot(scene_class, name, settings, folder, trace=trace, progress=progress)
    clip = folder / f"clip.{settings.format}"
    return clip, edit(script, takes, clip, settings)
