"""What a scene author uses: the base scene, stages, plots, themes, text and mathematics."""

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.evidence import Evidence
from scenes.kit.formulas import Matrix, Number
from scenes.kit.gl.bodies import Plane, Sphere, Torus
from scenes.kit.gl.camera import Camera3D
from scenes.kit.gl.colours import colour_map, tint
from scenes.kit.gl.lines import Lines, grid_lines, lattice, level_lines
from scenes.kit.gl.points import Points
from scenes.kit.gl.style import Style
from scenes.kit.gl.surface import Surface
from scenes.kit.gl.tube import Tube
from scenes.kit.live import Live
from scenes.kit.plot import Axis, Plot, Series
from scenes.kit.scene import TraceScene
from scenes.kit.space3d import Space3D
from scenes.kit.stage import Stage
from scenes.kit.text import layer_formula, math, matrix, text
from scenes.kit.theme import DARK, LIGHT, Theme, theme_named
from scenes.kit.training import TrainingStage
from scenes.kit.view import Rect
from scenes.sections import SectionMark

__all__ = [
    "DARK",
    "LIGHT",
    "Axis",
    "Camera3D",
    "Canvas",
    "Drawable",
    "Evidence",
    "Lines",
    "Live",
    "Matrix",
    "Number",
    "Plane",
    "Plot",
    "Points",
    "Rect",
    "SectionMark",
    "Series",
    "Space3D",
    "Sphere",
    "Stage",
    "Style",
    "Surface",
    "Theme",
    "Torus",
    "TraceScene",
    "TrainingStage",
    "Tube",
    "colour_map",
    "grid_lines",
    "lattice",
    "layer_formula",
    "level_lines",
    "math",
    "matrix",
    "text",
    "theme_named",
    "tint",
]
