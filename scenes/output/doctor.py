"""What is installed, what is missing, and how to get it.

`report` looks and never raises: this is what one runs when nothing else works. So nothing here is
imported at the top but the standard library, and OpenGL, whose drivers can bring down a process, is
tried in another one.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from typing import Literal

from scenes.cores import cores

Status = Literal["ok", "missing", "optional"]

OLDEST_PYTHON = (3, 11)
GL_TIMEOUT = 20.0  # seconds


@dataclass(frozen=True)
class Check:
    """One finding.

    Attributes
    ----------
    name
        What was looked at, for example ``"manim"`` or ``"encoder libx264"``.
    status
        ``"ok"``; ``"missing"`` if the program needs it and it is absent, broken or of the wrong
        version; ``"optional"`` if it is absent and only some uses need it.
    detail
        What was found, or what is wrong, or what needs it: one line.
    remedy
        What to do; empty if the status is ``"ok"``.
    """

    name: str
    status: Status
    detail: str
    remedy: str = ""


@dataclass(frozen=True)
class Package:
    """A distribution to look for: its import name, its versions, what it does here, and a licence to note."""

    name: str
    module: str
    minimum: tuple[int, ...]
    purpose: str
    below: tuple[int, ...] | None = None
    licence: str = ""

    @property
    def requirement(self) -> str:
        """The requirement as pip reads it, for example ``manim>=0.22,<0.23``."""
        upper = f",<{_dotted(self.below)}" if self.below else ""
        return f"{self.name}>={_dotted(self.minimum)}{upper}"


#: The dependencies in ``pyproject.toml``, and typst, which manim's extra of that name brings.
NEEDED = (
    Package("numpy", "numpy", (2, 1), "arrays"),
    Package("scipy", "scipy", (1, 13), "matrix decompositions"),
    Package("scikit-learn", "sklearn", (1, 5), "handwritten digits, neighbours"),
    Package("pooch", "pooch", (1, 8), "fetching MNIST"),
    Package("pydantic", "pydantic", (2, 10), "manifests of batches"),
    Package("pypdfium2", "pypdfium2", (5,), "small pictures of PDF files"),
    Package("threadpoolctl", "threadpoolctl", (3,), "one thread for small matrices"),
    Package("torch", "torch", (2, 4), "training"),
    Package("click", "click", (8, 1), "the command line"),
    Package("rich", "rich", (13,), "tables and progress"),
    Package("manim", "manim", (0, 22), "scenes", below=(0, 23)),
    Package("typst", "typst", (0, 14), "text and mathematics"),
    Package("av", "av", (15,), "video files"),
    Package("pillow", "PIL", (11,), "still images"),
    Package("contourpy", "contourpy", (1, 3), "decision boundaries"),
    Package("tueplots", "tueplots", (0, 2), "widths of figures at venues"),
    Package("moderngl", "moderngl", (5, 10), "3-D surfaces", below=(6,)),
    Package("dask", "dask", (2025, 12), "batches"),
    Package("cloudpickle", "cloudpickle", (3,), "sending jobs to workers"),
    Package("distributed", "distributed", (2025, 12), "batches on many cores and machines"),
)

#: The extras in ``pyproject.toml``.
EXTRAS: dict[str, tuple[Package, ...]] = {
    "dev": (
        Package("hypothesis", "hypothesis", (6, 100), "tests"),
        Package("mypy", "mypy", (1, 15), "types"),
        Package("pytest", "pytest", (8, 2), "tests"),
        Package("pytest-xdist", "xdist", (3, 6), "tests side by side"),
        Package("ruff", "ruff", (0, 9), "style"),
    ),
    "links": (
        Package("snappy", "snappy", (3, 3), "tables of links and their invariants", licence="GPL"),
        Package("spherogram", "spherogram", (2, 4), "links from planar diagrams", licence="GPL"),
    ),
    "homology": (
        Package("gudhi", "gudhi", (3, 10), "Betti numbers (alpha complexes: GPL)"),
        Package("ripser", "ripser", (0, 6, 10), "Betti numbers above three dimensions"),
    ),
    "ode": (Package("torchdiffeq", "torchdiffeq", (0, 2, 5), "vector fields in continuous time"),),
}

#: FFmpeg's encoders that the video formats use; PyAV's wheels contain all of them.
ENCODERS = {"libx264": "mp4", "libvpx-vp9": "webm", "prores_ks": "mov", "gif": "gif"}

#: The families that the scenes set text and mathematics in; typst carries them itself.
FONTS = ("Libertinus Serif", "New Computer Modern Math")

_GL_PROBE = """
import json, sys
import moderngl
options = {} if sys.platform in ("darwin", "win32") else {"backend": "egl"}
context = moderngl.create_context(standalone=True, **options)
json.dump({"renderer": context.info["GL_RENDERER"], "version": context.version_code}, sys.stdout)
"""


def report() -> list[Check]:
    """Everything the program depends on, in the order in which it is worth repairing.

    Takes about a second, most of it OpenGL's. Never raises: a check that itself fails is reported
    as missing, with the failure as its detail.
    """
    checks = [_python()]
    checks += [_package(package) for package in NEEDED]
    checks += _guarded("cairo", _cairo, _system_libraries("libcairo2-dev", "cairo"))
    checks += _guarded("pango", _pango, _system_libraries("libpango1.0-dev", "pango"))
    checks += _guarded("fonts", _fonts, _reinstall("typst"))
    checks += _guarded("encoders", _encoders, _reinstall("av"))
    checks += [_opengl(), _cores()]
    checks += [_extra(name, packages) for name, packages in EXTRAS.items()]
    return checks


def _guarded(name: str, check: Callable[[], Iterable[Check]], remedy: str) -> list[Check]:
    """Run a check that imports compiled packages, each of which can fail in its own way."""
    try:
        return list(check())
    except Exception as error:
        return [Check(name, "missing", _one_line(error), remedy)]


def _python() -> Check:
    detail = f"{platform.python_version()} ({sys.executable})"
    if sys.version_info >= OLDEST_PYTHON:
        return Check("python", "ok", detail)
    oldest = _dotted(OLDEST_PYTHON)
    remedy = f"install Python {oldest} or newer, then: PYTHON=/path/to/it make setup"
    return Check("python", "missing", f"{detail} is older than {oldest}", remedy)


def _package(package: Package, absent: Status = "missing") -> Check:
    """Compare the installed version with the one that is needed; the package is not imported."""
    remedy = f"make setup, or: pip install '{package.requirement}'"
    try:
        version = metadata.version(package.name)
        importable = find_spec(package.module) is not None
    except metadata.PackageNotFoundError:
        licence = f" ({package.licence})" if package.licence else ""
        return Check(package.name, absent, f"not installed{licence}; needed for {package.purpose}", remedy)
    except Exception as error:
        return Check(package.name, absent, _one_line(error), remedy)
    if not importable:
        detail = f"{version} is registered but its files are gone"
        return Check(package.name, absent, detail, _reinstall(package.name))
    found = _release(version)
    if found < package.minimum or (package.below is not None and found >= package.below):
        return Check(package.name, absent, f"{version}, but {package.requirement} needed", remedy)
    return Check(package.name, "ok", f"{version}, {package.purpose}")


def _cairo() -> Iterable[Check]:
    import cairo

    yield Check("cairo", "ok", f"{cairo.cairo_version_string()} (pycairo {cairo.version})")


def _pango() -> Iterable[Check]:
    import manimpango

    yield Check("pango", "ok", f"{manimpango.pango_version()}")


def _fonts() -> Iterable[Check]:
    """Look for the font families, and set a formula to see that they work."""
    import typst

    absent = set(FONTS) - set(typst.Fonts(include_system_fonts=False).families())
    if absent:
        detail = f"typst comes without {', '.join(sorted(absent))}"
        yield Check("fonts", "missing", detail, _reinstall("typst"))
        return
    typst.compile(b"#set page(width: auto, height: auto)\n$ x |-> tanh(W x + b) $", format="svg")
    yield Check("fonts", "ok", ", ".join(FONTS))


def _encoders() -> Iterable[Check]:
    from av.codec import Codec
    from av.error import FFmpegError

    for name, container in ENCODERS.items():
        try:
            Codec(name, "w")
        except (FFmpegError, ValueError):
            detail = f"this PyAV cannot write {container} files"
            yield Check(f"encoder {name}", "missing", detail, _reinstall("av"))
        else:
            yield Check(f"encoder {name}", "ok", f"writes {container} files")


def _opengl() -> Check:
    """Create an OpenGL context without a screen, in a process of its own."""
    if sys.platform == "darwin":
        remedy = "run in a session that has a screen, so that macOS offers OpenGL"
    else:
        remedy = _system_libraries("libegl1 libgl1 libgl1-mesa-dri", "mesa")
    try:
        probe = subprocess.run(
            [sys.executable, "-c", _GL_PROBE],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=GL_TIMEOUT,
            check=False,
        )
        if probe.returncode == 0:
            found = json.loads(probe.stdout)
            version = "{}.{}".format(*divmod(found["version"] // 10, 10))
            return Check("OpenGL", "ok", f"{version}, {found['renderer']}")
        problem = _last_line(probe.stderr) or f"the driver ended with code {probe.returncode}"
    except subprocess.TimeoutExpired:
        problem = f"the driver did not answer in {GL_TIMEOUT:.0f} s"
    except (OSError, ValueError, LookupError, TypeError) as error:
        problem = _one_line(error)
    return Check("OpenGL", "optional", f"only 3-D surfaces need it: {problem}", remedy)


def _cores() -> Check:
    return Check("cores", "ok", str(cores()))


def _extra(name: str, packages: tuple[Package, ...]) -> Check:
    checks = [_package(package, absent="optional") for package in packages]
    problems = [f"{check.name}: {check.detail}" for check in checks if check.status != "ok"]
    if problems:
        remedy = f"make setup, or: pip install -c constraints.txt -e '.[{name}]'"
        return Check(f"extra {name}", "optional", "; ".join(problems), remedy)
    found = (f"{p.name} ({p.licence})" if p.licence else p.name for p in packages)
    return Check(f"extra {name}", "ok", ", ".join(found))


def _system_libraries(apt: str, brew: str) -> str:
    """How to install system libraries here; ``make setup`` then builds what uses them."""
    if shutil.which("apt-get"):
        return f"make setup, or: sudo apt-get install {apt}, then make setup"
    if sys.platform == "darwin":
        return f"make setup, or: brew install {brew}, then make setup"
    return f"install what Debian calls {apt} and Homebrew {brew}, then make setup"


def _reinstall(package: str) -> str:
    return f"pip install --force-reinstall --only-binary :all: -c constraints.txt {package}"


def _release(version: str) -> tuple[int, ...]:
    """The leading numbers of a version: ``"2.13.0+cpu"`` gives ``(2, 13, 0)``."""
    match = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else ""


def _one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}".rstrip(": ")


def as_lines(checks: list[Check]) -> list[str]:
    """A report for people; what is not well is followed by its remedy."""
    lines = []
    for check in checks:
        lines.append(f"{check.status:9} {check.name:22} {check.detail}")
        if check.status != "ok" and check.remedy:
            lines.append(f"{'':9} {'':22} {check.remedy}")
    return lines
