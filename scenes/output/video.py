"""Render a scene to a video file, or answer from what was rendered before."""

from __future__ import annotations

import inspect
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scenes.output import cache
from scenes.output.needs import experiments_of
from scenes.output.settings import Settings
from topo_core import __version__
from topo_core.errors import TopoError
from topo_core.store import media_folder

_A_DAY = 86_400

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


@contextmanager
def manim_settings(settings: Settings) -> Iterator[None]:
    """Manim's global configuration, for the time of one scene."""
    from manim import config, console, tempconfig

    console.stderr = True  # Manim's warnings; standard output is for the answer
    width, height = settings.size
    work = media_folder() / ".cache" / "manim"
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
            "write_to_movie": False,
            "save_sections": False,
        }
    ):
        config.get_dir("tex_dir").mkdir(parents=True, exist_ok=True)
        yield


def _make_scene(scene_class: type[Any], renderer: Any, settings: Settings, trace: Path | None) -> Any:
    """A scene for a renderer; plain Manim scenes know no theme and no trace."""
    from scenes.kit.scene import TraceScene

    if issubclass(scene_class, TraceScene):
        return scene_class(renderer=renderer, theme=settings.theme, trace=trace)
    if trace is not None:
        raise TopoError(f"--trace: {scene_class.__name__} is not a TraceScene and shows no trace")
    return scene_class(renderer=renderer)


def play_scene(
    scene_class: type[Any],
    make_renderer: Callable[[], Any],
    settings: Settings,
    trace: Path | None,
) -> Any:
    """Play a whole scene through a renderer, made under the settings; returns the scene.

    Raises
    ------
    TopoError
        When the scene's own code fails: where, and why.
    """
    from manim import VMobject

    with manim_settings(settings):
        scene = _make_scene(scene_class, make_renderer(), settings, trace)
        try:
            scene.render()
        except TopoError:
            raise
        except Exception as error:
            raise _explained(scene_class, error) from error
        finally:
            VMobject.set_default()
    return scene


def _explained(scene_class: type[Any], error: Exception) -> Exception:
    """An error in a user's own scene file as one line; elsewhere it is our bug and stays as it is."""
    from scenes.output.locate import explained

    source = inspect.getsourcefile(scene_class)
    if source is None or scene_class.__module__.startswith("scenes."):
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

    The file appears under its name when it is complete, not before. ``fresh`` renders in any case.
    """
    request = {
        "target": target,
        "experiments": [experiment.key for experiment in experiments_of(target)],
        "settings": asdict(settings),
        "trace": str(trace) if trace else None,
    }
    key = cache.request_key(request)
    known = None if fresh else cache.recall(key, settings.format)
    if known is None:
        with (
            cache.files_read() as opened,
            tempfile.TemporaryDirectory(prefix="render-", dir=_work_folder()) as folder,
        ):
            clip, facts = _render(target, settings, trace, Path(folder), progress)
            kept = cache.remember(key, clip, opened, facts)
    else:
        kept, facts = known
    path = output or media_folder() / "videos" / f"{facts['name']}{_suffix(settings)}.{settings.format}"
    cache.place(kept, path)
    return Rendered(path, known is not None, facts["seconds"], facts["frames"], tuple(facts["sections"]))


def _work_folder() -> Path:
    folder = media_folder() / ".cache"
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("render-*"):  # by a render that was killed
        if time.time() - left.stat().st_mtime > _A_DAY:
            shutil.rmtree(left, ignore_errors=True)
    return folder


def _suffix(settings: Settings) -> str:
    return "-light" if settings.theme == "light" else ""


def _render(
    target: str, settings: Settings, trace: Path | None, folder: Path, progress: Progress | None
) -> tuple[Path, dict[str, Any]]:
    from scenes.output.encoder import Encoder, Mark, StreamEncoder, codec_for, remux
    from scenes.output.gif import write_gif
    from scenes.output.locate import locate
    from scenes.output.renderers import FilmRenderer

    located = locate(target)
    codec = codec_for(settings.format, settings.transparent)
    container = {"gif": "matroska"}.get(settings.format, settings.format)
    raw = folder / "raw"
    encoder = Encoder(StreamEncoder(raw, settings.size, settings.rate, codec, container))

    frames = 0

    def sink(frame: Any, repeat: int) -> None:
        nonlocal frames
        encoder.write(frame, repeat)
        frames += repeat
        if progress is not None:
            progress(frames, frames / settings.rate)

    try:
        scene = play_scene(located.scene, lambda: FilmRenderer(sink), settings, trace)
    except BaseException:
        encoder.abort()
        raise
    encoder.close()
    title = scene.video_title() if hasattr(scene, "video_title") else located.name
    provenance = _provenance(located.name, settings, getattr(scene, "traces", ()))
    marks = [Mark(m.name, m.start) for m in getattr(scene, "marks", [])]
    clip = folder / f"clip.{settings.format}"
    if settings.format == "gif":
        write_gif(raw, clip, settings.rate, {"title": title, **provenance})
    else:
        remux(raw, clip, settings.format, title=title, provenance=provenance, marks=marks)
    return clip, {
        "name": located.name,
        "title": title,
        "seconds": frames / settings.rate,
        "frames": frames,
        "sections": [m.name for m in marks],
    }


def _provenance(name: str, settings: Settings, traces: Any) -> dict[str, Any]:
    return {
        "program": "neural-topology",
        "version": __version__,
        "scene": name,
        "theme": settings.theme,
        "traces": [
            {
                "experiment": t.provenance.get("experiment"),
                "seed": t.provenance.get("seed"),
                "hash": t.hash,
            }
            for t in traces
        ],
    }
