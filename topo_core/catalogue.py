"""The essay's experiments, in its order."""

from __future__ import annotations

from dataclasses import replace

from topo_core.datasets import (
    Digits,
    DiscInAnnulus,
    Interval,
    Islands,
    LinkedTori,
    Spirals,
    TwoCurves,
    Unlink,
)
from topo_core.experiment import Experiment
from topo_core.field_experiments import FIELD_EXPERIMENTS
from topo_core.knn.recipe import Fitting
from topo_core.recipe import Recipe
from topo_core.spec import NetworkSpec
from topo_core.unlinking.recipe import Unlinking

_FOUR_LAYERS = NetworkSpec.parse("2-2-2-2-2")

#: The recipe with which about one restart in five separates the more entangled spirals.
_WIDE_SEARCH = Recipe(
    restarts=32,
    steps=15_000,
    learning_rate=0.1,
    init="orthogonal",
    gain=2.0,
    decay=1e-4,
    snapshots=160,
)

#: Depth against the disc in the annulus: new points at every step, and nothing that keeps layers gentle.
_EASY_WAY_OUT = Recipe(steps=3000, init="orthogonal", gain=1.5, decay=0.0, fresh=True)


def _annulus_of_depth(depth: int) -> Experiment:
    number = ("one", "two", "three", "four", "five", "six")[depth - 1]
    return Experiment(
        f"annulus-depth-{depth}",
        f"Disc in annulus, {number} layer{'s' * (depth > 1)} of two units",
        DiscInAnnulus(),
        NetworkSpec.parse("-".join(["2"] * (depth + 1))),
        _EASY_WAY_OUT,
        claim="Depth brings accuracy nearer to 100 % and never to it, at the price of ever more stretching.",
    )


def _layer_by_layer(activation: str) -> Experiment:
    """Of the kind in Naitzat, Zhitnikov, Lim (2020): Betti numbers are estimated in every layer."""
    claim = {
        "tanh": "Every layer is a homeomorphism: the hole can only become too small to be seen.",
        "relu": "Layers that fold and flatten may fill the hole for good.",
    }
    return Experiment(
        f"layers-{activation}",
        f"Disc in annulus, five {activation} layers of three units, layer by layer",
        DiscInAnnulus(),
        NetworkSpec.parse("2-3-3-3-3-3", activation),
        Recipe(steps=3000, init="orthogonal", gain=1.5, decay=0.0),
        claim=claim[activation],
        homology=True,
    )


def _contractive(strength: str) -> Experiment:
    return Experiment(
        f"annulus-contractive-{strength}",
        f"Disc in annulus, four layers, penalty {strength} on the logit's gradient",
        DiscInAnnulus(),
        _FOUR_LAYERS,
        replace(_EASY_WAY_OUT, penalty="logit", penalty_strength=float(strength)),
        claim="A contractive penalty trades accuracy for gentleness.",
    )


def _digits(name: str, title: str, body: str, fitting: Fitting, claim: str) -> Experiment:
    spec = NetworkSpec.parse(body)
    return Experiment(
        f"digits-{name}", f"Handwritten digits, {title}", Digits(), spec, fitting=fitting, claim=claim
    )


def _digits_power(p: int) -> Experiment:
    weight = "1/d" if p == 1 else f"1/d^{p}"
    return _digits(
        f"power-{p}",
        f"neighbours weighted {weight} in 32 dimensions",
        "64-60:relu-32:linear",
        Fitting(weight, epochs=15, snapshots=2),
        "In many dimensions the weight has to fall fast, or all the far points outvote the near ones.",
    )


