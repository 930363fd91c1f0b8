"""Sampled curves: smooth wherever a network stretches them, and cheap wherever it does not."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scenes.kit.motion import flat
from scenes.kit.sampling import Samples, curves, sample, straight_lines
from scenes.kit.space import Space
from scenes.kit.stage import PLANE
from tests.scenes.example_films import annulus_trace, written_trace
from tests.topo_core.example_traces import example_trace, trace_fields
from topo_core.trace import Trace

TOLERANCE = 0.004
#: The middle of a piece is checked, and an arc is a little farther from its chord elsewhere.
SLACK = 1.25


def stretched(network: str, gain: float, seed: int) -> Trace:
    """A random trace with its weights times ``gain``."""
    fields = trace_fields(network, 1, seed)
    return Trace(**{**fields, "weights": tuple(gain * w for w in fields["weights"])})


def moved(trace: Trace, x: np.ndarray, position: float) -> np.ndarray:
    layer = min(int(position), trace.n_layers)
    return flat(trace.evaluate(x, layer, position - layer))


def identity(x: np.ndarray) -> np.ndarray:
    return x[None]


def gap(line: np.ndarray, true: np.ndarray) -> float:
    """Largest distance from points ``(n, 2)`` to a polyline ``(m, 2)``."""
    a, chord = line[:-1], np.diff(line, axis=0)
    length = np.maximum((chord**2).sum(-1), 1e-30)
    worst = 0.0
    for points in np.array_split(true, max(1, len(true) * len(a) // 200_000)):
        along = ((points[:, None] - a) * chord).sum(-1) / length
        feet = a + np.clip(along, 0, 1)[..., None] * chord
        distance = np.linalg.norm(points[:, None] - feet, axis=-1).min(axis=1)
        worst = max(worst, float(distance.max()))
    return worst


def chord_gap(parameters: np.ndarray, line: np.ndarray, s: np.ndarray, true: np.ndarray) -> float:
    """Largest distance from true points at ``s`` to the chord between the samples around them."""
    piece = np.clip(np.searchsorted(parameters, s, side="right") - 1, 0, len(parameters) - 2)
    a, chord = line[piece], line[piece + 1] - line[piece]
    length = np.maximum((chord**2).sum(-1), 1e-30)
    along = np.clip(((true - a) * chord).sum(-1) / length, 0, 1)
    return float(np.linalg.norm(true - a - along[:, None] * chord, axis=-1).max())


def grid_lines(space: Space) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of every vertical and horizontal grid line, ``(lines, 2)`` each."""
    (x0, x1), (y0, y1) = space.domain
    multiples = space.spacing * np.arange(-100, 101)
    upright = [((x, y0), (x, y1)) for x in multiples if x0 < x < x1]
    level = [((x0, y), (x1, y)) for y in multiples if y0 < y < y1]
    low, high = np.array(upright + level).transpose(1, 0, 2)
    return low, high


