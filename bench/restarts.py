"""What 64 restarts of the spiral network cost, compared with one."""

from __future__ import annotations

import time
from dataclasses import replace

from topo_core.experiments import Experiment, experiment_named
from topo_core.training import train

GOAL = 3.0


def _time(experiment: Experiment) -> float:
    began = time.perf_counter()
    train(experiment)
    return time.perf_counter() - began


def run() -> None:
    """Print the ratio of the shortest of three runs each, interleaved."""
    spirals = experiment_named("spirals")
    short = replace(spirals, recipe=replace(spirals.recipe, steps=1500))
    one, many = short.with_options(restarts=1), short.with_options(restarts=64)
    _time(one)  # warm up
    pairs = [(_time(one), _time(many)) for _ in range(3)]
    single, batch = min(p[0] for p in pairs), min(p[1] for p in pairs)
    print(f"1 restart {single:.2f} s, 64 restarts {batch:.2f} s for {short.recipe.steps} steps")
    print(f"ratio: {batch / single:.2f} (goal: at most {GOAL:.0f})")
