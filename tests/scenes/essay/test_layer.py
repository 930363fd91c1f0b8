"""The scenes about one layer: every number on screen is recomputed here, in another way."""

import re
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from manim import FadeIn

from scenes.essay.layer import EDGE, MIDDLE, Activations, OneLayer, folded
from scenes.essay.parts.layer_stage import BIAS, REACH, SPACING, WEIGHT, LayerStage, layer_trace
from scenes.essay.parts.quarter import SHOWN, Quarter
from scenes.kit import TraceScene
from scenes.kit.motion import moved
from scenes.kit.stage import PLANE
from scenes.kit.theme import DARK, LIGHT
from scenes.kit.view import Rect
from scenes.output.look import LookRenderer, Page, faults
from scenes.output.play import play_scene
from tests.scenes.pictures import Small, film, scratch, texts

DETERMINANT = WEIGHT[0, 0] * WEIGHT[1, 1] - WEIGHT[0, 1] * WEIGHT[1, 0]
SLOPES = {
    "tanh": lambda u: 1 - np.tanh(u) ** 2,
    "sigmoid": lambda u: np.exp(-u) / (1 + np.exp(-u)) ** 2,
    "softplus": lambda u: 1 / (1 + np.exp(-u)),
    "relu": lambda u: (u > 0).astype(float),
}
CASES = [(scene, theme) for scene in (OneLayer, Activations) for theme in ("dark", "light")]
each_case = pytest.mark.parametrize(("scene", "theme"), CASES, ids=lambda v: getattr(v, "__name__", v))
each_activation = pytest.mark.parametrize("name", list(SHOWN))


@cache
def seen(scene: type[TraceScene], theme: str = "dark") -> tuple[list[Page], Any]:
    """What is on screen at the end of every section, and the scene after it was played."""
    with scratch():
        played = play_scene(scene, LookRenderer, Small(theme=theme, width=854, height=480), None)
    return played.renderer.pages, played


def words(scene: type[TraceScene], section: str) -> str:
    """All text at the end of a section, in the order in which it is drawn."""
    (page,) = (page for page in seen(scene)[0] if page.section == section)
    return " | ".join(text.content for text in page.texts)


def midpoints(corner: tuple[float, float], side: float, n: int) -> np.ndarray:
    s = side * (np.arange(n) + 0.5) / n
    return np.asarray(corner) + np.stack(np.meshgrid(s, s), axis=-1).reshape(-1, 2)


def factor(name: str, corner: tuple[float, float], n: int = 200) -> float:
    """By how much a layer multiplies a cell's area: the mean of the Jacobian's determinant."""
    u = midpoints(corner, SPACING, n) @ WEIGHT.T + BIAS
    return float(DETERMINANT * SLOPES[name](u).prod(axis=1).mean())


def corners() -> list[tuple[float, float]]:
    ticks = np.arange(-REACH, REACH - 1e-9, SPACING)
    return [(x, y) for y in ticks for x in ticks]


class TestTheLayer:
    def test_it_turns_shears_and_grows(self) -> None:
        assert DETERMINANT > 1.2
        angle = np.degrees(np.arctan2(WEIGHT[1, 0] - WEIGHT[0, 1], np.trace(WEIGHT)))
        assert 15 < angle < 45
        first, second = WEIGHT.T / np.linalg.norm(WEIGHT, axis=0)
        assert 0.15 < abs(first @ second) < 0.8

    @each_activation
    def test_its_plane_is_the_square_of_whole_cells(self, name: str) -> None:
        stage = LayerStage(layer_trace(name), DARK)
        assert stage.plane.space.domain == pytest.approx(np.array([[-REACH, REACH]] * 2), abs=1e-12)
        assert stage.plane.space.spacing == SPACING


class TestTheCamera:
    @each_activation
    def test_it_rests_until_the_activation_and_never_loses_anything(self, name: str) -> None:
        stage = LayerStage(layer_trace(name), DARK)
        space, first = stage.plane.space, stage.plane.space.follow(0.0)
        points = midpoints((-REACH, -REACH), 2 * REACH, 60)
        points = np.concatenate([points, REACH * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])])
        for position in np.linspace(0, 1, 61):
            view = space.follow(float(position))
            if position <= 2 / 3:
                assert (view.scale, *view.centre) == pytest.approx((first.scale, *first.centre))
            away = np.abs(view(moved(space.motion, points, float(position))) - PLANE.centre)
            assert (away <= PLANE.half).all()
        filled = np.ptp(space.follow(1.0)(moved(space.motion, points, 1.0)), axis=0) / (2 * PLANE.half)
        assert filled.max() > 0.8  # and closes in

    @each_activation
    def test_no_number_along_the_edges_is_half_faded_at_rest(self, name: str) -> None:
        quarter = Quarter(name, (-6.25, 2.85), DARK)
        large = LayerStage(layer_trace("tanh"), DARK).at(0.0)
        for stage in (quarter.stage, large):
            for position in (0.0, 2 / 3, 1.0):
                stage.at(position)
                assert {note.opacity for note in texts(stage.plane)} == {1.0}


