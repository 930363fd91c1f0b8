"""The page on links: its examples run, and its table has every name."""

import re
from pathlib import Path

import pytest

from topo_core.datasets.link_curves import LINK_TITLES

PAGE = (Path(__file__).parents[3] / "docs" / "links.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.S)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_examples_run(number: int) -> None:
    assert "assert" in EXAMPLES[number]
    exec(compile(EXAMPLES[number], f"example {number}", "exec"), {})


def test_every_name_is_in_it() -> None:
    assert len(EXAMPLES) == 3
    for name in LINK_TITLES:
        assert f"`links/{re.sub('torus-2-[0-9]+', 'torus-2-N', name)}`" in PAGE
