"""One video, made by several workers: each draws some of its sections, and one joins what they encoded.

A section is an encoded stream of its own in any video (``scenes.output.takes``), so that the joined file has
the very bytes of the one that a single process makes. Whoever draws a section plays all before it without
drawing them, which takes about a twentieth of the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from batch.job import Job, Outcome
from batch.perform import (
    SPLIT,
    Made,
    attempt,
    files_beside,
    film_metrics,
    given_trace,
    new_output,
    placed_target,
    placed_traces,
    settings_of,
)

#: Parts for each worker: sections take more or less time, and who is done early takes another one.
_PARTS = 2


def is_split(job: Job) -> bool:
    """Whether a job is a video that workers share; a GIF, whose colours are those of all frames, is not."""
    return job.kind == "video" and bool(job.options.get(SPLIT)) and job.options.get("format") != "gif"


def parts_of(frames: Mapping[int, int], workers: int) -> list[range]:
    """Sections in parts of about the same length.

    Parameters
    ----------
    frames
        How many each section has, by number.
    workers
        How many share the work.
    """
    numbers = sorted(frames)
    count = max(1, min(len(numbers), _PARTS * workers))
    total, so_far = sum(frames.values()), 0
    cuts: list[int] = []
    for number in numbers:
        if so_far * count >= len(cuts) * total:
            cuts.append(number)
        so_far += frames[number]
    return [range(begin, end) for begin, end in zip(cuts, [*cuts[1:], numbers[-1] + 1], strict=True)]


def rehearse(job: Job, traces: Mapping[str, bytes], sources: Mapping[str, bytes], folder: Path) -> Outcome:
    """Play a video without drawing it; its script is among the metrics."""
    return _shot(job, traces, sources, folder, range(0))


def shoot(
    job: Job, traces: Mapping[str, bytes], sources: Mapping[str, bytes], folder: Path, sections: range
) -> Outcome:
    """Draw and encode some sections; their streams are the files, by the number of the section."""
    return _shot(job, traces, sources, folder, sections)


def _shot(
    job: Job, traces: Mapping[str, bytes], sources: Mapping[str, bytes], folder: Path, sections: range
) -> Outcome:
    def action(own: Path) -> Made:
        from scenes.output.locate import locate
        from scenes.output.takes import shoot as film

        paths = placed_traces(job, traces)
        target = placed_target(job.target, sources, own)
        trace = given_trace(job, target, paths)
        found = locate(target)
        script, takes = film(found.scene, found.name, settings_of(job), own, trace=trace, wanted=sections)
        return {str(number): path.read_bytes() for number, path in takes.items()}, {"script": script}

    return attempt(job, action, folder)


def edit(job: Job, script: Outcome, parts: Sequence[Outcome], folder: Path) -> Outcome:
    """Join what was encoded to the finished video, with its subtitles beside it."""

    def action(own: Path) -> Made:
        from scenes.output.clips import Clip
        from scenes.output.takes import edit as join
        from scenes.output.video import deliver

        takes = {}
        for part in parts:
            for number, content in part.files.items():
                takes[int(number)] = own / f"take-{number}"
                takes[int(number)].write_bytes(content)
        settings = settings_of(job)
        clip = own / f"clip.{settings.format}"
        facts = join(script.metrics["script"], takes, clip, settings)
        output = new_output(job, own)
        metrics = film_metrics(deliver(Clip(clip, False, facts), settings, output))
        return files_beside(output, own), {**metrics, "parts": len(parts)}

    outcome = attempt(job, action, folder)
    seconds = sum(each.seconds for each in (script, *parts, outcome))
    return Outcome(job.name, outcome.files, outcome.metrics, seconds, outcome.error)
