"""State dicts and checkpoint files as plain numbers: weights without the code that computes with them.

Files are read with ``weights_only``: no code in them runs, whoever wrote them.
"""

from __future__ import annotations

import copy
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from topo_core.activations import ACTIVATIONS
from topo_core.datasets.tables import content_of
from topo_core.errors import DataError, SpecError, shown
from topo_core.plain_modules import Plain, plain_module
from topo_core.spec import FLOW, MAX_WIDTH, NetworkSpec

#: Keys under which checkpoints commonly keep a state dict, and their step.
_STATES, _STEPS = ("state_dict", "model_state_dict", "model"), ("step", "epoch")
#: The most that a file may unpack to.
_MAX_BYTES = 512 * 2**20
_SAVE = "save its weights instead, torch.save(model.state_dict(), 'weights.pt')"
_HOW = "and say with --network which layers they are of, for example --network 2-16:relu-16:relu-3"


def plain_state(
    state: Mapping[str, Any], network: str | nn.Sequential | None, where: str = "state dict"
) -> Plain:
    """The network with the weights of a state dict.

    Parameters
    ----------
    state
        Tensors by name. Without a module the matrices, in their order, are the layers; their names do not
        matter, but the bias of ``NAME.weight`` is ``NAME.bias``.
    network
        The architecture: a module that they fit, or text such as ``"2-16:relu-16:relu-3"``. The last width
        is the readout's, which may be left out as in ``train``.
    where
        What messages call it.

    Raises
    ------
    SpecError
        When they do not fit, or no architecture is given.
    """
    if isinstance(network, nn.Module):
        return plain_module(_filled(network, state, where))
    layers = list(_matrices(state, where))
    if network is None:
        example = _example([tuple(weight.shape) for _, weight, _ in layers])
        raise SpecError(
            f"{where} holds weights only: say which layers they are of, for example with network {example} "
            "if the activations are tanh"
        )
    spec = _spec(network, len(layers))
    outputs = (*spec.widths[1:], None)
    for (name, weight, _), n, m in zip(layers, spec.widths, outputs, strict=True):
        if weight.shape[1] != n or (m is not None and weight.shape[0] != m):
            rows = "any number of" if m is None else m
            raise SpecError(
                f"{where}: {shown(name)} has the shape {tuple(weight.shape)}, but network {shown(network)} "
                f"needs {rows} rows and {n} columns there"
            )
    return Plain(
        tuple(weight.double().numpy().copy() for _, weight, _ in layers),
        tuple(
            np.zeros(len(weight)) if bias is None else bias.double().numpy().copy()
            for _, weight, bias in layers
        ),
        spec.activations,
    )


def _spec(network: str, matrices: int) -> NetworkSpec:
    """The hidden layers of an architecture that may name the readout too."""
    spec = NetworkSpec.parse(network)
    readout_named = matrices == spec.n_layers
    if readout_named and ":" in network.rsplit("-", 1)[-1]:
        raise SpecError(
            f"network {shown(network)}: its last layer is the readout, which has no activation: give its "
            "width alone"
        )
    if FLOW in spec.activations or not (readout_named or matrices == spec.n_layers + 1):
        raise SpecError(
            f"network {shown(network)} does not fit {matrices} weight matrices: give the width of the input "
            f"and of each of them, for example {_example([(2, 2)] * matrices)}"
        )
    if not readout_named:
        return spec
    return NetworkSpec(spec.widths[:-1], spec.activations[:-1])


def _example(shapes: Sequence[tuple[int, ...]]) -> str:
    """An architecture that weights of these shapes ``(out, in)`` fit."""
    return "-".join(str(width) for width in (shapes[0][1], *(shape[0] for shape in shapes)))


def _matrices(state: Mapping[str, Any], where: str) -> Iterator[tuple[str, Tensor, Tensor | None]]:
    """Name, weight and bias of each layer in a state dict."""
    used: set[str] = set()
    for name, value in state.items():
        if not isinstance(value, Tensor) or value.ndim != 2:
            continue
        if not value.is_floating_point() or not 1 <= min(value.shape) <= max(value.shape) <= MAX_WIDTH:
            raise SpecError(f"{where}: {shown(name)} has the shape {tuple(value.shape)}, which no layer has")
        stem = re.sub(r"weight$", "", name)
        bias = state.get(f"{stem}bias") if stem != name else None
        if isinstance(bias, Tensor) and bias.shape != value.shape[:1]:
            raise SpecError(f"{where}: {shown(stem + 'bias')} does not fit {shown(name)}")
        used |= {name, f"{stem}bias"}
        yield name, value.detach().cpu(), bias.detach().cpu() if isinstance(bias, Tensor) else None
    if not used:
        raise SpecError(f"{where} holds no weight matrices: give the state dict of a network")
    for name in state:
        if name not in used:
            raise SpecError(
                f"{where}: {shown(name)} belongs to no linear layer; build the network in Python and use "
                "topo_core.from_torch.trace_of, with network=model"
            )


