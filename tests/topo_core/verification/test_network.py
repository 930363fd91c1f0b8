"""Enclosures of networks against the same formulas in plain NumPy, and of flows against many digits."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.topo_core.verification import plain
from topo_core.errors import TopoError
from topo_core.verification.fields import FlowStep, field, slopes
from topo_core.verification.intervals import Interval
from topo_core.verification.network import ACTIVATIONS, Affine, Jet
from topo_core.verification.pieces import Region, Spiral

kinds = pytest.mark.parametrize("kind", [*ACTIVATIONS, "flow"])


def jet_of(low: plain.FloatArray, high: plain.FloatArray) -> Jet:
    return Region(0, "A", 0.2, 1.5).jet(low, high)


def points_of(parameters: plain.FloatArray) -> plain.FloatArray:
    radius, angle = 0.2 + 1.3 * parameters[:, 0], 2 * np.pi * parameters[:, 1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


@kinds
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.sampled_from([1e-6, 1e-3, 0.05, 0.3]))
def test_values_and_derivatives_are_in_their_enclosures(kind: str, seed: int, size: float) -> None:
    rng = np.random.default_rng(seed)
    network = plain.random_network(seed, (2, 2, 2) if kind == "flow" else (2, 3, 2), kind)
    low = rng.random((20, 2)) * (1 - size)
    jet = network.representation(jet_of(low, low + size))
    inside = low + size * rng.random((20, 2))
    values = plain.representation(network, points_of(inside))
    slack = 1e-12 * (1 + np.abs(values))
    assert ((jet.value.lo - slack <= values) & (values <= jet.value.hi + slack)).all()
    centre = plain.representation(network, points_of(low + size / 2))
    assert np.abs(jet.centre.middle - centre).max() < 1e-11
    assert (jet.centre.hi - jet.centre.lo).max() < 1e-9
    for axis in range(2):  # by the mean value theorem, a difference quotient is a derivative inside
        step = np.zeros((20, 2))
        step[:, axis] = size / 2
        quotient = plain.representation(network, points_of(low + step)) - plain.representation(
            network, points_of(low)
        )
        quotient /= size / 2
        error = 1e-12 / size * (1 + np.abs(values))
        tangent = jet.tangent[:, :, axis]
        assert ((tangent.lo - error <= quotient) & (quotient <= tangent.hi + error)).all()


def test_boxes_of_half_the_size_have_a_quarter_of_the_excess() -> None:
    network, spiral = plain.random_network(3, (2, 2, 2, 2)), Spiral(0, "A", 0.75, 1)
    excess = []
    for n in (512, 1024, 2048):
        edges = np.linspace(0, 1, n + 1)[:, None]
        jet = network.representation(spiral.jet(edges[:-1], edges[1:]))
        ends = plain.representation(network, spiral.enclose(Interval.of(edges))[0].middle)
        width = np.maximum(ends[:-1], ends[1:]) - np.minimum(ends[:-1], ends[1:])
        excess.append((jet.value.hi - jet.value.lo - width).mean())
    assert excess[1] < 0.3 * excess[0]
    assert excess[2] < 0.3 * excess[1]


def exact_field(step: FlowStep, x: list[float]) -> tuple[list[mpmath.mpf], list[list[mpmath.mpf]]]:
    """F and J with many digits."""
    d = range(len(x))
    anchors, vectors = (
        [[mpmath.mpf(v) for v in row] for row in a.tolist()] for a in (step.anchors, step.vectors)
    )
    away = [[a[k] - mpmath.mpf(x[k]) for k in d] for a in anchors]
    f = [mpmath.exp(-sum(v * v for v in row) / (2 * mpmath.mpf(step.scale) ** 2)) for row in away]
    p = [value / (1 + sum(f)) for value in f]
    F = [sum(share * v[k] for share, v in zip(p, vectors, strict=True)) for k in d]
    rows = list(zip(p, vectors, away, strict=True))
    square = mpmath.mpf(step.scale) ** 2
    return F, [[sum(share * (v[i] - F[i]) * a[j] for share, v, a in rows) / square for j in d] for i in d]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.sampled_from([0.0, 1e-9, 0.01, 3.0]), far=st.sampled_from([1, 30]))
def test_fields_are_enclosed(seed: int, size: float, far: int) -> None:
    rng = np.random.default_rng(seed)
    d, scale = int(rng.integers(1, 4)), float(rng.uniform(0.1, 3))
    step = FlowStep(rng.standard_normal((4, d)), rng.standard_normal((4, d)), scale)
    low = far * rng.standard_normal((3, d))
    box = Interval(low, low + size)
    inside = np.clip(low + size * rng.random((3, d)), box.lo, box.hi)
    at, over, slope = field(step, Interval.of(inside), box)
    direct = slopes(step, box)[1]
    assert (direct.lo <= slope.lo).all()
    assert (slope.hi <= direct.hi).all()
    with mpmath.workdps(40):
        for k, x in enumerate(inside.tolist()):
            F, J = exact_field(step, x)
            for i in range(d):
                assert at.lo[k, i] <= F[i] <= at.hi[k, i]
                assert at.hi[k, i] - at.lo[k, i] < 1e-10
                assert over.lo[k, i] <= F[i] <= over.hi[k, i]
                for j in range(d):
                    assert slope.lo[k, i, j] <= J[i][j] <= slope.hi[k, i, j]


def test_derivatives_of_fields_have_little_excess() -> None:
    """The enclosure's width is that of the derivative itself, but for the square of the box's size."""
    rng = np.random.default_rng(0)
    step = FlowStep(rng.standard_normal((40, 3)), 0.2 * rng.standard_normal((40, 3)), 0.8)
    low = rng.standard_normal((8, 3))
    excess = []
    for size in (0.02, 0.01, 0.005):
        slope = field(step, Interval.of(low + size / 2), Interval(low, low + size))[2]
        corners = [low + size * np.array(corner) for corner in np.ndindex(2, 2, 2)]
        at = np.array([slopes(step, Interval.of(corner))[1].middle for corner in corners])
        excess.append((slope.hi - slope.lo - (at.max(axis=0) - at.min(axis=0))).mean())
    assert excess[1] < 0.3 * excess[0]
    assert excess[2] < 0.3 * excess[1]


def test_many_boxes_are_enclosed_as_one_by_one() -> None:
    rng = np.random.default_rng(0)
    step = FlowStep(rng.standard_normal((900, 2)), rng.standard_normal((900, 2)), 0.5)
    low = rng.standard_normal((25, 2))
    box = Interval(low, low + 0.1)
    together = field(step, Interval.of(low), box)
    for k in range(25):
        alone = field(step, Interval.of(low[k : k + 1]), box[k : k + 1])
        for a, b in zip(together, alone, strict=True):
            assert np.allclose(a.lo[k], b.lo[0], rtol=1e-12)


def test_what_is_no_layer_is_refused() -> None:
    with pytest.raises(TopoError, match=r"activation 'sine' has no enclosure; use one of tanh"):
        Affine(np.eye(2), np.zeros(2), "sine")
    with pytest.raises(TopoError, match=r"give \(out, in\) and \(out,\)"):
        Affine(np.eye(2), np.zeros(3), "tanh")
    with pytest.raises(TopoError, match="scale"):
        FlowStep(np.zeros((1, 2)), np.zeros((1, 2)), 0.0)
    with pytest.raises(TopoError, match=r"give \(m, d\) twice"):
        FlowStep(np.zeros((1, 2)), np.zeros((2, 2)), 1.0)
