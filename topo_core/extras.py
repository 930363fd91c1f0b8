"""Optional libraries: imported where they are used, with one clear line when they are absent."""

from __future__ import annotations

import importlib
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from topo_core.errors import DependencyError


def installed_version(package: str) -> str:
    """The version of an installed package; ``""`` if it is absent."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def optional(module: str, extra: str, purpose: str) -> Any:
    """Import a library of one of the extras in ``pyproject.toml``.

    Parameters
    ----------
    module
        What to import.
    extra
        The extra that brings it.
    purpose
        What it is needed for, as the beginning of a sentence: ``"Betti numbers"``.

    Raises
    ------
    DependencyError
        When it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != module.split(".")[0]:
            raise  # it is there, and lacks something itself
        raise DependencyError(
            f"{purpose} need {module}, which is not installed: pip install 'neural-topology[{extra}]'"
        ) from None