class TestOneLayer:
    def test_its_sections(self) -> None:
        _, scene = seen(OneLayer)
        assert [mark.name for mark in scene.marks] == [
            "A grid",
            "One cell",
            "Linear",
            "Translation",
            "A second cell",
            "tanh",
            "Each its own factor",
            "At once",
        ]
        assert scene.stage_.state.position == 1.0

    def test_the_area_agrees_with_the_determinant_and_stays_in_the_translation(self) -> None:
        assert "× 1.000 | = 1.000" in words(OneLayer, "One cell")
        for section in ("Linear", "Translation"):
            assert f"× {DETERMINANT:.3f} | = {DETERMINANT:.3f}" in words(OneLayer, section)

    def test_on_the_way_too(self) -> None:
        _, scene = seen(OneLayer)
        stage, cell = scene.stage_, scene.cell
        before = stage.state.position
        try:
            for t in np.linspace(0, 1, 23):
                stage.state.position = float(t) / 3
                matrix = stage.trace.layers[0].path.linear.matrix(float(t))
                assert stage.determinant == pytest.approx(np.linalg.det(matrix), rel=1e-12)
                assert cell.factor() == pytest.approx(stage.determinant, rel=1e-12)
        finally:
            stage.state.position = before

    def test_the_second_cell_has_the_same_factor_until_tanh_makes_them_differ(self) -> None:
        assert words(OneLayer, "A second cell").count(f"× {DETERMINANT:.3f}") == 2
        shown = re.findall(r"× (\d\.\d{3})", words(OneLayer, "tanh"))
        expected = [factor("tanh", MIDDLE), factor("tanh", EDGE)]
        assert [float(number) for number in shown] == pytest.approx(expected, abs=0.0006)
        assert expected[0] > 10 * expected[1]

    def test_the_least_and_the_greatest_factor(self) -> None:
        factors = [factor("tanh", corner) for corner in corners()]
        page = words(OneLayer, "Each its own factor")
        assert f"Each of {len(factors)} cells" in page
        least, greatest = (float(x) for x in re.findall(r"(?:from|to) × (\d\.\d{4})", page))
        assert least == pytest.approx(min(factors), abs=0.0001)
        assert greatest == pytest.approx(max(factors), abs=0.0006)
        assert least > 0

    def test_matrix_and_vector_grow_on_screen(self) -> None:
        def entries(section: str) -> list[str]:
            return re.findall(r"(?<![×=] )-?\d\.\d\d(?!\d)", words(OneLayer, section))

        numbers = [f"{v:.2f}" for v in (*WEIGHT.T.ravel(), *BIAS)]  # by columns
        assert entries("One cell") == ["1.00", "0.00", "0.00", "1.00", "0.00", "0.00"]
        assert entries("Linear") == [*numbers[:4], "0.00", "0.00"]
        assert entries("Translation") == numbers
        assert not entries("Each its own factor")  # the remark is in their place
        assert entries("At once") == numbers


@cache
def kept() -> dict[str, float]:
    """How much of its area the marked part keeps, by adding up small squares."""
    u = midpoints((-REACH, -REACH), 2 * REACH, 1500) @ WEIGHT.T + BIAS
    u = u[(u < 0).any(axis=1)]
    return {name: float(SLOPES[name](u).prod(axis=1).mean()) for name in SHOWN}


