"""``render.py trace``."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from torch import nn

from render import main
from topo_core.trace import Trace


@pytest.fixture
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOPO_MEDIA", str(tmp_path / "media"))
    torch.manual_seed(0)
    torch.save(nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2)).state_dict(), "w.pt")
    points = np.random.default_rng(0).standard_normal((8, 2))
    Path("p.csv").write_text("\n".join(f"{x},{y},{'ab'[k % 2]}" for k, (x, y) in enumerate(points)))


@pytest.mark.usefixtures("_files")
class TestTrace:
    def test_it_makes_a_trace(self) -> None:
        arguments = ["trace", "w.pt", "--data", "p.csv", "--network", "2-3:relu-2"]
        run = CliRunner().invoke(main, [*arguments, "-o", "mine.npz"])
        assert run.exit_code == 0, run.output
        assert "Trace: mine.npz" in run.output
        trace = Trace.load("mine.npz")
        assert str(trace.spec) == "2-3:relu"
        run = CliRunner().invoke(main, [*arguments, "--json"])
        made = json.loads(run.output)
        assert made["hash"] == trace.hash
        assert Path(made["path"]).parent.name == "traces"
        run = CliRunner().invoke(main, ["inspect", "mine.npz"])
        assert "w, network 2-3:relu" in run.output
        assert "restarts" not in run.output

    def test_what_is_wrong_is_one_line(self) -> None:
        torch.save(nn.Sequential(nn.Linear(2, 2)), "whole.pt")
        run = CliRunner().invoke(main, ["trace", "whole.pt", "--data", "p.csv"])
        assert run.exit_code == 1
        assert "whole.pt: holds a whole pickled module" in run.output
        assert CliRunner().invoke(main, ["trace", "w.pt", "--data", "p.csv"]).exit_code == 2
        assert CliRunner().invoke(main, ["trace", "w.pt", "--data", "p.csv", "-o", "a.mp4"]).exit_code == 2
