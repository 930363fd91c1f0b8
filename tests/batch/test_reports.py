"""What a batch says of itself: a report for programs, a table of metrics, and a page to look at."""

import csv
import io
import json
import math
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest

from batch.batch import Batch
from batch.contact_sheet import contact_sheet
from batch.job import Job
from batch.plan import Plan
from batch.reports import metrics_csv, plain, report_json
from batch.store import Digest, Record
from batch.thumbnails import WIDTH, thumbnail
from tests.batch.manifests import planned

MANIFEST = """
[[job]]
experiment = "spirals"
grid.width = [2, 3]
[[job]]
figure = "layers"
turns = 0.5
format = ["pdf", "svg"]
[[job]]
scene = "one-layer"
format = "webm"
name = "films/one"
[[job]]
scene = "activations"
theme = "light"
"""
FILM = Digest(1_234_567, "0" * 64)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return planned(tmp_path, MANIFEST)


@pytest.fixture
def batch(tmp_path: Path, plan: Plan) -> Batch:
    """A batch of which one training and one film failed, and another film is missing."""
    batch = Batch(plan, tmp_path / "out", seconds=1.23456)
    metrics = {
        "accuracy": 0.25,
        "separated": False,
        "margin": None,
        "gaps": [1, 2],
        "seed": 0,
        "title": "=1+1",
    }
    for job in plan.jobs[:1]:
        batch.records[job.name] = record(job, metrics)
    for job in plan.of_kind("figure"):
        batch.records[job.name] = record(job, {"width_pt": math.inf})
    batch.errors = {"spirals/width-3": "<script>alert(1)</script> & more", "films/one": "no"}
    batch.tracebacks = {"films/one": "Traceback\n  File"}
    return batch


def record(job: Job, metrics: dict[str, Any]) -> Record:
    return Record(job.name, "key", dict.fromkeys(job.outputs, FILM), metrics, 0.5, "worker-1")


def test_the_report_has_everything_in_order(batch: Batch) -> None:
    report = json.loads(report_json(batch))
    assert report["counts"] == {"done": 2, "failed": 2, "missing": 2}
    assert report["complete"] is False
    assert report["manifest"]["name"] == "sweep.toml"
    assert {"neural-topology", "python", "manim"} <= report["versions"].keys()
    states = {job["name"]: job["state"] for job in report["jobs"]}
    assert list(states) == [job.name for job in batch.plan.jobs]
    jobs = {job["name"]: job for job in report["jobs"]}
    assert jobs["layers"]["files"] == [
        {"name": f"layers.{suffix}", "size": 1_234_567, "sha256": "0" * 64} for suffix in ("pdf", "svg")
    ]
    assert jobs["layers"]["parameters"] == {"figure": "layers", "turns": 0.5, "format": ["pdf", "svg"]}
    assert jobs["layers"]["experiment"]["turns"] == 0.5
    assert jobs["layers"]["metrics"] == {"width_pt": "inf"}
    assert jobs["spirals/width-2"]["worker"] == "worker-1"
    assert jobs["films/one"]["error"] == "no"
    assert jobs["films/one"]["traceback"].startswith("Traceback")
    assert report_json(batch) == report_json(batch)


def test_the_table_has_a_row_for_each_training(batch: Batch) -> None:
    rows = list(csv.DictReader(io.StringIO(metrics_csv(batch))))
    assert [(row["name"], row["state"], row["width"], row["turns"]) for row in rows] == [
        ("spirals/width-2", "done", "2", "0.75"),
        ("spirals/width-3", "failed", "3", "0.75"),
        (batch.plan.jobs[2].name, "missing", "2", "0.5"),
    ]
    assert (rows[0]["accuracy"], rows[0]["separated"], rows[0]["margin"]) == ("0.25", "false", "")
    assert (rows[0]["gaps"], rows[0]["title"], rows[0]["seed"]) == ("[1, 2]", "'=1+1", "0")
    assert rows[1]["accuracy"] == ""
    assert "measured_seed" not in rows[0]


class Page(HTMLParser):
    """All tags, their addresses, and the text of a page; complains about what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "data")]
        if tag not in ("meta", "img", "br", "link"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self.text += data


def test_the_page_shows_what_was_made_and_what_failed(batch: Batch) -> None:
    page = Page(contact_sheet(batch, {}))
    assert "script" not in page.tags
    assert "<script>alert(1)</script> & more" in page.text
    assert "2 of 6 jobs done, 2 failed, 2 not begun or interrupted" in page.text
    assert page.tags.count("img") == 1
    assert "1.2 MB" in page.text
    assert {"./layers.svg", "./layers.pdf", "./spirals/width-2.npz", "report.json"} <= set(page.addresses)
    assert all(":" not in address and not address.startswith("/") for address in page.addresses)


def test_names_are_text_and_addresses_on_the_page(tmp_path: Path, batch: Batch) -> None:
    bad = 'a"><img src=x onerror=alert(1)>#?%41'
    job = Job(bad, "figure", None, "layers", {}, ("svg",), (), {"at": "<b>", "figure": "<i>"})
    batch = Batch(Plan(batch.plan.manifest, (job,), {}), tmp_path, {bad: record(job, {})})
    page = Page(contact_sheet(batch, {}))
    assert page.tags.count("img") == 1
    assert {"b", "i"}.isdisjoint(page.tags)
    assert f"./{bad}.svg" in map(unquote, page.addresses)
    assert all("#" not in address and "?" not in address for address in page.addresses)


@pytest.mark.parametrize(
    ("formats", "tag"),
    [(("pdf", "svg"), "img"), (("eps", "png"), "img"), (("pdf",), "p"), (("eps",), "p")],
)
def test_the_best_that_a_browser_knows_is_shown(
    tmp_path: Path, batch: Batch, formats: tuple[str, ...], tag: str
) -> None:
    job = Job("a", "figure", None, "layers", {}, formats)
    batch = Batch(Plan(batch.plan.manifest, (job,), {}), tmp_path, {"a": record(job, {})})
    assert tag in Page(contact_sheet(batch, {})).tags
    if "pdf" in formats:
        shown = Page(contact_sheet(batch, {"a": "thumbnails/x.png"}))
        assert ("./thumbnails/x.png" in shown.addresses) == (formats == ("pdf",))
        assert "./a.pdf" in shown.addresses


def test_thumbnails_are_small_pictures_of_the_page(tmp_path: Path) -> None:
    import cairo
    from PIL import Image

    target = io.BytesIO()
    with cairo.PDFSurface(target, 100, 50) as surface:
        context = cairo.Context(surface)
        context.set_source_rgb(1, 0, 0)
        context.rectangle(0, 0, 50, 50)
        context.fill()
    for background, expected in (("white", 255), ("black", 0)):
        small = thumbnail(target.getvalue(), background)
        assert small is not None
        image = Image.open(io.BytesIO(small)).convert("RGB")
        assert image.size == (WIDTH, WIDTH // 2)
        assert image.getpixel((10, 10)) == (255, 0, 0)
        assert image.getpixel((WIDTH - 10, 10)) == (expected,) * 3
    assert thumbnail(b"no PDF") is None


def test_plain_values_are_json() -> None:
    values = {"a": (1, 2.5, math.nan), "b": {"c": np.float64(3)}, "d": None, "e": {1}, 4: True}
    assert plain(values) == {"a": [1, 2.5, "nan"], "b": {"c": 3.0}, "d": None, "e": "{1}", "4": True}
