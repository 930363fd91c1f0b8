"""The scene about certificates shows what the verification proves, and what it notices."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from scenes.essay.certificate import WhatACertificateIs, tampered
from scenes.essay.parts.claim_list import ClaimList
from scenes.essay.parts.enclosed import Enclosed
from scenes.essay.parts.exact_numbers import ExactNumbers, exact_determinant
from scenes.kit import Rect, Stage
from scenes.kit.theme import DARK
from tests.scenes.essay_scenes import Seen
from tests.scenes.pictures import texts
from topo_core.certificates import certified, verify
from topo_core.datasets import Spirals
from topo_core.errors import TopoError
from topo_core.handmade import handmade
from topo_core.trace import Trace

RECT = Rect(-6.0, -3.0, 6.0, 3.0)


def short_arcs() -> Trace:
    """Two short arcs on two sides of a line, and a layer that leaves them there."""
    weight = np.array([[1.0, 0.25], [-0.5, 0.75]])
    back = np.linalg.inv(weight)
    normal = np.array([[0.0, 1.0], [0.0, -1.0]]) @ back
    trace = handmade(
        [(weight, np.zeros(2))],
        "tanh",
        dataset=Spirals(turns=0.25, n_per_class=20),
        readout=(4 * normal, np.zeros(2)),
    )
    return certified(trace)


@pytest.fixture(scope="module")
def trace() -> Trace:
    return short_arcs()


@pytest.fixture(scope="module")
def seen(trace: Trace) -> Seen:
    return Seen(type("Given", (WhatACertificateIs,), {"trace": trace}), {})


def test_sections_in_order(seen: Seen) -> None:
    assert seen.sections == [
        "A film is a sample",
        "Boxes",
        "No rounding",
        "The certificate",
        "One number changed",
    ]


def test_boxes_hold_what_they_enclose(trace: Trace) -> None:
    stage = Stage(trace, DARK, panel=False).at(1.0)
    enclosed = Enclosed(stage)
    enclosed.state.boxes = 1.0
    for generation in range(enclosed.generations):
        enclosed.state.generation = float(generation)
        now = enclosed._now()
        for component in trace.dataset.components:
            image = trace.evaluate(component.curves[0].path(np.linspace(0, 1, 500)), 1)
            own = now.label == component.label
            inside = (now.low[own][:, None] <= image) & (image <= now.high[own][:, None])
            assert inside.all(axis=2).any(axis=0).all(), "a point of the curve is in no box"
        assert enclosed.n_done() <= enclosed.n_boxes() == len(now.low)


def test_what_is_called_proven_is_proven(trace: Trace, seen: Seen) -> None:
    report = verify(trace)
    proven = seen.scene.enclosed.proven
    (separated,) = report.of("separated") or report.of("misclassified")
    assert proven == (separated.claim["claim"] == "separated")
    assert ("is on its side: proven." in seen.words("Boxes")) == proven


def test_determinants_are_exact(trace: Trace) -> None:
    weight = trace.layers[0].weight
    assert exact_determinant(weight) == Fraction(7, 8)
    shown = ExactNumbers(trace, RECT, DARK)
    assert shown.all_positive
    shown.state.shown = 1.0
    assert "7" in [text.content for text in texts(shown)]
    assert not ExactNumbers(handmade([(np.ones((2, 2)), np.zeros(2))]), RECT, DARK).all_positive
    nearly = np.array([[1.0, 1.0], [1.0, np.nextafter(1.0, 2.0)]])
    assert exact_determinant(nearly) == Fraction(1, 2**52)


def test_claims_are_marked_as_the_checker_has_them(trace: Trace, seen: Seen) -> None:
    assert "not proven" not in seen.words("The certificate")
    changed = ClaimList(verify(tampered(trace)), RECT, DARK)
    refused = sum(not proven for _, proven in changed.rows)
    assert refused > 0
    assert seen.words("One number changed").count("not proven") == refused
    assert "The checker notices." in seen.narration("One number changed")


def test_one_weight_is_changed_and_nothing_else(trace: Trace) -> None:
    changed = tampered(trace)
    assert (changed.weights[0] != trace.weights[0]).sum() == 1
    assert replace(changed, weights=trace.weights) == trace


def test_other_networks_are_refused() -> None:
    wide = handmade([(np.ones((3, 2)), np.zeros(3))], dataset=Spirals(turns=0.25))
    with pytest.raises(TopoError, match="layers of two units"):
        Seen(type("Given", (WhatACertificateIs,), {"trace": wide}), {})
