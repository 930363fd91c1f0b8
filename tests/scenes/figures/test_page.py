"""Pages: traces, titles, keys, and text that has no room."""

from dataclasses import dataclass

import pytest

from scenes.figures.layout import Layout
from scenes.figures.legible import check_text
from scenes.figures.page import Figure, Page
from scenes.kit.stage import Stage
from scenes.kit.theme import LIGHT
from tests.scenes.figures.made_traces import pretend_trained
from tests.topo_core.example_traces import example_trace
from topo_core.datasets import Digits, TwoCurves
from topo_core.errors import SpecError, TopoError
from topo_core.experiments import Experiment, experiment_named


@dataclass(frozen=True)
class Two(Figure):
    """Two experiments. With more words."""

    def experiments(self) -> tuple[Experiment, ...]:
        return experiment_named("curves"), experiment_named("curves-deep")


def page(ems: float = 40, figure: Figure | None = None) -> Page:
    return Page(figure or Two(), ems * Layout(1, LIGHT).em, LIGHT)


class TestTraces:
    def test_are_found(self) -> None:
        pretend_trained(*Two().experiments())
        own = page()
        assert str(own.trace().spec) == "2-2"
        assert str(own.trace("curves-deep").spec) == "2-2-2-2"
        assert own.trace() is own.trace("curves")

    def test_a_given_one_takes_the_place_of_the_main_one(self) -> None:
        pretend_trained(*Two().experiments())
        given = example_trace("2-2-2")
        own = Page(Two(), 10, LIGHT, given)
        assert own.trace() is own.trace("curves") is given
        assert str(own.trace("curves-deep").spec) == "2-2-2-2"

    def test_one_that_is_not_trained(self) -> None:
        with pytest.raises(TopoError, match="no trace of the experiment 'curves' yet"):
            page().trace(experiment_named("curves").with_options(seed=77))

    def test_the_title_is_the_first_line(self) -> None:
        assert Two().title == "Two experiments. With more words"


class TestText:
    def test_what_has_room(self) -> None:
        own = page()
        cells = own.panels([["a"], ["$h_2$"]], notes=1, letters=True)
        for cell in cells:
            own.note(cell, ["below"])
        own.key(TwoCurves(), cells[1].x1 - 3 * own.em, cells[0].y1 - 2 * own.em)
        check_text(own)

    def test_what_leaves_the_paper(self) -> None:
        own = page(6)
        own.reach(-1.0)
        own.write("too many words for this", 0.0, -0.5, align=0.0)
        with pytest.raises(SpecError, match="'too many words for this' has no room on a page 6 heights"):
            check_text(own)

    def test_what_is_below_it(self) -> None:
        own = page()
        own.write("low", 1.0, -0.5)
        with pytest.raises(SpecError, match="'low' has no room"):
            check_text(own)

    def test_what_overlaps(self) -> None:
        own = page()
        own.panels([["a long title"]] * 2, 12, gap=0.0)
        own.write("over it", own.width / 4, -1.2 * own.em)
        with pytest.raises(SpecError, match="'a long title' overlaps 'over it'"):
            check_text(own)

    def test_many_classes_are_not_named(self) -> None:
        own = page()
        own.key(Digits(), 5.0, -0.5)
        assert not own.mobjects


def test_planes_of_a_kind_are_seen_as_each_would_be_alone() -> None:
    own, trace = page(), example_trace("2-2-2")
    wide = Page(Two(), 2 * own.width, LIGHT)
    for rect, position in zip(own.cells(2), (0.5, 1.25), strict=True):
        shown = own.plane(trace, rect, position).plane.view
        alone = Stage(trace, LIGHT, rect=rect, panel=False).at(position).plane.view
        assert shown.rect == rect
        assert shown.scale == alone.scale
        assert (shown.centre == alone.centre).all()
    larger = wide.plane(trace, wide.cells(2)[0], 1.25).plane.view
    assert larger.scale > 1.9 * shown.scale
