"""A zoom keeps its point in place, grows evenly, and samples curves for its closest view."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.kit import Stage
from scenes.kit.theme import DARK
from scenes.kit.zoom import Zoom
from tests.scenes.example_films import written_trace
from topo_core.errors import TopoError

CENTRE = np.array([0.4, 0.2])


def zoomed(factor: float = 8.0, position: float = 2.0) -> tuple[Stage, Zoom]:
    stage = Stage(written_trace(), DARK, panel=False).at(position)
    return stage, Zoom(stage, CENTRE, factor)


def test_from_far_it_is_the_stages_own_camera() -> None:
    plain = Stage(written_trace(), DARK, panel=False).at(2.0).plane.view
    stage, _ = zoomed()
    assert stage.plane.view.scale == plain.scale
    assert (stage.plane.view.centre == plain.centre).all()


def test_near_the_part_is_in_the_middle_and_as_large_as_asked() -> None:
    stage, zoom = zoomed()
    far = stage.plane.view.scale
    zoom.state.near = 1.0
    assert stage.plane.view.centre == pytest.approx(CENTRE)
    assert stage.plane.view.scale == pytest.approx(8 * far)
    assert stage.plane.view(CENTRE[None])[0] == pytest.approx(stage.plane.rect.centre)


@given(st.floats(0, 1))
def test_one_point_stays_where_it_is(near: float) -> None:
    stage, zoom = zoomed(position=0.0)
    far = stage.plane.view
    # The point that goes neither out nor in, from the first and the last view.
    still = CENTRE + (far.centre - CENTRE) / (1 - 8)
    zoom.state.near = near
    assert stage.plane.view(still[None]) == pytest.approx(far(still[None]), abs=1e-9)
    assert stage.plane.view.scale == pytest.approx(far.scale * 8**near)


def test_animated_it_goes_and_comes_back() -> None:
    stage, zoom = zoomed()
    far = stage.plane.view.scale
    for near, scale in ((1.0, 8 * far), (0.0, far)):
        animation = zoom.to(near)
        animation.begin()
        animation.interpolate(0.5)
        assert far < stage.plane.view.scale < 8 * far
        animation.finish()
        assert stage.plane.view.scale == pytest.approx(scale)


def test_curves_are_sampled_for_the_closest_view() -> None:
    near, _ = zoomed(50.0)
    far = Stage(written_trace(), DARK, panel=False).at(2.0)
    counts = [sum(map(len, s.plane.space.placed("curves", 2.0))) for s in (near, far)]
    assert counts[0] > 3 * counts[1]


@pytest.mark.parametrize("factor", [1.0, 0.5, float("nan")])
def test_a_factor_that_does_not_enlarge_is_refused(factor: float) -> None:
    stage = Stage(written_trace(), DARK, panel=False).at(0.0)
    with pytest.raises(TopoError, match=r"zoom factor .*: give more than 1"):
        Zoom(stage, CENTRE, factor)
