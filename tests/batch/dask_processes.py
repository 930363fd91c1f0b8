"""A Dask scheduler and workers as processes of their own, each in a folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from batch.dask_import import distributed

ROOT = Path(__file__).parents[2]
#: Seconds after which something that is waited for counts as never happening; the machine may be busy.
LONG = 120.0


def wait_until(condition: Callable[[], object], what: str = "") -> None:
    """Wait for a condition, however long it takes on a busy machine."""
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end, f"never: {what or condition}"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """Whether there is such a process, and it has not ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def free_port() -> int:
    """A port that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class DaskProcesses:
    """A scheduler, and workers that know nothing of each other's folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self.scheduler = self._start("scheduler", "scheduler", "--host", self.address, "--no-dashboard")

    def worker(self, name: str, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker."""
        command = ("worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard")
        return self._start(name, *command, "--host", "127.0.0.1", *options, **environment)

    def _start(self, name: str, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        folder = self.folder / name
        folder.mkdir(parents=True)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("TOPO_", "DASK_"))}
        paths = {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder), **environment}
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "batch.dask_import", *command],
                cwd=folder,
                env={**kept, **paths},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def wait_for_workers(self, count: int) -> None:
        """Wait until so many workers have come."""
        with distributed().Client(self.address, timeout=LONG, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=LONG)

    def logs(self) -> str:
        """What all of them wrote."""
        return "\n".join(f"{path}: {path.read_text()[-2000:]}" for path in sorted(self.folder.glob("*/log")))

    def stop(self) -> None:
        """End all of them."""
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
        for process in self.processes:
            process.wait()


@contextmanager
def dask_processes(folder: Path) -> Iterator[DaskProcesses]:
    """A scheduler without workers, ended afterwards with all workers that were started."""
    made = DaskProcesses(folder)
    try:
        yield made
    finally:
        made.stop()
