"""The IDX format of MNIST's files: a few bytes of header, then an array of bytes; gzipped or not."""

from __future__ import annotations

import gzip
import hashlib
import math
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import DataError

Bytes = NDArray[np.uint8]

#: Most bytes that a file may hold, unpacked.
MAX_BYTES = 200_000_000

_AGAIN = "get the file again"


def read_idx(path: Path, shape: tuple[int, ...], sha256: str | None = None) -> Bytes:
    """Read an array of unsigned bytes.

    The header is two zero bytes, the type (8: unsigned byte), the number of axes, and the length of each
    axis as four bytes, the largest first (http://yann.lecun.com/exdb/mnist/).

    Parameters
    ----------
    path
        The file; whether it is gzipped is seen from its first bytes, not from its name.
    shape
        What the array must have.
    sha256
        Hexadecimal digest of the unpacked file, or None not to compare.

    Raises
    ------
    DataError
        When the file is missing, unreadable, damaged, too long or too short, or not this array.
    """
    content = _content(path, 4 + 4 * len(shape) + math.prod(shape))
    if len(content) < 4 or content[:3] != b"\0\0\x08" or len(content) < 4 + 4 * content[3]:
        raise DataError(f"{path}: not an IDX file of unsigned bytes: {_AGAIN}")
    start = 4 + 4 * content[3]
    found = tuple(int.from_bytes(content[i : i + 4], "big") for i in range(4, start, 4))
    if found != shape:
        raise DataError(f"{path}: holds an array {found}, not {shape}: is it another of the files? {_AGAIN}")
    if len(content) != start + math.prod(shape):
        raise DataError(
            f"{path}: damaged, {len(content):,} bytes instead of {start + math.prod(shape):,}: {_AGAIN}"
        )
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise DataError(f"{path}: damaged or altered, its SHA-256 is not {sha256[:12]}...: {_AGAIN}")
    array = np.frombuffer(content, np.uint8, offset=start).reshape(shape)
    return array  # of bytes, hence read-only


def _content(path: Path, expected: int) -> bytes:
    """The unpacked content, of which no more is read than one byte beyond what is expected."""
    most = min(expected, MAX_BYTES) + 1
    try:
        with path.open("rb") as file:
            if file.read(2) != b"\x1f\x8b":
                file.seek(0)
                return file.read(most)
        with gzip.open(path) as packed:
            content = packed.read(most)
            if len(content) < most:
                packed.read(1)  # reads the checksum at the end
            return content
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file") from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path}: a damaged gzip file ({error}): {_AGAIN}") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error})") from None
