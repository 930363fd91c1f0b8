"""The disc in the annulus with three units: what is shown and said is recomputed from the weights."""

from functools import cache

import numpy as np
import pytest

from scenes.essay.disc_in_space import DiscInSpace
from scenes.essay.parts.divide import Divide
from scenes.essay.parts.sheet import Sheet, in_space
from scenes.essay.parts.way_around import WayAround
from scenes.kit import DARK, Camera3D, Space3D
from scenes.output.look import faults
from tests.scenes.essay_scenes import GENTLE, Seen, learned
from topo_core.datasets import DiscInAnnulus as Data
from topo_core.errors import TopoError
from topo_core.trace import Trace

#: A network that separates them, rounded from a trained one.
WEIGHT, BIAS = [[2.51, 0.61], [0.64, 2.47], [1.55, -1.59]], [-1.16, 1.12, 0.99]
READOUT = ([[-4.52, 4.47, 4.78], [4.52, -4.47, -4.78]], [-7.97, 7.97])
#: A plane that cuts A, and one that misses the whole sheet.
OFF = (READOUT[0], [-10.2, 10.2])
AWAY = (READOUT[0], [-19.0, 19.0])


@cache
def trace(case: str = "apart") -> Trace:
    readout = {"apart": READOUT, "off": OFF, "away": AWAY}[case]
    outcome = {"solved_restarts": 3, "restarts": 16}
    return learned(Data(n_per_class=60), [(WEIGHT, BIAS)], readout, outcome, snapshots=2)


@cache
def seen(case: str) -> Seen:
    return Seen(DiscInSpace, {"annulus-3": trace(case)})


def sheet_of(case: str = "apart", t: float = 0.0) -> Sheet:
    sheet = Sheet(Space3D(DARK, camera=Camera3D()), trace(case))
    sheet.at(t)
    return sheet


def distances(case: str = "apart") -> tuple[np.ndarray, np.ndarray]:
    """Signed distances of the points of A and of B from the plane, towards A."""
    weight, bias = (np.array(part) for part in {"apart": READOUT, "off": OFF, "away": AWAY}[case])
    points, labels = Data(n_per_class=60).dense()
    normal = weight[0] - weight[1]
    lead = np.tanh(points @ np.transpose(WEIGHT) + BIAS) @ normal + bias[0] - bias[1]
    away = lead / np.linalg.norm(normal)
    return away[labels == 0], away[labels == 1]


class TestTheSheet:
    @pytest.mark.parametrize("t", [0.0, 0.2, 1 / 3, 0.5, 0.9, 1.0])
    def test_it_goes_where_the_network_carries_the_plane(self, t: float) -> None:
        flat, sheet = sheet_of(), sheet_of(t=t)
        for before, after in zip(flat.shapes, sheet.shapes, strict=True):
            assert np.abs(before.points[:, 2]).max() == 0
            carried = trace().evaluate(before.points[:, :2], 0, t)
            assert np.abs(after.points - carried).max() < 1e-12

    def test_disc_and_ring_are_the_data_s(self) -> None:
        sheet = sheet_of()
        for surface, (low, high) in ((sheet.disc, (0, 1 / 3)), (sheet.ring, (2 / 3, 1))):
            radius = np.linalg.norm(surface.points, axis=1)
            assert (radius.min(), radius.max()) == pytest.approx((low, high), abs=1e-12)
        assert np.abs(sheet.rest.points).max() == pytest.approx(1.15)

    def test_all_of_space_moves_without_being_flattened(self) -> None:
        path = in_space(trace().layers[0]).path
        ts = np.linspace(0, 1 / 3, 9)
        basis = np.eye(3)
        volumes = [np.linalg.det(path(basis, t)) for t in ts]
        assert min(volumes) > 0
        assert volumes == pytest.approx([path.linear.determinant(3 * t) for t in ts])

    @pytest.mark.parametrize("t", [0.0, 1 / 3, 2 / 3, 1.0])
    def test_the_camera_keeps_it_in_the_picture(self, t: float) -> None:
        sheet = sheet_of(t=t)
        for camera in (Camera3D(theta=1.0), Camera3D(phi=0.3, focal_distance=np.inf)):
            for placed in (camera.moved(zoom=sheet.zoom(camera)), sheet.closeup(camera)):
                reach = np.abs(placed.project(sheet.rest.points)[:, :2]).max(axis=0)
                assert (reach <= 0.95 * sheet.space.rect.half).all()

    def test_the_tints_are_the_network_s_answers(self) -> None:
        sheet = sheet_of()
        sheet.paint_regions(1.0)
        for surface in (sheet.gap, sheet.rest):
            red, blue = surface.colours[:, 0].astype(int), surface.colours[:, 2].astype(int)
            logits = trace().logits(surface.points[:, :2])
            clear = np.abs(logits[:, 0] - logits[:, 1]) > 0.5
            assert ((blue > red) == (logits[:, 1] > logits[:, 0]))[clear].all()


