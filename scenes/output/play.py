"""Play a scene from its beginning to its end, under the settings of a video."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scenes.kit.theme import Theme
from scenes.output.settings import Settings
from topo_core.errors import TopoError
from topo_core.store import media_folder


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
    import threadpoolctl
    from manim import VMobject

    # Of the threads that BLAS starts for a few thousand points, each waits longer than it works, and takes
    # the encoder's time.
    with manim_settings(settings, work), threadpoolctl.threadpool_limits(1, "blas"):
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
