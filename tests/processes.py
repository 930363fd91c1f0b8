"""Run ``render.py`` as a user does: as a process."""

import os
import subprocess
import sys
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
