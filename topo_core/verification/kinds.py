"""What a kind of claim is: its fields, the sentence that they make, and how it is proven."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from topo_core.verification.facts import Facts
from topo_core.verification.margins import Verdict

Json = dict[str, Any]
Check = Callable[[Any], bool]


@dataclass(frozen=True)
class Finding:
    """What came of proving one claim: the verdict and, in words, the evidence or what is wrong."""

    verdict: Verdict
    why: str


@dataclass(frozen=True)
class Kind:
    """A kind of claim.

    Attributes
    ----------
    fields
        The claim's keys beside ``claim`` and ``says``, all needed, with what their values must satisfy.
    says
        The sentence that the fields make.
    prove
        The proof; the fields are well-formed.
    """

    fields: Mapping[str, Check]
    says: Callable[[Json], str]
    prove: Callable[[Facts, Json], Finding]

    def fits(self, claim: Json) -> bool:
        """Whether a claim has just these fields, and values that they may have."""
        return claim.keys() == {"claim", "says", *self.fields} and all(
            check(claim[name]) for name, check in self.fields.items()
        )


def whole(value: Any) -> bool:
    """Whether it is a whole number, of at most 15 digits."""
    return type(value) is int and abs(value) < 10**15


def count(value: Any) -> bool:
    """Whether it is a whole number from 0 up."""
    return whole(value) and bool(value >= 0)


def natural(value: Any) -> bool:
    """Whether it is a whole number from 1 up."""
    return whole(value) and bool(value > 0)


def real(value: Any) -> bool:
    """Whether it is a finite number."""
    return whole(value) or (type(value) is float and isfinite(value))


def reals(value: Any) -> bool:
    """Whether it is a list of finite numbers, at most 10,000."""
    return isinstance(value, list) and len(value) <= 10_000 and all(map(real, value))


def text(value: Any) -> bool:
    """Whether it is a text of at most 200 printable characters."""
    return isinstance(value, str) and len(value) <= 200 and value.isprintable()


def one_of(*values: str) -> Check:
    """Whether it is one of these texts."""
    return lambda value: isinstance(value, str) and value in values


def proven(why: str) -> Finding:
    """A proof."""
    return Finding("proven", why)


def refuted(why: str) -> Finding:
    """What contradicts the claim."""
    return Finding("refuted", why)


def undecided(why: str) -> Finding:
    """What stands in the way of a proof."""
    return Finding("undecided", why)


def written(value: float) -> str:
    """A number in digits that give it back exactly, so that a sentence states what is proven and no more."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def times(number: int, name: str) -> str:
    """A number of things: ``"1 layer"``, ``"2 layers"``."""
    return f"{number} {name}{'' if number == 1 else 's'}"
