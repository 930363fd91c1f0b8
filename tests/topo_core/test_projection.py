"""Views of many dimensions: orthonormal, edge-on where they say so, and turned without a jump."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.topo_core.example_traces import example_trace
from topo_core.datasets import UserPoints
from topo_core.errors import TopoError
from topo_core.projection import (
    Projection,
    Turn,
    everything,
    facing,
    facing_view,
    following,
    padded,
    principal,
    views,
)

FloatArray = NDArray[np.float64]
seeds = st.integers(0, 2**32)


def frame(k: int, d: int, seed: int) -> FloatArray:
    result: FloatArray = np.linalg.qr(np.random.default_rng(seed).standard_normal((d, k)))[0].T
    return result


def orthonormal(axes: FloatArray) -> bool:
    return bool(np.abs(axes @ axes.T - np.eye(len(axes))).max() < 1e-12)


class TestViews:
    @given(seeds, st.integers(3, 12), st.integers(1, 3), st.integers(2, 30))
    def test_principal_components_are_the_largest(self, seed: int, d: int, k: int, n: int) -> None:
        points = np.random.default_rng(seed).standard_normal((n, d)) * np.arange(1, d + 1)
        view = principal(points, k)
        if d <= k:
            assert not view.what
            return
        assert orthonormal(view.axes)
        spectrum = np.linalg.svd(points - points.mean(axis=0), compute_uv=False) ** 2
        assert view.share == pytest.approx(spectrum[:k].sum() / spectrum.sum(), rel=1e-9)

    def test_points_that_do_not_vary_have_views_too(self) -> None:
        view = principal(np.ones((5, 4)))
        assert orthonormal(view.axes)
        assert view.share == 1
        assert orthonormal(principal(np.outer(np.arange(4.0), [1.0, 2.0, 2.0]), 2).axes)

    def test_what_needs_no_projection_is_seen_as_it_is(self) -> None:
        points = np.array([[1.0, 2.0], [3.0, 4.0]])
        assert principal(points)(points).tolist() == points.tolist()
        assert everything(2)(points[:, :1]).tolist() == [[1, 0], [3, 0]]
        assert principal(points).what == ""

    @given(seeds, st.integers(3, 10))
    def test_a_hyperplane_is_seen_edge_on(self, seed: int, d: int) -> None:
        rng = np.random.default_rng(seed)
        points, weight = rng.standard_normal((40, d)), rng.standard_normal((2, d))
        view = facing(points, weight)
        normal = weight[1] - weight[0]
        np.testing.assert_allclose(view.axes[0], normal / np.linalg.norm(normal), atol=1e-9)
        assert orthonormal(view.axes)

    @given(seeds, st.integers(3, 10))
    def test_so_are_those_of_three_classes(self, seed: int, d: int) -> None:
        rng = np.random.default_rng(seed)
        points, weight = rng.standard_normal((40, d)), rng.standard_normal((3, d))
        axes = facing(points, weight).axes
        differences = weight[1:] - weight[0]
        np.testing.assert_allclose((differences @ axes.T) @ axes, differences, atol=1e-9)

    def test_of_many_classes_the_name_promises_less(self) -> None:
        rng = np.random.default_rng(0)
        assert facing(rng.standard_normal((9, 6)), rng.standard_normal((5, 6))).what == "between the classes"
        assert facing(rng.standard_normal((9, 6)), np.ones((2, 6))).what == "principal components"

    def test_a_trace_has_one_for_each_representation_turned_to_fit(self) -> None:
        points = np.random.default_rng(0).standard_normal((30, 3))
        trace = example_trace("3-8-2-5", dataset=UserPoints(points, np.arange(30) % 3))
        found = views(trace)
        assert [view.axes.shape for view in found] == [(2, 3), (2, 8), (2, 2), (2, 5)]
        hidden = trace.representations(points)
        shadows = [view(h) - view(h).mean(axis=0) for view, h in zip(found, hidden, strict=True)]
        for k in (1, 3):  # no turn of the shadow fits the one before better
            best = np.linalg.svd(shadows[k].T @ shadows[k - 1], compute_uv=False).sum()
            assert np.trace(shadows[k].T @ shadows[k - 1]) == pytest.approx(best, rel=1e-9)
        assert facing_view(trace, found[-1]).what == "hyperplanes edge-on"


class TestTurns:
    @settings(max_examples=60)
    @given(seeds, st.integers(1, 3), st.integers(1, 5))
    def test_they_begin_and_end_as_given_and_stay_orthonormal(self, seed: int, k: int, more: int) -> None:
        first, second = frame(k, k + more, seed), frame(k, k + more, seed + 1)
        turn = Turn(first, second)
        assert turn(0.0) is first
        assert turn(1.0) is second
        times = np.linspace(0, 1, 21)
        frames = [turn(float(t)) for t in times]
        assert all(orthonormal(axes) for axes in frames)
        np.testing.assert_allclose(turn(1e-9), first, atol=1e-7)
        np.testing.assert_allclose(turn(1 - 1e-9), second, atol=1e-7)

    @given(seeds)
    def test_the_plane_takes_the_shortest_way(self, seed: int) -> None:
        first, second = frame(2, 6, seed), frame(2, 6, seed + 1)
        whole = np.arccos(np.clip(np.linalg.svd(first @ second.T, compute_uv=False), -1, 1))
        half = Turn(first, second)(0.5)
        part = np.arccos(np.clip(np.linalg.svd(first @ half.T, compute_uv=False), -1, 1))
        mirrored = np.linalg.det(np.linalg.svd(first @ second.T)[0] @ np.linalg.svd(first @ second.T)[2]) < 0
        if not mirrored:  # else one direction must turn the other way round
            np.testing.assert_allclose(np.sort(part), np.sort(whole / 2), atol=1e-6)

    def test_a_mirror_image_needs_another_dimension(self) -> None:
        mirror = np.diag([1.0, -1.0])
        with pytest.raises(TopoError, match="mirror image"):
            Turn(np.eye(2), mirror)(0.5)
        turn = Turn(padded(np.eye(2), 3), padded(mirror, 3))
        assert orthonormal(turn(0.5))
        assert abs(turn(0.5)[1, 2]) == pytest.approx(1)

    def test_no_turn_is_no_turn(self) -> None:
        axes = frame(2, 5, 0)
        np.testing.assert_allclose(Turn(axes, axes)(0.3), axes, atol=1e-12)


class TestFollowing:
    @given(seeds, st.integers(2, 3))
    def test_hyperplanes_stay_edge_on_and_nothing_jumps(self, seed: int, classes: int) -> None:
        rng = np.random.default_rng(seed)
        view, weight = frame(2, 7, seed), rng.standard_normal((classes, 7))
        axes = following(weight, view)
        assert orthonormal(axes)
        differences = weight[1:] - weight[0]
        np.testing.assert_allclose((differences @ axes.T) @ axes, differences, atol=1e-9)
        near = following(weight + 1e-9 * rng.standard_normal(weight.shape), view)
        assert np.abs(near - axes).max() < 1e-5

    def test_of_more_classes_the_view_rests(self) -> None:
        view = frame(2, 7, 0)
        assert following(np.random.default_rng(0).standard_normal((4, 7)), view) is view


def test_alignment_keeps_the_plane() -> None:
    rng = np.random.default_rng(0)
    points, shadow = rng.standard_normal((20, 5)), rng.standard_normal((20, 2))
    view = Projection(frame(2, 5, 1), "w")
    turned = view.aligned(points, shadow)
    np.testing.assert_allclose(turned.axes.T @ turned.axes, view.axes.T @ view.axes, atol=1e-12)
