"""Every key and element of a TOML document is found on the line where it is written."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch.lines import line_at, lines_of

#: Strings that look like something else, and that span lines.
TRICKY = (
    '"a # b"',
    "'c = [1'",
    '"\\"]\\\\"',
    '""',
    "''",
    '"""\n[[job]]\nx = 1 # "" \n"""',
    "'''\n\n]'' '\n'''",
    '""""two" quotes"""""',
    "''''one'''''",
    '"""a \\\n   b \\""" c"""',
    '"""\\\\"""',
    "true",
    "1979-05-27 07:32:00",
    "-inf",
    "0xDEAD_beef",
)


class Writer:
    """Writes documents in which every integer is the line on which it stands."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.text, self.count = draw, "", 0

    def number(self) -> str:
        return str(self.text.count("\n") + 1)

    def put(self, text: str) -> None:
        self.text += text

    def gap(self) -> None:
        """Where line breaks are allowed."""
        self.put(self.draw(st.sampled_from(["", " ", "\n", " # ]}\n\t", "\n\n#\n"])))

    def key(self) -> str:
        self.count += 1
        plain = f"k-{self.count}"
        forms = (plain, f'"{plain}"', f"'{plain}'", f'"k\\u002D{self.count}"')
        return self.draw(st.sampled_from(forms))

    def value(self, depth: int) -> None:
        kind = self.draw(st.sampled_from(["line", "line", "other", "array", "table"][: 5 if depth else 3]))
        if kind == "line":
            self.put(self.number())
        elif kind == "other":
            self.put(self.draw(st.sampled_from(TRICKY)))
        elif kind == "array":
            self.put("[")
            n = self.draw(st.integers(0, 3))
            for k in range(n):
                self.gap()
                self.value(depth - 1)
                self.gap()
                if k < n - 1 or self.draw(st.booleans()):
                    self.put(",")
            self.gap()
            self.put("]")
        else:
            self.put("{ ")
            n = self.draw(st.integers(0, 3))
            for k in range(n):
                self.pair(depth - 1)
                self.put(", " if k < n - 1 else " ")
            self.put("}")

    def pair(self, depth: int) -> None:
        dots = self.draw(st.sampled_from([".", " . ", "\t."]))
        self.put(dots.join(self.key() for _ in range(self.draw(st.integers(1, 3)))))
        self.put(self.draw(st.sampled_from(["=", " = "])))
        self.value(depth)

    def document(self) -> str:
        for _ in range(self.draw(st.integers(0, 4))):
            self.pairs()
            self.header()
        self.pairs()
        return self.text

    def pairs(self) -> None:
        for _ in range(self.draw(st.integers(0, 3))):
            self.put(self.draw(st.sampled_from(["", "\n", "  # [x]\n", "\t"])))
            self.pair(3)
            self.put(self.draw(st.sampled_from(["\n", " # = '\n", "\r\n"])))

    def header(self) -> None:
        key = self.key()
        form = self.draw(
            st.sampled_from(["[{}]", "[ {} ]", "[[a]]", "[[ a ]]", "[a2.{}]", "[[b.c]]", "[[b.c.d]]"])
        )
        if form == "[[b.c.d]]" and "[[b.c]]" not in self.text:
            form = "[[b.c]]"
        self.put(form.format(key) + "\n")


@st.composite
def documents(draw: st.DrawFn) -> str:
    return Writer(draw).document()


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


@given(documents())
def test_every_number_is_on_the_line_that_it_names(text: str) -> None:
    lines = lines_of(text)
    for path, value in leaves(tomllib.loads(text)):
        assert path in lines
        if isinstance(value, int) and not isinstance(value, bool) and value != 0xDEAD_BEEF:
            assert lines[path] == value, (path, text)


@pytest.mark.parametrize("value", TRICKY)
def test_what_follows_a_tricky_value_is_found(value: str) -> None:
    text = f"a = {value}\nb = [{value}, {value}]\nc = {{ d = {value}, e = 1 }} # '''\nf = 2"
    found, document = lines_of(text), tomllib.loads(text)
    assert set(found) >= {path for path, _ in leaves(document)}
    assert found["f",] == text.count("\n") + 1


def test_tables_are_on_the_lines_of_their_headers() -> None:
    text = (
        "[a.b]\nx = 1\n[a]\ny = 1\n[[j]]\n[j.g]\nw = 1\n[[j]]\ng.w = [\n 1,\n 2]\n[[j.n]]\n[[j.n]]\nz = 1\n"
    )
    lines = lines_of(text)
    assert tomllib.loads(text)
    assert lines["a",] == 3
    assert lines["a", "b"] == 1
    assert lines["j",] == 5
    assert [lines["j", 0], lines["j", 1]] == [5, 8]
    assert lines["j", 0, "g", "w"] == 7
    assert [lines["j", 1, "g", "w"], lines["j", 1, "g", "w", 0], lines["j", 1, "g", "w", 1]] == [9, 10, 11]
    assert lines["j", 1, "n", 1] == 13
    assert lines["j", 1, "n", 1, "z"] == 14


def test_of_what_is_not_there_the_nearest_is_told() -> None:
    lines = lines_of("\na = 1\n[b]\nc = 2\n")
    assert line_at(lines, ("b", "nothing", 3)) == 3
    assert line_at(lines, ("nothing",)) == 1
    assert line_at({}, ()) == 1
