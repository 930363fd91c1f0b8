"""Ambient isotopy: singular instants, exchanged units and checks of the definition, recomputed."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from scenes.essay.isotopy import AmbientIsotopy
from scenes.essay.parts.isotopy_checks import CHOSEN, Checks, folding_weight, mirrored
from scenes.essay.parts.swap import exchanged
from scenes.kit.text import scientific
from scenes.output.look import faults
from tests.scenes.essay_scenes import GENTLE, READOUT, Seen, learned
from topo_core.datasets import DiscInAnnulus, Interval, TwoCurves
from topo_core.errors import TopoError
from topo_core.trace import Trace

#: A weight of positive determinant with two negative eigenvalues.
FOLDING = ([[-1.57, 2.26], [0.41, -1.44]], [0.1, 0.2])
#: Two layers of which the first has a negative determinant; the second has a positive one.
BEFORE = (([[1.53, 0.71], [0.83, -0.57]], [0.99, -0.52]), ([[1.2, -0.3], [0.4, 0.9]], [0.1, 0.3]))


def many(*layers: object) -> Trace:
    return learned(DiscInAnnulus(n_per_class=20), layers, READOUT)


def trained() -> Trace:
    """A network that has had two exchanges, of which the first one made the second one necessary."""
    before = learned(TwoCurves(n_per_class=16), BEFORE, READOUT)
    return exchanged(exchanged(before, 0), 1)


@cache
def seen(otherwise: bool = False) -> Seen:
    if otherwise:
        never = replace(trained(), swaps=(None, None))
        return Seen(AmbientIsotopy, {"annulus-depth-6": many(GENTLE), "curves-deep": never})
    return Seen(AmbientIsotopy, {"annulus-depth-6": many(GENTLE, FOLDING), "curves-deep": trained()})


def after(words: list[str], label: str) -> str:
    return words[words.index(label) + 1]


@pytest.mark.slow
class TestTheScene:
    def test_a_network_without_a_matrix_of_the_plane_is_refused(self) -> None:
        narrow = learned(Interval(n_per_class=16), [([[1.0], [2.0]], [0.0, 0.0])], READOUT)
        with pytest.raises(TopoError, match=r"^AmbientIsotopy shows the weight of a layer from two units"):
            Seen(AmbientIsotopy, {"annulus-depth-6": narrow, "curves-deep": trained()})

    def test_sections_in_order(self) -> None:
        assert seen().sections == [
            *("From the identity to W", "Singular on the way", "Mirrored", "The same end"),
            *("A mirror", "Two units change places", "No mirror any more", "Layer by layer"),
            *("The definition", "The theorem"),
        ]

    def test_a_trained_weight_is_named_and_a_chosen_one_too(self) -> None:
        assert "W of layer 2 of 2, trained:" in seen().words("From the identity to W")
        assert "W, chosen by hand:" in seen(True).words("From the identity to W")
        assert {"-1.50", "0.25"} <= set(seen(True).words("From the identity to W"))

    def test_it_stops_where_the_straight_path_is_singular(self) -> None:
        weight = np.array(FOLDING[0])
        eigenvalues = np.sort(np.linalg.eigvals(weight))
        for section, value in (("Singular on the way", eigenvalues[0]), ("Mirrored", eigenvalues[1])):
            t = 1 / (1 - value)
            words = seen().words(section)
            assert after(words, "t =") == f"{t:.3f}"
            assert after(words, "straight: det =") == "0.00"
            assert f"1 - t + t lambda = 0$ with $lambda = {value:.2f}" in " ".join(words)
            s = np.linalg.svd(weight)[1]
            assert float(after(words, "polar: det =")) == pytest.approx(np.prod(1 - t + t * s), abs=0.005)
            assert abs(np.linalg.det((1 - t) * np.eye(2) + t * weight)) < 1e-12
        assert f"t = {1 / (1 - eigenvalues[0]):.3f}" in seen().narration("Singular on the way")

    def test_both_paths_end_at_the_same_matrix(self) -> None:
        words = seen().words("The same end")
        assert after(words, "straight: det =") == after(words, "polar: det =") == "1.33"
        bent, turned = seen().scene.two.stages
        assert bent.state.position == turned.state.position == 1
        for sheet in seen().scene.two.sheets:
            assert sheet.side() == pytest.approx(1.57 * 1.44 - 2.26 * 0.41)

    def test_the_mirrored_layer_and_its_cure(self) -> None:
        first = np.linalg.det(np.array(BEFORE[0][0]))
        mirror, cured = seen().words("A mirror"), seen().words("No mirror any more")
        assert after(mirror, "det p(t)") == after(mirror, "det W_1 =") == f"{first:.2f}"
        assert after(cured, "det p(t)") == after(cured, "det W_1 =") == f"{-first:.2f}"
        assert first < 0
        network = seen().scene.network
        assert network.first[1].side() == pytest.approx(first)
        assert network.second[1].side() == pytest.approx(-first)

    def test_the_sign_moves_on_and_leaves(self) -> None:
        signs = {
            section: [float(after(seen().words(section), f"det W_{k} =")) > 0 for k in (1, 2)]
            for section in ("A mirror", "Two units change places", "Layer by layer")
        }
        assert list(signs.values()) == [[False, True], [True, False], [True, True]]

    def test_the_function_is_unchanged(self) -> None:
        network = seen().scene.network
        xs, ys = (np.linspace(low, high, 101) for low, high in TwoCurves().bounds)
        points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
        differences = [np.abs(n.logits(points) - trained().logits(points)).max() for n in network.networks]
        assert max(differences) < 1e-14
        assert scientific(network.changes[1]) in " ".join(seen().words("Two units change places"))
        assert "at 10201 points:" in " ".join(seen().words("Two units change places"))
        same = "up to rounding" in seen().narration("Two units change places")
        assert same == (max(network.changes) > 0)

    def test_the_definition_is_checked_at_both_ends(self) -> None:
        layer = trained().layers[0]
        words = " ".join(seen().words("The theorem"))
        assert "max |F_0 (x) - x| = 0" in words
        assert f"max |F_1 (x) - f(x)| = {scientific(seen().scene.checks.from_layer(1.0))}" in words
        assert f"min_(t, x) det D F_t = {seen().scene.least:.3f}" in words
        assert 0 < seen().scene.least < 1
        assert f"{np.linalg.det(layer.weight):.2f}" in words
        assert "two did" in words

    def test_without_exchanges_it_does_not_speak_of_training(self) -> None:
        assert seen(True).narration("A mirror").startswith("Two exchanged units leave")
        assert "Layer by layer" not in seen(True).sections
        assert "no need" in " ".join(seen(True).words("The theorem"))
        assert seen().narration("A mirror").startswith("Training left")

    @pytest.mark.parametrize("otherwise", [False, True])
    def test_it_can_be_read(self, otherwise: bool) -> None:
        played = seen(otherwise)
        assert not [fault for page in played.pages.values() for fault in faults(page)]
        assert max(played.speeds().values()) <= 18.5
        assert 60 <= played.scene.renderer.time <= 90


class TestFolding:
    def test_the_first_layer_that_folds_is_found(self) -> None:
        weight, layer = folding_weight(many(GENTLE, FOLDING, FOLDING))
        assert layer == 1
        np.testing.assert_array_equal(weight, FOLDING[0])

    def test_a_negative_determinant_does_not_count(self) -> None:
        weight, layer = folding_weight(many(([[1.0, 0.0], [0.0, -2.0]], [0.0, 0.0])))
        assert layer is None
        np.testing.assert_array_equal(weight, CHOSEN)

    def test_the_chosen_one_folds(self) -> None:
        values = np.linalg.eigvals(CHOSEN)
        assert np.isreal(values).all()
        assert (values < 0).all()


class TestMirrored:
    def test_recorded_exchanges_are_undone_in_turn(self) -> None:
        networks, layers, by_training = mirrored(trained())
        assert (len(networks), layers, by_training) == (3, [0, 1], True)
        assert networks[-1] == trained()
        for k, (weight, bias) in enumerate(BEFORE):
            np.testing.assert_array_equal(networks[0].weights[k][-1], weight)
            np.testing.assert_array_equal(networks[0].biases[k][-1], bias)
        assert networks[0].swaps == (None, None)
        assert networks[1].swaps == ((0, 1), None)

    def test_if_there_are_none_one_is_made(self) -> None:
        never = replace(trained(), swaps=(None, None))
        networks, layers, by_training = mirrored(never)
        assert (len(networks), layers, by_training) == (2, [0], False)
        assert networks[1] == never
        assert np.linalg.det(networks[0].layers[0].weight) < 0


class TestChecks:
    def test_they_are_those_of_the_motion(self) -> None:
        layer = trained().layers[0]
        points = np.random.default_rng(0).uniform(-1, 1, (40, 2))
        checks, h = Checks(layer, points), 1e-6
        values = np.tanh(points @ layer.weight.T + layer.bias)
        for t in (0.0, 0.2, 0.5, 0.9, 1.0):
            now = layer.path(points, t)
            assert checks.from_identity(t) == pytest.approx(np.linalg.norm(now - points, axis=1).max())
            assert checks.from_layer(t) == pytest.approx(
                np.linalg.norm(now - values, axis=1).max(), abs=1e-12
            )
            columns = [
                (layer.path(points + h * e, t) - layer.path(points - h * e, t)) / (2 * h) for e in np.eye(2)
            ]
            measured = np.linalg.det(np.stack(columns, axis=-1)).min()
            assert checks.smallest_determinant(t) == pytest.approx(measured, rel=1e-6)
        assert checks.from_identity(0.0) == 0
