#!/bin/sh
# Prepares everything `make demo` and `make test` need: the missing system libraries, .venv and
# the pinned Python packages. Does nothing (in a fraction of a second) when that is already done.
#
# PYTHON=/path/to/python3.12 make setup     chooses the interpreter
#
# Done means: .venv/.setup-stamp names the same pyproject.toml, constraints.txt, setup.sh, Python
# version and folder as now. The stamp is removed before .venv is touched and written last, so that
# an interrupted set-up is simply run again.
set -eu

cd "$(dirname "$0")/.."
venv=.venv
stamp=$venv/.setup-stamp
torch_index=https://download.pytorch.org/whl/cpu

say() { echo "setup: $*"; }
die() {
    echo "setup: $*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# ---- Python ---------------------------------------------------------------------------------

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

minor_version() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }

setup_key() {
    "$1" -I -S -c '
import hashlib, os, sys
digest = hashlib.sha256()
for name in ("pyproject.toml", "constraints.txt", "tools/setup.sh"):
    with open(name, "rb") as file:
        digest.update(hashlib.sha256(file.read()).digest())
print(digest.hexdigest(), sys.version.split()[0], os.getcwd())'
}

# An interpreter is tried, not only looked up: version managers put shims on PATH that fail.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        new_enough "$PYTHON" || die "PYTHON=$PYTHON does not run as Python 3.11 or newer;" \
            "name another interpreter, or unset PYTHON to have one looked for."
        python=$PYTHON
        return
    fi
    for python in python3.13 python3.12 python3.11 python3; do
        if have "$python" && new_enough "$python"; then return; fi
    done
    die "no Python 3.11 or newer found (tried python3.13, python3.12, python3.11, python3);" \
        "install one (Debian 12+, Ubuntu 24.04+: sudo apt-get install python3;" \
        "macOS: brew install python@3.13), or name it: PYTHON=/path/to/python make setup"
}

# A virtual environment is kept if it works, was made in this folder (its scripts name the folder)
# and is of the version that was asked for.
venv_is_good() {
    [ -x $venv/bin/python ] && new_enough $venv/bin/python || return 1
    grep -qF "$(pwd -P)/$venv" $venv/bin/activate 2>/dev/null || return 1
    $venv/bin/python -m pip --version >/dev/null 2>&1 || return 1
    [ -z "${PYTHON:-}" ] || [ "$(minor_version $venv/bin/python)" = "$(minor_version "$PYTHON" 2>/dev/null)" ]
}

# ---- System libraries -----------------------------------------------------------------------

has_compiler() {
    # On macOS /usr/bin/cc exists even where the command line tools do not.
    if [ "$(uname -s)" = Darwin ]; then xcode-select -p >/dev/null 2>&1; else have cc && have c++; fi
}
has_library() { have pkg-config && pkg-config --exists "$1" 2>/dev/null; }
has_venv() { "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; }
has_headers() {
    "$python" -c 'if 1:
        import os, sys, sysconfig
        sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))'
}
is_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed'; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

install_with_apt() {
    packages=""
    has_compiler || packages="$packages build-essential"
    have pkg-config || packages="$packages pkg-config"
    has_library cairo || packages="$packages libcairo2-dev"
    has_library pangocairo || packages="$packages libpango1.0-dev"
    have pdffonts || packages="$packages poppler-utils" # the tests look into PDF files with it
    # Debian splits its own Python into packages; any other Python comes whole.
    if [ "$("$python" -c 'import sys; print(sys.base_prefix)')" = /usr ]; then
        has_headers || packages="$packages python$(minor_version "$python")-dev"
        has_venv || packages="$packages python$(minor_version "$python")-venv"
    fi
    for package in libegl1 libgl1 libgl1-mesa-dri; do # OpenGL without a screen, for 3-D scenes
        is_installed $package || packages="$packages $package"
    done
    [ -n "$packages" ] || return 0

    if [ "$(id -u)" != 0 ] && ! have sudo; then
        die "system packages are missing and there is no sudo; as root run:" \
            "apt-get update && apt-get install$packages"
    fi
    say "installing the missing system packages:$packages"
    as_root apt-get -qq -o DPkg::Lock::Timeout=300 update ||
        say "apt-get update failed; trying with the package lists there are"
    # shellcheck disable=SC2086  # a list of words
    as_root apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $packages ||
        die "apt-get could not install:$packages; see its message above, then run this again."
}