def _filled(model: nn.Module, state: Mapping[str, Any], where: str) -> nn.Module:
    """A copy of a module with these weights, in evaluation mode."""
    filled = copy.deepcopy(model).eval()
    try:
        filled.load_state_dict(dict(state))
    except (RuntimeError, TypeError) as error:
        reason = " ".join(str(error).split())
        raise SpecError(f"{where} does not fit the module: {reason[:200]}") from None
    return filled


# -- files ---------------------------------------------------------------------------------------------


def read_checkpoints(paths: Sequence[Path], network: str | None) -> tuple[list[Plain], list[int] | None]:
    """Networks from files, and their steps where every one notes its own.

    Each file holds a state dict, a list of them, or a dict with one under ``"state_dict"``,
    ``"model_state_dict"`` or ``"model"``, beside which ``"network"`` may name the architecture and ``"step"``
    or ``"epoch"`` the time.

    Raises
    ------
    DataError
        When a file is missing, damaged, or holds anything else, such as a whole pickled module.
    SpecError
        When weights do not fit the architecture.
    """
    found: list[Plain] = []
    steps: list[object] = []
    for path in paths:
        content = _load(path)
        for item in content if isinstance(content, list | tuple) else [content]:
            state, named, step = _parts(path, item)
            chosen = network or named
            if chosen is None:
                example = _example([tuple(weight.shape) for _, weight, _ in _matrices(state, str(path))])
                raise SpecError(
                    f"{path} holds weights only: say which layers they are of, --network {example} with the "
                    f"activations after a colon ({', '.join(ACTIVATIONS)}; tanh if none)"
                )
            found.append(plain_state(state, chosen, str(path)))
            steps.append(step)
    if not found:
        raise DataError(f"{paths[0]}: holds no checkpoints; {_SAVE}, {_HOW}")
    known = [step for step in steps if isinstance(step, int) and not isinstance(step, bool) and step >= 0]
    increasing = len(known) == len(steps) and all(a < b for a, b in pairwise(known))
    return found, known if increasing else None


def _parts(path: Path, item: object) -> tuple[Mapping[str, Any], str | None, object]:
    """The state dict of a checkpoint, its architecture if it is noted, and its step."""
    network, step = None, None
    if isinstance(item, Mapping):
        network = item.get("network")
        step = next((item[key] for key in _STEPS if key in item), None)
        item = next((item[key] for key in _STATES if isinstance(item.get(key), Mapping)), item)
    tensors = isinstance(item, Mapping) and all(isinstance(name, str) for name in item)
    if not tensors or not any(isinstance(value, Tensor) for value in item.values()):  # type: ignore[attr-defined]
        raise DataError(f"{path}: holds no state dict; {_SAVE}, {_HOW}")
    return item, network if isinstance(network, str) else None, step  # type: ignore[return-value]


def _load(path: Path) -> Any:
    """What a file holds, without running any code of it."""
    content = content_of(path, "PyTorch")
    try:
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                if sum(info.file_size for info in archive.infolist()) > _MAX_BYTES:
                    raise DataError(
                        f"{path}: unpacks to more than {_MAX_BYTES} bytes; give a smaller network"
                    )
                if any(Path(info.filename).name == "constants.pkl" for info in archive.infolist()):
                    raise DataError(f"{path}: holds TorchScript, which is code; {_SAVE}, {_HOW}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except DataError:
        raise
    except Exception as error:  # damaged and hostile bytes make it raise a dozen kinds
        if "weights" in str(error).lower() and "only" in str(error).lower():
            raise DataError(
                f"{path}: holds a whole pickled module, or other objects whose loading could run code; "
                f"{_SAVE}, {_HOW}"
            ) from None
        raise DataError(
            f"{path}: is no file that torch.save wrote ({type(error).__name__}); {_SAVE}, {_HOW}"
        ) from None
