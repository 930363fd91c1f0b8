"""The one OpenGL context of this process: without a screen, in software where there is no graphics card."""

from __future__ import annotations

import ctypes
import os
import platform
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import glcontext
import moderngl

from scenes.cores import cores
from topo_core.errors import DependencyError

#: OpenGL 3.3, which every driver of the last decade has.
VERSION = 330
#: OpenGL's numbers for what they say.
_TEXTURE_2D, _DEPTH_32F, _DEPTH, _FLOAT = 0x0DE1, 0x8CAC, 0x1902, 0x1406
#: Bits of the vectors that llvmpipe computes with, by default as many as the processor has. Most triangles of
#: a fine mesh fill a part of one; narrow ones are faster, and the same pixels come from every processor.
_VECTORS = 128
#: Elsewhere the system's own way to OpenGL is the only one.
_WITH_EGL = platform.system() not in ("Darwin", "Windows")


class _GL(NamedTuple):
    """The context, and functions of OpenGL that ModernGL does not call as it should be done here."""

    context: Any
    flush: Callable[[], None]
    finish: Callable[[], None]
    bind_texture: Callable[[int, int], None]
    set_image: Callable[[int, int, int, int, int, int, int, int, None], None]


@lru_cache(maxsize=1)
def _opengl() -> _GL:
    if _WITH_EGL:
        for name, value in (("LP_NUM_THREADS", _threads()), ("LP_NATIVE_VECTOR_WIDTH", _VECTORS)):
            os.environ.setdefault(name, str(value))
    try:
        backend = glcontext.get_backend_by_name("egl") if _WITH_EGL else glcontext.default_backend()
        system = backend(mode="standalone", glversion=VERSION)
        context = moderngl.create_context(require=VERSION, standalone=True, context=system)
        number = ctypes.c_int
        functions = [
            ctypes.CFUNCTYPE(None, *arguments)(system.load(name))
            for name, arguments in (
                ("glFlush", ()),
                ("glFinish", ()),
                ("glBindTexture", (number, number)),
                ("glTexImage2D", (*(number,) * 8, ctypes.c_void_p)),
            )
        ]
    except Exception as error:  # every platform and driver fails in a way of its own
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DependencyError(
            f"3-D surfaces need OpenGL, and it does not start ({reason}): {_remedy()}"
        ) from error
    context.gc_mode = "auto"
    return _GL(context, *functions)


def _threads() -> int:
    """How many threads llvmpipe starts: half of the cores, for the film's encoder needs the others.

    With two cores it starts none and draws on the thread that asks, which saves it the waiting: the encoder
    is as busy with a frame as this thread is with the next.
    """
    count = cores()
    return count // 2 if count > 2 else 0


def draws_space() -> bool:
    """Whether this process has drawn with OpenGL."""
    return _opengl.cache_info().currsize > 0


def gl_context() -> Any:
    """The context that everything in this process draws with; made when first asked for.

    Raises
    ------
    DependencyError
        When the system has no OpenGL that works without a screen, with the packages to install. Nothing
        slower takes its place.
    """
    return _opengl().context


def start_drawing() -> None:
    """Let llvmpipe's threads begin with what was asked for so far, while this one prepares the rest."""
    _opengl().flush()


def finish_drawing() -> None:
    """Wait until everything is drawn.

    Called through ctypes, so that the other threads of this process go on: while ModernGL reads a picture
    it holds the interpreter's lock, and the encoder would stand still for as long as llvmpipe draws.
    """
    _opengl().finish()


def depth_texture(size: tuple[int, int]) -> Any:
    """A texture of depths as floating-point numbers, which llvmpipe compares in less time than integers."""
    gl = _opengl()
    texture = gl.context.depth_texture(size)
    texture.compare_func = ""
    gl.bind_texture(_TEXTURE_2D, texture.glo)
    gl.set_image(_TEXTURE_2D, 0, _DEPTH_32F, *size, 0, _DEPTH, _FLOAT, None)
    return texture


def renderer_name() -> str:
    """What draws: a graphics card, or ``llvmpipe`` in software."""
    return str(gl_context().info["GL_RENDERER"])


def _remedy() -> str:
    if _WITH_EGL:
        return "run make setup, or: sudo apt-get install libegl1 libgl1 libgl1-mesa-dri"
    return "run it in a session that has a screen"
