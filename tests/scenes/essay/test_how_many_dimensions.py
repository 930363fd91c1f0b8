"""Points and curves that pass each other or meet: motions, distances and counts, recomputed."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.essay.how_many_dimensions import HowManyDimensions
from scenes.essay.parts.crossing_space import CrossingSpace
from scenes.essay.parts.passing import (
    AWAY,
    LIFT,
    Passing,
    angles,
    circle_a,
    circle_b,
    in_four_dimensions,
    in_space,
    in_the_plane,
    meeting,
    on_the_line,
    phases,
)
from scenes.kit import Space3D
from scenes.kit.theme import DARK, LIGHT, Theme, rgb
from scenes.output.look import faults
from tests.scenes.essay_scenes import Seen
from topo_core.topology.linking import linking_number

CASES = (on_the_line, in_the_plane, in_space, in_four_dimensions)


@pytest.mark.parametrize("case", [make() for make in CASES], ids=[make.__name__ for make in CASES])
def test_there_is_one_dimension_too_few_or_one_more(case: Passing) -> None:
    assert case.moving(0.3).shape[1] == case.resting.shape[1] == case.dimensions
    assert len(case.resting) == (1 if case.n == 0 else len(angles()))
    least = case.distances(40).min()
    if case.dimensions == 2 * case.n + 1:
        assert case.meets is not None
        assert case.distance(case.meets) == pytest.approx(0, abs=1e-12)
        assert least == pytest.approx(0, abs=1e-12)
    else:
        assert case.dimensions == 2 * case.n + 2
        assert case.meets is None
        assert least > 0.8


def test_the_points_change_places_on_the_line_and_in_the_plane() -> None:
    for case in (on_the_line(), in_the_plane()):
        start, end = case.moving(0.0)[0], case.moving(1.0)[0]
        assert start[0] == -end[0] < 0
        assert np.abs(start[1:]).max(initial=0) < 1e-12
        assert np.abs(end[1:]).max(initial=0) < 1e-12


def test_the_circles_are_linked_until_they_meet() -> None:
    case = in_space()
    assert case.meets is not None
    before, after = (case.meets + step for step in (-0.01, 0.01))
    for s in (0.0, before):
        assert abs(linking_number(case.moving(s), case.resting)) == 1
    for s in (after, 1.0):
        assert linking_number(case.moving(s), case.resting) == 0


@settings(max_examples=40, deadline=None)
@given(x=st.floats(-3, -2.05), y=st.floats(-1, 1), z=st.floats(-1.3, 1.3))
def test_whatever_the_way_they_meet(x: float, y: float, z: float) -> None:
    when, where = meeting((x, y, z))
    assert 0 < when < 1
    shift = when * np.array([x, y, z])
    on_a = where - shift + (0.5, 0, 0)
    assert np.hypot(on_a[0], on_a[1]) == pytest.approx(1)
    assert on_a[2] == pytest.approx(0, abs=1e-12)
    assert np.hypot(where[0] - 0.5, where[2]) == pytest.approx(1)
    assert where[1] == 0
    ring, rest = circle_a(angles()), circle_b(angles())
    assert linking_number(ring + 0.98 * shift, rest) != linking_number(ring + 1.02 * shift, rest)


def test_in_four_dimensions_the_picture_crosses_and_the_curves_do_not() -> None:
    case = in_four_dimensions()
    ends = [case.moving(s) for s in (0.0, 1.0)]
    assert all(np.abs(end[:, 3]).max() == 0 for end in ends)
    assert [abs(linking_number(end[:, :3], case.resting[:, :3])) for end in ends] == [1, 0]
    assert ends[1][:, :3] == pytest.approx(ends[0][:, :3] + AWAY)
    show = CrossingSpace(Space3D(DARK), DARK)
    now = case.moving(show.crossing)
    picture = Passing(1, 3, lambda _: now[:, :3], case.resting[:, :3])
    assert picture.distance(0.0) < 1e-6
    assert case.distance(show.crossing) > 0.8
    assert now[:, 3].max() == pytest.approx(LIFT)
    steps = [np.abs(case.moving(s + 1e-4) - case.moving(s)).max() for s in np.linspace(0, 0.999, 200)]
    assert max(steps) < 1e-2  # a motion, without jumps


def test_up_across_and_down() -> None:
    assert [phases(s) for s in (0.0, 0.25, 0.5, 0.75, 1.0)] == [(0, 0), (1, 0), (1, 0.5), (1, 1), (0, 1)]


@pytest.mark.parametrize(("theme", "sign"), [(DARK, 1), (LIGHT, -1)])
def test_what_is_lifted_is_farther_from_the_paper_and_the_rest_as_its_class(theme: Theme, sign: int) -> None:
    colours = CrossingSpace(Space3D(theme), theme).colours(np.linspace(0, LIFT, 9))
    assert colours[0] == pytest.approx(rgb(theme.class_colour(0)), abs=0.01)
    assert (sign * np.diff(colours.sum(axis=1)) > 0).all()


def test_the_trail_is_where_a_has_been() -> None:
    case = in_space()
    show = CrossingSpace(Space3D(DARK), DARK)
    show.begin(case)
    show.place(case, 0.6)
    rows = show.trail.points.reshape(-1, len(angles()), 3)
    assert rows[0] == pytest.approx(case.moving(0.0))
    assert rows[-1] == pytest.approx(case.moving(0.6))
    assert rows[len(rows) // 3] == pytest.approx(case.moving(0.6 * (len(rows) // 3) / (len(rows) - 1)))
    assert show.linking(case) == "0"
    show.place(case, case.meets or 0.0)
    assert show.linking(case) == "−"


@cache
def seen(theme: str) -> Seen:
    return Seen(HowManyDimensions, {}, theme)


@pytest.mark.slow
class TestTheScene:
    def test_what_it_says_is_so(self) -> None:
        shown = seen("dark")
        assert shown.sections == [
            *("Points on a line", "Points in the plane", "Curves in space", "Any other way"),
            *("In four dimensions", "The count"),
        ]
        words = shown.words("The count")
        for case in (make() for make in CASES):
            assert f"{case.distances().min():.2f}" in words
        assert f"{meeting(AWAY)[0]:.2f}" in shown.words("Any other way")
        assert "They have to meet." in shown.words("Points on a line")
        assert "Linked, they have to meet." in shown.words("Curves in space")
        for section in ("Points in the plane", "In four dimensions"):
            assert "They can miss each other." in shown.words(section)

    def test_it_can_be_read(self) -> None:
        shown = seen("dark")
        assert [fault for page in shown.pages.values() for fault in faults(page)] == []
        assert max(shown.speeds().values()) < 19
