"""Text and mathematics, set by Typst: no LaTeX, and the same fonts on every machine."""

from __future__ import annotations

from copy import copy, deepcopy
from typing import Any

import numpy as np
from manim import MathTypst, Mobject, Typst
from numpy.typing import NDArray

from topo_core.trace import TraceLayer

#: Libertinus Serif and New Computer Modern Math come with Typst.
PREAMBLE = '#set text(font: "Libertinus Serif")\n#set par(leading: 0.55em)'


class _QuicklyCopied:
    """A text whose copies, which every fade makes, share the SVG paths of its glyphs."""

    def __deepcopy__(self: Any, memo: dict[int, Any]) -> Any:
        result = _shared_copy(self, memo)
        for name, value in vars(self).items():
            if name != "submobjects" and not isinstance(value, np.ndarray):
                setattr(result, name, deepcopy(value, memo))  # selections refer to glyphs of the copy
        return result


def _shared_copy(mobject: Mobject, memo: dict[int, Any]) -> Mobject:
    """A copy with arrays, lists and parts of its own, that shares everything else."""
    result = memo[id(mobject)] = copy(mobject)
    for name, value in vars(mobject).items():
        if isinstance(value, np.ndarray | list):
            setattr(result, name, value.copy())
    result.submobjects = [_shared_copy(part, memo) for part in mobject.submobjects]
    result.original_id = str(id(mobject))
    return result


class Words(_QuicklyCopied, Typst):
    """Text, set by Typst."""


class Formula(_QuicklyCopied, MathTypst):
    """Mathematics, set by Typst."""


def literal(text: str) -> str:
    """A string in Typst, where nothing is markup."""
    return '#"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def text(content: str, size: float = 34, *, weight: str = "regular", **options: Any) -> Words:
    """Plain text (``weight`` ``"regular"`` or ``"bold"``), its special characters taken literally.

    Line breaks are kept. Further options go to Manim's ``Typst``, for example ``color``.
    """
    lines = " \\\n".join(literal(line) for line in content.split("\n"))
    return typeset(f'#text(weight: "{weight}")[{lines}]', size, **options)


def typeset(markup: str, size: float, **options: Any) -> Words:
    """Typst's markup in the font of all text, at a Manim font size."""
    return Words(markup, font_size=size, typst_preamble=PREAMBLE, use_svg_cache=False, **options)


def fitted(mobject: Mobject, width: float) -> Mobject:
    """The mobject itself, scaled down if it is wider than ``width`` (Manim units)."""
    return mobject.scale_to_fit_width(width) if mobject.width > width else mobject


def math(formula: str, size: float = 36, **options: Any) -> Formula:
    """A formula in Typst's notation, for example ``"tanh(W x + b)"``."""
    return Formula(formula, font_size=size, use_svg_cache=False, **options)


def number(value: float, digits: int = 2) -> str:
    """A number with a fixed count of decimals and no negative zero, in Typst's notation."""
    rounded = f"{value:.{digits}f}"
    return rounded[1:] if float(rounded) == 0 and rounded.startswith("-") else rounded


def scientific(value: float) -> str:
    """A number with two digits and a power of ten, in Typst's notation; nothing but 0 is ``"0"``."""
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa} times 10^({int(exponent)})"


def matrix(values: NDArray[np.float64], digits: int = 2) -> str:
    """A matrix or column vector in Typst's notation."""
    rows = np.atleast_2d(values.T).T
    body = "; ".join(", ".join(number(v, digits) for v in row) for row in rows)
    return f'mat(delim: "[", {body})'


def activation_formula(name: str, argument: str) -> str:
    """An activation applied to ``argument``, in Typst's notation."""
    return f"{_SYMBOLS[name]}({argument})" if name != "linear" else argument


def flow_formula(anchors: int) -> str:
    """The field ``F(x)`` of a flow with so many anchors, in Typst's notation (``topo_core.flow``)."""
    total = f"sum_(i=1)^{anchors}" if anchors < 10 else f"sum_(i=1)^({anchors})"
    return f"({total} f_i (x) v_i)/(1 + {total} f_i (x))"


_SYMBOLS = {
    "tanh": "tanh",
    "sigmoid": "sigma",
    "softplus": '"softplus"',
    "relu": '"ReLU"',
    "leaky_relu": '"LReLU"',
    "elu": '"ELU"',
    "gelu": '"GELU"',
}


class LayerFormula(Formula):
    """A whole layer as a formula; a scene shows one at a time."""


def layer_formula(layer: TraceLayer, size: float = 40, *, values: bool = False) -> LayerFormula:
    """The layer as ``x -> sigma(W x + b)``, with the numbers of ``W`` and ``b`` if ``values``.

    A flow is ``x -> x + F(x)``; with ``values``, F is written out with the number of its anchors.
    """
    if layer.flow is not None:
        field = flow_formula(len(layer.flow.anchors)) if values else "F(x)"
        return LayerFormula(f"x |-> x + {field}", font_size=size)
    inner = f"{matrix(layer.weight)} x + {matrix(layer.bias)}" if values else "W x + b"
    return LayerFormula(f"x |-> {activation_formula(layer.activation, inner)}", font_size=size)
