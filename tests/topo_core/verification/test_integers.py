"""Winding and linking numbers of images, against known links and a second method."""

import tracemalloc
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.topo_core.verification import plain
from topo_core.errors import TopoError
from topo_core.topology.linking import linking_number as other_linking_number
from topo_core.topology.winding import winding_number as other_winding_number
from topo_core.verification.arcs import Arcs
from topo_core.verification.linkings import linking_number
from topo_core.verification.network import Affine, Network
from topo_core.verification.pieces import Circle, Polygon, Segment
from topo_core.verification.polygons import linking_of_polygons, sides, winding_of_polygon
from topo_core.verification.sets import cores
from topo_core.verification.space import Core, Ring, Winding

FloatArray = plain.FloatArray
NOTHING = Network((), np.eye(3), np.zeros(3))
HOPF = cores({"name": "linked-tori", "params": {"core_radius": 1.0, "tube_radius": 0.3}})
UNLINK = [Ring(0, "A", (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), 2.0), Winding(1, "B", 1.5)]


def network_of(*layers: Affine) -> Network:
    return Network(layers, np.eye(2), np.zeros(2))


def layer(weight: list[list[float]], activation: str = "linear") -> Affine:
    return Affine(np.array(weight), np.zeros(len(weight)), activation)


class TestPolygons:
    @settings(max_examples=50, deadline=None)
    @given(st.integers(0, 2**32), st.integers(3, 30))
    def test_winding_numbers_are_those_of_a_second_method(self, seed: int, n: int) -> None:
        rng = np.random.default_rng(seed)
        polygon, point = rng.standard_normal((n, 2)), 0.3 * rng.standard_normal(2)
        assert winding_of_polygon(polygon, point) == other_winding_number(polygon, point)

    @settings(max_examples=15, deadline=None)
    @given(st.integers(0, 2**32), st.integers(3, 30))
    def test_so_are_linking_numbers(self, seed: int, n: int) -> None:
        rng = np.random.default_rng(seed)
        first, second = rng.standard_normal((n, 3)), rng.standard_normal((n + 2, 3))
        assert linking_of_polygons(first, second) == other_linking_number(first, second)

    def test_what_is_in_line_is_refused(self) -> None:
        square = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])
        assert winding_of_polygon(square, np.array([1.0, 1.0])) == 1
        assert winding_of_polygon(square[::-1], np.array([1.0, 1.0])) == -1
        assert winding_of_polygon(square, np.array([2.0, 1.0])) is None
        flat = np.concatenate([square, np.zeros((4, 1))], axis=1)
        assert linking_of_polygons(flat, flat + np.array([1.0, 1.0, 0.0])) is None

    @settings(max_examples=50, deadline=None)
    @given(st.integers(-(2**40), 2**40), st.integers(-3, 3))
    def test_sides_are_exact(self, x: int, off: int) -> None:
        """Three points on a line far out, one of them moved by next to nothing."""
        a, b = np.array([[0.0, 0.0]]), np.array([[3.0, 7.0]])
        c = np.array([[3.0 * x, 7.0 * x]])
        c[0, 1] += off * np.spacing(c[0, 1]) if x else off * 5e-324
        lifted = np.sign(c[0, 1] - 7 * x) if x else np.sign(off)
        assert sides(a, b, c).tolist() == [lifted]


