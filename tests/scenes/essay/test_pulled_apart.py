"""Tori pulled apart: the stretch on them, their thinnest place and what the scene says, recomputed."""

from dataclasses import replace
from functools import cache, partial

import numpy as np
import pytest

from scenes.essay.parts.closeup import Closeup, nearest_cores
from scenes.essay.parts.stretched_tori import StretchedTori
from scenes.essay.pulled_apart import PulledApart
from scenes.kit import Camera3D, Rect
from scenes.kit.colour_scale import ColourScale, logarithmic_marks
from scenes.kit.gl.colours import oklab
from scenes.kit.theme import DARK, LIGHT, Theme
from scenes.output.look import faults
from tests.scenes.essay_scenes import Seen, learned
from tests.scenes.pictures import texts
from topo_core.datasets import LinkedTori, Unlink
from topo_core.errors import TopoError
from topo_core.topology.distance import polygon_distance
from topo_core.trace import Trace

FIRST = ([[1.4, 0.3, -0.2], [-0.4, 1.1, 0.5], [0.2, -0.6, 1.2]], [0.2, -0.1, 0.3])
SECOND = ([[2.6, 0.5, 0.1], [-0.3, 1.9, -0.8], [0.4, 0.9, 2.2]], [-0.5, 0.4, 0.1])
READOUT = ([[-1.0, 0.2, 0.1], [1.0, -0.3, 0.4]], [0.1, -0.2])
OUTCOME = {
    "accuracy": 0.9375,
    "majority_rate": 0.5,
    "wrong": 500,
    "dense_points": 8000,
    "solved_restarts": 0,
    "restarts": 4,
}


@cache
def trace() -> Trace:
    return learned(LinkedTori(n_per_class=20), [FIRST, SECOND], READOUT, OUTCOME)


@cache
def tori(theme: Theme = DARK) -> StretchedTori:
    return StretchedTori(trace(), theme, (60, 12))


def test_they_are_where_the_network_takes_them_and_coloured_by_the_map_so_far() -> None:
    shown = tori()
    shown.place(0.0)
    assert shown.largest() == pytest.approx(1)
    start = [torus.points.copy() for torus in shown.tori]
    shown.place(1.4)
    for torus, x in zip(shown.tori, start, strict=True):
        assert torus.points == pytest.approx(trace().evaluate(x, 1, 0.4))
    x = np.concatenate(start)
    ends = [
        trace().evaluate(x + 1e-6 * e, 1, 0.4) - trace().evaluate(x - 1e-6 * e, 1, 0.4) for e in np.eye(3)
    ]
    largest = np.linalg.norm(np.stack(ends, axis=2) / 2e-6, 2, axis=(1, 2))
    assert shown.moment().stretch[: len(x)] == pytest.approx(largest, rel=1e-6)
    assert shown.largest() == pytest.approx(largest.max(), rel=1e-6)


def test_vertices_are_on_the_tori() -> None:
    ring, tube = LinkedTori().core_radius, LinkedTori().tube_radius
    first = StretchedTori(trace(), DARK, (60, 12)).tori[0].points + np.array([ring / 2, 0, 0])
    assert np.hypot(np.hypot(first[:, 0], first[:, 1]) - ring, first[:, 2]) == pytest.approx(tube)


@pytest.mark.parametrize(("theme", "sign"), [(DARK, 1), (LIGHT, -1)])
def test_what_is_stretched_more_is_farther_from_the_paper(theme: Theme, sign: int) -> None:
    shown = tori(theme)
    for label in (0, 1):
        stretch = np.geomspace(*shown.scale, 20)
        assert (sign * np.diff(oklab(shown.colours(label, stretch))[:, 0]) > 0).all()


def test_the_linking_number_stays() -> None:
    shown = tori()
    for position in (0.0, 0.3, 1.0, 1.7, 2.0):
        shown.place(position)
        assert shown.linking() == 1


def test_they_shrink_to_their_cores() -> None:
    shown = tori()
    shown.shrink(1.0, np.zeros(3))
    core = trace().representations(trace().dataset.components[1].curves[0].path(np.arange(4000) / 4000))[-1]
    away = np.linalg.norm(shown.tori[1].points[:, None] - core, axis=2).min(axis=1)
    assert away.max() < np.linalg.norm(np.diff(core, axis=0), axis=1).max()