class TestTheWay:
    def test_in_the_plane_it_meets_b(self) -> None:
        way = WayAround(sheet_of(), 0.7)
        way.at(0.5)
        assert way.tip_distance() == pytest.approx(2 / 3 - 0.5)
        way.at(1.5)
        assert way.distance() == 0
        assert way.tip_distance() == pytest.approx(0.5)

    def test_in_space_it_keeps_clear_of_b(self) -> None:
        way = WayAround(sheet_of(), 0.7)
        way.at(1.5, height=0.75)
        radius, angle = np.meshgrid(np.linspace(2 / 3, 1, 201), 0.7 + np.linspace(-0.2, 0.2, 41))
        ring = np.stack([radius * np.cos(angle), radius * np.sin(angle), 0 * radius], axis=-1).reshape(-1, 3)
        between = np.linalg.norm(way.points[:, None] - ring, axis=-1).min()
        assert way.distance() == pytest.approx(between, abs=1e-3)
        assert between > 0.4


class TestThePlane:
    def test_the_distances_are_those_of_the_data(self) -> None:
        divide = Divide(sheet_of(t=1.0))
        of_a, of_b = distances()
        assert divide.nearest == pytest.approx((of_a.min(), of_b.max()))
        assert divide.measured.margin == pytest.approx(min(of_a.min(), -of_b.max()))

    @pytest.mark.parametrize("offset", [-0.4, 0.0, 0.25, 2.0])
    def test_moved_it_is_right_about_what_lies_on_its_sides(self, offset: float) -> None:
        divide = Divide(sheet_of(t=1.0))
        divide.at(offset)
        of_a, of_b = distances()
        assert divide.right() == pytest.approx(np.mean([*(of_a > offset), *(of_b < offset)]))

    def test_it_fills_its_part_of_the_cube(self) -> None:
        divide = Divide(sheet_of(t=1.0))
        divide.at(0.1)
        points = divide.surface.points
        assert points @ divide.normal + divide.bias == pytest.approx(0.1)
        assert np.abs(points).max() <= 1 + 1e-12
        assert np.abs(divide.frame.points).max(axis=1) == pytest.approx(1.0)

    def test_begins_beyond_a(self) -> None:
        divide = Divide(sheet_of(t=1.0))
        divide.at(divide.outset)
        assert divide.right() == 0.5

    @pytest.mark.parametrize("case", ["apart", "off"])
    def test_pulled_back_it_is_where_the_network_is_undecided(self, case: str) -> None:
        sheet = sheet_of(case, t=1.0)
        divide = Divide(sheet)
        (wall,) = divide.walls
        assert wall.points @ divide.normal + divide.bias == pytest.approx(0, abs=1e-9)
        sheet.at(0.0)
        divide.follow()
        assert np.abs(wall.points[:, :2]).max() <= sheet.half + 1e-9
        assert np.ptp(wall.points[:, 2]) > 0.5
        layer = in_space(trace(case).layers[0])
        assert layer(wall.points) @ divide.normal + divide.bias == pytest.approx(0, abs=1e-9)
        logits = trace(case).logits(divide.curve.points[:, :2])
        assert np.abs(divide.curve.points[:, 2]).max() == 0
        assert logits[:, 0] == pytest.approx(logits[:, 1], abs=1e-6)

    def test_it_knows_whether_its_curve_surrounds_a(self) -> None:
        assert Divide(sheet_of()).surrounds
        assert not Divide(sheet_of("off")).surrounds  # it goes through A
        away = Divide(sheet_of("away"))
        assert not away.surrounds
        assert away.walls == ()


