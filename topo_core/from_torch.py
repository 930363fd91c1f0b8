"""Your own network as a trace: a ``torch.nn.Sequential``, or its checkpoints, with the points it classifies.

Only what its modules compute in evaluation is taken over, in float64: weights, biases, activations. Batch
normalisation is then an affine map, and becomes part of the linear module next to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from topo_core import __version__
from topo_core.certificates import certified
from topo_core.datasets import UserPoints, load_points
from topo_core.datasets.user import classes
from topo_core.errors import DataError, SpecError, shown
from topo_core.plain_modules import Plain, plain_module
from topo_core.plain_states import plain_state, read_checkpoints
from topo_core.separation import separation
from topo_core.spec import NetworkSpec
from topo_core.swaps import swap_in_all
from topo_core.trace import Trace

__all__ = ["dataset_of", "trace_of", "trace_of_files", "trace_of_plain"]

FloatArray = NDArray[np.float64]
#: A network, or the weights of one.
Checkpoint = nn.Sequential | Mapping[str, Tensor]


def trace_of(
    model: Checkpoint | Sequence[Checkpoint],
    points: ArrayLike | Tensor,
    labels: ArrayLike | Tensor | Sequence[str],
    *,
    network: str | nn.Sequential | None = None,
    steps: Sequence[int] | None = None,
    class_names: Sequence[str] = (),
    title: str = "Your own network",
) -> Trace:
    """Export a network of your own, for every scene that takes a trace.

    Parameters
    ----------
    model
        A ``torch.nn.Sequential`` of supported modules (``plain_modules.SUPPORTED``) in evaluation mode whose
        last one is the ``Linear`` that gives the logits; or a state dict; or a list of either, the
        checkpoints of one training in their order, which become the trace's snapshots.
    points, labels
        ``(n, d)`` and ``(n,)``: what it classifies. Labels are whole numbers or names; output k of the
        network stands for the k-th of them in sorted order.
    network
        For state dicts: the architecture, as text (``"2-16:relu-16:relu-3"``, the readout last) or as a
        module that the weights fit.
    steps
        Training steps of the checkpoints, increasing; by default 0, 1, 2, ...
    class_names
        The labels in the order of the outputs, where that is not the sorted one.
    title
        What scenes call it.

    Returns
    -------
    Trace
        With loss, accuracy and separation as measured at the points, and without a certificate
        (``topo_core.certificates.certified`` adds one). A network with one output, for two classes, gets a
        logit that is always 0 for the first.

    Raises
    ------
    SpecError
        For an unsupported module, in training mode, or weights that do not fit the architecture.
    DataError, TraceError
        For points and labels that do not fit each other or the network.
    """
    several = isinstance(model, Sequence) and not isinstance(model, nn.Module)
    checkpoints: Sequence[Checkpoint] = model if several else [model]  # type: ignore[assignment, list-item]
    if not checkpoints:
        raise SpecError("no checkpoints: give one or more")
    plain = [_plain(checkpoint, network) for checkpoint in checkpoints]
    dataset = dataset_of(points, labels, class_names, title)
    return trace_of_plain(plain, dataset, steps=steps, title=title)


def dataset_of(
    points: ArrayLike | Tensor,
    labels: ArrayLike | Tensor | Sequence[str],
    class_names: Sequence[str] = (),
    source: str = "points",
) -> UserPoints:
    """Labelled points ``(n, d)``, with the classes in the order of ``class_names`` or else sorted.

    Raises
    ------
    DataError
        When they do not fit each other, or a label is none of the names.
    """
    texts = [str(label) for label in _array(labels).ravel().tolist()]
    names, index = classes(set(texts))
    if class_names:
        names = tuple(str(name) for name in class_names)
        index = {name: k for k, name in enumerate(names)}
        strange = sorted(set(texts) - set(names))
        if strange:
            raise DataError(f"label {shown(strange[0])} is none of class_names; name every class")
    return UserPoints(_array(points), np.array([index[text] for text in texts], np.int64), names, source)


def trace_of_plain(
    checkpoints: Sequence[Plain],
    dataset: UserPoints,
    *,
    steps: Sequence[int] | None = None,
    title: str = "Your own network",
) -> Trace:
    """A trace of networks as plain numbers, the snapshots of one training; see ``trace_of``."""
    first = checkpoints[0]
    for k, other in enumerate(checkpoints):
        if str(other.spec) != str(first.spec) or other.outputs != first.outputs:
            raise SpecError(
                f"checkpoint {k} is a network {other.spec} with {other.outputs} outputs, the first one "
                f"{first.spec} with {first.outputs}: give checkpoints of one network"
            )
    checkpoints = [checkpoint.with_two_outputs() for checkpoint in checkpoints]
    _check_fit(checkpoints[0], dataset)
    weights = [np.stack(parts) for parts in zip(*(c.weights for c in checkpoints), strict=True)]
    biases = [np.stack(parts) for parts in zip(*(c.biases for c in checkpoints), strict=True)]
    swaps = swap_in_all(weights, biases)
    given = range(len(checkpoints)) if steps is None else steps
    fields = _Fields(dataset, first.spec, weights, biases, swaps, np.array(given, np.int64), title)
    return _measured(fields)


def trace_of_files(models: Sequence[Path], data: Path, network: str | None = None) -> Trace:
    """The trace, with its certificate, of a network in files, and of a file of points.

    Parameters
    ----------
    models
        Weights as ``torch.save`` writes them (``plain_states.read_checkpoints``): one file, or the
        checkpoints of a training in their order.
    data
        Points and labels, CSV or NPZ (``datasets.load_points``).
    network
        The architecture, unless the files name it: ``"2-16:relu-16:relu-3"``.

    Raises
    ------
    DataError, SpecError
        When a file is not as it should be, or they do not fit each other.
    """
    dataset = load_points(data)
    checkpoints, steps = read_checkpoints(models, network)
    name = models[-1].stem
    return certified(trace_of_plain(checkpoints, dataset, steps=steps, title=name))


class _Fields:
    """What a trace of a user's network consists of, before anything is measured."""

    def __init__(
        self,
        dataset: UserPoints,
        spec: NetworkSpec,
        weights: list[FloatArray],
        biases: list[FloatArray],
        swaps: tuple[tuple[int, int] | None, ...],
        steps: NDArray[np.int64],
        title: str,
    ) -> None:
        self.dataset, self.weights = dataset, weights
        self.fixed: dict[str, Any] = {
            "dataset": dataset,
            "spec": spec,
            "weights": tuple(weights[:-1]),
            "biases": tuple(biases[:-1]),
            "readout_weight": weights[-1],
            "readout_bias": biases[-1],
            "steps": steps,
            "swaps": swaps,
            "certificate": {},
            "provenance": {
                "experiment": title,
                "title": title,
                "made_from": "torch.nn.Sequential",
                "versions": {"neural-topology": __version__, "torch": str(torch.__version__)},
            },
        }

    def trace(self, losses: FloatArray, accuracies: FloatArray, outcome: dict[str, Any]) -> Trace:
        """The trace with these measurements."""
        return Trace(**self.fixed, losses=losses, accuracies=accuracies, outcome=outcome)


