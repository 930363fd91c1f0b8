"""Runs that are kept, and the code that decides whether they still hold."""

from pathlib import Path

import pytest

from topo_core.kept import code_hash, kept_run
from topo_core.results import Run


def test_work_is_done_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPO_MEDIA", str(tmp_path))
    done: list[int] = []

    def work() -> Run:
        done.append(1)
        return Run(3, {"error": 0.1 + 0.2, "solved": True}, 1.5)

    for config in ({"a": 1}, {"a": 1}, {"a": 2}, {"a": 1}):
        assert kept_run(config, work) == Run(3, {"error": 0.1 + 0.2, "solved": 1.0}, 1.5)
    assert len(done) == 2
    for damaged in ("", "[]", "{}", '{"run": 3}', '{"run": {"seed": 1}}', "\xff"):
        for path in (tmp_path / "results" / "runs").iterdir():
            path.write_text(damaged, "latin-1")
        kept_run({"a": 1}, work)
    assert len(done) == 2 + 6
    assert len(list((tmp_path / "results" / "runs").iterdir())) == 2


def test_what_fails_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPO_MEDIA", str(tmp_path))

    def fails() -> Run:
        raise RuntimeError

    for _ in range(2):
        with pytest.raises(RuntimeError):
            kept_run({}, fails)


@pytest.mark.parametrize(
    ("source", "same"),
    [
        ('"""Other."""\n\ndef f(x):\n    # why\n    return x + 1\n', True),
        ('def f(x):\n    """What."""\n    return x + 1\n', True),
        ("def f(x):\n    return x + 2\n", False),
        ("def f(y):\n    return y + 1\n", False),
    ],
)
def test_comments_decide_nothing(tmp_path: Path, source: str, same: bool) -> None:
    (tmp_path / "a.py").write_text("def f(x):\n    return (x + 1)\n")
    (tmp_path / "b.py").write_text(source)
    assert (code_hash([tmp_path / "a.py"]) == code_hash([tmp_path / "b.py"])) == same
