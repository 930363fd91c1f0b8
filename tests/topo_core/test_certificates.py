"""What is claimed of traces whose answers are known, what is refused, and how reports read."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.topo_core.example_traces import FLOW_NETWORKS, NETWORKS, example_trace
from tests.topo_core.verification.claimed import traces
from topo_core.certificates import badge, certified, certify, is_current, verify
from topo_core.datasets import Spirals, UserPoints
from topo_core.errors import TraceError
from topo_core.handmade import handmade
from topo_core.trace import Trace
from topo_core.verification.facts import Budget
from topo_core.verification.layers import folds_at
from topo_core.verification.network import Affine
from topo_core.verification.report import Report, sentence
from topo_core.verification.table import as_lines, headline

Json = dict[str, Any]


def claims(trace: Trace, kind: str) -> list[Json]:
    return [claim for claim in trace.certificate["claims"] if claim["claim"] == kind]


def with_claims(trace: Trace, *made: object, **outcome: Any) -> Trace:
    return replace(trace, certificate={"claims": list(made)}, outcome=outcome or trace.outcome)


def said(claim: Json) -> Json:
    return {**claim, "says": sentence(claim)}


class TestWhatIsFound:
    def test_certificates_are_the_same_every_time_and_current(self) -> None:
        trace = traces()["annulus"]
        assert certify(trace) == trace.certificate
        assert is_current(trace.certificate)
        assert not is_current({})

    @pytest.mark.parametrize("network", [*NETWORKS, *FLOW_NETWORKS])
    def test_whatever_is_claimed_is_proven(self, network: str) -> None:
        trace = certified(replace(example_trace(network), outcome={}))
        report = verify(trace)
        assert report.proven
        assert all(checked.says == checked.claim["says"] != "" for checked in report.claims)

    def test_determinants_and_ranks(self) -> None:
        first, second = claims(traces()["annulus"], "homeomorphism")
        assert (first["by"], first["number"], second["number"]) == ("determinant", 1, 1)
        assert claims(traces()["mirrored"], "homeomorphism")[0]["number"] == -1
        assert claims(traces()["widening"], "homeomorphism")[0]["by"] == "rank"
        assert claims(traces()["cloud"], "homeomorphism")[0]["number"] < 1

    @pytest.mark.parametrize(
        ("name", "layer", "step", "cause"),
        [
            ("mirrored", 1, "linear", "mirrors"),
            ("folding", 2, "activation", "relu"),
            ("singular", 1, "linear", "singular"),
        ],
    )
    def test_where_the_animation_stops(self, name: str, layer: int, step: str, cause: str) -> None:
        (claim,) = claims(traces()[name], "not-isotopy")
        assert (claim["layer"], claim["step"], claim["because"]) == (layer, step, cause)

    def test_a_margin_is_that_of_a_dense_sample_or_a_little_less(self) -> None:
        trace = traces()["curves"]
        (claim,) = claims(trace, "separated")
        points, labels = trace.dataset.dense(20_000)
        normal = np.subtract(*trace.readout_weight[-1])
        ahead = np.subtract(*trace.logits(points).T) / np.linalg.norm(normal) * np.where(labels == 0, 1, -1)
        assert 0.9 * ahead.min() < claim["margin"] < ahead.min()

    def test_what_is_impossible(self) -> None:
        because = {name: [c["because"] for c in claims(t, "impossible")] for name, t in traces().items()}
        assert because["annulus"] == because["mirrored"] == ["surrounded"]
        assert because["interval"] == ["between"]
        assert because["tori"] == ["linked"]
        assert all(because[name] == [] for name in ("curves", "widening", "cloud", "folding"))

    def test_numbers_keep_or_change_their_sign(self) -> None:
        numbers = {name: claims(traces()[name], "winding")[0] for name in ("annulus", "mirrored", "widening")}
        assert {name: (n["input"], n["end"]) for name, n in numbers.items()} == {
            "annulus": (1, 1),
            "mirrored": (1, -1),
            "widening": (1, None),
        }
        (linking,) = claims(traces()["tori"], "linking")
        assert abs(linking["input"]) == 1
        assert linking["input"] == linking["end"]

    def test_the_theorem_gives_numbers_where_curves_are_not_followed(self) -> None:
        for name in ("annulus", "mirrored", "tori"):
            (followed,) = [c for c in verify(traces()[name]).claims if " number of " in c.says]
            report = verify(traces()[name], Budget(followed=0))
            assert report.proven
            (by_theorem,) = [c for c in report.claims if " number of " in c.says]
            assert "all layers are homeomorphisms" in by_theorem.why
            assert "homeomorphisms" not in followed.why

    def test_where_a_widening_relu_layer_folds(self) -> None:
        folds = handmade([([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [0.0, 0.0, 0.0])], "relu", dataset=Spirals())
        (claim,) = claims(certified(folds), "not-homeomorphism")
        assert folds_at(Affine(folds.weights[0][-1], folds.biases[0][-1], "relu"), claim["near"])
        assert not folds_at(Affine(folds.weights[0][-1], folds.biases[0][-1], "relu"), [1.0, 1.0])
        both = [[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]
        whole = certified(handmade([(both, np.zeros(4))], "relu", dataset=Spirals()))
        assert claims(whole, "homeomorphism") == claims(whole, "not-homeomorphism") == []

    def test_gelu_folds_and_elu_does_not(self) -> None:
        square = [([[1.0, 0.5], [0.0, 1.0]], [0.0, 0.0])]
        folds = certified(handmade(square, "gelu", dataset=Spirals(n_per_class=8)))
        assert claims(folds, "homeomorphism") == claims(folds, "isotopy") == []
        assert claims(folds, "not-homeomorphism")[0]["because"] == "gelu"
        (claim,) = claims(folds, "not-isotopy")
        assert (claim["step"], claim["because"]) == ("activation", "gelu")
        assert "before t = 1" in claim["says"]
        assert badge(folds) == ("not an isotopy: layer 1 folds space", False)
        assert not verify(with_claims(folds, said({**claim, "because": "relu"}))).proven
        smooth = certified(handmade(square, "elu", dataset=Spirals(n_per_class=8)))
        assert claims(smooth, "isotopy")

    def test_single_points_of_three_classes(self) -> None:
        rng = np.random.default_rng(0)
        points = rng.standard_normal((9, 2)) + np.repeat([[0, 0], [9, 0], [0, 9]], 3, axis=0)
        data = UserPoints(points=points, labels=np.repeat([0, 1, 2], 3))
        readout = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], [0.0, -5.0, -5.0]
        trace = certified(handmade([], dataset=data, readout=readout))
        assert [c["claim"] for c in trace.certificate["claims"]] == ["data", "accuracy", "separated"]
        mixed = UserPoints(points=points[::-1].copy() * [1, 0.1], labels=np.arange(9) % 3)
        found = claims(certified(handmade([], dataset=mixed, readout=readout)), "not-separable")
        assert found
        assert verify(certified(handmade([], dataset=mixed, readout=readout))).proven


class TestWhatIsRefused:
    def test_a_trace_that_claims_nothing(self) -> None:
        report = verify(example_trace())
        assert not report.proven
        assert headline(report) == "no claims"
        assert as_lines("it", report, 0.1) == [
            "it: it makes no claims, so nothing is proven. Train it again to have it certified."
        ]

    @pytest.mark.parametrize(
        ("claim", "verdict", "why"),
        [
            (7, "refuted", "does not say what is claimed"),
            ({"claim": "magic", "says": "\x1b[2J"}, "undecided", "not known to this version"),
            ({"claim": "isotopy", "says": "It is."}, "refuted", "missing or make no sense"),
            (said({"claim": "isotopy", "layers": 3, "swaps": [None]}), "refuted", "1 layer"),
            (said({"claim": "isotopy", "layers": 1, "swaps": [[0, 1]]}), "refuted", "other units"),
            ({"claim": "isotopy", "layers": 1, "swaps": [None], "says": "It is."}, "refuted", "its sentence"),
            (said({"claim": "separated", "margin": 5.0}), "undecided", "at least 0."),
            (said({"claim": "accuracy", "right": 31, "points": 32}), "refuted", "32 are right and 0 wrong"),
            (
                said({"claim": "not-separable", "representation": 9, "classes": [0, 1], "witness": []}),
                *("refuted", "only 1 layer"),
            ),
        ],
    )
    def test_a_claim(self, claim: object, verdict: str, why: str) -> None:
        report = verify(with_claims(traces()["curves"], claim))
        (checked,) = report.claims
        assert checked.verdict == verdict
        assert why in checked.why
        assert not report.proven
        assert "".join(as_lines("it", report, 0.1)).isprintable()

    def test_a_margin_where_the_distance_is_not_known(self) -> None:
        trace = traces()["curves"]  # the square of a huge weight overflows; two classes alike have no border
        huge = replace(
            trace, readout_weight=1e160 * trace.readout_weight, readout_bias=1e160 * trace.readout_bias
        )
        report = verify(with_claims(huge, said({"claim": "separated", "margin": 1000.0}), separated=True))
        assert [c.verdict for c in report.claims] == ["undecided"]

    @pytest.mark.parametrize("margin", [0.1234565, 1 / 3, 1e-7, 7])
    def test_sentences_state_no_more_than_their_numbers(self, margin: float) -> None:
        says = sentence({"claim": "separated", "margin": margin})
        assert float(says.split()[-1][:-1]) == margin

    @pytest.mark.parametrize(
        ("outcome", "why"),
        [
            ({"separated": False}, "apart by at least"),
            ({"separated": True, "wrong": 1}, "do not agree"),
            ({"separated": True, "margin": -0.1}, "do not agree"),
            ({"wrong": 0, "dense_points": 10, "accuracy": 0.9}, "do not agree"),
            ({"margin": 0.01}, "apart by at least"),
            ({"accuracy": 1.5}, "makes no sense"),
            ({"separated": "yes"}, "makes no sense"),
        ],
    )
    def test_an_outcome_that_cannot_be(self, outcome: Json, why: str) -> None:
        trace = traces()["curves"]
        report = verify(with_claims(trace, *trace.certificate["claims"], **outcome))
        assert not report.proven
        assert why in report.of("outcome")[0].why

    def test_a_budget_that_is_too_small(self) -> None:
        report = verify(traces()["curves"], Budget(margin=1))
        assert [c.verdict for c in report.claims if c.verdict != "proven"] == ["undecided"]
        assert certify(traces()["curves"], Budget(margin=1))["claims"] == [
            claim for claim in traces()["curves"].certificate["claims"] if claim["claim"] != "separated"
        ]

    def test_claims_that_ask_for_too_much_together(self) -> None:
        trace = traces()["annulus"]
        places, numbers = Budget(places=1), Budget(integers=0)
        for kind, budget in (("not-separable", places), ("misclassified", places), ("winding", numbers)):
            made = claims(trace, kind)
            assert made
            assert verify(with_claims(trace, *made)).proven
            found = verify(with_claims(trace, *made), budget)
            assert {c.verdict for c in found.claims} == {"undecided"}

    def test_files(self, tmp_path: Path) -> None:
        path = tmp_path / "a.npz"
        traces()["curves"].save(path)
        assert verify(path).proven
        path.write_bytes(path.read_bytes()[:-40])
        with pytest.raises(TraceError, match=r"^trace .*a\.npz: .*undamaged copy$"):
            verify(path)


class TestReports:
    def test_as_data(self) -> None:
        report = verify(traces()["cloud"])
        data = json.loads(json.dumps(report.as_data()))
        assert data["proven"] is True
        assert {*data["claims"][0]} == {"claim", "says", "verdict", "why", "seconds"}
        assert headline(report) == f"all {len(report.claims)} claims proven"

    def test_layers_of_a_kind_share_a_row(self) -> None:
        lines = "\n".join(as_lines("it", verify(traces()["annulus"]), 0.1))
        assert "Layers 1 to 2, each a homeomorphism onto its image: its determinant is positive" in lines
        assert all(len(line) <= 110 for line in lines.splitlines())

    def test_badges(self) -> None:
        assert badge(traces()["annulus"]) == ("isotopy proven", True)
        assert badge(verify(traces()["annulus"])) == ("isotopy proven", True)
        assert badge(traces()["mirrored"]) == ("not an isotopy: layer 1 mirrors space", False)
        assert badge(traces()["folding"]) == ("not an isotopy: layer 2 folds space", False)
        assert badge(traces()["singular"]) == ("not an isotopy: layer 1 collapses", False)

    def test_badges_about_other_claims(self) -> None:
        assert badge(traces()["annulus"], "impossible") == ("impossible: proven", True)
        assert badge(traces()["annulus"], "separated") == ("separation not proven", False)

    def test_badges_are_of_what_is_proven_only(self) -> None:
        lie = with_claims(traces()["mirrored"], *traces()["annulus"].certificate["claims"])
        for source in (lie, example_trace(), Report(())):
            assert badge(source) == ("isotopy not proven", False)
