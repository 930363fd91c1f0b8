"""Network architectures as text: ``"2-2-2"``, ``"2-3:relu-2"``, ``"3-3:flow*60"``."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from topo_core.activations import ACTIVATIONS
from topo_core.errors import SpecError, UnknownNameError, shown

#: The most units a layer may have.
MAX_WIDTH = 4096

#: The most hidden layers a network may have.
MAX_LAYERS = 1000

#: What stands for an activation in a layer that moves space along a vector field (``topo_core.flow``).
FLOW = "flow"

#: The most dimensions that a flow layer may have.
MAX_FLOW_WIDTH = 256

#: The activation that a spec need not write.
DEFAULT_ACTIVATION = "tanh"

_HINT = "write the input's dimension, then the hidden widths, such as '2-2-2' or '2-3:relu-2'"


@dataclass(frozen=True)
class NetworkSpec:
    """The widths of a network and the activations of its hidden layers.

    The readout is not part of it: it has as many rows as the dataset has classes.

    Parameters
    ----------
    widths
        The input's dimension, then the units of every hidden layer: at least one number, each from
        1 to ``MAX_WIDTH``.
    activations
        One name in ``topo_core.activations.ACTIVATIONS`` for every hidden layer, or ``"flow"``, whose
        layers have as many outputs as inputs, at most ``MAX_FLOW_WIDTH``.

    Raises
    ------
    SpecError
        When a width or an activation is not one of these, or their numbers differ.

    Examples
    --------
    >>> NetworkSpec.parse("2-3:relu-2").activations
    ('relu', 'tanh')
    >>> str(NetworkSpec.parse("2-3-2", activation="sigmoid"))
    '2-3:sigmoid-2:sigmoid'
    """

    widths: tuple[int, ...]
    activations: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", tuple(self.widths))
        object.__setattr__(self, "activations", tuple(self.activations))
        if not self.widths:
            raise SpecError(f"network without an input: {_HINT}")
        for width in self.widths:
            if isinstance(width, bool) or not isinstance(width, int):
                raise SpecError(f"network: width {shown(width)} is not a whole number: {_HINT}")
            if not 1 <= width <= MAX_WIDTH:
                raise SpecError(
                    f"network: a width of {shown(width)} is not between 1 and {MAX_WIDTH}: {_HINT}"
                )
        if len(self.widths) - 1 > MAX_LAYERS:
            raise SpecError(f"network: more than {MAX_LAYERS} hidden layers: use fewer")
        if len(self.activations) != len(self.widths) - 1:
            raise SpecError(
                f"network: {len(self.activations)} activations for {len(self.widths) - 1} hidden "
                "layers: give one for each"
            )
        for name, inputs, outputs in zip(self.activations, self.widths, self.widths[1:], strict=False):
            _check_activation(name)
            if name == FLOW and not inputs == outputs <= MAX_FLOW_WIDTH:
                raise SpecError(
                    f"network: a flow layer from {inputs} to {outputs} dimensions: it must keep the "
                    f"dimension, and that is at most {MAX_FLOW_WIDTH}"
                )

    @classmethod
    def parse(cls, text: str, activation: str = DEFAULT_ACTIVATION) -> NetworkSpec:
        """Read a spec such as ``"2-2-2-2-2"`` or ``"2-3:relu-2"``.

        Parameters
        ----------
        text
            The input's dimension, then the width of each hidden layer, joined with ``-``; a hidden
            width may name its activation after a colon, and how many such layers there are after a
            star. ``"2"`` has no hidden layer.
        activation
            The activation of the hidden layers that name none.

        Raises
        ------
        SpecError
            When ``text`` is not such a spec; the message says which part is wrong.
        """
        if not text.strip():
            raise SpecError(f"network '' is empty: {_HINT}")
        _check_activation(activation)
        quoted = shown(text)
        widths: list[int] = []
        activations: list[str] = []
        for position, part in enumerate(text.split("-")):
            number, colon, name = (piece.strip() for piece in part.partition(":"))
            name, star, times = (piece.strip() for piece in name.partition("*"))
            count = _count(times, quoted) if star else 1
            if len(widths) + count > MAX_LAYERS + 1:
                raise SpecError(f"network {quoted}: more than {MAX_LAYERS} hidden layers: use fewer")
            widths += [_width(number, quoted)] * count
            if position > 0:
                activations += [name if colon else activation] * count
            elif colon:
                raise SpecError(f"network {quoted}: the input has no activation: {_HINT}")
        return cls(tuple(widths), tuple(activations))

    @property
    def n_layers(self) -> int:
        """How many hidden layers there are."""
        return len(self.activations)

    def __str__(self) -> str:
        """Return the text that ``parse`` turns into this spec."""
        parts = [str(self.widths[0])]
        for (width, name), same in groupby(zip(self.widths[1:], self.activations, strict=True)):
            count = len(list(same))
            part = f"{width}" if name == DEFAULT_ACTIVATION else f"{width}:{name}"
            parts += [f"{part}*{count}"] if name == FLOW and count > 1 else [part] * count
        return "-".join(parts)


def _width(number: str, quoted: str) -> int:
    if not number:
        raise SpecError(f"network {quoted}: a width is missing or negative: {_HINT}")
    if not (number.isascii() and number.isdigit()):
        raise SpecError(f"network {quoted}: {shown(number)} is not a whole number: {_HINT}")
    width = int(number) if len(number) <= 20 else MAX_WIDTH + 1
    if not 1 <= width <= MAX_WIDTH:
        raise SpecError(
            f"network {quoted}: a width of {number[:20]} is not between 1 and {MAX_WIDTH}: {_HINT}"
        )
    return width


def _count(number: str, quoted: str) -> int:
    count = int(number) if number.isascii() and number.isdigit() and len(number) <= 4 else 0
    if not 1 <= count <= MAX_LAYERS:
        raise SpecError(f"network {quoted}: {shown(number)} is not a number of layers from 1 to {MAX_LAYERS}")
    return count


def _check_activation(name: str) -> None:
    if name not in ACTIVATIONS and name != FLOW:
        raise SpecError(str(UnknownNameError("activation", name, (*ACTIVATIONS, FLOW))))
