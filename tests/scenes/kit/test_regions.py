"""Decision regions: exact vertices, right areas, nothing uncovered, and straight at the other end."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.kit.regions import Regions, decision_regions
from tests.scenes.example_films import linear_trace, three_class_trace, written_trace
from tests.topo_core.example_traces import trace_fields
from topo_core.trace import Trace

Classifier = Callable[[np.ndarray], np.ndarray]

WINDOW = np.array([[-1.0, 2.0], [-0.5, 1.5]])
CELL = 3.0 / 119  # the width of a cell at a resolution of 120


def linear(*rows: tuple[float, float, float]) -> Classifier:
    """Logits ``a x + b y + c`` for each class."""
    table = np.array(rows)

    def classify(x: np.ndarray) -> np.ndarray:
        return x @ table[:, :2].T + table[:, 2]

    return classify


def disc(radius: float) -> Classifier:
    """Class 1 inside a circle about (0.5, 0.5)."""

    def classify(x: np.ndarray) -> np.ndarray:
        return np.stack([((x - 0.5) ** 2).sum(axis=1), np.full(len(x), radius**2)], axis=1)

    return classify


def area(ring: np.ndarray) -> float:
    """Signed area of a polygon."""
    x, y = ring.T
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2)


def covered(rings: tuple[np.ndarray, ...]) -> float:
    """Area of rings whose holes run the other way."""
    return abs(sum(area(ring) for ring in rings))


def inside(rings: tuple[np.ndarray, ...], points: np.ndarray) -> np.ndarray:
    """Which points are inside by the even-odd rule."""
    odd = np.zeros(len(points), dtype=bool)
    for ring in rings:
        a, b = ring, np.roll(ring, -1, axis=0)
        for (ax, ay), (bx, by) in zip(a, b, strict=True):
            if ay != by:
                spans = (points[:, 1] >= min(ay, by)) & (points[:, 1] < max(ay, by))
                odd ^= spans & (points[:, 0] < ax + (points[:, 1] - ay) * (bx - ax) / (by - ay))
    return odd


def tie(logits: np.ndarray) -> np.ndarray:
    """Difference of the two largest logits."""
    ranked = np.sort(logits, axis=1)
    return ranked[:, -1] - ranked[:, -2]


def on_the_edge(points: np.ndarray, window: np.ndarray) -> np.ndarray:
    return np.isclose(points[:, :, None], window, atol=1e-12).any(axis=(1, 2))


def random_trace(network: str, seed: int) -> Trace:
    return Trace(**trace_fields(network, 1, seed))


class TestVertices:
    @pytest.mark.parametrize(
        "classify",
        [linear((0, 0, 0), (1, 2, -0.3)), disc(0.6), linear((1, 0, 0), (-1, 0.5, 0.1), (0, -1, 0.4))],
    )
    def test_boundaries_are_exact_ties(self, classify: Classifier) -> None:
        regions = decision_regions(classify, WINDOW, 120)
        assert regions.boundaries
        for line in regions.boundaries:
            assert tie(classify(line)).max() < 1e-12

    def test_region_vertices_are_ties_or_on_the_edge_of_the_window(self) -> None:
        classify = disc(1.2)  # runs out of the window
        for rings in decision_regions(classify, WINDOW, 120).polygons:
            for ring in rings:
                free = ~on_the_edge(ring, WINDOW)
                assert free.any()
                assert tie(classify(ring[free])).max() < 1e-12

    @settings(max_examples=15, deadline=None)
    @given(st.sampled_from(["2-2", "2-2-2", "2-2:relu-2"]), st.integers(0, 10_000))
    def test_of_a_network_too(self, network: str, seed: int) -> None:
        trace = random_trace(network, seed)
        scale = np.abs(trace.logits(np.array([[-1.0, -0.5], [2.0, 1.5]]))).max() + 1
        for line in decision_regions(trace.logits, WINDOW, 60).boundaries:
            assert tie(trace.logits(line)).max() < 1e-9 * scale

    def test_a_tie_exactly_on_a_grid_point_is_kept(self) -> None:
        window = np.array([[-1.0, 1.0], [-1.0, 1.0]])
        (line,) = decision_regions(linear((0, 0, 0), (1, 0, 0)), window, 21).boundaries
        np.testing.assert_allclose(line[:, 0], 0, atol=1e-15)
        np.testing.assert_allclose(np.sort(line[:, 1])[[0, -1]], [-1, 1])


class TestAreas:
    @settings(max_examples=30, deadline=None)
    @given(st.floats(0, 2 * np.pi), st.floats(-0.9, 0.9))
    def test_a_linear_readout_cuts_off_what_geometry_says(self, angle: float, offset: float) -> None:
        a, b = np.cos(angle), np.sin(angle)
        window = np.array([[-1.0, 1.0], [-1.0, 1.0]])
        regions = decision_regions(linear((0, 0, 0), (a, b, -offset)), window, 40)
        square = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
        kept = clipped(square, a, b, offset)
        expected = abs(area(kept)) if len(kept) > 2 else 0.0
        assert covered(regions.polygons[1]) == pytest.approx(expected, abs=1e-9)
        assert covered(regions.polygons[0]) == pytest.approx(4 - expected, abs=1e-9)

    def test_a_disc(self) -> None:
        regions = decision_regions(disc(0.7), WINDOW, 320)
        assert covered(regions.polygons[1]) == pytest.approx(np.pi * 0.7**2, rel=1e-4)

    def test_the_region_around_a_hole_has_the_hole(self) -> None:
        regions = decision_regions(disc(0.7), WINDOW, 320)
        assert len(regions.polygons[0]) == 2
        assert covered(regions.polygons[0]) == pytest.approx(6 - np.pi * 0.7**2, rel=1e-4)
        probes = np.array([[0.5, 0.5], [0.5, 1.0], [-0.9, -0.4], [1.9, 1.4]])
        assert inside(regions.polygons[0], probes).tolist() == [False, False, True, True]
        assert inside(regions.polygons[1], probes).tolist() == [True, True, False, False]

    def test_one_class_everywhere(self) -> None:
        regions = decision_regions(linear((0, 0, 0), (0, 0, 1)), WINDOW, 20)
        assert regions.boundaries == ()
        assert regions.polygons[0] == ()
        assert covered(regions.polygons[1]) == pytest.approx(6)


class TestTiling:
    @settings(max_examples=15, deadline=None)
    @given(st.sampled_from(["2-2", "2-2-2", "2-2:linear-2"]), st.integers(0, 10_000))
    def test_two_classes_tile_the_window(self, network: str, seed: int) -> None:
        regions = decision_regions(random_trace(network, seed).logits, WINDOW, 80)
        total = sum(covered(rings) for rings in regions.polygons)
        assert total == pytest.approx(6, rel=1e-3)

    @pytest.mark.parametrize("seed", range(4))
    def test_many_classes_tile_the_window(self, seed: int) -> None:
        rows = np.random.default_rng(seed).standard_normal((5, 3))
        classify = linear(*map(tuple, rows))
        regions = decision_regions(classify, WINDOW, 120)
        assert len(regions.polygons) == 5
        total = sum(covered(rings) for rings in regions.polygons)
        assert total == pytest.approx(6, rel=1e-3)

    @pytest.mark.parametrize("classes", [2, 3, 5])
    def test_each_point_is_in_the_region_of_its_class(self, classes: int) -> None:
        classify = linear(*map(tuple, np.random.default_rng(7).standard_normal((classes, 3))))
        points = np.random.default_rng(8).uniform(WINDOW[:, 0], WINDOW[:, 1], (300, 2))
        clear = tie(classify(points)) > 4 * CELL
        assert clear.sum() > 200
        predicted = classify(points).argmax(axis=1)
        for label, rings in enumerate(decision_regions(classify, WINDOW, 120).polygons):
            np.testing.assert_array_equal(inside(rings, points)[clear], (predicted == label)[clear])

    def test_everything_is_inside_the_window(self) -> None:
        regions = decision_regions(three_class_trace().logits, WINDOW, 60)
        for points in (*regions.boundaries, *(r for rings in regions.polygons for r in rings)):
            assert (points >= WINDOW[:, 0]).all()
            assert (points <= WINDOW[:, 1]).all()


class TestCarriedForward:
    def distances(self, trace: Trace, regions: Regions) -> np.ndarray:
        """Distances of the pushed-forward boundary from the classification line."""
        weight, bias = trace.readout_weight[-1], trace.readout_bias[-1]
        normal, offset = weight[1] - weight[0], bias[1] - bias[0]
        final = trace.evaluate(np.concatenate(regions.boundaries), trace.n_layers)
        return np.abs(final @ normal + offset) / np.linalg.norm(normal)

    def test_the_boundary_ends_on_the_classification_line(self) -> None:
        trace = written_trace()
        window = np.array([[-1.08, 1.08], [-1.08, 1.08]])
        assert self.distances(trace, decision_regions(trace.logits, window)).max() < 1e-6

    def test_without_hidden_layers_it_is_the_line_already(self) -> None:
        trace = linear_trace()
        regions = decision_regions(trace.logits, WINDOW)
        assert len(regions.boundaries) == 1
        assert self.distances(trace, regions).max() < 1e-12

    @settings(max_examples=15, deadline=None)
    @given(st.sampled_from(["2-2", "2-2-2", "2-2-2-2-2"]), st.integers(0, 10_000))
    def test_on_random_networks(self, network: str, seed: int) -> None:
        trace = random_trace(network, seed)
        regions = decision_regions(trace.logits, WINDOW, 60)
        if regions.boundaries:
            assert self.distances(trace, regions).max() < 1e-6

    def test_regions_stay_on_their_side(self) -> None:
        trace = written_trace()
        window = np.array([[-1.08, 1.08], [-1.08, 1.08]])
        for label, rings in enumerate(decision_regions(trace.logits, window).polygons):
            logits = trace.logits(np.concatenate(rings))
            assert (logits[:, label] - logits[:, 1 - label]).min() > -1e-9


def clipped(polygon: np.ndarray, a: float, b: float, offset: float) -> np.ndarray:
    """The part of a convex polygon where ``a x + b y >= offset`` (Sutherland and Hodgman, 1974)."""
    height = polygon @ [a, b] - offset
    result = []
    for i in range(len(polygon)):
        j = (i + 1) % len(polygon)
        if height[i] >= 0:
            result.append(polygon[i])
        if (height[i] >= 0) != (height[j] >= 0):
            share = height[i] / (height[i] - height[j])
            result.append(polygon[i] + share * (polygon[j] - polygon[i]))
    return np.array(result)
