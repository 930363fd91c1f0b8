"""Look into documents with poppler's programs."""

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tests.scenes.pictures import Picture, load_picture


class Embedded(NamedTuple):
    """An image in a document: its pixels, and pixels per inch."""

    width: int
    height: int
    dpi: int


def _run(*command: str) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not done.stderr, done.stderr
    return done.stdout.splitlines()


def fonts(pdf: Path) -> list[str]:
    """The fonts of a document, one a line."""
    return _run("pdffonts", str(pdf))[2:]


def images(pdf: Path) -> list[Embedded]:
    """The images of a document, their masks left out."""
    rows = [line.split() for line in _run("pdfimages", "-list", str(pdf))[2:]]
    return [Embedded(int(r[3]), int(r[4]), int(r[12])) for r in rows if r[2] == "image"]


def information(pdf: Path) -> dict[str, str]:
    """What a document says of itself."""
    return dict(re.split(r":\s+", line, maxsplit=1) for line in _run("pdfinfo", str(pdf)) if ": " in line)


def page_size(pdf: Path) -> tuple[float, float]:
    """Width and height in points."""
    found = re.match(r"([\d.]+) x ([\d.]+) pts", information(pdf)["Page size"])
    assert found
    return float(found[1]), float(found[2])


def rasterised(pdf: Path, width: int, height: int) -> Picture:
    """The page as pixels, on white."""
    target = pdf.with_suffix("")
    size = ("-scale-to-x", str(width), "-scale-to-y", str(height))
    _run("pdftoppm", "-png", "-singlefile", *size, str(pdf), f"{target}-raster")
    return load_picture(target.with_name(f"{target.name}-raster.png"))


def mean_difference(first: Picture, second: Picture) -> float:
    """Mean absolute difference of all channels, of 255."""
    return float(np.abs(first - second).mean())


def worst_difference(first: Picture, second: Picture, side: int = 16) -> float:
    """The largest difference of a channel between the means of squares, of 255: edges may be smoothed."""

    def means(image: Picture) -> Picture:
        height, width = (size // side * side for size in image.shape[:2])
        cut = image[:height, :width].reshape(height // side, side, width // side, side, 3)
        result: Picture = cut.mean(axis=(1, 3))
        return result

    return float(np.abs(means(first) - means(second)).max())
