"""Key states look as in the pictures in ``golden/``; ``python -m tests.scenes.update_golden`` renews them."""

import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from scenes.kit.theme import DARK
from tests.scenes.golden_pictures import FOLDER, NAMES, UPDATE, complaint, drawn_now, golden_path
from tests.scenes.pictures import Picture, colour, load_picture, looks


@cache
def pictures() -> dict[str, Picture]:
    return dict(drawn_now())


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_is_as_it_was(name: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="golden-"))  # stays, for whoever reads the message
    found = complaint(name, pictures()[name], golden_path(name), folder)
    if not found:
        shutil.rmtree(folder)
    assert not found, found


def test_every_kept_picture_is_compared_and_small() -> None:
    assert {path.stem for path in FOLDER.glob("*")} == set(NAMES)
    for name in NAMES:
        assert golden_path(name).stat().st_size < 40_000
        assert load_picture(golden_path(name)).shape == (180, 320, 3)


def swapped(image: Picture) -> Picture:
    """The classes' colours exchanged."""
    a, b = (looks(image, code, 60)[..., None] for code in DARK.classes[:2])
    return np.where(a, colour(DARK.classes[1]), np.where(b, colour(DARK.classes[0]), image))


MUTATIONS: dict[str, Callable[[Picture], Picture]] = {
    "moved by a pixel": lambda image: np.roll(image, 1, axis=1),
    "class colours exchanged": swapped,
    "red and blue exchanged": lambda image: image[..., ::-1],
    "upside down": lambda image: image[::-1],
    "darker by a twentieth": lambda image: image * 0.95,
    "empty": lambda image: np.full_like(image, 14.0),
    "without its lower third": lambda image: np.concatenate([image[:120], np.full((60, 320, 3), 14.0)]),
}


class TestComparison:
    @pytest.mark.parametrize("mutation", MUTATIONS)
    def test_it_fails_for_a_picture_that_is_wrong(self, mutation: str, tmp_path: Path) -> None:
        actual = MUTATIONS[mutation](load_picture(golden_path("line")))
        message = complaint("line", actual, golden_path("line"), tmp_path)
        assert UPDATE in message
        assert str(tmp_path) in message
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "line-actual.png",
            "line-difference.png",
            "line-wanted.png",
        ]

    def test_it_fails_for_a_picture_that_is_missing(self, tmp_path: Path) -> None:
        message = complaint("new", np.zeros((180, 320, 3)), tmp_path / "new.png", tmp_path)
        assert "missing" in message
        assert UPDATE in message

    def test_it_fails_for_another_size(self, tmp_path: Path) -> None:
        assert "now 10 x 20" in complaint("line", np.zeros((20, 10, 3)), golden_path("line"), tmp_path)

    def test_it_passes_for_edges_drawn_a_little_differently(self, tmp_path: Path) -> None:
        golden = load_picture(golden_path("line"))
        noise = np.random.default_rng(0).normal(0, 6, golden.shape)
        edges = np.abs(np.gradient(golden, axis=1)).max(axis=-1, keepdims=True) > 10
        assert complaint("line", golden + noise * edges, golden_path("line"), tmp_path) == ""
