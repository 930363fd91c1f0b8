"""How much a neighbour's class counts, as a function of its distance.

Essay, "K-Nearest Neighbor Layers": every neighbour votes for its class "giving each one a weight of
1/(distance from classification target)". In many dimensions that weight has too heavy a tail: all the far
points together outvote the near ones. The other weightings fall faster.

Only logarithms of weights are ever computed, so that none under- or overflows. A constant factor changes no
vote; each weight is scaled to 1 at distance 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from topo_core.errors import SpecError, shown

#: A tensor or an array.
T = TypeVar("T", bound=Any)

#: How weightings are written.
FORMS = "1/d, 1/d^P, gaussian[:WIDTH], cosine[:TEMPERATURE], student[:FREEDOM]"

#: Largest number that a weighting takes as its parameter.
_MOST = 1e6


@dataclass(frozen=True)
class Weighting:
    """Base of all weightings.

    ``on_sphere`` says that points are first divided by their norms, so that distances are chords of the
    unit sphere.
    """

    on_sphere: ClassVar[bool] = False

    def log_weights(self, squared: T, log1p: Callable[[T], T]) -> T:
        """Logarithms of the weights at squared distances, 0 at distance 0.

        ``log1p`` is ``torch.log1p`` for a tensor, ``numpy.log1p`` for an array.
        """
        raise NotImplementedError

    def _check(self, name: str, low: float = 0.0) -> None:
        value = getattr(self, name)
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if not (good and low < value <= _MOST):  # nan is not
            raise SpecError(
                f"weighting {type(self).__name__}: {name} = {shown(value)}: "
                f"give a number above {low:g}, at most {_MOST:g}"
            )


@dataclass(frozen=True)
class InverseDistance(Weighting):
    """``1/d^p``, the essay's with p = 1, made finite at 0: ``(1 + d^2/floor^2)^(-p/2)``.

    Far above ``floor`` (in units of the representation) it is ``(floor/d)^p``.
    """

    p: float = 1.0
    floor: float = 1e-3

    def __post_init__(self) -> None:
        self._check("p")
        self._check("floor")

    def log_weights(self, squared: T, log1p: Callable[[T], T]) -> T:
        """``-p/2 log(1 + d^2/floor^2)``."""
        logs: T = log1p(squared / self.floor**2) * (-self.p / 2)
        return logs

    def __str__(self) -> str:
        return "1/d" if self.p == 1 else f"1/d^{self.p:g}"


@dataclass(frozen=True)
class Gaussian(Weighting):
    """``exp(-d^2/width^2)``: neighbourhood components analysis (Goldberger et al., 2005) with width 1."""

    width: float = 1.0

    def __post_init__(self) -> None:
        self._check("width")

    def log_weights(self, squared: T, log1p: Callable[[T], T]) -> T:
        """``-d^2/width^2``."""
        logs: T = squared * (-1 / self.width**2)
        return logs

    def __str__(self) -> str:
        return "gaussian" if self.width == 1 else f"gaussian:{self.width:g}"


@dataclass(frozen=True)
class Cosine(Weighting):
    """``exp((cos - 1)/temperature)``, cos of the angle between two representations.

    On the unit sphere ``1 - cos`` is half the squared chord. The origin, which has no direction, stays
    where it is, at distance 1 from every point of the sphere.
    """

    temperature: float = 0.1
    on_sphere: ClassVar[bool] = True

    def __post_init__(self) -> None:
        self._check("temperature")

    def log_weights(self, squared: T, log1p: Callable[[T], T]) -> T:
        """``-d^2/(2 temperature)``."""
        logs: T = squared * (-1 / (2 * self.temperature))
        return logs

    def __str__(self) -> str:
        return f"cosine:{self.temperature:g}"


@dataclass(frozen=True)
class StudentT(Weighting):
    """Student's t with ``freedom`` degrees: ``(1 + d^2/freedom)^(-(freedom + 1)/2)``."""

    freedom: float = 1.0

    def __post_init__(self) -> None:
        self._check("freedom")

    def log_weights(self, squared: T, log1p: Callable[[T], T]) -> T:
        """``-(freedom + 1)/2 log(1 + d^2/freedom)``."""
        logs: T = log1p(squared / self.freedom) * (-(self.freedom + 1) / 2)
        return logs

    def __str__(self) -> str:
        return f"student:{self.freedom:g}"


_NAMED: dict[str, Callable[..., Weighting]] = {
    "gaussian": Gaussian,
    "nca": Gaussian,
    "cosine": Cosine,
    "student": StudentT,
}


def weighting(text: str) -> Weighting:
    """Read a weighting such as ``"1/d^8"``, ``"gaussian"`` or ``"cosine:0.1"``; ``str`` writes it back.

    Raises
    ------
    SpecError
        When ``text`` is no such weighting.
    """
    name, colon, number = (part.strip() for part in text.strip().partition(":"))
    if name == "1/d" and not colon:
        return InverseDistance()
    if name.startswith("1/d^") and not colon:
        return InverseDistance(_number(name[4:], text))
    if name not in _NAMED:
        raise SpecError(f"weighting {shown(text)}: use one of {FORMS}")
    return _NAMED[name](_number(number, text)) if colon else _NAMED[name]()


def _number(text: str, whole: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= _MOST:
        raise SpecError(
            f"weighting {shown(whole)}: {shown(text)} is not a positive number up to {_MOST:g}; "
            f"use one of {FORMS}"
        )
    return value