class TestOneCurve:
    def test_a_straight_line_that_stays_straight_is_cheap(self) -> None:
        lines = straight_lines(np.zeros((3, 2)), np.array([[1.0, 0.0], [5.0, 5.0], [0.0, 0.0]]))

        def affine(x: np.ndarray) -> np.ndarray:
            return np.stack([t * x @ np.array([[1.0, 40.0], [0.0, 9.0]]) + t for t in (0, 0.5, 1)])

        samples = sample(lines, 3, affine)
        assert len(samples.points) <= 3 * 33

    def test_a_circle_is_smooth_and_not_oversampled(self) -> None:
        def circle(s: np.ndarray) -> np.ndarray:
            return np.stack([np.cos(2 * np.pi * s), np.sin(2 * np.pi * s)], axis=1)

        samples = sample(curves([circle]), 1, identity, tolerance=TOLERANCE)
        true = circle(np.random.default_rng(0).random(4000))
        assert gap(samples.points, true) <= TOLERANCE * 1.001
        ideal = np.pi / np.arccos(1 - TOLERANCE)
        assert len(samples.points) <= 4 * ideal

    def test_it_refines_only_where_the_curve_bends(self) -> None:
        def corner(x: np.ndarray) -> np.ndarray:
            return np.stack([x[:, 0], np.tanh(60 * (x[:, 0] - 0.3))], axis=1)[None]

        samples = sample(straight_lines(np.array([[-1.0, 0.0]]), np.array([[1.0, 0.0]])), 1, corner)
        at_the_bend = np.abs(samples.points[:, 0] - 0.3) < 0.1
        assert at_the_bend.mean() / 0.2 > 3 * (~at_the_bend).mean() / 1.8
        assert len(samples.points) < 60

    def test_a_bend_at_any_instant_counts(self) -> None:
        def motion(x: np.ndarray) -> np.ndarray:
            bump = np.exp(-50 * x[:, 0] ** 2)
            return np.stack([np.stack([x[:, 0], h * bump], axis=1) for h in (0.0, 1.0, 0.0)])

        line = straight_lines(np.array([[-1.0, 0.0]]), np.array([[1.0, 0.0]]))
        samples = sample(line, 1, motion)
        true = np.stack([np.linspace(-1, 1, 5000), np.zeros(5000)], axis=1)
        assert gap(motion(samples.points)[1], motion(true)[1]) <= SLACK * TOLERANCE

    def test_a_crease_between_the_first_samples_is_not_missed(self) -> None:
        """A steep step that doubles back: the middle of the piece lies on its chord."""

        def motion(x: np.ndarray) -> np.ndarray:
            t = x[:, 0]
            excursion = np.tanh(300 * (t - 0.02)) - np.tanh(300 * (t - 0.045))
            return np.stack([t, excursion], axis=1)[None]

        line = straight_lines(np.array([[0.0, 0.0]]), np.array([[1.0, 0.0]]))
        samples = sample(line, 1, motion)
        true = np.stack([np.linspace(0, 1, 20_000), np.zeros(20_000)], axis=1)
        assert gap(motion(samples.points)[0], motion(true)[0]) <= SLACK * TOLERANCE

    def test_a_finer_tolerance_gives_more_points(self) -> None:
        def wave(s: np.ndarray) -> np.ndarray:
            return np.stack([s, np.sin(9 * s)], axis=1)

        counts = [len(sample(curves([wave]), 1, identity, tolerance=t).points) for t in (0.1, 0.01, 0.001)]
        assert counts == sorted(set(counts))


class TestSamples:
    def test_every_curve_keeps_its_ends_and_its_order(self) -> None:
        low, high = np.array([[0.0, 0.0], [2.0, 1.0]]), np.array([[1.0, 1.0], [2.0, -9.0]])

        def bent(x: np.ndarray) -> np.ndarray:
            return np.tanh(3 * x)[None]

        samples = sample(straight_lines(low, high), 2, bent)
        parts = samples.split(samples.points)
        assert len(parts) == 2
        for part, a, b in zip(parts, low, high, strict=True):
            np.testing.assert_array_equal(part[0], a)
            np.testing.assert_array_equal(part[-1], b)
            along = (part - a) @ (b - a)
            assert (np.diff(along) > 0).all()

    def test_split_cuts_any_values_at_the_curves(self) -> None:
        samples = Samples(np.zeros((5, 2)), np.array([0, 2, 5]))
        first, second = samples.split(np.arange(5))
        assert (first.tolist(), second.tolist()) == ([0, 1], [2, 3, 4])

    def test_curves_with_different_paths_stay_apart(self) -> None:
        paths: list[Callable[[np.ndarray], np.ndarray]] = [
            lambda s: np.stack([s, 0 * s], axis=1),
            lambda s: np.stack([s, 1 + s**2], axis=1),
        ]
        first, second = (samples := sample(curves(paths), 2, identity)).split(samples.points)
        assert (first[:, 1] == 0).all()
        np.testing.assert_allclose(second[:, 1], 1 + second[:, 0] ** 2)


