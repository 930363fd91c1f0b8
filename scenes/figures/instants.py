"""Which instant of a scene a figure shows, as a user writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from topo_core.errors import SpecError, shown

_FORMS = "12.5s, section:3, section:3/0.5, layer:2, layer:2/0.5, or end"
_TIME = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*s?")
_PLACE = re.compile(r"(section|layer):(\d+)(?:/(\d+(?:\.\d*)?|\.\d+))?")


@dataclass(frozen=True)
class Instant:
    """An instant of a scene.

    Attributes
    ----------
    kind
        ``"time"``, ``"section"``, ``"layer"`` or ``"end"``.
    number
        Seconds from the beginning; the section or layer, counted from 1 (layer 0 is the input).
    share
        Of the section's time, or of the layer's way.
    """

    kind: str
    number: float = 0.0
    share: float = 1.0

    @classmethod
    def parse(cls, text: str) -> Instant:
        """What a user writes: ``12.5s``, ``section:3``, ``section:3/0.5``, ``layer:2/0.5``, ``end``.

        Raises
        ------
        SpecError
            When it is none of these.
        """
        written = text.strip().lower()
        if written == "end":
            return cls("end")
        if time := _TIME.fullmatch(written):
            return cls("time", float(time[1]))
        place = _PLACE.fullmatch(written)
        if place is None:
            raise SpecError(f"--at {shown(text)}: write an instant as {_FORMS}")
        share = 1.0 if place[3] is None else float(place[3])
        number = int(place[2])
        if share > 1:
            raise SpecError(f"--at {text}: behind the stroke stands a share from 0 to 1")
        if place[1] == "section" and number == 0:
            raise SpecError(f"--at {text}: sections are counted from 1")
        return cls(place[1], float(number), share)

    def __str__(self) -> str:
        if self.kind == "time":
            return f"{self.number:g}s"
        if self.kind == "end":
            return "end"
        return f"{self.kind}:{self.number:g}" + (f"/{self.share:g}" if self.share != 1 else "")
