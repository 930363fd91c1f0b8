"""What the essay's scenes have in common."""

from __future__ import annotations

from manim import DOWN, LEFT, UP, Animation, FadeIn, FadeOut, Mobject, VGroup

from scenes.kit import Stage, TraceScene, text
from scenes.kit.stage import PANEL
from scenes.kit.text import fitted
from topo_core.datasets import Dataset
from topo_core.errors import TopoError
from topo_core.trace import Trace

_WIDTH = PANEL.x1 - PANEL.x0
#: Room under the right column, for subtitles.
FOOT = 0.7


def percent(share: float) -> str:
    """A share as a percentage that says 100 % only of the whole."""
    shown = f"{100 * share:.1f}"
    return "100 %" if share == 1 else f"{min(float(shown), 99.9):.1f} %"


class EssayScene(TraceScene):
    """A trace scene with remarks, a legend and what was measured, in the right column."""

    #: The heading in the picture, if :meth:`new_heading` put it there.
    heading_now: Mobject | None = None

    def new_heading(self, content: str) -> list[Animation]:
        """A new heading in the place of the one before."""
        before, self.heading_now = self.heading_now, self.heading(content)
        return [FadeIn(self.heading_now), *([FadeOut(before)] if before else [])]

    def expect(self, data: type[Dataset] | None, network: str, fits: bool) -> None:
        """Refuse a trace that this scene cannot show.

        Raises
        ------
        TopoError
            When it is of other data (if that matters), or its network does not fit what ``network`` says.
        """
        trace = self.trace
        if not (isinstance(trace.dataset, data or object) and fits):
            shown = f"{network} on {data.name!r}" if data else network
            raise TopoError(
                f"{type(self).__name__} shows {shown}, but the trace is of "
                f"{trace.spec} on {trace.dataset.name!r}: give one of the experiment {self.experiment}"
            )

    def remark(self, *lines: str, colour: str | None = None) -> Mobject:
        """Lines of text at the foot of the right column."""
        theme = self.theme
        words = text("\n".join(lines), theme.text_size, color=colour or theme.ink)
        return fitted(words, _WIDTH).move_to((PANEL.x0, PANEL.y0 + FOOT, 0.0), aligned_edge=DOWN + LEFT)

    def trace_heading(self, trace: Trace) -> Mobject:
        """The trace's own title, at the top of the frame."""
        return self.heading(str(trace.provenance.get("title") or trace.dataset.name))

    def legend(self, trace: Trace) -> Mobject:
        """Name the classes in their colours."""
        names = trace.dataset.class_names
        rows = [
            text(
                f"class {name}",
                self.theme.text_size,
                weight="bold",
                color=self.theme.class_colour(i),
            )
            for i, name in enumerate(names)
        ]
        for row in rows:
            fitted(row, _WIDTH)
        group = VGroup(*rows).arrange(DOWN, aligned_edge=LEFT, buff=0.25)
        return group.move_to((PANEL.x0, PANEL.y1 - 2.3, 0.0), aligned_edge=UP + LEFT)

    def verdict(self, trace: Trace) -> list[str]:
        """What was measured of the trained network, in words."""
        outcome = trace.outcome
        if not {"wrong", "dense_points", "accuracy", "majority_rate", "separated"} <= outcome.keys():
            return ["not measured"]
        right = outcome["dense_points"] - outcome["wrong"]
        lines = [f"{right} of {outcome['dense_points']}", "points right"]
        if outcome["separated"]:
            lines.append(f"nearest to the line: {outcome.get('margin') or 0:.2f}")
        else:
            lines.append(f"({percent(outcome['accuracy'])}; guessing: {percent(outcome['majority_rate'])})")
        return lines

    def tried(self, trace: Trace) -> str:
        """How many restarts succeeded."""
        if not {"solved_restarts", "restarts"} <= trace.outcome.keys():
            return "restarts not counted"
        return f"{trace.outcome['solved_restarts']} of {trace.outcome['restarts']} restarts succeed"

    def walk(self, stage: Stage, run_time: float, pause: float, narration: list[str]) -> None:
        """Deform layer by layer, one section each."""
        for layer in stage.trace.layers:
            words = narration[min(layer.index, len(narration) - 1)]
            with self.section(layer.name.capitalize(), narration=words):
                self.play(stage.deform(layer, run_time=run_time))
                self.wait(pause)
