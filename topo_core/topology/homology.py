"""Holes of a cloud of points at all scales: persistent homology, and Betti numbers estimated from it.

Balls grow around the points. Pieces merge, loops appear and are filled; a *bar* says at which radius a
piece, a loop or a void is born and at which it dies (Edelsbrunner, Letscher, Zomorodian 2002). Long bars
tell of the shape that the points are samples of, short ones of the sampling. So what is counted here is an
estimate at a finite scale, never a proof: a homeomorphism changes no Betti number, and may still squeeze a
hole until no sample shows it. Naitzat, Zhitnikov, Lim (2020) count them through the layers of trained
networks in this way.

Up to three dimensions the complex is gudhi's alpha complex, exact for the points it is given; above, it is
the Vietoris-Rips complex by ripser, of few points, for it grows with the cube of their number. Both belong
to the optional extra ``homology`` (gudhi's alpha complexes are under the GPL, through CGAL).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import TopoError
from topo_core.extras import optional
from topo_core.topology.gap import diameter
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Points that an alpha complex is made of (1-4 s), and a Rips complex (1 s).
ALPHA_POINTS, RIPS_POINTS = 6000, 400
#: A bar counts if it dies at this many times the radius of its birth, and is this share of the diameter.
RATIO, SHARE = 3.0, 0.03
#: Points nearer than this share of the diameter are one: double precision hardly tells them apart.
_SAME = 1e-9
#: Half of how far apart they may be along an axis, so that no distance overflows.
_LARGEST = 1e300


@dataclass(frozen=True)
class Homology:
    """The bars of a cloud of points.

    Attributes
    ----------
    bars
        For dimension 0 (pieces), 1 (loops), ... the radii of birth and death, ``(n, 2)``, in the points'
        units, the longest first; a bar that never dies ends at infinity.
    diameter
        Largest distance between two points.
    n_points
        Distinct points that the complex is made of.
    complex
        ``"alpha"`` or ``"rips"``. The radii of a Rips complex are half its edges: of a round loop of
        radius 1 it says .87, not 1.
    """

    bars: tuple[FloatArray, ...]
    diameter: float
    n_points: int
    complex: Literal["alpha", "rips"]

    def betti(self, ratio: float = RATIO, share: float = SHARE) -> tuple[int, ...]:
        """How many bars count, by dimension: an estimate of the Betti numbers.

        A bar counts if it dies at more than ``ratio`` times the radius at which it is born, and is longer
        than ``share`` of the diameter. Of points that are all one, there is one piece.
        """
        floor = share * self.diameter
        found = []
        for bars in self.bars:
            born, dies = bars.T
            found.append(int(((dies > ratio * born) & (dies - born > floor)).sum()))
        return tuple(found)

    def hole_size(self, dimension: int = 1) -> float:
        """The longest bar of a dimension that ends, over the diameter: 0 if there is none."""
        if dimension >= len(self.bars):
            return 0.0
        born, dies = self.bars[dimension].T
        lengths = (dies - born)[np.isfinite(dies)]
        return float(lengths.max() / self.diameter) if len(lengths) and self.diameter > 0 else 0.0


def homology(
    points: FloatArray, *, max_dimension: int | None = None, n_points: int | None = None, seed: int = 0
) -> Homology:
    """The bars of points in space.

    Parameters
    ----------
    points
        ``(n, d)``, finite, n at least 1. Points nearer to each other than 1e-9 of the diameter count once.
    max_dimension
        Highest dimension of the bars: by default d - 1 up to three dimensions, and 1 above, where 2 takes
        ten times as long.
    n_points
        How many points are used at most: by default 6,000 drawn with ``seed`` up to three dimensions (1-4 s),
        and the 400 that lie furthest from each other above (1 s).

    Raises
    ------
    DependencyError
        When gudhi or ripser is not installed.
    TopoError
        For points of another shape, not finite or too far apart for doubles, and numbers below the least.
    """
    if (n_points is not None and n_points < 1) or (max_dimension is not None and max_dimension < 0):
        raise TopoError(
            f"homology of {n_points} points up to dimension {max_dimension}: give 1 or more, and 0 or more"
        )
    if points.ndim != 2 or 0 in points.shape or not np.isfinite(points).all():
        raise TopoError(f"homology of points of shape {points.shape}: give (n, d), all of them finite")
    width = points.shape[1]
    highest = max_dimension if max_dimension is not None else (width - 1 if width <= 3 else 1)
    distinct, unit = _distinct(points)
    if not unit < _LARGEST:
        raise TopoError(f"homology of points {2 * unit:.3g} apart: give them in larger units")
    used = (
        _drawn(distinct, n_points or ALPHA_POINTS, seed)
        if width <= 3
        else distinct[_spread(distinct, n_points or RIPS_POINTS)]
    )
    if width == 1:
        bars = (_line_bars(used), *_no_bars(highest))
    else:
        bars = (_alpha_bars if width <= 3 else _rips_bars)(used, highest)
    bars = tuple(unit * part for part in bars)
    return Homology(bars, unit * diameter(distinct), len(used), "alpha" if width <= 3 else "rips")


def homology_of_layers(trace: Trace, n_points: int | None = None, snapshot: int = -1) -> list[list[Homology]]:
    """The bars of every class in every representation of a snapshot, the input first.

    The points are the dataset's dense ones, 6,000 or more on a component; ``n_points`` is how many of a
    class are used at most, as in ``homology``: 1-4 s for each class and representation.
    """
    points, labels = trace.dataset.dense(ALPHA_POINTS)
    return [
        [homology(h[labels == label], n_points=n_points) for label in range(trace.n_classes)]
        for h in trace.representations(points, snapshot)
    ]


def described(layers: list[list[Homology]]) -> list[list[dict[str, Any]]]:
    """What counts of it, as plain JSON: Betti numbers, hole sizes by dimension, points and complex."""
    return [
        [
            {
                "betti": list(one.betti()),
                "hole_sizes": [one.hole_size(k) for k in range(len(one.bars))],
                "points": one.n_points,
                "complex": one.complex,
            }
            for one in classes
        ]
        for classes in layers
    ]


def _distinct(points: FloatArray) -> tuple[FloatArray, float]:
    """The points without those that another one stands for, from -1 to 1, and the unit for that."""
    low, high = points.min(axis=0), points.max(axis=0)
    unit = float((high / 2 - low / 2).max())
    if unit == 0:
        return np.zeros((1, points.shape[1])), 1.0
    scaled = (points - (low / 2 + high / 2)) / unit
    _, kept = np.unique(np.rint(scaled / (2 * _SAME)), axis=0, return_index=True)
    return scaled[np.sort(kept)], unit


def _drawn(points: FloatArray, n: int, seed: int) -> FloatArray:
    if len(points) <= n:
        return points
    chosen = np.random.default_rng(seed).choice(len(points), n, replace=False)
    return points[np.sort(chosen)]


def _spread(points: FloatArray, n: int) -> NDArray[np.int64]:
    """Indices of points far from each other: each is the furthest from those before it."""
    chosen = [0]
    nearest = np.linalg.norm(points - points[0], axis=1)
    while len(chosen) < min(n, len(points)):
        chosen.append(int(nearest.argmax()))
        np.minimum(nearest, np.linalg.norm(points - points[chosen[-1]], axis=1), out=nearest)
    return np.array(chosen)


def _no_bars(count: int) -> tuple[FloatArray, ...]:
    return (np.empty((0, 2)),) * max(count, 0)


def _line_bars(points: FloatArray) -> FloatArray:
    """Pieces of points on a line: they merge at half the gaps between neighbours."""
    deaths = np.append(np.diff(np.sort(points[:, 0])) / 2, np.inf)
    return _sorted(np.stack([np.zeros(len(deaths)), deaths], axis=1))


def _alpha_bars(points: FloatArray, highest: int) -> tuple[FloatArray, ...]:
    gudhi = optional("gudhi", "homology", "Betti numbers")
    tree = gudhi.AlphaComplex(points=points).create_simplex_tree()
    tree.compute_persistence(homology_coeff_field=2, min_persistence=0, persistence_dim_max=True)
    squares = (tree.persistence_intervals_in_dimension(k).reshape(-1, 2) for k in range(highest + 1))
    return tuple(_sorted(np.sqrt(np.maximum(square, 0))) for square in squares)


def _rips_bars(points: FloatArray, highest: int) -> tuple[FloatArray, ...]:
    ripser = optional("ripser", "homology", "Betti numbers above three dimensions")
    if len(points) == 1:
        return (np.array([[0.0, np.inf]]), *_no_bars(highest))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # fewer points than coordinates are no mistake here
        diagrams = ripser.ripser(points, maxdim=highest, coeff=2)["dgms"]
    return tuple(_sorted(np.asarray(bars, dtype=np.float64).reshape(-1, 2) / 2) for bars in diagrams)


def _sorted(bars: FloatArray) -> FloatArray:
    """The bars, the longest first, and of equals the first born."""
    return bars[np.lexsort((bars[:, 0], bars[:, 0] - bars[:, 1]))]
