"""Labelled points to classify, and the curves and regions that they lie on."""

from topo_core.datasets.annulus import Circle, DiscInAnnulus
from topo_core.datasets.base import (
    DATASETS,
    Component,
    Curve,
    Dataset,
    from_description,
    labelled,
    register,
)
from topo_core.datasets.digit_points import Digits
from topo_core.datasets.islands import Islands
from topo_core.datasets.links import LinkedTori, Unlink
from topo_core.datasets.named_links import NamedLink, PolygonalLink
from topo_core.datasets.planar import Interval, Spirals, TwoCurves
from topo_core.datasets.surfaces import Surface
from topo_core.datasets.user import UserPoints, load_points

__all__ = [
    "DATASETS",
    "Circle",
    "Component",
    "Curve",
    "Dataset",
    "Digits",
    "DiscInAnnulus",
    "Interval",
    "Islands",
    "LinkedTori",
    "NamedLink",
    "PolygonalLink",
    "Spirals",
    "Surface",
    "TwoCurves",
    "Unlink",
    "UserPoints",
    "from_description",
    "labelled",
    "load_points",
    "register",
]
