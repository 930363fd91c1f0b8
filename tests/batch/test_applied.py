"""Parameters on experiments: what they change, and what an experiment cannot have."""

from typing import Any

import pytest

from batch.applied import applied, facts
from batch.problems import NotApplicable
from topo_core.datasets import Spirals
from topo_core.experiments import experiment_named


@pytest.mark.parametrize(
    ("name", "parameters", "network"),
    [
        ("spirals", {"width": 3}, "2-3-3-3-3"),
        ("spirals", {"depth": 2}, "2-2-2"),
        ("spirals", {"width": 3, "depth": 1, "activation": "relu"}, "2-3:relu"),
        ("spirals", {"depth": 0}, "2"),
        ("spirals", {"activation": "sigmoid"}, "2-2:sigmoid-2:sigmoid-2:sigmoid-2:sigmoid"),
        ("curves-linear", {"width": 2, "depth": 1}, "2-2"),
        ("digits-softmax", {"width": 9}, "64-9:relu-9:relu-9:linear"),
        ("digits-softmax", {"activation": "tanh"}, "64-60-40-2"),
        ("field-spirals", {"depth": 3}, "2-2:flow*3"),
        ("spirals", {"network": "2-5:relu-2"}, "2-5:relu-2"),
    ],
)
def test_layers(name: str, parameters: dict[str, Any], network: str) -> None:
    assert str(applied(experiment_named(name), parameters).network) == network


def test_other_parameters() -> None:
    changed = applied(experiment_named("spirals"), {"turns": 0.25, "seed": 5, "restarts": 3, "steps": 7})
    assert isinstance(changed.dataset, Spirals)
    assert (changed.dataset.turns, changed.seed) == (0.25, 5)
    assert (changed.recipe.restarts, changed.recipe.steps) == (3, 7)
    assert changed.key != experiment_named("spirals").key
    assert applied(changed, {}) is changed
    assert applied(experiment_named("spirals"), {"turns": 0.75, "width": 2}) == experiment_named("spirals")


@pytest.mark.parametrize(
    ("name", "parameters", "wrong"),
    [
        ("annulus", {"turns": 1.0}, {"turns": "which have no turns"}),
        ("spirals", {"turns": 101.0, "width": 0}, {"turns": "at most 100", "width": "not between 1 and"}),
        ("curves-linear", {"depth": 2}, {"depth": "give width, too"}),
        ("digits-softmax", {"depth": 2}, {"depth": "no common width"}),
        ("digits-softmax", {"restarts": 2, "steps": 3}, {"restarts": "leave out", "steps": "leave out"}),
        ("unlink", {"width": 3, "restarts": 2, "steps": 1, "network": "3-3"}, dict.fromkeys(
            ("width", "restarts", "steps", "network"), "is not trained")),
        ("field-spirals", {"width": 3}, {"width": "must keep the dimension"}),
        ("spirals", {"activation": "rellu"}, {"activation": "did you mean relu"}),
        ("spirals", {"network": "3-2"}, {"network": "takes 3 inputs"}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_for_each_parameter(
    name: str, parameters: dict[str, Any], wrong: dict[str, str]
) -> None:
    with pytest.raises(NotApplicable) as error:
        applied(experiment_named(name), parameters)
    found = dict(error.value.wrong)
    assert found.keys() == wrong.keys()
    assert all(part in found[name] for name, part in wrong.items())


def test_facts() -> None:
    assert facts(experiment_named("spirals")) == {
        **{"network": "2-2-2-2-2", "depth": 4, "width": 2, "activation": "tanh"},
        **{"seed": 0, "turns": 0.75, "restarts": 16, "steps": 5000},
    }
    assert facts(experiment_named("digits-softmax")).keys() == {"network", "depth", "seed"}
