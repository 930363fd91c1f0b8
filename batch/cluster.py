"""Where jobs run: processes of this machine, or those workers of a Dask cluster that are fit for them."""

from __future__ import annotations

import operator
import os
import pickle
import re
import warnings
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import cloudpickle

from batch.dask_import import distributed
from batch.local_workers import LocalWorkers
from batch.worker_check import Facts, facts, what_differs
from topo_core.errors import SpecError, TopoError, shown

#: Seconds for reaching a scheduler.
_REACH = 5.0
_ADDRESS = re.compile(r"(?:tcp|tls)://(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.%]+\]):([0-9]{1,5})")

Report = Callable[[str], None]


def scheduler_address(text: str) -> str:
    """The address of a scheduler, checked.

    Raises
    ------
    SpecError
        When it is none.
    """
    found = _ADDRESS.fullmatch(text)
    if found is None or not 0 < int(found[1]) < 65536:
        raise SpecError(
            f"--scheduler {shown(text)}: give the address of a Dask scheduler, for example tcp://host:8786"
        )
    return text


class Cluster(Protocol):
    """A client of a scheduler, and the workers that may be given jobs."""

    client: Any
    #: Whether everything runs on this machine.
    here: bool

    def look(self) -> None:
        """See which workers have come and gone; called about once a second.

        Raises
        ------
        TopoError
            When there will be none any more.
        """

    def places(self, opengl: bool) -> frozenset[str] | None:
        """The workers for a job; None for whichever is free."""

    @property
    def size(self) -> int:
        """How many jobs can be done at the same time."""

    @property
    def problem(self) -> str:
        """Why there is no worker; empty while there are some, or others are awaited."""

    def lacks_opengl(self, worker: str, reason: str) -> bool:
        """Note that a worker has no OpenGL; whether there are others that have."""

    def done(self) -> None:
        """Note that a job has been done."""

    def close(self) -> None:
        """End what was begun here."""


class Local:
    """Processes of this machine, one for each of ``count`` jobs at a time."""

    def __init__(self, count: int, report: Report) -> None:
        self._workers = LocalWorkers(count, report)  # before Dask is imported here: that takes a moment
        self.size = count
        try:
            dask = distributed()
            with _dask_files_in(self._workers.folder):
                self._cluster = dask.LocalCluster(
                    n_workers=0,
                    processes=False,
                    protocol="tcp://",
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",  # any port that is free; nothing is shown there
                    silence_logs=50,
                )
            self.client = dask.Client(self._cluster, set_as_default=False)
            self._workers.connect(self._cluster.scheduler_address)
        except BaseException:
            self._workers.stop()
            raise

    problem = ""
    here = True

    def look(self) -> None:
        """Begin those again that have ended."""
        self._workers.keep_up()

    def places(self, opengl: bool) -> frozenset[str] | None:
        """Whichever is free."""
        return None

    def lacks_opengl(self, worker: str, reason: str) -> bool:
        """Nothing else on this machine has it."""
        return False

    def done(self) -> None:
        """Those that ended were not to blame."""
        self._workers.lost = 0

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        self._workers.stop()
        _close(self.client, self._cluster)


