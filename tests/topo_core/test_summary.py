"""The table of what was measured, also for traces whose outcome some other program wrote."""

from typing import Any
from unittest.mock import patch

import pytest

from tests.topo_core.example_traces import trace_fields
from topo_core.summary import Isotopy, description, isotopies, metrics, proven_margin, summary
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


class TestIsotopies:
    def test_a_flow_is_proven_if_its_certificate_does_not_say_so(self) -> None:
        trace = Trace(**trace_fields("3-3:flow*3"))
        assert isotopies(trace) == [Isotopy(True, "", "weights")] * 3
        assert "  layers 1 to 3 flow: isotopic to the identity" in description(trace).splitlines()

    def test_what_the_certificate_says_is_said_to_come_from_there(self) -> None:
        trace = Trace(**{**trace_fields("3-3:flow*3"), "certificate": {"layers": [True, True, True]}})
        with patch("topo_core.steps.changes_slowly", side_effect=AssertionError("proven once more")):
            assert isotopies(trace) == [Isotopy(True, "", "certificate")] * 3
            assert "layers 1 to 3 flow: isotopic to the identity (by its certificate)" in description(trace)
            assert [layer["evidence"] for layer in summary(trace)["layers"]] == ["certificate"] * 3

    def test_single_claims_are_found(self) -> None:
        claims = [{"claim": "homeomorphism", "layer": 2}, {"claim": "data"}, {"claim": "homeomorphism"}, 3]
        trace = Trace(**{**trace_fields("3-3:flow*3"), "certificate": {"claims": claims}})
        assert [layer.evidence for layer in isotopies(trace)] == ["weights", "certificate", "weights"]

    def test_the_margin_that_is_proven(self) -> None:
        fields = trace_fields("3-3:flow")
        for claims, wanted in (
            ([{"claim": "data"}, {"claim": "separated", "margin": 1.25}], 1.25),
            ([{"claim": "separated", "margin": "1"}, {"claim": "separable", "margin": 1.5}], None),
            (None, None),
        ):
            assert proven_margin(Trace(**{**fields, "certificate": {"claims": claims}})) == wanted

    def test_nobody_is_told_of_a_proof_that_was_not_found(self) -> None:
        fields = trace_fields("3-3:flow*3")
        for noted in ([True, False, True], [True], "yes", None):
            found = isotopies(Trace(**{**fields, "certificate": {"layers": noted}}))
            assert found[1] == Isotopy(True, "", "weights")

    def test_only_of_flows_is_the_certificate_believed(self) -> None:
        fields = trace_fields("2-2:relu-2:flow")
        found = isotopies(Trace(**{**fields, "certificate": {"layers": [True, True]}}))
        assert not found[0].isotopic
        assert "ReLU is not injective" in found[0].reason
        assert (found[0].evidence, found[1].evidence) == ("weights", "certificate")

    def test_long_lists_are_shortened(self) -> None:
        gaps = [0.5, *(0.25 + 0.01 * k for k in range(20)), 0.75]
        shown = dict(metrics(trace_with(gaps=gaps, linking=[0] * 13, winding=[1, None] * 7)))
        assert shown["gap over diameter, by layer"] == "0.5 ... 0.75, all from 0.25 to 0.75"
        assert shown["linking number, by layer"] == "0 everywhere"
        assert shown["winding number, by layer"] == "1 ... -, all from 1 to 1"
