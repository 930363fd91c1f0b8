"""Arrows of a flow layer's field."""

import numpy as np
import pytest

from scenes.kit import Rect, Stage
from scenes.kit.field_arrows import FieldArrows
from scenes.kit.theme import DARK
from tests.scenes.pictures import looks, picture, pixel
from topo_core.datasets import Spirals
from topo_core.errors import TopoError
from topo_core.flow import Flow
from topo_core.handmade import handmade

FIRST = Flow(np.array([[0.0, 0.0]]), np.array([[0.8, 0.0]]), 0.8)
SECOND = Flow(np.array([[0.0, 0.0]]), np.array([[0.0, 0.5]]), 0.8)
DATA = Spirals(n_per_class=8)


def stage(*layers: object) -> Stage:
    return Stage(
        handmade(layers or (FIRST, SECOND), dataset=DATA),  # type: ignore[arg-type]
        DARK,
        rect=Rect(-3.0, -3.0, 3.0, 3.0),
        panel=False,
        curves=False,
        points=False,
    ).at(0.0)


def test_from_points_to_their_images() -> None:
    arrows = FieldArrows(stage())
    for k, flow in enumerate((FIRST, SECOND)):
        feet, tips = arrows.arrows(k)
        share = np.exp(-np.square(feet).sum(axis=1, keepdims=True) / (2 * 0.8**2))
        np.testing.assert_allclose(tips, feet + share / (1 + share) * flow.vectors, atol=1e-12)


def test_they_cover_the_view() -> None:
    shown = stage()
    feet, _ = FieldArrows(shown, apart=0.5).arrows(0)
    placed = shown.plane.view(feet)
    assert np.abs(placed).max() <= 3.0
    xs = np.unique(placed[:, 0].round(9))
    np.testing.assert_allclose(np.diff(xs), 0.5, atol=1e-6)
    assert xs[0] < -2.5
    assert xs[-1] > 2.5


def test_an_arrow_is_drawn_where_it_points() -> None:
    shown = stage()
    arrows = FieldArrows(shown, apart=2.5)
    feet, tips = (shown.plane.view(points) for points in arrows.arrows(0))
    longest = int(np.linalg.norm(tips - feet, axis=1).argmax())
    way = tips[longest] - feet[longest]

    def drawn(share: float) -> bool:
        image = picture(arrows, width=640, height=360)
        row, column = pixel(feet[longest] + share * way, image.shape)
        return bool(image[row - 1 : row + 2, column].max() > 90)

    assert drawn(0.4)
    assert not drawn(1.4)
    arrows.state.grown = 2.0
    assert drawn(1.4)


@pytest.mark.parametrize(
    ("position", "wanted"),
    [(0.0, {0: 1.0}), (0.5, {0: 1.0}), (0.9, {0: 0.5, 1: 0.5}), (1.0, {1: 1.0}), (1.9, {1: 0.5}), (2.0, {})],
)
def test_they_follow_the_layer_under_way(position: float, wanted: dict[int, float]) -> None:
    shown = stage()
    arrows = FieldArrows(shown)
    assert arrows.shown() == {0: 1.0}
    arrows.state.follow = 1.0
    shown.state.position = position
    assert arrows.shown() == pytest.approx(wanted)
    drawn = int(looks(picture(arrows, width=640, height=360), DARK.accent, 60).sum())
    if 1.0 in wanted.values() or not wanted:
        assert (drawn > 100) == bool(wanted)


def test_their_growth_is_an_animation() -> None:
    arrows = FieldArrows(stage())
    animation = arrows.grow(2.5, layer=1)
    animation.begin()
    assert (arrows.state.grown, arrows.state.layer) == (0.0, 1.0)
    assert arrows.shown() == {}
    animation.finish()
    assert arrows.state.grown == 2.5
    assert arrows.shown() == {1: 1.0}


def test_a_layer_without_a_field_has_none() -> None:
    arrows = FieldArrows(stage(FIRST, (np.eye(2), np.zeros(2))))
    assert len(arrows.arrows(1)[0]) == 0


def test_a_network_without_a_field_is_refused() -> None:
    with pytest.raises(TopoError, match="no vector field"):
        FieldArrows(stage((np.eye(2), np.zeros(2))))
