"""The opening example: what is said of the deeper network follows what was measured."""

import pytest

from scenes.essay.simple import deeper
from tests.scenes.essay_scenes import GENTLE, READOUT, learned
from topo_core.datasets import TwoCurves
from topo_core.trace import Trace


def network(*gaps: float) -> Trace:
    outcome = {"gaps": list(gaps)} if gaps else {}
    return learned(TwoCurves(n_per_class=8), [GENTLE], READOUT, outcome)


@pytest.mark.parametrize(
    ("first", "deep", "further"),
    [((0.2, 0.34), (0.2, 0.17, 0.52), True), ((0.2, 0.34), (0.2, 0.5, 0.3), False), ((), (0.2, 0.5), False)],
)
def test_the_deeper_network_is_said_to_draw_them_apart_only_if_it_does(
    first: tuple[float, ...], deep: tuple[float, ...], further: bool
) -> None:
    assert ("further apart" in deeper(network(*first), network(*deep))) is further