def test_the_nearest_place_is_the_nearest() -> None:
    s = np.arange(3000) / 3000
    curves = [c.curves[0].path for c in trace().dataset.components]
    for layer, t in ((0, 0.0), (1, 0.5), (2, 0.0)):
        found = nearest_cores(trace(), layer, t)
        polygons = [trace().evaluate(path(s), layer, t) for path in curves]
        assert found.distance == pytest.approx(polygon_distance(*polygons), rel=1e-3)
        ends = [
            trace().evaluate(path(np.array([at])), layer, t)[0]
            for path, at in zip(curves, found.parameters, strict=True)
        ]
        assert np.stack(ends) == pytest.approx(found.points)
        assert np.linalg.norm(ends[0] - ends[1]) == pytest.approx(found.distance)


class TestCloseup:
    def test_all_of_both_curves_from_afar_and_a_piece_of_each_from_near(self) -> None:
        close = Closeup(tori())
        afar = close.tubes(Camera3D(zoom=2.0))
        assert [tube.is_closed for tube in afar] == [True, True]
        for curve, at in zip(close.curves, close.nearest.points - close.target, strict=True):
            x, y, z = at.tolist()
            (near,) = close.tubes(Camera3D(zoom=1e6, centre=(x, y, z)))
            assert not near.is_closed
            assert np.linalg.norm(near.curve - at, axis=1).min() < 1e-9
            assert len(near.curve) < len(curve) / 3

    def test_tubes_are_as_wide_on_screen_at_every_magnification(self) -> None:
        close = Closeup(tori())
        for zoom in (2.0, 20.0):
            tube = close.tubes(Camera3D(zoom=zoom))[0]
            assert zoom * float(tube.radius) == pytest.approx(0.06)

    def test_the_gap_is_seen_from_the_side(self) -> None:
        close = Closeup(tori())
        camera = close.across(Camera3D())
        gap = close.nearest.points[1] - close.nearest.points[0]
        seen = camera.rotation @ gap / np.linalg.norm(gap)
        assert np.hypot(*seen[:2]) > 0.8


def test_the_numbers_of_the_scale() -> None:
    assert [words for words, _ in logarithmic_marks(1.0, 243.0)] == ["1", "10", "243"]  # 100 would touch 243
    rows = [(name, DARK.class_colour(k), partial(tori().shades, k)) for k, name in enumerate("AB")]
    scale = ColourScale(Rect(0, 0, 4, 1.5), DARK, "stretched", rows, logarithmic_marks(1.0, 243.0))
    assert [t.content for t in texts(scale)] == ["stretched", "A", "B", "1", "10", "243"]


@pytest.mark.slow
class TestTheScene:
    def test_what_it_says_was_measured(self) -> None:
        seen = Seen(PulledApart, {"tori-3": trace()})
        assert seen.sections == [
            *("Two linked tori", "Layer 1", "Layer 2", "What is left", "The thinnest place", "Unchanged"),
        ]
        assert {"93.8 % right,", "0 of 4 restarts succeed"} <= set(seen.words("Two linked tori"))
        shown = StretchedTori(trace(), DARK)
        for section, position in (("Layer 1", 1.0), ("Layer 2", 2.0)):
            words = seen.words(section)
            assert f"{shown.largest(position):.1f}" in words
            assert words[words.index("linking number") + 1] == "+1"
        found = nearest_cores(trace(), 2)
        assert f"{found.distance:.1e}"[:3] in " ".join(seen.words("The thinnest place"))
        assert {"500 of 8000 points are wrong", "No plane can separate a link."} <= set(
            seen.words("Unchanged")
        )
        assert all(faults(page) == [] for page in seen.pages.values())
        assert max(seen.speeds().values()) < 19

    def test_other_traces_are_refused(self) -> None:
        flat = learned(
            LinkedTori(n_per_class=20), [(FIRST[0][:2], FIRST[1][:2])], ([[1.0, 0], [0, 1]], [0.0, 0])
        )
        apart = replace(trace(), dataset=Unlink(n_per_class=20))
        for other in (flat, apart):
            with pytest.raises(
                TopoError, match=r"^PulledApart shows tanh layers of three units on 'linked-tori'"
            ):
                Seen(PulledApart, {"tori-3": other})
