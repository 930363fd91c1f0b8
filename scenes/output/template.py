"""The scene that ``render.py new`` writes."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from scenes.output.whole import whole
from topo_core.errors import SpecError, TopoError

_TEMPLATE = '''"""{title}: a scene of yours. Render it with

    python render.py video {path}:{class_name} -q m
"""

from manim import UP, FadeIn, Write

from scenes.kit import TraceScene, layer_formula, text


class {class_name}(TraceScene):
    """{title}."""

    # The trained network to show: a name from `python render.py list`.
    experiment = "spirals"

    def construct(self):
        # The stage holds the plane (grid, curves, domain) and, beside it, the network.
        stage = self.stage(grid=True, curves=True)
        with self.section("Raw data", narration="Two spirals that no line separates."):
            self.play(stage.create())

        # Each layer of the trace carries its weights and its path from the identity.
        for layer in self.trace.layers:
            with self.section(layer.name, narration="Space is stretched, never torn."):
                self.play(Write(layer_formula(layer).to_edge(UP)), stage.deform(layer), run_time=4)
                self.wait(0.5)

        # In the last representation a straight line is enough; played backwards, it bends.
        with self.section("The line", narration="Now a line separates the classes."):
            self.play(stage.show_hyperplane())
            outcome = self.trace.outcome
            note = text(f"{{outcome['wrong']}} of {{outcome['dense_points']}} points wrong", 36)
            self.play(FadeIn(note.move_to([4.5, -2.9, 0])))
            self.play(stage.pull_back(run_time=5))
        self.wait(1)
'''

#: What the template imports; a class of that name would hide it.
_IMPORTED = {"UP", "FadeIn", "Write", "TraceScene"}


def write_scene(name: str) -> tuple[Path, str]:
    """Write ``NAME.py`` with one working scene; returns the path and the class name.

    Raises
    ------
    SpecError
        When no class name can be made of ``name``.
    TopoError
        When the file exists.
    """
    path = Path(name if name.endswith(".py") else f"{name}.py")
    words = re.findall(r"[A-Za-z0-9]+", path.stem)
    class_name = "".join(word[0].upper() + word[1:] for word in words)
    if class_name in _IMPORTED:
        class_name += "Scene"
    unusable = not class_name.isidentifier() or keyword.iskeyword(class_name)
    if unusable or path.name.startswith(".") or set(name) & set('"\\\n'):
        raise SpecError(f"{name!r}: cannot name a scene; start with a letter, for example my_scene")
    if path.exists():
        raise TopoError(f"{path}: exists already; choose another name or remove it")
    title = " ".join(words).capitalize()
    content = _TEMPLATE.format(title=title, path=path.as_posix(), class_name=class_name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as temporary:
        temporary.write_text(content, encoding="utf-8")
    return path, class_name
