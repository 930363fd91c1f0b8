"""Subtitles from the narration that sections carry: split into cues, timed, and written as SRT and WebVTT.

A cue has at most two lines of 42 characters and stays for at least a second and 50 ms a character, so that
nobody has to read more than 20 characters a second. All times here are whole milliseconds, except those of
marks (seconds).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scenes.output.whole import whole
from scenes.sections import SectionMark

#: Characters in a line; lines in a cue.
LINE, LINES = 42, 2
#: The fastest that a cue may have to be read.
CHARACTERS_PER_SECOND = 20
_SHORTEST, _LONGEST = 1000, 7000


@dataclass(frozen=True)
class Cue:
    """One or two lines of text, shown from ``start`` to ``end`` (milliseconds)."""

    start: int
    end: int
    text: str

    def later(self, offset: int) -> Cue:
        """The same cue, ``offset`` milliseconds later."""
        return Cue(self.start + offset, self.end + offset, self.text)


@dataclass(frozen=True)
class TooFast:
    """A section whose narration cannot be read in its time; times in seconds."""

    section: str
    needed: float
    given: float

    def __str__(self) -> str:
        return (
            f"section {self.section!r}: reading its narration takes {self.needed:.1f} s, but the section "
            f"takes {self.given:.1f} s; shorten the words or play longer"
        )


def too_fast(marks: Sequence[SectionMark], seconds: float) -> list[TooFast]:
    """The sections of a scene of ``seconds`` whose narration must be read too fast.

    Their cues stay until the next narration begins, and no word is left out, but viewers may not keep up.
    """
    ends = [*(mark.start for mark in marks), seconds][1:]
    found = []
    for mark, end in zip(marks, ends, strict=True):
        needed = sum(reading_time(text) for text in cue_texts(mark.narration))
        given = _ms(end) - _ms(mark.start)
        if needed > given:
            found.append(TooFast(mark.name, needed / 1000, given / 1000))
    return found


def cues_of(marks: Sequence[SectionMark], seconds: float) -> list[Cue]:
    """The subtitles of a scene: every word of every narration, in order, without overlaps.

    The cues of a section share its time in proportion to their length, each for 7 s at most. Where that is
    too short to be read (see :func:`too_fast`) they go on until the next narration.
    """
    total = _ms(seconds)
    spoken: dict[int, str] = {}  # a section without any time speaks with its neighbour
    for mark in marks:
        if mark.narration.strip():
            start = _ms(mark.start) if _ms(mark.start) < total else max(spoken, default=0)
            spoken[start] = f"{spoken.get(start, '')} {mark.narration}"
    cues = []
    for start, narration in spoken.items():
        texts = cue_texts(narration)
        needs = [reading_time(text) for text in texts]
        room = min((_ms(m.start) for m in marks if _ms(m.start) > start), default=total) - start
        if sum(needs) > room:
            limit = min((other for other in spoken if other > start), default=total) - start
            room = min(sum(needs), limit)
        cues += _spread(texts, needs, start, room)
    return cues


def _spread(texts: Sequence[str], needs: Sequence[int], start: int, room: int) -> list[Cue]:
    """Cues one after the other in ``room`` milliseconds, in proportion to their needs."""
    cues, before = [], 0
    for text, need in zip(texts, needs, strict=True):
        begin, end = (start + room * sum_ // sum(needs) for sum_ in (before, before + need))
        cues.append(Cue(begin, min(end, begin + max(need, _LONGEST)), text))
        before += need
    return cues


def reading_time(text: str) -> int:
    """The least time in which the text of a cue can be read, in milliseconds."""
    return max(_SHORTEST, len(text) * 1000 // CHARACTERS_PER_SECOND)


def _ms(seconds: float) -> int:
    return round(1000 * seconds)


def cue_texts(narration: str) -> list[str]:
    """A narration as cues: few and of similar length, that end with sentences and clauses if possible.

    Every word is kept; only a word longer than a line makes a line longer than 42 characters.
    """
    words = narration.split()
    best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]  # of the words from the end up to each one
    for begin in reversed(range(len(words))):
        choices = []
        for end in range(begin + 1, len(words) + 1):
            shown = _lines(words[begin:end])
            if shown is None:
                break
            cost, rest = best[len(words) - end]
            fill = len(shown) / (LINE * LINES)
            choices.append((cost + 6 + 6 * fill * fill + _break_cost(words[end - 1]), (shown, *rest)))
        best.append(min(choices))
    return list(best[-1][1])


def _break_cost(word: str) -> float:
    """How much a break behind a word disturbs reading."""
    if re.search(r"[.!?…][\"'”’)]*$", word):
        return 0.0
    return 3.0 if word[-1] in ",;:)–—" else 8.0


def _lines(words: Sequence[str]) -> str | None:
    """Words on one or two lines, or nothing if there are too many of them."""
    whole = " ".join(words)
    if len(whole) <= LINE or len(words) == 1:
        return whole
    pairs = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    fitting = [
        (0.3 * abs(len(upper) - len(lower)) + _break_cost(upper), f"{upper}\n{lower}")
        for upper, lower in pairs
        if (len(upper) <= LINE or " " not in upper) and (len(lower) <= LINE or " " not in lower)
    ]
    return min(fitting)[1] if fitting else None


def _clock(ms: int, point: str) -> str:
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"


def srt(cues: Sequence[Cue]) -> str:
    """Cues as SubRip text."""
    return "".join(
        f"{i}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{cue.text}\n\n"
        for i, cue in enumerate(cues, 1)
    )


def vtt(cues: Sequence[Cue]) -> str:
    """Cues as WebVTT text, which browsers show beside a video."""
    return "WEBVTT\n\n" + "".join(
        f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n{_escaped(cue.text)}\n\n" for cue in cues
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


#: What is written beside a video, by the ending of the file's name.
FILES: dict[str, Callable[[Sequence[Cue]], str]] = {".srt": srt, ".vtt": vtt}


def write_beside(video: Path, cues: Sequence[Cue]) -> None:
    """Write the subtitles of a video as files beside it, with its name."""
    for suffix, written in FILES.items():
        with whole(video.with_suffix(suffix)) as temporary:
            temporary.write_text(written(cues), encoding="utf-8", newline="\n")
