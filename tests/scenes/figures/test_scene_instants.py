"""Instants of a scene: found in every way a user may ask for them, and drawn as the film shows them."""

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from manim import Scene
from PIL import Image

from scenes.figures.instants import Instant
from scenes.figures.make import Made, instant_of, make_figure
from scenes.figures.options import FigureOptions
from scenes.figures.seek import seek
from scenes.kit.gl.camera import Camera3D
from scenes.kit.theme import LIGHT
from tests.scenes.figures.documents import fonts, images, mean_difference, rasterised, worst_difference
from tests.scenes.figures.short_scene import Full, Missing, Short, Spinning, Still, Swapped, short_trace
from tests.scenes.pictures import Picture, film
from topo_core.errors import SpecError
from topo_core.trace import Trace

#: Of the films that figures are compared with.
WIDTH, HEIGHT, RATE = 640, 360, 10


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return short_trace(tmp_path_factory.mktemp("short"))


@pytest.fixture(scope="module")
def frames(trace: Path) -> list[Picture]:
    """Every frame of the film."""
    shown = film(Short, Trace.load(trace), theme="light", fps=RATE, width=WIDTH, height=HEIGHT)
    return [frame.copy() for frame in shown]


def position(scene: Scene) -> float:
    """How far along its layers the plane of a scene is."""
    return float(scene.mobjects[0].state.position)


def arrived(written: str, trace: Path) -> tuple[float, float]:
    """The time and the plane's position at an instant."""
    found: list[tuple[float, float]] = []
    seek(Short, Instant.parse(written), LIGHT, trace, lambda s: found.append((s.renderer.time, position(s))))
    (only,) = found
    return only


class TestSeek:
    @pytest.mark.parametrize(
        ("written", "time", "position"),
        [
            *(("0s", 0.0, 0.0), ("0.2s", 0.2, 0.0), ("0.7s", 0.7, 1.0), ("1.2s", 1.2, 2.0)),
            *(("section:1", 0.2, 0.0), ("section:2", 1.2, 2.0), ("section:3", 1.5, 2.0), ("end", 1.5, 2.0)),
            *(("section:1/0", 0.0, 0.0), ("section:2/0", 0.2, 0.0), ("1.5s", 1.5, 2.0)),
        ],
    )
    def test_times_and_sections(self, written: str, time: float, position: float, trace: Path) -> None:
        seconds, place = arrived(written, trace)
        assert seconds == pytest.approx(time, abs=0.02)
        assert place == pytest.approx(position, abs=0.01)

    def test_within_a_section(self, trace: Path) -> None:
        seconds, place = arrived("section:2/0.25", trace)
        assert seconds == pytest.approx(0.2 + 0.25, abs=0.02)
        assert 0 < place < 1

    @pytest.mark.parametrize(
        ("written", "position"),
        [("layer:1/0.5", 0.5), ("layer:1", 1.0), ("layer:2/0.25", 1.25), ("layer:2", 2.0)],
    )
    def test_layers(self, written: str, position: float, trace: Path) -> None:
        seconds, place = arrived(written, trace)
        assert place == pytest.approx(position, abs=1e-6)
        assert 0.2 < seconds <= 1.2 + 1e-9

    def test_the_input_is_where_it_starts_to_move(self, trace: Path) -> None:
        _, place = arrived("layer:0", trace)
        assert place == pytest.approx(0, abs=1e-6)

    @pytest.mark.parametrize(
        ("written", "why"),
        [
            ("1.6s", "Short is 1.50 s long"),
            ("section:4", "the sections of Short are 1 'At the input', 2 'On the way', 3 'Divided'"),
            ("section:4/0.5", "the sections of Short are"),
            ("layer:3", "Short shows a network with 2 hidden layers"),
        ],
    )
    def test_what_there_is_not(self, written: str, why: str, trace: Path) -> None:
        with pytest.raises(SpecError, match=why):
            arrived(written, trace)

    def test_a_scene_without_a_plane(self) -> None:
        with pytest.raises(SpecError, match="Full has no plane that goes through layers"):
            seek(Full, Instant("layer", 1), LIGHT, None, lambda scene: None)

    @pytest.mark.parametrize("seconds", [0.1, 0.35, 0.85])
    def test_what_depends_on_the_time(self, seconds: float) -> None:
        """A space that spins is turned as far as in the film."""
        found: list[float] = []
        start = Camera3D().theta
        at = Instant("time", seconds)
        seek(Spinning, at, LIGHT, None, lambda scene: found.append(scene.mobjects[0].viewpoint.theta))
        assert found == pytest.approx([start + seconds - 0.1], abs=1e-9)

    def test_a_scene_that_never_plays(self) -> None:
        for written in ("end", "0s", "section:1"):
            taken: list[Scene] = []
            seek(Still, Instant.parse(written), LIGHT, None, taken.append)
            assert len(taken) == 1


