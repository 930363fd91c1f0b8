"""Pictures that are kept, and how far a new one may be from them.

They are compared as averages over blocks of pixels, for other versions of Cairo and FreeType draw edges a
little differently. They hold no words, only the numbers at the ticks.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from scenes.output.renderers import Still
from tests.scenes.example_films import KeyStates, Marked, failing_trace, written_trace
from tests.scenes.pictures import Picture, load_picture, rgb_of, save_picture, stills

FOLDER = Path(__file__).parent / "golden"
#: How to make the pictures anew; look at them before they are committed.
UPDATE = "python -m tests.scenes.update_golden"

#: Every kept picture by name: the end of a section, in a theme.
NAMES = ("raw", "halfway", "line", "pulled-back", "marked")

#: Pixels along the side of a block.
BLOCK = 4
#: Largest difference of a block's average, and of the whole picture's, in a channel from 0 to 255.
MOST_IN_A_BLOCK = 14.0
MOST_ON_AVERAGE = 0.6


def golden_path(name: str) -> Path:
    return FOLDER / f"{name}.png"


def drawn_now() -> Iterator[tuple[str, Picture]]:
    """The pictures as they are drawn now."""
    ends: list[Still] = [
        *stills(KeyStates, written_trace()),
        *stills(Marked, failing_trace(), theme="light"),
    ]
    for name in NAMES:
        (*_, last) = (still for still in ends if still.section == name)
        yield name, rgb_of(last.frame)


def blocks(image: Picture) -> Picture:
    """Averages over blocks of pixels."""
    height, width = (size // BLOCK for size in image.shape[:2])
    cut = image[: height * BLOCK, : width * BLOCK]
    return cut.reshape(height, BLOCK, width, BLOCK, 3).mean(axis=(1, 3))


def complaint(name: str, actual: Picture, golden: Path, temporary: Path) -> str:
    """Why a picture does not pass, and where to look; empty if it passes."""
    if not golden.is_file():
        save_picture(actual, temporary / f"{name}-actual.png")
        return f"{golden} is missing; see {temporary}, then run: {UPDATE}"
    wanted = load_picture(golden)
    if wanted.shape != actual.shape:
        return f"{golden} is {wanted.shape[1]} x {wanted.shape[0]}, now {actual.shape[1]} x {actual.shape[0]}"
    apart = np.abs(blocks(actual) - blocks(wanted))
    if apart.max() <= MOST_IN_A_BLOCK and apart.mean() <= MOST_ON_AVERAGE:
        return ""
    save_picture(actual, temporary / f"{name}-actual.png")
    save_picture(wanted, temporary / f"{name}-wanted.png")
    save_picture(np.minimum(255, 4 * np.abs(actual - wanted)), temporary / f"{name}-difference.png")
    return (
        f"{name}: a block differs by {apart.max():.1f} (at most {MOST_IN_A_BLOCK}), all by "
        f"{apart.mean():.2f} on average (at most {MOST_ON_AVERAGE}); look at {temporary}, and if the new "
        f"picture is right, run: {UPDATE}"
    )
