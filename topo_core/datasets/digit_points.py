"""Handwritten digits as points to classify: 64 grey values each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from topo_core.datasets.base import Dataset, FloatArray, IntArray, register, whole_number
from topo_core.datasets.digits import SIDE, digit_images


@register
@dataclass(frozen=True)
class Digits(Dataset):
    """The 1,797 digits that come with scikit-learn, as points with one coordinate a pixel, from 0 to 1.

    Trained on are the first ones; judged by (:meth:`dense`) are the last ``test`` ones, which other people
    wrote.

    Parameters
    ----------
    test
        How many of the last digits are the test set, 1 to 1,000.

    Raises
    ------
    DataError
        For another number; DependencyError, when the points are asked for and scikit-learn is missing.
    """

    name: ClassVar[str] = "digits"

    test: int = 600

    def __post_init__(self) -> None:
        object.__setattr__(self, "test", whole_number(self.name, "test", self.test, 1, 1000))

    @property
    def dimension(self) -> int:
        """Pixels of an image; known without reading one."""
        return SIDE * SIDE

    @property
    def class_names(self) -> tuple[str, ...]:
        """The digits."""
        return tuple("0123456789")

    def sample(self) -> tuple[FloatArray, IntArray]:
        """The training set, ``(1797 - test, 64)`` and ``(1797 - test,)``."""
        found = digit_images()
        n = len(found.labels) - self.test
        return found.images[:n].reshape(n, -1), found.labels[:n]

    def dense(self, n_per_component: int = 4000) -> tuple[FloatArray, IntArray]:
        """The test set, ``(test, 64)`` and ``(test,)``, however many points are asked for."""
        found = digit_images()
        images, labels = found.images[-self.test :], found.labels[-self.test :]
        return images.reshape(self.test, -1), labels
