"""Every ready figure, from traces that nobody trained: its text fits, and it is made of vectors."""

import importlib
import json
from functools import cache
from pathlib import Path
from typing import ClassVar

import pytest

from scenes.catalogue import ANY_TRACE, SCENES
from scenes.figures.catalogue import FIGURES, known
from scenes.figures.find import find
from scenes.figures.make import draw_figure
from scenes.figures.options import FigureOptions
from scenes.figures.page import Figure
from scenes.figures.ready.moved import Field, OneLayer
from scenes.figures.ready.multiples import DEPTHS, WIDTHS, Networks, Seeds
from scenes.figures.ready.space import InSpace, Lifted, Tangle
from scenes.figures.ready.stills import OnLine, Representation
from scenes.figures.ready.strips import Filmstrip, Layers, TrainingStrip
from scenes.figures.sizes import width_in_points
from scenes.listing import as_data
from scenes.output.needs import experiments_of
from tests.scenes.figures.documents import fonts, images, page_size
from tests.scenes.figures.made_traces import pretend_trained
from topo_core.errors import SpecError, TopoError, UnknownNameError
from topo_core.experiments import EXPERIMENTS

#: Images in the figures of space.
SPACES = {"topology-2d-3d": 2, "link": 1, "unlink-2spiral": 1, "tangle": 1}
#: The essay's pictures, by the names of their files.
ESSAY = {
    *("simple2-data", "simple2-linear", "simple2-0", "simple2-1", "simple2-2", "1layer"),
    *("spiral-1", "spiral-2", "topology-base", "topology-2d-2d", "topology-2d-3d", "topology-1d"),
    *("topology-1d-2d", "link", "unlink-2spiral", "tangle", "grid-vec", "grid-bubble-wvec", "grid-bubble"),
}


@cache
def figure_named(name: str) -> Figure:
    found = find(name)
    assert isinstance(found, Figure)
    return found


def drawn(figure: Figure, path: Path, **options: object) -> Path:
    pretend_trained(*figure.experiments())
    draw_figure(figure, FigureOptions(**options), [path])  # type: ignore[arg-type]
    return path


class TestCatalogue:
    def test_every_picture_of_the_essay_is_there(self) -> None:
        assert set(FIGURES) >= ESSAY
        assert len(known()) == len(set(known())) == len({*FIGURES, *SCENES, *ANY_TRACE})

    @pytest.mark.parametrize("name", FIGURES)
    def test_entries_say_what_the_figures_are(self, name: str) -> None:
        entry, figure = FIGURES[name], figure_named(name)
        needed = figure.experiments()
        assert experiments_of(name) == needed
        if entry.experiments is not None:
            assert tuple(e.name for e in needed) == entry.experiments
            assert all(EXPERIMENTS[e.name] == e for e in needed)
        module = importlib.import_module(entry.module)
        attribute = getattr(module, entry.attribute)
        assert isinstance(attribute, Figure) or issubclass(attribute, Figure)
        assert figure.title
        width_in_points(figure.paper)

    def test_are_listed(self) -> None:
        listed = json.loads(json.dumps(as_data()["figures"]))
        assert [entry["name"] for entry in listed] == list(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_it_is_drawn_as_vectors(name: str, tmp_path: Path) -> None:
    figure = figure_named(name)
    path = drawn(figure, tmp_path / "figure.pdf", dpi=100)
    assert page_size(path)[0] == pytest.approx(width_in_points(figure.paper), abs=0.01)
    found = images(path)
    assert len(found) == SPACES.get(name, 0)
    assert all(image.dpi == pytest.approx(100, abs=1) for image in found)
    assert not fonts(path)  # text is outlines


class TestFields:
    MORE: ClassVar[dict[str, Figure]] = {
        "instants": Filmstrip("annulus-3", instants=3),
        "one picture": Filmstrip("curves", instants=1, line=False),
        "shadows": Layers("annulus-3", letters=True),
        "no hidden layer": Layers("curves-linear"),
        "training in space": TrainingStrip("annulus-3", snapshots=2),
        "the view": Seeds("curves", "input", seeds=(3,)),
        "networks": Networks("curves", "last", networks=("2-3", "2-2:relu")),
        "no ticks": Representation("curves-deep", 1, ticks=False),
        "points": Representation("islands-softmax", 2),
        "no activation": OneLayer("linear"),
        "arrows and circles": Field("bubbles", circles=True, t=0.5),
    }

    @pytest.mark.parametrize("what", MORE)
    def test_others(self, what: str, tmp_path: Path) -> None:
        path = drawn(self.MORE[what], tmp_path / "figure.pdf", width="icml-column")
        assert not images(path)

    @pytest.mark.parametrize(
        ("figure", "why"),
        [
            (Representation("curves", 2), "has the layers 0 to 1"),
            (OnLine("curves"), "do not lie on a line"),
            (InSpace("curves"), "no curves or surfaces in space"),
            (Lifted("annulus"), "one tanh layer of three units"),
            (Tangle("annulus-3"), "linked tori"),
            (Filmstrip("curves", instants=60, columns=60), "60 pictures in a row have no room"),
        ],
    )
    def test_what_a_figure_cannot_show(self, figure: Figure, why: str, tmp_path: Path) -> None:
        with pytest.raises(TopoError, match=why):
            drawn(figure, tmp_path / "figure.pdf")
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize(
        "make",
        [
            *(
                lambda: Filmstrip(instants=0),
                lambda: Layers(columns=-1),
                lambda: TrainingStrip(snapshots=101),
            ),
            *(lambda: Seeds(seeds=()), lambda: Seeds(seeds=(1, 1)), lambda: Networks(networks=())),
        ],
    )
    def test_values_that_are_none(self, make: type[Figure]) -> None:
        with pytest.raises(SpecError):
            make()

    def test_an_unknown_experiment(self) -> None:
        with pytest.raises(UnknownNameError, match="did you mean annulus"):
            Filmstrip("anulus").experiments()

    def test_widths_and_depths_share_the_catalogues_own(self) -> None:
        assert EXPERIMENTS["annulus"] in WIDTHS.experiments()
        assert EXPERIMENTS["spirals-entangled"] in DEPTHS.experiments()
        assert len({e.key for e in WIDTHS.experiments()}) == 4