install_with_brew() {
    formulae=""
    have pkg-config || formulae="$formulae pkg-config"
    has_library cairo || formulae="$formulae cairo"
    has_library pangocairo || formulae="$formulae pango"
    have pdffonts || formulae="$formulae poppler" # the tests look into PDF files with it
    [ -n "$formulae" ] || return 0
    say "installing the missing system libraries with brew:$formulae"
    # shellcheck disable=SC2086  # a list of words
    brew install $formulae ||
        die "brew could not install:$formulae; see its message above, then run this again."
}

require_system_libraries() {
    missing=""
    has_compiler || missing="$missing, a C and C++ compiler"
    have pkg-config || missing="$missing, pkg-config"
    has_library cairo || missing="$missing, cairo with its headers"
    has_library pangocairo || missing="$missing, pango with its headers"
    has_headers || missing="$missing, the headers of $python (Python.h)"
    has_venv || missing="$missing, the venv and ensurepip modules of $python"
    [ -n "$missing" ] || return 0
    missing=${missing#, }
    if [ "$(uname -s)" = Darwin ]; then
        die "missing: $missing. Install the compiler with 'xcode-select --install' and the rest" \
            "with Homebrew (https://brew.sh): 'brew install cairo pango pkg-config', then run" \
            "this again."
    fi
    die "missing: $missing. Install them with this system's package manager (Debian, Ubuntu:" \
        "build-essential pkg-config libcairo2-dev libpango1.0-dev python3-dev python3-venv;" \
        "Fedora: gcc-c++ pkgconf cairo-devel pango-devel python3-devel; Arch: base-devel cairo" \
        "pango), for 3-D scenes also EGL and Mesa's OpenGL drivers, then run this again."
}

# ---- Python packages ------------------------------------------------------------------------

torch_pin() { sed -n 's/^torch==//p' constraints.txt; }

torch_is_installed() {
    for suffix in "" +cpu; do
        for found in "$venv"/lib/python*/site-packages/"torch-$(torch_pin)$suffix.dist-info"; do
            [ -e "$found" ] && return 0
        done
    done
    return 1
}

is_reachable() {
    $venv/bin/python -c '
import os, sys, threading, urllib.request
answered = threading.Event()
def ask():
    try:
        with urllib.request.urlopen(sys.argv[1], timeout=5):
            answered.set()
    except (OSError, ValueError):
        pass
thread = threading.Thread(target=ask, daemon=True)
thread.start()
thread.join(5)  # looking up the name has no time limit of its own
os._exit(not answered.is_set())' "$1" 2>/dev/null
}

pip_install() {
    $venv/bin/python -m pip --disable-pip-version-check install -c constraints.txt "$@"
}

# PyPI's Linux torch brings gigabytes of CUDA; the networks here are tiny and train on the CPU.
# PyTorch's own index has a build without. It is asked for torch alone, and only if it answers.
install_cpu_torch() {
    [ "$(uname -s)" = Linux ] || return 0
    if torch_is_installed || ! is_reachable $torch_index/torch/; then return 0; fi
    pip_install --no-deps --index-url $torch_index "torch==$(torch_pin)" ||
        say "no CPU build of torch for this Python there; taking the one from PyPI"
}

install_packages() {
    say "installing the Python packages into $venv (about 1.5 GB, the first time)"
    install_cpu_torch
    pip_install --editable '.[dev,links,homology,ode]' ||
        die "pip could not install the packages; see its message above. With the network back," \
            "or the cause removed, run this again."
    $venv/bin/python -c 'import cairo, manimpango' ||
        die "pycairo or manimpango does not load; delete $venv and run this again."
}

# ---- The order of events --------------------------------------------------------------------

if [ -f $stamp ] && [ -x $venv/bin/python ] &&
    [ "$(cat $stamp)" = "$(setup_key $venv/bin/python 2>/dev/null)" ]; then
    if [ -z "${PYTHON:-}" ] || venv_is_good; then exit 0; fi
fi

if venv_is_good; then python=$venv/bin/python; else find_python; fi
if [ "$(uname -s)" = Darwin ] &&
    [ "$("$python" -c 'import platform; print(platform.machine())')" = x86_64 ]; then
    die "PyTorch has no current build for Intel Macs (or for an Intel Python under Rosetta);" \
        "use an arm64 Python on Apple silicon, or Linux."
fi
if have apt-get && have dpkg-query; then
    install_with_apt
elif [ "$(uname -s)" = Darwin ] && have brew; then
    install_with_brew
fi
require_system_libraries
rm -f $stamp
if ! venv_is_good; then
    say "creating $venv with $("$python" --version)"
    "$python" -m venv --clear $venv
fi
install_packages
setup_key $venv/bin/python >$stamp.new
mv $stamp.new $stamp
say "done"
