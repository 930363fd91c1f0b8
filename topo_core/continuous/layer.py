"""A layer in continuous time, integrated with torchdiffeq, for all restarts at once.

Chen, Rubanova, Bettencourt and Duvenaud, "Neural Ordinary Differential Equations", 2018. Two solutions never
meet, so the time-t map is a homeomorphism for every t, whatever F is; a solver only comes near to it.
Gradients are those of the solver's own steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from topo_core.continuous.recipe import ADAPTIVE, ContinuousTime
from topo_core.errors import SpecError
from topo_core.extras import optional
from topo_core.field_layers import FieldLayer, confine_parts, shares
from topo_core.recipe import VectorFields

#: Tolerance with which the exact motion is found, to compare with.
_EXACT = 1e-8


class ContinuousLayer(FieldLayer):
    """``restarts`` independent time-1 maps.

    ``vectors`` has shape ``(restarts, knots * m, d)``, those of the first knot first.

    Raises
    ------
    DependencyError
        When torchdiffeq is not installed.
    """

    def __init__(
        self,
        points: Tensor,
        fields: VectorFields,
        generators: Sequence[torch.Generator],
        time: ContinuousTime,
    ) -> None:
        super().__init__(points, fields, generators)
        self.time = time
        self.vectors = nn.Parameter(self.vectors.detach().repeat(1, time.knots, 1))
        self._solve: Any = optional("torchdiffeq", "ode", "Vector fields in continuous time").odeint

    def forward(self, h: Tensor) -> Tensor:
        """Where points in columns ``(restarts, d, n)`` are at time 1, by the solver."""
        if self.time.solver in ADAPTIVE:
            return self._moved(h, self.time.solver, rtol=self.time.rtol, atol=self.time.atol)
        return self._moved(h, self.time.solver, options={"step_size": 1 / self.time.steps})

    def exact(self, h: Tensor) -> Tensor:
        """The same, with a tolerance of 1e-8."""
        return self._moved(h, "dopri5", rtol=_EXACT, atol=_EXACT)

    def _moved(self, h: Tensor, method: str, **options: Any) -> Tensor:
        anchors, scales = self.anchors, self.log_scale.exp()
        knots = self._knots()

        def field(t: Tensor, x: Tensor) -> Tensor:
            return torch.bmm(between(knots, float(t.detach())).mT, shares(x, anchors, scales))

        times = torch.tensor([0.0, 1.0], dtype=h.dtype)
        result: Tensor = self._solve(field, h, times, method=method, **options)[-1]
        return result

    def _knots(self) -> Tensor:
        """Vectors at each knot, ``(restarts, knots, m, d)``."""
        restarts, m, d = self.anchors.shape
        return self.vectors.view(restarts, self.time.knots, m, d)

    def jacobian(self, h: Tensor) -> Tensor:
        """Refuse: penalties need derivatives, which would have to be integrated, too.

        Raises
        ------
        SpecError
            Always.
        """
        raise SpecError("no penalty knows layers in continuous time: leave it out, or use flow layers")

    def confine(self, h: Tensor, generator: torch.Generator) -> None:
        """Shorten all vectors, where the derivative is too large at a knot and a place that is looked at."""
        with torch.no_grad():
            k = self.time.knots
            vectors = self._knots().transpose(0, 1).flatten(0, 1)
            parts = self.anchors.repeat(k, 1, 1), vectors, self.log_scale.exp().repeat(k, 1, 1)
            factors = confine_parts(h.repeat(k, 1, 1), parts, self.time.speed, generator)
            self.vectors.mul_(factors.view(k, -1, 1, 1).amin(0))


def between(knots: Tensor, t: float) -> Tensor:
    """Vectors ``(restarts, m, d)`` at a time, linear between knots ``(restarts, k, m, d)``."""
    place = min(max(t, 0.0), 1.0) * (knots.shape[1] - 1)
    first = min(int(place), max(knots.shape[1] - 2, 0))
    part = place - first
    return knots[:, first] if part == 0 else (1 - part) * knots[:, first] + part * knots[:, first + 1]
