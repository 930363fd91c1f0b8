"""A vector field: numbers on screen are recomputed here from the essay's formula."""

from functools import cache

import numpy as np
import pytest

from scenes.essay.parts.field_parts import (
    BUBBLES,
    CIRCLES,
    REACH,
    WIND,
    BackMotion,
    Folded,
    errors_of,
    farthest_outside,
    field_stage,
    field_trace,
    lattice,
    merged_pair,
    multiple,
    proven_constant,
)
from scenes.essay.vector_field import CLOSE, FACTOR, VectorField
from scenes.kit import Rect, Stage
from scenes.kit.motion import moved
from scenes.kit.theme import DARK
from scenes.output.look import faults
from tests.scenes.essay_scenes import Seen
from topo_core.errors import TopoError
from topo_core.flow import Flow

RECT = Rect(-3.0, -3.0, 3.0, 3.0)
A, V, S = np.array([[-1.0, 0.0], [2.0, 1.0]]), np.array([[1.85, 0.0], [0.0, 0.93]]), 0.6


def field(x: np.ndarray, factor: float = 1.0) -> np.ndarray:
    """F of ``grid_bubble``, by the essay's formula."""
    f0, f1 = (np.exp(-((x - a) ** 2).sum(axis=1, keepdims=True) / (2 * S**2)) for a in A)
    return np.asarray(factor * (V[0] * f0 + V[1] * f1) / (1 + f0 + f1))


@cache
def seen() -> Seen:
    return Seen(VectorField, {})


@pytest.mark.slow
class TestTheScene:
    def test_sections(self) -> None:
        assert seen().sections == [
            *("A vector field", "Moved along it", "Two circles"),
            *("Slower than distances", "Too strong", "The way back"),
        ]

    def test_how_far_points_move(self) -> None:
        words = seen().words("Two circles")
        x = np.stack(np.meshgrid(*[np.linspace(-REACH, REACH, 301)] * 2), axis=-1).reshape(-1, 2)
        far = np.linalg.norm(field(x), axis=1)
        outside = np.min([np.hypot(*(x - [u, v]).T) - r for u, v, r in CIRCLES], axis=0) >= 0
        assert words[words.index("within a circle:") + 1] == f"{far.max():.2f}"
        shown = float(words[words.index("outside both:") + 1])
        assert far[outside].max() <= shown + 0.005
        assert far[outside].max() == pytest.approx(shown, abs=0.01)

    def test_two_points_keep_apart_and_then_do_not(self) -> None:
        a, b = merged_pair(multiple(BUBBLES, FACTOR))
        slow, fast = seen().words("Slower than distances"), seen().words("Too strong")
        apart = np.linalg.norm((b - a) + field(b[None])[0] - field(a[None])[0])
        assert slow[slow.index("from a to b:") + 1] == f"{apart:.2f}"
        least = float(slow[slow.index("never below") + 1])
        limit = float(slow[slow.index("<=") + 1] if "<=" in slow else slow[slow.index("L <=") + 1])
        assert least == pytest.approx((1 - limit) * np.linalg.norm(b - a), abs=0.005)
        assert least < apart
        assert fast[fast.index("from a to b:") + 1] == "0.00"
        assert float(fast[fast.index("smallest det:") + 1].replace("−", "-")) < 0

    def test_the_way_back(self) -> None:
        errors = seen().scene.errors
        assert f"after {len(errors) - 1} steps:" in seen().words("The way back")
        assert errors[-1] <= CLOSE < errors[-2]

    def test_it_can_be_read(self) -> None:
        assert not [fault for page in seen().pages.values() for fault in faults(page)]
        assert max(seen().speeds().values()) <= 18
        assert 50 <= seen().scene.renderer.time <= 90


class TestParts:
    def test_the_constant_is_one_and_hardly_larger_than_needed(self) -> None:
        x = np.random.default_rng(0).uniform(-3, 3, (2, 4000, 2))
        ratio = np.linalg.norm(WIND.field(x[0]) - WIND.field(x[1]), axis=1)
        ratio /= np.linalg.norm(x[0] - x[1], axis=1)
        steep = np.linalg.norm(WIND.jacobian(lattice(101)), ord=2, axis=(1, 2)).max()
        constant = proven_constant(WIND)
        assert ratio.max() <= constant
        assert steep <= constant < steep + 0.03

    def test_a_field_that_is_too_fast_is_refused(self) -> None:
        with pytest.raises(TopoError, match="no Lipschitz constant below 1"):
            proven_constant(multiple(BUBBLES, 1.3))

    def test_outside_the_circles_it_is_less(self) -> None:
        rng = np.random.default_rng(1)
        x = rng.uniform(-6, 6, (20000, 2))
        outside = np.min([np.hypot(*(x - [u, v]).T) - r for u, v, r in CIRCLES], axis=0) >= 0
        most = farthest_outside(BUBBLES, CIRCLES)
        assert np.linalg.norm(field(x[outside]), axis=1).max() <= most

    @pytest.mark.parametrize("factor", [1.4, 2.0])
    def test_two_points_become_one(self, factor: float) -> None:
        a, b = merged_pair(multiple(BUBBLES, factor))
        assert np.linalg.norm(a - b) > 0.5
        images = np.stack([a, b]) + field(np.stack([a, b]), factor)
        assert np.linalg.norm(images[0] - images[1]) < 1e-9

    def test_a_field_without_a_fold_has_no_such_points(self) -> None:
        with pytest.raises(TopoError, match="folds nothing"):
            merged_pair(BUBBLES)

    @pytest.mark.parametrize(("flow", "over"), [(BUBBLES, False), (multiple(BUBBLES, 2.0), True)])
    def test_cells_are_turned_over_where_the_map_reverses_area(self, flow: Flow, over: bool) -> None:
        folded = Folded(field_stage(field_trace(flow), DARK, RECT).at(1.0), 48)
        e = 1e-5
        middle = folded.cells.mean(axis=1)
        across, up = (flow(middle + d) - flow(middle - d) for d in ([e, 0.0], [0.0, e]))
        area = (across[:, 0] * up[:, 1] - across[:, 1] * up[:, 0]) / (2 * e) ** 2
        np.testing.assert_allclose(folded.determinants(), area, atol=1e-6)
        assert (folded.smallest() < 0) == over

    def test_the_way_back_is_the_iteration(self) -> None:
        trace = field_trace(BUBBLES)
        motion = BackMotion(trace, 100)
        x = lattice(7)
        y = x + field(x)
        one = y - field(y)
        two = y - field(one)
        np.testing.assert_allclose(moved(motion, x, 0.0), y, atol=1e-12)
        np.testing.assert_allclose(moved(motion, x, 2.0), two, atol=1e-12)
        np.testing.assert_allclose(moved(motion, x, 1.25), 0.75 * one + 0.25 * two, atol=1e-12)
        np.testing.assert_allclose(moved(motion, x, 100.0), x, atol=1e-6)

    def test_errors_fall_as_the_constant_says(self) -> None:
        errors = errors_of(BUBBLES, lattice(21), 1e-6)
        assert (errors[1:] <= 0.88 * errors[:-1]).all()
        assert errors[-1] <= 1e-6 < errors[-2]

    def test_the_view_rests_and_shows_all(self) -> None:
        stage: Stage = field_stage(field_trace(WIND), DARK, RECT)
        view = stage.plane.space.follow(0.3)
        corners = view(np.array([[-REACH, -REACH], [REACH, REACH]]))
        assert np.abs(corners).max() < 3.0
        assert stage.plane.space.follow(1.0) == view
