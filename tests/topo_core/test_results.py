"""Tables of studies: what is computed from the runs, and the three forms in which it is written."""

import csv
import json
import math
from pathlib import Path

import pytest

from topo_core import studies
from topo_core.errors import SpecError, TopoError, UnknownNameError
from topo_core.results import Measure, Results, Row, Run
from topo_core.studies import Study, study_named

ERROR = Measure("test error", "%", digits=1, better="low")
SOLVED = Measure("solved")


def table(*rows: Row) -> Results:
    return Results("tiny", "A tiny study", (ERROR, SOLVED), rows, notes=("One note.",))


def row(readout: str, *errors: float, **rest: str) -> Row:
    runs = tuple(Run(seed, {"test error": e, "solved": True}, 2.0 + seed) for seed, e in enumerate(errors))
    return Row({"readout": readout, "p": 8}, runs, **rest)


def test_mean_and_spread() -> None:
    found = row("softmax", 1.0, 2.0, 6.0)
    assert found.mean("test error") == 3.0
    assert found.spread("test error") == pytest.approx(math.sqrt((4 + 1 + 9) / 2))
    assert found.mean("solved") == 1
    assert math.isnan(row("softmax", 1.0).spread("test error"))
    assert math.isnan(row("softmax").mean("test error"))


def test_three_files(tmp_path: Path) -> None:
    paths = table(row("softmax", 1.0, 2.0), row("a|b", 3.0, note="odd")).write(tmp_path / "results")
    assert sorted(p.name for p in paths) == ["tiny.csv", "tiny.json", "tiny.md"]
    assert sorted(p.name for p in (tmp_path / "results").iterdir()) == ["tiny.csv", "tiny.json", "tiny.md"]
    head, first, second = csv.reader(paths[0].read_text().splitlines())
    assert dict(zip(head, first, strict=True)) == {
        **{"readout": "softmax", "p": "8", "seeds": "0 1", "seconds mean": "2.50", "note": ""},
        **{"test error [%] mean": "1.5", "test error [%] spread": repr(math.sqrt(0.5))},
        **{"solved mean": "1.0", "solved spread": "0.0"},
    }
    assert second[-1] == "odd"
    assert second[head.index("test error [%] spread")] == ""
    data = json.loads(paths[1].read_text())
    assert data["rows"][0]["summary"]["test error"] == {"mean": 1.5, "spread": math.sqrt(0.5)}
    assert data["rows"][1]["summary"]["test error"] == {"mean": 3.0, "spread": None}
    assert [run["seed"] for run in data["rows"][0]["runs"]] == [0, 1]
    assert data["rows"][0]["runs"][1]["seconds"] == 3.0
    shown = paths[2].read_text()
    assert "| softmax | 8 | 1.5 ± 0.7 | 1.00 ± 0.00 | 0–1 | 2.5 |" in shown
    assert "| a\\|b | 8 | 3.0 | 1.00 | 0 | 2.0 |" in shown
    assert "- a|b, 8: odd\n- One note.\n" in shown


def test_no_rows() -> None:
    assert table().as_csv().count("\n") == 1
    assert table().as_data()["rows"] == []


def test_rows_of_different_settings_are_refused() -> None:
    with pytest.raises(TopoError, match="results tiny: a row has the settings q, the first one readout, p"):
        table(row("softmax", 1.0), Row({"q": 1}, ()))


def test_what_is_no_measure_is_refused() -> None:
    with pytest.raises(TopoError, match="results tiny: loss is measured but is no measure"):
        table(Row({}, (Run(0, {"loss": 1.0}, 0.0),)))


class TestStudies:
    def made(self, seeds: object, report: object, data: object = "none") -> Results:
        return Results("x", f"{list(seeds)} {data}", (), ())  # type: ignore[call-overload]

    def test_seeds_and_data(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(studies, "made", self.made, raising=False)
        plain = Study("x", "X", "topo_core.studies:made", seeds=3)
        assert plain.run().title == "[0, 1, 2] none"
        assert plain.run(seeds=1).title == "[0] none"
        other = Study("x", "X", "topo_core.studies:made", takes_data=True)
        assert other.run(2, Path("d")).title == "[0, 1] d"
        with pytest.raises(SpecError, match="x makes its own data: leave out --data"):
            plain.run(data=Path("d"))
        with pytest.raises(SpecError, match="seeds = 0"):
            plain.run(0)

    def test_unknown_name(self) -> None:
        with pytest.raises(UnknownNameError, match="no study is called 'nothing'"):
            study_named("nothing")
