"""What the scenes of neighbours show is what the votes, the traces and plain arithmetic say."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from scenes.essay.cosine_sphere import cap_angles, directions, on_sphere
from scenes.essay.digits_bottleneck import astray, neighbour_answers
from scenes.essay.neighbours import Neighbours
from scenes.essay.parts.digit_cloud import DigitCloud, DigitPoints, Exhibits
from scenes.essay.parts.neighbour_field import NeighbourField, shares_of_b, weight_shares
from scenes.essay.parts.weight_plot import Distances, WeightPlot
from scenes.kit import DARK, Rect
from tests.scenes.pictures import colour, looks, picture, pixel, texts
from topo_core.datasets import Digits, Islands
from topo_core.errors import TopoError
from topo_core.experiment import Experiment
from topo_core.knn.recipe import Fitting
from topo_core.knn.vote import NeighbourVote
from topo_core.knn.weightings import weighting
from topo_core.spec import NetworkSpec
from topo_core.trace import Trace
from topo_core.training import train

RECT = Rect(-4.0, -3.0, 4.0, 3.0)
ISLANDS = Islands(side=2, n_per_island=20)


@cache
def trained() -> Trace:
    """A small network for digits, hardly trained, for its neighbours in the plane."""
    return train(
        Experiment(
            *("small", "Digits", Digits(), NetworkSpec.parse("64-12:relu-2:linear")),
            fitting=Fitting("gaussian", epochs=3, snapshots=4),
        )
    )


class TestVotes:
    @pytest.mark.parametrize("readout", ["1/d", "1/d^4", "gaussian", "student:1"])
    @pytest.mark.parametrize("k", [1, 5, 40])
    def test_they_are_those_of_the_readout(self, readout: str, k: int) -> None:
        at = np.random.default_rng(k).uniform(-1, 1, (200, 2))
        found = shares_of_b(ISLANDS.points, ISLANDS.labels, at, k, weighting(readout))
        vote = NeighbourVote(ISLANDS.points, ISLANDS.labels, weighting(readout), k, 2)
        assert np.allclose(found, np.exp(vote.log_shares(at))[:, 1], rtol=0, atol=1e-9)

    def test_shares_of_a_weight(self) -> None:
        shares = weight_shares(np.array([[1.0, 2.0, 4.0]]), weighting("1/d"))
        assert np.allclose(shares, np.array([[4.0, 2.0, 1.0]]) / 7, atol=1e-6)


class TestField:
    def field(self) -> NeighbourField:
        shown = NeighbourField(lambda _: ISLANDS.points, ISLANDS.labels, RECT, DARK)
        shown.state.field = 1.0
        return shown

    def test_every_place_has_the_colour_of_who_wins(self) -> None:
        field = self.field()
        image = picture(field)
        for centre, label in zip(ISLANDS.centres, ISLANDS.island_labels.tolist(), strict=True):
            (x, y), *_ = field.view(centre[None]).tolist()
            at = image[pixel((x, y), image.shape)]
            own, other = (np.abs(at - colour(DARK.class_colour(c))).sum() for c in (label, 1 - label))
            assert own < other

    def test_the_vote_follows_state(self) -> None:
        field = self.field()
        field.state.x, field.state.y = ISLANDS.centres[1].tolist()
        assert field.vote() == 1.0
        field.state.k, field.state.p = 80.0, 1.0
        loose = field.vote()
        field.state.p = 6.0
        assert 0.4 < loose < field.vote() < 1.0
        field.state.k = 1e9
        assert field.k == len(ISLANDS.points)

    def test_all_points_are_in_the_picture(self) -> None:
        field = self.field()
        places = field.view(ISLANDS.points)
        assert (np.abs(places - RECT.centre) <= RECT.half).all()


class TestDigits:
    def test_they_are_where_the_trace_says(self) -> None:
        digits, trace = DigitPoints(trained()), trained()
        points, labels = trace.dataset.dense()
        for s in range(trace.n_snapshots):
            expected = trace.evaluate(points, trace.n_layers, snapshot=s)
            assert np.allclose(digits.at(float(s))[digits.tested], expected, rtol=0, atol=1e-12)
        assert np.array_equal(digits.labels[digits.tested], labels)
        assert np.array_equal(digits.images[digits.tested].reshape(600, 64), points)

    def test_answers_are_those_that_were_measured(self) -> None:
        trace, digits = trained(), DigitPoints(trained())
        answers = neighbour_answers(trace, digits)
        wrong = digits.tested & (answers != digits.labels)
        assert wrong.sum() == trace.outcome["wrong"] > 0

    def test_exhibits_are_wrong_and_different(self) -> None:
        trace, digits = trained(), DigitPoints(trained())
        answers = neighbour_answers(trace, digits)
        chosen = astray(digits, answers, float(trace.n_snapshots - 1))
        assert len(chosen) >= 2
        assert digits.tested[chosen].all()
        assert (answers[chosen] != digits.labels[chosen]).all()
        assert len(set(digits.labels[chosen])) == len(set(answers[chosen])) == len(chosen)
        cloud = DigitCloud(digits, RECT, DARK)
        words = [(f"a {digits.labels[chosen[0]]}", f"among {answers[chosen[0]]}s")]
        shown = texts(Exhibits(digits, chosen[:1], words, Rect(4.4, 0.0, 6.7, 1.5), cloud.place, DARK))
        assert [text.content for text in shown] == list(words[0])

    def test_elongation(self, monkeypatch: pytest.MonkeyPatch) -> None:
        digits = DigitPoints(trained())
        normal = np.random.default_rng(0).standard_normal((len(digits.labels), 2))
        monkeypatch.setattr(digits, "at", lambda position: normal * [5.0, 1.0])
        assert abs(digits.elongation(0.0) - 5) < 0.5

    def test_a_cloud_draws_its_points_in_their_colours(self) -> None:
        cloud = DigitCloud(DigitPoints(trained()), RECT, DARK)
        assert not looks(picture(cloud), DARK.class_colour(0)).any()
        cloud.state.points = 1.0
        image = picture(cloud, width=640, height=360)
        assert all(looks(image, DARK.class_colour(c), 30).any() for c in range(10))


class TestSphere:
    def test_angles(self) -> None:
        tilt = np.radians(10)
        up, side = np.array([0.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0])
        ring = np.array([np.cos(tilt) * up + np.sin(tilt) * np.array([np.cos(a), np.sin(a), 0])
                         for a in np.arange(0, 6, 2) * np.pi / 3])  # fmt: skip
        points = np.concatenate([ring, ring[:, [2, 0, 1]]])
        labels = np.repeat([0, 1], 3)
        inside, between = cap_angles(points, labels, 2)
        assert np.allclose([inside, between], [10, 90])
        assert np.allclose(directions(points, labels, 2), [up, side])
        assert np.allclose(np.linalg.norm(on_sphere(np.ones((2, 3)) * 7), axis=1), 1)


class TestWeights:
    def test_shares_of_the_nearest(self) -> None:
        trace, distances = trained(), Distances(trained())
        known = trace.evaluate(trace.dataset.points, 2)
        asked = trace.evaluate(trace.dataset.dense()[0], 2)
        away = np.sort(np.linalg.norm(asked[:, None] - known, axis=2), axis=1)
        weights = (1 + (away / 1e-3) ** 2) ** -1.0  # p = 2
        expected = (weights[:, :10].sum(axis=1) / weights.sum(axis=1)).mean()
        assert np.isclose(distances.shares(2.0)[9], expected)
        assert np.isclose(distances.shares(2.0)[-1], 1)
        assert np.isclose(distances.nearness(10), np.median(away[:, 9] / away.mean(axis=1)))

    def test_the_plot_shows_the_exponent_of_its_state(self) -> None:
        distances = Distances(trained())
        plot = WeightPlot([distances], [DARK.accent], 10, RECT, DARK)
        first = plot.share(0)
        plot.state.power = 3.0
        assert plot.state.p == 8.0
        assert first < plot.share(0) == distances.shares(8.0)[9]


def test_a_scene_of_islands_refuses_other_traces(tmp_path: object) -> None:
    path = f"{tmp_path}/trace.npz"
    replace(trained()).save(path)
    with pytest.raises(TopoError, match="Neighbours shows"):
        Neighbours(trace=path).construct()
