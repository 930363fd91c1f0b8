"""A point and a curve around it, followed through layers: winding number, crossings, what is drawn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.essay.parts.witness import RADIUS, Witness
from scenes.kit import Stage
from scenes.kit.theme import DARK
from tests.scenes.essay_scenes import GENTLE, READOUT, learned
from tests.scenes.pictures import looks, picture, pixel
from topo_core.datasets import DiscInAnnulus
from topo_core.topology.surrounding import circle_windings

TWO = [GENTLE, ([[-1.2, 0.5], [0.3, 2.0]], [0.1, 0.4])]  # the second one mirrors the plane


def witness(position: float = 0.0, layers: object = TWO) -> Witness:
    trace = learned(DiscInAnnulus(n_per_class=20), layers, READOUT)
    return Witness(Stage(trace, DARK, panel=False).at(position))


@pytest.mark.parametrize("position", [0, 1, 2])
def test_it_is_where_the_network_carries_it(position: int) -> None:
    shown = witness(position)
    trace = shown.stage.trace
    angle = 2 * np.pi * np.arange(len(shown.polygon)) / len(shown.polygon)
    circle = RADIUS * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    assert shown.polygon == pytest.approx(trace.representations(circle)[position])
    assert shown.at == pytest.approx(trace.representations(np.zeros((1, 2)))[position][0])


def test_its_winding_number_is_the_proven_one_after_every_layer() -> None:
    found = [witness(position).winding() for position in (0, 1, 2)]
    assert found == [w.number for w in circle_windings(witness().stage.trace, RADIUS)] == [1, 1, -1]


@given(st.floats(0, 1))
@settings(max_examples=25, deadline=None)
def test_on_the_way_through_an_isotopic_layer_it_stays(position: float) -> None:
    shown = witness(position, [GENTLE])
    assert shown.stage.trace.layers[0].path.isotopic
    assert shown.winding() == 1


def test_where_the_plane_is_flattened_there_is_none() -> None:
    flat = ([[1.0, 0.5], [2.0, 1.0]], [0.0, 0.0])
    shown = Witness(witness(1.0, [flat]).stage, np.array([-0.5, 1.0]) / np.sqrt(1.25))
    assert shown.winding() is None
    assert shown.ends_apart() == pytest.approx(0)
    before = Witness(witness(0.0, [flat]).stage, np.array([-0.5, 1.0]) / np.sqrt(1.25))
    assert before.ends_apart() == pytest.approx(RADIUS)


@given(st.sampled_from([0.0, 1.0, 2.0]), st.floats(-7, 7), st.floats(0.001, 0.999))
@settings(max_examples=60, deadline=None)
def test_a_line_through_the_curves_extent_cuts_it(position: float, angle: float, share: float) -> None:
    shown = witness(position)
    shown.state.angle = angle
    low, high = shown.reach()
    assert low < 0 < high  # the point is inside
    shown.state.offset = low + share * (high - low)
    crossings = shown.crossings()
    assert len(crossings) >= 2
    assert len(crossings) % 2 == 0
    assert (crossings - shown.at) @ shown.normal == pytest.approx(shown.state.offset, abs=1e-9)


@given(st.sampled_from([0.0, 1.0, 2.0]), st.floats(-7, 7), st.sampled_from([-1, 1]))
@settings(max_examples=40, deadline=None)
def test_a_line_that_misses_the_curve_leaves_both_on_one_side(
    position: float, angle: float, side: int
) -> None:
    shown = witness(position)
    shown.state.angle = angle
    shown.state.offset = (shown.reach()[1] if side > 0 else shown.reach()[0]) + side * 0.01
    assert len(shown.crossings()) == 0
    beyond = (shown.polygon - shown.at) @ shown.normal > shown.state.offset
    assert set(beyond) == {shown.state.offset < 0}


def test_crossings_are_marked_where_line_and_curve_meet() -> None:
    shown = witness()
    shown.state.line, shown.state.angle, shown.state.offset = 1.0, 0.0, 0.5
    image = picture(shown, background=DARK.background, width=1280, height=720)
    accent = looks(image, DARK.accent, 40)
    height = np.sqrt(RADIUS**2 - 0.25)
    for x, y, wide in ((0.5, height, True), (0.5, -height, True), (0.5, 0.0, False)):
        row, column = pixel(shown.stage.plane.view(np.array([[x, y]]))[0], image.shape)
        assert accent[row, column]
        assert accent[row, column - 7 : column + 8].all() == wide


def test_point_and_curve_have_the_colours_of_their_classes() -> None:
    shown = witness()
    shown.state.point = shown.state.curve = 1.0
    image = picture(shown, background=DARK.background, width=1280, height=720)
    for at, label in (([0.0, 0.0], 0), ([RADIUS, 0.0], 1), ([0.0, -RADIUS], 1)):
        row, column = pixel(shown.stage.plane.view(np.array([at]))[0], image.shape)
        assert looks(image, DARK.classes[label], 20)[row, column]
