"""``index.html``: everything that a batch made, on one page that needs nothing but the files beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from batch.job import Job
from topo_core import __version__

if TYPE_CHECKING:
    from batch.batch import Batch

#: What browsers show as an image, the best first, and as a video.
_IMAGES, _VIDEOS = ("svg", "png", "gif"), ("mp4", "webm")
#: Columns of the table of trainings: what is measured, and what it is called there.
_MEASURED = (
    ("accuracy", "accuracy"),
    ("wrong", "wrong"),
    ("separated", "separated"),
    ("margin", "margin"),
    ("solved_restarts", "restarts that separate"),
)

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --faint: #777; --card: #8881; --bad: #c33; }
* { box-sizing: border-box; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 100rem; padding: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 .6rem; }
a { color: inherit; }
.faint { color: var(--faint); }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); }
figure { border: 1px solid var(--line); border-radius: 6px; margin: 0; overflow: hidden; }
.picture { aspect-ratio: 16 / 9; background: #fff; display: grid; place-items: center; }
.dark { background: #000; }
.picture > *, .picture img { border: 0; display: block; height: 100%; min-height: 0; width: 100%; }
.picture img, .picture video { object-fit: contain; }
.picture > p { color: #666; display: grid; margin: 0; place-items: center; }
figcaption { padding: .5rem .7rem .6rem; overflow-wrap: anywhere; }
figcaption p { font-size: .82rem; margin: .15rem 0 0; }
.failed { border-color: var(--bad); }
.failed p { color: var(--bad); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .7rem .3rem 0; text-align: left; }
td.number { font-variant-numeric: tabular-nums; text-align: right; }
"""


def contact_sheet(batch: Batch, thumbnails: Mapping[str, str]) -> str:
    """The page: what failed first, then pictures by folder, then a table of the trainings.

    Parameters
    ----------
    batch
        What was made.
    thumbnails
        Files of small pictures, by the names of jobs whose own files browsers do not show.
    """
    plan = batch.plan
    title = plan.manifest.file.stem
    pictures = [job for job in plan.jobs if job.kind != "train" and job.name not in batch.errors]
    failed = [job for job in plan.jobs if job.name in batch.errors]
    missing = sum(batch.state(job) == "missing" for job in plan.jobs)
    counts = [f"{len(batch.records)} of {len(plan.jobs)} jobs done"]
    counts += [f"{len(failed)} failed"] if failed else []
    counts += [f"{missing} not begun or interrupted"] if missing else []
    folders: dict[str, list[Job]] = {}
    for job in pictures:
        folders.setdefault(job.name.rpartition("/")[0], []).append(job)
    body = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="faint">{", ".join(counts)} · neural-topology {escape(__version__)} · '
        '<a href="report.json">report.json</a> · <a href="metrics.csv">metrics.csv</a></p>',
        *_section("Failed", (_failure(job, batch.errors[job.name]) for job in failed)),
    ]
    for folder, jobs in folders.items():
        cards = (_card(batch, job, thumbnails) for job in jobs if job.name in batch.records)
        body += _section(folder or "Pictures", cards)
    body += _trainings(batch)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _section(title: str, cards: Iterable[str]) -> list[str]:
    made = list(cards)
    return [f"<h2>{escape(title)}</h2>", '<div class="cards">', *made, "</div>"] if made else []


def _failure(job: Job, error: str) -> str:
    return (
        f'<figure class="failed"><figcaption>{escape(job.name)}{_parameters(job)}'
        f"<p>{escape(error)}</p></figcaption></figure>"
    )


def _card(batch: Batch, job: Job, thumbnails: Mapping[str, str]) -> str:
    files = batch.records[job.name].files
    by_suffix = {name.rpartition(".")[2]: name for name in files}
    dark = " dark" if job.options.get("theme") == "dark" else ""
    links = ", ".join(
        f'<a href="{_url(name)}">{suffix}</a> <span class="faint">{_size(files[name].size)}</span>'
        for suffix, name in by_suffix.items()
    )
    return (
        f'<figure><div class="picture{dark}">{_picture(by_suffix, job.name, thumbnails.get(job.name))}</div>'
        f"<figcaption>{escape(job.name.rpartition('/')[2])}{_parameters(job)}<p>{links}</p></figcaption></figure>"
    )


def _picture(files: Mapping[str, str], name: str, thumbnail: str | None) -> str:
    """The best that a browser can show of a job's files."""
    for suffix in _IMAGES:
        if suffix in files:
            url = _url(files[suffix])
            return f'<a href="{url}"><img src="{url}" alt="{escape(name)}" loading="lazy"></a>'
    for suffix in _VIDEOS:
        if suffix in files:
            return f'<video src="{_url(files[suffix])}" controls muted loop preload="metadata"></video>'
    if thumbnail is not None:
        image = f'<img src="{_url(thumbnail)}" alt="{escape(name)}" loading="lazy">'
        return f'<a href="{_url(files["pdf"])}">{image}</a>'
    return f"<p>{' and '.join(map(escape, files))}: no preview</p>"


def _parameters(job: Job) -> str:
    """What was chosen and neither the name nor the files tell."""
    labels = ("experiment", "scene", "figure")
    words = ", ".join(
        f"{name.replace('_', ' ')} {_text(value)}"
        for name, value in job.parameters.items()
        if name != "format" and not (name in labels and value in job.name)
    )
    return f'<p class="faint">{escape(words)}</p>' if words else ""


def _trainings(batch: Batch) -> list[str]:
    plan = batch.plan
    jobs = [job for job in plan.of_kind("train") if job.name in batch.records and job.name not in plan.same]
    if not jobs:
        return []
    columns = [c for c in _MEASURED if any(c[0] in batch.records[job.name].metrics for job in jobs)]
    head = "".join(f"<th>{title}</th>" for title in ("training", "network", "seed", *(t for _, t in columns)))
    rows = [f"<tr>{head}</tr>"]
    for job in jobs:
        record = batch.records[job.name]
        assert job.experiment is not None
        link = f'<a href="{_url(job.outputs[0])}">{escape(job.name)}</a>'
        cells = f"<td>{link}</td><td>{escape(str(job.experiment.network))}</td>"
        values = (job.experiment.seed, *(record.metrics.get(name, "") for name, _ in columns))
        cells += "".join(f'<td class="number">{escape(_text(value))}</td>' for value in values)
        rows.append(f"<tr>{cells}</tr>")
    return ["<h2>Trainings</h2>", '<div class="wide"><table>', *rows, "</table></div>"]


def _text(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.5g}"
    return " ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _url(name: str) -> str:
    """A file's address relative to the page; nothing in it is taken for a scheme or a fragment."""
    return escape(quote(f"./{name}"))


def _size(n: int) -> str:
    if n < 1000:
        return f"{n} B"
    return f"{n / 1000:.0f} kB" if n < 1_000_000 else f"{n / 1e6:.1f} MB"
