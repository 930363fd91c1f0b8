"""The map of colours for a fourth coordinate can be read by everybody."""

import numpy as np
import pytest
from numpy.typing import NDArray

from scenes.kit.gl.colours import colour_map, from_oklab, oklab, tint, vertex_colours
from scenes.kit.theme import DARK, LIGHT, Theme, rgb

FloatArray = NDArray[np.float64]

#: What dichromats see, in linear light: Machado, Oliveira and Fernandes, "A physiologically-based model for
#: simulation of color vision deficiency", 2009, severity 1.
BLINDNESS = {
    "none": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def seen(colours: FloatArray, matrix: FloatArray) -> FloatArray:
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    linear = np.clip(linear @ matrix.T, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
@pytest.mark.parametrize("kind", BLINDNESS)
def test_values_stay_apart_for_every_eye(theme: Theme, kind: str) -> None:
    lab = oklab(seen(colour_map(np.linspace(0, 1, 11), 0, 1, theme), BLINDNESS[kind]))
    apart = np.linalg.norm(lab[:, None] - lab[None], axis=-1)
    steps = np.abs(np.subtract.outer(np.arange(11), np.arange(11)))
    assert (apart >= 0.025 * steps - 1e-9).all()  # 0.02 can just be told apart


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_lightness_alone_tells_the_value(theme: Theme) -> None:
    lightness = oklab(colour_map(np.linspace(-2, 3, 50), -2, 3, theme))[:, 0]
    assert (np.diff(lightness) > 0.002).all()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
@pytest.mark.parametrize("label", [0, 1])
def test_a_tint_keeps_the_hue_of_its_class(theme: Theme, label: int) -> None:
    code = theme.class_colour(label)
    lab = oklab(tint(np.array([0.2, 0.5, 0.8]), 0, 1, code))
    np.testing.assert_allclose(from_oklab(lab)[1], rgb(code), atol=1e-6)
    hue = np.arctan2(lab[:, 2], lab[:, 1])
    assert np.abs(np.angle(np.exp(1j * (hue - hue[1])))).max() < 0.25
    assert (np.diff(lab[:, 0]) > 0.08).all()


def test_values_beyond_the_ends_have_the_colours_of_the_ends() -> None:
    made = colour_map(np.array([-5.0, 0, 1, 9]), 0, 1, DARK)
    assert np.array_equal(made[0], made[1])
    assert np.array_equal(made[2], made[3])


def test_oklab_there_and_back() -> None:
    colours = np.random.default_rng(0).uniform(size=(100, 3))
    np.testing.assert_allclose(from_oklab(oklab(colours)), colours, atol=1e-5)
    np.testing.assert_allclose(oklab(np.ones(3)), [1, 0, 0], atol=1e-6)


def test_bytes_of_vertices() -> None:
    assert vertex_colours("#102030", 2).tolist() == [[16, 32, 48, 255]] * 2
    assert vertex_colours(np.array([[0, 0.5, 1.0, 0.25]]), 1).tolist() == [[0, 128, 255, 64]]
