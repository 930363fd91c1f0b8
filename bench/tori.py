"""Two linked tori at 1080p60: against plain Manim's frame rate, and against the encoder alone."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.plain_tori import SECONDS
from bench.video import encoder_alone, plain_manim
from scenes.output.locate import locate
from scenes.output.settings import Settings

FASTER, LONGER, MEMORY = 20.0, 1.5, 1000.0
_HERE = Path(__file__).parent
_OURS = f"{_HERE / 'our_tori.py'}:OurTori"
#: Renders in a process of its own, and prints frames, seconds of wall and of CPU, and megabytes. On Linux the
#: memory is read from /proc: what getrusage reports includes that of the process that started this one.
_RENDER = """
import resource, sys, time
from pathlib import Path
from scenes.output.settings import Settings
from scenes.output.video import render_video
began = time.perf_counter()
done = render_video(sys.argv[1], Settings("h"), Path(sys.argv[2]), fresh=True)
spent = time.perf_counter() - began
used = resource.getrusage(resource.RUSAGE_SELF)
status = Path("/proc/self/status")
if status.exists():
    memory = next(int(line.split()[1]) / 1024 for line in status.open() if line.startswith("VmHWM"))
else:
    memory = used.ru_maxrss / 2**20
print(done.frames, spent, used.ru_utime + used.ru_stime, memory)
"""


def run() -> None:
    """Print frame rates, ratios and memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        floor, _ = encoder_alone(locate(_OURS).scene, Settings("h"), folder)
        command = [sys.executable, "-c", _RENDER, _OURS, str(folder / "out.mp4")]
        done = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        frames, (ours, cpu, memory) = int(done[0]), map(float, done[1:])
        peer = plain_manim("plain_tori.py", "PlainTori", SECONDS, folder)
    print(f"{frames} frames: encoder alone {floor:.1f} s, whole video {ours:.1f} s ({cpu:.1f} s of CPU)")
    print(f"ratio to the encoder alone: {ours / floor:.2f} (goal: at most {LONGER})")
    print(f"plain Manim {1e3 * peer:.0f} ms a frame, ours {1e3 * ours / frames:.0f} ms")
    print(f"faster than plain Manim by: {peer * frames / ours:.1f} (goal: at least {FASTER:.0f})")
    print(f"memory: {memory:.0f} MB (goal: under {MEMORY:.0f})")
