"""Classifiers as text: a body, then the readout, ``"64-32:relu-2:linear > 1/d^8"``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from topo_core.errors import SpecError, shown
from topo_core.knn.weightings import FORMS, Weighting, weighting
from topo_core.spec import FLOW, NetworkSpec

SOFTMAX = "softmax"

_CONVOLUTIONS = re.compile(r"\d+[cs]\d+(-\d+[cs]\d+)*-\d+")
_CONVOLUTION = re.compile(r"(\d+)([cs])(\d+)")
_MOST_CHANNELS, _LARGEST_KERNEL, _MOST_LAYERS, _MOST_UNITS = 1024, 31, 20, 4096

_HINT = "write a body and a readout, such as '784-64:relu-2:linear > 1/d^8' or '16c5-32c5-64 > softmax'"


@dataclass(frozen=True)
class Convolution:
    """A convolution, then the largest of every 2 by 2 values, then ReLU.

    ``same`` pads with zeros so that the convolution keeps the image's size.
    """

    channels: int
    kernel: int
    same: bool

    def __str__(self) -> str:
        return f"{self.channels}{'s' if self.same else 'c'}{self.kernel}"


@dataclass(frozen=True)
class ConvolutionalSpec:
    """Convolutions of a one-channel image, and a linear map to a representation of ``width`` numbers."""

    layers: tuple[Convolution, ...]
    width: int

    def __str__(self) -> str:
        return "-".join([*map(str, self.layers), str(self.width)])

    def side(self, side: int) -> int:
        """Pixels along the side of the last map, of a square image with ``side`` pixels along its own.

        Raises
        ------
        SpecError
            When nothing is left of the image.
        """
        left = side
        for layer in self.layers:
            left = (left if layer.same else left - layer.kernel + 1) // 2
            if left < 1:
                raise SpecError(
                    f"network {self}: after {layer}, nothing is left of an image of {side} by {side} pixels: "
                    f"pad it ({layer.channels}s{layer.kernel}), or leave the layer out"
                )
        return left


@dataclass(frozen=True)
class ClassifierSpec:
    """A body that makes a representation, and the readout that classifies it.

    Parameters
    ----------
    body
        Fully connected layers, or convolutions.
    readout
        A weighting of neighbours, or None for a linear map with softmax.

    Examples
    --------
    >>> spec = ClassifierSpec.parse("16c5-32c5-64 > 1/d^8")
    >>> spec.width, str(spec.readout)
    (64, '1/d^8')
    >>> str(spec.with_readout("softmax"))
    '16c5-32c5-64 > softmax'
    """

    body: NetworkSpec | ConvolutionalSpec
    readout: Weighting | None

    @classmethod
    def parse(cls, text: str) -> ClassifierSpec:
        """Read ``BODY > READOUT``.

        Parameters
        ----------
        text
            BODY is what ``NetworkSpec.parse`` reads; or convolutions, each as CHANNELS, ``c`` (or ``s``,
            with zeros around, to keep the size) and its KERNEL's side, and then the representation's
            width, joined by ``-``. READOUT is ``softmax``, also when it is left out, or what
            ``weightings.weighting`` reads.

        Raises
        ------
        SpecError
            When ``text`` is no such spec.
        """
        body, arrow, readout = text.partition(">")
        if arrow and not readout.strip():
            raise SpecError(f"network {shown(text)}: no readout after the '>': {_HINT}")
        return cls(_body(body.strip(), text), _readout(readout))

    @property
    def width(self) -> int:
        """Dimension of the representation."""
        return self.body.width if isinstance(self.body, ConvolutionalSpec) else self.body.widths[-1]

    def with_readout(self, readout: str) -> ClassifierSpec:
        """Return the same body with another readout."""
        return ClassifierSpec(self.body, _readout(readout))

    def __str__(self) -> str:
        return f"{self.body} > {self.readout or SOFTMAX}"


def _body(text: str, whole: str) -> NetworkSpec | ConvolutionalSpec:
    if not re.search(r"\d[cs]\d", text):
        body = NetworkSpec.parse(text)
        if FLOW in body.activations:
            raise SpecError(f"network {shown(whole)}: flow layers are not trained here; use an activation")
        return body
    if not _CONVOLUTIONS.fullmatch(text) or len(text) > 200:
        raise SpecError(f"network {shown(whole)}: convolutions, then one width: {_HINT}")
    *convolutions, width = text.split("-")
    layers = []
    for part in convolutions:
        match = _CONVOLUTION.fullmatch(part)
        assert match is not None
        channels, kernel, same = int(match[1]), int(match[3]), match[2] == "s"
        if not (1 <= channels <= _MOST_CHANNELS and 1 <= kernel <= _LARGEST_KERNEL):
            raise SpecError(
                f"network {shown(whole)}: {part}: give 1 to {_MOST_CHANNELS} channels and a kernel of 1 to "
                f"{_LARGEST_KERNEL}"
            )
        if same and kernel % 2 == 0:
            raise SpecError(f"network {shown(whole)}: {part}: a kernel that keeps the size has an odd side")
        layers.append(Convolution(channels, kernel, same))
    if len(layers) > _MOST_LAYERS or not 1 <= int(width) <= _MOST_UNITS:
        raise SpecError(
            f"network {shown(whole)}: give at most {_MOST_LAYERS} convolutions, "
            f"and a width of 1 to {_MOST_UNITS}"
        )
    return ConvolutionalSpec(tuple(layers), int(width))


def _readout(text: str) -> Weighting | None:
    name = text.strip()
    if name in ("", SOFTMAX):
        return None
    try:
        return weighting(name)
    except SpecError as error:
        known = f"{SOFTMAX}, {FORMS}"
        raise SpecError(str(error).replace(FORMS, known).replace("weighting", "readout", 1)) from None
