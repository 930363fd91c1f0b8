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
from contextlib import suppress
from pathlib import Path

from batch.dask_import import distributed


def main() -> None:
    """Work in the folder ``sys.argv[-1]``, for the scheduler that standard input names."""
    os.dup2(2, 1)
    distributed()  # it takes longer than the scheduler takes to start
    folder = Path(sys.argv[-1])
    address = _line()
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    asyncio.run(_work(address, folder))


def _line() -> str:
    """The first line of standard input, and not a byte more."""
    line = b""
    while byte := os.read(0, 1):
        if byte == b"\n":
            return line.decode()
        line += byte
    sys.exit(0)  # the parent has gone


def _end_with_parent(folder: Path) -> None:
    """End as soon as standard input does, whatever is being done, and leave nothing behind."""
    while os.read(0, 1):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):  # the last one removes what is around it
        folder.parent.rmdir()
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
