"""MNIST's files: what is read, what is wrong with those that are not, and fetching from a lying server."""

import gzip
import hashlib
import http.server
import os
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from topo_core.datasets import mnist as module
from topo_core.datasets.digits import digit_images
from topo_core.datasets.idx import read_idx
from topo_core.datasets.mnist import FILES, IdxFile, digits, fetched_mnist, images_for, mnist
from topo_core.errors import DataError

#: Where the real files are, if somebody says so.
REAL = os.environ.get("TOPO_MNIST", "")


def idx(array: np.ndarray) -> bytes:
    header = bytes([0, 0, 8, array.ndim])
    return header + b"".join(n.to_bytes(4, "big") for n in array.shape) + array.tobytes()


ARRAY = np.random.default_rng(0).integers(0, 256, (5, 4, 3), dtype=np.uint8)


class TestIdx:
    @pytest.mark.parametrize("pack", [bytes, gzip.compress])
    def test_what_was_written_is_read(self, tmp_path: Path, pack: type[bytes]) -> None:
        path = tmp_path / "array"
        path.write_bytes(pack(idx(ARRAY)))
        found = read_idx(path, ARRAY.shape, hashlib.sha256(idx(ARRAY)).hexdigest())
        np.testing.assert_array_equal(found, ARRAY)
        assert not found.flags.writeable

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "not an IDX file"),
            (b"\0\0\x0d\x03" + idx(ARRAY)[4:], "not an IDX file"),
            (idx(ARRAY[:4]), r"holds an array \(4, 4, 3\), not \(5, 4, 3\)"),
            (idx(ARRAY)[:9], "not an IDX file"),
            (idx(ARRAY.ravel()), r"holds an array \(60,\)"),
            (idx(ARRAY)[:-1], "damaged, 75 bytes instead of 76"),
            (idx(ARRAY) + b"x", "damaged, 77 bytes instead of 76"),
            (idx(ARRAY) + b"x" * 9999, "damaged, 77 bytes instead of 76"),
            (idx(ARRAY)[:-1] + b"\0", "damaged or altered, its SHA-256 is not"),
            (gzip.compress(idx(ARRAY))[:-20], "a damaged gzip file"),
            (gzip.compress(idx(ARRAY))[:-8] + b"12345678", "a damaged gzip file"),
            (b"\x1f\x8bnonsense", "a damaged gzip file"),
        ],
    )
    def test_a_damaged_file(self, tmp_path: Path, content: bytes, message: str) -> None:
        path = tmp_path / "array"
        path.write_bytes(content)
        with pytest.raises(DataError, match=f"^{path}: {message}") as caught:
            read_idx(path, ARRAY.shape, hashlib.sha256(idx(ARRAY)).hexdigest())
        assert "\n" not in str(caught.value)

    def test_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="there is no such file"):
            read_idx(tmp_path / "array", (1,))
        with pytest.raises(DataError, match="cannot be read"):
            read_idx(tmp_path, (1,))

    def test_a_bomb_is_not_unpacked(self, tmp_path: Path) -> None:
        path = tmp_path / "array"
        path.write_bytes(gzip.compress(idx(ARRAY) + bytes(50_000_000)))
        with pytest.raises(DataError, match="damaged, 77 bytes instead of 76"):
            read_idx(path, ARRAY.shape)


class TestDigits:
    def test_the_last_600_are_the_test(self) -> None:
        data = digits()
        assert (len(data.train), len(data.test), data.held_out) == (1197, 600, 300)
        images = digit_images()
        np.testing.assert_array_equal(data.test / data.full_scale, images.images[-600:])
        np.testing.assert_array_equal(data.train_labels, images.labels[:-600])
        assert images_for(None).name == "digits"

    def test_what_is_held_out_is_not_trained_on(self) -> None:
        data = digits()
        x, y, held, labels = data.split(validation=True)
        assert (len(x), len(held)) == (897, 300)
        np.testing.assert_array_equal(np.concatenate([x, held]), data.train)
        np.testing.assert_array_equal(np.concatenate([y, labels]), data.train_labels)
        assert data.split(validation=False) == (data.train, data.train_labels, data.test, data.test_labels)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Four small files in MNIST's place: their gzipped contents by name."""
    shapes, contents, files = [(6, 4, 4), (6,), (3, 4, 4), (3,)], {}, []
    for file, shape in zip(FILES, shapes, strict=True):
        raw = idx(np.random.default_rng(1).integers(0, 9, shape, dtype=np.uint8))
        contents[f"{file.name}.gz"] = packed = gzip.compress(raw, mtime=0)
        digests = (hashlib.sha256(data).hexdigest() for data in (raw, packed))
        files.append(IdxFile(file.name, shape, *digests))
    monkeypatch.setattr(module, "FILES", tuple(files))
    return contents


