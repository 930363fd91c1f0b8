"""Traces as files: their hash, their bytes, and the way back."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.topo_core.example_traces import (
    FLOW_NETWORKS,
    NETWORKS,
    example_trace,
    random_disc,
    trace_fields,
    user_points,
)
from topo_core.datasets import Dataset, Spirals
from topo_core.errors import TraceError
from topo_core.spec import MAX_LAYERS, NetworkSpec
from topo_core.trace import Trace
from topo_core.trace_io import MAX_DEPTH


class TestHash:
    def test_it_is_that_of_the_content(self) -> None:
        assert example_trace() == example_trace()
        assert hash(example_trace()) == hash(example_trace())
        assert example_trace() != example_trace(seed=1)
        assert example_trace() != "a trace"

    @pytest.mark.parametrize(
        "change",
        [
            {"outcome": {}},
            {"certificate": {"proven": True}},
            {"swaps": (None, None)},
            {"steps": np.array([0, 1, 2])},
            {"dataset": Spirals(n_per_class=9)},
            {"spec": NetworkSpec.parse("2-2-2:sigmoid")},
            {"losses": np.nextafter(trace_fields("2-2-2")["losses"], 2)},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_any_change_changes_it(self, change: dict[str, Any]) -> None:
        trace = example_trace("2-2-2")
        assert replace(trace, **change).hash != trace.hash

    def test_key_order_does_not(self) -> None:
        trace = example_trace()
        turned = replace(trace, outcome=dict(reversed(trace.outcome.items())))
        assert list(turned.outcome) == sorted(turned.outcome)
        assert turned.hash == trace.hash

    def test_it_is_the_same_in_another_process(self) -> None:
        code = (
            "from tests.topo_core.example_traces import example_trace as e;"
            "print(e('3-3-2').hash, e('1-1').hash)"
        )
        root = Path(__file__).parents[2]
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
        )
        assert run.stdout.split() == [example_trace("3-3-2").hash, example_trace("1-1").hash]


class TestFiles:
    @pytest.mark.parametrize("network", NETWORKS + FLOW_NETWORKS)
    def test_round_trip(self, network: str, tmp_path: Path) -> None:
        trace = example_trace(network)
        trace.save(tmp_path / "a.npz")
        loaded = Trace.load(tmp_path / "a.npz")
        assert loaded == trace
        assert loaded.dataset == trace.dataset
        assert loaded.spec == trace.spec
        assert loaded.swaps == trace.swaps
        assert loaded.outcome == trace.outcome
        assert loaded.provenance == trace.provenance
        for ours, theirs in zip(trace.weights, loaded.weights, strict=True):
            np.testing.assert_array_equal(ours, theirs)
        x = trace.dataset.points
        np.testing.assert_array_equal(loaded.logits(x), trace.logits(x))

    @pytest.mark.parametrize("dataset", [random_disc(), Spirals(n_per_class=5, turns=1.25)])
    def test_the_dataset_comes_back(self, dataset: Dataset, tmp_path: Path) -> None:
        example_trace("2-2", dataset=dataset).save(tmp_path / "a.npz")
        loaded = Trace.load(tmp_path / "a.npz").dataset
        assert loaded == dataset
        np.testing.assert_array_equal(loaded.points, dataset.points)

    def test_user_points_come_back(self, tmp_path: Path) -> None:
        example_trace("3-3", dataset=user_points()).save(tmp_path / "a.npz")
        loaded = Trace.load(tmp_path / "a.npz").dataset
        assert loaded.describe() == user_points().describe()
        np.testing.assert_array_equal(loaded.points, user_points().points)
        np.testing.assert_array_equal(loaded.labels, user_points().labels)

    def test_the_same_trace_gives_the_same_bytes(self, tmp_path: Path) -> None:
        example_trace().save(tmp_path / "a.npz")
        example_trace().save(tmp_path / "b.npz")
        Trace.load(tmp_path / "a.npz").save(str(tmp_path / "c.npz"))
        contents = {path.read_bytes() for path in tmp_path.iterdir()}
        assert len(contents) == 1
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npz", "b.npz", "c.npz"]

    def test_numpy_reads_it_too(self, tmp_path: Path) -> None:
        trace = example_trace("2-2")
        trace.save(tmp_path / "a.npz")
        with np.load(tmp_path / "a.npz", allow_pickle=False) as file:
            assert bytes(file["header"]).startswith(b'{"certificate":')
            np.testing.assert_array_equal(file["weight_1"], trace.weights[0])
            np.testing.assert_array_equal(file["points"], trace.dataset.points)

    def test_saving_replaces(self, tmp_path: Path) -> None:
        path = tmp_path / "a.npz"
        path.write_text("old")
        example_trace().save(path)
        assert Trace.load(path) == example_trace()
        (tmp_path / "plain").touch()
        assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode

    def test_a_failed_save_leaves_the_old_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "a.npz"
        path.write_text("old")

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("topo_core.trace_io.os.fsync", full)
        with pytest.raises(TraceError, match="No space left on device"):
            example_trace().save(path)
        assert path.read_text() == "old"
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize("name", ["missing/a.npz", "file/a.npz", "folder", "a\0.npz", ""])
    def test_places_that_cannot_be_written(
        self, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "file").touch()
        (tmp_path / "folder").mkdir()
        with pytest.raises(TraceError, match="cannot be written"):
            example_trace().save(name)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]

    def test_the_deepest_json_can_be_read_again(self, tmp_path: Path) -> None:
        deepest: dict[str, Any] = {}
        for _ in range(MAX_DEPTH - 1):
            deepest = {"a": deepest}
        trace = replace(example_trace(), certificate={"a": deepest})
        trace.save(tmp_path / "a.npz")
        assert Trace.load(tmp_path / "a.npz") == trace
        with pytest.raises(TraceError, match="levels deep"):
            replace(trace, certificate={"a": {"a": deepest}})

    def test_the_deepest_network_can_be_read_again(self, tmp_path: Path) -> None:
        trace = example_trace("2" + "-1" * MAX_LAYERS, snapshots=1)
        trace.save(tmp_path / "a.npz")
        assert Trace.load(tmp_path / "a.npz") == trace

    def test_a_header_that_could_not_be_read_again_is_not_written(self, tmp_path: Path) -> None:
        trace = replace(example_trace(), certificate={"a": "x" * 9_000_000})
        with pytest.raises(TraceError, match="record less"):
            trace.save(tmp_path / "a.npz")
        assert not list(tmp_path.iterdir())

    def test_too_much_is_not_written(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("topo_core.trace_io.MAX_BYTES", 5000)
        with pytest.raises(TraceError, match="keep fewer snapshots"):
            example_trace().save(tmp_path / "a.npz")
        assert not list(tmp_path.iterdir())

    @given(st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20))
    def test_json_keeps_every_number_and_text(self, number: float, text: str) -> None:
        outcome = {"x": number, "y": [text, None, True, -(2**70)]}
        trace = replace(example_trace("2"), outcome=outcome)
        assert trace.outcome == outcome
        assert replace(trace).hash == trace.hash
