"""The scenes by name, without importing them (that would import Manim)."""

from __future__ import annotations

from dataclasses import dataclass

from topo_core.errors import UnknownNameError


@dataclass(frozen=True)
class Entry:
    """A scene: its name on the command line, where its class is, and what it shows.

    In the film, ``title`` up to a colon names the chapter, and ``about`` (by default what follows the
    colon) is the line below it on the title card.
    """

    name: str
    module: str
    class_name: str
    title: str
    experiments: tuple[str, ...]
    about: str = ""


_ALL = (
    Entry(
        "simple-example",
        "scenes.essay.simple",
        "SimpleExample",
        "A simple example: two curves, and hidden layers that bend the line",
        ("curves", "curves-linear", "curves-deep"),
    ),
    Entry(
        "one-layer",
        "scenes.essay.layer",
        "OneLayer",
        "One layer, continuously: a matrix, a vector, and tanh",
        (),
    ),
    Entry(
        "activations",
        "scenes.essay.layer",
        "Activations",
        "Four activations: three squeeze the plane, ReLU folds it",
        (),
    ),
    Entry(
        "spirals-separate",
        "scenes.essay.spirals",
        "SpiralsSeparate",
        "Four layers separate two spirals",
        ("spirals",),
        "Bent layer by layer until a straight line is enough",
    ),
    Entry(
        "spirals-entangled",
        "scenes.essay.spirals",
        "SpiralsEntangled",
        "More entangled spirals: a failure of search",
        ("spirals-entangled", "spirals-entangled-wide"),
    ),
    Entry(
        "homeomorphisms",
        "scenes.essay.homeomorphism",
        "Homeomorphisms",
        "Layers are homeomorphisms: the theorem, its proof, and the way back",
        ("spirals", "curves-deep"),
    ),
    Entry(
        "disc-in-annulus",
        "scenes.essay.annulus",
        "DiscInAnnulus",
        "A disc in an annulus: two units cannot do it",
        ("annulus", "annulus-area"),
    ),
    Entry(
        "disc-in-space",
        "scenes.essay.disc_in_space",
        "DiscInSpace",
        "A disc in an annulus with three units: a way around",
        ("annulus-3",),
    ),
    Entry(
        "interval",
        "scenes.essay.interval",
        "IntervalOnLine",
        "An interval on the line: one unit cannot, two can",
        ("interval", "interval-1", "interval-deep"),
    ),
    Entry(
        "manifold-hypothesis",
        "scenes.essay.manifolds",
        "ManifoldHypothesis",
        "The manifold hypothesis: images that move are tangled surfaces",
        (),
    ),
    Entry(
        "linked-tori",
        "scenes.essay.linked_tori",
        "LinkedTori",
        "Two linked tori: what linked means, and why three units fail",
        ("tori-3",),
    ),
    Entry(
        "tori-unlink",
        "scenes.essay.tori_unlink",
        "ToriUnlink",
        "A fourth dimension: linked tori come apart",
        ("tori-4",),
    ),
    Entry(
        "simple-unlink",
        "scenes.essay.simple_unlink",
        "SimpleUnlink",
        "A relatively simple unlink: a network of width three pulls two curves apart",
        ("unlink",),
    ),
    Entry(
        "ambient-isotopy",
        "scenes.essay.isotopy",
        "AmbientIsotopy",
        "Ambient isotopy: a path to the layer on which nothing is torn",
        ("annulus-depth-6", "curves-deep"),
    ),
    Entry(
        "how-many-dimensions",
        "scenes.essay.how_many_dimensions",
        "HowManyDimensions",
        "How many dimensions: every link comes apart in 2n + 2",
        (),
    ),
    Entry(
        "easy-way-out",
        "scenes.essay.easy_way_out",
        "EasyWayOut",
        "The easy way out: stretched thin, never apart",
        (
            "annulus-depth-4",
            *(f"annulus-depth-{depth}" for depth in (1, 2, 3, 5, 6)),
            *(f"annulus-contractive-{strength}" for strength in ("1e-4", "1e-3", "1e-2", "1e-1")),
            "annulus-loophole",
        ),
    ),
    Entry(
        "pulled-apart",
        "scenes.essay.pulled_apart",
        "PulledApart",
        "Pulled apart naively: linked tori, stretched thin and still linked",
        ("tori-3",),
    ),
    Entry(
        "vector-field",
        "scenes.essay.vector_field",
        "VectorField",
        "A vector field: a layer that pushes, and never folds",
        (),
    ),
    Entry(
        "fields-separate",
        "scenes.essay.fields_separate",
        "FieldsSeparate",
        "Fields that separate: spirals of one turn, and of one and a half",
        ("field-spirals", "field-spirals-1.5", "spirals-entangled", "spirals-entangled-wide"),
    ),
    Entry(
        "neighbours",
        "scenes.essay.neighbours",
        "Neighbours",
        "Neighbours instead of a line: islands need not move",
        ("islands-neighbours", "islands-softmax"),
    ),
    Entry(
        "digits-bottleneck",
        "scenes.essay.digits_bottleneck",
        "DigitsBottleneck",
        "Digits in the plane: rays for softmax, islands for neighbours",
        ("digits-neighbours", "digits-softmax"),
    ),
    Entry(
        "cosine-sphere",
        "scenes.essay.cosine_sphere",
        "CosineSphere",
        "Digits on a sphere: neighbours by angle, and how fast their weight has to fall",
        ("digits-sphere", *(f"digits-power-{p}" for p in (1, 2, 4, 8, 16))),
        "Neighbours by angle, and how fast their weight has to fall",
    ),
    Entry(
        "measured-layer-by-layer",
        "scenes.essay.layer_by_layer",
        "MeasuredLayerByLayer",
        "Measured layer by layer: what becomes of a hole",
        ("layers-tanh", "layers-relu"),
    ),
    Entry(
        "what-a-certificate-is",
        "scenes.essay.certificate",
        "WhatACertificateIs",
        "What a certificate is: proofs instead of samples",
        ("spirals",),
    ),
)

_ANY = (
    Entry(
        "layers-in-motion",
        "scenes.generic.layers",
        "LayersInMotion",
        "Layers in motion: what a network does to its data",
        (),
    ),
    Entry(
        "decision-boundary",
        "scenes.generic.boundary",
        "DecisionBoundary",
        "Decision boundary: where a network changes its mind",
        (),
    ),
    Entry(
        "training-film",
        "scenes.generic.training",
        "TrainingFilm",
        "Training: a network while it learns",
        (),
    ),
)

#: Every scene of the film, in the essay's order.
SCENES: dict[str, Entry] = {entry.name: entry for entry in _ALL}
#: Scenes that show any trace, which they need to be given; they are no part of the film.
ANY_TRACE: dict[str, Entry] = {entry.name: entry for entry in _ANY}


def scene_named(name: str) -> Entry:
    """The catalogue's entry for a scene.

    Raises
    ------
    UnknownNameError
        With the nearest names, when there is none.
    """
    for entry in (*_ALL, *_ANY):
        if name in (entry.name, entry.class_name):
            return entry
    raise UnknownNameError("scene", name, (*SCENES, *ANY_TRACE))
