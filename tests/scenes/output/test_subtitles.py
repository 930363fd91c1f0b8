"""Narration becomes cues that can be read: few enough characters, in time, and no word is lost."""

from datetime import timedelta
from pathlib import Path

import pytest
import srt as subrip
from hypothesis import given
from hypothesis import strategies as st

from scenes.output.subtitles import (
    CHARACTERS_PER_SECOND,
    LINE,
    LINES,
    Cue,
    cue_texts,
    cues_of,
    reading_time,
    srt,
    too_fast,
    vtt,
    write_beside,
)
from scenes.sections import SectionMark

SHORT = "The plane is stretched, never torn."
LONG = (
    "A layer multiplies by a matrix, adds a vector, and squashes each coordinate with tanh. Each of these "
    "steps can be undone, so the layer can be undone as well."
)

words = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12)
narrations = st.lists(words, max_size=60).map(" ".join)


@st.composite
def scenes(draw: st.DrawFn) -> tuple[list[SectionMark], float]:
    """Sections on whole frames, some without narration or without any time, and how long the scene is."""
    fps = draw(st.sampled_from([5, 15, 24, 60]))
    lengths = draw(st.lists(st.integers(0, 20 * fps), min_size=1, max_size=6))
    lengths[-1] = max(lengths[-1], fps)
    starts = [sum(lengths[:i]) / fps for i in range(len(lengths))]
    texts = draw(st.lists(st.just("") | narrations, min_size=len(starts), max_size=len(starts)))
    marks = [SectionMark(f"Section {i}", s, t) for i, (s, t) in enumerate(zip(starts, texts, strict=True))]
    return marks, sum(lengths) / fps


class TestTexts:
    @given(narrations)
    def test_every_word_is_kept_and_lines_are_short(self, narration: str) -> None:
        texts = cue_texts(narration)
        assert " ".join(texts).split() == narration.split()
        for text in texts:
            lines = text.split("\n")
            assert 1 <= len(lines) <= LINES
            assert all(len(line) <= LINE and line.strip() for line in lines)

    def test_a_sentence_that_fits_is_one_cue(self) -> None:
        assert cue_texts(SHORT) == [SHORT]
        assert cue_texts("Two classes of points, each on its own curve: can they be told apart?") == [
            "Two classes of points, each on its\nown curve: can they be told apart?"
        ]

    def test_cues_end_with_sentences(self) -> None:
        texts = cue_texts("Space is bent and stretched, a little in each layer. " + LONG)
        assert texts[0] == "Space is bent and stretched,\na little in each layer."
        assert any(text.endswith("with tanh.") for text in texts)

    def test_white_space_does_not_matter(self) -> None:
        assert cue_texts("  Space\n\tis   bent. ") == ["Space is bent."]
        assert cue_texts(" \n") == []

    def test_a_word_longer_than_a_line(self) -> None:
        word = "x" * 60
        assert cue_texts(f"See {word} for more.") == [f"See\n{word}", "for more."]

    def test_a_long_speech_takes_no_time(self) -> None:
        speech = " ".join([LONG] * 200)
        assert " ".join(cue_texts(speech)).split() == speech.split()


