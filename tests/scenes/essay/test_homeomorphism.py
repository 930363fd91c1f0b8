"""Layers are homeomorphisms: numbers on screen are recomputed here, and the way back is one."""

from functools import cache

import numpy as np
import pytest

from scenes.essay.homeomorphism import DOTS, SINGULAR, Homeomorphisms
from scenes.essay.parts.inverses import InverseMotion, StepMotion, dots, fibre, keep_still, round_trip
from scenes.kit import Rect, Stage
from scenes.kit.motion import LayerMotion, moved
from scenes.kit.text import scientific
from scenes.kit.theme import DARK
from scenes.output.look import faults
from tests.scenes.essay_scenes import GENTLE, READOUT, Seen, learned
from topo_core.datasets import Interval, Spirals, TwoCurves
from topo_core.errors import TopoError
from topo_core.trace import Trace

#: Weight and bias of the network that is run backwards.
LAYERS = (GENTLE, ([[1.1, -0.4], [0.2, 0.9]], [0.1, 0.0]), GENTLE, ([[0.9, 0.5], [-0.6, 1.3]], [0.0, 0.2]))
ONE = ([[0.83, -0.57], [1.53, 0.71]], [-0.52, 0.99])


def network(layers: object = LAYERS) -> Trace:
    return learned(Spirals(n_per_class=16), layers, READOUT)


def single() -> Trace:
    return learned(TwoCurves(n_per_class=16), [ONE], READOUT)


@cache
def seen() -> Seen:
    return Seen(Homeomorphisms, {"spirals": network(), "curves-deep": single()})


def forward(x: np.ndarray, layers: object = LAYERS) -> np.ndarray:
    for weight, bias in layers:  # type: ignore[attr-defined]
        x = np.tanh(x @ np.array(weight).T + np.array(bias))
    return x


@pytest.mark.slow
class TestTheScene:
    def test_a_network_that_has_no_such_way_back_is_refused(self) -> None:
        narrow = learned(Interval(n_per_class=16), [([[1.0], [2.0]], [0.0, 0.0])], READOUT)
        with pytest.raises(
            TopoError, match=r"^Homeomorphisms shows tanh layers of two units, but the trace is of 1-2"
        ):
            Seen(Homeomorphisms, {"spirals": narrow, "curves-deep": single()})

    def test_sections_in_the_order_of_the_proof(self) -> None:
        assert seen().sections == [
            *("The theorem", "Multiply by W", "Add b", "tanh", "One after the other"),
            *("A singular matrix", "Flattened", "A whole network", "Dots", "Backwards", "Back at the input"),
        ]

    def test_each_step_is_shown_with_its_inverse(self) -> None:
        words = seen().words("Multiply by W")
        inverse = np.linalg.inv(np.array(ONE[0]))
        for value in (*np.ravel(ONE[0]), *inverse.ravel()):
            assert f"{value:.2f}" in words
        assert {"-0.52", "0.99"} <= set(seen().words("Add b"))
        assert {"x |-> tanh x", 'y |-> op("artanh") y'} <= set(seen().words("tanh"))

    def test_tanh_names_its_range(self) -> None:
        assert "onto its range." in seen().words("Add b")
        words = seen().words("tanh")
        assert {"RR^2", "(-1, 1)^2 ."} <= set(words)
        assert "onto its range." not in words

    def test_two_points_become_one(self) -> None:
        before, after = seen().words("A singular matrix"), seen().words("Flattened")
        a, b = fibre(SINGULAR, TwoCurves())
        assert before[before.index("from a to b:") + 1] == f"{np.linalg.norm(a - b):.2f}"
        assert after[after.index("from a to b:") + 1] == "0.00"
        assert before[before.index("det =") + 1] == "1.00"
        assert after[after.index("det =") + 1] == "0.00"
        assert seen().scene.pair.distance() < 1e-12

    def test_the_determinants_of_the_network(self) -> None:
        words = seen().words("A whole network")
        for k, (weight, _) in enumerate(LAYERS):
            shown = words[words.index(f"det W_{k + 1} =") + 1]
            assert float(shown) == pytest.approx(np.linalg.det(np.array(weight)), abs=0.005)

    def test_the_errors_are_those_of_the_way_back(self) -> None:
        trace, words = network(), seen().words("Back at the input")
        (stage,) = (m for m in seen().scene.mobjects if isinstance(m, Stage))
        domain = stage.plane.space.domain
        assert stage.state.position == 0
        grid = np.stack(np.meshgrid(*(np.linspace(a, b, DOTS) for a, b in domain)), axis=-1).reshape(-1, 2)
        h = forward(grid)
        errors: list[float] = []
        for k in reversed(range(len(LAYERS))):
            weight, bias = (np.array(part) for part in LAYERS[k])
            h = (np.arctanh(h) - bias) @ np.linalg.inv(weight).T
            errors.insert(0, np.linalg.norm(h - forward(grid, LAYERS[:k]), axis=1).max())
        assert len(seen().scene.errors) == trace.n_layers + 1
        assert seen().scene.errors[-1] == 0
        for mine, theirs in zip(errors, seen().scene.errors, strict=False):
            assert 0 < theirs < 1e-9
            assert mine / 20 < theirs < 20 * mine  # both are made of rounding only
            assert scientific(theirs) in words
        assert f"{DOTS**2} dots are back," in words

    def test_it_can_be_read(self) -> None:
        assert not [fault for page in seen().pages.values() for fault in faults(page)]
        assert max(seen().speeds().values()) <= 18
        assert 60 <= seen().scene.renderer.time <= 90

    def test_a_network_that_flattens_has_no_way_back(self) -> None:
        flat = network([GENTLE, (SINGULAR.tolist(), [0.0, 0.0])])
        with pytest.raises(TopoError, match="layer 2 has a singular weight"):
            Seen(Homeomorphisms, {"spirals": flat, "curves-deep": single()})


