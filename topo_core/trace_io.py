"""The file format of traces: an uncompressed ``.npz`` with a JSON header, safe to read from anyone.

The members are ``header.npy``, a row of bytes holding JSON in UTF-8, and one ``.npy`` for every
array. ``numpy.load`` opens such a file, but this module reads it by itself and accepts no more than
it writes: stored (not compressed) members of three numeric types, so that nothing is ever unpickled
or inflated and no array exceeds the file. The header holds the SHA-256 of all content.

Everything that can be wrong with a file is a ``TraceError``, without the file's name, which
``Trace.load`` adds.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import stat
import struct
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import TraceError

FORMAT = "topo-trace"
#: Versions of the format that can be read; ``trace_parts`` tells what is in which.
VERSIONS = (1, 2)

#: The largest file that is read or written, in bytes.
MAX_BYTES = 512 * 2**20
#: The largest JSON header, in bytes.
MAX_HEADER = 8 * 2**20
#: How deep lists and objects may be nested in the JSON header.
MAX_DEPTH = 32
#: The largest directory of a zip file, in bytes: several thousand members.
MAX_DIRECTORY = 2**20

Header = dict[str, Any]
Arrays = dict[str, NDArray[Any]]

_MAGIC = b"\x93NUMPY\x01\x00"
_NPY_HEADER = re.compile(
    rb"\{'descr': '(<f8|<i8|\|u1)', 'fortran_order': False, "
    rb"'shape': \(([1-9][0-9]{0,9}(?:, [1-9][0-9]{0,9}){0,3}),?\), \} *\n"
)
_MEMBER = re.compile(r"([a-z][a-z0-9_]{0,63})\.npy")
_END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
_ZIP64_LOCATOR = b"PK\x06\x07"
_BROKEN_ZIP = (
    *(zipfile.BadZipFile, EOFError, NotImplementedError, OSError, OverflowError),
    *(RuntimeError, struct.error, ValueError),
)


# -- JSON and the hash ---------------------------------------------------------------------------


def canonical_json(value: object) -> bytes:
    """JSON with sorted keys, no spaces and ASCII only: equal values give equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def plain_json(name: str, value: object) -> Any:
    """A copy of ``value`` as JSON would give it back.

    Raises
    ------
    TraceError
        When it holds something that JSON cannot (NaN, infinity, an array), or is nested too deeply.
    """
    try:
        copy = json.loads(canonical_json(value))
    except (RecursionError, TypeError, ValueError) as error:
        raise TraceError(f"{name} cannot be written as JSON ({error}): use plain values") from None
    _check_depth(name, copy)
    return copy


def _check_depth(name: str, value: object, depth: int = 0) -> None:
    if depth > MAX_DEPTH:
        raise TraceError(f"{name} is nested more than {MAX_DEPTH} levels deep")
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            _check_depth(name, item, depth + 1)


def content_hash(header: Header, arrays: Mapping[str, NDArray[Any]]) -> str:
    """SHA-256, in hex, of a header and named arrays, whatever file they are in."""
    text = canonical_json({**header, "format": FORMAT})
    digest = hashlib.sha256(text)
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


# -- writing -------------------------------------------------------------------------------------


