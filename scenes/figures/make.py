"""Make figures: an instant of a scene, or a figure of its own, in one or several formats."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manim import Mobject, MovingCamera, MultiCamera, Scene, config

from scenes.figures.camera import VectorCamera
from scenes.figures.find import find, given, with_fields
from scenes.figures.instants import Instant
from scenes.figures.layout import EM
from scenes.figures.legible import check_text
from scenes.figures.options import DEFAULT_TEXT, DEFAULT_WIDTH, LEAST_TEXT, FigureOptions
from scenes.figures.page import Figure, Page
from scenes.figures.paper import Sheet
from scenes.figures.seek import seek
from scenes.figures.sizes import width_in_points
from scenes.kit.camera import StageCamera
from scenes.kit.scene import TraceScene
from scenes.kit.theme import Theme
from scenes.output.locate import explained
from scenes.output.look import faults, page_of
from scenes.output.play import manim_settings
from scenes.output.settings import Settings
from topo_core.errors import SpecError, TopoError
from topo_core.store import media_folder
from topo_core.trace import Trace


@dataclass(frozen=True)
class Made:
    """A figure that was made.

    Attributes
    ----------
    paths
        Its files.
    size
        Width and height on paper, in points (1/72 inch).
    text
        Size of its labels on paper, in points.
    seconds
        The instant, from the beginning of the scene; None for a figure that is not of a scene.
    """

    paths: tuple[Path, ...]
    size: tuple[float, float]
    text: float
    seconds: float | None = None


def make_figure(
    target: str | Figure | type[Figure] | type[Scene],
    options: FigureOptions,
    outputs: Sequence[Path],
    *,
    trace: Path | None = None,
    fields: Mapping[str, Any] | None = None,
) -> Made:
    """Draw a figure into files; the ending of each name chooses its format.

    Parameters
    ----------
    target
        A figure or scene, by name or ``FILE.py:ClassName`` or itself.
    options
        How it is drawn.
    outputs
        Names that end in ``.pdf``, ``.svg``, ``.eps`` or ``.png``.
    trace
        Shown instead of the scene's own.
    fields
        Other values for fields of a figure, as text or as they are (``scenes.figures.fields``).

    Raises
    ------
    SpecError, UnknownNameError
        When there is no such figure, field or instant, or text would be too small or not fit.
    """
    found = find(target, fields) if isinstance(target, str) else with_fields(given(target), fields)
    if isinstance(found, Figure):
        if options.at is not None:
            raise SpecError(f"--at {options.at}: {target} is a figure, not a scene; leave it out")
        return draw_figure(found, options, outputs, None if trace is None else Trace.load(trace))
    return instant_of(found, options.instant or Instant("end"), options, outputs, trace)


def draw_figure(
    figure: Figure, options: FigureOptions, outputs: Sequence[Path], trace: Trace | None = None
) -> Made:
    """Draw a figure that is laid out for paper; a trace takes the place of that of its main experiment."""
    size = options.font_size or DEFAULT_TEXT
    theme = options.scaled_theme()
    axes = size * theme.tick_size / theme.small_size
    if axes < LEAST_TEXT:
        raise SpecError(
            f"--font-size {size:g}: text of axes would be {axes:.1f} pt high, and below {LEAST_TEXT:g} pt "
            f"nobody reads it; use {LEAST_TEXT * theme.small_size / theme.tick_size:.1f} or more"
        )
    if trace is not None and not (figure.any_trace and figure.experiments()):
        raise SpecError(f"--trace: {type(figure).__name__} does not show one trained network; leave it out")
    points = options.points if options.width else width_in_points(figure.paper)
    unit = size / (EM * theme.small_size)
    page = Page(figure, points / unit, theme, trace)
    with manim_settings(Settings()):
        _draw(figure, page)
        if page.height <= 0:
            raise SpecError(
                f"{type(figure).__name__}: nothing is on its page; draw something, or page.reach(y)"
            )
        check_text(page)
        sheet = Sheet(
            points,
            page.height * unit,
            (0.0, -page.height, page.width, 0.0),
            "" if options.transparent else theme.background,
            options.dpi,
            figure.title,
        )
        for path in outputs:
            draw_on(sheet, page.mobjects, path, theme.background)
    return Made(tuple(outputs), (sheet.width, sheet.height), size)


def _draw(figure: Figure, page: Page) -> None:
    """Let a figure draw; an error in a user's own file becomes one line, elsewhere it is our bug."""
    try:
        figure.draw(page)
    except TopoError:
        raise
    except (Exception, SystemExit) as error:
        source = sys.modules[type(figure).__module__].__dict__.get("__file__")
        if source is None or type(figure).__module__.startswith("scenes."):
            raise
        raise explained(source, error) from error


