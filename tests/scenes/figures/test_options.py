"""How figures are drawn, and that classes can be told apart without colour."""

from itertools import combinations

import numpy as np
import pytest

from scenes.figures.options import FigureOptions
from scenes.kit.theme import GREYSCALE, LIGHT, mix, rgb
from topo_core.errors import SpecError, UnknownNameError


def luminance(colour: str) -> float:
    """Relative luminance, from 0 to 1 (WCAG 2.2)."""
    channels = np.array(rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(first: str, second: str) -> float:
    low, high = sorted(map(luminance, (first, second)))
    return (high + 0.05) / (low + 0.05)


class TestOptions:
    def test_by_default(self) -> None:
        options = FigureOptions()
        assert options.points == pytest.approx(396)
        assert options.instant is None
        assert options.scaled_theme() == LIGHT

    @pytest.mark.parametrize(
        "given",
        [
            *({"font_size": 5.9}, {"font_size": 100.0}, {"font_size": float("nan")}),
            *({"dpi": 10}, {"dpi": 5000}, {"at": "soon"}, {"width": "3"}),
            *({"theme": "dark", "greyscale": True},),
        ],
    )
    def test_what_is_refused(self, given: dict[str, object]) -> None:
        with pytest.raises(SpecError, match=r"^--"):
            FigureOptions(**given)  # type: ignore[arg-type]

    def test_an_unknown_theme(self) -> None:
        with pytest.raises(UnknownNameError):
            FigureOptions(theme="sepia")

    def test_text_is_scaled_and_nothing_else(self) -> None:
        theme = FigureOptions().scaled_theme(2)
        assert (theme.small_size, theme.tick_size) == (2 * LIGHT.small_size, 2 * LIGHT.tick_size)
        assert theme.curve_width == LIGHT.curve_width


class TestGreyscale:
    def test_classes_differ_in_lightness(self) -> None:
        a, b = GREYSCALE.classes[:2]
        assert contrast(a, b) > 3
        for first, second in combinations(GREYSCALE.classes, 2):
            assert contrast(first, second) > 1.3
        # and this is not so in colour, where hues tell them apart
        assert contrast(*LIGHT.classes[1:3]) < 1.3

    def test_classes_can_be_seen_on_paper(self) -> None:
        for colour in GREYSCALE.classes:
            assert contrast(colour, GREYSCALE.background) > 2.5
            assert contrast(colour, GREYSCALE.region_colour(GREYSCALE.classes.index(colour))) > 1.8

    def test_regions_differ_in_lightness(self) -> None:
        assert contrast(GREYSCALE.region_colour(0), GREYSCALE.region_colour(1)) > 1.3
        assert contrast(*(mix(LIGHT.panel, c, 0.3) for c in LIGHT.classes[:2])) < 1.2

    def test_a_fifth_class_is_an_error(self) -> None:
        assert GREYSCALE.class_colour(3) == GREYSCALE.classes[3]
        with pytest.raises(SpecError, match="no more than 4 classes can be told apart without colour"):
            GREYSCALE.class_colour(4)
        assert LIGHT.class_colour(10) == LIGHT.classes[0]