class TestMotions:
    @pytest.mark.parametrize("position", [0.0, 0.3, 1.0, 2.6, 4.0])
    def test_backwards_it_is_where_forward_it_was(self, position: float) -> None:
        trace, points = network(), np.random.default_rng(0).uniform(-1, 1, (50, 2))
        there = moved(LayerMotion(trace), points, position)
        np.testing.assert_allclose(moved(InverseMotion(trace), points, position), there, atol=1e-10)

    def test_it_starts_from_nothing_but_the_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        trace, points = network(), np.random.default_rng(0).uniform(-1, 1, (50, 2))
        end = trace.evaluate(points, 4)
        monkeypatch.setattr(type(trace), "evaluate", lambda self, x, layer: end if layer == 4 else None)
        np.testing.assert_allclose(InverseMotion(trace).start(np.zeros((50, 2)), 0), points, atol=1e-10)

    def test_steps_begin_where_the_one_before_ended(self) -> None:
        trace, points = single(), np.random.default_rng(1).uniform(-1, 1, (50, 2))
        weight, bias = (np.array(part) for part in ONE)
        ends = [points, points @ weight.T, points @ weight.T + bias, np.tanh(points @ weight.T + bias)]
        for step in range(3):
            motion = StepMotion(trace, step)
            np.testing.assert_allclose(moved(motion, points, 0.0), ends[step], atol=1e-15)
            np.testing.assert_allclose(moved(motion, points, 1.0), ends[step + 1], atol=1e-15)

    def test_a_still_camera_sees_all_of_the_motion(self) -> None:
        stage = Stage(
            single(), DARK, panel=False, rect=Rect(-2, -2, 2, 2), motion=StepMotion(single(), 1)
        ).at(0.0)
        keep_still(stage)
        space = stage.plane.space
        first, last = space.follow(0.0), space.follow(1.0)
        np.testing.assert_array_equal(first.window, last.window)
        corners = np.array([[x, y] for x in space.domain[0] for y in space.domain[1]])
        for t in (0.0, 0.5, 1.0):
            placed = moved(space.motion, corners, t)
            assert (placed >= first.window[:, 0]).all()
            assert (placed <= first.window[:, 1]).all()


class TestMeasurements:
    def test_two_points_of_different_curves_with_one_image(self) -> None:
        a, b = fibre(SINGULAR, TwoCurves())
        np.testing.assert_allclose(SINGULAR @ a, SINGULAR @ b, atol=1e-13)
        assert a[1] == pytest.approx(-0.4 - 0.5 * np.cos(np.pi * a[0]))
        assert b[1] == pytest.approx(0.4 - 0.5 * np.cos(np.pi * b[0]))
        assert np.linalg.norm(a - b) > 0.5

    def test_dots_fill_the_domain(self) -> None:
        found = dots(np.array([[-1.0, 1.0], [2.0, 6.0]]), 5)
        assert found.shape == (25, 2)
        assert {tuple(p) for p in found} == {(x, y) for x in (-1, -0.5, 0, 0.5, 1) for y in (2, 3, 4, 5, 6)}

    def test_the_round_trip_of_a_network_without_error_is_exact(self) -> None:
        still = learned(Spirals(n_per_class=16), [], ([[1.0, 0.0], [0.0, 1.0]], [0.0, 0.0]))
        assert round_trip(still, np.array([[1.0, 2.0]])) == [0.0]
