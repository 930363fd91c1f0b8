"""Whether what was measured of a trace can be: it must agree with itself and with what is proven."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from topo_core.verification.kinds import natural, real, whole

Json = dict[str, Any]

#: Relative error that measuring may have.
_ROUNDING = 1e-9


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
    names = ("separated", "wrong", "dense_points", "accuracy", "margin")
    if not any(name in outcome for name in names):
        return ""
    separated, wrong, points, accuracy, margin = (outcome.get(name) for name in names)
    if not (
        isinstance(separated, bool) and isinstance(accuracy, float | int) and whole(wrong) and natural(points)
    ):
        return "it is not a measurement in full"
    if margin is not None and not real(margin):
        return "its margin is no number"
    if (not 0 <= int(wrong or 0) <= int(points or 0)) or separated != (wrong == 0):
        return f"{wrong} of {points} points wrong and separated = {separated} do not agree"
    if abs(accuracy - (1 - int(wrong or 0) / int(points or 1))) > _ROUNDING:
        return f"{wrong} of {points} points wrong and accuracy {accuracy:g} do not agree"
    if separated != (margin is not None and margin > 0):
        return f"margin {margin} and separated = {separated} do not agree"
    for claim in proven:
        kind = claim["claim"]
        if kind == "separated" and not (separated and margin >= claim["margin"] * (1 - _ROUNDING)):
            return (
                f"the data are proven to be separated by at least {claim['margin']:g}, and it says otherwise"
            )
        if kind == "accuracy" and single_points and wrong != claim["points"] - claim["right"]:
            return f"{claim['points'] - claim['right']} points are proven to be wrong, and it says {wrong}"
    return ""
