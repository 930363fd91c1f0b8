"""Flows that are proven to fold nothing: shortened where they would, and only as much as it takes."""

from __future__ import annotations

from topo_core.errors import TopoError
from topo_core.flow import Flow
from topo_core.lipschitz import changes_slowly

#: What is proven of the Lipschitz constant, and by how much vectors are shortened at a time.
PROVEN_SLOPE, _SHORTER = 0.97, 0.9
#: Times that a flow is shortened at most: to less than a thousandth.
_TIMES = 70


def gentle(flow: Flow, limit: float = PROVEN_SLOPE) -> tuple[Flow, float]:
    """A flow whose Lipschitz constant is proven to be at most ``limit``, and its share of the given one.

    F is linear in its vectors, so that a shorter one has the same shape and is gentler. If the constant of
    the flow itself is proven, it is returned as it is and the share is 1.

    Raises
    ------
    TopoError
        When nothing can be proven, as in more than 6 dimensions.
    """
    share = 1.0
    for _ in range(_TIMES):
        shorter = flow if share == 1 else Flow(flow.anchors, share * flow.vectors, flow.scale)
        if changes_slowly(shorter, limit):
            return shorter, share
        share *= _SHORTER
    raise TopoError(
        f"a flow of {flow.dimension} dimensions and {len(flow.anchors)} terms is not proven to fold nothing, "
        "however short its vectors: use at most 6 dimensions, and anchors near the origin"
    )
