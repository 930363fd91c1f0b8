"""Run benchmarks: ``python -m bench [NAME...]``; without names, all of them."""

from __future__ import annotations

import importlib
import sys

NAMES = ("startup", "trace", "restarts", "video", "film", "tori", "figures")


def main() -> None:
    """Run the named benchmarks and print one line a result."""
    chosen = sys.argv[1:] or NAMES
    unknown = [name for name in chosen if name not in NAMES]
    if unknown:
        sys.exit(f"unknown benchmark {unknown[0]!r}: choose from {', '.join(NAMES)}")
    for name in chosen:
        print(f"== {name}", flush=True)
        importlib.import_module(f"bench.{name}").run()


main()
