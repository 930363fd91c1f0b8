"""Pictures put together of pieces are, pixel by pixel, those converted as a whole."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.box import Box
from scenes.output.changes import Changes, Patchwork
from scenes.output.encoder import StreamEncoder, codec_for

#: Rows and columns; neither is a multiple of the bands that are compared.
SIZE = 150, 214


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> StreamEncoder:
    path: Path = tmp_path_factory.mktemp("stream") / "raw"
    return StreamEncoder(path, SIZE[::-1], 10, codec_for("mp4", False), "mp4")


def noise(rng: np.random.Generator, rows: int, columns: int) -> Any:
    return rng.integers(0, 256, (rows, columns, 4), dtype=np.uint8)


#: Two of these make a rectangle, sides of no length among them.
rows = st.tuples(st.integers(0, SIZE[0]), st.integers(0, SIZE[0])).map(sorted)
columns = st.tuples(st.integers(0, SIZE[1]), st.integers(0, SIZE[1])).map(sorted)


class TestPatchwork:
    @given(
        places=st.lists(st.tuples(rows, columns, st.booleans()), min_size=1, max_size=4),
        seed=st.integers(0, 9),
    )
    def test_as_if_converted_as_a_whole(self, stream: StreamEncoder, places: Any, seed: int) -> None:
        rng = np.random.default_rng(seed)
        frame = noise(rng, *SIZE)
        changes, patchwork = Changes(), Patchwork()
        box, part = changes.note(frame)
        patchwork.laid(stream.picture(part), box)
        for (top, bottom), (left, right), kept in places:
            frame[top:bottom, left:right] = noise(rng, bottom - top, right - left)
            box, part = changes.note(frame.copy() if kept else frame, kept=kept)
            picture = patchwork.laid(stream.picture(part) if part.size else None, box)
            whole = stream.picture(frame)
            assert np.array_equal(picture.to_ndarray(), whole.to_ndarray())


class TestChanges:
    def test_what_rests_is_left_out(self) -> None:
        frame = np.zeros((1080, 1920, 4), dtype=np.uint8)
        changes = Changes()
        assert changes.note(frame)[0] == Box(0, 1080, 0, 1920)
        assert changes.note(frame)[0] == (0, 0, 0, 0)
        frame[300:500, 700:900] = 1
        box, _ = changes.note(frame)
        assert 0 <= 300 - box.top < 48
        assert 0 <= box.bottom - 500 < 48
        assert 0 <= 700 - box.left < 48
        assert 0 <= box.right - 900 < 48

    def test_only_what_is_not_kept_is_copied(self) -> None:
        frame = np.zeros((*SIZE, 4), dtype=np.uint8)
        changes = Changes()
        assert not np.shares_memory(changes.note(frame)[1], frame)
        other = np.ones_like(frame)
        assert np.shares_memory(changes.note(other, kept=True)[1], other)
        other[0, 0] = 2  # the same array again may have changed anywhere
        assert changes.note(other, kept=True)[0] == Box.all_of(other)
        assert not np.shares_memory(changes.note(frame)[1], frame)

    @pytest.mark.parametrize("channel", range(4))
    def test_one_number_is_enough(self, channel: int) -> None:
        frame = np.zeros((*SIZE, 4), dtype=np.uint8)
        changes = Changes()
        changes.note(frame)
        frame[-1, -1, channel] = 1
        box, _ = changes.note(frame)
        assert (box.bottom, box.right) == SIZE
        assert box.top > SIZE[0] // 2
        assert box.left > SIZE[1] // 2
