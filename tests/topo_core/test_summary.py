"""The table of what was measured, also for traces whose outcome some other program wrote."""

from typing import Any

import pytest

from tests.topo_core.example_traces import trace_fields
from topo_core.summary import description, metrics
from topo_core.trace import Trace


def trace_with(**outcome: Any) -> Trace:
    return Trace(**{**trace_fields(), "outcome": outcome})


def test_names_and_values_in_a_fixed_order() -> None:
    trace = trace_with(
        winding=[1, -1, None],
        gaps=[1 / 6, 2.6e-7, 0],
        largest_stretch=305.63584,
        thresholds=[
            {"unit": 0, "at": -0.51136, "side": "right"},
            {"unit": 1, "at": 1, "side": "left"},
            {"unit": 2, "at": None, "side": ""},
        ],
    )
    assert metrics(trace) == [
        ("largest stretch", "305.6"),
        ("gap over diameter, by layer", "0.1667, 2.6e-07, 0"),
        ("winding number, by layer", "1, -1, -"),
        ("unit 1 fires", "for x > -0.5114"),
        ("unit 2 fires", "for x < 1"),
        ("unit 3 fires", "everywhere alike"),
    ]


def test_they_are_columns_of_the_description() -> None:
    lines = description(trace_with(largest_stretch=2.0, gaps=[0.5])).splitlines()
    assert lines[-2:] == ["  largest stretch              2", "  gap over diameter, by layer  0.5"]


@pytest.mark.parametrize(
    "outcome",
    [
        {},
        {"largest_stretch": "much", "gaps": {"a": 1}, "winding": [True, "x"], "thresholds": 3},
        {"largest_stretch": True, "mean_stretch": None, "gaps": [[1.0]], "readout_norm": 10**400},
        {"thresholds": [3, {"unit": 1}, {"unit": "a", "at": 0.0, "side": "right"}]},
        {"thresholds": [{"unit": 0, "at": 0.5, "side": "above"}, {"unit": 0, "at": "x", "side": "left"}]},
    ],
)
def test_other_things_are_left_out(outcome: dict[str, Any]) -> None:
    assert metrics(trace_with(**outcome)) == []
    assert description(trace_with(**outcome))