@pytest.mark.slow
class TestTheScene:
    def test_sections_in_the_order_of_the_story(self) -> None:
        assert seen("apart").sections == [
            *("Surrounded", "A way around", "Into space", "The matrix", "The bend", "A plane separates"),
            *("Along the plane", "Pulled back", "At the input", "Both at once"),
        ]

    def test_the_numbers_are_the_network_s(self) -> None:
        complete = np.c_[
            WEIGHT, np.cross(*np.transpose(WEIGHT)) / np.linalg.norm(np.cross(*np.transpose(WEIGHT)))
        ]
        assert f"{np.linalg.det(complete):.2f}" in seen("apart").words("The matrix")
        assert f"{complete[0, 2]:.2f}".replace("-", "−") in " ".join(
            seen("apart").words("Into space")
        ).replace("-", "−")
        words = seen("apart").words("A plane separates")
        assert {"100 %", "one answer for all: 50.0 %", "3 of 16 restarts succeed"} <= set(words)
        of_a, of_b = distances()
        nearest = of_a.min(), -of_b.max()
        said = (
            f"A stays {nearest[0]:.2f} away",
            f"B stays {nearest[1]:.2f} away",
            f"margin: {min(nearest):.2f}",
        )
        assert set(said) <= set(seen("apart").words("Along the plane"))

    def test_a_failure_is_called_one(self) -> None:
        case = "off"
        played = seen(case)
        assert "Not separated" in played.sections
        of_a, of_b = distances(case)
        wrong = np.count_nonzero(of_a <= 0) + np.count_nonzero(of_b >= 0)
        assert f"{wrong} of {len(of_a) + len(of_b)} points" in played.words("Not separated")
        assert "A reaches across" in played.words("Along the plane")
        assert "a closed curve around A" not in played.narration("At the input")
        assert "Two units cannot, three can" not in played.words("Both at once")

    def test_it_ends_as_it_began_and_beside_it_bent(self) -> None:
        spaces = [m for m in seen("apart").scene.mobjects if isinstance(m, Space3D)]
        heights = sorted(np.ptp(space.shapes[0].points[:, 2]) for space in spaces)
        assert heights[0] == 0
        assert heights[1] > 0.3
        normal = Divide(sheet_of()).normal
        bent = max(spaces, key=lambda space: np.ptp(space.shapes[0].points[:, 2]))
        assert bent.camera.rotation[2] @ normal == pytest.approx(0, abs=1e-12)  # seen edge-on

    def test_a_trace_of_another_network_is_refused(self) -> None:
        with pytest.raises(TopoError, match=r"^DiscInSpace shows a tanh layer of three units .* of 2-2 on"):
            Seen(DiscInSpace, {"annulus-3": learned(Data(n_per_class=8), [GENTLE])})

    @pytest.mark.parametrize("case", ["apart", "off"])
    def test_it_can_be_read(self, case: str) -> None:
        played = seen(case)
        assert not [fault for page in played.pages.values() for fault in faults(page)]
        assert max(played.speeds().values()) <= 18
        assert 60 <= played.scene.renderer.time <= 90