def instant_of(
    target: type[Scene], instant: Instant, options: FigureOptions, outputs: Sequence[Path], trace: Path | None
) -> Made:
    """Draw an instant of a scene."""
    if options.greyscale and not issubclass(target, TraceScene):
        raise SpecError(
            f"--greyscale: {target.__name__} is no TraceScene and has its own colours; leave it out"
        )
    theme, made = scene_theme(options), None

    def take(scene: Scene) -> None:
        nonlocal made
        if options.font_size is not None:
            _check_room(scene, options)
        camera: Any = scene.renderer.camera
        _check_camera(target, camera)
        width, height = camera.frame_width, camera.frame_height
        x, y = camera.frame_center[:2]
        sheet = Sheet(
            options.points,
            options.points * height / width,
            (x - width / 2, y - height / 2, x + width / 2, y + height / 2),
            "" if options.transparent else theme.background,
            options.dpi,
            title_of(target),
        )
        for path in outputs:
            draw_on(sheet, scene.mobjects, path, theme.background)
        text = EM * theme.small_size * options.points / width
        made = Made(tuple(outputs), (sheet.width, sheet.height), text, float(scene.renderer.time))

    seek(target, instant, theme, trace, take)
    assert made is not None
    return made


def draw_on(sheet: Sheet, mobjects: Sequence[Mobject], path: Path, background: str) -> None:
    """Draw mobjects into a file."""
    # PostScript knows no transparency; Cairo would make images of whatever is translucent.
    paper = background if path.suffix.lower() == ".eps" else ""
    sheet.write(
        lambda context: VectorCamera(context, paper=paper, dpi=sheet.dpi).capture_mobjects(mobjects), path
    )


def scene_theme(options: FigureOptions) -> Theme:
    """The theme for an instant of a scene: its text as large on paper as it is to be.

    Raises
    ------
    SpecError
        When the text of its axes would be too small to read.
    """
    unit = options.points / float(config.frame_width)
    plain = options.scaled_theme()
    factor = 1.0 if options.font_size is None else options.font_size / (EM * plain.small_size * unit)
    theme = options.scaled_theme(factor)
    ticks = EM * theme.tick_size * unit
    if ticks < LEAST_TEXT - 0.005:
        least = options.points * LEAST_TEXT / ticks
        larger = LEAST_TEXT * plain.small_size / plain.tick_size
        raise SpecError(
            f"--width {options.width}: text of axes would be {ticks:.1f} pt high, and below {LEAST_TEXT:g} "
            f"pt nobody reads it; use --width {least / 72:.2f}in or more, or --font-size {larger:.1f} or more"
        )
    return theme


def _check_camera(target: type[Scene], camera: Any) -> None:
    """Refuse a scene that is not seen straight on: a page would show something else than its film."""
    if isinstance(camera, MultiCamera) or not isinstance(camera, StageCamera | MovingCamera):
        raise SpecError(
            f"{target.__name__}: Manim's {type(camera).__name__} has no vectors; use Scene or "
            "MovingCameraScene, and Space3D for space"
        )


def _check_room(scene: Scene, options: FigureOptions) -> None:
    """Refuse a text size for which a scene has no room."""
    crowded = [fault for fault in faults(page_of(scene)) if "contrast" not in fault.what]
    if crowded:
        raise SpecError(
            f"--font-size {options.font_size:g}: {crowded[0].what} at --width "
            f"{options.width or DEFAULT_WIDTH}; use smaller text or a wider figure"
        )


def title_of(target: type[Scene]) -> str:
    """What a document says that it shows."""
    title = getattr(target, "video_title", None)
    return str(title()) if title else target.__name__


def default_stem(target: str, options: FigureOptions, fields: Mapping[str, Any] | None = None) -> Path:
    """Where a figure goes if nothing else is said: in the media folder, without an ending."""
    name = target.rpartition(":")[2] if ":" in target else Path(target).stem
    parts = [name, *([str(options.instant)] if options.instant else [])]
    parts += [f"{field}-{value}" for field, value in (fields or {}).items()]
    parts += [
        word for word, given in (("grey", options.greyscale), ("dark", options.theme == "dark")) if given
    ]
    return media_folder() / "figures" / re.sub(r"[^\w.-]+", "-", "-".join(parts))
