"""The one way to Dask: ``distributed`` takes any module called ``snappy`` for a compressor.

SnapPy, which looks links up, is called so as well, and ``import distributed`` fails where it is installed.
While Dask is imported here, no ``snappy`` is to be found.
"""

from __future__ import annotations

import importlib
import logging
import sys
import threading
from typing import Any

_MISSING = object()
_lock = threading.Lock()


def distributed() -> Any:
    """The package ``distributed``, imported when first asked for, and silent but for its errors."""
    with _lock:
        if "distributed" in sys.modules:
            return sys.modules["distributed"]
        before = sys.modules.get("snappy", _MISSING)
        sys.modules["snappy"] = None  # type: ignore[assignment]  # as Python marks what cannot be imported
        try:
            package = importlib.import_module("distributed")
        finally:
            if before is _MISSING:
                del sys.modules["snappy"]
            else:
                sys.modules["snappy"] = before  # type: ignore[assignment]
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        return package


def main() -> None:
    """Dask's own command line where SnapPy is installed, too: ``python -m batch.dask_import worker ...``."""
    distributed()
    from dask.__main__ import main as dask

    dask()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
elif __name__ == "__mp_main__":  # a process that ``worker --nworkers`` begins, before it imports Dask itself
    distributed()
