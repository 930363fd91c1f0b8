"""Winding numbers of images of circles: known maps, and what cannot be decided."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.topo_core.example_traces import trace_fields
from topo_core.topology import surrounding
from topo_core.topology.surrounding import Winding, circle_windings
from topo_core.topology.winding import winding_number
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]


def trace_of(network: str, weights: list[Any], biases: list[Any] | None = None) -> Trace:
    """A trace of one snapshot with these hidden layers."""
    fields = trace_fields(network, snapshots=1)
    given = [np.array(w, dtype=float)[None] for w in weights]
    zero = [np.zeros((1, w.shape[1])) for w in given]
    offsets = zero if biases is None else [np.array(b, dtype=float)[None] for b in biases]
    return Trace(**{**fields, "weights": tuple(given), "biases": tuple(offsets)})


def numbers(trace: Trace, **options: Any) -> list[int | None]:
    return [winding.number for winding in circle_windings(trace, **options)]


def image(trace: Trace, n: int, radius: float = 0.5) -> tuple[list[FloatArray], list[FloatArray]]:
    """Every representation of ``n`` points of the circle and of its centre."""
    angle = 2 * np.pi * np.arange(n) / n
    circle = radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return trace.representations(circle), [h[0] for h in trace.representations(np.zeros((1, 2)))]


def test_the_sign_of_the_determinant() -> None:
    turn, mirror = [[0.0, -2.0], [2.0, 0.0]], [[1.0, 0.0], [0.0, -3.0]]
    assert numbers(trace_of("2-2-2-2", [turn, mirror, mirror])) == [1, 1, -1, 1]


def test_no_hidden_layer() -> None:
    assert circle_windings(trace_of("2", [])) == [Winding(1)]


def test_points_inside_and_outside() -> None:
    trace = trace_of("2-2", [[[1.0, 0.5], [-0.3, 2.0]]], [[0.4, -0.7]])
    assert numbers(trace, point=(0.49, 0.0)) == [1, 1]
    assert numbers(trace, point=(0.51, 0.0)) == [0, 0]
    assert numbers(trace, centre=(5.0, 0.0), radius=0.1) == [1, 1]
    assert numbers(trace, centre=(5.0, 0.0), radius=0.1, point=(0.0, 0.0)) == [0, 0]


def test_a_fold_covers_the_point_no_more() -> None:
    """|x|, built of ReLU units, folds the plane: the circle's image goes there and back."""
    split = [[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]]
    assert numbers(trace_of("2-3:linear-2:linear", [split, [[1, -1, 0], [0, 0, 1]]])) == [1, None, 1]
    fold = [[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    folding = trace_of("2-3:relu-2:linear", [split, fold], [[0, 0, 5], [-0.1, 0]])
    found = circle_windings(folding, point=(0.2, 0.0))
    assert [winding.number for winding in found] == [1, None, 0]
    assert found[1].reason == "Representation 1 has 3 dimensions: not a plane."


def test_what_is_flattened_cannot_be_decided() -> None:
    flat = circle_windings(trace_of("2-2", [[[1.0, 2.0], [2.0, 4.0]]]))
    assert flat[0] == Winding(1)
    assert flat[1].number is None
    assert flat[1].reason == "The curve comes too close to the point to tell."


def test_a_point_on_the_circle_cannot_be_decided() -> None:
    trace = trace_of("2-2", [[[1.0, 0.0], [0.0, 1.0]]])
    assert numbers(trace, point=(0.5, 0.0)) == [None, None]
    assert numbers(trace, point=(0.3, 0.4)) == [None, None]
    assert numbers(trace, point=(0.3 - 1e-9, 0.4)) == [1, 1]
    assert numbers(trace, point=(0.3 + 1e-9, 0.4)) == [0, 0]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32), st.integers(1, 6), st.floats(0.5, 4))
def test_homeomorphisms_keep_the_point_surrounded(seed: int, depth: int, gain: float) -> None:
    """The theorem: the product of the signs of the determinants, wherever it is decided."""
    rng = np.random.default_rng(seed)
    weights = [gain * rng.standard_normal((2, 2)) for _ in range(depth)]
    biases = [rng.standard_normal(2) for _ in range(depth)]
    trace = trace_of("-".join(["2"] * (depth + 1)), weights, biases)
    signs = np.cumprod([1, *(np.sign(np.linalg.det(w)) for w in weights)]).astype(int).tolist()
    found = numbers(trace)
    assert all(number in (None, sign) for number, sign in zip(found, signs, strict=True))
    assert found[:2] == signs[:2] or gain > 2
    circles, centres = image(trace, 20_000)
    for number, circle, centre in zip(found, circles, centres, strict=True):
        steps = np.linalg.norm(np.roll(circle, -1, axis=0) - circle, axis=1)
        fine = bool((steps < np.linalg.norm(circle - centre, axis=1)).all())
        if number is not None and fine:
            assert winding_number(circle, centre) == number


def test_the_boxes_hold_the_arcs() -> None:
    rng = np.random.default_rng(5)
    network = "2-2-2:softplus-2:sigmoid-2:leaky_relu"
    trace = trace_of(network, [2 * rng.standard_normal((2, 2)) for _ in range(4)])
    arcs = surrounding._Arcs(0.5, np.array([0.2, -0.1]), np.arange(16), np.full(16, 4))
    arcs = arcs.halved(np.arange(16) % 3 == 0)
    assert len(arcs.index) == 22
    s = np.concatenate(
        [(k + np.linspace(0, 1, 50)) * 0.5**d for k, d in zip(arcs.index, arcs.depth, strict=True)]
    )
    assert np.allclose(np.unique(s)[[0, -1]], [0, 1])
    assert (np.diff(s) >= -1e-15).all()  # one after the other
    points = arcs._at(s)
    for reached in range(trace.n_layers + 1):
        low, high = surrounding._enclosed(*arcs.boxes(), trace.layers[:reached])
        h = trace.representations(points)[reached].reshape(len(arcs.index), 50, 2)
        assert (low[:, None] <= h).all()
        assert (h <= high[:, None]).all()


def test_snapshots() -> None:
    fields = trace_fields("2-2", snapshots=2)
    fields["weights"] = (np.array([[[1.0, 0.0], [0.0, -1.0]], [[1.0, 0.0], [0.0, 1.0]]]),)
    fields["swaps"] = (None,)
    trace = Trace(**fields)
    assert numbers(trace, snapshot=0) == [1, -1]
    assert numbers(trace) == [1, 1]


@pytest.mark.parametrize("radius", [1e-6, 1.0, 100.0])
def test_any_radius(radius: float) -> None:
    trace = trace_of("2-2", [[[1.0, 0.2], [0.0, 1.0]]])
    assert numbers(trace, radius=radius) == [1, 1]
