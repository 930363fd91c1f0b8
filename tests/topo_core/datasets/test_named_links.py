"""Links by name and of polygons as datasets: curves, tubes with room around them, and what does not fit."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from topo_core.datasets import NamedLink, PolygonalLink, from_description
from topo_core.datasets.link_curves import LINK_TITLES, link_curves, link_polygons
from topo_core.datasets.named_links import fitted
from topo_core.datasets.rounded import Polygon, RoundedPolygon
from topo_core.datasets.thickness import Tubes
from topo_core.datasets.tubes import Core, Ring
from topo_core.errors import DataError, UnknownNameError
from topo_core.topology.distance import polygon_distance

FloatArray = NDArray[np.float64]

SQUARE = ((0.0, 0.0, 0.0), (4.0, 0.0, 0.0), (4.0, 4.0, 0.0), (0.0, 4.0, 0.0))
RISEN = tuple((x, y, 3.0) for x, y, _ in SQUARE)
NAMES = [*LINK_TITLES, "torus-2-12", "torus-2--4"]
SHAPES: list[Core] = [curve for name in NAMES for curve in link_curves(name)]


def unit_tangents(core: Core, s: FloatArray) -> FloatArray:
    tangent = core(s + 1e-6) - core(s - 1e-6)
    return tangent / np.linalg.norm(tangent, axis=1, keepdims=True)


@st.composite
def closed_polygons(draw: st.DrawFn) -> tuple[tuple[float, float, float], ...]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    flat = rng.standard_normal((int(rng.integers(3, 9)), 3)) * [1, 1, draw(st.sampled_from([0.0, 1.0]))]
    return tuple((x, y, z) for x, y, z in flat.tolist())


class TestCurves:
    @pytest.mark.parametrize("core", SHAPES)
    def test_frames_are_perpendicular_and_close(self, core: Core) -> None:
        s = np.linspace(0.003, 0.997, 300)
        normal, across = core.frame(s)
        tangent = unit_tangents(core, s)
        assert_allclose(np.cross(normal, tangent), across, atol=1e-6)
        assert_allclose(np.linalg.norm(normal, axis=1), 1, rtol=1e-12)
        assert_allclose(np.einsum("ij,ij->i", normal, tangent), 0, atol=1e-6)
        for values in (core(np.array([0.0, 1.0])), *core.frame(np.array([0.0, 1.0]))):
            assert_allclose(values[0], values[1], atol=1e-12)

    @pytest.mark.parametrize("name", ["hopff", "torus-2-5", "torus-2-0", "torus-2-26", "torus-3-4", ""])
    def test_no_such_name(self, name: str) -> None:
        with pytest.raises(UnknownNameError, match="no link is called"):
            NamedLink(link=name)


class TestRounded:
    def test_a_square(self) -> None:
        core = RoundedPolygon(SQUARE)  # its arcs meet in the middles of the edges: a circle
        points = core(np.linspace(0, 1, 200))
        assert_allclose(np.linalg.norm(points - [2, 2, 0], axis=1), 2, rtol=1e-12)
        assert core.sharpest == pytest.approx(2)
        assert core.length == pytest.approx(4 * np.pi)

    @given(closed_polygons())
    @settings(max_examples=25, deadline=None)
    def test_it_is_smooth_and_near(self, corners: tuple[tuple[float, float, float], ...]) -> None:
        core = RoundedPolygon(corners)
        s = np.linspace(0, 1, 4001)
        points, (normal, across) = core(s), core.frame(s)
        steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
        assert steps.max() <= core.length / 4000 * (1 + 1e-9)  # constant speed, no jump
        assert steps.sum() == pytest.approx(core.length, rel=0.05)
        for values in (points, normal, across):
            assert_allclose(values[0], values[-1], atol=1e-7)
        tangent = np.cross(across, normal)
        chords = np.diff(points, axis=0)
        bend = 2 * steps / core.sharpest + 1e-6
        along = np.linalg.norm(chords - tangent[:-1] * steps[:, None], axis=1)
        assert (along <= steps * bend).all()
        assert polygon_distance(points[:-1:40], np.array(corners)) <= np.abs(np.array(corners)).max()

    def test_a_polygon_is_walked_evenly(self) -> None:
        core = Polygon(SQUARE)
        assert_allclose(
            core(np.array([0, 0.125, 0.25, 0.9, 1])),
            [[0, 0, 0], [2, 0, 0], [4, 0, 0], [0, 1.6, 0], [0, 0, 0]],
        )
        normal, across = core.frame(np.array([0.1, 0.3, 0.6, 0.9]))
        edges = np.array([[1.0, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]])
        assert_allclose(np.cross(across, normal), edges, atol=1e-12)


class TestThickness:
    def test_closed_forms(self) -> None:
        ring = Ring((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), 2.0)
        above = Ring((0.0, 0.0, 1.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), 2.0)
        assert Tubes([ring]).widest() == pytest.approx(2, rel=0.01)  # as thick as the circle is wide
        assert Tubes([ring, above]).widest() == pytest.approx(0.5, rel=0.02)
        assert Tubes([ring, above]).widest() < 0.5
        assert Tubes(link_curves("hopf")).widest() == pytest.approx(0.5, rel=0.02)

    def test_it_is_where_tubes_begin_to_touch(self) -> None:
        tubes = Tubes(link_curves("whitehead"))
        assert tubes.fit(tubes.widest() * 0.999)
        assert not tubes.fit(tubes.widest() * 1.001)
        first, second = link_polygons("whitehead", 800)
        assert polygon_distance(first, second) >= 2 * tubes.widest()


class TestDatasets:
    @pytest.mark.parametrize("name", NAMES)
    def test_curves(self, name: str) -> None:
        data = NamedLink(link=name, n_per_class=50)
        assert data.class_names == tuple("ABC"[: len(data.components)])
        assert data.points.shape == (50 * len(data.components), 3)
        for k, core in enumerate(data.cores):
            assert_allclose(data.points[data.labels == k], core(np.linspace(0, 1, 50)))
        assert from_description(json.loads(json.dumps(data.describe()))) == data

    @pytest.mark.parametrize(
        "data",
        [
            NamedLink(link="borromean", tube_radius=0.2, n_per_class=60),
            PolygonalLink(corners=(SQUARE, RISEN), tube_radius=1.2, n_per_class=60),
        ],
        ids=["named", "polygonal"],
    )
    def test_tubes(self, data: NamedLink | PolygonalLink) -> None:
        for component, core in zip(data.components, data.cores, strict=True):
            assert component.surface is not None
            for points in (data.points, data.dense(60)[0], data.draw(3)[0]):
                own = points[data.labels == component.label]
                curve = core(np.arange(4000) / 4000)
                nearest = np.linalg.norm(own[:, None] - curve, axis=-1).min(axis=1)
                assert_allclose(nearest, data.tube_radius, rtol=1e-3)
        assert from_description(json.loads(json.dumps(data.describe()))) == data

    def test_polygons(self) -> None:
        data = PolygonalLink(corners=[[*SQUARE, SQUARE[0]], RISEN], source="squares")
        assert data.corners == (SQUARE, RISEN)
        assert data == PolygonalLink.of(data.polygons, "squares")
        assert hash(data) == hash(PolygonalLink.of(data.polygons, "squares"))
        assert all(not component.filled and component.curves[0].closed for component in data.components)

    @pytest.mark.parametrize(
        ("fields", "complaint"),
        [
            ({}, "0 components"),
            ({"corners": 5}, "corners must be a list"),
            ({"corners": [SQUARE, SQUARE]}, "two components meet"),
            ({"corners": [SQUARE], "source": 3}, "source = 3: give text"),
            ({"corners": [SQUARE], "tube_radius": -1}, "tube_radius = -1: give a number 0 or more"),
            ({"corners": [SQUARE, RISEN], "tube_radius": 1.6}, r"from 0 to 1\.4, where tubes would touch"),
            ({"corners": [SQUARE], "n_per_class": 1}, "n_per_class = 1"),
        ],
    )
    def test_what_does_not_fit(self, fields: dict[str, Any], complaint: str) -> None:
        with pytest.raises(DataError, match=f"^dataset polygonal-link: .*{complaint}"):
            PolygonalLink(**fields)

    @pytest.mark.parametrize("bad", [5, None, ["hopf"]])
    def test_a_name_is_text(self, bad: Any) -> None:
        with pytest.raises(DataError, match=r"dataset named-link: link = .*: give a name"):
            NamedLink(link=bad)

    def test_fitted(self) -> None:
        moved = fitted((np.array(SQUARE) + 100, np.array(RISEN) + 100))
        assert np.abs(np.concatenate(moved)).max() == 2
        assert_allclose(np.concatenate(moved).min(axis=0) + np.concatenate(moved).max(axis=0), 0, atol=1e-12)
