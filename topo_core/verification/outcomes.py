"""Whether what was measured of a trace can be: it must agree with itself and with what is proven."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from topo_core.verification.kinds import natural, real, whole

Json = dict[str, Any]

#: Relative error that measuring may have.
_ROUNDING = 1e-9

#: What is looked at, and what it must be.
_NUMBERS: dict[str, Callable[[Any], bool]] = {
    "separated": lambda value: isinstance(value, bool),
    "wrong": lambda value: whole(value) and value >= 0,
    "dense_points": natural,
    "accuracy": lambda value: real(value) and 0 <= value <= 1,
    "margin": lambda value: value is None or real(value),
}


def contradiction(outcome: Json, proven: Sequence[Json], single_points: bool) -> str:
    """Why an outcome cannot have been measured, in words; empty if it can, or says nothing.

    Parameters
    ----------
    outcome
        Of a trace: ``separated``, ``wrong``, ``dense_points``, ``accuracy`` and ``margin`` are looked at.
    proven
        The proven claims.
    single_points
        Whether the data are single points, so that those measured are the training points.
    """
    for name, fits in _NUMBERS.items():
        if name in outcome and not fits(outcome[name]):
            return f"its {name} makes no sense"
    separated, wrong, points, accuracy, margin = (outcome.get(name) for name in _NUMBERS)
    wrong_side = None if wrong is None else wrong == 0
    beyond = None if "margin" not in outcome else margin is not None and margin > 0
    for agrees, name in ((wrong_side, "wrong"), (beyond, "margin")):
        if separated is not None and agrees is not None and agrees != separated:
            return f"separated = {separated} and {name} = {outcome[name]} do not agree"
    if wrong is None or points is None or accuracy is None:
        pass
    elif abs(points * (1 - accuracy) - wrong) > _ROUNDING * points:
        return f"{wrong} of {points} points wrong and accuracy {accuracy:g} do not agree"
    for claim in proven:
        kind = claim["claim"]
        if kind == "separated":
            apart = separated in (None, True) and wrong in (None, 0) and accuracy in (None, 1)
            if not apart or (margin is not None and margin < claim["margin"] * (1 - _ROUNDING)):
                return (
                    f"the data are proven to be apart by at least {claim['margin']:g}, and it says otherwise"
                )
        if kind == "accuracy" and single_points and wrong not in (None, claim["points"] - claim["right"]):
            return f"{claim['points'] - claim['right']} points are proven to be wrong, and it says {wrong}"
    return ""
