"""Sheets of paper in every format: their size, and the same bytes each time."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import cairo
import numpy as np
import pytest
from PIL import Image

from scenes.figures.paper import Sheet
from tests.scenes.figures.documents import information, page_size
from topo_core.errors import SpecError

SHEET = Sheet(144.0, 72.0, (0.0, -1.0, 2.0, 0.0), "#ffffff", 100, "Title (of it)")
SVG = "{http://www.w3.org/2000/svg}"


def disc(context: "cairo.Context[Any]") -> None:
    """A red disc in the left half, half of it transparent through a group."""
    context.set_source_rgb(1, 0, 0)
    context.arc(0.5, -0.5, 0.4, 0, 7)
    context.fill()
    context.push_group()
    context.set_source_rgb(0, 0, 1)
    context.arc(1.5, -0.5, 0.4, 0, 7)
    context.fill()
    context.pop_group_to_source()
    context.paint_with_alpha(0.5)


def written(folder: Path, suffix: str, sheet: Sheet = SHEET) -> Path:
    path = folder / f"figure.{suffix}"
    sheet.write(disc, path)
    return path


@pytest.mark.parametrize("suffix", ["pdf", "svg", "eps", "png"])
def test_the_same_bytes_also_after_others(tmp_path: Path, suffix: str) -> None:
    first = written(tmp_path / "a", suffix).read_bytes()
    Sheet(50, 50, (0, 0, 1, 1)).write(disc, tmp_path / f"other.{suffix}")
    assert written(tmp_path / "b", suffix).read_bytes() == first
    assert not re.search(rb"(?i)date", first)


def test_pdf(tmp_path: Path) -> None:
    path = written(tmp_path, "pdf")
    assert page_size(path) == (144, 72)
    known = information(path)
    assert known["Title"] == "Title (of it)"
    assert known["Pages"] == "1"


def test_svg(tmp_path: Path) -> None:
    root = ET.parse(written(tmp_path, "svg")).getroot()
    assert (root.get("width"), root.get("height")) in [("144pt", "72pt"), ("144", "72")]
    assert list(root.iter(f"{SVG}path"))
    ids = [part.get("id") for part in root.iter() if part.get("id")]
    assert len(ids) == len(set(ids))
    for part in root.iter():
        for value in part.attrib.values():
            for name in re.findall(r"url\(#([^)]+)\)|^#(.+)$", value):
                assert (name[0] or name[1]) in ids


def test_eps(tmp_path: Path) -> None:
    lines = written(tmp_path, "eps").read_text(errors="replace").splitlines()
    assert lines[0].startswith("%!PS-Adobe-3.0 EPSF")
    boxes = [line for line in lines if "BoundingBox:" in line]
    assert boxes == [
        "%%BoundingBox: 0 0 144 72",
        "%%HiResBoundingBox: 0 0 144.000 72.000",
        "%%PageBoundingBox: 0 0 144 72",
    ]


def test_png(tmp_path: Path) -> None:
    with Image.open(written(tmp_path, "png")) as image:
        assert image.size == (200, 100)
        assert image.info["dpi"] == pytest.approx((100, 100), abs=0.1)
        assert image.mode == "RGB"
        pixels = np.asarray(image)
    assert pixels[50, 50].tolist() == [255, 0, 0]
    assert pixels[50, 150].tolist() == pytest.approx([127, 127, 255], abs=1)
    assert pixels[2, 2].tolist() == [255, 255, 255]


def test_png_without_a_background(tmp_path: Path) -> None:
    sheet = Sheet(144.0, 72.0, (0.0, -1.0, 2.0, 0.0), "", 100)
    with Image.open(written(tmp_path, "png", sheet)) as image:
        assert image.mode == "RGBA"
        assert image.getpixel((2, 2)) == (0, 0, 0, 0)
        red, green, blue, alpha = image.getpixel((150, 50))  # type: ignore[misc]
    assert (red, green) == (0, 0)
    assert blue > 250
    assert alpha == pytest.approx(127, abs=1)


def test_another_format(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"ends in \.pdf, \.svg, \.eps, \.png"):
        written(tmp_path, "tiff")
    assert not list(tmp_path.iterdir())


def test_nothing_is_left_of_a_figure_that_failed(tmp_path: Path) -> None:
    def broken(context: "cairo.Context[Any]") -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        SHEET.write(broken, tmp_path / "figure.pdf")
    assert not list(tmp_path.iterdir())


def test_an_image_that_is_too_large(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"--dpi 2400: the image would have 480000 x 2400 pixels"):
        written(tmp_path, "png", Sheet(14400.0, 72.0, SHEET.frame, dpi=2400))