class TestLinking:
    def test_of_curves_as_they_are(self) -> None:
        assert linking_number(NOTHING, 0, *HOPF).value == 1
        assert linking_number(NOTHING, 0, *HOPF[::-1]).value == 1
        assert linking_number(NOTHING, 0, *UNLINK).value == 0

    @pytest.mark.parametrize(
        ("link", "numbers"),
        [
            ("hopf", [1]),
            ("torus-2-6", [3]),
            ("torus-2--8", [-4]),
            ("whitehead", [0]),
            ("borromean", [0, 0, 0]),
            ("essay-unlink", [0]),
        ],
    )
    def test_of_links_with_a_name(self, link: str, numbers: list[int]) -> None:
        curves = cores({"name": "named-link", "params": {"link": link, "tube_radius": 0.1}})
        pairs = combinations(curves, 2)
        assert [linking_number(NOTHING, 0, *pair).value for pair in pairs] == numbers

    def test_a_mirror_changes_the_sign(self) -> None:
        mirror = network_of(layer([[1.0, 0, 0], [0, 1, 0], [0, 0, -1]]))
        assert linking_number(mirror, 1, *HOPF).value == -1
        assert linking_number(mirror, 0, *HOPF).value == 1

    def test_homeomorphisms_keep_it(self) -> None:
        rng = np.random.default_rng(0)
        weights = [np.linalg.qr(rng.standard_normal((3, 3)))[0] * [[1.3], [0.8], [0.5]] for _ in range(2)]
        sign = int(np.sign(np.prod([np.linalg.det(w) for w in weights])))
        network = network_of(*(Affine(w, rng.standard_normal(3) / 5, "tanh") for w in weights))
        assert linking_number(network, 2, *HOPF).value == sign

    def test_many_flows_keep_it(self) -> None:
        """Coarse arcs tell nothing of 30 layers, and must not stand in the way of fine ones."""
        network = plain.random_network(2, (3,) * 31, "flow")
        slow = tuple(replace(step, vectors=step.vectors / 4) for step in network.layers)
        assert linking_number(Network(slow, np.eye(3), np.zeros(3)), 30, *HOPF).value == 1

    @pytest.mark.parametrize("gap", [1e-3, -1e-3])
    def test_curves_that_nearly_touch(self, gap: float) -> None:
        x, y, z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, -1.0)
        rings = [Ring(0, "A", (0.0, 0.0, 0.0), x, y, 1.0), Ring(1, "B", (2 - gap, 0.0, 0.0), x, z, 1.0)]
        proof = linking_number(NOTHING, 0, *rings)
        assert proof.value == int(gap > 0)
        assert proof.boxes < 1000

    def test_curves_that_meet(self) -> None:
        x, y, z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, -1.0)
        rings = [Ring(0, "A", (0.0, 0.0, 0.0), x, y, 1.0), Ring(1, "B", (2.0, 0.0, 0.0), x, z, 1.0)]
        proof = linking_number(NOTHING, 0, *rings, budget=400)
        assert proof.value is None
        assert "apart" in proof.reason or "too near" in proof.reason

    def test_images_that_fall_together(self) -> None:
        flat = network_of(layer([[1.0, 0, 0], [0, 1, 0], [0, 0, 0]]))
        assert linking_number(flat, 1, *HOPF, budget=300).value is None

    def test_of_polygons(self) -> None:
        rng = np.random.default_rng(4)
        first, second = 2 * rng.standard_normal((2, 12, 3))
        found = linking_number(NOTHING, 0, Polygon(0, "A", first), Polygon(1, "B", second))
        assert found.value == other_linking_number(first, second)

    def test_vertices_that_are_not_near_their_images_prove_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        vertices = Arcs._vertices

        def off(self: Arcs, at: FloatArray) -> tuple[FloatArray, FloatArray]:
            found, near = vertices(self, at)
            return found, near & (len(at) == 64)  # those that halve arcs are not

        assert linking_number(NOTHING, 0, *HOPF).boxes == 128
        near = [HOPF[0], Ring(1, "B", (1.499, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0), 1.0)]
        assert linking_number(NOTHING, 0, *near).boxes > 128
        monkeypatch.setattr(Arcs, "_vertices", off)
        assert linking_number(NOTHING, 0, *HOPF).value == 1
        assert linking_number(NOTHING, 0, *near).reason.startswith("the images come too near")

    def test_many_corners_take_little_memory(self) -> None:
        turn = np.linspace(0, 2 * np.pi, 3001)[:-1]
        ring = np.stack([np.cos(turn), np.sin(turn), 0 * turn], axis=1)
        polygons = Polygon(0, "A", ring), Polygon(1, "B", ring[:, [0, 2, 1]] + np.array([1.0, 0.0, 0.0]))
        tracemalloc.start()
        found = linking_number(NOTHING, 0, *polygons)
        assert tracemalloc.get_traced_memory()[1] < 110e6
        tracemalloc.stop()
        assert abs(found.value or 0) == 1

    def test_only_in_space(self) -> None:
        widened = network_of(layer([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]))
        assert linking_number(widened, 1, *HOPF).reason == "after 1 layers space has 4 dimensions, not 3"


