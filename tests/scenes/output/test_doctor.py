"""The doctor finds what is there, names what is not, and survives whatever is broken."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

from scenes.output import doctor
from scenes.output.doctor import Check, Package, report

ROOT = Path(__file__).parents[3]


def found(name: str) -> Check:
    """The check of that name in a report."""
    return next(check for check in report() if check.name == name)


@pytest.fixture
def gl_probe(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Replaces what the OpenGL process runs: ``gl_probe.setattr(doctor, "_GL_PROBE", ...)``."""
    monkeypatch.setattr(doctor, "GL_TIMEOUT", 1.0)
    return monkeypatch


class TestReport:
    def test_everything_needed_is_found_here(self) -> None:
        assert [check for check in report() if check.status == "missing"] == []

    def test_names_are_unique(self) -> None:
        names = [check.name for check in report()]
        assert len(set(names)) == len(names)

    def test_covers_what_the_program_stands_on(self) -> None:
        names = {check.name for check in report()}
        assert names >= {"python", "numpy", "torch", "manim", "cairo", "pango", "fonts", "cores"}
        assert names >= {"encoder libx264", "encoder libvpx-vp9", "encoder prores_ks"}
        assert names >= {"encoder gif", "OpenGL", "extra dev"}

    def test_every_line_is_one_line_and_every_fault_has_a_remedy(self) -> None:
        for check in report():
            assert "\n" not in check.detail + check.remedy
            assert check.detail
            assert bool(check.remedy) == (check.status != "ok")

    def test_runs_without_a_single_package(self) -> None:
        """``-S`` leaves the interpreter with nothing but the standard library."""
        program = (
            f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
            "from scenes.output.doctor import report\n"
            "for check in report(): print(check.name, check.status, sep=':')"
        )
        run = subprocess.run(
            [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True
        )
        status = dict(line.split(":") for line in run.stdout.splitlines())
        assert status["python"] == "ok"
        for name in (*(package.name for package in doctor.NEEDED), "cairo", "pango", "fonts"):
            assert status[name] == "missing"

    def test_torch_and_manim_are_not_imported(self) -> None:
        program = (
            "import sys; from scenes.output.doctor import report; report()\n"
            "print({'torch', 'manim'} & set(sys.modules))"
        )
        run = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
        )
        assert run.stdout.strip() == "set()"


class TestPackages:
    def test_agrees_with_pyproject(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        declared = {(r.name, r.specifier) for r in map(Requirement, project["dependencies"])}
        known = {
            (r.name, r.specifier)
            for r in (Requirement(package.requirement) for package in doctor.NEEDED)
            if r.name != "typst"
        }
        assert known == declared
        extras = {
            name: {(r.name, r.specifier) for r in map(Requirement, requirements)}
            for name, requirements in project["optional-dependencies"].items()
        }
        assert extras == {
            name: {(r.name, r.specifier) for r in (Requirement(p.requirement) for p in packages)}
            for name, packages in doctor.EXTRAS.items()
        }
        oldest = f">={'.'.join(map(str, doctor.OLDEST_PYTHON))}"
        assert project["requires-python"] == oldest

    def test_absent(self) -> None:
        check = doctor._package(Package("no-such-package", "no_such", (1, 2), "nothing"))
        assert check.status == "missing"
        assert check.detail == "not installed; needed for nothing"
        assert "pip install 'no-such-package>=1.2'" in check.remedy

    @pytest.mark.parametrize(
        ("version", "status"),
        [
            ("0.21.9", "missing"),
            ("0.22", "ok"),
            ("0.22.0.post1+local", "ok"),
            ("0.23.0", "missing"),
            ("1.0", "missing"),
            ("unknown", "missing"),
        ],
    )
    def test_version(self, version: str, status: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(metadata, "version", lambda _: version)
        check = doctor._package(Package("manim", "manim", (0, 22), "scenes", below=(0, 23)))
        assert check.status == status
        assert check.detail.startswith(version)

    def test_registered_but_gone(self) -> None:
        check = doctor._package(Package("numpy", "no_such_module", (1,), "arrays"))
        assert check.status == "missing"
        assert "its files are gone" in check.detail

    def test_a_licence_is_noted(self) -> None:
        package = Package("no-such-package", "no_such", (1,), "nothing", licence="GPL")
        assert doctor._extra("more", (package,)).detail.endswith("not installed (GPL); needed for nothing")
        assert "snappy (GPL)" in found("extra links").detail

    def test_an_incomplete_extra_is_optional(self) -> None:
        check = doctor._extra("more", (Package("no-such-package", "no_such", (1,), "nothing"),))
        assert check.status == "optional"
        assert "no-such-package" in check.detail
        assert "'.[more]'" in check.remedy


class TestBrokenLibraries:
    def test_a_library_that_does_not_load(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "cairo", None)
        check = found("cairo")
        assert check.status == "missing"
        assert "make setup" in check.remedy

    def test_a_module_without_what_is_asked_of_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "manimpango", ModuleType("manimpango"))
        check = found("pango")
        assert check.status == "missing"
        assert "pango_version" in check.detail

    def test_an_encoder_that_is_absent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(doctor, "ENCODERS", {"no-such-encoder": "mp4"})
        (check,) = doctor._encoders()
        assert (check.status, check.name) == ("missing", "encoder no-such-encoder")
        assert "mp4" in check.detail

    def test_a_font_that_is_absent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(doctor, "FONTS", ("No Such Family",))
        (check,) = doctor._fonts()
        assert check.status == "missing"
        assert "No Such Family" in check.detail

    @pytest.mark.parametrize("has_apt", [True, False])
    def test_the_remedy_suits_the_system(self, has_apt: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(doctor.shutil, "which", lambda _: "/usr/bin/apt-get" * has_apt or None)
        monkeypatch.setattr(sys, "platform", "linux" if has_apt else "darwin")
        remedy = doctor._system_libraries("libcairo2-dev", "cairo")
        tool = "apt-get install libcairo2-dev" if has_apt else "brew install cairo"
        assert tool in remedy


class TestOpenGL:
    @pytest.mark.parametrize(
        ("program", "problem"),
        [
            ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "code -11"),
            ("import time; time.sleep(60)", "did not answer in 1 s"),
            ("raise RuntimeError('no display')", "RuntimeError: no display"),
            ("print('not JSON')", "JSONDecodeError"),
            ("print('[]')", "TypeError"),
            ("print('{}')", "KeyError"),
        ],
    )
    def test_a_driver_that_fails(self, program: str, problem: str, gl_probe: pytest.MonkeyPatch) -> None:
        gl_probe.setattr(doctor, "_GL_PROBE", program)
        check = doctor._opengl()
        assert check.status == "optional"
        assert problem in check.detail
        assert check.remedy

    def test_the_renderer_is_named(self, gl_probe: pytest.MonkeyPatch) -> None:
        program = """print('{"renderer": "llvmpipe (LLVM 15)", "version": 450}')"""
        gl_probe.setattr(doctor, "_GL_PROBE", program)
        assert doctor._opengl() == Check("OpenGL", "ok", "4.5, llvmpipe (LLVM 15)")
