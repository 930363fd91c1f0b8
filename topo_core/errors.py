"""What a user can get wrong: each error is one line that says what is wrong and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class TopoError(Exception):
    """Base of every error that a user can cause; ``str(error)`` is the whole message, one line."""

    def _render_traceback_(self) -> list[str]:
        """What IPython and notebooks show instead of a traceback."""
        return [f"Error: {self}"]


class DataError(TopoError):
    """A dataset's parameters or a file of points are not usable."""


class SpecError(TopoError):
    """A network, a recipe or another specification is not usable."""


class TraceError(TopoError):
    """A trace file is missing, damaged, hostile or of another version."""


class DependencyError(TopoError):
    """A library or program that this task needs is missing."""


class UnknownNameError(TopoError):
    """Nothing of that kind has that name; the message suggests the nearest ones.

    Parameters
    ----------
    kind
        What was looked for, in the singular: ``"experiment"``.
    name
        The name that was given.
    known
        The names that exist, in the order in which to list them.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        super().__init__(f"no {kind} is called {shown(name)}; {_remedy(name, self.known)}")

    def __reduce__(self) -> tuple[type[UnknownNameError], tuple[str, str, tuple[str, ...]]]:
        return type(self), (self.kind, self.name, self.known)


def _remedy(name: str, known: tuple[str, ...]) -> str:
    if not known:
        return "there are none"
    folded = {other.casefold(): other for other in known}
    near = difflib.get_close_matches(name[:_LONGEST].casefold(), folded, n=3)
    if near:
        return f"did you mean {' or '.join(folded[other] for other in near)}?"
    return f"choose one of {', '.join(known)}"


#: Characters of a foreign value that a message repeats.
_LONGEST = 60


def shown(value: object) -> str:
    """Quote a foreign value for a message: escaped, on one line, and cut when it is long."""
    text = repr(value[: _LONGEST + 1] if isinstance(value, str) else value)
    return text if len(text) <= _LONGEST + 2 else f"{text[:_LONGEST]}..."
