"""What a scene author uses: the base scene, stages, plots, themes, text and mathematics."""

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.formulas import Matrix, Number
from scenes.kit.live import Live
from scenes.kit.plot import Axis, Plot, Series
from scenes.kit.scene import SectionMark, TraceScene
from scenes.kit.stage import Stage
from scenes.kit.text import layer_formula, math, matrix, text
from scenes.kit.theme import DARK, LIGHT, Theme, theme_named
from scenes.kit.training import TrainingStage
from scenes.kit.view import Rect

__all__ = [
    "DARK",
    "LIGHT",
    "Axis",
    "Canvas",
    "Drawable",
    "Live",
    "Matrix",
    "Number",
    "Plot",
    "Rect",
    "SectionMark",
    "Series",
    "Stage",
    "Theme",
    "TraceScene",
    "TrainingStage",
    "layer_formula",
    "math",
    "matrix",
    "text",
    "theme_named",
]
