"""The digits are all there, as they were scanned, and nobody can change them by accident."""

import sys

import numpy as np
import pytest

from topo_core.datasets.digits import digit_images
from topo_core.errors import DependencyError


def test_they_are_the_uci_test_set() -> None:
    digits = digit_images()
    assert digits.images.shape == (1797, 8, 8)
    assert np.bincount(digits.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (digits.images.min(), digits.images.max()) == (0, 1)
    assert np.array_equal(digits.images * 16, np.round(digits.images * 16))


def test_ink_is_one_and_the_first_row_is_on_top() -> None:
    digits = digit_images()
    zero = digits.images[digits.of(0)].mean(axis=(0, 1))
    assert zero[0] < 0.01 < 0.3 < zero[3]  # paper beside a zero, ink in it
    sevens = digits.images[digits.of(7)].mean(axis=0)
    assert sevens[0].sum() > 1.5 * sevens[7].sum()  # a seven's bar is on top


def test_the_digits_of_a_kind() -> None:
    digits = digit_images()
    assert (digits.labels[digits.of(6)] == 6).all()
    assert sum(len(digits.of(k)) for k in range(10)) == 1797


def test_they_are_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        digit_images().images[0, 0, 0] = 1


def test_without_scikit_learn_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    digit_images.cache_clear()
    with pytest.raises(DependencyError, match=r"pip install -c constraints\.txt scikit-learn"):
        digit_images()
