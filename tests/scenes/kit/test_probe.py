"""A point that travels along a curve, and what the units say of it."""

import numpy as np
import pytest

from scenes.kit import Stage
from scenes.kit.probe import FIRING, Probe
from scenes.kit.text import number
from scenes.kit.theme import DARK
from tests.scenes.example_films import written_trace
from tests.scenes.pictures import looks, picture, pixel, texts
from tests.topo_core.example_traces import example_trace
from topo_core.datasets import UserPoints
from topo_core.errors import TopoError


def probe_at(curve: int, s: float, position: float = 0.0) -> Probe:
    probe = Probe(Stage(written_trace(), DARK).at(position))
    probe.place(curve, s)
    return probe


class TestUnits:
    @pytest.mark.parametrize(("curve", "s"), [(0, 0.0), (0, 0.4), (1, 1.0)])
    def test_their_values_are_those_of_the_network(self, curve: int, s: float) -> None:
        probe = probe_at(curve, s)
        trace = probe.stage.trace
        x = trace.dataset.components[curve].curves[0].path(np.array([s]))
        shown = {t.content for t in texts(probe)}
        for h in trace.representations(x):
            assert {number(float(v)) for v in h[0]} <= shown
        odds = np.exp(trace.logits(x)[0])
        assert {f"{100 * p:.0f} %" for p in odds / odds.sum()} <= shown

    def test_they_stay_in_their_place(self) -> None:
        boxes = np.array([t.box for t in texts(probe_at(0, 0.5))])
        assert (boxes[:, 0] > FIRING.x0 - 0.1).all()
        assert (boxes[:, 2] < FIRING.x1 + 0.1).all()
        assert (boxes[:, 1] > FIRING.y0).all()
        assert (boxes[:, 3] < FIRING.y1).all()


class TestPoint:
    def test_it_is_where_the_stage_carries_it(self) -> None:
        for position in (0.0, 0.7, 2.0):
            probe = probe_at(1, 0.3, position)
            image = picture(probe, background=DARK.background)
            x = probe.stage.trace.dataset.components[1].curves[0].path(np.array([0.3]))
            layer = int(position)
            at = probe.stage.plane.view(probe.stage.trace.evaluate(x, layer, position - layer))[0]
            row, column = pixel((at[0], at[1]), image.shape)
            assert looks(image, DARK.class_colour(1), 30)[row - 1 : row + 2, column - 1 : column + 2].any()

    def test_it_travels_from_one_end_to_the_other(self) -> None:
        probe = probe_at(0, 0.2)
        animation = probe.travel(1, 1.0, 0.25)
        ends = probe.stage.trace.dataset.components[1].curves[0].path(np.array([1.0, 0.25]))
        animation.begin()
        np.testing.assert_array_equal(probe.point, ends[0])
        animation.finish()
        np.testing.assert_array_equal(probe.point, ends[1])
        assert probe.label == 1

    def test_points_without_curves_are_refused(self) -> None:
        data = UserPoints(points=np.eye(2), labels=np.array([0, 1]), source="two")
        with pytest.raises(TopoError, match="no curve"):
            Probe(Stage(example_trace("2-2", 1, dataset=data), DARK))
