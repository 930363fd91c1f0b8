"""How many scenes are rendered at the same time."""

import os

import pytest

from scenes.output.workers import default_jobs


@pytest.mark.parametrize(
    ("cores", "gigabytes", "jobs"), [(1, 64, 1), (2, 64, 2), (8, 64, 8), (64, 16, 8), (2, 3, 1), (2, 1, 1)]
)
def test_as_many_as_there_are_cores_and_memory_for(
    cores: int, gigabytes: int, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"SC_PHYS_PAGES": int(gigabytes * 1e9 / 4096), "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(cores)), raising=False)
    monkeypatch.setattr(os, "sysconf", lambda name: told[name] + (name == "SC_PHYS_PAGES"))
    assert default_jobs() == jobs


def test_on_a_system_that_does_not_tell_which_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert default_jobs() == 1
