"""What the vector camera makes of mobjects."""

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from manim import RED, Circle, FullScreenRectangle, ImageMobject, Line, Mobject, PMobject, Square

from scenes.figures.camera import VectorCamera
from scenes.figures.paper import Sheet
from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.gl.bodies import Sphere
from scenes.kit.gl.camera import Camera3D
from scenes.kit.space3d import Space3D
from scenes.kit.theme import LIGHT
from scenes.kit.view import Rect
from tests.scenes.figures.documents import images, rasterised
from tests.scenes.pictures import Picture
from topo_core.errors import TopoError


def drawn(path: Path, *mobjects: Mobject, paper: str = "", dpi: float = 150) -> Path:
    """Mobjects on a square of 4 by 4 units, 2 inches wide."""
    sheet = Sheet(144, 144, (-2.0, -2.0, 2.0, 2.0), "", 150)
    sheet.write(lambda c: VectorCamera(c, paper=paper, dpi=dpi).capture_mobjects(mobjects), path)
    return path


def seen(tmp_path: Path, *mobjects: Mobject, **options: Any) -> Picture:
    return rasterised(drawn(tmp_path / "figure.pdf", *mobjects, **options), 100, 100)


class Disc(Drawable):
    def draw(self, canvas: Canvas) -> None:
        canvas.dots(np.zeros((1, 2)), "#ff0000", 200)
        canvas.stroke([np.array([[-2.0, 1.5], [2.0, 1.5]])], "#0000ff", 40)


class TestColours:
    def test_red_is_red(self, tmp_path: Path) -> None:
        image = seen(tmp_path, Square(2, color="#ff0000", fill_opacity=1))
        assert image[50, 50].tolist() == [255, 0, 0]

    def test_of_drawables(self, tmp_path: Path) -> None:
        disc = Disc()
        disc.points = np.zeros((1, 3))
        image = seen(tmp_path, disc)
        assert image[50, 50].tolist() == [255, 0, 0]
        assert image[12, 50].tolist() == [0, 0, 255]

    def test_a_faded_drawable(self, tmp_path: Path) -> None:
        disc = Disc().set_opacity(0.5)
        disc.points = np.zeros((1, 3))
        assert seen(tmp_path, disc)[50, 50] == pytest.approx([255, 128, 128], abs=2)

    def test_gradients(self, tmp_path: Path) -> None:
        line = Line([-2, 0, 0], [2, 0, 0], stroke_width=100).set_color(["#ff0000", "#0000ff"])
        row = seen(tmp_path, line)[50]
        ends = sorted((row[8], row[91]), key=lambda colour: colour[0])
        assert ends[0][2] > 200 > 60 > ends[0][0]
        assert ends[1][0] > 200 > 60 > ends[1][2]

    def test_nothing_is_drawn_of_what_is_not_seen(self, tmp_path: Path) -> None:
        gone = [Square(2, color=RED, fill_opacity=0, stroke_opacity=0), Circle(1).set_opacity(0)]
        path = drawn(tmp_path / "figure.svg", *gone)
        assert not [p for p in ET.parse(path).getroot().iter() if p.tag.endswith("path")]

    def test_without_transparency_colours_are_mixed(self, tmp_path: Path) -> None:
        square = Square(2, color="#ff0000", fill_opacity=0.5, stroke_width=0)
        image = seen(tmp_path, FullScreenRectangle(color="#000000", fill_opacity=1), square, paper="#ffffff")
        assert image[50, 50] == pytest.approx([255, 128, 128], abs=1)


class TestImages:
    def test_where_and_how_they_are(self, tmp_path: Path) -> None:
        pixels = np.zeros((2, 2, 4), np.uint8)
        pixels[..., 3] = 255
        pixels[0, 0, 0] = pixels[0, 1, 1] = pixels[1, 0, 2] = 255
        image = ImageMobject(pixels).set(width=2)
        image.set_resampling_algorithm(0)
        path = drawn(tmp_path / "figure.pdf", image)
        assert [found[:2] for found in images(path)] == [(2, 2)]
        shown = rasterised(path, 100, 100)
        assert shown[30, 30].argmax() == 0
        assert shown[30, 70].argmax() == 1
        assert shown[70, 30].argmax() == 2
        assert shown[10, 10].tolist() == [255, 255, 255]

    def test_points_are_dots(self, tmp_path: Path) -> None:
        cloud = PMobject(stroke_width=20)
        cloud.add_points(np.array([[-1.0, 1.0, 0.0]]), color="#0000ff")
        path = drawn(tmp_path / "figure.pdf", cloud)
        assert not images(path)
        assert rasterised(path, 100, 100)[25, 25].tolist() == [0, 0, 255]

    def test_what_cannot_be_shown(self, tmp_path: Path) -> None:
        odd = Mobject()
        odd.points = np.zeros((1, 3))
        with pytest.raises(TopoError, match="Mobject: a figure cannot show such a mobject"):
            drawn(tmp_path / "figure.pdf", odd)


class TestSpaces:
    @pytest.mark.parametrize("dpi", [100, 200])
    def test_one_image_at_the_resolution_asked_for(self, tmp_path: Path, dpi: int) -> None:
        space = Space3D(LIGHT, Rect(-2.0, -2.0, 2.0, 2.0), camera=Camera3D(zoom=1.0))
        space.add(Sphere(1.0, "#ff0000"))
        label = space.label("here", [0.0, 0.0, 1.2])
        path = drawn(tmp_path / "figure.pdf", space, dpi=dpi)
        (image,) = images(path)
        assert image.dpi == pytest.approx(dpi, abs=1)
        assert image.width == pytest.approx(dpi, rel=0.08)  # the sphere is an inch wide
        label.opacity = 0.0
        without = rasterised(drawn(tmp_path / "bare.pdf", space, dpi=dpi), 100, 100)
        shown = rasterised(path, 100, 100)
        assert shown[50, 50].argmax() == 0
        assert np.abs(shown - without).max() > 100  # the label was drawn above the image
