"""Links from files, and one clear line for everything else that a file can be."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.topo_core.links.example_diagrams import HOPF
from topo_core.datasets.link_curves import link_polygons
from topo_core.errors import DataError
from topo_core.links.files import is_link_file, read_link, split_target
from topo_core.links.realise import polygons_from_pd

FLAT = [[1, 1, 0], [-1, 1, 0], [-1, -1, 0], [1, -1, 0]]
UPRIGHT = [[0, 0.5, 1], [0, 0.5, -1], [3, 0, -1], [3, 0, 1]]
PAIR = [FLAT, UPRIGHT]
ROWS = [f"{name},{x},{y},{z}" for name, part in zip("ab", PAIR, strict=True) for x, y, z in part]


def written(folder: Path, content: object, name: str = "my link.json") -> Path:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


class TestWhatIsRead:
    @pytest.mark.parametrize(
        ("content", "title"),
        [
            (PAIR, "my link"),
            ({"components": PAIR}, "my link"),
            ({"comps": PAIR, "name": "L2a1", "ncross": 2}, "L2a1"),
            ([{"components": PAIR}], "my link-1"),
        ],
    )
    def test_json_of_polygons(self, tmp_path: Path, content: object, title: str) -> None:
        found = read_link(written(tmp_path, content))
        assert found.title == title
        assert [p.tolist() for p in found.polygons] == PAIR

    def test_one_of_several(self, tmp_path: Path) -> None:
        path = written(tmp_path, [{"comps": [FLAT]}, {"name": "two", "comps": PAIR}])
        assert len(read_link(path, "1").polygons) == 1
        assert read_link(path, "2").title == read_link(path, "two").title == "two"
        assert split_target(f"{path}#two") == (path, "two")
        assert split_target(str(path)) == (path, None)

    def test_json_of_a_pd_code(self, tmp_path: Path) -> None:
        found = read_link(written(tmp_path, {"pd": HOPF}))
        for ours, theirs in zip(found.polygons, polygons_from_pd(HOPF), strict=True):
            np.testing.assert_array_equal(ours, theirs)

    @pytest.mark.parametrize("name", ["mine.csv", "mine.txt"])
    def test_csv(self, tmp_path: Path, name: str) -> None:
        path = written(tmp_path, "\n".join(["# corners", "component,x,y,z", *ROWS, ""]), name)
        assert is_link_file(path)
        assert [p.tolist() for p in read_link(path).polygons] == PAIR
        turned = "\n".join(
            ["z;Component;y;x", *(";".join(r.split(",")[k] for k in (3, 0, 2, 1)) for r in ROWS)]
        )
        assert [p.tolist() for p in read_link(written(tmp_path, turned, name)).polygons] == PAIR

    def test_points_are_no_link(self, tmp_path: Path) -> None:
        assert not is_link_file(written(tmp_path, "x,y,label\n1,2,a\n", "points.csv"))
        assert not is_link_file(tmp_path / "none.csv")
        assert not is_link_file(written(tmp_path, "", "empty.csv"))
        assert not is_link_file(written(tmp_path, b"component\0", "binary.csv"))
        assert not is_link_file(tmp_path / "points.npz")


@pytest.mark.parametrize(
    ("content", "which", "complaint"),
    [
        ("", None, "is not intact JSON"),
        ("[" * 100_000, None, "is not intact JSON"),
        (b"\xff\xfe", None, "is not text in UTF-8"),
        (5, None, "holds no polygons"),
        ({"components": None}, None, "holds no polygons"),
        ({}, None, "holds no polygons; give a list of polygons"),
        ([], None, "0 components"),
        ([FLAT, FLAT], None, "two components meet"),
        ([FLAT[:2]], None, "component 1: 2 different corners"),
        ([[[0, 0, 0], [1, 0, float("nan")], [1, 1, 0]]], None, "component 1: corner 2 is not finite"),
        (PAIR, "1", "holds one link; leave out #1"),
        ([{"comps": PAIR}] * 3, None, "holds 3 links; choose one by name or number, .*#1 to #3"),
        ([{"comps": PAIR}] * 3, "4", "has no link '4'"),
        ([{"comps": PAIR}] * 3, "0", "has no link '0'"),
        ([{"comps": PAIR}] * 3, "", "has no link ''"),
        ([{"comps": PAIR}, 5], "2", "link 2: holds no polygons"),
        ([{"comps": PAIR}, {"comps": [FLAT[:1]]}], "2", "link 2: component 1: 1 different corners"),
        ({"pd": [[1, 2, 3, 4]]}, None, "PD code: arc 1 is there"),
    ],
)
def test_json_that_is_none(tmp_path: Path, content: object, which: str | None, complaint: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(DataError, match=complaint) as raised:
        read_link(path, which)
    assert str(raised.value).startswith(str(path))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("component,x,y\na,1,2\n", "line 1: found 'component', 'x', 'y'; give the columns"),
        ("", "found nothing"),
        ("component,x,y,z\na,1,2\n", "line 2: 3 columns"),
        ("component,x,y,z\na,1,2,u\n", "line 2: z = 'u' is not a number"),
        ("component,x,y,z\na,1,2,inf\n", "line 2: z = 'inf' is not finite"),
        ("component,x,y,z\n", "0 components"),
    ],
)
def test_csv_that_is_none(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        read_link(written(tmp_path, text, "mine.csv"))


def test_a_csv_file_holds_one_link(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="leave out #2"):
        read_link(written(tmp_path, "component,x,y,z\n", "mine.csv"), "2")


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_link(tmp_path / "none.json")
    with pytest.raises(DataError, match="is a folder; give a CSV or JSON file"):
        read_link(tmp_path)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["pd", "comps", "name"]), inner)
    ),
    max_leaves=12,
)


@given(json_values)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_other_json_is_a_data_error(tmp_path: Path, value: object) -> None:
    with pytest.raises(DataError):
        read_link(written(tmp_path, value))


def test_smooth_polygons_survive_the_file(tmp_path: Path) -> None:
    polygons = link_polygons("borromean", 50)
    path = written(tmp_path, {"components": [p.tolist() for p in polygons]})
    for ours, theirs in zip(read_link(path).polygons, polygons, strict=True):
        assert ours.tobytes() == theirs.tobytes()