class TestAlongANetwork:
    @settings(max_examples=10, deadline=None)
    @given(
        st.sampled_from(["2-2", "2-2-2", "2-2-2-2-2", "2-2:softplus-2:sigmoid"]),
        st.sampled_from([1.0, 2.0, 4.0]),
        st.integers(0, 10_000),
    )
    @example("2-2-2", 4.0, 44)
    @example("2-2-2", 3.0, 40)
    @example("2-2-2-2-2", 4.0, 77)
    def test_no_chord_of_the_grid_leaves_the_true_line(self, network: str, gain: float, seed: int) -> None:
        trace = stretched(network, gain, seed)
        space = Space(trace, PLANE)
        low, high = grid_lines(space)
        positions = np.linspace(0, trace.n_layers, 24 * trace.n_layers + 1)

        def motion(x: np.ndarray) -> np.ndarray:
            return np.stack([space.follow(float(p))(moved(trace, x, float(p))) for p in positions])

        samples = sample(straight_lines(low, high), len(low), motion, tolerance=TOLERANCE)
        rng = np.random.default_rng(seed)
        for start, end, points in zip(low, high, samples.split(samples.points), strict=True):
            parameters = (points - start) @ (end - start) / ((end - start) @ (end - start))
            s = np.sort(rng.random(4000))
            true = start + s[:, None] * (end - start)
            for p in (*rng.choice(positions, 5, replace=False), trace.n_layers):
                view = space.follow(float(p))
                placed, exact = (view(moved(trace, x, float(p))) for x in (points, true))
                assert chord_gap(parameters, placed, s, exact) <= SLACK * TOLERANCE, f"at {p}"

    @pytest.mark.parametrize(
        ("network", "gain", "seed"),
        [("2-2-2-2-2", 1.0, 3), ("2-2-2", 3.0, 40), ("2-2-2", 4.0, 44), ("2-2-2-2-2", 4.0, 77)],
    )
    def test_what_a_space_places_is_smooth_at_every_position(
        self, network: str, gain: float, seed: int
    ) -> None:
        """To a pixel at 1080p, also between the instants that were looked at."""
        trace = stretched(network, gain, seed)
        space = Space(trace, PLANE)
        space.prepare(0, trace.n_layers)
        s = np.random.default_rng(seed).random(2000)
        low, high = grid_lines(space)
        lines = [a + s[:, None] * (b - a) for a, b in zip(low, high, strict=True)]
        components = [curve.path(s) for c in trace.dataset.components for curve in c.curves]
        (x0, x1), (y0, _) = space.domain
        bottom = np.stack([x0 + s * (x1 - x0), np.full_like(s, y0)], axis=1)
        for p in np.random.default_rng(1).uniform(0, trace.n_layers, 6):
            view = space.follow(float(p))
            grid = space.placed("grid", float(p))
            placed = [*grid[::4], *space.placed("curves", float(p)), space.placed("boundary", float(p))[0]]
            for line, x in zip(placed, [*lines[::4], *components, bottom], strict=True):
                assert gap(line, view(moved(trace, x, float(p)))) <= 2 * TOLERANCE, f"at {p}"

    def test_gentle_networks_stay_cheap(self) -> None:
        space = Space(written_trace(), PLANE)
        space.prepare(0, 2)
        grid = space.placed("grid", 0.0)
        assert sum(map(len, grid)) <= 60 * len(grid)

    def test_at_rest_at_the_input_straight_lines_cost_least(self) -> None:
        space = Space(written_trace(), PLANE)
        for line in space.placed("grid", 0.0):
            assert len(line) <= 33

    def test_points_at_whole_layers_are_exactly_those_of_the_trace(self) -> None:
        for trace in (written_trace(), annulus_trace(), example_trace("1-2-2-1", 1), example_trace("2", 1)):
            space = Space(trace, PLANE)
            space.prepare(0, trace.n_layers)
            data = trace.dataset.points
            for k in range(trace.n_layers + 1):
                (placed,) = space.carried("data", (data,), float(k))
                exact = flat(trace.evaluate(data, k))
                np.testing.assert_array_equal(placed, space.follow(float(k))(exact))
