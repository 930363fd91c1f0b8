"""Two units that change places: the network stays, rows and columns move, and so do units and numbers."""

import numpy as np
import pytest

from scenes.essay.parts.swap import (
    PAIR,
    SwapDiagram,
    SwapMatrix,
    SwapState,
    determinants,
    exchanged,
    largest_change,
)
from scenes.kit import Rect
from scenes.kit.theme import DARK
from tests.scenes.pictures import looks, picture, pixel, texts
from tests.topo_core.example_traces import example_trace
from topo_core.errors import TopoError

POINTS = np.random.default_rng(2).uniform(-1, 1, (500, 2))


class TestExchanged:
    @pytest.mark.parametrize("layer", [0, 1, 2])
    def test_the_function_stays_and_the_sign_changes(self, layer: int) -> None:
        trace = example_trace("2-2-2-2")
        other = exchanged(trace, layer)
        assert largest_change(trace, other, POINTS) < 1e-14
        before, after = determinants(trace), determinants(other)
        expected = [v * (-1 if k in (layer, layer + 1) else 1) for k, v in enumerate(before)]
        np.testing.assert_allclose(after, expected, rtol=1e-12)

    def test_twice_is_not_at_all(self) -> None:
        trace = example_trace("2-2-3:relu-2")
        assert trace.swaps[1] == PAIR
        once = exchanged(trace, 1)
        assert once.swaps == (trace.swaps[0], None, trace.swaps[2])
        assert exchanged(once, 1) == trace
        assert once != trace

    def test_every_snapshot_stays_the_same_network(self) -> None:
        trace = example_trace("2-3-2", snapshots=3)
        other = exchanged(trace, 0)
        for s in range(3):
            np.testing.assert_allclose(other.logits(POINTS, s), trace.logits(POINTS, s), atol=1e-13)

    def test_one_unit_has_none_to_change_with(self) -> None:
        with pytest.raises(TopoError, match="layer 2 has 1 units"):
            exchanged(example_trace("2-3-1-4:linear"), 1)

    def test_a_real_change_is_seen(self) -> None:
        assert largest_change(example_trace("2-2"), example_trace("2-2", seed=1), POINTS) > 0.1


def diagram(done: float) -> SwapDiagram:
    return SwapDiagram(example_trace("2-2-3-2"), [0, 1], SwapState(done), Rect(-3, -2, 3, 2), DARK)


class TestTheDiagram:
    def test_units_change_places_one_layer_after_the_other(self) -> None:
        start, half, once, twice = (diagram(done).placed() for done in (0.0, 0.5, 1.0, 2.0))
        np.testing.assert_allclose(once[1], start[1][::-1], atol=1e-15)
        np.testing.assert_allclose(once[2], start[2])
        np.testing.assert_allclose(twice[2], start[2][[1, 0, 2]], atol=1e-15)
        for k in (0, 3, 4):
            np.testing.assert_array_equal(twice[k], start[k])
        gap = np.linalg.norm(half[1][0] - half[1][1])
        assert gap > 0.2  # they go around each other
        assert half[1][0, 0] > half[1][1, 0]

    def test_the_marked_unit_is_where_it_went(self) -> None:
        for done, row in ((0.0, 0), (1.0, 1)):
            image = picture(shown := diagram(done), background=DARK.background)
            at = pixel(diagram(0.0).columns[1][row], image.shape)
            other = pixel(diagram(0.0).columns[1][1 - row], image.shape)
            assert looks(image, DARK.accent)[at]
            assert looks(image, DARK.ink)[other]
            assert shown.state.done == done


def entries(axis: int, done: float) -> dict[str, tuple[float, float, str]]:
    matrix = SwapMatrix("W", np.array([[1.0, 2.0], [3.0, -4.0]]), axis, SwapState(done), 0, 0.0, 0.0, DARK)
    found = {t.content: (t.box[2], t.box[1], t.colour) for t in texts(matrix)}
    assert set(found) == {"W =", "1.00", "2.00", "3.00", "-4.00"}
    return found


class TestTheMatrix:
    @pytest.mark.parametrize(
        ("axis", "partner"), [(0, {"1.00": "3.00"}), (1, {"1.00": "2.00", "3.00": "-4.00"})]
    )
    def test_rows_or_columns_change_places(self, axis: int, partner: dict[str, str]) -> None:
        before, after = entries(axis, 0.0), entries(axis, 1.0)
        for one, other in partner.items():
            assert after[one][:2] == pytest.approx(before[other][:2], abs=0.01)
            assert after[other][:2] == pytest.approx(before[one][:2], abs=0.01)

    @pytest.mark.parametrize(("axis", "first"), [(0, {"1.00", "2.00"}), (1, {"1.00", "3.00"})])
    def test_what_belongs_to_the_first_unit_keeps_its_colour(self, axis: int, first: set[str]) -> None:
        for done in (0.0, 0.3, 1.0):
            found = entries(axis, done)
            assert {name for name, (_, _, c) in found.items() if c == DARK.accent} == first

    def test_a_bias_is_a_column(self) -> None:
        matrix = SwapMatrix("b", np.array([5.0, 6.0]), 0, SwapState(1.0), 0, 0.0, 0.0, DARK)
        five, six = (next(t for t in texts(matrix) if t.content == c) for c in ("5.00", "6.00"))
        assert five.box[1] < six.box[1]
