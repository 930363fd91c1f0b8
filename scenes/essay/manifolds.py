"""The manifold hypothesis: two handwritten digits, turned and slid, are tangled surfaces of images.

Essay, "The Manifold Hypothesis" and its third footnote. Nothing here is a drawing: every curve is made of
images, and every number is measured between images.
"""

from __future__ import annotations

from manim import DOWN, LEFT, UP, Animation, FadeIn, FadeOut, Group, Mobject, smooth, squish_rate_func

from scenes.essay.parts.common import EssayScene, percent
from scenes.essay.parts.digit_space import DigitSpace
from scenes.essay.parts.digit_stage import LARGE, LOWER, SPACE, UPPER, DigitStage
from scenes.kit import text
from scenes.kit.formulas import Number, Piece
from scenes.kit.live import Live
from scenes.kit.state import Change, StateAnimation
from scenes.kit.text import fitted

#: The upright digit is in front, a little to the left.
_FRONT = -1.4
#: Radians a second.
_SPIN = 0.165
_STEADY = ("azimuth", "first", "second", "trail", "other_trail")


class ManifoldHypothesis(EssayScene):
    """The manifold hypothesis: images that move are tangled surfaces."""

    def construct(self) -> None:
        """A point, a curve, a second one, how near they come, what only seems to cross, surfaces."""
        self.space = DigitSpace()
        self.show = DigitStage(self.space, self.theme)
        self.show.state.azimuth = _FRONT
        self._point()
        self._curve()
        self._second_curve()
        self._distance()
        self._crossing()
        self._surfaces()

    def _move(self, run_time: float, *others: object, spin: bool = True, **changes: Change) -> None:
        """Change the state, with the turntable turning at a constant speed."""
        if spin:
            changes["azimuth"] = self.show.state.azimuth + _SPIN * run_time
        moving = StateAnimation(self.show, changes, steady=_STEADY, run_time=run_time)
        self.play(moving, *others, run_time=run_time)

    def _below(self, *lines: str, share: float | None = None) -> Mobject:
        """Lines under the space, the last of them what share of the variance it shows."""
        theme = self.theme
        rows = [text(line, theme.text_size, color=theme.ink) for line in lines]
        if share is not None:
            shown = (
                f"shown: 3 principal components of {self.space.dimensions}, "
                f"with {percent(share)} of the variance"
            )
            rows.append(text(shown, theme.small_size, color=theme.muted))
        group = Group(*(fitted(row, SPACE.x1 - SPACE.x0) for row in rows))
        group.arrange(DOWN, aligned_edge=LEFT, buff=0.16)
        return group.move_to((SPACE.x0, -3.72, 0.0), aligned_edge=DOWN + LEFT)

    def _replace(self, old: list[Mobject], new: list[Mobject]) -> list[Animation]:
        """Animations that fade some text out before other text fades in."""
        first, second = squish_rate_func(smooth, 0, 0.5), squish_rate_func(smooth, 0.5, 1)
        going: list[Animation] = [FadeOut(m, rate_func=first) for m in old]
        return going + [FadeIn(m, rate_func=second) for m in new]

    def _point(self) -> None:
        n = self.space.dimensions
        side = self.space.digits[0].side
        title = self.heading("The manifold hypothesis")
        count = text(f"{side} × {side} pixels: {n} numbers", self.theme.small_size, color=self.theme.ink)
        fitted(count, LARGE.x1 - LARGE.x0)
        count.move_to((LARGE.x0, LARGE.y0 - 0.2, 0.0), aligned_edge=UP + LEFT)
        numbers = Live(
            self._numbers,
            LARGE.x0,
            LARGE.y0 - 0.95,
            self.theme.small_size,
            self.theme.accent,
            LARGE.x1 - LARGE.x0,
        )
        self.caption: Mobject = self._below(f"One point in a space of {n} dimensions")
        with self.section(
            "A picture is a point",
            narration=f"A picture of {side} by {side} pixels is {n} numbers: "
            f"a point in a space of {n} dimensions.",
        ):
            self.add(title)
            self._move(1.5, FadeIn(count), spin=False, picture=1.0)
            self._move(0.8, FadeIn(numbers), spin=False, pixels=1.0)
            self.wait(1)
            self._move(2.5, spin=False, axes=(1.0, 0.0, 0.3), shrink=(1.0, 0.2, 1.0), dot=(1.0, 0.9, 1.0))
            self.play(FadeIn(self.caption), run_time=0.6)
            self.wait(1.5)
        self.left: list[Mobject] = [count, numbers]

    def _numbers(self) -> list[Piece]:
        return ["…", *(Number(f"{value:.2f}") for value in self.show.numbers()), "…"]

    def _curve(self) -> None:
        note = self._below("Turned continuously, it traces a closed curve", share=self.space.curve_share)
        live = self._line(self._angle, LARGE.y0 - 1.65)
        with self.section(
            "A turn is a curve",
            narration="Turn the digit, and its point moves. A whole turn is a closed curve in this space: "
            "a manifold of one dimension.",
        ):
            self.play(*self._replace([self.caption], [note, live]), run_time=1)
            self.show.state.pins = 1.0
            self._move(8.5, spin=False, first=1.0, trail=1.0)
            self.wait(2)
        self.caption = note
        self.left.append(live)

    def _line(self, content: object, middle: float) -> Live:
        return Live(content, LARGE.x0, middle, self.theme.text_size, self.theme.ink)  # type: ignore[arg-type]

    def _angle(self) -> list[Piece]:
        turned = round(360 * self.show.state.first) % 360 if self.show.state.first < 1 else 360
        return ["turned by", Number(f"{turned}°")]

    def _second_curve(self) -> None:
        note = self._below("Another class, another curve", share=self.space.curve_share)
        with self.section(
            "A second class",
            narration="A nine that turns traces a curve of its own. A classifier has to keep the two apart.",
        ):
            self._move(
                1.4,
                *self._replace([*self.left, self.caption], [note]),
                pins=(0.0, 0.0, 0.5),
                pixels=(0.0, 0.0, 0.3),
                split=1.0,
            )
            self.show.state.first = 0.0
            self._move(0.6, other_picture=1.0, other_dot=1.0)
            self._move(7, first=1.0, second=1.0, other_trail=1.0)
        self.caption = note

    def _distance(self) -> None:
        space = self.space
        nearer, relatives = space.nearer_relatives
        note = self._below(
            f"The orange curve is {space.width:.1f} wide. Of {relatives} other sixes,",
            f"only {nearer} come nearer to it than this nine.",
        )
        lead = (space.approach.second - space.approach.first) % 1
        live = self._line(self._apart, (UPPER.y0 + LOWER.y1) / 2)
        with self.section(
            "How near they come",
            narration=f"Upside down, a nine looks like a six: {space.approach.distance:.1f} apart in all "
            f"{space.dimensions} dimensions, all along the way. The curves run side by side.",
        ):
            self.show.state.first = self.show.state.second = 0.0
            self._move(2, *self._replace([self.caption], [note, live]), second=lead, gap=(1.0, 0.8, 1.0))
            self._move(7.5, first=1.0, second=1.0 + lead)
        self.caption, self.live = note, live

    def _apart(self) -> list[Piece]:
        return [Number(f"{self.show.distance():.2f}"), "apart"]

    def _crossing(self) -> None:
        space = self.space
        note = self._below(
            "The orange curve seems to cross itself. It does not:",
            f"these two images are {space.crossing_distance:.1f} apart.",
        )
        with self.section(
            "A crossing that is none",
            narration="Here the orange curve seems to cross itself. But the two images have nothing in "
            "common: only the projection makes them meet.",
        ):
            self.show.state.first = 0.0
            self._move(
                2.5,
                *self._replace([self.caption, self.live], [note]),
                first=space.crossing.first,
                gap=(0.0, 0.0, 0.3),
                other_dot=(0.0, 0.0, 0.3),
                other_picture=(0.0, 0.0, 0.4),
                twin=(1.0, 0.6, 1.0),
            )
            self._move(5.5)
        self.caption = note

    def _surfaces(self) -> None:
        space = self.space
        note = self._below("Turned and slid: two surfaces", share=space.surface_share)
        with self.section(
            "A slide is a second dimension",
            narration="Let the digits slide as well, and every curve sweeps out a surface: "
            "a manifold of two dimensions.",
        ):
            self._move(
                1.5,
                *self._replace([self.caption], [note]),
                twin=(0.0, 0.0, 0.5),
                other_picture=(1.0, 0.5, 1.0),
                other_dot=(1.0, 0.5, 1.0),
                axes=(0.0, 0.0, 0.5),
                second=space.crossing.first,
            )
            self._move(
                10, slide=1.0, elevation=0.6, first=space.crossing.first + 1, second=space.crossing.first + 1
            )
        last = self._below("Classifying means separating tangled manifolds", share=space.surface_share)
        with self.section(
            "Tangled manifolds",
            narration="If data are like this, a classifier has one task: to separate tangled manifolds.",
        ):
            self._move(1, *self._replace([note], [last]), dot=0.0, other_dot=0.0)
            self._move(7)
