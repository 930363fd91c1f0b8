"""Whole sets written anew, against the points that the datasets themselves make."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topo_core.datasets import (
    DATASETS,
    Dataset,
    DiscInAnnulus,
    Interval,
    LinkedTori,
    Spirals,
    TwoCurves,
    Unlink,
    UserPoints,
)
from topo_core.errors import DataError
from topo_core.verification import sets
from topo_core.verification.intervals import Interval as Bounds
from topo_core.verification.sets import belongs, cores, pieces

EXAMPLES: list[Dataset] = [
    TwoCurves(n_per_class=12),
    Spirals(0.75, n_per_class=12),
    Spirals(1.3, n_per_class=12),
    Interval(n_per_class=12),
    DiscInAnnulus(n_per_class=12),
    DiscInAnnulus(False, n_per_class=12),
    LinkedTori(n_per_class=12),
    LinkedTori(2.5, 0.7, n_per_class=12),
    Unlink(n_per_class=12),
    Unlink(0.7, n_per_class=12),
    Unlink(tube_radius=0.2, n_per_class=12),
    Unlink(3.0, 0.1, n_per_class=12),
]
each = pytest.mark.parametrize("dataset", EXAMPLES, ids=[f"{d.name}-{k}" for k, d in enumerate(EXAMPLES)])


def test_every_kind_of_dataset_is_known() -> None:
    assert {dataset.name for dataset in EXAMPLES} | {"points"} == set(DATASETS)


@each
def test_all_points_of_a_dataset_are_on_its_pieces(dataset: Dataset) -> None:
    for points, labels in ((dataset.points, dataset.labels), dataset.dense(40)):
        assert belongs(dataset.describe(), points, labels).tolist() == []


@each
def test_swapped_labels_and_moved_points_are_not(dataset: Dataset) -> None:
    description, points, labels = dataset.describe(), dataset.points, dataset.labels
    swapped = labels.copy()
    swapped[3] = 1 - swapped[3]
    assert belongs(description, points, swapped).tolist() == [3]
    assert len(belongs(description, points, 1 - labels)) == len(points)
    away = points.copy()
    away[5] = 1.7 * away[5] + 4
    assert belongs(description, away, labels).tolist() == [5]
    away[7] = np.nan
    assert belongs(description, away, labels).tolist() == [5, 7]


@each
def test_other_parameters_are_another_set(dataset: Dataset) -> None:
    changes = {"turns": 0.5, "core_radius": 1.7, "tube_radius": 0.1234}
    for name, value in changes.items():
        if dataset.describe()["params"].get(name):
            changed = {"name": dataset.name, "params": {**dataset.describe()["params"], name: value}}
            assert len(belongs(changed, dataset.points, dataset.labels)) > 3


@each
@settings(max_examples=3)
@given(seed=st.integers(0, 2**32), size=st.sampled_from([1e-7, 0.01, 0.2]))
def test_points_and_derivatives_are_in_their_enclosures(dataset: Dataset, seed: int, size: float) -> None:
    rng = np.random.default_rng(seed)
    for piece in pieces(dataset.describe(), dataset.points, dataset.labels):
        p = piece.start()[0].shape[1]
        low = rng.random((4, p)) * (1 - size)
        jet = piece.jet(low, low + size)
        first, last = (piece.enclose(Bounds.of(low + size * rng.random((4, p))))[0] for _ in range(2))
        for at in (first, last):
            assert (jet.value.lo <= at.hi).all()
            assert (at.lo <= jet.value.hi).all()
        for axis in range(p):
            step = np.zeros((4, p))
            step[:, axis] = size / 2
            ends = [piece.enclose(Bounds.of(at))[0] for at in (low, low + step)]
            quotient = (ends[1] - ends[0]) / Bounds.of(size / 2)
            assert (jet.tangent.lo[:, :, axis] <= quotient.hi + 1e-6).all()
            assert (quotient.lo - 1e-6 <= jet.tangent.hi[:, :, axis]).all()


@each
def test_boxes_cover_the_parameters(dataset: Dataset) -> None:
    for piece in pieces(dataset.describe(), dataset.points, dataset.labels):
        low, high = piece.start()
        assert np.prod(high - low, axis=1).sum() == pytest.approx(1)
        assert (low.min(), high.max()) == (0, 1)


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
