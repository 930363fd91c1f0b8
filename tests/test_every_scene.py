"""Every scene of the film can be read: its text at the end of every section, and its subtitles in time."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from scenes.catalogue import SCENES
from scenes.kit import theme
from scenes.output.look import Page, faults, look, picture_of
from scenes.output.needs import experiments_of
from scenes.output.settings import Settings
from scenes.output.subtitles import too_fast
from topo_core.store import obtain_trace

pytestmark = pytest.mark.slow


def trained(name: str, essay_studio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Train what a scene needs, in the folder of all scenes."""
    monkeypatch.setenv("TOPO_MEDIA", str(essay_studio / "media"))
    monkeypatch.delenv("TOPO_THEME", raising=False)
    for experiment in experiments_of(name):
        obtain_trace(experiment)


def complaint(pages: list[Page]) -> str:
    """What is wrong with the pages, and where the pictures that show it are; empty if nothing is."""
    folder, lines = None, []
    for k, page in enumerate(pages):
        found = faults(page)
        if found:
            folder = folder or Path(tempfile.mkdtemp(prefix="look-"))
            picture_of(page, found).save(folder / f"{k}.png")
            lines += [f"{fault} (see {folder}/{k}.png)" for fault in found]
    return "\n".join(lines)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("name", SCENES)
def test_it_can_be_read(name: str, theme: str, essay_studio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained(name, essay_studio, monkeypatch)
    pages, scene = look(name, Settings("l", theme=theme))
    assert len(pages) == len(scene.marks)
    assert all(page.texts for page in pages), "a section ends without a word"
    assert all(mark.narration for mark in scene.marks), "a section without narration"
    wrong = complaint(pages)
    assert not wrong, wrong
    hurried = too_fast(scene.marks, float(scene.renderer.time))
    assert not hurried, "\n".join(map(str, hurried))


def test_the_test_notices_what_is_broken(essay_studio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ink as dark as its background and huge numbers, it fails and leaves pictures."""
    trained("simple-example", essay_studio, monkeypatch)
    dim = replace(theme.DARK, ink="#20262e", tick_size=160)
    monkeypatch.setitem(theme.THEMES, "dark", dim)
    wrong = complaint(look("simple-example", Settings("l"))[0])
    assert "contrast" in wrong
    assert "leaves the frame" in wrong or "overlaps" in wrong
    folder = Path(wrong.split("(see ")[1].split(")")[0]).parent
    assert sorted(folder.glob("*.png"))
