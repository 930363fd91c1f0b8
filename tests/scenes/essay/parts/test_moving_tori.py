"""Two tori carried through a network: their vertices, their linking number, their distance."""

import numpy as np
import pytest

from scenes.essay.parts import moving_tori
from scenes.essay.parts.moving_tori import MovingTori
from scenes.essay.parts.wrong_ring import _around, wrong_ring
from tests.scenes.essay_scenes import learned
from topo_core.datasets import LinkedTori
from topo_core.topology.gap import gap
from topo_core.topology.linking import linking_number
from topo_core.trace import Trace

DATA = LinkedTori(n_per_class=20)
BENT = ([[2.5, 0.4, -0.3], [0.2, 1.2, 0.8], [-0.6, 0.3, 1.0]], [0.3, -0.2, 0.1])
FLAT = ([[1.0, 0.2, 0.0], [0.1, 0.9, 0.1], [0.0, -0.2, 1.1]], [0.0, 0.1, 0.0])
LEFT = ([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]], [0.0, 0.0])


@pytest.fixture(autouse=True)
def roughly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vertices chosen by fewer measurements."""
    monkeypatch.setattr(moving_tori, "_PIECES", 128)
    monkeypatch.setattr(moving_tori, "_LINES", 12)


def trace(*layers: object) -> Trace:
    return learned(DATA, list(layers) or [BENT, FLAT], LEFT, snapshots=1)


def test_vertices_are_those_of_the_surfaces_carried_along() -> None:
    tori = MovingTori(trace(), (40, 12))
    for label, (u, v) in enumerate(tori.parameters):
        surface = DATA.components[label].surface
        assert surface is not None
        points = surface.patch(u, v)
        for position, layer, t in ((0.0, 0, 0.0), (0.4, 0, 0.4), (1.0, 1, 0.0), (1.7, 1, 0.7), (2.0, 2, 0.0)):
            expected = trace().evaluate(points, layer, t)
            assert tori.vertices(position)[label] == pytest.approx(expected, abs=1e-12)
            assert tori.carried(points, position) == pytest.approx(expected, abs=1e-12)
    assert tori.grid(tori.inputs.a).shape == (40, 12, 3)


def test_a_wider_layer_has_room_for_all() -> None:
    wide = learned(
        DATA, [(np.eye(4, 3), np.zeros(4))], ([[0.0] * 4, [1.0, 0, 0, 0]], [0.0, 0.0]), snapshots=1
    )
    tori = MovingTori(wide, (16, 8))
    assert tori.dimension == 4
    assert [p.shape for p in tori.vertices(0.0)] == [(128, 4), (128, 4)]
    assert (tori.vertices(0.0).a[:, 3] == 0).all()


def test_vertices_crowd_where_the_surface_is_stretched() -> None:
    steep = trace(([[9.0, 0, 0], [0, 1, 0], [0, 0, 1]], [4.5, 0, 0]))
    tori = MovingTori(steep, (48, 12))
    even = np.arange(48) / 48
    for label, patch in enumerate(tori.patches):
        v = np.arange(12) / 12
        plain = steep.evaluate(patch(np.repeat(even, 12), np.tile(v, 48)), 1).reshape(48, 12, 3)
        ours = tori.grid(tori.vertices(1.0)[label])
        longest = [np.linalg.norm(np.roll(grid, -1, axis=0) - grid, axis=2).max() for grid in (plain, ours)]
        assert longest[1] < 0.8 * longest[0]


def test_the_linking_number_of_the_moving_cores() -> None:
    tori = MovingTori(trace(), (16, 8))
    s = np.arange(1000) / 1000
    for position in (0.0, 0.37, 2.0):
        curves = [tori.carried(core(s), position) for core in DATA.cores]
        assert tori.linking(position) == linking_number(*curves) == 1
    mirror = MovingTori(trace((np.diag([1.0, 1.0, -1.0]), np.zeros(3))), (16, 8))
    assert mirror.linking(1.0) == -1


def test_the_distance_is_that_of_the_surfaces() -> None:
    tori = MovingTori(trace(), (16, 8))
    assert tori.nearest(0.0).distance == pytest.approx(0.4, abs=1e-5)
    points, labels = DATA.dense(12_000)
    for position in (0.8, 2.0):
        spread = gap(tori.carried(points, position), labels)
        assert 0.95 * spread < tori.nearest(position).distance < spread


def test_what_goes_around() -> None:
    ring, patch, along, spiral = (np.zeros((12, 8), dtype=bool) for _ in range(4))
    ring[[11, 11, 0, 0, 1, 0, 0, 11], range(8)] = True
    ring[0, 0] = ring[0, 1] = ring[1, 3] = ring[1, 5] = ring[0, 7] = ring[11, 0] = True
    patch[3:9, 1:7] = True
    along[:, 3] = True
    spiral[[0, 0, 1, 1, 2, 2], [0, 1, 1, 2, 2, 3]] = True
    assert _around(ring).any()
    assert not _around(patch).any()
    assert not _around(along).any()
    assert not _around(spiral).any()
    assert (_around(ring | patch) == _around(ring)).all()


def test_a_network_of_three_units_is_wrong_all_around_a_tube() -> None:
    """As the theory has it, whatever the weights are, if no layer is singular."""
    random = np.random.default_rng(5)
    for _ in range(6):
        layers = [(random.normal(size=(3, 3)), random.normal(size=3)) for _ in range(2)]
        readout = (random.normal(size=(2, 3)), random.normal(size=2))
        found = wrong_ring(learned(DATA, layers, readout, snapshots=1))
        assert found is not None
        core = DATA.cores[found.label](np.arange(1024) / 1024)
        assert np.linalg.norm(core - found.centre, axis=1).min() < 1e-12


def test_what_is_right_has_no_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trace, "predict", lambda _, x: _torus_of(x))
    assert wrong_ring(trace()) is None


def _torus_of(x: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    from_a = np.hypot(np.hypot(x[:, 0] + 0.5, x[:, 1]) - 1, x[:, 2])
    return (from_a > 0.31).astype(int)
