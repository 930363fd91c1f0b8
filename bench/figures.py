"""Two hundred figures in a batch against the cost of one, their memory, and the overhead of a batch."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

RENDER = Path(__file__).parent.parent / "render.py"
SCENE = "layers-in-motion"
EXPERIMENTS, INSTANTS = 10, 20
CORES = 2
#: The most that the batch may take of the ideal, and that a batch of one may take longer, in seconds.
GOAL, GOAL_OF_ONE = 1.2, 2.0

_TRAININGS = f"""
[[job]]
name = "seed-{{seed}}"
experiment = "spirals"
restarts = 1
steps = 300
grid = {{ seed = {list(range(EXPERIMENTS))} }}
"""

_FIGURES = f"""
[[job]]
name = "seed-{{seed}}/{{at}}"
experiment = "spirals"
restarts = 1
steps = 300
figure = "{SCENE}"
[job.grid]
seed = SEEDS
at = INSTANTS
"""


def render(*arguments: str, media: Path) -> float:
    """Wall time of a command in seconds."""
    began = time.perf_counter()
    environment = {**os.environ, "TOPO_MEDIA": str(media)}
    subprocess.run(
        [sys.executable, str(RENDER), *arguments], check=True, env=environment, capture_output=True
    )
    return time.perf_counter() - began


def resident(parent: int) -> int:
    """Bytes of memory that the children of a process, and theirs, hold (Linux)."""
    total, children = 0, [parent]
    while children:
        pid = children.pop()
        try:
            lists = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/children")]
            children += [int(child) for child in " ".join(lists).split()]
            if pid != parent:
                total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError):
            continue
    return total


class Memory:
    """The memory of this process's children, looked at twice a second."""

    def __enter__(self) -> Memory:
        self.seen: list[int] = []
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.5):
            self.seen.append(resident(os.getpid()))


def run() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        media = Path(folder)
        trainings, many, one = (media / f"{name}.toml" for name in ("trainings", "many", "one"))
        instants = [f"{second}s" for second in range(1, INSTANTS + 1)]
        trainings.write_text(_TRAININGS)
        many.write_text(
            _FIGURES.replace("SEEDS", str(list(range(EXPERIMENTS)))).replace("INSTANTS", str(instants))
        )
        one.write_text(_FIGURES.replace("SEEDS", "[0]").replace("INSTANTS", '["10s"]'))
        render("batch", str(trainings), "-o", f"{folder}/traces", media=media)
        trace = f"{folder}/traces/seed-0.npz"
        singles = [
            render("figure", SCENE, "--trace", trace, "--at", f"{second}s", media=media)
            for second in (2, 6, 10, 14, 18)
        ]
        single = statistics.mean(singles)
        of_one = render("batch", str(one), "-o", f"{folder}/one", media=media)
        print(
            f"one figure {single:.2f} s, as a batch {of_one:.2f} s: {of_one - single:+.2f} s "
            f"(goal: under {GOAL_OF_ONE} s)"
        )
        with Memory() as memory:
            took = render("batch", str(many), "-o", f"{folder}/many", media=media)
        made = len(list(Path(folder, "many").rglob("*.pdf")))
        count = EXPERIMENTS * INSTANTS
        if made != count:
            raise RuntimeError(f"{made} figures were made, not {count}")
        ideal = single * count / CORES
        print(
            f"{count} figures: {took:.1f} s, ideal {ideal:.1f} s: {took / ideal:.2f} (goal: at most {GOAL})"
        )
        third = len(memory.seen) // 3
        middle, last = (
            max(part) / 1e6 for part in (memory.seen[third : 2 * third], memory.seen[2 * third :])
        )
        print(
            f"memory of all processes: at most {middle:.0f} MB in the second third, {last:.0f} MB in the last"
        )
