"""How long the commands that import neither torch nor manim take to answer."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

RENDER = Path(__file__).parent.parent / "render.py"
GOAL = 0.5


def best_of(command: list[str], runs: int = 7) -> float:
    """Shortest wall time of a command in seconds."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - began)
    return min(times)


def run() -> None:
    """Print the times, and as a floor that of an empty Python program."""
    floor = best_of([sys.executable, "-c", "pass"])
    print(f"python -c pass: {floor:.3f} s")
    for command in ("--help", "list"):
        took = best_of([sys.executable, str(RENDER), command])
        print(f"render.py {command}: {took:.3f} s (goal: under {GOAL} s)")
