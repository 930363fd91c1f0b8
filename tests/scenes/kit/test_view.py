"""The window that follows what moves, and the steps of its ticks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.kit.motion import flat
from scenes.kit.space import Space
from scenes.kit.stage import PLANE
from scenes.kit.view import Follow, Rect, View, nice_step, ticks
from tests.scenes.example_films import interval_trace, written_trace
from tests.topo_core.example_traces import example_trace, trace_fields
from topo_core.datasets import DiscInAnnulus
from topo_core.trace import Trace

RECT = Rect(-3.0, -1.0, 2.0, 2.0)
spans = st.floats(1e-6, 1e9, allow_nan=False)


def stretched(network: str, gain: float, seed: int) -> Trace:
    """A random trace with its weights times ``gain``."""
    fields = trace_fields(network, 1, seed)
    return Trace(**{**fields, "weights": tuple(gain * w for w in fields["weights"])})


def content(space: Space, n: int = 40) -> np.ndarray:
    """The training points and a lattice over the whole domain, its edge included."""
    axes = [np.linspace(*space.domain[k], n) for k in range(space.trace.dataset.dimension)]
    lattice = np.stack([a.ravel() for a in np.meshgrid(*axes)], axis=1)
    return np.concatenate([lattice, space.trace.dataset.points])


def moved(trace: Trace, x: np.ndarray, position: float) -> np.ndarray:
    layer = min(int(position), trace.n_layers)
    return flat(trace.evaluate(x, layer, position - layer))


class TestView:
    def test_its_centre_is_in_the_middle_of_the_rectangle(self) -> None:
        view = View(RECT, np.array([7.0, -2.0]), 0.5)
        np.testing.assert_allclose(view(np.array([[7.0, -2.0]])), [[-0.5, 0.5]])

    def test_both_directions_have_one_scale(self) -> None:
        view = View(RECT, np.array([1.0, 1.0]), 0.25)
        square = view(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
        np.testing.assert_allclose(square[1] - square[0], [0.25, 0.0])
        np.testing.assert_allclose(square[2] - square[0], [0.0, 0.25])

    def test_its_window_is_what_fills_the_rectangle(self) -> None:
        view = View(RECT, np.array([3.0, -4.0]), 2.0)
        corners = view(view.window.T)
        np.testing.assert_allclose(corners, [[RECT.x0, RECT.y0], [RECT.x1, RECT.y1]])


class TestFollow:
    @settings(max_examples=25, deadline=None)
    @given(
        st.sampled_from(["2-2-2", "2-2-2-2-2", "2-2:softplus-1-2", "2-2:linear-2:relu", "1-2-2", "1-1"]),
        st.sampled_from([0.5, 1.0, 2.0, 4.0]),
        st.integers(0, 10_000),
    )
    def test_everything_is_inside_at_every_position(self, network: str, gain: float, seed: int) -> None:
        trace = stretched(network, gain, seed)
        space = Space(trace, PLANE)
        x = content(space)
        positions = np.random.default_rng(seed).uniform(0, trace.n_layers, 60)
        for p in [*positions, *range(trace.n_layers + 1)]:
            placed = space.follow(float(p))(moved(trace, x, float(p)))
            outside = np.abs(placed - PLANE.centre).max(axis=0) / PLANE.half
            assert outside.max() <= 1, f"{outside.max():.3f} half-widths from the middle at {p}"

    @pytest.mark.parametrize(
        ("network", "gain", "seed"),
        [("2-2-2-2-2-2", 3.0, 56), ("2-2-2-2-2-2", 3.0, 596), ("2-2-2-2-2-2", 4.0, 362)],
    )
    def test_thin_spikes_of_a_deep_network_are_inside_too(self, network: str, gain: float, seed: int) -> None:
        trace = stretched(network, gain, seed)
        space = Space(trace, PLANE)
        (x0, x1), (y0, y1) = space.domain
        s = np.linspace(0, 1, 3000)
        sides = [((x0, y0), (x1, y0)), ((x1, y0), (x1, y1)), ((x1, y1), (x0, y1)), ((x0, y1), (x0, y0))]
        edge = np.concatenate([(1 - s)[:, None] * a + s[:, None] * b for a, b in np.array(sides)])
        for p in np.linspace(trace.n_layers - 2, trace.n_layers, 97):
            placed = space.follow(float(p))(moved(trace, edge, float(p)))
            outside = np.abs(placed - PLANE.centre).max(axis=0) / PLANE.half
            assert outside.max() <= 1, f"{outside.max():.3f} half-widths from the middle at {p}"

    def test_the_box_of_tanh_stays_in_view(self) -> None:
        space = Space(stretched("2-2-2", 0.1, 3), PLANE)
        for p in np.linspace(0, 2, 30):
            window = space.follow(float(p)).window
            assert (window[:, 0] <= -1).all()
            assert (window[:, 1] >= 1).all()

    def test_it_is_tight_at_whole_layers(self) -> None:
        trace = written_trace()
        space = Space(trace, PLANE)
        for p in range(trace.n_layers + 1):
            whole = [moved(trace, content(space, 201), p), [[-1.0, -1.0], [1.0, 1.0]]]
            placed = space.follow(p)(np.concatenate(whole))
            fill = np.abs(placed - PLANE.centre).max(axis=0) / PLANE.half
            assert fill.max() == pytest.approx(1 / 1.07, abs=0.01), f"at {p}"

    def test_the_camera_moves_without_a_jump(self) -> None:
        space = Space(example_trace("2-2-2-2-2", 1, 2), PLANE)
        views = [space.follow(float(p)) for p in np.linspace(0, 4, 4001)]
        scales = np.array([v.scale for v in views])
        centres = np.stack([v.centre for v in views])
        assert np.abs(np.diff(np.log(scales))).max() < 0.02
        assert (np.abs(np.diff(centres, axis=0)).max(axis=1) * scales[1:]).max() < 0.1

    def test_the_same_scale_in_both_directions_in_any_rectangle(self) -> None:
        bounds = np.array([[[-4.0, 2.0], [0.0, 0.5]], [[-1.0, 1.0], [-3.0, 3.0]]])
        for rect in (Rect(0, 0, 8, 1), Rect(0, 0, 1, 8)):
            follow = Follow(rect, np.array([0.0, 1.0]), bounds, margin=0.0)
            for p, (low, high) in zip((0.0, 1.0), np.moveaxis(bounds, 2, 1), strict=True):
                (x0, y0), (x1, y1) = follow(p)(np.stack([low, high]))
                assert (x1 - x0) / (high - low)[0] == pytest.approx((y1 - y0) / (high - low)[1])
                assert rect.x0 - 1e-9 <= x0 < x1 <= rect.x1 + 1e-9
                assert rect.y0 - 1e-9 <= y0 < y1 <= rect.y1 + 1e-9

    def test_a_network_without_hidden_layers_has_one_view(self) -> None:
        space = Space(example_trace("2", 1), PLANE)
        placed = space.follow(0.0)(content(space))
        assert (np.abs(placed - PLANE.centre) <= PLANE.half).all()

    def test_regions_and_lines_are_followed_too(self) -> None:
        for trace in (interval_trace(), example_trace("2-2-2", 1, 5, DiscInAnnulus(n_per_class=8))):
            space = Space(trace, PLANE)
            for component in trace.dataset.components:
                for curve in component.curves:
                    x = curve.path(np.linspace(0, 1, 400))
                    for p in np.linspace(0, trace.n_layers, 37):
                        placed = space.follow(float(p))(moved(trace, x, float(p)))
                        assert (np.abs(placed - PLANE.centre) <= PLANE.half).all()


class TestNiceStep:
    @given(spans, st.integers(1, 40))
    def test_it_is_1_2_or_5_times_a_power_of_ten(self, span: float, count: int) -> None:
        step = nice_step(span, count)
        mantissa = step / 10.0 ** np.floor(np.log10(step) + 1e-9)
        assert min(abs(mantissa - m) for m in (1, 2, 5)) < 1e-6

    @given(spans, st.integers(1, 40))
    def test_it_is_the_smallest_that_gives_at_most_count_parts(self, span: float, count: int) -> None:
        step = nice_step(span, count)
        assert span / step <= count * (1 + 1e-6)
        assert span / step > count / 2.5 * (1 - 1e-6)

    @pytest.mark.parametrize(
        ("span", "count", "step"), [(2.4, 5, 0.5), (10, 5, 2), (1000, 1, 1000), (0.05, 5, 0.01)]
    )
    def test_examples(self, span: float, count: int, step: float) -> None:
        assert nice_step(span, count) == pytest.approx(step)


class TestTicks:
    @given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(1, 20))
    def test_they_are_all_multiples_inside_and_none_is_left_out(
        self, low: float, span: float, count: int
    ) -> None:
        high = low + span
        step = nice_step(high - low, count)
        values = ticks(low, high, step)
        assert len(values) <= count + 1
        np.testing.assert_allclose(values / step, np.rint(values / step), atol=1e-6)
        slack = 1e-6 * step
        assert (values >= low - slack).all()
        assert (values <= high + slack).all()
        if len(values):
            assert values[0] - step < low + slack
            assert values[-1] + step > high - slack
            np.testing.assert_allclose(np.diff(values), step, rtol=1e-6)

    def test_zero_is_exactly_zero(self) -> None:
        assert 0.0 in ticks(-1.3, 1.2, 0.5)
