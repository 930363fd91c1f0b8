"""Dask where a module called ``snappy`` is installed that is not the compressor."""

import subprocess
import sys
from pathlib import Path


def test_a_worker_of_several_processes_begins_beside_snappy(tmp_path: Path) -> None:
    """Each of them is begun by ``multiprocessing``, which runs the main module as ``__mp_main__`` first."""
    (tmp_path / "snappy.py").write_text("Manifold = object")
    program = (
        f"import runpy, sys; sys.path.insert(0, {str(tmp_path)!r});"
        "runpy.run_module('batch.dask_import', run_name='__mp_main__', alter_sys=True);"
        "import distributed; assert distributed.Worker; import snappy; assert snappy.Manifold"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
