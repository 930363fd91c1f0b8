"""How far a batch is, in a log file."""

import pytest

from batch import progress


def test_a_log_file_gets_few_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = iter(range(0, 400, 4))
    monkeypatch.setattr("batch.progress.monotonic", lambda: next(seconds))
    with progress.batch_progress() as shown:
        shown.begin(20, 5)
        for number in range(15):
            shown.done(f"job-{number}", "its reason" * (number == 1))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "7 of 20 jobs, 1 failed"
    assert 2 < len(lines) < 8
    assert not any("20 of 20" in line for line in lines)
