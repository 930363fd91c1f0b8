"""Names are safe everywhere: no file lands outside its folder, and no two get in each other's way."""

import string
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch.names import MOST, MOST_OF_PART, Taken, checked_name, fields_of, filled, slug
from topo_core.errors import SpecError

BAD = (
    *("", ".", "..", "../x", "a/../b", "/etc/passwd", "a//b", "a/", "/", "./a", "a/.", "~root/x"),
    *("a\\..\\b", "C:/x", "c:x", "a:b", "\\\\server\\share", "a\x00b", "a\nb", "a b", "é", "a\u202eb", "-rf"),
    *(
        "con",
        "CON",
        "nul.pdf",
        "a/aux/b",
        "Com1",
        "LPT9.x.y",
        "prn",
        ".batch",
        ".hidden",
        "a/.b",
        "a.",
        "a./b",
    ),
    *("a*", "a?", "a|b", "<a>", '"a"', "a" * (MOST_OF_PART + 1), "a/" * 99 + "abc", "{}", "$HOME", "%TEMP%"),
)


@pytest.mark.parametrize("name", BAD)
def test_what_could_be_dangerous_is_refused(name: str) -> None:
    with pytest.raises(SpecError) as error:
        checked_name(name)
    assert len(str(error.value).splitlines()) == 1
    assert len(str(error.value)) < 250


@pytest.mark.parametrize(
    "name", ["a", "spirals/width-3-seed-0", "a.b/c_d+e=f,g@h", "0", "console/nulls.x", "_"]
)
def test_what_is_safe_is_kept(name: str) -> None:
    assert checked_name(name) == name


@given(st.text(st.sampled_from(string.printable + "é\x00"), max_size=30))
def test_no_checked_name_leaves_its_folder(name: str) -> None:
    try:
        checked_name(name)
    except SpecError:
        return
    for path in (PurePosixPath(name), PureWindowsPath(name)):
        assert not path.is_absolute()
        assert ".." not in path.parts
        assert path.anchor == ""
    assert len(name) <= MOST


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.lists(st.text(), max_size=3)))
def test_a_slug_is_one_part_of_a_name(value: object) -> None:
    assert set(slug(value)) <= set(string.ascii_letters + string.digits + "_.+-")
    assert slug(value).strip(".-")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("layer:2/0.5", "layer-2-0.5"),
        ("../../etc", "etc"),
        (0.1 + 0.2, "0.3"),
        (1.0, "1"),
        (True, "true"),
        (("pdf", "svg"), "pdf-svg"),
        ("...", "none"),
    ],
)
def test_slugs(value: object, text: str) -> None:
    assert slug(value) == text


def test_templates_are_filled() -> None:
    template = "{experiment}/w{width}-s{seed:03d}-{turns:.2f}{{x}}"
    assert fields_of(template, ["experiment", "width", "seed", "turns"]) == [
        *("experiment", "width", "seed", "turns")
    ]
    values = {"experiment": "links/hopf", "width": 3, "seed": 7, "turns": 0.75}
    assert filled(template, values) == "links-hopf/w3-s007-0.75{x}"


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{sed}", "did you mean seed?"),
        ("{seed.__class__}", "no parameter is called 'seed.__class__'"),
        ("{seed[0]}", r"no parameter is called 'seed\[0\]'"),
        ("{}", "no parameter is called ''"),
        ("{0}", "no parameter is called '0'"),
        ("{seed!r}", "of formats only some"),
        ("{seed:999999999d}", "of formats only some"),
        ("{seed:{seed}}", "of formats only some"),
        ("{seed", "expected '}'"),
        ("}", "Single '}'"),
    ],
)
def test_templates_that_are_wrong_are_refused(template: str, why: str) -> None:
    with pytest.raises(SpecError, match=why):
        fields_of(template, ["seed", "width"])


@pytest.mark.parametrize(
    ("template", "why"),
    [("{turns}", "names turns, which this job does not have"), ("{experiment:d}", "format")],
)
def test_values_that_do_not_fit_are_told(template: str, why: str) -> None:
    with pytest.raises(SpecError, match=why):
        filled(template, {"experiment": "a", "turns": None})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("a", "a.pdf"), ("a", "a.svg")),
        (("a", "a.pdf"), ("A", "A.pdf")),
        (("a", "a.pdf"), ("a.pdf/b", "a.pdf/b.svg")),
        (("A.pdf/b", "A.pdf/b.svg"), ("a", "a.pdf")),
        (("x", "x.npz"), ("index.html/b", "index.html/b.svg")),
        (("x", "x.npz"), ("Report.json/b", "Report.json/b.svg")),
    ],
)
def test_names_in_each_others_way_are_found(first: tuple[str, str], second: tuple[str, str]) -> None:
    taken = Taken()
    assert taken.clash(first[0], first[1:]) is None
    taken.add("first", first[0], first[1:])
    assert taken.clash(second[0], second[1:]) in ("first", "the batch itself")


def test_a_folder_may_be_called_like_a_job_in_it() -> None:
    taken = Taken()
    taken.add("first", "a", ("a.pdf",))
    assert taken.clash("a/b", ("a/b.pdf",)) is None