def figure(target: type[Scene], at: str, path: Path, trace: Path | None = None, **options: object) -> Made:
    chosen = FigureOptions(**{"width": "5in", "at": at, "transparent": False, **options})  # type: ignore[arg-type]
    assert chosen.instant
    return instant_of(target, chosen.instant, chosen, [path], trace)


class TestAgainstTheFilm:
    """A rasterised document and the film's frame: lines may be smoothed otherwise, and that is all."""

    #: Differences between the two ways of smoothing edges stay below these, and mistakes do not.
    MEAN, WORST = 2.0, 14.0

    def shown(self, target: type[Scene], at: str, trace: Path, tmp_path: Path) -> Picture:
        path = tmp_path / "figure.pdf"
        figure(target, at, path, trace)
        assert not images(path)
        assert not fonts(path)
        return rasterised(path, WIDTH, HEIGHT)

    @pytest.mark.parametrize("at", ["0s", "0.5s", "0.9s", "1.3s", "1.4s"])
    def test_it_is_the_frame(self, at: str, trace: Path, frames: list[Picture], tmp_path: Path) -> None:
        shown = self.shown(Short, at, trace, tmp_path)
        frame = frames[round(float(at[:-1]) * RATE)]
        assert mean_difference(shown, frame) < self.MEAN
        assert worst_difference(shown, frame) < self.WORST

    @pytest.mark.parametrize(("wrong", "at"), [(Missing, "0.9s"), (Swapped, "0s"), (Short, "0.6s")])
    def test_mistakes_are_noticed(
        self, wrong: type[Scene], at: str, trace: Path, frames: list[Picture], tmp_path: Path
    ) -> None:
        """A line that is missing, colours that are exchanged, an instant that is 0.3 s off."""
        shown = self.shown(wrong, at, trace, tmp_path)
        frame = frames[0 if wrong is Swapped else 9]
        assert worst_difference(shown, frame) > 1.8 * self.WORST

    def test_red_and_blue_exchanged(self, trace: Path, frames: list[Picture], tmp_path: Path) -> None:
        shown = self.shown(Short, "0.9s", trace, tmp_path)[..., ::-1]
        assert worst_difference(shown, frames[9]) > 2 * self.WORST


class TestPaper:
    def test_the_size_and_the_text(self, trace: Path, tmp_path: Path) -> None:
        made = figure(Short, "0s", tmp_path / "a.svg", trace, width="icml-full")
        assert made.size == pytest.approx((486, 486 * 9 / 16))
        assert made.seconds == 0
        root = ET.parse(tmp_path / "a.svg").getroot()
        assert not [part for part in root.iter() if part.tag.endswith("image")]
        larger = figure(Short, "0s", tmp_path / "b.svg", trace, width="icml-full", font_size=1.2 * made.text)
        assert larger.text == pytest.approx(1.2 * made.text)

    def test_axes_are_never_below_six_points(self, trace: Path, tmp_path: Path) -> None:
        with pytest.raises(SpecError, match=r"^--width 2in: text of axes would be 3.\d pt high") as caught:
            figure(Short, "0s", tmp_path / "a.pdf", trace, width="2in")
        least = str(caught.value).split("--width ")[2].split(" ")[0]
        figure(Short, "0s", tmp_path / "a.pdf", trace, width=f"{float(least[:-2]) + 0.01}in")

    def test_text_that_has_no_room(self, tmp_path: Path) -> None:
        with pytest.raises(
            SpecError, match=r"^--font-size 30: 'from the left.*' leaves the frame at --width 5in"
        ):
            figure(Full, "end", tmp_path / "a.pdf", font_size=30.0)
        assert not list(tmp_path.iterdir())

    def test_the_same_bytes_whatever_was_drawn_before(self, trace: Path, tmp_path: Path) -> None:
        figure(Short, "layer:1/0.5", tmp_path / "a.pdf", trace)
        figure(Short, "0s", tmp_path / "other.pdf", trace)
        figure(Short, "layer:1/0.5", tmp_path / "b.pdf", trace)
        content = (tmp_path / "a.pdf").read_bytes()
        assert content == (tmp_path / "b.pdf").read_bytes()
        assert b"CreationDate" not in content
        assert b"ModDate" not in content

    def test_a_transparent_one_and_greyscale(self, trace: Path, tmp_path: Path) -> None:
        path = tmp_path / "a.png"
        make_figure(Short, FigureOptions("5in", greyscale=True, at="0s", dpi=72), [path], trace=trace)
        with Image.open(path) as image:
            pixels = np.asarray(image)
        assert pixels[-1, -1, 3] == 0
        assert pixels[100, 80, 3] == 255
