"""What proves shares nothing with what it checks: it imports NumPy and the reading of bytes, and no more."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "topo_core" / "verification"
MODULES = sorted(PACKAGE.glob("*.py"))

#: Of this project, all that a proof may use beside its own package.
SHARED = {"topo_core", "topo_core.errors", "topo_core.trace_io"}


def imported(path: Path) -> set[str]:
    """Every module that a file names in an import; of ``from a import b``, ``a.b`` where that is a module."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: write imports in full"
            found.add(node.module)
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            found.update(name for name in names if is_module(name))
        elif isinstance(node, ast.Call) and "import" in ast.unparse(node.func):
            raise AssertionError(f"{path.name}: imports by a call")
    return found


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def test_there_are_modules_to_look_at() -> None:
    assert {"intervals.py", "network.py", "margins.py"} <= {path.name for path in MODULES}
    assert "topo_core.trace_io" in imported(ROOT / "topo_core" / "trace.py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_imports_no_more_than_it_may(path: Path) -> None:
    names = imported(path)
    outer = {name for name in names if name.split(".")[0] not in {*sys.stdlib_module_names, "topo_core"}}
    assert {name.split(".")[0] for name in outer} <= {"numpy"}
    ours = {name for name in names if name.split(".")[0] == "topo_core"}
    assert {name for name in ours if not name.startswith("topo_core.verification")} <= SHARED


#: What NumPy and ``math`` compute by a mathematical library, of which IEEE 754 promises nothing.
FUNCTIONS = {
    *("exp", "exp2", "expm1", "log", "log2", "log1p", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan"),
    *("arctan2", "atan2", "hypot", "power", "pow", "logaddexp", "cbrt"),
}


def library_functions(source: str) -> set[str]:
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute))
    return {n.attr for n in nodes if n.attr in FUNCTIONS and ast.unparse(n.value) in ("np", "math")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_bound_is_taken_from_a_mathematical_library(path: Path) -> None:
    guesses = {"hypot", "arctan2"} if path.name == "pieces.py" else set()  # which are proven afterwards
    assert library_functions(path.read_text("utf-8")) <= guesses
    assert library_functions("np.exp(x) + math.sin(y) + np.sqrt(z) + elementary.tanh(w)") == {"exp", "sin"}


def test_importing_it_loads_nothing_that_it_checks() -> None:
    modules = [f"topo_core.verification.{path.stem}" for path in MODULES if path.stem != "__init__"]
    code = f"import {', '.join(modules)}, sys; print(*sys.modules, sep='\\n')"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "topo_core.verification.margins" in loaded
    ours = {name for name in loaded if name.startswith("topo_core")}
    assert {name for name in ours if not name.startswith("topo_core.verification")} <= SHARED
    assert {"torch", "scipy", "manim"} & loaded == set()
