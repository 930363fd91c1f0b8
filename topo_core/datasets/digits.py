"""Handwritten digits as images of 8 by 8 pixels: real data that needs no download.

They come with scikit-learn, which copied them from the UCI repository: E. Alpaydin and C. Kaynak, *Optical
Recognition of Handwritten Digits*, 1998, https://doi.org/10.24432/C50P49 (its test set).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from topo_core.datasets.base import FloatArray, IntArray
from topo_core.errors import DependencyError

#: Pixels along the side of an image.
SIDE = 8


@dataclass(frozen=True, eq=False)
class DigitImages:
    """All digits.

    Attributes
    ----------
    images
        ``(1797, 8, 8)``, rows from the top, from 0 (paper) to 1 (ink).
    labels
        ``(1797,)``, from 0 to 9.
    """

    images: FloatArray
    labels: IntArray

    def of(self, label: int) -> IntArray:
        """The indices of all images of a digit, increasing."""
        return np.flatnonzero(self.labels == label)


@cache
def digit_images() -> DigitImages:
    """Read the digits; their arrays are read-only.

    Raises
    ------
    DependencyError
        When scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError as error:
        raise DependencyError(
            f"the digits come with scikit-learn, which is missing ({error.name}); "
            "run: make setup, or: pip install -c constraints.txt scikit-learn"
        ) from error
    read = load_digits()
    images, labels = read.images / 16.0, read.target.astype(np.int64)
    images.setflags(write=False)
    labels.setflags(write=False)
    return DigitImages(images, labels)
