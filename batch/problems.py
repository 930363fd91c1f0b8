"""What is wrong with a manifest: file, line, key, what, and what to do; all of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from batch.lines import Path
from batch.schema import Parameters, known_keys
from topo_core.errors import SpecError, UnknownNameError, shown

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake; its text is one line."""

    file: str
    line: int
    key: str
    what: str

    def __str__(self) -> str:
        """Return file, line and key, and what is wrong."""
        key = f"{self.key}: " if self.key else ""
        return f"{self.file}:{self.line}: {key}{self.what}"


class ManifestError(SpecError):
    """A manifest that is not right; ``problems`` has every mistake, in the order of lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[ManifestError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class NotApplicable(SpecError):  # noqa: N818 (what it is called in a message)
    """Parameters that a job cannot have.

    Attributes
    ----------
    wrong
        Pairs of the parameter, empty where it is not known, and what is wrong.
    """

    def __init__(self, wrong: list[tuple[str, str]]) -> None:
        self.wrong = wrong
        super().__init__("; ".join(f"{name}: {what}" for name, what in wrong))

    def __reduce__(self) -> tuple[type[NotApplicable], tuple[list[tuple[str, str]]]]:
        return type(self), (self.wrong,)


def key_text(path: Path) -> str:
    """A place as people write it, elements of arrays counted from 1: ``job[1].grid.width[2]``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            plain = part.replace("-", "_").isidentifier() and part.isascii()
            text += f"{'.' * bool(text)}{part if plain else shown(part)}"
    return text


def explained(error: ErrorDetails, document: Any, lines: Mapping[Path, int]) -> tuple[Path, str]:
    """Where a finding of pydantic is in the document, and what it means in our words."""
    path = tuple(error["loc"])
    value, context = error.get("input"), error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            known = known_keys(path[:-1])
            return path, f"there is no such key; {_suggestion(str(path[-1]), known)}"
        case "missing":
            return path[:-1], f"{path[-1]} is missing; add [[job]] with an experiment, a scene or a figure"
        case "int_type" | "int_from_float":
            what = "give a whole number"
        case "float_type" | "finite_number":
            what = "give a number"
        case "string_type":
            what = "give a text in quotes"
        case "bool_type":
            what = "give true or false"
        case "list_type" if path == ("job",):
            return path, "write [[job]], in two pairs of brackets, above each job"
        case "list_type" if path[-1] in ("experiment", "scene", "figure", "format"):
            what = "give a text in quotes, or a list of texts"
        case "list_type":
            what = "give a list in [ ]"
        case "model_type" | "model_attributes_type":
            what = "this is to be a table of keys and values"
        case "literal_error":
            what = f"choose {context['expected']}"
        case "too_short" | "string_too_short":
            what = "is empty; give at least one" if isinstance(value, list) else "is empty"
            return _existing(path, lines), what
        case "too_long" | "string_too_long":
            most = context.get("max_length")
            return _existing(path, lines), f"is too long; at most {most} are possible"
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            words = {"ge": "at least", "le": "at most", "gt": "above", "lt": "below"}
            key, limit = next((key, limit) for key, limit in context.items() if key in words)
            what = f"give a number {words[key]} {limit}"
        case _:
            what = " ".join(str(error["msg"]).split())
    if isinstance(value, list) and _is_parameter_of_a_job(path):
        what += f"; for several, write grid.{path[-1]} = [...]"
    return _existing(path, lines), f"{shown(value)} is not possible; {what}"


def _existing(path: Path, lines: Mapping[Path, int]) -> Path:
    """The path without what a scalar that stands for a list has not got."""
    while path and path not in lines:
        path = path[:-1]
    return path


def _is_parameter_of_a_job(path: Path) -> bool:
    return len(path) == 3 and path[0] == "job" and path[2] in Parameters.model_fields


def _suggestion(name: str, known: tuple[str, ...]) -> str:
    return str(UnknownNameError("key", name, known)).partition("; ")[2]
