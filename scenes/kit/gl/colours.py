"""Colours of vertices: one for all, one for each, or values through a map that survives colour blindness."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.kit.theme import Theme, rgb
from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]
Bytes = NDArray[np.uint8]

#: ``"#rrggbb"``, or red, green, blue (and opacity) from 0 to 1 for every vertex: ``(n, 3)`` or ``(n, 4)``.
Colour = str | FloatArray


def vertex_colours(colour: Colour, count: int) -> Bytes:
    """A colour as ``(count, 4)`` bytes.

    Raises
    ------
    TopoError
        When there are not as many colours as vertices.
    """
    if isinstance(colour, str):
        channels = np.array([*rgb(colour), 1.0])
        return np.broadcast_to(np.rint(255 * channels).astype(np.uint8), (count, 4))
    values = np.asarray(colour, dtype=np.float64)
    values = values.reshape(-1, values.shape[-1])
    if values.shape not in ((count, 3), (count, 4)):
        raise TopoError(
            f"colours of shape {np.shape(colour)} for {count} vertices: "
            "give (n, 3) or (n, 4) values from 0 to 1"
        )
    result = np.full((count, 4), 255, dtype=np.uint8)
    result[:, : values.shape[1]] = np.rint(255 * np.clip(values, 0, 1))
    return result


#: Ends and control point of the path through Oklab that a map of colours takes, for dark and light paper.
#: Blue to yellow, ever lighter: this pair stays apart for every kind of colour blindness, and so does
#: lightness alone.
_PATHS = {"dark": ("#4a4fd0", "#b07fa6", "#ffe678"), "light": ("#1d2a86", "#8a5f86", "#dca300")}

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(colours: FloatArray) -> FloatArray:
    """SRGB ``(..., 3)`` in Oklab, whose first coordinate is lightness [1]_.

    .. [1] B. Ottosson, "A perceptual color space for image processing", 2020.
    """
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    lab: FloatArray = np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T
    return lab


def from_oklab(lab: FloatArray) -> FloatArray:
    """Oklab in sRGB, cut off at what screens can show."""
    linear = (lab @ np.linalg.inv(_TO_LAB).T) ** 3 @ np.linalg.inv(_TO_LMS).T
    linear = np.clip(linear, 0, 1)
    srgb: FloatArray = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.clip(srgb, 0, 1)


def colour_map(values: FloatArray, low: float, high: float, theme: Theme) -> FloatArray:
    """Colours ``(n, 3)`` for values ``(n,)``, for example a fourth coordinate: blue for low, yellow for high.

    Lightness rises with the value throughout, so that the map also works without colours.
    """
    share = np.clip((np.asarray(values, dtype=np.float64).reshape(-1, 1) - low) / (high - low), 0, 1)
    first, middle, last = (oklab(np.array(rgb(code))) for code in _PATHS[theme.name])
    return from_oklab((1 - share) ** 2 * first + 2 * share * (1 - share) * middle + share**2 * last)


def tint(values: FloatArray, low: float, high: float, colour: str) -> FloatArray:
    """Colours ``(n, 3)`` of one hue for values ``(n,)``: a dark one for low, the colour itself in the middle.

    Two classes keep their colours, and values can be told apart.
    """
    share = np.clip((np.asarray(values, dtype=np.float64).reshape(-1, 1) - low) / (high - low), 0, 1)
    middle = oklab(np.array(rgb(colour)))
    dark, light = middle * (0.55, 0.75, 0.75), middle * (1, 0.45, 0.45) + (0.85 * (1 - middle[0]), 0, 0)
    below = (1 - 2 * share) * dark + 2 * share * middle
    above = (2 - 2 * share) * middle + (2 * share - 1) * light
    return from_oklab(np.where(share < 0.5, below, above))
