"""A projection of four dimensions that turns, and what seems to cross in it."""

import numpy as np
import pytest

from scenes.essay.parts import moving_tori
from scenes.essay.parts.pair_mark import PairMark, crossing_instant
from scenes.essay.parts.shadow import Shadow, undecided
from scenes.essay.parts.shadow_crossings import shadow_crossings
from scenes.kit import Space3D, tint
from scenes.kit.theme import DARK
from tests.scenes.essay_scenes import learned
from topo_core.datasets import LinkedTori
from topo_core.datasets.tubes import Ring, Tube
from topo_core.trace import Trace

DATA = LinkedTori(n_per_class=20)
LAYERS = [
    ([[1.1, 0.3, -0.2], [0.2, 0.9, 0.4], [-0.5, 0.3, 0.8], [0.9, -0.8, 0.5]], [0.1, -0.2, 0.3, 0.2]),
    (np.eye(4) + 0.4 * np.sin(np.arange(16.0)).reshape(4, 4), [0.2, 0.1, 0.0, -0.1]),
]
READOUT = ([[0.2, 0.1, 0.0, -0.3], [1.0, -0.6, 0.8, 0.5]], [0.1, -0.2])


@pytest.fixture(autouse=True)
def roughly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vertices chosen by fewer measurements."""
    monkeypatch.setattr(moving_tori, "_PIECES", 128)
    monkeypatch.setattr(moving_tori, "_LINES", 12)


def trace() -> Trace:
    return learned(DATA, LAYERS, READOUT, snapshots=1)


def shadow(detail: tuple[int, int] = (32, 16)) -> Shadow:
    return Shadow(Space3D(DARK), trace(), detail)


def flat_tube(x: float, height: float):  # type: ignore[no-untyped-def]
    tube = Tube(Ring((x, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), 1.0), 0.25)
    return lambda u, v: np.pad(tube(u, v), ((0, 0), (0, 1)), constant_values=height)


class TestShadow:
    def test_the_view_turns_rigidly(self) -> None:
        made = shadow()
        for turn in (0.0, 0.3, 0.7, 1.0):
            made.place(2.0, turn)
            assert made.rotation @ made.rotation.T == pytest.approx(np.eye(4), abs=1e-12)
            assert np.linalg.det(made.rotation) == pytest.approx(1)
        made.place(turn=0.0)
        assert made.rotation == pytest.approx(np.eye(4), abs=1e-12)

    def test_in_the_end_the_first_axis_goes_across_the_hyperplane(self) -> None:
        made = shadow()
        made.place(2.0, 1.0)
        normal, bias = undecided(made.trace)
        for label, surface in enumerate(made.surfaces):
            h = made.tori.vertices(2.0)[label]
            assert surface.points[:, 0] == pytest.approx(h @ normal, abs=1e-9)
            logits = made.trace.readout(h)
            assert ((surface.points[:, 0] > -bias) == (logits[:, 1] > logits[:, 0])).all()

    def test_three_coordinates_are_drawn_and_the_fourth_is_the_colour(self) -> None:
        made = shadow()
        made.place(1.4, 0.6)
        low, high = made.ends()
        for label, surface in enumerate(made.surfaces):
            seen = made.tori.vertices(1.4)[label] @ made.rotation.T
            assert surface.points == pytest.approx(seen[:, :3])
            expected = np.rint(255 * tint(seen[:, 3], low, high, DARK.class_colour(label)))
            assert np.abs(surface.colours[:, :3].astype(float) - expected).max() <= 1
            assert np.abs(seen[:, 3]).max() <= high == -low

    def test_turning_changes_no_distance(self) -> None:
        made = shadow()
        made.place(1.0, 0.0)
        before = made.distance()
        made.place(turn=0.8)
        assert made.distance() == before
        assert made.distance(0.0) == pytest.approx(0.4, abs=1e-5)


class TestCrossings:
    def test_tubes_that_cross_in_the_picture_are_apart_by_the_lost_coordinate(self) -> None:
        found = shadow_crossings(flat_tube(0.0, 0.3), flat_tube(1.0, -0.5))
        assert len(found.first) > 50
        assert found.first[:, :3] == pytest.approx(found.second[:, :3], abs=1e-8)
        assert found.gaps == pytest.approx(0.8)
        for points, x in ((found.first, 0.0), (found.second, 1.0)):
            ring = np.hypot(points[:, 0] - x, points[:, 1]) - 1
            assert np.hypot(ring, points[:, 2]) == pytest.approx(0.25, abs=1e-8)
        assert (np.abs(found.first[:, 0] - 0.5) < 1e-8).any()

    def test_tubes_that_do_not(self) -> None:
        assert len(shadow_crossings(flat_tube(0.0, 0.3), flat_tube(2.6, 0.3)).first) == 0

    def test_a_marked_pair_comes_apart_when_the_view_turns(self) -> None:
        made = shadow((160, 48))
        found = crossing_instant(made, made.tori.instants(4)[1:])
        assert found is not None
        position, pairs = found
        made.place(position)
        mark = PairMark(made, pairs, int(pairs.gaps.argmax()))
        assert mark.apart_in_picture() == pytest.approx(0, abs=1e-8)
        assert mark.apart() == pytest.approx(pairs.gaps.max())
        assert mark.apart() >= made.distance() - 1e-6
        made.place(turn=1.0)
        assert 0.05 < mark.apart_in_picture() <= mark.apart()
