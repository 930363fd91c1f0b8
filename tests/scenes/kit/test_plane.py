"""What a plane draws, pixel by pixel: everything in its colour where the trace says it is."""

import numpy as np
import pytest
from scipy.ndimage import binary_dilation
from scipy.spatial import cKDTree

from scenes.kit.motion import flat
from scenes.kit.plane import Plane
from scenes.kit.space import Space
from scenes.kit.stage import PLANE
from scenes.kit.theme import DARK, LIGHT, Theme
from tests.scenes.example_films import (
    annulus_trace,
    failing_trace,
    interval_trace,
    linear_trace,
    three_class_trace,
    written_trace,
)
from tests.scenes.pictures import Picture, colour, looks, picture, pixel
from tests.topo_core.example_traces import example_trace
from topo_core.datasets import UserPoints
from topo_core.errors import TopoError
from topo_core.trace import Trace

SIZE = (960, 540)
POSITIONS = [0.0, 0.2, 0.5, 0.9, 1.0, 1.45, 2.0]
themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)


def plane(trace: Trace, theme: Theme = DARK, **state: float) -> Plane:
    """A plane that shows what ``state`` names, and no axes."""
    result = Plane(trace, PLANE, theme)
    result.state.axes = 0.0
    for name, value in state.items():
        assert hasattr(result.state, name)
        setattr(result.state, name, value)
    return result


def shown(trace: Trace, theme: Theme = DARK, **state: float) -> Picture:
    width, height = SIZE
    return picture(plane(trace, theme, **state), background=theme.background, width=width, height=height)


def placed(trace: Trace, x: np.ndarray, position: float) -> np.ndarray:
    """Where points of the input are in the frame."""
    layer = min(int(position), trace.n_layers)
    moved = flat(trace.evaluate(x, layer, position - layer))
    return Space(trace, PLANE).follow(position)(moved)