def write(path: Path, header: Header, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a trace file; equal content gives equal bytes, and a reader never sees half a file.

    Parameters
    ----------
    path
        Replaced if it exists; its folder must.
    header
        JSON with the ``version`` and without ``format`` and ``sha256``, which are added.
    arrays
        Non-empty arrays of float64 or int64 by name.

    Raises
    ------
    TraceError
        When the content is too large or the file cannot be written.
    """
    extra = {"format": FORMAT, "sha256": content_hash(header, arrays)}
    text = canonical_json({**header, **extra})
    if len(text) > MAX_HEADER:
        raise TraceError(f"its header takes {len(text)} bytes, more than {MAX_HEADER}: record less")
    if sum(array.nbytes + 1024 for array in arrays.values()) + len(text) > MAX_BYTES:
        raise TraceError(f"it would take more than {MAX_BYTES} bytes: keep fewer snapshots or points")
    try:
        _replace(path, {"header": np.frombuffer(text, np.uint8), **arrays})
    except (OSError, ValueError) as error:
        raise TraceError(f"cannot be written ({_brief(error)}): choose another place") from None


def _replace(path: Path, members: Mapping[str, NDArray[Any]]) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    with temporary.open("xb") as file:
        try:
            _write_zip(file, members)
            file.flush()
            os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _write_zip(file: BinaryIO, arrays: Mapping[str, NDArray[Any]]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16
            buffer = BytesIO()
            np.lib.format.write_array(buffer, array, version=(1, 0), allow_pickle=False)
            archive.writestr(info, buffer.getbuffer())


# -- reading -------------------------------------------------------------------------------------


def read(path: Path) -> tuple[Header, Arrays]:
    """Read a trace file and check its format, version and hash.

    Returns
    -------
    The header without ``format`` and ``sha256``, and the arrays by name.

    Raises
    ------
    TraceError
        For anything else than a file that ``write`` could have written.
    """
    try:
        size = _size(path)
        with path.open("rb") as file:
            _check_directory(file, size)
            with zipfile.ZipFile(file) as archive:
                members = _members(archive, size)
                header = _parse_header(_read_member(archive, members, "header"))
                arrays = {name: _read_member(archive, members, name) for name in members}
    except _BROKEN_ZIP as error:
        raise TraceError(f"not a readable trace file ({_brief(error)})") from None
    del arrays["header"]
    sha256 = header.pop("sha256", None)
    if sha256 != content_hash(header, arrays):
        raise TraceError("its content does not match its SHA-256, so it was damaged or altered")
    del header["format"]
    return header, arrays


def _brief(error: BaseException) -> str:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return (reason or type(error).__name__).splitlines()[0][:100]


def _size(path: Path) -> int:
    try:
        status = path.stat()
    except FileNotFoundError:
        raise TraceError("there is no such file") from None
    if not stat.S_ISREG(status.st_mode):
        raise TraceError("not a file but a folder or device")
    if status.st_size > MAX_BYTES:
        raise TraceError(f"it has {status.st_size} bytes, more than the {MAX_BYTES} of any trace")
    return status.st_size


def _check_directory(file: BinaryIO, size: int) -> None:
    """Refuse what ``zipfile`` tolerates: anything around the archive, and huge directories."""
    tail = min(size, _END_OF_DIRECTORY.size + 20)
    file.seek(size - tail)
    end = file.read(tail)
    if len(end) < _END_OF_DIRECTORY.size:
        raise TraceError("it is too short to be a trace")
    signature, *_, length, start, comment = _END_OF_DIRECTORY.unpack(end[-_END_OF_DIRECTORY.size :])
    if signature != b"PK\x05\x06" or end.startswith(_ZIP64_LOCATOR):
        raise TraceError("it is not a trace, or its end is missing or followed by something else")
    if comment or start + length + _END_OF_DIRECTORY.size != size:
        raise TraceError("something was added to it or removed from it")
    if length > MAX_DIRECTORY:
        raise TraceError(f"its directory takes {length} bytes, more than {MAX_DIRECTORY}")


def _members(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        match = _MEMBER.fullmatch(info.filename)
        if match is None:
            raise TraceError(f"it holds {info.filename[:60]!r}, which is no part of a trace")
        if match[1] in members:
            raise TraceError(f"it holds {info.filename!r} twice")
        if info.compress_type != zipfile.ZIP_STORED or info.flag_bits:
            raise TraceError(f"{info.filename!r} is compressed or encrypted, as in no trace")
        members[match[1]] = info
    if sum(info.file_size for info in members.values()) > size:
        raise TraceError("its directory declares more bytes than the file has")
    return members


def _read_member(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], name: str) -> NDArray[Any]:
    if name not in members:
        raise TraceError(f"it has no {name}")
    with archive.open(members[name]) as member:
        data = member.read()
    start = len(_MAGIC) + 2
    length = int.from_bytes(data[len(_MAGIC) : start], "little")
    match = _NPY_HEADER.fullmatch(data, start, start + length)
    if not data.startswith(_MAGIC) or match is None:
        raise TraceError(f"{name!r} is not a plain array of 8-byte numbers")
    dtype = np.dtype(match[1].decode())
    shape = tuple(int(n) for n in match[2].split(b", "))
    count = 1
    for n in shape:
        count *= n
    if len(data) - start - length != count * dtype.itemsize:
        raise TraceError(f"{name!r} declares the shape {shape}, which its data does not have")
    return np.frombuffer(data, dtype, offset=start + length).reshape(shape)


def _parse_header(array: NDArray[Any]) -> Header:
    if array.ndim != 1 or array.dtype != np.uint8 or array.size > MAX_HEADER:
        raise TraceError(f"its header is not a row of at most {MAX_HEADER} bytes")
    text = array.tobytes()
    try:
        header = json.loads(text)
        _check_depth("its header", header, -1)
        canonical = canonical_json(header) == text
    except (RecursionError, ValueError):
        raise TraceError("its header is not JSON") from None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise TraceError("its header is not that of a trace")
    version = header.get("version")
    if type(version) is not int or version not in VERSIONS:
        readable = " and ".join(map(str, VERSIONS))
        raise TraceError(
            f"it has format version {str(version)[:20]}, and this program reads versions {readable}"
        )
    if not canonical:
        raise TraceError("its header was altered")
    return header
