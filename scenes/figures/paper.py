"""Sheets of paper: a Cairo surface for each format, whose file has the same bytes each time."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import cairo
from PIL import Image

from scenes.figures.options import FORMATS
from scenes.kit.theme import rgb
from scenes.output.whole import whole
from topo_core.errors import SpecError

#: The most pixels of an image on a side; Cairo has no larger ones.
_MOST_PIXELS = 32_767
#: Draws on a context whose matrix maps Manim's units to the paper.
Draw = Callable[["cairo.Context[Any]"], None]


@dataclass(frozen=True)
class Sheet:
    """What a figure is drawn on.

    Attributes
    ----------
    width, height
        In points (1/72 inch).
    frame
        What of Manim's plane is on it: left, lower, right and upper edge, in Manim units.
    background
        A colour, or nothing for a transparent one.
    dpi
        Pixels per inch of what is made of pixels.
    title
        Of the document.
    """

    width: float
    height: float
    frame: tuple[float, float, float, float]
    background: str = ""
    dpi: int = 300
    title: str = ""

    def write(self, draw: Draw, path: Path) -> None:
        """Draw a file, in the format that its name ends in; it appears when it is complete.

        Raises
        ------
        SpecError
            When that is no format for figures.
        """
        suffix = path.suffix.lower().lstrip(".")
        if suffix not in FORMATS:
            raise SpecError(f"{path}: a figure ends in {', '.join('.' + name for name in FORMATS)}")
        content = self._image(draw) if suffix == "png" else self._vectors(draw, suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as temporary:
            temporary.write_bytes(content)

    @contextmanager
    def _page(self, surface: cairo.Surface, scale: float) -> Iterator[cairo.Context[Any]]:
        x0, _, x1, y1 = self.frame
        context = cairo.Context(surface)
        context.scale(scale, scale)
        context.rectangle(0, 0, self.width, self.height)
        context.clip()
        if self.background:
            context.set_source_rgb(*rgb(self.background))
            context.paint()
        unit = self.width / (x1 - x0)
        context.transform(cairo.Matrix(unit, 0, 0, -unit, -x0 * unit, y1 * unit))
        yield context

    def _vectors(self, draw: Draw, suffix: str) -> bytes:
        stream = BytesIO()
        surface: Any = {"pdf": cairo.PDFSurface, "svg": cairo.SVGSurface, "eps": cairo.PSSurface}[suffix](
            stream, self.width, self.height
        )
        if suffix == "pdf":
            surface.set_metadata(cairo.PDF_METADATA_TITLE, self.title)
            surface.set_metadata(cairo.PDF_METADATA_CREATE_DATE, "")
        if suffix == "eps":
            surface.set_eps(True)
        surface.set_fallback_resolution(self.dpi, self.dpi)
        with self._page(surface, 1.0) as context:
            draw(context)
        surface.finish()
        content = stream.getvalue()
        if suffix == "svg":
            return _numbered(content)
        return content if suffix == "pdf" else self._as_large_as_asked(content)

    def _as_large_as_asked(self, eps: bytes) -> bytes:
        """An EPS file with the box of the sheet, where Cairo puts that of the ink, and without a date."""
        width, height = self.width, self.height
        box = b"Box: 0 0 %d %d\n" % (math.ceil(width - 1e-6), math.ceil(height - 1e-6))
        box += b"%%%%HiResBoundingBox: 0 0 %.3f %.3f\n" % (width, height)
        eps = re.sub(rb"(?<=^%%Bounding)Box:[^\n]*\n", box, eps, count=1, flags=re.MULTILINE)
        eps = re.sub(rb"(?<=^%%PageBounding)Box:[^\n]*\n", box.split(b"%%")[0], eps, flags=re.MULTILINE)
        return re.sub(rb"%%CreationDate:[^\n]*\n", b"", eps, count=1)

    def _image(self, draw: Draw) -> bytes:
        scale = self.dpi / 72.0
        width, height = round(self.width * scale), round(self.height * scale)
        if max(width, height) > _MOST_PIXELS:
            raise SpecError(
                f"--dpi {self.dpi}: the image would have {width} x {height} pixels, and more than "
                f"{_MOST_PIXELS} on a side are not possible; use less, or a vector format"
            )
        surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, max(width, 1), max(height, 1))
        with self._page(surface, scale) as context:
            draw(context)
        surface.flush()
        picture = Image.frombuffer(
            "RGBa", (width, height), bytes(surface.get_data()), "raw", "BGRa", surface.get_stride(), 1
        ).convert("RGBA")
        stream = BytesIO()
        (picture.convert("RGB") if self.background else picture).save(
            stream, format="PNG", dpi=(self.dpi, self.dpi)
        )
        return stream.getvalue()


_ID = re.compile(rb'(id="|url\(#|href="#)([A-Za-z]+)([\d-]+)')


def _numbered(svg: bytes) -> bytes:
    """An SVG file whose parts are numbered from 1; Cairo counts through all files of a process."""
    numbers: dict[tuple[bytes, bytes], bytes] = {}

    def number(match: re.Match[bytes]) -> bytes:
        start, kind, old = match.groups()
        new = numbers.setdefault((kind, old), b"%d" % (len(numbers) + 1))
        return start + kind + new

    return _ID.sub(number, svg)
