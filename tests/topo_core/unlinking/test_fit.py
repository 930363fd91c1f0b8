"""Flows fitted to a motion: how well they follow it, and how gently."""

from typing import Any

import numpy as np
import pytest

from tests.topo_core.unlinking.example_links import FloatArray
from topo_core.errors import SpecError
from topo_core.lipschitz import changes_slowly
from topo_core.unlinking.fit import fitted_flows
from topo_core.unlinking.recipe import Fit, Unlinking


def motion(steps: int = 6) -> list[FloatArray]:
    """A ring that is lifted and turned."""
    angle = 2 * np.pi * np.arange(60) / 60
    ring = 2 * np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
    result = []
    for t in np.linspace(0, 1, steps):
        turn = np.array([[np.cos(t), 0, -np.sin(t)], [0, 1, 0], [np.sin(t), 0, np.cos(t)]])
        result.append(ring @ turn.T + [0, 0, t])
    return result


def test_they_arrive_where_the_motion_ends() -> None:
    x = motion()[0]
    flows = list(fitted_flows(motion(), Fit()))
    for flow in flows:
        x = flow(x)
    assert np.abs(x - motion()[-1]).max() < 0.3
    assert len(flows) >= 5


def test_they_change_slowly() -> None:
    for flow in fitted_flows(motion(), Fit(slope=0.2)):
        assert changes_slowly(flow, 0.6)
        places = np.random.default_rng(0).uniform(-4, 4, (2000, 3))
        assert np.linalg.norm(flow.jacobian(places), ord=2, axis=(1, 2)).max() < 0.3


def test_gentler_flows_are_more() -> None:
    counts = [len(list(fitted_flows(motion(), Fit(slope=slope)))) for slope in (0.6, 0.3, 0.1)]
    assert counts[0] < counts[1] < counts[2]


def test_the_seed_decides() -> None:
    first, again, other = (list(fitted_flows(motion(), Fit(), seed)) for seed in (1, 1, 2))
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a.vectors, b.vectors)
    assert any((a.vectors != b.vectors).any() for a, b in zip(first, other, strict=False))


def test_a_motion_that_rests_needs_none() -> None:
    assert list(fitted_flows([motion()[0]] * 3, Fit())) == []


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (Fit, "anchors", 0),
        (Fit, "scale", 0.0),
        (Fit, "ridge", -1.0),
        (Fit, "scale", float("nan")),
        (Fit, "slope", 1.0),
        (Fit, "slope", 0.0),
        (Unlinking, "vertices", 4),
        (Unlinking, "steps", 0),
        (Unlinking, "every", 0),
        (Unlinking, "noise", -1e-3),
        (Unlinking, "reach", float("inf")),
        (Unlinking, "margin", float("nan")),
    ],
)
def test_values_out_of_range(kind: Any, name: str, value: float) -> None:
    with pytest.raises(SpecError, match=f"{name} = {value}: must be "):
        kind(**{name: value})
