"""Damaged files, pickles and bombs instead of traces: a TraceError, nothing else."""

import os
import pickle
import struct
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.topo_core.example_traces import example_trace
from tests.topo_core.forged_traces import archive, forged, npy, npy_claiming, refused, shared
from topo_core.errors import TraceError
from topo_core.trace import Trace


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "hostile.npz"


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("valid") / "a.npz"
    example_trace("2-2").save(path)
    return path.read_bytes()


def refused_or_equal(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            loaded = Trace.load(path)
        except TraceError:
            return
    assert loaded == example_trace("2-2")


class TestDamage:
    @shared
    @given(data=st.data())
    def test_flipped_bytes(self, data: st.DataObject, valid: bytes, target: Path) -> None:
        damaged = bytearray(valid)
        for _ in range(data.draw(st.integers(1, 4))):
            damaged[data.draw(st.integers(0, len(valid) - 1))] ^= data.draw(st.integers(1, 255))
        refused_or_equal(target, bytes(damaged))

    def test_every_byte_of_the_directory_and_of_the_ends_of_members(self, valid: bytes, target: Path) -> None:
        start = valid.index(b"PK\x01\x02")
        for position in [*range(400), *range(start, len(valid))]:
            damaged = bytearray(valid)
            damaged[position] ^= 0xFF
            refused_or_equal(target, bytes(damaged))

    @shared
    @given(share=st.floats(0, 1, exclude_max=True))
    def test_truncation(self, share: float, valid: bytes, target: Path) -> None:
        refused(target, valid[: int(share * len(valid))])

    @shared
    @given(junk=st.binary(min_size=1, max_size=80))
    def test_something_added(self, junk: bytes, valid: bytes, target: Path) -> None:
        refused(target, valid + junk)
        refused(target, junk + valid)
        refused(target, valid[:100] + junk + valid[100:])

    def test_an_archive_after_another(self, valid: bytes, target: Path) -> None:
        refused(target, valid + valid, "added to it or removed")

    def test_a_comment(self, valid: bytes, target: Path) -> None:
        refused(target, valid[:-2] + b"\x05\x00hello")

    @shared
    @given(content=st.binary(max_size=200))
    def test_anything_else(self, content: bytes, target: Path) -> None:
        refused(target, content)
        refused(target, b"PK\x03\x04" + content)
        refused(target, content + b"PK\x05\x06" + bytes(18))
        refused(target, archive({"header.npy": content}))

    def test_an_empty_file(self, target: Path) -> None:
        refused(target, b"", "too short")


class TestPlaces:
    def test_a_missing_file(self, target: Path) -> None:
        with pytest.raises(TraceError, match=r"hostile\.npz: there is no such file"):
            Trace.load(target)

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(TraceError, match="not a file but a folder"):
            Trace.load(tmp_path)

    @pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "file/a.npz", ""])
    def test_impossible_names(self, name: str, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(TraceError):
            Trace.load(f"{tmp_path}/{name}")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
    def test_a_pipe_does_not_hang(self, target: Path) -> None:
        os.mkfifo(target)
        with pytest.raises(TraceError, match="folder or device"):
            Trace.load(target)

    def test_a_file_without_permission(self, target: Path, valid: bytes) -> None:
        target.write_bytes(valid)
        target.chmod(0)
        if os.access(target, os.R_OK):
            pytest.skip("this user may read everything")
        with pytest.raises(TraceError, match="Permission denied"):
            Trace.load(target)


class _Payload:
    """Unpickling it creates a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


class TestPickles:
    def test_the_payload_works(self, tmp_path: Path) -> None:
        pickle.loads(pickle.dumps(_Payload(tmp_path / "owned")))
        assert (tmp_path / "owned").exists()

    @pytest.mark.parametrize("name", ["header", "weight_1", "points", "extra"])
    def test_object_arrays_are_not_unpickled(self, name: str, tmp_path: Path, target: Path) -> None:
        bomb = np.array([_Payload(tmp_path / "owned")], dtype=object)
        refused(target, archive({**forged(), f"{name}.npy": npy(bomb)}), "not a plain array")
        assert not (tmp_path / "owned").exists()

    def test_bare_pickles_are_not_unpickled(self, tmp_path: Path, target: Path) -> None:
        payload = pickle.dumps(_Payload(tmp_path / "owned"))
        refused(target, payload)
        refused(target, archive({**forged(), "weight_1.npy": payload}))
        refused(target, archive({**forged(), "weight_1": payload}), "no part of a trace")
        assert not (tmp_path / "owned").exists()


class TestBombs:
    @pytest.mark.parametrize(
        "shape",
        ["(9999999999,)", "(9999999999, 9999999999, 9999999999, 9999999999)", "(3, 3, 2)"],
    )
    def test_shapes_larger_than_their_data(self, shape: str, target: Path) -> None:
        header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"
        member = npy_claiming(header, bytes(96))
        refused(target, archive({**forged(), "weight_1.npy": member}), "declares the shape")

    @pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
    def test_compressed_members_are_not_inflated(self, compression: int, target: Path) -> None:
        bomb = {"header.npy": npy(np.zeros(50_000_000, np.uint8))}
        refused(target, archive(bomb, compression), "compressed")

    def test_sizes_that_lie(self, valid: bytes, target: Path) -> None:
        start = valid.index(b"PK\x01\x02")
        for size in (0, 1, 2**31, 2**32 - 1):
            lying = bytearray(valid)
            lying[start + 20 : start + 28] = struct.pack("<LL", size, size)
            refused(target, bytes(lying))

    def test_members_that_overlap(self, valid: bytes, target: Path) -> None:
        """Hundreds of names for the same bytes, as in quine bombs."""
        start = valid.index(b"PK\x01\x02")
        name_length = struct.unpack_from("<H", valid, start + 28)[0]
        entry = valid[start : start + 46 + name_length]
        directory = entry * 500
        end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 500, 500, len(directory), start, 0)
        refused(target, valid[:start] + directory + end)

    def test_a_huge_directory(self, target: Path) -> None:
        members = {f"{'a' * 60}{i}.npy": b"" for i in range(12_000)}
        refused(target, archive(members), "directory takes")

    def test_zip64(self, valid: bytes, target: Path) -> None:
        locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
        refused(target, valid[:-22] + locator + valid[-22:])

    def test_a_sparse_file_of_a_terabyte(self, target: Path) -> None:
        with target.open("wb") as file:
            try:
                file.truncate(2**40)
            except OSError:
                pytest.skip("this file system has no sparse files")
        with pytest.raises(TraceError, match="more than the"):
            Trace.load(target)

    def test_a_machine_without_memory(
        self, valid: bytes, target: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def exhausted(*_: object, **__: object) -> None:
            raise MemoryError

        monkeypatch.setattr("topo_core.trace_io.np.frombuffer", exhausted)
        refused(target, valid, "does not fit into memory")

    def test_a_dataset_of_a_trillion_points(self, target: Path) -> None:
        def huge(header: dict[str, Any]) -> dict[str, Any]:
            header["dataset"]["params"]["n_per_class"] = 10**12
            return header

        refused(target, archive(forged(huge)), "n_per_class")

    def test_a_network_of_a_trillion_weights(self, target: Path) -> None:
        members = forged(lambda header: {**header, "network": "2-4096-4096"})
        refused(target, archive(members), "too much or too little")
