"""``render.py results``: a study from the command line."""

import json
from pathlib import Path

from tests.commands import fails, run


def test_a_study_makes_a_table(studio: Path) -> None:
    shown = run("results", "knn-essay", "--seeds", "1").stdout
    assert "| network | batches | test error [%] | seeds | seconds |" in shown
    folder = studio / "media" / "results"
    assert (folder / "knn-essay.md").read_text("utf-8") in shown
    again = json.loads(run("results", "knn-essay", "--seeds", "1", "--json").stdout)
    kept = json.loads((folder / "knn-essay.json").read_text("utf-8"))
    assert {name: again[name] for name in kept} == kept
    assert again["paths"] == [f"media/results/knn-essay.{suffix}" for suffix in ("csv", "json", "md")]


def test_what_is_wrong_is_one_line(studio: Path) -> None:
    assert "did you mean knn-best or" in fails(2, "results", "knn-bets")
    assert fails(1, "results", "knn-best", "--data", "nowhere").startswith("nowhere: there is no such folder")
    assert (
        fails(2, "results", "contractive", "--data", ".")
        == "contractive makes its own data: leave out --data"
    )
