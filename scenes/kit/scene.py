"""The base of every scene: a theme, traces, a stage, and sections with their narration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from manim import UP, Camera, ManimColor, Mobject, Scene, VMobject, config

from scenes.kit.badge import Badge
from scenes.kit.camera import StageCamera
from scenes.kit.space3d import Space3D
from scenes.kit.stage import PANEL, Stage
from scenes.kit.text import LayerFormula, fitted, text
from scenes.kit.theme import Theme, theme_named
from scenes.sections import SectionMark
from topo_core.errors import TopoError
from topo_core.experiments import Experiment, experiment_named
from topo_core.store import find_trace
from topo_core.trace import Trace


class TraceScene(Scene):
    """A scene about a trained network.

    Set :attr:`experiment` (a name, or an ``Experiment`` of your own) and write ``construct``; the scene
    finds :attr:`trace` and gives you a :meth:`stage`. It never trains: without a trace it says which
    command makes one.
    """

    #: The experiment whose trace the scene shows.
    experiment: ClassVar[str | Experiment | None] = None
    #: Further experiments that ``construct`` loads.
    also: ClassVar[tuple[str | Experiment, ...]] = ()
    #: Whether it shows whatever trace it is given, and none of its own.
    any_trace: ClassVar[bool] = False
    #: Shown as the video's title; by default the first line of the docstring.
    title: ClassVar[str] = ""

    def __init__(
        self, *args: Any, theme: str | Theme | None = None, trace: str | Path | None = None, **options: Any
    ) -> None:
        self.theme = theme if isinstance(theme, Theme) else theme_named(theme)
        config.background_color = self.theme.background
        config.disable_caching = True  # Manim's clip cache does not see what a stage draws
        options.setdefault("camera_class", StageCamera)
        super().__init__(*args, **options)
        if isinstance(self.renderer.camera, Camera):
            self.renderer.camera.background_color = ManimColor(self.theme.background)
        self._given = Trace.load(trace) if trace is not None else None
        self._traces: dict[str, Trace] = {}
        self.marks: list[SectionMark] = []

    @classmethod
    def experiments(cls) -> tuple[Experiment, ...]:
        """Every experiment the scene needs a trace of."""
        named = (() if cls.experiment is None else (cls.experiment,)) + cls.also
        return tuple(e if isinstance(e, Experiment) else experiment_named(e) for e in named)

    @classmethod
    def video_title(cls) -> str:
        """The title for people."""
        first = next(iter((cls.__doc__ or "").strip().splitlines()), "")
        return cls.title or first.rstrip(".") or cls.__name__

    @property
    def traces(self) -> tuple[Trace, ...]:
        """The traces loaded so far."""
        return tuple(self._traces.values())

    @property
    def trace(self) -> Trace:
        """The trace of :attr:`experiment`.

        Raises
        ------
        TopoError
            When the scene names no experiment, or it has not been trained yet; or it shows any trace and was
            given none.
        """
        if self._given is not None:
            self._traces.setdefault("", self._given)
            return self._given
        if self.experiment is None and self.any_trace:
            raise TopoError(
                f"{type(self).__name__} shows any trace: give it one with --trace FILE (make one with: "
                "python render.py train NAME -o FILE, or python render.py trace MODEL --data POINTS -o FILE)"
            )
        if self.experiment is None:
            raise TopoError(f'{type(self).__name__} names no experiment: set experiment = "spirals"')
        return self.load(self.experiment)

    def load(self, experiment: str | Experiment) -> Trace:
        """The trace of an experiment that has been trained.

        Raises
        ------
        TopoError
            With the command that trains it, when there is none.
        """
        wanted = experiment if isinstance(experiment, Experiment) else experiment_named(experiment)
        if wanted.key not in self._traces:
            path = find_trace(wanted)
            if path is None:
                raise TopoError(
                    f"{type(self).__name__}: no trace of the experiment {wanted.name!r} yet; "
                    f"run: python render.py train {wanted.name}"
                )
            self._traces[wanted.key] = Trace.load(path)
        return self._traces[wanted.key]

    def stage(self, trace: Trace | None = None, **options: Any) -> Stage:
        """A stage for a trace, by default the scene's own; options as for :class:`Stage`."""
        return Stage(self.trace if trace is None else trace, self.theme, **options)

    def space3d(self, **options: Any) -> Space3D:
        """Three-dimensional space in the scene's theme and time; options as for :class:`Space3D`."""
        return Space3D(self.theme, clock=lambda: float(self.renderer.time), **options)

    def badge(self, trace: Trace | None = None, y: float = -1.35, *, about: str = "isotopy") -> Badge:
        """What is proven of a trace (by default the scene's own), in the right column.

        Its claims about the animation's ``"isotopy"``, or that a separation is ``"impossible"``, or that the
        data are ``"separated"``, are proven here and now (``topo_core.certificates.badge``); nothing else
        decides what it says.
        """
        from topo_core.certificates import badge  # it takes a while to import

        words, holds = badge(self.trace if trace is None else trace, about)
        return Badge(words, holds, self.theme, PANEL.x0, y, PANEL.x1 - PANEL.x0)

    def heading(self, content: str) -> Mobject:
        """The title of the picture, at the top of the frame."""
        line = text(content, self.theme.title_size, weight="bold", color=self.theme.ink)
        return fitted(line, config.frame_width - 1).to_edge(UP, buff=0.36)

    @contextmanager
    def section(self, name: str, narration: str = "") -> Iterator[None]:
        """A named part of the film (one slide), with the words spoken over it."""
        self.next_section(name)
        self.marks.append(SectionMark(name, float(self.renderer.time), narration))
        yield

    def setup(self) -> None:
        """Make the theme's ink the default colour of text and lines."""
        super().setup()
        VMobject.set_default(color=self.theme.ink)

    def tear_down(self) -> None:
        """Undo :meth:`setup`."""
        VMobject.set_default()
        super().tear_down()

    def play(self, *animations: Any, **options: Any) -> None:
        """Play as Manim does; a new layer formula takes the place of the one before."""
        coming = [a.mobject for a in animations if isinstance(getattr(a, "mobject", None), LayerFormula)]
        if coming:
            self.remove(*(m for m in self.mobjects if isinstance(m, LayerFormula) and m not in coming))
        super().play(*animations, **options)
