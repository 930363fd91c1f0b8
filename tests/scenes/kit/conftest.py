"""Text and mathematics are written to a temporary folder, not to ``media``."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenes.pictures import scratch


@pytest.fixture(autouse=True)
def _scratch() -> Iterator[Path]:
    with scratch() as folder:
        yield folder