def put(contents: dict[str, bytes], folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


class TestAFolder:
    def test_with_and_without_gzip(self, small: dict[str, bytes], tmp_path: Path) -> None:
        first = mnist(put(small, tmp_path / "a"))
        plain = {name.removesuffix(".gz"): gzip.decompress(content) for name, content in small.items()}
        second = mnist(put(plain, tmp_path / "b"))
        for data in (first, second, images_for(tmp_path / "a")):
            assert (data.train.shape, data.test_labels.shape, data.name) == ((6, 4, 4), (3,), "mnist")
            np.testing.assert_array_equal(data.test, first.test)
            assert data.train_labels.dtype == np.int64

    def test_a_file_that_is_missing(self, small: dict[str, bytes], tmp_path: Path) -> None:
        (put(small, tmp_path) / "t10k-labels-idx1-ubyte.gz").unlink()
        with pytest.raises(
            DataError, match=f"^{tmp_path}: t10k-labels-idx1-ubyte is missing; MNIST's files are"
        ):
            mnist(tmp_path)

    def test_files_that_changed_places(self, small: dict[str, bytes], tmp_path: Path) -> None:
        put({**small, "train-labels-idx1-ubyte.gz": small["t10k-labels-idx1-ubyte.gz"]}, tmp_path)
        with pytest.raises(DataError, match=r"train-labels-idx1-ubyte.gz: holds an array \(3,\), not \(6,\)"):
            mnist(tmp_path)

    def test_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(
            DataError, match="there is no such folder; give the one with MNIST's files, or 'mnist'"
        ):
            images_for(tmp_path / "nowhere")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server of a folder on this machine: its address and the folder."""
    folder = tmp_path / "served"
    folder.mkdir()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}/", folder
        httpd.shutdown()
        thread.join()


class TestFetching:
    def test_the_second_mirror_if_the_first_fails(
        self,
        small: dict[str, bytes],
        server: tuple[str, Path],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        address, folder = server
        put(small, folder)
        monkeypatch.setattr(module, "MIRRORS", (f"{address}gone/", address))
        found = fetched_mnist(tmp_path / "cache")
        assert found.train.shape == (6, 4, 4)
        assert sorted(p.name for p in (tmp_path / "cache").iterdir()) == sorted(small)
        monkeypatch.setattr(module, "MIRRORS", ())  # not asked again
        monkeypatch.setenv("TOPO_MEDIA", str(tmp_path))
        (tmp_path / "data").mkdir()
        (tmp_path / "cache").rename(tmp_path / "data" / "mnist")
        monkeypatch.chdir(tmp_path)
        np.testing.assert_array_equal(images_for(Path("mnist")).train, found.train)

    def test_what_has_another_digest_is_not_kept(
        self,
        small: dict[str, bytes],
        server: tuple[str, Path],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        address, folder = server
        put({name: content + b"x" for name, content in small.items()}, folder)
        monkeypatch.setattr(module, "MIRRORS", (address,))
        with pytest.raises(
            DataError, match=r"fetched from no mirror .*; download MNIST's four files yourself"
        ) as caught:
            fetched_mnist(tmp_path / "cache")
        assert "\n" not in str(caught.value)
        assert list((tmp_path / "cache").iterdir()) == []


def test_the_names_of_the_mirrors() -> None:
    assert all(mirror.startswith("https://") and mirror.endswith("/mnist/") for mirror in module.MIRRORS)
    assert all(len(file.sha256) == len(file.packed) == 64 for file in FILES)


@pytest.mark.skipif(not REAL, reason="TOPO_MNIST names no folder with MNIST")
class TestTheRealFiles:
    def test_they_are_read(self) -> None:
        data = mnist(Path(REAL))
        assert (data.train.shape, data.test.shape) == ((60_000, 28, 28), (10_000, 28, 28))
        assert np.bincount(data.test_labels).tolist() == [
            980,
            1135,
            1032,
            1010,
            982,
            892,
            958,
            1028,
            974,
            1009,
        ]

    def test_a_changed_pixel_is_noticed(self, tmp_path: Path) -> None:
        file = FILES[2]
        raw = bytearray(gzip.decompress((Path(REAL) / f"{file.name}.gz").read_bytes()))
        raw[5000] ^= 1
        (tmp_path / file.name).write_bytes(raw)
        with pytest.raises(DataError, match="damaged or altered, its SHA-256 is not"):
            read_idx(tmp_path / file.name, file.shape, file.sha256)
