"""The manual's page on your own network: its code runs, in order."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.scenes.pictures import stills
from topo_core.certificates import certified
from topo_core.trace import Trace

PAGE = Path(__file__).parents[2] / "docs" / "your-network.md"


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "example"}
    for code in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        exec(compile(code, str(PAGE), "exec"), names)
    trace = Trace.load("ring.npz")
    assert trace == certified(names["trace"])
    assert trace.n_snapshots == 6
    assert trace.dataset.class_names == ("disc", "ring")
    assert trace.outcome["accuracy"] > 0.95
    for scene in ("Mine", "InSpace"):
        pictures = [still.frame for still in stills(names[scene], trace)]
        assert pictures[-1][..., :3].max() > 150
