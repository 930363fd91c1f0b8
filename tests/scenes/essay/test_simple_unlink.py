"""A relatively simple unlink: what the scene says of a network is recomputed here, in another way."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from scenes.essay.parts.crossing_signs import clearest
from scenes.essay.parts.moving_link import Membrane, MovingLink
from scenes.essay.simple_unlink import SimpleUnlink
from scenes.kit import DARK
from tests.scenes.essay_scenes import Seen
from topo_core.datasets import LinkedTori, Unlink
from topo_core.errors import TopoError
from topo_core.flow import Flow
from topo_core.handmade import handmade
from topo_core.trace import Trace

pytestmark = pytest.mark.slow

GENTLE, STEEP = 0.2, 5.0
#: The plane z = 0.4 with A, the circle in z = 0, below it.
READOUT = ([[0.0, 0.0, -2.0], [0.0, 0.0, 1.0]], [0.8, -0.4])


def flow(seed: int, speed: float) -> Flow:
    rng = np.random.default_rng(seed)
    return Flow(rng.uniform(-2, 2, (6, 3)), speed * rng.uniform(-1, 1, (6, 3)), 1.0)


def trace(turns: float = 0.0, speed: float = GENTLE, margin: float | None = 0.25) -> Trace:
    """Curves that go around each other so often, in two layers; the outcome is written."""
    layers = [flow(seed, speed) for seed in (0, 1)]
    made = handmade(layers, dataset=Unlink(turns=turns), readout=READOUT)
    outcome = {"separated": margin is not None, "margin": margin, "inverse_error": 2.5e-15}
    return replace(made, outcome=outcome)


@cache
def seen(case: str = "apart") -> Seen:
    cases = {"apart": trace(), "folded": trace(1.5, STEEP, None)}
    return Seen(SimpleUnlink, {"unlink": cases[case]})


def curves(of: Trace, n: int = 1500) -> list[np.ndarray]:
    """Points of both curves after the last layer, one by one through the essay's formula."""
    s = np.arange(n) / n
    found = []
    for core in of.dataset.cores:  # type: ignore[attr-defined]
        x = core(s)
        for layer in of.layers:
            f = np.exp(-cdist(x, layer.flow.anchors, "sqeuclidean") / (2 * layer.flow.scale**2))
            x = x + f @ layer.flow.vectors / (1 + f.sum(axis=1, keepdims=True))
        found.append(x)
    return found


class TestApart:
    def test_sections(self) -> None:
        assert seen().sections == [
            *("Two curves", "The linking number", "A motion of space", "Unwound", "Apart"),
            *("A plane between them", "And back", "An ambient isotopy"),
        ]

    def test_the_distance_is_that_of_the_curves(self) -> None:
        first, second = curves(trace())
        words = seen().words("Apart")
        assert {"layer", "2 / 2", "linking number", "0"} <= set(words)
        assert f"{cdist(first, second).min():.2f}" in words

    def test_margin_and_round_trip_are_those_measured(self) -> None:
        assert "0.25 from the nearest points." in seen().words("A plane between them")
        assert "0.25 away from both" in seen().narration("A plane between them")
        assert "Undone to within" in seen().words("And back")

    def test_back_at_the_input_everything_is_where_it_was(self) -> None:
        link = seen().scene.link
        for k, curve in enumerate(link.curves):
            np.testing.assert_array_equal(curve, link.at(0.0)[k])
        assert "0 / 2" in seen().words("And back")

    def test_it_speaks_slowly_enough(self) -> None:
        assert max(seen().speeds().values()) < 20


class TestFolded:
    """Layers that are not proven to be one-to-one, and no plane in the end."""

    def test_sections(self) -> None:
        assert seen("folded").sections[-2:] == ["Not apart", "And back"]

    def test_nothing_is_claimed(self) -> None:
        said = " ".join(mark.narration for mark in seen("folded").scene.marks)
        assert "Points may meet." in said
        for claim in ("proven", "never torn", "never meet", "never linked", "isotopy", "can be undone"):
            assert claim not in said

    def test_signs_of_crossings_add_up(self) -> None:
        words = seen("folded").words("The linking number")
        signs = [int(word.replace("−", "-")) for word in words if word in ("+1", "−1")]
        assert len(signs) >= 8
        assert sum(signs) == 0
        assert words[words.index("linking number") + 1] == "0"


def test_a_margin_that_is_proven_is_not_rounded_up() -> None:
    certificate = {"claims": [{"claim": "separated", "margin": 0.2479}]}
    proven = Seen(SimpleUnlink, {"unlink": replace(trace(), certificate=certificate)})
    assert "at least 0.24 away: proven." in proven.words("A plane between them")
    assert "proven" in proven.narration("A plane between them")
    assert "proven" not in seen().narration("A plane between them")


class TestMovingLink:
    @pytest.mark.parametrize("position", [0.0, 0.3, 1.0, 1.75, 2.0])
    def test_everything_goes_through_the_network(self, position: float) -> None:
        of = trace(1.5)
        link = MovingLink(of, DARK)
        layer, t = (2, 0.0) if position == 2 else (int(position), position % 1)
        for there, here in zip(link.at(position), link.at(0.0), strict=True):
            np.testing.assert_allclose(there, of.evaluate(here, layer, t), atol=1e-12)

    def test_the_surface_comes_from_the_plane(self) -> None:
        of = trace()
        membrane = Membrane(of, "#ffffff", np.array([1.0, 0.0, 2.0]), 2.0, cells=8)
        membrane.show(2.0)
        np.testing.assert_allclose(membrane.surface.points[:, 2], 0.4, atol=1e-12)
        assert np.ptp(membrane.surface.points[:, :2], axis=0) == pytest.approx([4.0, 4.0])
        end = membrane.surface.points
        for position in (0.0, 1.0):
            membrane.show(position)
            rest = of.layers[int(position) :]
            carried = membrane.surface.points
            for layer in rest:
                carried = layer(carried)
            np.testing.assert_allclose(carried, end, atol=1e-12)
        membrane.show(0.0)
        assert np.abs(membrane.surface.points - end).max() > 0.05
        np.testing.assert_allclose(np.diff(of.logits(membrane.surface.points), axis=1), 0, atol=1e-11)

    def test_the_shortest_way_to_the_plane(self) -> None:
        membrane = Membrane(trace(), "#ffffff", np.zeros(3), 2.0, cells=2)
        start, end = membrane.way(np.array([[0.0, 0.0, 1.0], [3.0, 1.0, 0.1], [0.0, 0.0, -1.0]]))
        np.testing.assert_allclose(start, [3.0, 1.0, 0.1])
        np.testing.assert_allclose(end, [3.0, 1.0, 0.4])


def test_a_sign_goes_where_nothing_is_drawn() -> None:
    s = np.linspace(-2, 2, 401)
    cross = np.concatenate([np.stack([s, s], axis=1), np.stack([s, -s], axis=1)])
    for away in ([1.0, 0.3], [-0.2, 1.0], [0.1, -1.0]):
        place = clearest(np.zeros(2), np.array(away), cross)
        assert np.linalg.norm(place - cross, axis=1).min() > 0.3
        assert place @ away > 0


@pytest.mark.parametrize(
    "other",
    [
        handmade([flow(0, GENTLE)], dataset=LinkedTori(n_per_class=8)),
        handmade([(np.eye(3), np.zeros(3))], dataset=Unlink()),
    ],
)
def test_other_traces_are_refused(other: Trace) -> None:
    with pytest.raises(TopoError, match="SimpleUnlink shows flow layers of three units on 'unlink'"):
        Seen(SimpleUnlink, {"unlink": other})
