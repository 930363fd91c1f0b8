"""A badge says what the verification proves, and nothing else decides it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from scenes.kit import TraceScene
from scenes.kit.badge import Badge
from scenes.kit.theme import DARK
from tests.scenes.pictures import looks, picture, texts
from topo_core.certificates import certified
from topo_core.datasets import Spirals
from topo_core.handmade import handmade

MATRIX = np.array([[1.0, 0.5], [-0.25, 0.75]])


def shown(weight: NDArray[np.float64], activation: str = "tanh", *, claimed: bool = True) -> Badge:
    trace = handmade([(weight, np.zeros(2))], activation, dataset=Spirals(turns=0.25, n_per_class=10))
    scene = TraceScene()
    return scene.badge(certified(trace) if claimed else trace)


@pytest.mark.parametrize(
    ("weight", "activation", "words"),
    [
        (MATRIX, "tanh", "isotopy proven"),
        (np.ones((2, 2)), "tanh", "not an isotopy: layer 1 collapses"),
        (MATRIX, "relu", "not an isotopy: layer 1 folds space"),
    ],
)
def test_it_says_what_is_proven(weight: NDArray[np.float64], activation: str, words: str) -> None:
    badge = shown(weight, activation)
    assert [text.content for text in texts(badge)] == [words]
    assert badge.holds == (words == "isotopy proven")


def test_what_is_not_claimed_or_claimed_wrongly_is_not_proven() -> None:
    assert shown(MATRIX, claimed=False).words == "isotopy not proven"
    good = certified(handmade([(MATRIX, np.zeros(2))], dataset=Spirals(turns=0.25, n_per_class=10)))
    bad = handmade([(np.ones((2, 2)), np.zeros(2))], dataset=Spirals(turns=0.25, n_per_class=10))
    lie = replace(bad, certificate=good.certificate)
    badge = TraceScene().badge(lie)
    assert (badge.words, badge.holds) == ("isotopy not proven", False)


def test_it_stays_in_its_room_and_is_drawn_in_one_colour() -> None:
    wide = Badge("not an isotopy: layer 1 collapses", False, DARK, -4.0, 0.0, 3.0)
    (text,) = texts(wide)
    assert -4 < text.box[0] < text.box[2] < -1
    drawn = picture(Badge("isotopy proven", True, DARK, -4.0, 0.0, 6.0), width=960, height=540)
    assert looks(drawn, DARK.classes[2], 30).sum() > 500
