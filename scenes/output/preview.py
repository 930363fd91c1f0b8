"""Open a file in the system's own viewer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from topo_core.errors import DependencyError


def opener(path: Path) -> list[str]:
    """The command that opens a file."""
    return ["open" if sys.platform == "darwin" else "xdg-open", str(path)]


def show(path: Path) -> None:
    """Open a file and do not wait.

    Raises
    ------
    DependencyError
        When the system has no such program.
    """
    try:
        subprocess.Popen(opener(path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except FileNotFoundError:
        raise DependencyError(f"{path} is ready, but {opener(path)[0]} is not installed to open it") from None
