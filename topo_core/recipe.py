"""How a network is trained."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from topo_core.errors import SpecError, UnknownNameError, shown

#: What a contractive penalty may measure (see ``topo_core.penalties``).
PENALTIES = ("representation", "logit", "layers")

#: Where the centres of a flow layer's Gaussians are: among training points, there or moved by training.
ANCHORS = ("points", "learned")

#: The largest slope that fields may be trained with: what is looked at leaves so much to be proven.
MOST_SLOPE = 0.95


@dataclass(frozen=True)
class VectorFields:
    """How flow layers begin, what of them is learned, and what they may do.

    Attributes
    ----------
    anchors
        ``"points"``: centres stay at training points, drawn for each layer, as the essay proposes;
        ``"learned"``: they begin there. Behind other layers, at their first representation.
    terms
        Gaussians of each layer.
    scale, smallest_scale
        Their width at first, and the least that it is learned down to, in data units. Without a least width,
        fields learn to push one curve through another between two training points.
    slope
        What the norm of a field's derivative is kept at or below while it is trained, below 1: wherever it is
        looked at, at every step. At the end it is proven to be below 1 everywhere (``topo_core.gentle``).

    Raises
    ------
    SpecError
        For a value out of range.
    """

    anchors: str = "learned"
    terms: int = 8
    scale: float = 0.5
    smallest_scale: float = 0.3
    slope: float = 0.8

    def __post_init__(self) -> None:
        if self.anchors not in ANCHORS:
            raise SpecError(f"anchors = {shown(self.anchors)}: use one of {', '.join(ANCHORS)}")
        if self.terms < 1:
            raise SpecError(f"terms = {self.terms}: must be at least 1")
        if not 0 < self.smallest_scale <= self.scale < math.inf:
            raise SpecError(
                f"scale = {self.scale}, smallest_scale = {self.smallest_scale}: "
                "give 0 < smallest_scale <= scale, finite"
            )
        if not 0 < self.slope <= MOST_SLOPE:
            raise SpecError(f"slope = {self.slope}: must be above 0 and at most {MOST_SLOPE}")


@dataclass(frozen=True)
class Recipe:
    """How a network is trained: Adam, cosine decay after a linear warm-up, clipped gradients.

    Attributes
    ----------
    restarts
        Independent initialisations trained side by side; the best one is kept.
    steps
        Gradient steps.
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
    batch
        How many training points each step looks at, drawn anew from the experiment's seed and the step; with
        0, or more than there are, all of them.
    penalty, penalty_strength
        One of ``PENALTIES`` or none, and its weight beside the cross-entropy (Rifai et al., 2011;
        essay, "The Easy Way Out").
    fields
        About flow layers, where the network has any.

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
    batch: int = 0
    fields: VectorFields = field(default_factory=VectorFields)

    def __post_init__(self) -> None:
        for name in ("restarts", "steps", "snapshots"):
            if getattr(self, name) < 1:
                raise SpecError(f"{name} = {getattr(self, name)}: must be at least 1")
        if self.batch < 0:
            raise SpecError(f"batch = {self.batch}: must be 0 or more")
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
