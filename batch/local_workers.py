"""Workers on this machine: a process for each, begun again when it is killed, ended when this one is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from topo_core.errors import TopoError

#: What a process runs: it imports from the same places as this one, and nothing of the working directory.
_PROGRAM = "import sys; sys.path[:] = sys.argv[1:-1]; from batch.local_worker import main; main()"
#: Seconds that a process has for removing its files when it is told to stop.
_PATIENCE = 5.0
#: One thread for what would take every core, for there is a worker for each; llvmpipe counts those it starts.
_ONE_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "LP_NUM_THREADS": "0",
}


class LocalWorkers:
    """So many worker processes, which start at once and wait for a scheduler."""

    def __init__(self, count: int, report: Callable[[str], None]) -> None:
        self._address, self._report = "", report
        #: Where all of them keep their files; nothing of it is left in the end.
        self.folder = Path(tempfile.mkdtemp(prefix="topo-batch-"))
        self._started = 0
        self._processes: list[subprocess.Popen[bytes]] = []
        #: How many ended since something was last done.
        self.lost = 0
        self._most_lost = 5 * count
        for _ in range(count):
            self._start()

    def _start(self) -> None:
        self._started += 1
        folder = self.folder / f"worker-{self._started}"
        self._processes.append(
            subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM, *sys.path, str(folder)],
                stdin=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C in the terminal is for this process, which stops the others
                env={**_ONE_THREAD, **os.environ},
            )
        )
        if self._address:
            self._tell(self._processes[-1])

    def connect(self, address: str) -> None:
        """Tell every process, also those that are begun later, which scheduler to work for."""
        self._address = address
        for process in self._processes:
            self._tell(process)

    def _tell(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        with suppress(OSError):  # it has ended already; ``keep_up`` sees that
            process.stdin.write(f"{self._address}\n".encode())
            process.stdin.flush()

    def keep_up(self) -> None:
        """Start a process for each that has ended.

        Raises
        ------
        TopoError
            When they end again and again and nothing gets done.
        """
        for process in list(self._processes):
            if (code := process.poll()) is not None:
                self._processes.remove(process)
                _close(process)
                self.lost += 1
                if self.lost > self._most_lost:
                    raise TopoError(
                        f"worker processes end as soon as they begin (the last with exit code {code}); "
                        f"see what they say above, or try: render.py doctor"
                    )
                how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
                self._report(f"a worker process {how}; another one does what it was doing")
                self._start()

    def stop(self) -> None:
        """End every process, whatever it is doing, and remove what they left."""
        for process in self._processes:
            _close(process)
        for process in self._processes:
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _close(process: subprocess.Popen[bytes]) -> None:
    """End a process's standard input, and so the process."""
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.close()
