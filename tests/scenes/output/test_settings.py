"""Quality, format and theme: what they mean, and what cannot be."""

from dataclasses import FrozenInstanceError

import pytest

from scenes.output.settings import FORMATS, QUALITIES, Settings
from topo_core.errors import TopoError


@pytest.mark.parametrize(
    ("quality", "size", "rate"),
    [("l", (848, 480), 15), ("m", (1280, 720), 30), ("h", (1920, 1080), 60), ("k", (3840, 2160), 60)],
)
def test_quality(quality: str, size: tuple[int, int], rate: int) -> None:
    assert (Settings(quality).size, Settings(quality).rate) == (size, rate)


def test_default_is_a_lecture_video() -> None:
    settings = Settings()
    assert (settings.size, settings.rate) == ((1920, 1080), 60)
    assert (settings.format, settings.theme, settings.transparent) == ("mp4", "dark", False)


def test_sizes_suit_the_encoders() -> None:
    for quality in QUALITIES.values():
        assert quality.width % 16 == 0
        assert quality.height % 2 == 0
        assert quality.width / quality.height == pytest.approx(16 / 9, rel=0.01)


@pytest.mark.parametrize("fps", [1, 5, 24, 120])
def test_frames_per_second(fps: int) -> None:
    assert Settings("l", fps).rate == fps


@pytest.mark.parametrize("fps", [0, -1, 121])
def test_frames_per_second_out_of_range(fps: int) -> None:
    with pytest.raises(TopoError, match=f"--fps {fps}: choose 1 to 120"):
        Settings("l", fps)


def test_transparency_needs_an_alpha_channel() -> None:
    for name, able in FORMATS.items():
        if able:
            assert Settings(format=name, transparent=True).transparent
        else:
            with pytest.raises(
                TopoError, match=f"{name} cannot carry transparency; use --format webm or mov"
            ):
                Settings(format=name, transparent=True)


@pytest.mark.parametrize(("quality", "fps", "rate"), [("l", None, 15), ("h", None, 25), ("l", 50, 50)])
def test_gif_players_cap_the_rate(quality: str, fps: int | None, rate: int) -> None:
    assert Settings(quality, fps, format="gif").rate == rate


def test_a_gif_is_not_slower_than_asked_for() -> None:
    with pytest.raises(TopoError, match="--fps 60: players show a GIF at 50 frames a second at most"):
        Settings("l", 60, format="gif")


def test_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().quality = "l"