class Existing:
    """The workers of a scheduler that is running already.

    Each is asked what it is made of before it is given a job; those that come later are, too.
    """

    here = False

    def __init__(self, address: str, report: Report, *, opengl: bool) -> None:
        self.address, self._report, self._opengl = address, report, opengl
        self._mine = facts()
        self._checks: dict[str, Any] = {}
        self._good: dict[str, Facts] = {}
        self._bad: dict[str, str] = {}
        self._alone = False
        dask = distributed()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of other versions: each worker is asked for its own
                self.client = dask.Client(address, timeout=_REACH, set_as_default=False)
        except Exception as error:  # whatever answered, it was not a scheduler
            raise TopoError(
                f"--scheduler {address}: no Dask scheduler answers there within {_REACH:.0f} s; see that it "
                f"runs and can be reached from here ({type(error).__name__})"
            ) from None
        self.look()

    def look(self) -> None:
        """Ask those that have come, and forget those that have gone."""
        if self.client.status != "running":
            raise TopoError(f"--scheduler {self.address}: the connection to the scheduler is lost")
        try:
            present = set(self.client.scheduler_info(n_workers=-1)["workers"])
        except (OSError, TimeoutError, CancelledError):
            raise TopoError(f"--scheduler {self.address}: the scheduler does not answer any more") from None
        if not present and not self._alone:
            self._report(f"{self.address}: has no workers now; waiting for some")
        self._alone = not present
        for gone in self._good.keys() - present:
            del self._good[gone]
            self._report(f"worker {gone}: is gone; what it was doing is done elsewhere")
        for gone in self._bad.keys() - present:
            del self._bad[gone]
        for gone in self._checks.keys() - present:
            self._checks.pop(gone).cancel()
        for new in present - self._good.keys() - self._bad.keys() - self._checks.keys():
            self._checks[new] = self._ask(new)
        for worker, check in list(self._checks.items()):
            if check.done():
                del self._checks[worker]
                self._judge(worker, check)

    def _ask(self, worker: str) -> Any:
        from batch.remote import check

        return send(self, partial(check, self._opengl), places=frozenset([worker]), priority=100)

    def _judge(self, worker: str, check: Any) -> None:
        if check.cancelled():
            return
        try:
            found: Facts = check.result()
            wrong = what_differs(found, self._mine)
        except Exception as error:  # it cannot even import this: whatever that raises
            what = " ".join(f"{type(error).__name__}: {error}".split())
            wrong = f"cannot do jobs ({what}); install neural-topology {self._mine.version} there"
        if wrong:
            self._bad[worker] = wrong
            self._report(f"worker {worker}: {wrong}; it gets no jobs")
            return
        self._good[worker] = found
        if found.no_opengl:
            self._report(f"worker {worker}: {found.no_opengl}; it gets no jobs that need it")

    @property
    def size(self) -> int:
        """One job for each process, whatever threads it has."""
        return len(self._good)

    @property
    def problem(self) -> str:
        """What is wrong with those that are there, if all have answered and none is fit."""
        if self._good or self._checks or not self._bad:
            return ""
        worker, wrong = next(iter(self._bad.items()))
        return f"no worker can do it: worker {worker}: {wrong}"

    def places(self, opengl: bool) -> frozenset[str] | None:
        """The fit ones; those with OpenGL, if there are any, for a job that may need it."""
        able = [worker for worker, found in self._good.items() if not (opengl and found.no_opengl)]
        waiting = bool(self._checks)  # for one that has OpenGL
        return frozenset(able) if able or waiting else frozenset(self._good)

    def lacks_opengl(self, worker: str, reason: str) -> bool:
        """Note it; whether there are others that have it."""
        if worker in self._good and not self._good[worker].no_opengl:
            self._good[worker] = replace(self._good[worker], no_opengl=reason)
            self._report(f"worker {worker}: {reason}; it gets no jobs that need it")
        return any(not found.no_opengl for found in self._good.values())

    def done(self) -> None:
        """Nothing to note."""

    def close(self) -> None:
        """Leave the cluster as it was found."""
        _close(self.client)


def send(
    cluster: Cluster, function: partial[Any], *more: Any, places: frozenset[str] | None, priority: int = 0
) -> Any:
    """Have a function called by a worker; returns Dask's future.

    A scheduler elsewhere, which unpacks all that it is given, need not know this project: the function goes
    out as bytes, and a worker first unpacks and then calls it.

    Parameters
    ----------
    function
        What is called, with all arguments that are this project's.
    more
        Further arguments, which may hold futures.
    places
        The workers that may do it; None for whichever is free.
    """
    key = f"topo-{os.urandom(12).hex()}"
    options = {
        "workers": None if places is None else sorted(places),
        "allow_other_workers": False,
        "pure": False,
        "priority": priority,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of large arguments: a scene's files are what they are
        submit = cluster.client.submit
        if cluster.here:
            return submit(function, *more, key=key, **options)
        unpacked = submit(pickle.loads, cloudpickle.dumps(function), key=f"{key}-function", **options)
        return submit(operator.call, unpacked, *more, key=key, **options)


def _dask_files_in(folder: Path) -> AbstractContextManager[object]:
    """Have Dask keep what it writes in a folder."""
    import dask.config as settings

    chosen: AbstractContextManager[object] = settings.set({"temporary-directory": str(folder)})
    return chosen


def _close(*parts: Any) -> None:
    for part in parts:
        with suppress(Exception):  # what is left of a connection that was lost
            part.close(timeout=2)


def parallel(workers: int | None, most: int | None) -> int:
    """How many processes to start here: ``workers``, by default what fits the machine; at most ``most``."""
    from scenes.output.workers import default_jobs

    wanted = workers or default_jobs()
    return max(1, wanted if most is None else min(wanted, most))
