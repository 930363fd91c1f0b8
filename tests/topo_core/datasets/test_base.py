"""What every dataset promises, and the way from a description back to its dataset."""

import json
import pickle
import re
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from topo_core.datasets import (
    DATASETS,
    Component,
    Curve,
    Dataset,
    DiscInAnnulus,
    Interval,
    LinkedTori,
    Spirals,
    TwoCurves,
    Unlink,
    UserPoints,
    from_description,
    labelled,
    register,
)
from topo_core.errors import DataError

ALL: list[Dataset] = [
    TwoCurves(),
    Spirals(),
    Spirals(turns=2.3, n_per_class=7),
    DiscInAnnulus(),
    DiscInAnnulus(balanced=False, seed=3),
    Interval(),
    Interval(n_per_class=5),
    LinkedTori(),
    LinkedTori(core_radius=2.5, tube_radius=1.2, seed=7, n_per_class=9),
    Unlink(),
    Unlink(turns=1, tube_radius=0.25, n_per_class=40),
    UserPoints(np.array([[0.0, 1, 2], [3, 4, 5], [6, 7, 8]]), np.array([0, 1, 1]), ("no", "yes")),
]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def ids(dataset: Dataset) -> str:
    return str(dataset)


@pytest.mark.parametrize("dataset", ALL, ids=ids)
class TestEveryDataset:
    def test_points_and_labels_fit(self, dataset: Dataset) -> None:
        n = len(dataset.points)
        assert dataset.points.shape == (n, dataset.dimension)
        assert dataset.labels.shape == (n,)
        assert dataset.points.dtype == np.float64
        assert dataset.labels.dtype == np.int64
        assert dataset.points.flags.c_contiguous
        assert set(dataset.labels.tolist()) == set(range(dataset.n_classes))
        assert len(dataset.class_names) == dataset.n_classes

    def test_arrays_are_read_only(self, dataset: Dataset) -> None:
        for array in (dataset.points, dataset.labels, dataset.bounds):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0

    def test_fields_are_frozen(self, dataset: Dataset) -> None:
        with pytest.raises(FrozenInstanceError):
            dataset.seed = 1  # type: ignore[attr-defined]

    def test_description_is_json_and_round_trips(self, dataset: Dataset) -> None:
        description = json.loads(json.dumps(dataset.describe(), allow_nan=False))
        again = from_description(description, dataset.points, dataset.labels)
        assert again == dataset
        assert hash(again) == hash(dataset)
        assert again.describe() == dataset.describe()
        np.testing.assert_array_equal(again.points, dataset.points)
        np.testing.assert_array_equal(again.labels, dataset.labels)

    def test_bounds_contain_points_and_components(self, dataset: Dataset) -> None:
        low, high = dataset.bounds.T
        assert dataset.bounds.shape == (dataset.dimension, 2)
        dense, _ = dataset.dense(997)
        for points in (dataset.points, dense):
            assert (points >= low - 1e-12).all()
            assert (points <= high + 1e-12).all()

    def test_bounds_are_tight(self, dataset: Dataset) -> None:
        dense, _ = dataset.dense(20_000)
        tight = np.stack([dense.min(axis=0), dense.max(axis=0)], axis=1)
        np.testing.assert_allclose(dataset.bounds, tight, atol=2e-3)

    def test_curves_belong_to_their_component(self, dataset: Dataset) -> None:
        for component in dataset.components:
            assert 0 <= component.label < dataset.n_classes
            assert component.filled or len(component.curves) == 1
            for curve in component.curves:
                ends = curve.path(np.array([0.0, 1.0]))
                assert ends.shape == (2, dataset.dimension)
                assert ends.dtype == np.float64
                assert np.allclose(ends[0], ends[1]) == curve.closed
        names = [component.name for component in dataset.components]
        assert len(set(names)) == len(names)

    def test_dense_points_keep_the_majority_rate(self, dataset: Dataset) -> None:
        _, labels = dataset.dense(500)
        rate = np.bincount(labels).max() / len(labels)
        # a class of n points can miss its exact share by half a point
        assert rate == pytest.approx(dataset.majority_rate, abs=1.01 / len(dataset.points))

    def test_dense_is_deterministic(self, dataset: Dataset) -> None:
        for first, second in zip(dataset.dense(100), dataset.dense(100), strict=True):
            np.testing.assert_array_equal(first, second)

    def test_can_be_pickled_with_its_caches(self, dataset: Dataset) -> None:
        assert dataset.bounds is not None
        copy = pickle.loads(pickle.dumps(dataset))
        assert copy == dataset
        assert copy.components == dataset.components


