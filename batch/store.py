"""The output folder of a batch: files that appear whole, and a journal of the jobs that are done.

For every job that is done, ``.batch/jobs`` holds a record with the key of what was asked and the digests of
the files that came of it, written after the files. So after any interruption a job is done exactly if its
record is there and agrees with the request and with the files; nothing else need be trusted.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from batch.job import Job, Outcome
from batch.names import JOURNAL, REPORTS, checked_name
from topo_core.errors import TopoError, shown

#: The largest record that is read, in bytes.
_MOST_BYTES = 2**24
_VERSION = 1
#: What the system says when nothing more can be written, whatever the file.
_FULL = {errno.ENOSPC, errno.EDQUOT}


class FullDiskError(TopoError):
    """There is no space for what was made; nothing half-written is left."""


@dataclass(frozen=True)
class Digest:
    """A file's size in bytes and SHA-256."""

    size: int
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> Digest:
        """That of a content."""
        return cls(len(content), hashlib.sha256(content).hexdigest())


@dataclass(frozen=True)
class Record:
    """A job that is done.

    Attributes
    ----------
    job, key
        Its name, and the digest of all that decides its outcome (``batch.keys``).
    files
        By name relative to the output folder.
    metrics, seconds, worker
        As of its outcome.
    cached
        Whether a training was not run, since its trace was there already.
    """

    job: str
    key: str
    files: Mapping[str, Digest]
    metrics: Mapping[str, Any]
    seconds: float
    worker: str = ""
    cached: bool = False


