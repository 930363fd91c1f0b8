"""Whether a picture can be read: text inside the frame, apart from other text, and clear of its background.

At the end of every section the scene is drawn once without its text, which is noted instead: where it is, in
which colour, how opaque. Contrast is that of the Web Content Accessibility Guidelines 2.2, section 1.4.3,
between the text's colour and the very pixels behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from manim import MarkupText, Mobject, Scene, Text, Typst, config
from manim.mobject.svg.svg_mobject import SVGMobject
from manim.typing import PixelArray
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from scenes.kit.canvas import DrawnText
from scenes.kit.theme import rgb
from scenes.output.locate import locate
from scenes.output.play import play_scene
from scenes.output.renderers import StoryboardRenderer
from scenes.output.settings import Settings

FloatArray = NDArray[np.float64]

#: Text more transparent than this is about to come or to go.
_SEEN = 0.25
#: How far boxes of ink may reach into each other or over the edge, in Manim units.
_SLACK = 0.02
#: The least contrast, and the share of the pixels behind a text that must have it.
LEAST_CONTRAST = 4.5
_SHARE = 0.9


@dataclass(frozen=True)
class Fault:
    """Something about a text that a viewer would stumble over, at the end of a section."""

    section: str
    time: float
    what: str
    boxes: tuple[tuple[float, float, float, float], ...]

    def __str__(self) -> str:
        return f"{self.time:.1f} s, end of {self.section!r}: {self.what}"


@dataclass(frozen=True)
class Page:
    """The end of a section: its text, and the picture with and without it."""

    section: str
    time: float
    texts: tuple[DrawnText, ...]
    background: PixelArray
    frame: PixelArray


class LookRenderer(StoryboardRenderer):
    """Skips through a scene and keeps a page for the end of every section."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[Page] = []

    def before_section(self, scene: Scene, name: str) -> None:
        """Look at the end of the section before."""
        self.look(scene)

    def scene_finished(self, scene: Scene) -> None:
        """Look at the last section."""
        super().scene_finished(scene)
        self.look(scene)

    def look(self, scene: Scene) -> None:
        """Keep a page of what is shown now, if anything has been played."""
        if not self.stills or (self.pages and self.pages[-1].time == self.time):
            return
        self.pages.append(page_of(scene, self.stills[-1].section))


def page_of(scene: Scene, section: str = "") -> Page:
    """What a scene shows now."""
    renderer: Any = scene.renderer
    camera = renderer.camera
    words = [m for m in _family(scene.mobjects) if isinstance(m, Typst | Text | MarkupText)]
    texts = [note for word in words if (note := _noted(word)) is not None]
    camera.texts = []
    camera.reset()
    camera.capture_mobjects(scene.mobjects, excluded_mobjects=words)
    texts += camera.texts
    camera.texts = None
    background = camera.pixel_array.copy()
    renderer.static_image = None
    renderer.update_frame(scene)
    seen = tuple(t for t in texts if t.opacity > _SEEN)
    return Page(section, float(renderer.time), seen, background, renderer.get_frame().copy())


def _family(mobjects: list[Mobject]) -> list[Mobject]:
    """Every mobject once, parts included."""
    return list(dict.fromkeys(part for m in mobjects for part in m.get_family()))


def _noted(word: SVGMobject) -> DrawnText | None:
    """A text of Manim's as it is drawn, or None where nothing of it is to be seen."""
    glyphs = [g for g in word.family_members_with_points() if g.get_fill_opacity() > 0]
    if not glyphs:
        return None
    points = np.concatenate([glyph.points[:, :2] for glyph in glyphs])
    (x0, y0), (x1, y1) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    faintest = min(glyphs, key=lambda glyph: float(glyph.get_fill_opacity()))
    markup = str(getattr(word, "typst_code", "") or getattr(word, "text", ""))
    content = "\n".join(re.findall(r'#"((?:[^"\\]|\\.)*)"', markup)) or markup
    colour = faintest.get_fill_color().to_hex()[:7].lower()
    return DrawnText(content, (x0, y0, x1, y1), colour, float(faintest.get_fill_opacity()))


def look(target: str, settings: Settings, trace: Path | None = None) -> tuple[list[Page], Any]:
    """The end of every section of a scene, drawn as for a storyboard, and the scene after it was played."""
    scene = play_scene(locate(target).scene, LookRenderer, settings, trace)
    return scene.renderer.pages, scene


def faults(page: Page) -> list[Fault]:
    """Everything about a page's text that a viewer would stumble over."""
    found: list[Fault] = []

    def note(what: str, *texts: DrawnText) -> None:
        found.append(Fault(page.section, page.time, what, tuple(t.box for t in texts)))

    half = np.array([config.frame_width, config.frame_height]) / 2
    for text in page.texts:
        low, high = np.array(text.box[:2]), np.array(text.box[2:])
        if (low < -half - _SLACK).any() or (high > half + _SLACK).any():
            note(f"{text.content!r} leaves the frame", text)
            continue
        ratio = contrast(text, page.background)
        if ratio < LEAST_CONTRAST:
            note(f"{text.content!r} has a contrast of only {ratio:.2f}:1", text)
    for first, second in combinations(page.texts, 2):
        a, b = first.box, second.box
        across, up = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        if across > _SLACK and up > _SLACK:
            note(f"{first.content!r} overlaps {second.content!r}", first, second)
    return found


def contrast(text: DrawnText, background: PixelArray) -> float:
    """The contrast that nine tenths of the pixels behind a text have at least."""
    x0, y0, x1, y1 = _pixels(text.box, background.shape)
    behind = background[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1), :3].reshape(-1, 3) / 255.0
    own = text.opacity * np.array(rgb(text.colour)) + (1 - text.opacity) * behind
    light, dark = _luminance(own), _luminance(behind)
    ratio = (np.maximum(light, dark) + 0.05) / (np.minimum(light, dark) + 0.05)
    return float(np.quantile(ratio, 1 - _SHARE))


def _luminance(colours: FloatArray) -> FloatArray:
    """Relative luminance of sRGB colours ``(n, 3)`` in [0, 1]."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    result: FloatArray = linear @ np.array([0.2126, 0.7152, 0.0722])
    return result


def _pixels(box: tuple[float, float, float, float], shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Left, upper, right and lower bound of a box in pixels."""
    height, width = shape[:2]
    unit = height / config.frame_height
    x0, y0, x1, y1 = box
    columns = np.clip([(x + config.frame_width / 2) * unit for x in (x0, x1)], 0, width - 1)
    rows = np.clip([(config.frame_height / 2 - y) * unit for y in (y1, y0)], 0, height - 1)
    return int(columns[0]), int(rows[0]), int(np.ceil(columns[1])), int(np.ceil(rows[1]))


def picture_of(page: Page, found: list[Fault]) -> Image.Image:
    """A page with what is wrong in red boxes."""
    image = Image.fromarray(page.frame[..., :3])
    draw = ImageDraw.Draw(image)
    for fault in found:
        for box in fault.boxes:
            draw.rectangle(_pixels(box, page.frame.shape), outline="#ff0033", width=2)
    return image
