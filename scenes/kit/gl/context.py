"""The one OpenGL context of this process: without a screen, in software where there is no graphics card."""

from __future__ import annotations

import platform
from functools import lru_cache
from typing import Any

import moderngl

from topo_core.errors import DependencyError

#: OpenGL 3.3, which every driver of the last decade has.
VERSION = 330


#: Elsewhere the system's own way to OpenGL is the only one.
_WITH_EGL = platform.system() not in ("Darwin", "Windows")


@lru_cache(maxsize=1)
def gl_context() -> Any:
    """The context that everything in this process draws with; made when first asked for.

    Raises
    ------
    DependencyError
        When the system has no OpenGL that works without a screen, with the packages to install. Nothing
        slower takes its place.
    """
    options: dict[str, Any] = {"backend": "egl"} if _WITH_EGL else {}
    try:
        context = moderngl.create_context(standalone=True, require=VERSION, **options)
    except Exception as error:  # every platform and driver fails in a way of its own
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DependencyError(
            f"3-D surfaces need OpenGL, and it does not start ({reason}): {_remedy()}"
        ) from error
    context.gc_mode = "auto"
    return context


def renderer_name() -> str:
    """What draws: a graphics card, or ``llvmpipe`` in software."""
    return str(gl_context().info["GL_RENDERER"])


def _remedy() -> str:
    if _WITH_EGL:
        return "run make setup, or: sudo apt-get install libegl1 libgl1 libgl1-mesa-dri"
    return "run it in a session that has a screen"
