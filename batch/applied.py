"""An experiment with the parameters of a job: another width, depth, activation, number of turns, seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from batch.problems import NotApplicable
from topo_core.errors import SpecError, TopoError
from topo_core.experiments import Experiment
from topo_core.spec import DEFAULT_ACTIVATION, NetworkSpec

#: Parameters that make the architecture, together.
_LAYERS = ("width", "depth", "activation")


def applied(experiment: Experiment, parameters: Mapping[str, Any]) -> Experiment:
    """The experiment with these parameters (``manifest.TRAINING``); its name stays, its key changes.

    Raises
    ------
    NotApplicable
        With every parameter that it cannot have, and why.
    """
    wrong: list[tuple[str, str]] = []
    for names, change in _CHANGES:
        given = {name: parameters[name] for name in names if name in parameters}
        if given:
            try:
                experiment = change(experiment, given)
            except TopoError as error:
                wrong.append((next(iter(given)), str(error)))
    if wrong:
        raise NotApplicable(wrong)
    return experiment


def facts(experiment: Experiment) -> dict[str, Any]:
    """What an experiment's parameters are, those that it has: for names and reports."""
    network = experiment.network
    found: dict[str, Any] = {
        "network": str(network),
        "depth": network.n_layers,
        "seed": experiment.seed,
        "turns": getattr(experiment.dataset, "turns", None),
    }
    if len(set(network.widths[1:])) == 1:
        found["width"] = network.widths[1]
    if len(set(network.activations)) == 1:
        found["activation"] = network.activations[0]
    if experiment.unlinking is None and experiment.fitting is None:
        found |= {"restarts": experiment.recipe.restarts, "steps": experiment.recipe.steps}
    return {name: value for name, value in found.items() if value is not None}


def _network(experiment: Experiment, given: Mapping[str, Any]) -> Experiment:
    _trained(experiment)
    return replace(experiment, network=NetworkSpec.parse(given["network"]))


def _layers(experiment: Experiment, given: Mapping[str, Any]) -> Experiment:
    """Hidden layers that are all alike, where they are given; otherwise as they were."""
    _trained(experiment)
    widths, activations = experiment.network.widths[1:], experiment.network.activations
    depth = given.get("depth", len(widths))
    if "width" in given:
        widths = (given["width"],) * depth
    elif len(widths) != depth:
        widths = (_common(experiment, "width", widths),) * depth
    if "activation" in given:
        activations = (given["activation"],) * depth
    elif len(activations) != depth:
        activations = (_common(experiment, "activation", activations or (DEFAULT_ACTIVATION,)),) * depth
    return replace(experiment, network=NetworkSpec((experiment.network.widths[0], *widths), activations))


def _common(experiment: Experiment, what: str, values: tuple[Any, ...]) -> Any:
    if len(set(values)) != 1:
        raise SpecError(
            f"the layers of {experiment.name} ({experiment.network}) have no common {what}: give {what}, too"
        )
    return values[0]


def _turns(experiment: Experiment, given: Mapping[str, Any]) -> Experiment:
    dataset: Any = experiment.dataset
    if "turns" not in {field.name for field in fields(dataset)}:
        raise SpecError(
            f"the data of {experiment.name} are {dataset.name!r}, which have no turns: leave them out"
        )
    return replace(experiment, dataset=replace(dataset, turns=given["turns"]))


def _seed(experiment: Experiment, given: Mapping[str, Any]) -> Experiment:
    return experiment.with_options(seed=given["seed"])


def _restarts(experiment: Experiment, given: Mapping[str, Any]) -> Experiment:
    return experiment.with_options(restarts=given["restarts"])


def _steps(experiment: Experiment, given: Mapping[str, Any]) -> Experiment:
    _trained(experiment)
    if experiment.fitting is not None:
        raise SpecError(f"{experiment.name} is trained in mini-batches, by its own schedule: leave out steps")
    return replace(experiment, recipe=replace(experiment.recipe, steps=given["steps"]))


def _trained(experiment: Experiment) -> None:
    if experiment.unlinking is not None:
        raise SpecError(f"{experiment.name} is not trained and has no network to choose: leave it out")


_Change = Callable[[Experiment, Mapping[str, Any]], Experiment]
_CHANGES: tuple[tuple[tuple[str, ...], _Change], ...] = (
    (("network",), _network),
    (_LAYERS, _layers),
    (("turns",), _turns),
    (("seed",), _seed),
    (("restarts",), _restarts),
    (("steps",), _steps),
)
