"""One folder of traces and of text that was set, for all tests of figures."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenes.pictures import scratch


@pytest.fixture(autouse=True)
def scratch_folder() -> Iterator[Path]:
    with scratch() as folder:
        yield folder