class TestWinding:
    circle = Circle(0, "A", 0.5)

    def test_around_and_beside(self) -> None:
        network = network_of(layer([[2.0, 1.0], [0.0, 3.0]], "tanh"))
        assert winding(network, (0.1, 0.2)) == 1
        assert winding(network, (0.6, 0.2)) == 0

    def test_a_mirror_changes_the_sign(self) -> None:
        assert winding(network_of(layer([[0.0, 1.0], [1.0, 0.0]])), (0.1, 0.2)) == -1

    @pytest.mark.parametrize(("radius", "value"), [(0.49999, 1), (0.50001, 0)])
    def test_near_the_curve(self, radius: float, value: int) -> None:
        assert winding(network_of(layer([[1.0, 0.0], [0.0, 1.0]])), (radius, 0.0)) == value

    def test_on_the_curve(self) -> None:
        assert winding(network_of(), (0.5, 0.0)) is None

    def test_where_relu_folds(self) -> None:
        network = network_of(layer([[1.0, 0.0], [0.0, 1.0]], "relu"))
        assert (
            winding(network, (-1.0, -1.0)) is None
        )  # the image of the circle passes through that of the point
        assert winding(network, (0.1, 0.1)) == 1

    def test_only_in_the_plane(self) -> None:
        network = network_of(layer([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]))
        assert winding(network, (0.0, 0.0)) is None

    @settings(max_examples=15, deadline=None)
    @given(st.integers(0, 2**32), st.sampled_from(["tanh", "flow"]))
    def test_it_agrees_with_fine_polygons(self, seed: int, kind: str) -> None:
        network = plain.random_network(seed, (2, 2, 2), kind)
        point = np.random.default_rng(seed).uniform(-0.8, 0.8, 2)
        value = winding(network, tuple(point.tolist()))
        if value is not None:
            angle = 2 * np.pi * np.arange(3000) / 3000
            curve = 0.5 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
            images = (plain.representation(network, x) for x in (curve, point[None]))
            polygon, image = next(images), next(images)[0]
            assert value == other_winding_number(polygon, image)


def winding(network: Network, point: tuple[float, ...]) -> int | None:
    from topo_core.verification.windings import winding_number

    layers = len(network.layers)
    return winding_number(network, layers, TestWinding.circle, np.array(point), budget=3000).value


@pytest.mark.parametrize("curve", [UNLINK[0], UNLINK[1], Polygon(0, "A", np.eye(3))])
def test_arcs_stay_within_reach_of_their_chords(curve: Core) -> None:
    network = plain.random_network(1, (3, 3, 3))
    arcs = Arcs(network, 2, curve)
    arcs.cut(np.arange(0, len(arcs.low), 2))
    for share in np.linspace(0, 1, 7):
        at = (arcs.low + share * (arcs.high - arcs.low))[:, None]
        inside = np.minimum(at, np.nextafter(arcs.high[:, None], 0))
        image = plain.representation(network, curve.jet(inside, inside).centre.middle)
        chord = arcs.start + share * (arcs.end - arcs.start)
        assert (np.abs(image - chord) <= arcs.reach + 1e-12).all()
    assert len(arcs.polygon) == len(curve.start()[0]) + (len(curve.start()[0]) + 1) // 2
    assert np.array_equal(arcs.polygon[0], arcs.start[0])


def test_what_is_not_closed_is_refused() -> None:
    with pytest.raises(TopoError, match="piece A is not a closed curve"):
        Arcs(NOTHING, 0, Segment(0, "A", 0.0, 1.0))
