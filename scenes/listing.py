"""What there is to train and to render, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from scenes.catalogue import ANY_TRACE, SCENES
from scenes.figures.catalogue import FIGURES
from topo_core.datasets.link_curves import LINK_TITLES
from topo_core.experiments import EXPERIMENTS, LINKS
from topo_core.studies import STUDIES


def as_data() -> dict[str, list[dict[str, Any]]]:
    """Experiments, links, studies, scenes and figures, for JSON; scenes with their numbers in the film."""
    return {
        "experiments": [
            {
                "name": e.name,
                "title": e.title,
                "network": str(e.network),
                "dataset": e.dataset.describe(),
                "claim": e.claim,
            }
            for e in EXPERIMENTS.values()
        ],
        "links": [{"name": LINKS + name, "title": title} for name, title in LINK_TITLES.items()],
        "studies": [{"name": s.name, "title": s.title, "data": s.takes_data} for s in STUDIES.values()],
        "scenes": [{"number": i, **asdict(entry)} for i, entry in enumerate(SCENES.values(), 1)],
        "scenes_for_any_trace": [asdict(entry) for entry in ANY_TRACE.values()],
        "figures": [asdict(entry) for entry in FIGURES.values()],
    }


def as_lines() -> list[str]:
    """What there is, one a line, below the commands that take its name."""
    wide = max(len(str(e.network)) for e in EXPERIMENTS.values())
    return [
        "Experiments (python render.py train NAME)",
        *(f"  {e.name:24} {e.network!s:{wide}} {e.title}" for e in EXPERIMENTS.values()),
        "",
        "Links (python render.py train NAME; docs/links.md)",
        *(f"  {LINKS + name:24} {title}" for name, title in LINK_TITLES.items()),
        "",
        "Studies (python render.py results NAME)",
        *(f"  {study.name:24} {study.title}" for study in STUDIES.values()),
        "",
        "Scenes (python render.py video NAME; python render.py film --only NUMBERS)",
        *(f"  {i:2}  {entry.name:24} {entry.title}" for i, entry in enumerate(SCENES.values(), 1)),
        "",
        "Scenes for any trace (python render.py video NAME --trace FILE; docs/your-network.md)",
        *(f"  {entry.name:24} {entry.title}" for entry in ANY_TRACE.values()),
        "",
        "Figures (python render.py figure NAME; docs/figures.md)",
        *(f"  {entry.name:24} {entry.title}" for entry in FIGURES.values()),
    ]
