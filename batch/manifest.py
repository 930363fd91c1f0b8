"""A manifest: what is to be made, as TOML; read, checked, and every mistake told with its line and key."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from batch.lines import Path, line_at, lines_of
from batch.problems import ManifestError, Problem, explained, key_text
from batch.schema import OF_KIND, TRAINING, JobTable, ManifestTable, Parameters
from topo_core.errors import SpecError

#: The largest manifest, in bytes.
MOST_BYTES = 2**20


@dataclass(frozen=True)
class Entry:
    """One ``[[job]]`` of a manifest.

    Attributes
    ----------
    path
        Where it is in the document.
    experiments, scenes, figures
        Names, as written.
    name
        The template of its names, if it has one.
    fixed, grid, rows
        Parameters with one value; with values that are combined with all others; and with values that go
        together, the k-th of one with the k-th of another.
    """

    path: Path
    experiments: tuple[str, ...]
    scenes: tuple[str, ...]
    figures: tuple[str, ...]
    name: str | None
    fixed: Mapping[str, Any]
    grid: Mapping[str, tuple[Any, ...]]
    rows: Mapping[str, tuple[Any, ...]]

    @property
    def kind(self) -> Literal["train", "video", "figure"]:
        """What its jobs do."""
        return "video" if self.scenes else "figure" if self.figures else "train"


@dataclass(frozen=True)
class Manifest:
    """A manifest that is well formed; whether its names exist and its parameters apply, the plan tells.

    Attributes
    ----------
    file
        Where it was read.
    digest
        SHA-256 of its bytes.
    defaults
        Parameters of all jobs, where they apply and a job does not choose itself.
    entries
        Its jobs.
    lines
        Where everything is.
    """

    file: File
    digest: str
    defaults: Mapping[str, Any]
    entries: tuple[Entry, ...]
    lines: Mapping[Path, int]

    def problem(self, path: Path, what: str) -> Problem:
        """What is wrong at a place."""
        while path and path not in self.lines:
            path = path[:-1]
        return Problem(str(self.file), line_at(self.lines, path), key_text(path), what)


def load_manifest(file: File) -> Manifest:
    """Read a manifest and check its form.

    Raises
    ------
    ManifestError
        With every mistake that there is; after one in the syntax, nothing more can be known.
    OSError
        When it cannot be read.
    """
    content = _read(file)
    document, lines = _parsed(file, content)
    problems = []
    try:
        model = ManifestTable.model_validate(document)
    except ValidationError as error:
        for found in error.errors(include_url=False):
            path, what = explained(found, document, lines)
            problems.append(Problem(str(file), line_at(lines, path), key_text(path), what))
        raise ManifestError(problems) from error
    entries = tuple(_entry(("job", index), job) for index, job in enumerate(model.job))
    manifest = Manifest(file, hashlib.sha256(content).hexdigest(), _given(model.defaults), entries, lines)
    problems = [manifest.problem(*problem) for entry in entries for problem in _contradictions(entry)]
    if problems:
        raise ManifestError(problems)
    return manifest


def _read(file: File) -> bytes:
    with file.open("rb") as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise SpecError(f"{file}: more than {MOST_BYTES} bytes: not a manifest; split it if it is one")
    return content


def _parsed(file: File, content: bytes) -> tuple[dict[str, Any], dict[Path, int]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ManifestError([Problem(str(file), line, "", "not UTF-8; save the file as UTF-8")]) from error
    try:
        return tomllib.loads(text), lines_of(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise ManifestError([_syntax(file, text, str(error))]) from error
    except (RecursionError, ValueError, OverflowError) as error:
        what = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise ManifestError([Problem(str(file), 1, "", f"{what}; write it more simply")]) from error


def _syntax(file: File, text: str, message: str) -> Problem:
    """What ``tomllib`` says, with the line in front."""
    found = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    line, where = text.count("\n") + 1, " at the end"
    if found:
        message, line, where = message[: found.start()], int(found[1]), f" in column {found[2]}"
    message = re.sub(r" \(at end of document\)$", "", message)
    what = f"{message[:1].lower()}{message[1:]}{where}: not TOML; see https://toml.io"
    return Problem(str(file), line, "", " ".join(what.split()))


def _given(model: BaseModel | None) -> dict[str, Any]:
    if model is None:
        return {}
    names = (name for name in Parameters.model_fields if getattr(model, name) is not None)
    return {name: _frozen(getattr(model, name)) for name in names}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _entry(path: Path, job: JobTable) -> Entry:
    return Entry(
        path,
        tuple(job.experiment or ()),
        tuple(job.scene or ()),
        tuple(job.figure or ()),
        job.name,
        _given(job),
        _given(job.grid),
        _given(job.rows),
    )


def _contradictions(entry: Entry) -> Iterator[tuple[Path, str]]:
    """What of one entry does not go together, whatever the names in it mean."""
    if entry.scenes and entry.figures:
        yield (*entry.path, "figure"), "a job has scenes or figures; make two jobs of it"
    if not (entry.experiments or entry.scenes or entry.figures):
        yield entry.path, "nothing to do; give it an experiment, a scene or a figure"
    chosen: dict[str, str] = {}
    for where, names in (("", entry.fixed), ("grid", entry.grid), ("list", entry.rows)):
        path = (*entry.path, where) if where else entry.path
        for name in names:
            if name in chosen:
                yield (*path, name), f"also given {chosen[name]}; leave out one of them"
            elif name not in (*TRAINING, *OF_KIND[entry.kind]):
                yield (*path, name), f"is nothing of {_KINDS[entry.kind]}; leave it out"
            chosen[name] = f"in {where}" if where else "without a sweep"
    yield from _twice(entry)
    yield from _shapes(entry, set(chosen))
    lengths = {name: len(column) for name, column in entry.rows.items()}
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"{name} has {n}" for name, n in lengths.items())
        yield (
            (*entry.path, "list"),
            f"its columns go together row by row, but {listed}; make them equally long",
        )


def _twice(entry: Entry) -> Iterator[tuple[Path, str]]:
    """Names, and values of a grid, that would make the same jobs again."""
    named = {"experiment": entry.experiments, "scene": entry.scenes, "figure": entry.figures}
    columns: dict[Path, tuple[Any, ...]] = {(name,): values for name, values in named.items()}
    columns |= {("grid", name): values for name, values in entry.grid.items()}
    for where, values in columns.items():
        first = {value: k for k, value in reversed(list(enumerate(values)))}
        for k, value in enumerate(values):
            if first[value] < k:
                yield (*entry.path, *where, k), "is there twice; leave it out"


_KINDS = {"train": "a training (this job has no scene or figure)", "video": "a video", "figure": "a figure"}


def _shapes(entry: Entry, chosen: set[str]) -> Iterator[tuple[Path, str]]:
    if "network" in chosen:
        for name in ("width", "depth", "activation"):
            if name in chosen:
                path = _where(entry, name)
                yield path, "network says this, too; leave out one of them"
    formats = _values(entry, "format")
    for path, form in formats:
        of_figures = form in ("pdf", "svg", "eps", "png")
        if entry.kind != "train" and of_figures != (entry.kind == "figure"):
            fit = "pdf, svg, eps or png" if entry.kind == "figure" else "mp4, webm, gif or mov"
            yield path, f"{form} is no format of {_KINDS[entry.kind]}; choose {fit}"


def _where(entry: Entry, name: str) -> Path:
    if name in entry.fixed:
        return (*entry.path, name)
    return (*entry.path, "grid" if name in entry.grid else "list", name)


def _values(entry: Entry, name: str) -> Iterator[tuple[Path, Any]]:
    path = _where(entry, name)
    for values in (entry.fixed.get(name, ()), entry.grid.get(name, ()), entry.rows.get(name, ())):
        yield from (((*path, k), value) for k, value in enumerate(values))