class TestFromDescription:
    @pytest.mark.parametrize(
        ("description", "message"),
        [
            (None, "dataset description: give an object"),
            ([], "dataset description: give an object"),
            ({}, '"name" must be text'),
            ({"name": "spirals"}, '"params" an object'),
            ({"name": ["spirals"], "params": {}}, '"name" must be text'),
            (
                {"name": "spirls", "params": {}},
                "no dataset is called 'spirls'; did you mean spirals",
            ),
            (
                {"name": "spirals", "params": {"turn": 1}},
                "dataset spirals: no parameter is called 'turn'; it has n_per_class, seed, turns",
            ),
            ({"name": "spirals", "params": {"turns": "1"}}, "turns = '1': give a number above 0"),
            ({"name": "interval", "params": {"n_per_class": 10**12}}, "from 2 to 500,000"),
            ({"name": "disc-in-annulus", "params": {"balanced": 1}}, "balanced = 1: give true or"),
            ({"name": "two-curves", "params": {"seed": None}}, "seed = None: give a whole number"),
            ({"name": "points", "params": {"source": "a"}}, "points and labels are missing"),
        ],
    )
    def test_refuses(self, description: object, message: str) -> None:
        with pytest.raises(DataError, match=re.escape(message)):
            from_description(description)

    def test_a_left_out_parameter_has_its_default(self) -> None:
        assert from_description({"name": "spirals", "params": {}}) == Spirals()

    @given(st.sampled_from(sorted(DATASETS)), JSON, JSON)
    @settings(deadline=None)  # the room around a tube is measured, by a library that is slow to import
    def test_any_other_json_is_a_data_error(self, name: str, params: Any, value: Any) -> None:
        for given_params in (
            params,
            {"n_per_class": value},
            {"turns": value},
            {"tube_radius": value},
            {"source": value},
        ):
            try:
                dataset = from_description({"name": name, "params": given_params}, [[0], [1]], [0, 1])
            except DataError as error:
                message = str(error)
            else:
                message = ""
                assert dataset.name == name
            assert "\n" not in message


class TestARegisteredKind:
    """A dataset of one's own: a circle in space around its centre's line."""

    @pytest.fixture
    def kind(self) -> Iterator[type[Dataset]]:
        @register
        @dataclass(frozen=True)
        class Ring(Dataset):
            name: ClassVar[str] = "test-ring"
            radius: float = 2.0

            @property
            def components(self) -> tuple[Component, ...]:
                def ring(s: NDArray[np.float64]) -> NDArray[np.float64]:
                    angle = 2 * np.pi * s
                    circle = [np.cos(angle), np.sin(angle), 0 * s]
                    return self.radius * np.stack(circle, axis=1)

                def axis(s: NDArray[np.float64]) -> NDArray[np.float64]:
                    return np.stack([0 * s, 0 * s, 2 * s - 1], axis=1)

                return (
                    Component(0, "ring", (Curve(ring, closed=True),), filled=False),
                    Component(1, "axis", (Curve(axis, closed=False),), filled=False),
                )

            def sample(self) -> tuple[Any, Any]:
                return self.dense(8)

        yield Ring
        del DATASETS["test-ring"]

    def test_needs_only_a_sample_and_components(self, kind: type[Dataset]) -> None:
        dataset = from_description({"name": "test-ring", "params": {"radius": 3.0}})
        assert isinstance(dataset, kind)
        assert dataset.dimension == 3
        np.testing.assert_allclose(dataset.bounds, [[-3, 3], [-3, 3], [-1, 1]])
        points, labels = dataset.dense(11)
        assert points.shape == (22, 3)
        assert labels.tolist() == [0] * 11 + [1] * 11

    def test_cannot_take_a_name_that_is_taken(self, kind: type[Dataset]) -> None:
        class Other(kind):  # type: ignore[misc, valid-type]
            pass

        with pytest.raises(DataError, match=r"test-ring: .*Ring has this name already; give .*Other"):
            register(Other)

    def test_can_be_loaded_again(self, kind: type[Dataset]) -> None:
        assert register(kind) is kind


def test_labelled_joins_parts() -> None:
    points, labels = labelled((1, np.zeros((2, 1))), (0, np.ones((1, 1))))
    assert points.tolist() == [[0], [0], [1]]
    assert labels.tolist() == [1, 1, 0]
    assert labels.dtype == np.int64


@pytest.mark.parametrize("n", [1, 0, -3, 2.0, True, "9", 10**9])
def test_dense_refuses_a_bad_count(n: Any) -> None:
    for dataset in ALL[:-1]:
        with pytest.raises(DataError, match=r"n_per_component = .*: give a whole number from 2"):
            dataset.dense(n)
