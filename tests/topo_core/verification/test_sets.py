"""Whole sets written anew, against the points that the datasets themselves make."""

import numpy as np
import pytest

from topo_core.datasets import (
    DATASETS,
    Dataset,
    DiscInAnnulus,
    Interval,
    Islands,
    LinkedTori,
    NamedLink,
    PolygonalLink,
    Spirals,
    TwoCurves,
    Unlink,
    UserPoints,
)
from topo_core.datasets.link_curves import LINK_TITLES
from topo_core.errors import DataError
from topo_core.verification import sets
from topo_core.verification.intervals import Interval as Bounds
from topo_core.verification.sets import belongs, cores, pieces

#: One with corners of every kind: sharp, nearly straight, straight; and a triangle.
POLYGONS = (
    ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (2.0, 0.0, 0.0), (2.0, 2.0, 0.0), (1.0, 2.001, 0.0), (0.0, 2.0, 0.5)),
    ((6.0, 0.0, 0.0), (7.0, 0.0, 0.0), (7.0, 2.0, 0.3)),
)

EXAMPLES: list[Dataset] = [
    TwoCurves(n_per_class=6),
    Spirals(0.75, n_per_class=6),
    Spirals(1.3, n_per_class=6),
    Interval(n_per_class=6),
    DiscInAnnulus(n_per_class=6),
    DiscInAnnulus(False, n_per_class=6),
    Islands(side=3, n_per_island=2),
    LinkedTori(n_per_class=6),
    LinkedTori(2.5, 0.7, n_per_class=6),
    Unlink(n_per_class=6),
    Unlink(0.7, n_per_class=6),
    Unlink(tube_radius=0.2, n_per_class=6),
    Unlink(3.0, 0.1, n_per_class=6),
    NamedLink(link="borromean", n_per_class=6),
    NamedLink(0.1, link="whitehead", n_per_class=6),
    PolygonalLink(corners=POLYGONS, n_per_class=6),
    PolygonalLink(0.05, corners=POLYGONS, n_per_class=6),
]
each = pytest.mark.parametrize("dataset", EXAMPLES, ids=[f"{d.name}-{k}" for k, d in enumerate(EXAMPLES)])
CURVED = [NamedLink(link=name, n_per_class=6) for name in (*LINK_TITLES, "torus-2--8")]


def test_every_kind_of_dataset_is_known() -> None:
    assert {dataset.name for dataset in EXAMPLES} | {"points", "digits"} == set(DATASETS)


@each
def test_all_points_of_a_dataset_are_on_its_pieces(dataset: Dataset) -> None:
    points, labels = dataset.dense(12)
    points, labels = np.concatenate([points, dataset.points]), np.concatenate([labels, dataset.labels])
    assert belongs(dataset.describe(), points, labels).tolist() == []


@pytest.mark.parametrize("dataset", CURVED, ids=lambda dataset: dataset.link)
def test_so_are_those_of_every_link_with_a_name(dataset: NamedLink) -> None:
    assert belongs(dataset.describe(), dataset.points, dataset.labels).tolist() == []
    assert len(belongs(dataset.describe(), dataset.points + 0.01, dataset.labels)) > 5


@each
def test_swapped_labels_and_moved_points_are_not(dataset: Dataset) -> None:
    description, points, labels = dataset.describe(), dataset.points, dataset.labels
    swapped = labels.copy()
    swapped[3] = (swapped[3] + 1) % dataset.n_classes
    away = points.copy()
    away[5] = 1.7 * away[5] + 4
    away[7] = np.nan
    assert belongs(description, away, swapped).tolist() == [3, 5, 7]
    few = slice(None, None, 3)
    assert len(belongs(description, points[few], (labels[few] + 1) % dataset.n_classes)) == len(points[few])


@each
def test_other_parameters_are_another_set(dataset: Dataset) -> None:
    changes = {"turns": 0.5, "core_radius": 1.7, "tube_radius": 0.1234}
    for name, value in changes.items():
        if dataset.describe()["params"].get(name):
            changed = {"name": dataset.name, "params": {**dataset.describe()["params"], name: value}}
            assert len(belongs(changed, dataset.points, dataset.labels)) > 0


@each
@pytest.mark.parametrize("size", [1e-7, 0.2])
def test_points_and_derivatives_are_in_their_enclosures(dataset: Dataset, size: float) -> None:
    rng = np.random.default_rng(0)
    for piece in pieces(dataset.describe(), dataset.points, dataset.labels):
        starts, ends = piece.start()
        row = rng.integers(len(starts))
        side = size * (ends - starts)[row]
        low = starts[row] + rng.random((4, len(side))) * (1 - size) * (ends - starts)[row]
        jet = piece.jet(low, low + side)
        at = piece.enclose(Bounds.of(low + side * rng.random(low.shape)))[0]
        assert not (jet.value.lo > at.hi).any()
        assert not (at.lo > jet.value.hi).any()
        for axis, step in enumerate(np.diag(side / 2)):
            near, far = (piece.enclose(Bounds.of(x))[0] for x in (low, low + step))
            quotient = (far - near) / Bounds.of(step[axis])
            slack = 1e-13 / step[axis]
            assert not (jet.tangent.lo[:, :, axis] > quotient.hi + slack).any()
            assert not (quotient.lo - slack > jet.tangent.hi[:, :, axis]).any()
            assert size > 0.1 or np.isfinite(jet.tangent.hi).all()


@each
def test_boxes_cover_the_parameters(dataset: Dataset) -> None:
    for piece in pieces(dataset.describe(), dataset.points, dataset.labels):
        low, high = piece.start()
        whole = np.prod(high.max(axis=0) - low.min(axis=0))
        assert np.prod(high - low, axis=1).sum() == pytest.approx(whole)
        assert low.min() == 0
        assert piece.holds(np.concatenate([low, high]))
        assert not piece.holds(high + 1e-9)
        assert not piece.holds(np.zeros((1, 4)))
        assert not piece.holds(low * np.nan)


def test_a_users_points_are_their_own_sets() -> None:
    data = UserPoints(np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]), np.array([0, 1, 0]))
    first, second = pieces(data.describe(), data.points, data.labels)
    assert (first.label, second.label) == (0, 1)
    assert first.enclose(Bounds.of(np.array([[1.0]])))[0].lo.tolist() == [[4.0, 5.0]]
    assert second.start()[0].tolist() == [[0.0]]
    assert belongs(data.describe(), data.points, data.labels).tolist() == []


def test_closed_curves() -> None:
    assert [c.name for c in cores(LinkedTori().describe())] == ["A", "B"]
    assert [c.closed for c in cores(Unlink(tube_radius=0.1).describe())] == [(True,), (True,)]
    inner = cores(DiscInAnnulus().describe())[1]
    assert inner.enclose(Bounds.of(np.array([[0.25]])))[0].middle == pytest.approx(np.array([[0, 2 / 3]]))
    assert cores(Spirals().describe()) == []


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ({"name": "blob", "params": {}}, "'blob': its whole sets are not known"),
        ({"name": "spirals"}, '"params" an object'),
        ({"name": "spirals", "params": {}}, "turns = None: give a number"),
        ({"name": "spirals", "params": {"turns": True}}, "turns = True"),
        ({"name": "unlink", "params": {"turns": 1.5, "tube_radius": -1}}, "tube_radius = -1"),
        ({"name": "linked-tori", "params": {"core_radius": float("nan")}}, "core_radius = nan"),
    ],
)
def test_what_makes_no_sense_is_refused(description: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        pieces(description, np.zeros((1, 1)), np.zeros(1, dtype=np.int64))
    assert sets.NEAR == 1e-9
