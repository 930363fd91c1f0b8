"""Every mistake of a manifest is told at once, with file, line and key, in words that say what to do."""

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch.lines import line_at
from batch.manifest import MOST_BYTES, load_manifest
from batch.problems import ManifestError, Problem, key_text
from tests.batch.manifests import problems, write
from topo_core.errors import SpecError


def test_everything_that_is_wrong_is_told_in_the_order_of_lines(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        """\
        [defaults]
        sed = 3

        [[job]]
        experiment = "spirals"
        grid.width = [2, "x",
          0]
        [job.list]
        seed = [0, 1.5]

        [[job]]
        scene = ["spirals-separate", ""]
        turns = "a"
        fps = 400
        theme = "blue"
        transparent = 1
        name = 3
        list = [1]
        """,
    )
    assert told == [
        "sweep.toml:2: defaults.sed: there is no such key; did you mean seed?",
        "sweep.toml:6: job[1].grid.width[2]: 'x' is not possible; give a whole number",
        "sweep.toml:7: job[1].grid.width[3]: 0 is not possible; give a number at least 1",
        "sweep.toml:9: job[1].list.seed[2]: 1.5 is not possible; give a whole number",
        "sweep.toml:12: job[2].scene[2]: is empty",
        "sweep.toml:13: job[2].turns: 'a' is not possible; give a number",
        "sweep.toml:14: job[2].fps: 400 is not possible; give a number at most 120",
        "sweep.toml:15: job[2].theme: 'blue' is not possible; choose 'dark' or 'light'",
        "sweep.toml:16: job[2].transparent: 1 is not possible; give true or false",
        "sweep.toml:17: job[2].name: 3 is not possible; give a text in quotes",
        "sweep.toml:18: job[2].list: [1] is not possible; this is to be a table of keys and values",
    ]


def test_contradictions_are_told_together(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        """\
        [[job]]
        experiment = "spirals"
        grid.width = [2, 3]
        width = 2
        network = "2-2"
        quality = "l"
        [[job]]
        figure = "layers"
        scene = "spirals-separate"
        format = ["mp4", "pdf"]
        [job.list]
        seed = [1, 2]
        turns = [1]
        [[job]]
        [[job]]
        figure = "layers"
        grid.format = ["pdf", "webm"]
        """,
    )
    assert told == [
        "sweep.toml:3: job[1].grid.width: also given without a sweep; leave out one of them",
        "sweep.toml:4: job[1].width: network says this, too; leave out one of them",
        "sweep.toml:6: job[1].quality: is nothing of a training (this job has no scene or figure); "
        "leave it out",
        "sweep.toml:8: job[2].figure: a job has scenes or figures; make two jobs of it",
        "sweep.toml:10: job[2].format[2]: pdf is no format of a video; choose mp4, webm, gif or mov",
        "sweep.toml:11: job[2].list: its columns go together row by row, but turns has 1, seed has 2; "
        "make them equally long",
        "sweep.toml:14: job[3]: nothing to do; give it an experiment, a scene or a figure",
        "sweep.toml:17: job[4].grid.format[2]: webm is no format of a figure; choose pdf, svg, eps or png",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1: job is missing; add [[job]] with an experiment, a scene or a figure"),
        ("job = []", "1: job: is empty; give at least one"),
        ("job = 1", "1: job: write [[job]], in two pairs of brackets, above each job"),
        ("[job]\nexperiment = 'spirals'", "1: job: write [[job]], in two pairs of brackets, above each job"),
        (
            "[[job]]\nscene = 1",
            "2: job[1].scene: 1 is not possible; give a text in quotes, or a list of texts",
        ),
        (
            "[[job]]\nexperiment = 'spirals'\nwidth = [2, 3]",
            "3: job[1].width: [2, 3] is not possible; give a whole number; for several, write grid.width",
        ),
        (
            "[[job]]\nexperiment = 'spirals'\n[job.grid]\nseed = [0, 1, 0]",
            "4: job[1].grid.seed[3]: is there twice; leave it out",
        ),
        ("[[job]]\nscene = ['a', 'a']", "2: job[1].scene[2]: is there twice; leave it out"),
        ("job = [1]", "1: job[1]: 1 is not possible; this is to be a table of keys and values"),
        ("a = ", "1: invalid value at the end: not TOML; see https://toml.io"),
        (
            "\n\nx y",
            "3: expected '=' after a key in a key/value pair in column 3: not TOML; see https://toml.io",
        ),
        ("a = 1\na = 2", "2: cannot overwrite a value at the end: not TOML; see https://toml.io"),
        ('\na = """\nb', "3: unterminated string at the end: not TOML; see https://toml.io"),
        ("job = " + "[" * 20000, "1: nested too deeply; write it more simply"),
        (
            "[[job]]\nexperiment = ['a']\n'a b.c' = 1",
            "3: job[1].'a b.c': there is no such key; choose one of",
        ),
    ],
)
def test_a_file_that_is_no_manifest_is_told(tmp_path: Path, text: str, told: str) -> None:
    (only,) = problems(tmp_path, text)
    assert only.startswith(f"sweep.toml:{told}")
    assert "\n" not in only


def test_bytes_that_are_no_text_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(b"a = 1\n# \xff\n")
    with pytest.raises(ManifestError, match=r"bad\.toml:2: not UTF-8; save the file as UTF-8"):
        load_manifest(path)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    path.write_bytes(b"#" * (MOST_BYTES + 1))
    with pytest.raises(SpecError, match="not a manifest"):
        load_manifest(path)


def test_windows_line_ends_and_a_byte_order_mark_are_no_mistakes(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b'\xef\xbb\xbf[[job]]\r\nexperiment = "spirals"\r\nseed = 3\r\n')
    manifest = load_manifest(path)
    assert manifest.entries[0].fixed == {"seed": 3}
    assert line_at(manifest.lines, ("job", 0, "seed")) == 3


def test_one_name_is_a_list_of_one_and_whole_numbers_are_numbers(tmp_path: Path) -> None:
    text = '[[job]]\nfigure = "layers"\nturns = 1\nformat = "pdf"\nfont_size = 9'
    (entry,) = load_manifest(write(tmp_path, text)).entries
    assert (entry.kind, entry.figures, entry.experiments) == ("figure", ("layers",), ())
    assert entry.fixed == {"turns": 1.0, "format": ("pdf",), "font_size": 9.0}


@given(st.text(max_size=200))
def test_whatever_is_written_there_is_a_manifest_or_one_line_a_mistake(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(text, "utf-8", errors="replace", newline="")
    with pytest.raises(ManifestError) as error:
        load_manifest(path)
    for problem in error.value.problems:
        assert len(str(problem).splitlines()) == 1
        assert 1 <= problem.line <= text.count("\n") + 1


def test_keys_are_shown_as_people_write_them() -> None:
    assert key_text(("job", 0, "grid", "width", 2)) == "job[1].grid.width[3]"
    assert key_text(("a-b", "c d", "e\n")) == "a-b.'c d'.'e\\n'"
    assert key_text(()) == ""


def test_the_error_survives_pickling() -> None:
    error = ManifestError([Problem("b", 2, "k", "w"), Problem("b", 1, "", "v")])
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) == "b:1: v\nb:2: k: w"
