"""Random links of polygons, and PD codes from the literature."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: As printed in the Knot Atlas.
TREFOIL = [(1, 4, 2, 5), (3, 6, 4, 1), (5, 2, 6, 3)]
HOPF = [(4, 1, 3, 2), (2, 3, 1, 4)]
WHITEHEAD = [(6, 1, 7, 2), (10, 7, 5, 8), (4, 5, 1, 6), (2, 10, 3, 9), (8, 4, 9, 3)]
BORROMEAN = [(6, 1, 7, 2), (12, 8, 9, 7), (4, 12, 1, 11), (10, 5, 11, 6), (8, 4, 5, 3), (2, 9, 3, 10)]


@st.composite
def random_links(draw: st.DrawFn) -> list[FloatArray]:
    """One to three polygons of a few corners anywhere."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return [rng.standard_normal((int(rng.integers(3, 9)), 3)) for _ in range(draw(st.integers(1, 3)))]
