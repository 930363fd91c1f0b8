"""Trace files made by hand, valid or not, for tests."""

import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from tests.topo_core.example_traces import example_trace
from topo_core import trace_io
from topo_core.errors import TraceError
from topo_core.trace import Trace
from topo_core.trace_parts import take_apart

Members = dict[str, bytes]

shared = settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def npy(array: Any) -> bytes:
    """An array as ``numpy.save`` writes it, pickled if need be."""
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(array), allow_pickle=True)
    return buffer.getvalue()


def npy_claiming(header: str, data: bytes = b"") -> bytes:
    """An ``.npy`` member with any header text."""
    text = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


def archive(members: Members, compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", compression) as file:
        warnings.simplefilter("ignore")  # about duplicate names
        for name, data in members.items():
            file.writestr(name.removesuffix("#2"), data)
    return buffer.getvalue()


def forged(
    header: Callable[[dict[str, Any]], Any] = lambda header: header,
    /,
    network: str = "2-2",
    **arrays: np.ndarray | None,
) -> Members:
    """Members of a valid trace with other content and a hash that fits it; None leaves one out."""
    old_header, old_arrays = take_apart(example_trace(network))
    new_arrays = {k: v for k, v in {**old_arrays, **arrays}.items() if v is not None}
    full = {**json.loads(json.dumps(old_header)), "format": "topo-trace"}
    changed = header(full)
    if isinstance(changed, dict) and "sha256" not in changed:
        changed["sha256"] = trace_io.content_hash(changed, new_arrays)
    text = json.dumps(changed, sort_keys=True, separators=(",", ":")).encode()
    members = {"header": np.frombuffer(text, np.uint8), **new_arrays}
    return {f"{name}.npy": npy(array) for name, array in members.items()}


def with_header(text: bytes) -> bytes:
    return archive({**forged(), "header.npy": npy(np.frombuffer(text, np.uint8))})


def refused(path: Path, content: bytes, complaint: str | None = None) -> None:
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(TraceError, match=complaint) as caught:
            Trace.load(path)
    message = str(caught.value)
    assert message.startswith(f"trace {path}: ")
    assert "train it again" in message
    assert "\n" not in message
    assert len(message) < 400 + len(str(path))
