"""Weights of neighbours against their closed forms, and how they are written."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from topo_core.errors import SpecError
from topo_core.knn.weightings import Cosine, Gaussian, InverseDistance, StudentT, Weighting, weighting

ALL = [InverseDistance(), InverseDistance(8), Gaussian(), Gaussian(0.5), Cosine(0.2), StudentT(), StudentT(5)]


def weight(given: Weighting, d: float) -> float:
    return float(np.exp(given.log_weights(np.array(d**2), np.log1p)))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Gaussian(2.0), lambda d: math.exp(-(d**2) / 4)),
        (StudentT(3), lambda d: (1 + d**2 / 3) ** -2),
        (InverseDistance(3, floor=0.5), lambda d: (1 + 4 * d**2) ** -1.5),
        (Cosine(0.1), lambda d: math.exp(((1 - d**2 / 2) - 1) / 0.1)),
    ],
)
def test_closed_forms(given: Weighting, expected: object) -> None:
    for d in (0.0, 0.3, 1.0, 1.7):
        assert weight(given, d) == pytest.approx(expected(d), rel=1e-12)  # type: ignore[operator]


@pytest.mark.parametrize("p", [1, 2, 8])
def test_far_above_its_floor_it_is_one_over_the_distance(p: float) -> None:
    given = InverseDistance(p)
    assert weight(given, 3.0) / weight(given, 6.0) == pytest.approx(2**p, rel=1e-6)
    assert weight(given, 3.0) == pytest.approx((given.floor / 3) ** p, rel=1e-6)


@given(st.sampled_from(ALL), st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_nearer_neighbour_never_counts_less(given: Weighting, a: float, b: float) -> None:
    near, far = given.log_weights(np.sort([a, b]), np.log1p)
    assert np.isfinite(far)
    assert far <= near <= 0


@pytest.mark.parametrize("given", ALL, ids=str)
def test_arrays_and_tensors_agree(given: Weighting) -> None:
    squared = np.array([0.0, 1e-9, 0.2, 3.0, 1e4])
    found = given.log_weights(torch.tensor(squared), torch.log1p).numpy()
    np.testing.assert_allclose(found, given.log_weights(squared, np.log1p), rtol=1e-14)


@pytest.mark.parametrize("given", [w for w in ALL if w != InverseDistance(3, 0.5)], ids=str)
def test_what_is_written_is_read(given: Weighting) -> None:
    assert weighting(str(given)) == given


def test_other_spellings() -> None:
    assert weighting(" nca ") == weighting("gaussian") == Gaussian(1.0)
    assert weighting("1/d^1") == weighting("1/d")
    assert weighting("cosine") == Cosine(0.1)


@pytest.mark.parametrize(
    "text",
    ["", "d", "1/d^", "1/d^-1", "1/d^nan", "1/d:2", "1/d^2:3", "cosine:", "cosine:0", "nca:inf", "x" * 99],
)
def test_others_are_refused(text: str) -> None:
    with pytest.raises(SpecError, match=r"^weighting '.*use one of 1/d, 1/d\^P, gaussian"):
        weighting(text)


@pytest.mark.parametrize("make", [InverseDistance, Gaussian, Cosine, StudentT])
@pytest.mark.parametrize("value", [0, -1.0, math.inf, math.nan, True, "1"])
def test_so_are_other_parameters(make: type[Weighting], value: object) -> None:
    with pytest.raises(SpecError, match=f"weighting {make.__name__}: "):
        make(value)  # type: ignore[call-arg]
