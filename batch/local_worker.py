"""A Dask worker of this machine, as a process that ends when the one that started it does.

On standard input it is given a scheduler's address, one line, and it works until standard input ends, which
also happens when its parent is killed. What jobs print goes to standard error.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import threading
import time
from pathlib import Path
from typing import NoReturn

from batch.dask_import import distributed


def main() -> None:
    """Work in the folder ``sys.argv[-1]``, for the scheduler that standard input names."""
    os.dup2(2, 1)
    distributed()  # it takes longer than the scheduler takes to start
    folder = Path(sys.argv[-1])
    folder.mkdir(parents=True, exist_ok=True)
    address = _line() or _leave(folder)  # the parent has gone already
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    asyncio.run(_work(address, folder))


def _line() -> str:
    """The first line of standard input, and not a byte more; empty if it has ended."""
    line = b""
    while byte := os.read(0, 1):
        if byte == b"\n":
            return line.decode()
        line += byte
    return ""


def _end_with_parent(folder: Path) -> None:
    """End as soon as standard input does, whatever is being done, and leave nothing behind."""
    while os.read(0, 1):
        pass
    _leave(folder)


def _leave(folder: Path) -> NoReturn:
    """End now, and take the folder along, although other threads may still write into it."""
    for _ in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break
        time.sleep(0.02)
    if not list(folder.parent.glob("worker-*")):  # the last one removes what is around it
        shutil.rmtree(folder.parent, ignore_errors=True)
    os._exit(0)


async def _work(address: str, folder: Path) -> None:
    dask = distributed()
    import dask.config as settings

    settings.set({"distributed.worker.profile.enabled": False})
    worker = await dask.Worker(
        address, nthreads=1, memory_limit=0, dashboard=False, local_directory=str(folder), name=folder.name
    )
    await worker.finished()


if __name__ == "__main__":
    main()
