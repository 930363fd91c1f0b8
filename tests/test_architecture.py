"""One direction of travel: topo_core <- scenes <- batch <- render.py; nothing heavy before it is needed."""

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "topo_core").rglob("*.py"))
SCENES = sorted((ROOT / "scenes").rglob("*.py"))
BATCH = sorted((ROOT / "batch").rglob("*.py"))
KIT = [path for path in SCENES if "kit" in path.parts]
RENDER = ROOT / "render.py"
COMMANDS = [RENDER, *sorted((ROOT / "commands").rglob("*.py"))]

#: The only modules that may import torch, and so may not be imported by whoever must not.
TRAINING = (
    *("contractive.py", "field_layers.py", "networks.py", "penalties.py", "training.py"),
    *("from_torch.py", "plain_modules.py", "plain_states.py"),
    *("field_layers.py", "continuous/layer.py", "continuous/steps.py"),
    *("knn/film.py", "knn/fit.py", "knn/jobs.py", "knn/readouts.py", "knn/studies.py"),
)
TRAINING_MODULES = tuple(f"topo_core.{name.removesuffix('.py').replace('/', '.')}" for name in TRAINING)
HEAVY = {
    "torch",
    "manim",
    "scipy",
    "sklearn",
    "av",
    "moderngl",
    "PIL",
    "contourpy",
    "typst",
    "pydantic",
    "dask",
    "distributed",
    "pypdfium2",
}
MOST_LINES = 320


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=name_of)


def statements(node: ast.AST, *, on_import: bool) -> Iterator[ast.AST]:
    """Every node below; ``on_import`` leaves out function bodies and ``if TYPE_CHECKING``."""
    for child in ast.iter_child_nodes(node):
        if on_import:
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                continue
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                for other in child.orelse:
                    yield from (other, *statements(other, on_import=True))
                continue
        yield child
        yield from statements(child, on_import=on_import)


def imports_by_call(node: ast.Call) -> bool:
    named = len(node.args) > 0 and isinstance(node.args[0], ast.Constant)
    return named and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__")


