"""What a scene author uses: the base scene, the stage, themes, text and mathematics."""

from scenes.kit.scene import SectionMark, TraceScene
from scenes.kit.stage import Stage
from scenes.kit.text import layer_formula, math, matrix, text
from scenes.kit.theme import DARK, LIGHT, Theme, theme_named
from scenes.kit.view import Rect

__all__ = [
    "DARK",
    "LIGHT",
    "Rect",
    "SectionMark",
    "Stage",
    "Theme",
    "TraceScene",
    "layer_formula",
    "math",
    "matrix",
    "text",
    "theme_named",
]
