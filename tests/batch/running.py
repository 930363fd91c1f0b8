"""Runs of jobs in tests: what came of each, in which order, and what was said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from batch.job import Job, Outcome
from batch.run import run


@dataclass
class Ran:
    """What a run told."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    @property
    def errors(self) -> dict[str, str]:
        """The errors of the jobs that failed."""
        return {name: outcome.error for name, outcome in self.outcomes.items() if outcome.error}

    def files(self) -> dict[str, bytes]:
        """All that was made."""
        return {name: data for outcome in self.outcomes.values() for name, data in outcome.files.items()}


def run_all(
    jobs: Sequence[Job],
    scheduler: str | None = None,
    workers: int | None = None,
    *,
    traces: dict[str, Path] | None = None,
    patience: float = 120.0,
    said: Callable[[str], None] = lambda line: None,
) -> Ran:
    """Do all jobs; each is told of exactly once."""
    ran = Ran()

    def done(job: Job, outcome: Outcome) -> None:
        assert job.name not in ran.outcomes
        assert outcome.job == job.name
        ran.outcomes[job.name] = outcome

    def report(line: str) -> None:
        ran.lines.append(line)
        said(line)

    run(
        jobs, scheduler=scheduler, workers=workers, done=done, report=report, traces=traces, patience=patience
    )
    assert set(ran.outcomes) == {job.name for job in jobs}
    return ran
