"""``render.py figure`` as a user types it."""

import json
from pathlib import Path

import pytest

from scenes.figures.catalogue import FIGURES
from tests.commands import fails, run
from tests.processes import render
from tests.scenes.figures.documents import page_size
from tests.topo_core.example_traces import example_trace

pytestmark = pytest.mark.usefixtures("studio")


@pytest.fixture
def trace(studio: Path) -> str:
    example_trace("2-2-2").save(studio / "mine.npz")
    return "mine.npz"


class TestFigure:
    def test_several_formats(self, studio: Path, trace: str) -> None:
        shown = run("figure", "layers", "--trace", trace, "--format", "pdf", "--format", "svg").stdout
        folder = studio / "media" / "figures"
        assert sorted(path.name for path in folder.iterdir()) == ["layers.pdf", "layers.svg"]
        assert shown.splitlines()[0].startswith("media/figures/layers.pdf  (5.50 x ")
        assert "labels of 8.0 pt" in shown

    def test_several_figures(self, studio: Path) -> None:
        run("figure", "grid-vec", "1layer", "--width", "icml-column")
        for name in ("grid-vec", "1layer"):
            assert page_size(studio / f"media/figures/{name}.pdf")[0] == pytest.approx(234)

    def test_fields(self, studio: Path, trace: str) -> None:
        run(*("figure", "filmstrip", "--trace", trace, "--set", "instants=3"), "--set", "line=no")
        assert (studio / "media/figures/filmstrip-instants-3-line-no.pdf").is_file()

    def test_output(self, studio: Path) -> None:
        run("figure", "topology-1d", "-o", "paper/line.svg")
        run("figure", "topology-1d", "-o", "paper/other", "--format", "eps")
        assert sorted(path.name for path in (studio / "paper").iterdir()) == ["line.svg", "other.eps"]

    def test_an_instant(self, studio: Path) -> None:
        shown = run("figure", "one-layer", "--at", "2s", "--greyscale").stdout
        assert "one-layer-2s-grey.pdf  (5.50 x 3.09 in, labels of 9.4 pt, at 2.00 s)" in shown

    def test_as_a_process(self, studio: Path) -> None:
        """It writes the bytes that it writes in another process, after other figures."""
        done = render("figure", "grid-bubble", "-o", "a.pdf", cwd=studio)
        assert done.returncode == 0, done.stderr
        assert done.stdout == "a.pdf  (2.60 x 2.44 in, labels of 8.0 pt)\n"
        run("figure", "grid-bubble", "-o", "b.pdf")
        assert (studio / "a.pdf").read_bytes() == (studio / "b.pdf").read_bytes()


class TestMistakes:
    @pytest.mark.parametrize(
        ("arguments", "why"),
        [
            (("filmstripe",), "no figure or scene is called 'filmstripe'; did you mean filmstrip?"),
            (("grid-vec", "--width", "neurisp"), "no venue is called 'neurisp'; did you mean neurips?"),
            (("grid-vec", "--at", "2s"), "--at 2s: grid-vec is a figure, not a scene; leave it out"),
            (("grid-vec", "--set", "lenght=2"), "--set lenght: Field has the fields field, grid, arrows"),
            (("grid-vec", "--set", "length=long"), "--set length=long: give a number"),
            (("1layer", "--set", "length=2"), "--set length: OneLayer has the fields activation, columns"),
            (("grid-vec", "--set", "length"), "--set 'length': write FIELD=VALUE"),
            (("1layer", "--set", "activation=tahn"), "no activation is called 'tahn'"),
            (("spirals-separate", "--set", "a=1"), "--set a: SpiralsSeparate is a scene and has no fields"),
            (("vector-field", "--at", "soon"), "--at 'soon': write an instant as 12.5s"),
            (("one-layer", "--at", "layer:2"), "--at layer:2: OneLayer shows a network with 1 hidden"),
            (("grid-vec", "--font-size", "5"), "--font-size 5: nobody reads text below 6 pt"),
            (("grid-vec", "--theme", "dark", "--greyscale"), "--greyscale: prints are on light paper"),
        ],
    )
    def test_are_answered_in_a_line(self, studio: Path, arguments: tuple[str, ...], why: str) -> None:
        assert fails(2, "figure", *arguments).startswith(why)
        assert not list(studio.rglob("*.pdf"))

    @pytest.mark.parametrize(
        ("arguments", "why"),
        [
            (("grid-vec", "layers", "-o", "a.pdf"), "-o names one file, but 2 figures were given"),
            (
                ("grid-vec", "grid-vec"),
                "grid-vec and grid-vec would both be media/figures/grid-vec: draw them",
            ),
            (("grid-vec", "-o", "a.tiff"), "-o a.tiff: a figure ends in .pdf, .svg, .eps, .png"),
            (("grid-vec", "-o", "a.pdf", "--format", "svg"), "-o a.pdf: the formats are svg"),
        ],
    )
    def test_of_options(self, arguments: tuple[str, ...], why: str) -> None:
        assert fails(2, "figure", *arguments).startswith(why)

    def test_nothing_is_made_if_one_name_is_wrong(self, studio: Path) -> None:
        fails(2, "figure", "grid-vec", "grid-vek")
        assert not list(studio.rglob("*.pdf"))


def test_figures_are_listed() -> None:
    shown = run("list").stdout
    for name, entry in FIGURES.items():
        assert f"\n  {name:24} {entry.title}" in shown
    listed = json.loads(run("list", "--json").stdout)["figures"]
    assert [entry["name"] for entry in listed] == list(FIGURES)
    assert all(set(e) == {"name", "module", "attribute", "title", "experiments"} for e in listed)