def nearest(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Distance of each point to the nearest of others."""
    return cKDTree(others).query(points)[0]


def colours_at(image: Picture, points: np.ndarray) -> np.ndarray:
    return np.array([image[pixel(p, image.shape)] for p in points])


def curve_points(trace: Trace, position: float, n: int = 60) -> list[tuple[int, np.ndarray]]:
    """Points along the class curves in the frame, where no other class is near."""
    s = np.linspace(0.02, 0.98, n)
    parts = [
        (c.label, placed(trace, curve.path(s), position))
        for c in trace.dataset.components
        for curve in c.curves
    ]
    result = []
    for label, points in parts:
        others = np.concatenate([p for other, p in parts if other != label])
        result.append((label, points[nearest(points, others) > 0.2]))
    return result


def data_at(trace: Trace, position: float, image: Picture) -> np.ndarray:
    """Data coordinates of the middles of all pixels, ``(height, width, 2)``."""
    view = Space(trace, PLANE).follow(position)
    height, width = image.shape[:2]
    scale = 8.0 / height
    columns = (np.arange(width) + 0.5 - width / 2) * scale
    rows = (height / 2 - np.arange(height) - 0.5) * scale
    frame = np.stack(np.meshgrid(columns, rows), axis=-1)
    return (frame - PLANE.centre) / view.scale + view.centre


class TestCurves:
    @pytest.mark.parametrize("position", POSITIONS)
    def test_class_colours_are_where_the_trace_takes_the_curves(self, position: float) -> None:
        trace = written_trace()
        image = shown(trace, curves=1.0, position=position)
        for label, points in curve_points(trace, position):
            assert len(points) > 40
            wanted = colour(DARK.class_colour(label))
            assert np.abs(colours_at(image, points) - wanted).max() <= 2

    @themes
    def test_in_both_themes(self, theme: Theme) -> None:
        trace = written_trace()
        image = shown(trace, theme, curves=1.0)
        for label, points in curve_points(trace, 0.0):
            assert looks(colours_at(image, points)[None], theme.class_colour(label), 2).all()

    def test_half_drawn_curves_end_half_way(self) -> None:
        trace = written_trace()
        image = shown(trace, curves=0.5)
        for component in trace.dataset.components:
            drawn, missing = (
                placed(trace, component.curves[0].path(np.linspace(*ends, 20)), 0.0)
                for ends in ((0.02, 0.4), (0.6, 0.98))
            )
            code = DARK.class_colour(component.label)
            assert looks(colours_at(image, drawn)[None], code).all()
            assert not looks(colours_at(image, missing)[None], code).any()

    def test_points(self) -> None:
        trace = three_class_trace()
        for position in (0.0, 0.5, 1.0):
            image = shown(trace, points=1.0, position=position)
            where = placed(trace, trace.dataset.points, position)
            for label in range(3):
                own, others = (where[(trace.dataset.labels == label) == same] for same in (True, False))
                apart = nearest(own, others) > 0.1
                assert apart.sum() >= 5
                assert looks(colours_at(image, own[apart])[None], DARK.class_colour(label), 3).all()


class TestFrame:
    @pytest.mark.parametrize("position", [0.0, 0.4, 1.3, 2.0])
    def test_nothing_is_drawn_outside(self, position: float) -> None:
        everything = dict.fromkeys(
            ("grid", "boundary", "curves", "points", "regions", "decision", "line", "wrong"), 1.0
        )
        image = shown(failing_trace(), position=position, **everything)
        outside = ~looks(image, DARK.background, 0)
        rows, columns = np.nonzero(outside)
        (top, left), (bottom, right) = (
            pixel(p, image.shape) for p in ((PLANE.x0, PLANE.y1), (PLANE.x1, PLANE.y0))
        )
        assert rows.min() >= top
        assert rows.max() <= bottom
        assert columns.min() >= left
        assert columns.max() <= right

    def test_axes_and_numbers_stay_near(self) -> None:
        image = shown(written_trace(), axes=1.0, position=0.7)
        rows, columns = np.nonzero(~looks(image, DARK.background, 1))
        (top, left), (bottom, right) = (
            pixel(p, image.shape) for p in ((PLANE.x0 - 0.9, PLANE.y1 + 0.1), (PLANE.x1 + 0.1, -3.9))
        )
        assert rows.min() >= top
        assert rows.max() <= bottom
        assert columns.min() >= left
        assert columns.max() <= right

    def test_the_axes_cross_at_the_origin(self) -> None:
        trace = written_trace()
        image = shown(trace, axes=1.0, position=1.0)
        x, y = Space(trace, PLANE).follow(1.0)(np.zeros((1, 2)))[0]
        for probe in ((PLANE.x1 - 0.5, y), (x, PLANE.y1 - 0.5)):
            row, column = pixel(probe, image.shape)
            beside = image[row - 2 : row + 3, column - 2 : column + 3].reshape(-1, 3)
            assert np.abs(beside - colour(DARK.panel)).max() > 30

    def test_everything_off_is_an_empty_frame(self) -> None:
        assert looks(shown(written_trace()), DARK.background, 0).all()

    def test_the_same_state_gives_the_same_picture(self) -> None:
        state = {"grid": 1.0, "curves": 1.0, "regions": 1.0, "axes": 1.0, "position": 1.2}
        np.testing.assert_array_equal(shown(written_trace(), **state), shown(written_trace(), **state))

    def test_what_was_shown_before_does_not_matter(self) -> None:
        moving = plane(written_trace(), grid=1.0, boundary=1.0, curves=1.0)
        moving.space.prepare(0.0, 2.0)
        for position in (0.0, 1.9, 0.3, 1.1):
            moving.state.position = position
            image = picture(moving, background=DARK.background)
            alone = plane(written_trace(), grid=1.0, boundary=1.0, curves=1.0, position=position)
            difference = np.abs(image - picture(alone, background=DARK.background))
            assert difference.mean() < 0.3
            assert difference.max() < 80  # a fraction of a pixel's width along an edge


class TestRegions:
    @pytest.mark.parametrize("position", POSITIONS)
    def test_each_side_has_the_tint_of_its_class(self, position: float) -> None:
        trace = written_trace()
        image = shown(trace, regions=1.0, position=position)
        x = np.random.default_rng(0).uniform(-1.05, 1.05, (600, 2))
        logits = trace.logits(x)
        edge = densely(Space(trace, PLANE).placed("boundary", position))
        inside = nearest(placed(trace, x, position), edge) > 0.1
        clear = inside & (np.abs(logits[:, 1] - logits[:, 0]) > 0.6)
        assert clear.sum() > 150
        found = colours_at(image, placed(trace, x, position))
        for label in (0, 1):
            chosen = clear & (logits.argmax(axis=1) == label)
            wanted = colour(DARK.region_colour(label))
            assert np.abs(found[chosen] - wanted).max() <= 2

    def test_three_classes(self) -> None:
        trace = three_class_trace()
        image = shown(trace, regions=1.0)
        x = np.random.default_rng(0).uniform(-0.9, 0.9, (300, 2))
        ranked = np.sort(trace.logits(x), axis=1)
        clear = ranked[:, -1] - ranked[:, -2] > 0.2
        found = colours_at(image, placed(trace, x, 0.0))
        for label in range(3):
            chosen = clear & (trace.predict(x) == label)
            assert chosen.sum() > 20
            assert np.abs(found[chosen] - colour(DARK.region_colour(label))).max() <= 2


class TestLine:
    @themes
    def test_it_is_where_the_readout_ties(self, theme: Theme) -> None:
        trace = written_trace()
        image = shown(trace, theme, line=1.0, position=2.0)
        accent = looks(image, theme.accent, 20)
        assert accent.sum() > 300
        data = data_at(trace, 2.0, image)[accent]
        weight = trace.readout_weight[-1, 1] - trace.readout_weight[-1, 0]
        bias = trace.readout_bias[-1, 1] - trace.readout_bias[-1, 0]
        apart = np.abs(data @ weight + bias) / np.linalg.norm(weight)
        scale = Space(trace, PLANE).follow(2.0).scale
        assert (apart * scale).max() < theme.line_width * 0.01

    def test_it_crosses_the_whole_rectangle(self) -> None:
        image = shown(written_trace(), line=1.0, position=2.0)
        _, columns = np.nonzero(looks(image, DARK.accent, 20))
        left, right = (pixel((x, 0), image.shape)[1] for x in (PLANE.x0, PLANE.x1))
        assert columns.min() <= left + 2
        assert columns.max() >= right - 2

    def test_the_decision_boundary_at_the_end_is_the_line(self) -> None:
        line = looks(shown(written_trace(), line=1.0, position=2.0), DARK.accent, 20)
        decision = looks(shown(written_trace(), decision=1.0, position=2.0), DARK.accent, 20)
        assert decision.sum() > 100
        rows, columns = np.nonzero(decision)
        near = np.zeros_like(line)
        for dr in (-1, 0, 1):
            for dc in (-1, 0, 1):
                near |= np.roll(line, (dr, dc), axis=(0, 1))
        assert near[rows, columns].mean() > 0.98  # round ends stick out at the edge of the domain

    @pytest.mark.parametrize("position", [0.0, 0.6, 1.5])
    def test_the_decision_boundary_ties_at_every_position(self, position: float) -> None:
        trace = written_trace()
        space = Space(trace, PLANE)
        (boundary,) = space.regions.boundaries
        image = shown(trace, decision=1.0, position=position)
        assert looks(colours_at(image, placed(trace, boundary[3:-3:7], position))[None], DARK.accent, 3).all()
        assert np.abs(np.diff(trace.logits(boundary), axis=1)).max() < 1e-9

    def test_one_hidden_unit_gives_an_upright_line(self) -> None:
        trace = written_trace("2-1", (([[1.0, 2.0]], [0.0]),), ([[0.0], [2.0]], [0.0, -0.5]))
        image = shown(trace, line=1.0, position=1.0)
        rows, columns = np.nonzero(looks(image, DARK.accent, 20))
        assert np.ptp(columns) < 6
        assert np.ptp(rows) > 300
        x = Space(trace, PLANE).follow(1.0)(np.array([[0.25, 0.0]]))[0]
        assert abs(columns.mean() - pixel(x, image.shape)[1]) < 2

    def test_among_three_classes_every_line_is_a_tie_of_the_best_two(self) -> None:
        trace = three_class_trace()
        image = shown(trace, line=1.0, position=1.0)
        accent = looks(image, DARK.accent, 20)
        data = data_at(trace, 1.0, image)
        logits = trace.readout(data.reshape(-1, 2)).reshape(*accent.shape, 3)
        winner = logits.argmax(axis=-1)
        (top, left), (bottom, right) = (
            pixel(p, image.shape) for p in ((PLANE.x0, PLANE.y1), (PLANE.x1, PLANE.y0))
        )
        inside = np.zeros_like(accent)
        inside[top + 4 : bottom - 4, left + 4 : right - 4] = True
        changes = np.zeros_like(accent)
        changes[:, 1:] |= winner[:, 1:] != winner[:, :-1]
        changes[1:] |= winner[1:] != winner[:-1]
        assert (accent & inside & ~grown(changes, 5)).sum() == 0, "a line where no classes tie"
        assert (changes & inside & ~grown(accent, 5)).sum() == 0, "classes tie where there is no line"


def grown(mask: np.ndarray, reach: int) -> np.ndarray:
    """Everything within ``reach`` pixels of a mask."""
    return binary_dilation(mask, iterations=reach)


def densely(lines: list[np.ndarray]) -> np.ndarray:
    """Many points along polylines."""
    share = np.linspace(0, 1, 20)[:, None, None]
    return np.concatenate([((1 - share) * a[:-1] + share * a[1:]).reshape(-1, 2) for a in lines])


class TestWrong:
    def exact(self, trace: Trace, n: int = 20_000) -> list[tuple[int, np.ndarray]]:
        """Points of the input on the wrong side, for each curve."""
        s = np.linspace(0, 1, n)
        result = []
        for c in trace.dataset.components:
            for curve in c.curves:
                x = curve.path(s)
                result.append((c.label, x[trace.predict(x) != c.label]))
        return result

    @pytest.mark.parametrize("position", [0.0, 1.5, 2.0])
    def test_marks_cover_what_is_wrong_and_nothing_else(self, position: float) -> None:
        trace = failing_trace()
        marked = densely(Space(trace, PLANE).wrong_pieces(position))
        wrong = np.concatenate([placed(trace, x, position) for _, x in self.exact(trace)])
        assert len(wrong) > 100
        missed = nearest(wrong, marked).max()
        assert missed < 0.02, f"a wrong piece {missed:.3f} from its mark"
        beyond = nearest(marked, wrong).max()
        assert beyond < 0.02, f"a mark {beyond:.3f} from what is wrong"

    def test_a_short_wrong_tip_of_a_straight_curve_is_marked_too(self) -> None:
        """The interval's segments need few samples, and the line cuts a tip off beyond the last."""
        layers = (([[1.0], [0.4]], [0.0, 0.0]),)
        cut = 1 / 3 - 0.02
        trace = written_trace(
            "1-2:linear", layers, ([[0.0, 0.0], [1.0, 0.0]], [0.0, -cut]), interval_trace().dataset
        )
        space = Space(trace, PLANE)
        tip = placed(trace, np.array([[1 / 3 - 0.001]]), 0.0)[0]
        lengths = [
            np.linalg.norm(np.diff(piece, axis=0), axis=1).sum()
            for piece in space.wrong_pieces(0.0)
            if np.linalg.norm(piece - tip, axis=1).min() < 0.05
        ]
        assert lengths == pytest.approx([0.02 * space.follow(0.0).scale], rel=0.1)

    def test_a_network_that_separates_has_none(self) -> None:
        assert Space(written_trace(), PLANE).wrong_pieces(2.0) == []

    def test_points_without_curves_have_none(self) -> None:
        assert Space(three_class_trace(), PLANE).wrong_pieces(1.0) == []


class TestKindsOfData:
    @pytest.mark.parametrize(
        "trace",
        [interval_trace(), annulus_trace(), three_class_trace(), linear_trace(), example_trace("1-1", 1)],
        ids=["interval", "annulus", "three-classes", "no-hidden-layer", "one-unit"],
    )
    def test_everything_can_be_drawn_everywhere(self, trace: Trace) -> None:
        everything = dict.fromkeys(
            ("grid", "boundary", "curves", "points", "regions", "decision", "line", "wrong", "axes"), 1.0
        )
        for position in np.linspace(0, trace.n_layers, 4):
            image = shown(trace, position=float(position), **everything)
            for label in range(trace.n_classes):
                assert looks(image, DARK.class_colour(label), 6).any(), f"class {label} at {position}"

    def test_the_interval_lies_on_the_x_axis_and_then_bends(self) -> None:
        trace = interval_trace()
        flat_image, bent = (shown(trace, curves=1.0, position=p) for p in (0.0, 1.0))
        for image, most in ((flat_image, 6), (bent, 500)):
            rows, _ = np.nonzero(~looks(image, DARK.background, 8))
            assert np.ptp(rows) < most
        rows, _ = np.nonzero(~looks(bent, DARK.background, 8))
        assert np.ptp(rows) > 100

    @pytest.mark.parametrize("position", [0.0, 0.5, 1.0])
    def test_the_interval_is_in_its_colours(self, position: float) -> None:
        trace = interval_trace()
        image = shown(trace, curves=1.0, position=position)
        for label, points in curve_points(trace, position):
            assert looks(colours_at(image, points)[None], DARK.class_colour(label), 2).all()

    def test_a_region_is_outlined_with_its_hole(self) -> None:
        trace = annulus_trace()
        image = shown(trace, curves=1.0)
        for label, points in curve_points(trace, 0.0):
            assert looks(colours_at(image, points)[None], DARK.class_colour(label), 2).all()
        assert len(Space(trace, PLANE).placed("curves", 0.0)) == 3

    def test_three_units_give_a_clear_error(self) -> None:
        with pytest.raises(TopoError, match=r"network 2-3.*more than two units.*choose a network such as"):
            Plane(example_trace("2-3", 1), PLANE, DARK)

    def test_three_dimensions_too(self) -> None:
        with pytest.raises(TopoError, match="more than two units"):
            Plane(example_trace("3-2", 1), PLANE, DARK)

    def test_a_position_beyond_the_network_is_an_error_of_ours(self) -> None:
        for position in (2.5, -0.5):
            with pytest.raises(TopoError):
                shown(written_trace(), grid=1.0, position=position)

    def test_points_that_all_coincide_can_be_drawn(self) -> None:
        data = UserPoints(points=np.ones((4, 2)), labels=np.array([0, 0, 1, 1]), source="same")
        image = shown(linear_trace(data), grid=1.0, points=1.0, axes=1.0)
        assert looks(image, DARK.class_colour(1), 6).any()