def imports(source: str, package: str = "", *, on_import: bool = False) -> set[str]:
    """Full names of all that a module imports: ``a.b`` and, of ``from a.b import c``, ``a.b.c`` too.

    ``import_module("a.b")`` and ``__import__("a.b")`` count as well.
    """
    found = set()
    for node in statements(ast.parse(source), on_import=on_import):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*parents, *filter(None, [node.module])])
            found.add(module)
            found.update(f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and imports_by_call(node):
            found.add(ast.literal_eval(node.args[0]))
    return found


def imports_of(path: Path, *, on_import: bool = False) -> set[str]:
    package = ".".join(path.relative_to(ROOT).parts[:-1])
    return imports(path.read_text("utf-8"), package, on_import=on_import)


def within(names: Iterable[str], *packages: str) -> set[str]:
    """The names that are one of the packages or in it."""
    return {name for name in names if any(name == p or name.startswith(f"{p}.") for p in packages)}


class TestTheWalkItself:
    """These tests would pass for ever if ``imports`` saw nothing."""

    @pytest.mark.parametrize(
        ("source", "found"),
        [
            ("import torch", {"torch"}),
            ("import torch.nn as nn, manim", {"torch.nn", "manim"}),
            ("from torch import nn", {"torch", "torch.nn"}),
            ("from topo_core import training", {"topo_core", "topo_core.training"}),
            ("def f():\n    from torch import nn", {"torch", "torch.nn"}),
            ("if TYPE_CHECKING:\n    import torch", {"torch"}),
            ("try:\n    import torch\nexcept ImportError:\n    pass", {"torch"}),
            ("import importlib\nimportlib.import_module('torch')", {"importlib", "torch"}),
            ("x = __import__('torch')", {"torch"}),
            ("from . import a", {"scenes.kit", "scenes.kit.a"}),
            ("from ..output import b", {"scenes.output", "scenes.output.b"}),
            ("text = 'import torch'", set()),
        ],
    )
    def test_it_finds_every_kind_of_import(self, source: str, found: set[str]) -> None:
        assert imports(source, "scenes.kit") == found

    def test_it_tells_what_happens_on_import(self) -> None:
        source = (
            "import a\n"
            "class C:\n    import b\n    def f(self):\n        import c\n"
            "def f():\n    import d\n"
            "if TYPE_CHECKING:\n    import e\nelse:\n    import f\n"
            "try:\n    import g\nfinally:\n    pass\n"
        )
        assert imports(source, on_import=True) == {"a", "b", "f", "g"}
        assert imports(source) == set("abcdefg")

    def test_there_are_files_to_walk(self) -> None:
        assert {"topo_core/training.py", "topo_core/datasets/planar.py"} <= {name_of(p) for p in CORE}
        assert {"scenes/kit/stage.py", "scenes/essay/spirals.py"} <= {name_of(p) for p in SCENES}
        assert within(imports_of(ROOT / "topo_core" / "training.py"), "torch")
        assert within(["torchvision", "topo_core.training"], "torch", "topo_core.train") == set()


class TestTheCore:
    @each(CORE)
    def test_it_knows_nothing_of_pictures_and_commands(self, path: Path) -> None:
        outer = {name.split(".")[0] for name in imports_of(path)}
        allowed = {*sys.stdlib_module_names, "numpy", "scipy", "torch", "topo_core"}
        special = {
            **{"digits.py": {"sklearn"}, "vote.py": {"sklearn"}, "mnist.py": {"pooch"}},
            "untangle.py": {"threadpoolctl"},
        }.get(path.name, set())
        assert outer - allowed - special == set()

    @each([path for path in CORE if path.relative_to(ROOT / "topo_core").as_posix() not in TRAINING])
    def test_torch_is_for_training_only(self, path: Path) -> None:
        assert within(imports_of(path), "torch") == set()
        assert within(imports_of(path, on_import=True), *TRAINING_MODULES) == set()


class TestTheScenes:
    @each(SCENES)
    def test_they_never_train(self, path: Path) -> None:
        training = ("torch", *TRAINING_MODULES, "topo_core.store.obtain_trace")
        assert within(imports_of(path), *training) == set()

    @each(SCENES)
    def test_they_know_nothing_of_the_command_line(self, path: Path) -> None:
        assert within(imports_of(path), "batch", "commands", "render", "click", "bench", "tests") == set()

    @each(KIT)
    def test_the_kit_knows_nothing_of_those_who_use_it(self, path: Path) -> None:
        assert within(imports_of(path), "scenes.essay", "scenes.output", "scenes.catalogue") == set()

    @each([path for path in SCENES if "essay" in path.parts])
    def test_the_essay_knows_nothing_of_files(self, path: Path) -> None:
        assert within(imports_of(path), "scenes.output", "scenes.catalogue") == set()


class TestBatches:
    @each(BATCH)
    def test_they_know_nothing_of_the_command_line(self, path: Path) -> None:
        assert within(imports_of(path), "commands", "render", "click", "bench", "tests") == set()

    @each(BATCH)
    def test_they_do_the_work_in_workers_and_import_for_it_there(self, path: Path) -> None:
        heavy = HEAVY - {"pydantic" if path.name in ("manifest.py", "schema.py") else ""}
        assert within(imports_of(path, on_import=True), *heavy, *TRAINING_MODULES) == set()

    @each([path for path in BATCH if path.name != "dask_import.py"])
    def test_only_one_module_imports_dask(self, path: Path) -> None:
        assert within(imports_of(path), "distributed") == set()


class TestTheCommandLine:
    @each(COMMANDS)
    def test_it_imports_little_at_first(self, path: Path) -> None:
        names = imports_of(path, on_import=True)
        known = {*sys.stdlib_module_names, "click", "commands"}
        ours = {name for name in names if name.split(".")[0] not in known}
        modules = {name for name in ours if name.count(".") < 2 and name != "topo_core.__version__"}
        assert modules <= {"topo_core", "topo_core.errors"}

    @each(COMMANDS)
    def test_it_never_does_the_work_itself(self, path: Path) -> None:
        assert within(imports_of(path), "torch", "manim", "numpy", "scipy", "av", "moderngl") == set()

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--help"],
            ["list"],
            ["list", "--json"],
            ["train", "--help"],
            ["video", "--help"],
            ["film", "--help"],
            ["batch", "--help"],
        ],
    )
    def test_answers_that_need_nothing_heavy_import_nothing_heavy(self, arguments: list[str]) -> None:
        run = subprocess.run(
            [sys.executable, "-X", "importtime", "render.py", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in run.stderr.splitlines()}
        assert "click" in imported  # so that the output was understood
        assert imported & HEAVY == set()
        assert run.stdout


#: Run first in a fresh interpreter: whoever imports torch gets what an uninstalled torch gives.
WITHOUT_TORCH = (
    f"TRAINING_MODULES = {TRAINING_MODULES}\n"
    + """
import importlib, pkgutil, sys

class NoTorch:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError("no module named " + name, name=name)

sys.meta_path.insert(0, NoTorch())

def import_all(package):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if module.name not in TRAINING_MODULES:
            importlib.import_module(module.name)
            print(module.name)
"""
)


def without_torch(code: str) -> set[str]:
    """What the code prints, run where torch cannot be imported."""
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH + code], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


class TestWithoutTorch:
    def test_there_is_no_torch(self) -> None:
        code = "try:\n    import topo_core.networks\nexcept ModuleNotFoundError as e:\n    print(e.name)"
        assert without_torch(code) == {"torch"}

    def test_every_scene_can_be_imported(self) -> None:
        done = without_torch(
            "import scenes, scenes.kit, scenes.essay.spirals; import_all(scenes)\n"
            "assert not {'torch', 'topo_core.networks', 'topo_core.training'} & set(sys.modules)"
        )
        assert {"scenes.kit", "scenes.kit.stage", "scenes.essay.spirals", "scenes.output.video"} <= done
        assert len(done) == len(SCENES) - 1  # all but the package itself

    def test_so_can_the_rest_of_the_core_without_manim(self) -> None:
        done = without_torch("import topo_core; import_all(topo_core); assert 'manim' not in sys.modules")
        assert {"topo_core.trace", "topo_core.store", "topo_core.experiments"} <= done


@each([*CORE, *SCENES, *BATCH, *COMMANDS])
def test_no_file_is_long(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= MOST_LINES, f"{name_of(path)} has {lines} lines: split it"


def public(node: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Every public class and function of a module, and every public method and nested class."""
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if child.name.startswith("_"):
                continue
            yield prefix + child.name, child
            if isinstance(child, ast.ClassDef):
                yield from public(child, f"{prefix}{child.name}.")


@each([*CORE, *KIT, *BATCH])
def test_everything_public_says_what_it_is(path: Path) -> None:
    module = ast.parse(path.read_text("utf-8"))
    silent = [name for name, node in public(module) if not ast.get_docstring(node)]  # type: ignore[arg-type]
    assert silent == []
    assert ast.get_docstring(module), f"{name_of(path)} does not say what it is for"
