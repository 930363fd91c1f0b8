"""Themes: enough contrast, classes that every eye tells apart, and one meaning a colour."""

import colorsys

import numpy as np
import pytest

from scenes.kit.theme import DARK, LIGHT, THEMES, Theme, mix, rgb, theme_named
from topo_core.errors import UnknownNameError

themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)

#: Complete dichromacy, linear RGB (Machado, Oliveira and Fernandes, 2009, severity 1.0).
MACHADO = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour: str) -> np.ndarray:
    """Linear RGB (IEC 61966-2-1)."""
    c = np.array(rgb(colour))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.1)."""
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(first: str, second: str) -> float:
    """Contrast ratio (WCAG 2.1)."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def lab(light: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of linear RGB."""
    to_xyz = np.array(
        [
            [0.4123908, 0.3575843, 0.1804808],
            [0.2126390, 0.7151687, 0.0721923],
            [0.0193308, 0.1191948, 0.9505322],
        ]
    )
    xyz = to_xyz @ light / (to_xyz @ np.ones(3))
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(first: str, second: str, eye: str | None = None) -> float:
    """CIE 1976 colour difference, as an eye sees it; about 2.3 is just noticeable."""
    seen = np.eye(3) if eye is None else np.array(MACHADO[eye])
    return float(
        np.linalg.norm(np.subtract(*(lab(np.clip(seen @ linear(c), 0, 1)) for c in (first, second))))
    )


def hue(colour: str) -> float:
    """Hue as a share of the circle."""
    return colorsys.rgb_to_hsv(*rgb(colour))[0]


class TestColours:
    @themes
    @pytest.mark.parametrize("name", ["ink", "muted", "accent"])
    @pytest.mark.parametrize("behind", ["background", "panel"])
    def test_text_has_enough_contrast(self, theme: Theme, name: str, behind: str) -> None:
        assert contrast(getattr(theme, name), getattr(theme, behind)) >= 4.5

    @themes
    def test_classes_stand_out_as_graphics_must(self, theme: Theme) -> None:
        for colour in theme.classes:
            assert contrast(colour, theme.panel) >= 3
            assert contrast(colour, theme.background) >= 3

    @themes
    def test_the_names_of_the_first_two_classes_are_legible(self, theme: Theme) -> None:
        for colour in theme.classes[:2]:
            assert contrast(colour, theme.background) >= 4.5

    @themes
    @pytest.mark.parametrize("eye", [None, *MACHADO])
    def test_every_eye_tells_the_first_two_classes_apart(self, theme: Theme, eye: str | None) -> None:
        assert difference(*theme.classes[:2], eye) > 40

    @themes
    @pytest.mark.parametrize("eye", [None, *MACHADO])
    def test_every_eye_tells_their_regions_apart(self, theme: Theme, eye: str | None) -> None:
        assert difference(theme.region_colour(0), theme.region_colour(1), eye) > 12

    @themes
    @pytest.mark.parametrize("eye", [None, *MACHADO])
    def test_curves_stand_out_from_their_own_region(self, theme: Theme, eye: str | None) -> None:
        for label in (0, 1):
            assert difference(theme.class_colour(label), theme.region_colour(label), eye) > 25

    @themes
    @pytest.mark.parametrize("eye", [None, *MACHADO])
    def test_the_accent_is_neither_class(self, theme: Theme, eye: str | None) -> None:
        for colour in theme.classes[:2]:
            assert difference(theme.accent, colour, eye) > 20

    @themes
    def test_the_grid_recedes_behind_the_boundary_and_the_classes(self, theme: Theme) -> None:
        grid = contrast(theme.grid, theme.panel)
        assert 1.3 < grid < contrast(theme.boundary, theme.panel)
        assert grid < min(contrast(c, theme.panel) for c in theme.classes[:2])

    def test_a_class_keeps_its_hue_in_both_themes(self) -> None:
        assert len(DARK.classes) == len(LIGHT.classes)
        for dark, light in zip(DARK.classes, LIGHT.classes, strict=True):
            apart = abs(hue(dark) - hue(light))
            assert min(apart, 1 - apart) < 0.06, f"{dark} and {light}"

    def test_a_is_the_warm_class_and_b_the_blue_one(self) -> None:
        for theme in THEMES.values():
            (ar, _, ab), (br, _, bb) = (rgb(c) for c in theme.classes[:2])
            assert ar > ab
            assert bb > br

    @themes
    def test_no_two_classes_have_one_colour(self, theme: Theme) -> None:
        pairs = [(a, b) for i, a in enumerate(theme.classes) for b in theme.classes[:i]]
        assert min(difference(a, b) for a, b in pairs) > 15


class TestTheme:
    def test_class_colours_repeat(self) -> None:
        assert DARK.class_colour(len(DARK.classes)) == DARK.class_colour(0)

    @themes
    def test_sizes_are_the_same_in_both(self, theme: Theme) -> None:
        sizes = ("title_size", "text_size", "small_size", "curve_width", "line_width", "grid_width")
        assert all(getattr(theme, name) == getattr(DARK, name) for name in sizes)

    @themes
    def test_type_is_large(self, theme: Theme) -> None:
        assert theme.title_size > theme.text_size > theme.small_size >= 28

    def test_by_name(self) -> None:
        assert theme_named("light") is LIGHT
        assert theme_named("dark") is DARK

    def test_by_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TOPO_THEME", "light")
        assert theme_named() is LIGHT
        assert theme_named("dark") is DARK
        monkeypatch.delenv("TOPO_THEME")
        assert theme_named() is DARK

    def test_an_unknown_name_suggests_the_nearest(self) -> None:
        with pytest.raises(UnknownNameError, match=r"drak.*dark"):
            theme_named("drak")


class TestMixing:
    def test_rgb(self) -> None:
        assert rgb("#ff8000") == pytest.approx((1, 128 / 255, 0))

    def test_mix(self) -> None:
        assert mix("#000000", "#ffffff", 0.0) == "#000000"
        assert mix("#000000", "#ffffff", 1.0) == "#ffffff"
        assert mix("#102030", "#304050", 0.5) == "#203040"
