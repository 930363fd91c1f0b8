"""Files of points: what is read, and one clear line for everything that is not."""

import csv
import io
import os
import pickle
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from topo_core.datasets import UserPoints, from_description, load_points, tables
from topo_core.errors import DataError

Write = Callable[..., Path]

TWO = "0,1,a\n2,3,b\n"
FINITE = st.floats(allow_nan=False, allow_infinity=False)
NAME = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8).filter(
    lambda text: text.lower() not in ("label", "nan", "inf", "infinity")
)

fuzz = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write text or bytes to a file and give its path: ``write(content, "name.csv")``."""

    def write(content: str | bytes, name: str = "data.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def npz(**arrays: Any) -> bytes:
    """The bytes of an NPZ archive."""
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def refusal(path: Path) -> str:
    """The message, after the name of the file, with which a file is refused."""
    with pytest.raises(DataError) as caught:
        load_points(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


class TestCSV:
    def test_default(self, write: Write) -> None:
        data = load_points(write("x,y,label\n0,1,a\n2.5,-3e1,b\n4,5,a\n", "two moons.csv"))
        assert data.points.tolist() == [[0, 1], [2.5, -30], [4, 5]]
        assert data.labels.tolist() == [0, 1, 0]
        assert data.class_names == ("a", "b")
        assert data.source == "two moons"
        assert data.describe() == {
            "name": "points",
            "params": {"source": "two moons", "class_names": ["a", "b"]},
        }

    @pytest.mark.parametrize(
        "text",
        [
            TWO,
            "x,y,label\n" + TWO,
            "\ufeffx,y,label\n" + TWO,
            "label,Y,x\na,1,0\nb,3,2",
            "x;y;label\r\n0;1;a\r\n2;3;b\r\n",
            "x\ty\tlabel\n0\t1\ta\n2\t3\tb\n",
            "x,y,label\r0,1,a\r2,3,b\r",
            '"x","y","label"\n"0","1","a"\n"2", "3", "b"\n',
            " x , y , LABEL \n 0 , 1 , a \n 2 , 3 , b ",
            "# made by hand\n\n" + TWO + "\n\n  \n,,\n",
            "\ufeff# comment\n0,1,a\n  # another; with a semicolon\n2,3,b\n#",
        ],
    )
    def test_layouts(self, write: Write, text: str) -> None:
        data = load_points(write(text))
        assert data.points.tolist() == [[0, 1], [2, 3]]
        assert data.labels.tolist() == [0, 1]
        assert data.class_names == ("a", "b")

    @pytest.mark.parametrize("dimension", [1, 2, 3])
    @pytest.mark.parametrize("header", [True, False])
    def test_dimensions(self, write: Write, dimension: int, header: bool) -> None:
        rows = [[*range(dimension), "in"], [*range(1, dimension + 1), "out"]]
        if header:
            rows.insert(0, [*"xyz"[:dimension], "label"])
        data = load_points(write("\n".join(",".join(map(str, row)) for row in rows)))
        assert data.dimension == dimension
        assert data.points[1].tolist() == list(range(1, dimension + 1))

    @pytest.mark.parametrize(
        ("labels", "names", "indices"),
        [
            (["b", "a", "b"], ("a", "b"), [1, 0, 1]),
            (["10", "9", "10"], ("9", "10"), [1, 0, 1]),
            (["1", "0.0", "1.0"], ("0", "1"), [1, 0, 1]),
            (["-0.5", "0.5", "2"], ("-0.5", "0.5", "2"), [0, 1, 2]),
            (["10", "9", "x"], ("10", "9", "x"), [0, 1, 2]),
            (["1_0", "2", "10"], ("10", "1_0", "2"), [1, 2, 0]),
            (
                ["12345678901234567890", "12345678901234567891", "1"],
                ("1", "12345678901234567890", "12345678901234567891"),
                [1, 2, 0],
            ),
            (["außen", "innen", "außen"], ("außen", "innen"), [0, 1, 0]),
        ],
    )
    def test_classes_are_sorted(
        self, write: Write, labels: list[str], names: tuple[str, ...], indices: list[int]
    ) -> None:
        data = load_points(write("\n".join(f"0,{label}" for label in labels)))
        assert data.class_names == names
        assert data.labels.tolist() == indices

    @fuzz
    @given(
        st.integers(1, 3).flatmap(
            lambda d: st.lists(st.tuples(*[FINITE] * d, NAME), min_size=2, max_size=20)
        ),
        st.sampled_from(",;\t"),
        st.booleans(),
        st.sampled_from(["\n", "\r\n"]),
    )
    def test_what_csv_writes_is_read_back(
        self, write: Write, rows: list[Any], separator: str, header: bool, end: str
    ) -> None:
        labels = [row[-1] for row in rows]
        if len({*labels}) < 2 or any(tables.real(label) is not None for label in labels):
            labels = ["in" if k else "out" for k in range(len(rows))]
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter=separator, lineterminator=end)
        if header:
            writer.writerow([*"xyz"[: len(rows[0]) - 1], "label"])
        writer.writerows([*row[:-1], label] for row, label in zip(rows, labels, strict=True))
        data = load_points(write(stream.getvalue()))
        assert_array_equal(data.points, [row[:-1] for row in rows])
        assert [data.class_names[k] for k in data.labels] == labels


class TestManyDimensions:
    def test_columns_of_any_name_in_their_order_with_the_label_anywhere(self, write: Write) -> None:
        data = load_points(write("label,b,a,d,c\nin,0,1,2,3\nout,4,5,6,7\n"))
        assert data.points.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
        assert data.class_names == ("in", "out")

    def test_images(self, write: Write) -> None:
        images = np.random.default_rng(0).integers(0, 256, (3, 784), dtype=np.uint8)
        data = load_points(write(npz(points=images, labels=np.arange(3)), "images.npz"))
        assert_array_equal(data.points, images)


class TestRefusedCSV:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "is empty; give the columns x[, y[, z]] and label, one point a row"),
            ("\ufeff", "is empty;"),
            ("\n \n# only a comment\n", "is empty;"),
            ("x,y,label\n", "has no points;"),
            ("0,1,a\n2,b\n", "line 2: 2 columns, but the first row has 3;"),
            ("# note\n\n0,1,a\n2,3,b\n4,5,6,7\n", "line 5: 4 columns, but the first row has 3;"),
            ("0,1,a\n2,two,b\n", "line 2: y = 'two' is not a number; correct it"),
            ("0,1,a\n2,,b\n", "line 2: y = '' is not a number;"),
            ("0,1,a\n2,1_0,b\n", "line 2: y = '1_0' is not a number;"),
            ("zero,1,a\n2,3,b\n", "line 1: x = 'zero' is not a number;"),
            (
                "x;y;label\n1;2;a\n1,5;2;b",
                "line 3: x = '1,5' is not a number; write decimals with a",
            ),
            (
                "1,5;2,5;a\n0,5;2;b",
                "line 1: x = '1,5' is not a number; write decimals with a point",
            ),
            ("y,x,label\nnan,1,a\n2,3,b\n", "line 2: y = 'nan' is not finite; correct it"),
            ("0,1,a\n-inf,3,b\n", "line 2: x = '-inf' is not finite;"),
            ("0,1,a\n1e999,3,b\n", "line 2: x = '1e999' is not finite;"),
            ("0,1,a\n2,3,a\n", "all points have the label 'a'; give points of two classes"),
            ("0,1,1\n2,3,1.0\n", "all points have the label '1'; give points of two classes"),
            ("0,1,a\n2,3,\n", "line 2: label '' names no class; give every point one"),
            ("0,1,a\n2,3,NaN\n", "line 2: label 'NaN' names no class;"),
            (
                "1\n2\n",
                "line 1: found 1 column(s); give the columns x[, y[, z]] and label, separated",
            ),
            ("0 1 a\n2 3 b\n", "line 1: found 1 column(s);"),
            ("0,1,2,3,a\n4,5,6,b\n", "line 2: 4 columns, but the first row has 5;"),
            ("w,x,y,z,label\n0,1,2,e,a\n", "line 2: z = 'e' is not a number;"),
            ("0,1,2,3,a\n4,5,6,e,b\n", "line 2: x4 = 'e' is not a number;"),
            ("1," * 4097 + "a", "line 1: found 4098 column(s);"),
            ("x,y,z\n0,1,2\n", "line 1: no column is named label, only 'x', 'y', 'z';"),
            ("a,b\n0,1\n", "line 1: no column is named label, only 'a', 'b';"),
            ("x,X,label\n0,1,a\n", "line 1: column 'x' is named twice;"),
            ("label,x,label\n0,1,a\n", "line 1: column 'label' is named twice;"),
            (
                "x,z,label\n0,1,a\n",
                "line 1: column 'z' does not fit; name the 3 columns x, y and label",
            ),
            (
                ",x,y,label\n0,1,2,a\n",
                "line 1: column '' does not fit; name the 4 columns x, y, z and",
            ),
            ("0,1,label\n0,1,a\n", "line 1: column '0' does not fit;"),
            ('0,1,a\n2,"3" 4,b\n', "line 2: ',' expected after '\"'; check its quotes"),
            ('0,1,a\n2,3,"b\n4,5,c\n', "line 3: unexpected end of data; check its quotes"),
            (
                "0,1,a\n2,3,b\0\n",
                "is binary, not a text file; save it as CSV in UTF-8, or as an NPZ",
            ),
        ],
    )
    def test_content(self, write: Write, text: str, message: str) -> None:
        assert refusal(write(text)).startswith(message)

    def test_too_many_classes(self, write: Write) -> None:
        text = "label,x\n" + "\n".join(f"{k / 7},0" for k in range(101))
        assert refusal(write(text)).startswith("101 different labels, more than 100; is the label")

    def test_foreign_encoding_names_the_line(self, write: Write) -> None:
        path = write("0,1,innen\n2,3,außen\n".encode("latin-1"))
        assert refusal(path).startswith("line 2: is not text in UTF-8; save it as CSV in UTF-8")

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
    def test_wide_encodings(self, write: Write, encoding: str) -> None:
        assert "save it as CSV in UTF-8" in refusal(write(TWO.encode(encoding)))

    def test_garbage(self, write: Write) -> None:
        garbage = np.random.default_rng(0).integers(0, 256, 4096, dtype=np.uint8).tobytes()
        assert "binary" in refusal(write(garbage))

    def test_an_endless_cell_is_cut_in_the_message(self, write: Write) -> None:
        message = refusal(write("0,1,a\n2," + "y" * 100_000 + ",b\n"))
        assert len(message) < 200

    def test_a_cell_beyond_the_limit_of_csv(self, write: Write) -> None:
        assert "field larger than field limit" in refusal(write("0,1,a\n2," + "y" * 200_000 + ",b"))

    @fuzz
    @given(st.binary(max_size=200) | st.text("0123,;\t\n\r\"'#.xyzlabe -nai", max_size=60))
    def test_anything_is_read_or_refused(self, write: Write, content: str | bytes) -> None:
        path = write(content)
        try:
            data = load_points(path)
        except DataError as error:
            message = str(error)
        else:
            message = f"{path}: "
            assert np.isfinite(data.points).all()
        assert message.startswith(f"{path}: ")


class TestNPZ:
    @pytest.mark.parametrize(
        "arrays",
        [
            {"points": np.array([[0.0, 1], [2, 3]]), "labels": np.array([0, 1])},
            {"points": np.array([[0, 1], [2, 3]]), "label": np.array([False, True])},
            {"x": np.array([0, 2]), "y": np.array([1, 3]), "label": np.array(["0", "1"])},
            {"y": np.array([1, 3.0]), "x": np.array([0, 2.0]), "labels": np.array([b"0", b"1"])},
            {"points": np.array([[0, 1], [2, 3]], np.float32), "labels": np.array([-2.5, 7.0])},
            {"points": np.asfortranarray([[0.0, 1], [2, 3]]), "labels": np.array([5, 6], ">u2")},
        ],
    )
    @pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
    def test_layouts(self, tmp_path: Path, arrays: dict[str, Any], save: Any) -> None:
        path = tmp_path / "data.NPZ"
        with path.open("wb") as stream:
            save(stream, **arrays)
        data = load_points(path)
        assert data.points.tolist() == [[0, 1], [2, 3]]
        assert data.labels.tolist() == [0, 1]

    @pytest.mark.parametrize(
        ("labels", "names"),
        [([7.0, 3.0], ("3", "7")), ([0.5, 2], ("0.5", "2")), ([True, False], ("False", "True"))],
    )
    def test_class_names(self, write: Write, labels: Any, names: tuple[str, ...]) -> None:
        content = npz(x=np.zeros(2), label=np.array(labels))
        assert load_points(write(content, "a.npz")).class_names == names


class TestRefusedNPZ:
    @pytest.mark.parametrize(
        ("arrays", "message"),
        [
            (
                {},
                "has the arrays none; an NPZ file holds x[, y[, z]] and label, or points",
            ),
            ({"points": np.zeros((2, 2))}, "has no array label;"),
            ({"labels": np.zeros(2)}, "has the arrays labels;"),
            (
                {"x": np.zeros(2), "z": np.zeros(2), "label": np.arange(2)},
                "has the arrays x, z, label;",
            ),
            ({"points": np.zeros((2, 2)), "x": np.zeros(2)}, "has the arrays points, x;"),
            ({"points": np.zeros((2, 2)), "colour": np.zeros(2)}, "holds 'colour';"),
            ({"points": np.zeros(2), "labels": np.arange(2)}, "points of shape (2,); give (n, d)"),
            ({"points": np.zeros((2, 4097)), "labels": np.arange(2)}, "points of shape (2, 4097);"),
            ({"points": np.zeros((2, 0)), "labels": np.arange(2)}, "points of shape (2, 0);"),
            ({"points": np.zeros((0, 2)), "labels": np.arange(0)}, "has no points;"),
            (
                {"points": np.zeros((2, 2)), "labels": np.arange(3)},
                "labels of shape (3,) for 2 points;",
            ),
            (
                {"x": np.zeros(2), "y": np.zeros(3), "label": np.arange(2)},
                "x, y must each hold one value",
            ),
            ({"x": np.float64(1), "label": np.arange(1)}, "x must each hold one value a point"),
            (
                {"x": np.array([0, np.nan]), "label": np.arange(2)},
                "point 1: x = nan is not finite;",
            ),
            (
                {"points": np.array([[0, 1], [2, -np.inf]]), "labels": np.arange(2)},
                "point 1: y = -inf is not finite;",
            ),
            (
                {"x": np.zeros(2), "label": np.array([0, np.nan])},
                "point 1: label 'nan' names no class;",
            ),
            (
                {"x": np.zeros(2), "label": np.array(["a", " "])},
                "point 1: label '' names no class;",
            ),
            ({"x": np.zeros(2), "label": np.ones(2)}, "all points have the label '1';"),
            ({"x": np.zeros(200), "label": np.arange(200)}, "200 different labels, more than 100;"),
            ({"x": np.zeros(2, complex), "label": np.arange(2)}, "x has the type 'complex128';"),
            ({"x": np.array(["0", "1"]), "label": np.arange(2)}, "x has the type '<U1';"),
            (
                {"x": np.zeros(2), "label": np.array(["2020", "2021"], "M8[Y]")},
                "label has the type 'datetime64[Y]';",
            ),
        ],
    )
    def test_arrays(self, write: Write, arrays: dict[str, Any], message: str) -> None:
        assert refusal(write(npz(**arrays), "data.npz")).startswith(message)

    def test_pickled_objects_are_never_loaded(self, write: Write, tmp_path: Path) -> None:
        witness = tmp_path / "witness"

        class Bomb:
            def __reduce__(self) -> tuple[Any, ...]:
                return (os.mkdir, (str(witness),))

        content = npz(x=np.zeros(2), label=np.array([Bomb(), "a"], dtype=object))
        assert refusal(write(content, "data.npz")).startswith("label is pickled, which is never")
        assert "NPZ" in refusal(write(pickle.dumps(Bomb()), "raw.npz"))
        assert not witness.exists()

    @pytest.mark.parametrize("content", [b"", b"PK\3\4", b"\x93NUMPY", TWO.encode(), npz(x=1)[:-30]])
    def test_damaged(self, write: Write, content: bytes) -> None:
        message = refusal(write(content, "data.npz"))
        assert re.match(r"is not an intact NPZ file \(\w+\); write it with numpy.savez", message)

    def test_a_header_cannot_claim_more_than_there_is(self, write: Write) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            member = io.BytesIO()
            header = {"descr": "<f8", "fortran_order": False, "shape": (10**12,)}
            np.lib.format.write_array_header_1_0(member, header)
            archive.writestr("x.npy", member.getvalue())
        message = refusal(write(stream.getvalue(), "data.npz"))
        assert message.startswith("x claims more values than the file holds")

    def test_values_of_no_size_cannot_be_claimed_without_end(self, write: Write) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            member = io.BytesIO()
            header = {"descr": "<U0", "fortran_order": False, "shape": (10**12,)}
            np.lib.format.write_array_header_1_0(member, header)
            archive.writestr("label.npy", member.getvalue())
        assert "claims more values" in refusal(write(stream.getvalue(), "data.npz"))

    def test_a_bomb_is_not_unpacked(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tables, "MAX_BYTES", 1_000_000)
        stream = io.BytesIO()
        np.savez_compressed(stream, x=np.zeros(1_000_000), label=np.zeros(1_000_000))
        assert len(stream.getvalue()) < 100_000
        assert refusal(write(stream.getvalue(), "b.npz")).startswith("unpacks to more than 1 MB;")

    def test_duplicate_members(self, write: Write) -> None:
        stream = io.BytesIO(npz(x=np.zeros(2)))
        with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("x.npy", archive.read("x.npy"))
        assert refusal(write(stream.getvalue(), "data.npz")).startswith("holds x twice;")

    def test_foreign_compression(self, write: Write) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_BZIP2) as archive:
            archive.writestr("x.npy", b"0")
        assert "packed in a foreign way" in refusal(write(stream.getvalue(), "data.npz"))

    @fuzz
    @given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8), st.booleans())
    def test_any_damage_is_read_or_refused(
        self, write: Write, changes: list[tuple[int, int]], compressed: bool
    ) -> None:
        stream = io.BytesIO()
        save = np.savez_compressed if compressed else np.savez
        save(stream, points=np.arange(6.0).reshape(3, 2), labels=np.array([0, 1, 1]))
        content = bytearray(stream.getvalue())
        for at, value in changes:
            content[at % len(content)] = value
        path = write(bytes(content), "data.npz")
        try:
            data = load_points(path)
        except DataError as error:
            message = str(error)
        else:
            message = f"{path}: "
            assert data.points.shape == (3, 2)
        assert message.startswith(f"{path}: ")
        assert "\n" not in message


class TestRefusedPaths:
    def test_missing(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / "none.csv") == "no such file; check the name"
        assert refusal(tmp_path / "none" / "none.npz") == "no such file; check the name"

    def test_folder(self, tmp_path: Path) -> None:
        assert refusal(tmp_path) == "is a folder; give a CSV or NPZ file"

    def test_below_a_file(self, write: Write) -> None:
        assert refusal(write(TWO) / "a.csv").startswith("cannot be read (Not a directory)")

    def test_impossible_names(self, tmp_path: Path) -> None:
        assert "cannot be read" in refusal(tmp_path / ("n" * 5000))
        with pytest.raises(DataError, match="cannot be read"):
            load_points("a\0b.csv")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
    def test_a_pipe_does_not_hang(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.csv")
        assert refusal(tmp_path / "pipe.csv").startswith("is not a regular file;")

    @pytest.mark.parametrize("name", ["data.csv", "data.npz"])
    def test_too_large(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        with path.open("wb") as stream:
            stream.truncate(300_000_000)  # sparse: takes no space
        assert refusal(path) == "has 300 MB, more than 200 MB; keep a sample of the points"

    @pytest.mark.parametrize("content", [TWO, npz(x=np.arange(2), label=np.arange(2))])
    def test_too_many_points(self, write: Write, content: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tables, "MAX_POINTS", 1)
        path = write(content, "data.csv" if isinstance(content, str) else "data.npz")
        assert refusal(path).startswith("has more than 1 points, or 50,000,000 coordinates")

    def test_a_string_is_a_path_too(self, write: Write) -> None:
        path = write(TWO)
        assert load_points(str(path)) == load_points(path)


class TestUserPoints:
    def test_default_names_are_the_labels(self) -> None:
        data = UserPoints(np.zeros((3, 1)), np.array([0, 2, 1]))
        assert data.class_names == ("0", "1", "2")
        assert data.source == "points"
        assert data.components == ()
        assert data.majority_rate == pytest.approx(1 / 3)

    def test_arrays_are_copied(self) -> None:
        points, labels = np.zeros((2, 2)), np.array([0, 1])
        data = UserPoints(points, labels)
        points[0], labels[0] = 9, 1
        assert data.points.tolist() == [[0, 0], [0, 0]]
        assert data.labels.tolist() == [0, 1]

    def test_dense_points_are_the_points(self) -> None:
        data = UserPoints(np.zeros((2, 2)), np.array([0, 1]))
        points, labels = data.dense(10)
        assert points is data.points
        assert labels is data.labels

    def test_equality_is_by_content(self) -> None:
        points, labels = np.array([[0.0], [1.0]]), np.array([0, 1])
        data = UserPoints(points, labels, ("a", "b"), "s")
        same = UserPoints(points.astype(np.float32), labels.astype(np.uint8), ("a", "b"), "s")
        assert data == same
        assert hash(data) == hash(same)
        assert data != UserPoints(points + 1, labels, ("a", "b"), "s")
        assert data != UserPoints(points, labels[::-1], ("a", "b"), "s")
        assert data != UserPoints(points, labels, ("a", "c"), "s")
        assert data != UserPoints(points, labels, ("a", "b"), "t")
        assert data != "s"

    def test_bounds(self) -> None:
        data = UserPoints(np.array([[0.0, 5], [-1, 7], [2, 6]]), np.array([0, 1, 0]))
        assert data.bounds.tolist() == [[-1, 2], [5, 7]]

    @pytest.mark.parametrize(
        ("points", "labels", "options", "message"),
        [
            ([[0], [1]], [0, 0], {}, "1 classes: give 2 to 100"),
            ([[0], [1]], [0, 2], {}, "labels must be 0 to 1: give each to a point, and no other"),
            ([[0], [1]], [0, -1], {}, "labels must be 0 to 1"),
            ([[0], [1]], [0, 1], {"class_names": ("a", "b", "c")}, "labels must be 0 to 2"),
            ([[0], [1]], [0, 1], {"class_names": ("a", "a")}, "class_names must be different"),
            ([[0], [1]], [0, 1], {"class_names": ("a", "")}, "class_names must be different"),
            ([[0], [1]], [0, 1], {"class_names": ("a", 1)}, "class_names must be different"),
            ([[0], [1]], [0.0, 1.0], {}, "labels of type float64 and shape (2,) for 2 points"),
            ([[0], [1]], [0], {}, "labels of type int64 and shape (1,) for 2 points"),
            ([[0]] * 200, range(200), {}, "101 classes: give 2 to 100"),
            (
                [0, 1],
                [0, 1],
                {},
                "points of type int64 and shape (2,): give numbers of shape (n, d)",
            ),
            ([[0] * 4097] * 2, [0, 1], {}, "points of type int64 and shape (2, 4097)"),
            ([["0"], ["1"]], [0, 1], {}, "points of type <U1 and shape (2, 1)"),
            ([[0], [1, 2]], [0, 1], {}, "points must be an array of numbers"),
            ([[0], [np.nan]], [0, 1], {}, "points must be finite"),
            ([[0], [np.longdouble("1e4000")]], [0, 1], {}, "points must be finite"),
            ([[0], [1]], [0, 1], {"source": 5}, "source = 5: give text"),
            (np.zeros((1_000_001, 1)), [0], {}, "1,000,001 points: keep at most 1,000,000 of them"),
        ],
    )
    def test_refused(self, points: Any, labels: Any, options: dict[str, Any], message: str) -> None:
        with pytest.raises(DataError, match=re.escape(f"dataset points: {message}")):
            UserPoints(points, labels, **options)

    @pytest.mark.parametrize(
        "params", [{"file": "a"}, {"class_names": "ab"}, {"class_names": None}, {"source": None}]
    )
    def test_refused_description(self, params: dict[str, Any]) -> None:
        with pytest.raises(DataError, match=r"^dataset points: "):
            from_description({"name": "points", "params": params}, [[0], [1]], [0, 1])