def _measured(fields: _Fields) -> Trace:
    """The trace, with what is measured of every snapshot at the points."""
    points, labels = fields.dataset.points, fields.dataset.labels
    count = len(fields.weights[-1])
    bare = fields.trace(np.zeros(count), np.zeros(count), {})
    logits = [bare.logits(points, s) for s in range(count)]
    judged = [separation(z, labels, fields.weights[-1][s]) for s, z in enumerate(logits)]
    last = judged[-1]
    outcome = {
        "separated": last.separated,
        "accuracy": last.accuracy,
        "majority_rate": fields.dataset.majority_rate,
        "margin": last.margin if np.isfinite(last.margin) else None,
        "wrong": last.wrong,
        "dense_points": last.points,
    }
    losses = np.array([_cross_entropy(z, labels) for z in logits])
    return fields.trace(losses, np.array([one.accuracy for one in judged]), outcome)


def _cross_entropy(logits: FloatArray, labels: NDArray[np.int64]) -> float:
    """Mean over the points."""
    top = logits.max(axis=1)
    total = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
    return float((total - logits[np.arange(len(labels)), labels]).mean())


def _check_fit(network: Plain, dataset: UserPoints) -> None:
    if network.spec.widths[0] != dataset.dimension:
        raise SpecError(
            f"the network takes {network.spec.widths[0]} inputs, but the points have {dataset.dimension} "
            "coordinates: give the points that it was trained on"
        )
    if network.outputs != dataset.n_classes:
        raise SpecError(
            f"the network tells {network.outputs} classes apart, but the labels name {dataset.n_classes}: "
            "give points of every class, and no other"
        )


def _plain(checkpoint: Checkpoint, network: str | nn.Sequential | None) -> Plain:
    if isinstance(checkpoint, nn.Module):
        return plain_module(checkpoint)
    if not isinstance(checkpoint, Mapping):
        raise SpecError(
            f"{type(checkpoint).__name__} is no network: give torch.nn.Sequential or a state dict, or a list"
        )
    return plain_state(checkpoint, network)


def _array(values: ArrayLike | Tensor | Iterable[str]) -> NDArray[Any]:
    if isinstance(values, Tensor):
        return np.asarray(values.detach().cpu())
    return np.asarray(values)