class TestTimes:
    @given(scenes())
    def test_nothing_is_lost_and_nothing_overlaps(self, scene: tuple[list[SectionMark], float]) -> None:
        marks, seconds = scene
        cues = cues_of(marks, seconds)
        spoken = " ".join(mark.narration for mark in marks).split()
        assert " ".join(cue.text for cue in cues).split() == spoken
        times = [time for cue in cues for time in (cue.start, cue.end)]
        assert times == sorted(times)
        assert all(cue.start < cue.end for cue in cues)
        if cues:
            assert cues[0].start >= 0
            assert cues[-1].end <= round(1000 * seconds)

    @given(scenes())
    def test_cues_can_be_read_unless_it_is_reported(self, scene: tuple[list[SectionMark], float]) -> None:
        marks, seconds = scene
        if too_fast(marks, seconds):
            return
        cues = cues_of(marks, seconds)
        for cue in cues:
            took = (cue.end - cue.start) / 1000
            assert len(cue.text) / took <= CHARACTERS_PER_SECOND
            assert 1 <= took <= 7
        for mark, end in zip(marks, [*(m.start for m in marks[1:]), seconds], strict=True):
            texts = cue_texts(mark.narration)
            inside = [c.text for c in cues if round(1000 * mark.start) <= c.start < round(1000 * end)]
            assert inside == texts

    def test_a_section_is_shared_in_proportion(self) -> None:
        marks = [SectionMark("One", 2.0, LONG), SectionMark("Two", 14.0)]
        cues = cues_of(marks, 20.0)
        assert cues[0].start == 2000
        assert cues[-1].end == 14000
        lengths = [len(cue.text) for cue in cues]
        assert [cue.end - cue.start for cue in cues] == pytest.approx(
            [12000 * n / sum(lengths) for n in lengths], abs=2
        )

    def test_a_cue_goes_after_seven_seconds(self) -> None:
        assert cues_of([SectionMark("One", 1.0, SHORT)], 60.0) == [Cue(1000, 8000, SHORT)]

    def test_what_takes_too_long_to_read_is_reported(self) -> None:
        marks = [
            SectionMark("Raw data", 0.0, SHORT),
            SectionMark("Layer 1", 2.0, LONG),
            SectionMark("Layer 2", 5.0),
        ]
        (problem,) = too_fast(marks, 20.0)
        assert problem.section == "Layer 1"
        assert problem.needed == pytest.approx(len(LONG) / 20, abs=0.2)
        assert problem.given == pytest.approx(3.0)
        assert str(problem).startswith("section 'Layer 1': reading its narration takes 7.")
        assert "takes 3.0 s; shorten the words or play longer" in str(problem)

    def test_exactly_enough_time(self) -> None:
        needed = sum(reading_time(text) for text in cue_texts(LONG)) / 1000
        assert too_fast([SectionMark("One", 0.0, LONG)], needed) == []
        assert len(too_fast([SectionMark("One", 0.0, LONG)], needed - 0.001)) == 1

    def test_a_word_stays_for_a_second(self) -> None:
        assert reading_time("No.") == 1000
        assert len(too_fast([SectionMark("One", 0.0, "No.")], 0.9)) == 1

    def test_it_then_goes_on_until_the_next_narration(self) -> None:
        marks = [SectionMark("One", 0.0, LONG), SectionMark("Two", 2.0), SectionMark("Three", 30.0, SHORT)]
        cues = cues_of(marks, 40.0)
        assert [cue.end - cue.start for cue in cues[:-1]] == [reading_time(c.text) for c in cues[:-1]]
        assert cues[-1] == Cue(30000, 37000, SHORT)

    def test_and_is_shown_too_fast_if_it_must(self) -> None:
        cues = cues_of([SectionMark("One", 0.0, LONG), SectionMark("Two", 2.0, SHORT)], 10.0)
        assert " ".join(cue.text for cue in cues).split() == f"{LONG} {SHORT}".split()
        assert cues[-2].end == 2000

    def test_a_section_without_time_speaks_with_its_neighbour(self) -> None:
        marks = [
            SectionMark("One", 0.0, "One."),
            SectionMark("Two", 4.0, "Two."),
            SectionMark("Three", 4.0, "Three."),
        ]
        assert [cue.text for cue in cues_of(marks, 8.0)] == ["One.", "Two. Three."]
        last = [SectionMark("One", 0.0, "One."), SectionMark("Two", 8.0, "Two.")]
        assert [cue.text for cue in cues_of(last, 8.0)] == ["One. Two."]
        assert [problem.section for problem in too_fast(last, 8.0)] == ["Two"]

    def test_no_sections(self) -> None:
        assert cues_of([], 5.0) == []
        assert too_fast([], 5.0) == []


CUES = [Cue(0, 1500, "One, two"), Cue(3_725_042, 3_726_000, "x < y & z\n<b>bold</b>")]


class TestFiles:
    def test_srt(self) -> None:
        assert srt(CUES) == (
            "1\n00:00:00,000 --> 00:00:01,500\nOne, two\n\n"
            "2\n01:02:05,042 --> 01:02:06,000\nx < y & z\n<b>bold</b>\n\n"
        )

    @given(scenes())
    def test_another_reader_of_srt(self, scene: tuple[list[SectionMark], float]) -> None:
        cues = cues_of(*scene)
        read = list(subrip.parse(srt(cues)))
        assert [(cue.start, cue.end, cue.content) for cue in read] == [
            (timedelta(milliseconds=cue.start), timedelta(milliseconds=cue.end), cue.text) for cue in cues
        ]

    def test_vtt_has_no_markup(self) -> None:
        assert vtt(CUES) == (
            "WEBVTT\n\n"
            "00:00:00.000 --> 00:00:01.500\nOne, two\n\n"
            "01:02:05.042 --> 01:02:06.000\nx &lt; y &amp; z\n&lt;b&gt;bold&lt;/b&gt;\n\n"
        )

    @pytest.mark.parametrize("name", ["film.mp4", "film", "my film.mov"])
    def test_beside_the_video(self, name: str, tmp_path: Path) -> None:
        write_beside(tmp_path / name, CUES)
        stem = name.split(".")[0]
        assert {path.name for path in tmp_path.iterdir()} == {f"{stem}.srt", f"{stem}.vtt"}
        assert (tmp_path / f"{stem}.srt").read_bytes().decode() == srt(CUES)
        assert (tmp_path / f"{stem}.vtt").read_bytes().decode() == vtt(CUES)

    def test_later(self) -> None:
        assert CUES[0].later(250) == Cue(250, 1750, "One, two")
