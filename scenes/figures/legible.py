"""Whether a page can be read: its text on the paper, and apart from other text."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import cairo

from scenes.figures.camera import VectorCamera
from topo_core.errors import SpecError

if TYPE_CHECKING:
    from scenes.figures.page import Page

#: Text more transparent than this is not seen.
_SEEN = 0.25
#: How far boxes of ink may reach into each other or over the edge, in heights of a label.
_SLACK = 0.06


def check_text(page: Page) -> None:
    """Refuse a page on which text leaves the paper or runs into other text.

    Raises
    ------
    SpecError
        With the text, and what to do.
    """
    camera = VectorCamera(cairo.Context(cairo.RecordingSurface(cairo.CONTENT_COLOR_ALPHA, None)))
    camera.texts = []
    camera.capture_mobjects(page.mobjects)
    texts = [text for text in camera.texts if text.opacity > _SEEN]
    slack = _SLACK * page.em
    remedy = "use a wider figure, fewer columns or smaller text"
    for text in texts:
        x0, y0, x1, y1 = text.box
        if x0 < -slack or x1 > page.width + slack or y1 > slack or y0 < -page.height - slack:
            raise SpecError(f"{text.content!r} has no room on {page.room}: {remedy}")
    for first, second in combinations(texts, 2):
        a, b = first.box, second.box
        across, up = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        if across > slack and up > slack:
            raise SpecError(f"{first.content!r} overlaps {second.content!r} on {page.room}: {remedy}")
