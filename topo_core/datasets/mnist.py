"""Handwritten digits, split for training and testing: MNIST from its files, or the ones of scikit-learn.

MNIST: Y. LeCun, C. Cortes and C. Burges, 60,000 training and 10,000 test images of 28 by 28 pixels. What is
read is checked against published digests, wherever it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from topo_core.datasets.digits import digit_images
from topo_core.datasets.idx import Bytes, read_idx
from topo_core.errors import DataError, DependencyError
from topo_core.store import media_folder

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

#: What ``--data`` says to have MNIST fetched.
FETCH = "mnist"

#: Where the files are fetched from, the second if the first does not answer.
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)


@dataclass(frozen=True)
class IdxFile:
    """One of MNIST's files: its name, its array's shape, and two SHA-256 digests.

    ``packed`` is that of the gzip file as it is distributed, ``sha256`` that of what is in it.
    """

    name: str
    shape: tuple[int, ...]
    sha256: str
    packed: str


#: Training images and labels, test images and labels.
FILES = (
    IdxFile(
        "train-images-idx3-ubyte",
        (60_000, 28, 28),
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    IdxFile(
        "train-labels-idx1-ubyte",
        (60_000,),
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    IdxFile(
        "t10k-images-idx3-ubyte",
        (10_000, 28, 28),
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    IdxFile(
        "t10k-labels-idx1-ubyte",
        (10_000,),
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
)


@dataclass(frozen=True, eq=False)
class LabelledImages:
    """Images of ten digits, split once and for all.

    Attributes
    ----------
    name
        ``"digits"`` or ``"mnist"``.
    train, test
        ``(n, h, w)`` bytes, rows from the top, 0 is paper.
    train_labels, test_labels
        ``(n,)``, from 0 to 9.
    held_out
        How many of the last training images are held out where a choice is made.
    full_scale
        The grey value of ink.
    """

    name: str
    train: Bytes
    train_labels: IntArray
    test: Bytes
    test_labels: IntArray
    held_out: int
    full_scale: int

    def split(self, *, validation: bool) -> tuple[Bytes, IntArray, Bytes, IntArray]:
        """Images and labels to train on, then those to judge by.

        With ``validation`` both are of the training set: the last ``held_out`` are judged by. Otherwise
        they are the whole training set and the test set.
        """
        if not validation:
            return self.train, self.train_labels, self.test, self.test_labels
        cut = len(self.train) - self.held_out
        return self.train[:cut], self.train_labels[:cut], self.train[cut:], self.train_labels[cut:]


def digits() -> LabelledImages:
    """The digits of scikit-learn; the last 600 are the test set, the 300 before them are held out.

    Other people wrote the last ones: the test is harder than one by random images would be.
    """
    found = digit_images()
    pixels = np.round(found.images * 16).astype(np.uint8)
    cut = len(pixels) - 600
    parts = pixels[:cut], found.labels[:cut], pixels[cut:], found.labels[cut:]
    return LabelledImages("digits", *parts, held_out=300, full_scale=16)


def mnist(folder: Path) -> LabelledImages:
    """MNIST from the four IDX files in a folder, each with or without ``.gz``.

    Raises
    ------
    DataError
        When a file is missing, damaged, or not the published one.
    """
    if not folder.is_dir():
        raise DataError(f"{folder}: there is no such folder; give the one with MNIST's files, or '{FETCH}'")
    arrays = [read_idx(_path(folder, file), file.shape, file.sha256) for file in FILES]
    train, train_labels, test, test_labels = arrays
    return LabelledImages(
        "mnist",
        train,
        train_labels.astype(np.int64),
        test,
        test_labels.astype(np.int64),
        held_out=10_000,
        full_scale=255,
    )


def _path(folder: Path, file: IdxFile) -> Path:
    for path in (folder / file.name, folder / f"{file.name}.gz"):
        if path.is_file():
            return path
    names = ", ".join(f"{f.name}[.gz]" for f in FILES)
    raise DataError(f"{folder}: {file.name} is missing; MNIST's files are {names}")


def fetched_mnist(folder: Path | None = None) -> LabelledImages:
    """MNIST, fetched with pooch if it is not in the folder yet, and checked against SHA-256 digests.

    Parameters
    ----------
    folder
        By default ``data/mnist`` in the media folder.

    Raises
    ------
    DataError
        When no mirror answers with the right files.
    DependencyError
        When pooch is not installed.
    """
    folder = media_folder() / "data" / "mnist" if folder is None else folder
    for file in FILES:
        if not (folder / f"{file.name}.gz").is_file():
            _fetch(file, folder)
    return mnist(folder)


def _fetch(file: IdxFile, folder: Path) -> None:
    try:
        import pooch
    except ModuleNotFoundError as error:
        raise DependencyError(
            f"fetching MNIST needs pooch, which is missing ({error.name}); run: make setup, or: "
            "pip install -c constraints.txt pooch"
        ) from None
    name, reasons = f"{file.name}.gz", []
    pooch.get_logger().setLevel("ERROR")
    for mirror in MIRRORS:
        try:
            pooch.retrieve(f"{mirror}{name}", known_hash=f"sha256:{file.packed}", fname=name, path=folder)
            return
        except (OSError, ValueError) as error:  # what requests and pooch raise
            reasons.append(" ".join(str(error).split())[:100])
    raise DataError(
        f"{name}: fetched from no mirror ({'; '.join(reasons)}); download MNIST's four files yourself and "
        "name their folder: --data DIR"
    )


def images_for(data: Path | None) -> LabelledImages:
    """What ``--data`` means: nothing is scikit-learn's digits, ``mnist`` is fetched, else a folder."""
    if data is None:
        return digits()
    if str(data) == FETCH and not data.exists():
        return fetched_mnist()
    return mnist(data)