CATALOGUE = (
    Experiment(
        "curves-linear",
        "Two curves, no hidden layer",
        TwoCurves(),
        NetworkSpec.parse("2"),
        Recipe(restarts=1, steps=2000),
        claim="Without a hidden layer the boundary is a line, which cannot separate the curves.",
    ),
    Experiment(
        "curves",
        "Two curves, one hidden layer",
        TwoCurves(),
        NetworkSpec.parse("2-2"),
        Recipe(steps=3000),
        claim="One hidden layer of two tanh units bends the boundary around both curves.",
    ),
    Experiment(
        "curves-deep",
        "Two curves, three hidden layers",
        TwoCurves(),
        NetworkSpec.parse("2-2-2-2"),
        Recipe(steps=4000),
        claim="Deeper representations draw the curves further apart.",
    ),
    Experiment(
        "spirals",
        "Two spirals, slightly entangled",
        Spirals(turns=0.75, n_per_class=64),
        _FOUR_LAYERS,
        claim="Four hidden layers of two tanh units separate the spirals.",
    ),
    Experiment(
        "spirals-entangled",
        "Two spirals, more entangled",
        Spirals(turns=1.0, n_per_class=64),
        _FOUR_LAYERS,
        claim="Trained as the slightly entangled pair is, the network fails.",
    ),
    Experiment(
        "spirals-entangled-wide",
        "Two spirals, more entangled: a wider search",
        Spirals(turns=1.0, n_per_class=128),
        _FOUR_LAYERS,
        _WIDE_SEARCH,
        claim="The same architecture separates them: the failure was one of search.",
    ),
    Experiment(
        "annulus",
        "Disc in annulus, two units",
        DiscInAnnulus(),
        NetworkSpec.parse("2-2"),
        Recipe(steps=3000),
        claim="Topologically impossible: A stays surrounded by B in every layer.",
    ),
    Experiment(
        "annulus-area",
        "Disc in annulus, two units, classes by area",
        DiscInAnnulus(balanced=False),
        NetworkSpec.parse("2-2"),
        Recipe(steps=3000),
        claim="About 83 %: hardly better than always answering B, which has 5/6 of the area.",
    ),
    Experiment(
        "annulus-3",
        "Disc in annulus, three units",
        DiscInAnnulus(),
        NetworkSpec.parse("2-3"),
        Recipe(steps=3000),
        claim="A third unit lifts the disc out of the plane.",
    ),
    *(_annulus_of_depth(depth) for depth in range(1, 7)),
    *(_contractive(strength) for strength in ("1e-4", "1e-3", "1e-2", "1e-1")),
    Experiment(
        "annulus-loophole",
        "Disc in annulus, four layers: a penalty on the representation alone",
        DiscInAnnulus(),
        _FOUR_LAYERS,
        replace(_EASY_WAY_OUT, penalty="representation", penalty_strength=0.03),
        claim="The representation shrinks and the readout grows: the stretching is only moved.",
    ),
    Experiment(
        "interval",
        "Interval, two units",
        Interval(),
        NetworkSpec.parse("1-2"),
        Recipe(steps=3000),
        claim="Two units bend the line into a curve that a line cuts.",
    ),
    Experiment(
        "interval-1",
        "Interval, one unit",
        Interval(),
        NetworkSpec.parse("1-1"),
        Recipe(steps=3000),
        claim="One unit keeps the order of the line, so A stays between the two parts of B.",
    ),
    Experiment(
        "interval-deep",
        "Interval, two layers of one unit",
        Interval(),
        NetworkSpec.parse("1-1-1"),
        Recipe(steps=3000),
        claim="Depth does not help: layers of one unit keep the order of the line.",
    ),
    Experiment(
        "tori-3",
        "Linked tori, three layers of three units",
        LinkedTori(),
        NetworkSpec.parse("3-3-3-3"),
        Recipe(steps=4000, init="orthogonal", gain=1.5, decay=0.0),
        claim="Topologically impossible: in three dimensions linked tori stay linked.",
    ),
    Experiment(
        "tori-4",
        "Linked tori, two layers of four units",
        LinkedTori(),
        NetworkSpec.parse("3-4-4"),
        Recipe(steps=4000),
        claim="A fourth dimension takes the tori apart.",
    ),
    *(_layer_by_layer(activation) for activation in ("tanh", "relu")),
    Experiment(
        "islands-softmax",
        "Islands of two classes, two layers of two units and a line",
        Islands(),
        NetworkSpec.parse("2-2-2"),
        Recipe(restarts=8, steps=2000, init="orthogonal", gain=1.5, decay=0.0),
        claim="A line asks for all islands of a class on one side of it.",
    ),
    Experiment(
        "islands-neighbours",
        "Islands of two classes, a layer of 32 units and neighbours in the plane",
        Islands(),
        NetworkSpec.parse("2-32-2:linear"),
        fitting=Fitting("1/d^4", epochs=60, k=5),
        claim="For neighbours every island may stay where it is.",
    ),
    _digits(
        "softmax",
        "softmax in two dimensions",
        "64-60:relu-40:relu-2:linear",
        Fitting("softmax"),
        "Every class becomes a ray of a star.",
    ),
    _digits(
        "neighbours",
        "neighbours in two dimensions",
        "64-60:relu-40:relu-2:linear",
        Fitting("gaussian"),
        "Every class becomes an island.",
    ),
    _digits(
        "sphere",
        "neighbours by angle in three dimensions",
        "64-60:relu-40:relu-3:linear",
        Fitting("cosine:0.1"),
        "Every class becomes a cap of the sphere.",
    ),
    *(_digits_power(p) for p in (1, 2, 4, 8, 16)),
    *FIELD_EXPERIMENTS,
    Experiment(
        "unlink",
        "Two curves that only look linked, taken apart by flow layers of three units",
        Unlink(),
        NetworkSpec.parse("3-3:flow"),
        unlinking=Unlinking(),
        claim="The curves were never linked: a motion of space pulls them apart without tearing it.",
    ),
)
