"""Scenes of the essay played on small traces of known numbers, and what is on screen in them."""

from typing import Any

import numpy as np

from scenes.kit import TraceScene
from scenes.output.look import LookRenderer, Page
from scenes.output.play import play_scene
from tests.scenes.pictures import Small, scratch
from topo_core.datasets import Dataset
from topo_core.spec import NetworkSpec
from topo_core.trace import Trace

#: A weight, and a readout to two classes, that leave the disc inside the annulus.
GENTLE = ([[1.6, -0.9], [0.7, 1.4]], [0.3, -0.2])
READOUT = ([[0.0, 0.0], [2.0, 1.0]], [0.2, -0.3])


def learned(
    dataset: Dataset, layers: Any, readout: Any = READOUT, outcome: Any = None, snapshots: int = 3
) -> Trace:
    """A trace of given weights, which grow from snapshot to snapshot, with a given outcome."""
    shares = np.linspace(0.5, 1, snapshots)
    weights = [np.array(w, dtype=float) for w, _ in layers]
    widths = (dataset.dimension, *(len(w) for w in weights))
    last_weight, last_bias = (np.array(part, dtype=float) for part in readout)
    return Trace(
        dataset=dataset,
        spec=NetworkSpec.parse("-".join(map(str, widths))),
        weights=tuple(np.multiply.outer(shares, w) for w in weights),
        biases=tuple(np.multiply.outer(shares, np.array(b, dtype=float)) for _, b in layers),
        readout_weight=np.multiply.outer(shares, last_weight),
        readout_bias=np.multiply.outer(shares, last_bias),
        steps=10 * np.arange(snapshots),
        losses=np.linspace(0.7, 0.3, snapshots),
        accuracies=np.linspace(0.5, 0.875, snapshots),
        swaps=(None,) * len(layers),
        outcome=outcome or {},
        certificate={},
        provenance={"experiment": "written"},
    )


class Seen:
    """A scene that has been played, and what was on screen at the end of each of its sections."""

    def __init__(self, scene: type[TraceScene], traces: dict[str, Trace], theme: str = "dark") -> None:
        given = type(scene.__name__, (scene,), {"load": lambda _, name: traces[name]})
        with scratch():
            self.scene: Any = play_scene(given, LookRenderer, Small(theme=theme, width=640, height=360), None)
        self.pages: dict[str, Page] = {page.section: page for page in self.scene.renderer.pages}

    @property
    def sections(self) -> list[str]:
        return [mark.name for mark in self.scene.marks]

    def words(self, section: str) -> list[str]:
        """All lines of text at the end of a section, in the order in which they are drawn."""
        return [line for text in self.pages[section].texts for line in text.content.split("\n")]

    def narration(self, section: str) -> str:
        (said,) = (mark.narration for mark in self.scene.marks if mark.name == section)
        return said

    def speeds(self) -> dict[str, float]:
        """Characters of narration a second, for every section."""
        marks = self.scene.marks
        ends = [*(mark.start for mark in marks[1:]), float(self.scene.renderer.time)]
        return {m.name: len(m.narration) / (end - m.start) for m, end in zip(marks, ends, strict=True)}