class OutputFolder:
    """A folder that holds a batch; no name leads out of it, through ``..`` or through a link.

    Parameters
    ----------
    root
        Made if it is not there.
    resume
        Whether it may hold a batch already.

    Raises
    ------
    TopoError
        When it does and may not, or another process is writing to it.
    """

    def __init__(self, root: Path, *, resume: bool) -> None:
        self.root = root
        self._resume = resume
        self._lock: int | None = None
        self._fresh = True

    def __enter__(self) -> OutputFolder:
        """Make or open the folder, lock it, and remove what an interrupted process was writing."""
        journal = self.root / JOURNAL
        self._fresh = not os.path.lexists(journal)
        if not self._resume and os.path.lexists(journal):
            raise TopoError(
                f"{self.root}: holds a batch already; go on with it by --resume, or choose another with -o"
            )
        if os.path.lexists(self.root) and not self.root.is_dir():
            raise TopoError(f"{self.root}: is no folder; choose another with -o")
        with full_disk(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            self._folder(f"{JOURNAL}/jobs")
            self._lock = _locked(journal / "lock", self.root)
            try:
                shutil.rmtree(journal / "new", ignore_errors=True)
                self._folder(f"{JOURNAL}/new")
            except BaseException:
                self.__exit__()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        """Let others write to it."""
        shutil.rmtree(self.root / JOURNAL / "new", ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def refuse_others(self, names: Iterable[str]) -> None:
        """Write over no files that were there before the first batch was.

        Raises
        ------
        TopoError
            When one of these names, or of the reports, is there and the folder held no batch.
        """
        if self._fresh:
            for name in (*REPORTS, *names):
                if os.path.lexists(self.root / name):
                    shutil.rmtree(self.root / JOURNAL)
                    raise TopoError(
                        f"{self.root / name}: is there and not of a batch; choose another folder with -o"
                    )

    def record(self, job: Job, key: str) -> Record | None:
        """What is known of a job, if it is done as this key asks, and its files are as they were written."""
        record = self._read(job.name)
        if record is None or record.key != key or not set(job.outputs) <= set(record.files):
            return None
        return record if all(self._is(name, known) for name, known in record.files.items()) else None

    def keep(self, job: Job, key: str, outcome: Outcome, *, cached: bool = False) -> Record:
        """Write a job's files, and then its record.

        Raises
        ------
        FullDiskError
            When there is no space.
        TopoError, OSError
            When a file cannot be written; then none of the job's files is new, or its record is missing.
        """
        missing = set(job.outputs) - set(outcome.files)
        if missing:
            raise TopoError(f"{job.name}: {', '.join(sorted(missing))} was not made")
        self.write({_checked_output(name, job): content for name, content in outcome.files.items()})
        digests = {name: Digest.of(content) for name, content in sorted(outcome.files.items())}
        record = Record(job.name, key, digests, outcome.metrics, outcome.seconds, outcome.worker, cached)
        text = json.dumps({"version": _VERSION, **asdict(record)}, indent=1, default=str)
        self.write({_record_name(job.name): text.encode()})
        return record

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write files of the folder: each whole, and all of them, or none if there is no space.

        Raises
        ------
        FullDiskError, TopoError, OSError
            When there is no space, a name leads out of the folder, or a file cannot be written.
        """
        written = {name: self.root / JOURNAL / "new" / _digest(name) for name in files}
        try:
            for name, new in written.items():
                with full_disk(self.root / name):
                    self._folder(name.rpartition("/")[0])
                    new.write_bytes(files[name])
            for name, new in written.items():
                with full_disk(self.root / name):
                    os.replace(new, self.root / name)
        finally:
            for new in written.values():
                with suppress(FileNotFoundError):
                    new.unlink()

    def path(self, name: str) -> Path:
        """Where a file of the folder is."""
        return self.root / name

    def _folder(self, name: str) -> None:
        """Make a folder inside the root, of real folders only."""
        path = self.root
        for part in name.split("/") if name else ():
            path = path / part
            try:
                mode = path.lstat().st_mode
            except FileNotFoundError:
                path.mkdir()
                continue
            if stat.S_ISLNK(mode):
                raise TopoError(f"{path}: is a link, which may lead out of the output folder; remove it")
            if not stat.S_ISDIR(mode):
                raise TopoError(f"{path}: is a file where a folder is needed; remove it")

    def _is(self, name: str, known: Digest) -> bool:
        """Whether a file is there, itself and not a link, with this content."""
        path = self.root
        try:
            for part in name.split("/"):
                path = path / part
                if path.is_symlink():
                    return False
            if path.stat().st_size != known.size:
                return False
            with path.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest() == known.sha256
        except OSError:
            return False

    def _read(self, name: str) -> Record | None:
        path = self.root / _record_name(name)
        try:
            if path.is_symlink() or path.stat().st_size > _MOST_BYTES:
                return None
            kept = json.loads(path.read_bytes())
            if kept.pop("version") != _VERSION or kept["job"] != name:
                return None
            files = {
                checked_name(file): Digest(int(known["size"]), str(known["sha256"]))
                for file, known in kept.pop("files").items()
            }
            record = Record(files=files, **kept)
            plain = isinstance(record.metrics, dict) and isinstance(record.seconds, int | float)
            return record if plain and isinstance(record.worker, str) else None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, TopoError):
            return None  # of no use: the job is done again


def _record_name(job: str) -> str:
    return f"{JOURNAL}/jobs/{_digest(job)}.json"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _checked_output(name: str, job: Job) -> str:
    """A name that a worker gave to a file, if it is one of the job's."""
    if name not in job.outputs and not (checked_name(name) and name.startswith(f"{job.name}.")):
        raise TopoError(f"{job.name}: a file {shown(name)} came back, which is none of this job's")
    return name


@contextmanager
def full_disk(target: Path) -> Iterator[None]:
    """Errors of a full disk in one line that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise FullDiskError(
            f"{target}: {os.strerror(error.errno or 0)}; free some, and go on with --resume"
        ) from error


def _locked(path: Path, root: Path) -> int:
    """A lock that ends with this process, however that ends."""
    import fcntl

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise TopoError(
            f"{root}: another batch is writing to it; wait for it, or choose another with -o"
        ) from error
    return descriptor
