"""The turntable is a rotation, and what is nearer covers what is farther."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.turntable import Piece, Turntable, curve_pieces, draw_pieces, surface_pieces
from tests.scenes.pictures import looks, picture, pixel

angles = st.floats(-7, 7)


@given(azimuth=angles, elevation=angles, seed=st.integers(0, 99))
def test_it_keeps_distances(azimuth: float, elevation: float, seed: int) -> None:
    points = np.random.default_rng(seed).standard_normal((6, 3))
    placed = Turntable((1, -2), 1.0, 1.0, azimuth, elevation)(points)
    apart = np.linalg.norm(points[:, None] - points[None], axis=-1)
    assert np.linalg.norm(placed[:, None] - placed[None], axis=-1) == pytest.approx(apart)


def test_where_the_axes_go() -> None:
    level = Turntable((1, -2), 2.0, 4.0, elevation=0.0)
    assert level(np.eye(3)) == pytest.approx(np.array([[3, -2, 0], [1, -2, -0.25], [1, 0, 0]]))
    above = Turntable((0, 0), 1.0, 1.0, azimuth=np.pi / 2, elevation=np.pi / 2)
    assert above(np.eye(3)) == pytest.approx(np.array([[0, 1, 0], [-1, 0, 0], [0, 0, 1]]))


def line(nearness: float) -> Any:
    x = np.linspace(-1, 1, 9)
    return np.stack([x, 0 * x, np.full(9, nearness)], axis=-1)


def test_far_curves_are_thinner_and_fainter() -> None:
    near, far = (curve_pieces(line(n), "#ffffff", 8.0, "#000000") for n in (1.0, -1.0))
    assert near[0].width == pytest.approx(8)
    assert near[0].colour == "#ffffff"
    assert far[0].width < 6
    assert far[0].colour < "#666666"


@pytest.mark.parametrize("stride", [1, 3, 8, 100])
def test_pieces_of_a_curve_make_up_all_of_it(stride: int) -> None:
    pieces = curve_pieces(line(0.0), "#ffffff", 8.0, "#000000", stride=stride)
    assert len(pieces) == -(-8 // min(stride, 8))
    ends = [piece.points[[0, -1], 0].tolist() for piece in pieces]
    assert ends[0][0] == -1
    assert ends[-1][1] == 1
    assert all(a[1] == b[0] for a, b in pairwise(ends))


def sheet(height: float) -> Any:
    x, y = np.meshgrid(np.linspace(-1, 1, 7), np.linspace(-1, 1, 4), indexing="ij")
    return np.stack([x, y, np.full_like(x, height)], axis=-1)


def test_cells_of_a_surface() -> None:
    pieces = surface_pieces(sheet(0.0), "#ffffff", 1.0, "#000000", stride=3)
    assert len(pieces) == 2 * 3
    assert {len(piece.points) for piece in pieces} == {8}
    area = 0.0
    for piece in pieces:
        x, y = piece.points.T
        area += abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2
    assert area == pytest.approx(4)
    edged = surface_pieces(sheet(0.0), "#ffffff", 1.0, "#000000", stride=3, edge=5.0)
    assert [piece.fill for piece in edged[6:]] == ["", ""]
    assert [piece.points[:, 1].tolist() for piece in edged[6:]] == [[-1] * 4] * 2


class Shown(Drawable):
    def __init__(self, pieces: list[Piece]) -> None:
        super().__init__()
        self.pieces = pieces
        self.points = np.array([[-3.0, -3.0, 0.0], [3.0, 3.0, 0.0]])

    def draw(self, canvas: Canvas) -> None:
        draw_pieces(canvas, self.pieces)


@pytest.mark.parametrize("turned", [False, True])
def test_what_is_nearer_covers_what_is_farther(turned: bool) -> None:
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    near = Piece(0.5, corners, "#ff0000", 1.0, "#ff0000")
    far = Piece(-0.5, 2 * corners, "#0000ff", 1.0, "#0000ff")
    seen = picture(Shown([near, far] if turned else [far, near]))
    assert looks(seen, "#ff0000")[pixel((0, 0), seen.shape)]
    assert looks(seen, "#0000ff")[pixel((1.5, 0), seen.shape)]
