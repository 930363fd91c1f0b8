"""What the film consists of: the catalogue's scenes in their order, each with its title card."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from scenes.catalogue import SCENES
from scenes.output.cache import request_key
from scenes.output.settings import Settings
from topo_core.errors import SpecError, shown


@dataclass(frozen=True)
class Card:
    """What a title card says: the number of a scene, its title, and a line about it."""

    number: int
    title: str
    about: str

    def key(self, settings: Settings) -> str:
        """Its key in the cache."""
        return request_key({"card": asdict(self), "settings": asdict(settings)})


@dataclass(frozen=True)
class Part:
    """A scene of the film, with its title card."""

    target: str
    card: Card

    @property
    def chapter(self) -> str:
        """Its name in the list of chapters."""
        return f"{self.card.number}. {self.card.title}"


def film_parts() -> tuple[Part, ...]:
    """Every scene of the catalogue, in the essay's order."""
    parts = []
    for number, entry in enumerate(SCENES.values(), 1):
        title, _, rest = entry.title.partition(": ")
        about = entry.about or rest[:1].upper() + rest[1:]
        parts.append(Part(entry.name, Card(number, title, about)))
    return tuple(parts)


def chosen_parts(only: str | None) -> tuple[Part, ...]:
    """The parts that ``only`` names by number, for example ``"1,3-5"``; without it, all of them.

    Raises
    ------
    SpecError
        For what is no such list, or names a scene that does not exist.
    """
    parts = film_parts()
    if only is None:
        return parts
    numbers = numbers_in(only, len(parts))
    return tuple(part for part in parts if part.card.number in numbers)


def numbers_in(only: str, count: int) -> frozenset[int]:
    """The numbers in a list of numbers and ranges, each from 1 to ``count``.

    Raises
    ------
    SpecError
        For what is no such list, or a number outside it.
    """
    numbers: set[int] = set()
    for item in only.split(","):
        found = re.fullmatch(r"\s*([0-9]{1,6})\s*(?:-\s*([0-9]{1,6})\s*)?", item)
        if found is None:
            raise SpecError(f"--only {shown(only)}: give numbers of scenes and ranges, for example 1,3-5")
        first, last = int(found[1]), int(found[2] or found[1])
        if first > last:
            raise SpecError(f"--only {shown(only)}: the range {first}-{last} runs backwards")
        for end in (first, last):
            if not 1 <= end <= count:
                raise SpecError(
                    f"--only {shown(only)}: there is no scene {end}; choose from 1 to {count} (see: list)"
                )
        numbers.update(range(first, last + 1))
    return frozenset(numbers)


def name_of(parts: Sequence[Part]) -> str:
    """The name of a film of these parts: ``film``, or for example ``film-1,3-5`` if some are left out."""
    numbers = [part.card.number for part in parts]
    if len(numbers) == len(SCENES):
        return "film"
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "film-" + ",".join(f"{r[0]}-{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)
