"""A contact sheet: the picture at the end of every play call, with its time and section."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from scenes.kit.theme import theme_named
from scenes.output.locate import locate
from scenes.output.play import play_scene
from scenes.output.renderers import Still, StoryboardRenderer
from scenes.output.settings import Settings
from scenes.output.whole import whole
from topo_core.store import media_folder

_COLUMNS = 3
_GAP = 12
_CAPTION = 34


@dataclass(frozen=True)
class Storyboard:
    """A written contact sheet and its pictures."""

    path: Path
    stills: tuple[Still, ...]


def storyboard(
    target: str, settings: Settings, output: Path | None = None, *, trace: Path | None = None
) -> Storyboard:
    """Write the contact sheet of a scene as PNG; nothing between the pictures is drawn."""
    located = locate(target)
    scene = play_scene(located.scene, StoryboardRenderer, settings, trace)
    stills = scene.renderer.stills
    sheet = contact_sheet(stills, settings)
    suffix = "-light" if settings.theme == "light" else ""
    path = output or media_folder() / "storyboards" / f"{located.name}{suffix}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as temporary:
        sheet.save(temporary, format="PNG")
    return Storyboard(path, tuple(stills))


def contact_sheet(stills: list[Still], settings: Settings) -> Image.Image:
    """Pictures in rows of three; a bar marks where a section ends."""
    theme = theme_named(settings.theme)
    width, height = settings.size
    columns = min(_COLUMNS, len(stills))
    rows = -(-len(stills) // columns)
    sheet = Image.new(
        "RGB",
        (columns * (width + _GAP) + _GAP, rows * (height + _CAPTION + _GAP) + _GAP),
        theme.panel,
    )
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=20)
    for i, still in enumerate(stills):
        x = _GAP + (i % columns) * (width + _GAP)
        y = _GAP + (i // columns) * (height + _CAPTION + _GAP)
        sheet.paste(Image.fromarray(still.frame[..., :3]), (x, y))
        mark = "  |  end of section" if still.last_of_section or i == len(stills) - 1 else ""
        caption = f"{still.time:6.2f} s   {still.section}{mark}"
        draw.text((x, y + height + 4), caption, fill=theme.ink, font=font)
    return sheet