class TestActivations:
    def test_its_sections(self) -> None:
        _, scene = seen(Activations)
        names = ["Four activations", "Bent by a curve", "Negative numbers", "The same step again", "Folded"]
        assert [mark.name for mark in scene.marks] == names
        assert [q.stage.state.position for q in scene.quarters] == [1.0] * 4
        assert [q.stage.trace.spec.activations[0] for q in scene.quarters] == list(SHOWN)

    def test_they_differ_in_the_activation_alone(self) -> None:
        _, scene = seen(Activations)
        x = midpoints((-REACH, -REACH), 2 * REACH, 9)
        for position in (0.0, 0.2, 0.5, 2 / 3):
            images = [moved(q.stage.plane.space.motion, x, position) for q in scene.quarters]
            assert all(np.array_equal(image, images[0]) for image in images)

    @each_activation
    def test_the_graph_is_bent_as_the_plane_is(self, name: str) -> None:
        quarter = Quarter(name, (-6.25, 2.85), DARK)
        x = np.linspace(-3, 3, 13)
        start = np.linalg.solve(WEIGHT, (np.stack([x, 0 * x], axis=1) - BIAS).T).T  # Wx + b = (x, 0)
        for position in (0.3, 2 / 3, 0.7, 0.9, 1.0):
            quarter.stage.state.position = position
            expected = x
            if position > 2 / 3:
                expected = moved(quarter.stage.plane.space.motion, start, position)[:, 0]
            assert quarter.curve(x) == pytest.approx(expected, abs=1e-12)

    def test_the_share_of_points_that_are_marked(self) -> None:
        u = midpoints((-REACH, -REACH), 2 * REACH, 1500) @ WEIGHT.T + BIAS
        share = 100 * float((u < 0).any(axis=1).mean())
        page = words(Activations, "Negative numbers")
        (shown,) = re.findall(r"negative, (\d+\.\d) % of the points", page)
        assert float(shown) == pytest.approx(share, abs=0.1)
        assert page.count("100.0 %") == 4

    def test_what_the_marked_part_keeps(self) -> None:
        for section in ("The same step again", "Folded"):
            shown = re.findall(r"marked area \| (\d+\.\d) %", words(Activations, section))
            expected = [100 * share for share in kept().values()]
            assert [float(number) for number in shown] == pytest.approx(expected, abs=0.1)
        assert seen(Activations)[1].quarters[-1].kept == pytest.approx(0, abs=1e-12)

    def test_only_relu_leaves_cells_without_area(self) -> None:
        flat = 0
        for corner in corners():  # flat: nowhere in the cell are both coordinates positive
            s = SPACING * np.linspace(0, 1, 201)
            u = (np.asarray(corner) + np.stack(np.meshgrid(s, s), axis=-1)) @ WEIGHT.T + BIAS
            flat += not (u > 0).all(axis=-1).any()
        assert 0 < flat < len(corners())
        page = words(Activations, "Folded")
        verdicts = re.findall(r"(\d+) of (\d+) cells flat", page)
        assert sorted(verdicts) == [("0", "64")] * 3 + [(str(flat), "64")]
        assert "ReLU folds the marked part onto the axes" in page
        assert f"{flat} of 64 cells" in seen(Activations)[1].marks[-1].narration

    def test_all_that_is_marked_lands_on_the_axes(self) -> None:
        quarter = Quarter("relu", (-6.25, 2.85), DARK)
        for ring in quarter.marked.at(1.0):
            assert ring.min(axis=1) == pytest.approx(np.zeros(len(ring)), abs=1e-12)

    def test_the_graph_moves_with_the_plane_in_the_film(self) -> None:
        class Moving(TraceScene):
            def construct(self) -> None:
                quarter = Quarter("relu", (-6.25, 2.85), self.theme)
                quarter.stage.at(2 / 3)
                self.play(FadeIn(quarter.stage), run_time=0.2)
                self.play(quarter.stage.push_forward(1.0), run_time=1)
                self.wait(0.2)

        frames = film(Moving, width=640, height=360, fps=5)
        beside = [frame[72:134, 190:305] for frame in frames]  # the graph alone
        changes = [np.abs(a - b).max() > 40 for a, b in pairwise(beside[1:])]
        assert sum(changes) >= 3

    @pytest.mark.parametrize(
        ("flat", "heading", "said"),
        [
            ([("tanh", 0), ("ReLU", 0)], "None of them folds", "None of the 9 cells"),
            ([("tanh", 0), ("ReLU", 4)], "ReLU folds the marked", "ReLU takes all area from 4 of 9 cells"),
            ([("tanh", 2), ("ReLU", 4)], "tanh and ReLU fold the", "from 2 of 9 and 4 of 9 cells"),
        ],
    )
    def test_the_verdict_says_what_was_counted(
        self, flat: list[tuple[str, int]], heading: str, said: str
    ) -> None:
        title, narration = folded(flat, 9)
        assert heading in title
        assert said in narration
        assert ("The others" in narration) == (0 < sum(bool(n) for _, n in flat) < len(flat))


class TestTheLook:
    @each_case
    def test_every_section_can_be_read(self, scene: type[TraceScene], theme: str) -> None:
        pages, _ = seen(scene, theme)
        assert [str(fault) for page in pages for fault in faults(page)] == []
        half = np.array([14.22, 8.0]) / 2
        for page in pages:
            for text in page.texts:
                assert text.opacity == 1.0
                assert (np.abs(np.array(text.box).reshape(2, 2)) < half - 0.2).all(), text.content

    @pytest.mark.parametrize("scene", [OneLayer, Activations])
    def test_its_length_and_how_fast_it_is_read(self, scene: type[TraceScene]) -> None:
        _, played = seen(scene)
        end = played.renderer.time
        assert 50 <= end <= 90
        ends = [*(mark.start for mark in played.marks[1:]), end]
        for mark, stop in zip(played.marks, ends, strict=True):
            assert 0 < len(mark.narration) <= 18 * (stop - mark.start), mark.name

    def test_themes_have_their_own_colours(self) -> None:
        rect = Rect(-6.0, -3.0, 1.0, 2.5)
        for theme in (DARK, LIGHT):
            assert Quarter("tanh", (-6.25, 2.85), theme).marked.colour == theme.accent
            assert LayerStage(layer_trace("tanh"), theme, rect).plane.theme is theme
