"""Experiments on layers of vector fields (essay, "Neural Network Layers for Manipulating Manifolds")."""

from __future__ import annotations

from topo_core.continuous.recipe import ContinuousTime
from topo_core.datasets import Spirals
from topo_core.experiment import Experiment
from topo_core.recipe import Recipe, VectorFields
from topo_core.spec import NetworkSpec

#: Short and of few terms, from few restarts: many layers help more than many terms do.
_FIELDS = Recipe(restarts=8, steps=400, decay=0.0, snapshots=60, batch=256)

_CONTINUOUS = Recipe(
    restarts=4,
    steps=300,
    learning_rate=0.05,
    decay=0.0,
    snapshots=30,
    batch=128,
    fields=VectorFields(terms=24),
)


def _fields(turns: float, layers: int) -> Experiment:
    return Experiment(
        "field-spirals" if turns == 1 else f"field-spirals-{turns:g}",
        f"Two spirals of {turns:g} turn{'s' * (turns > 1)}, {layers} layers of vector fields",
        Spirals(turns=turns, n_per_class=500),
        NetworkSpec.parse(f"2-2:flow*{layers}"),
        _FIELDS,
        claim="Layers of two units that move the plane along fields separate them, and fold nothing.",
    )


FIELD_EXPERIMENTS = (
    _fields(1.0, 16),
    _fields(1.5, 40),
    _fields(2.0, 40),
    Experiment(
        "field-spirals-ode",
        "Two spirals of 1 turn, one vector field in continuous time",
        Spirals(turns=1.0, n_per_class=500),
        NetworkSpec.parse("2-2:flow"),
        _CONTINUOUS,
        claim="A field that changes in time carries them apart; the trace has it in small steps.",
        continuous=ContinuousTime(),
    ),
)
