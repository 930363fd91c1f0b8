"""How a network is trained."""

from __future__ import annotations

import math
from dataclasses import dataclass

from topo_core.errors import SpecError, UnknownNameError

#: What a contractive penalty may measure (see ``topo_core.penalties``).
PENALTIES = ("representation", "logit", "layers")


@dataclass(frozen=True)
class Recipe:
    """How a network is trained: Adam, cosine decay after a linear warm-up, clipped gradients.

    Attributes
    ----------
    restarts
        Independent initialisations trained side by side; the best one is kept.
    steps
        Full-batch gradient steps.
    learning_rate
        Peak learning rate of Adam (Kingma and Ba, 2015).
    betas
        Adam's decay rates of the first and second moment.
    warmup
        Steps over which the learning rate rises linearly.
    clip
        Largest Euclidean norm of one restart's gradient.
    init, gain
        Initialiser of the weights (see ``topo_core.networks``); biases start at 0.
    decay
        Strength of the pull of every hidden weight matrix towards the identity (and, a tenth as strong,
        of the readout towards 0). It keeps layers gentle: space moves no more than it has to.
    snapshots
        About how many snapshots of the weights are kept, densely at first.
    fresh
        Whether every step draws new training points, from the dataset's seed, the experiment's and
        the step; the dataset must be random.
    penalty, penalty_strength
        One of ``PENALTIES`` or none, and its weight beside the cross-entropy (Rifai et al., 2011;
        essay, "The Easy Way Out").

    Raises
    ------
    SpecError
        For a value out of range.
    """

    restarts: int = 16
    steps: int = 5000
    learning_rate: float = 0.02
    betas: tuple[float, float] = (0.9, 0.99)
    warmup: int = 100
    clip: float = 1.0
    init: str = "xavier"
    gain: float = 1.0
    decay: float = 2e-3
    snapshots: int = 120
    fresh: bool = False
    penalty: str = ""
    penalty_strength: float = 0.0

    def __post_init__(self) -> None:
        for name in ("restarts", "steps", "snapshots"):
            if getattr(self, name) < 1:
                raise SpecError(f"{name} = {getattr(self, name)}: must be at least 1")
        for name in ("learning_rate", "clip", "gain"):
            if not 0 < getattr(self, name) < math.inf:
                raise SpecError(f"{name} = {getattr(self, name)}: must be positive and finite")
        for name in ("decay", "penalty_strength"):
            if not 0 <= getattr(self, name) < math.inf:
                raise SpecError(f"{name} = {getattr(self, name)}: must be 0 or more, and finite")
        if self.penalty and self.penalty not in PENALTIES:
            raise SpecError(str(UnknownNameError("penalty", self.penalty, PENALTIES)))
        if self.penalty_strength and not self.penalty:
            raise SpecError(
                f"penalty_strength = {self.penalty_strength} of no penalty: "
                f"choose the penalty {', '.join(PENALTIES[:-1])} or {PENALTIES[-1]}"
            )
        if not all(0 <= beta < 1 for beta in self.betas):
            raise SpecError(f"betas = {self.betas}: each must be at least 0 and below 1")
