"""The study of contractive penalties, made small."""

from dataclasses import replace
from pathlib import Path

import pytest

from topo_core import easy_way_out
from topo_core.experiments import experiment_named
from topo_core.studies import study_named
from topo_core.topology.stretch import stretch
from topo_core.training import train

PLAIN = experiment_named("annulus-depth-4")
SMALL = replace(PLAIN, recipe=replace(PLAIN.recipe, steps=40, restarts=1))


def test_every_penalty_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPO_MEDIA", str(tmp_path))
    monkeypatch.setattr(easy_way_out, "experiment_named", lambda name: SMALL)
    found = study_named("contractive").run(1)
    settings = [tuple(row.settings.values()) for row in found.rows]
    assert settings[:5] == [("nothing", 0.0), *(("logit", s) for s in (1e-4, 1e-3, 1e-2, 1e-1))]
    assert ("representation", 0.03) in settings
    trace = train(replace(SMALL, recipe=replace(SMALL.recipe, penalty="logit", penalty_strength=1e-2)))
    run = found.rows[3].runs[0].measured
    assert run["accuracy"] == 100 * trace.outcome["accuracy"]
    assert run["largest logit gradient"] == stretch(trace).largest_logit_gradient
    assert run["norm of readout"] == stretch(trace).readout_norm
