"""Small pictures of PDF files, which browsers do not show in a page of many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO

from batch.job import Job
from batch.names import THUMBNAILS
from batch.store import OutputFolder, Record

#: Pixels across: twice what a card of the contact sheet has, for fine screens.
WIDTH = 640
COLOURS = 128


def thumbnail(pdf: bytes, background: str = "white") -> bytes | None:
    """The first page as PNG; None if it cannot be read.

    Parameters
    ----------
    pdf
        The file's content.
    background
        ``"white"`` or ``"black"``, behind what is transparent.
    """
    from PIL.Image import Quantize
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(pdf)
    except PdfiumError:
        return None
    try:
        page = document[0]
        fill = (0, 0, 0, 255) if background == "black" else (255, 255, 255, 255)
        image = page.render(scale=WIDTH / page.get_width(), fill_color=fill).to_pil()
    except (PdfiumError, ZeroDivisionError):
        return None
    finally:
        document.close()
    target = BytesIO()
    image.quantize(COLOURS, method=Quantize.FASTOCTREE).save(target, "PNG")  # 4 ms; other ways take ten times
    return target.getvalue()


def thumbnails_of(
    figures: Iterable[Job], records: Mapping[str, Record], folder: OutputFolder
) -> dict[str, str]:
    """Files of small pictures by the names of jobs that made a PDF and nothing that browsers show.

    They are made unless they are there: their names hold the digest of the PDF.
    """
    made = {}
    for job in figures:
        record = records.get(job.name)
        if record is None or "pdf" not in job.formats or {"svg", "png"} & set(job.formats):
            continue
        pdf = f"{job.name}.pdf"
        background = "black" if job.options.get("theme") == "dark" else "white"
        name = f"{THUMBNAILS}/{record.files[pdf].sha256[:24]}-{background}.png"
        if not folder.path(name).is_file():
            content = thumbnail(folder.path(pdf).read_bytes(), background)
            if content is None:
                continue
            folder.write({name: content})
        made[job.name] = name
    return made
