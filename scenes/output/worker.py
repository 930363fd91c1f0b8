"""A process that renders a title card, a scene or both: one for each, so that none sees another's modules.

On standard input it is given a job, one line of JSON, and it stops as soon as standard input is closed, which
also happens when the process that started it dies. On standard output it reports in lines of JSON: how many
seconds of film there are, and at the end the clips or what went wrong. All that anything prints goes to
standard error.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from dataclasses import asdict
from typing import Any, TextIO


def main() -> None:
    """Render what standard input says; exit code 130 when told to stop."""
    channel = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    try:
        job = json.loads(sys.stdin.readline())
        threading.Thread(target=_stop_with_parent, daemon=True).start()
        _say(channel, _done(job, channel))
    except KeyboardInterrupt:
        sys.exit(130)


def _say(channel: TextIO, message: dict[str, Any]) -> None:
    channel.write(json.dumps(message) + "\n")
    channel.flush()


def _stop_with_parent() -> None:
    """Interrupt the main thread when standard input ends."""
    while os.read(0, 1):
        pass
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def _done(job: dict[str, Any], channel: TextIO) -> dict[str, Any]:
    """The clips of a job, or a message about what a user can put right."""
    from scenes.output.cards import make_card
    from scenes.output.parts import Card
    from scenes.output.settings import Settings
    from scenes.output.video import obtain_clip
    from topo_core.errors import TopoError

    told = 0.0

    def progress(frames: int, seconds: float) -> None:
        nonlocal told
        if time.monotonic() - told > 0.2:
            told = time.monotonic()
            _say(channel, {"seconds": seconds})

    settings = Settings(**job["settings"])
    clips = {}
    try:
        if job["card"] is not None:  # before the scene is imported: a card does not depend on it
            clips["card"] = asdict(make_card(Card(**job["card"]), settings))
        if job["target"] is not None:
            clips["scene"] = asdict(obtain_clip(job["target"], settings, progress=progress))
    except TopoError as error:
        return {"error": str(error)}
    except OSError as error:
        return {"error": f"{error.filename or 'rendering'}: {error.strerror or error}"}
    return {name: {**clip, "path": str(clip["path"])} for name, clip in clips.items()}
