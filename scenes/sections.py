"""The sections of a scene: what scenes note and films use, without Manim."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SectionMark:
    """Where a section or chapter begins, in seconds, and what is said in it."""

    name: str
    start: float
    narration: str = ""
