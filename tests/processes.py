"""Run ``render.py`` as a user does: as a process, also one that is stopped with Ctrl-C."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
RENDER = ROOT / "render.py"


def environment(**more: str) -> dict[str, str]:
    """This process's environment without the program's own settings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("TOPO_")}
    return {**kept, **more}


def render(*arguments: str, cwd: Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """``python render.py ARGUMENTS`` in a folder."""
    return subprocess.run(
        [sys.executable, str(RENDER), *arguments],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def files_in(folder: Path) -> set[str]:
    """Every file below a folder, relative to it."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


class Interrupted:
    """A command on a terminal that is stopped with Ctrl-C once ``ready`` says so."""

    def __init__(
        self, *arguments: str, cwd: Path, ready: Callable[[str], bool], program: Path = RENDER
    ) -> None:
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, str(program), *arguments],
            cwd=cwd,
            env=environment(TERM="xterm", COLUMNS="120"),
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        self.shown = ""
        deadline = time.monotonic() + 60
        try:
            while not ready(self.shown):
                assert process.poll() is None, self.shown
                assert time.monotonic() < deadline, self.shown
                self._read(ours, 0.1)
            process.send_signal(signal.SIGINT)
            began = time.monotonic()
            while process.poll() is None and time.monotonic() < began + 30:
                self._read(ours, 0.05)
            self.seconds = time.monotonic() - began
            self._read(ours, 0)
        finally:
            process.kill()
            self.code = process.wait()
            os.close(ours)

    def _read(self, terminal: int, timeout: float) -> None:
        while select.select([terminal], [], [], timeout)[0]:
            try:
                text = os.read(terminal, 65536)
            except OSError:  # Linux: the other side is closed
                return
            if not text:
                return
            self.shown += text.decode(errors="replace")
            timeout = 0
