"""One finished edition in a folder: the PDF and the HTML pages, by the embedded assembler or by Quarto, and checked.

Not in here: where the folder goes (``drafts``).
"""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kreisbericht.assemble.enclosures import write_enclosures
from kreisbericht.assemble.html import write_book
from kreisbericht.assemble.markdown import link_book, read_book
from kreisbericht.assemble.pdf import write_pdf
from kreisbericht.check.book import check_pages
from kreisbericht.editions import Edition
from kreisbericht.errors import RenderError
from kreisbericht.staging import Stage


def assemble_edition(
    stage: Stage, edition: Edition, folder: Path, *, tool: str, formats: tuple[str, ...], threads: int = 1
) -> None:
    """Make the book of a staging tree in ``folder``, which is empty, and check its pages.

    Parameters
    ----------
    tool
        ``pandoc`` or ``quarto``.
    threads
        With more than one the PDF is set while the pages are written.

    Raises
    ------
    RenderError
        If the assembler or the check refuses the book.
    """
    write_enclosures(stage.root, stage.plan, edition)
    if tool == "pandoc":
        _write_embedded(stage, edition, folder, formats, threads)
    else:
        _write_with_quarto(stage, edition, folder, formats)
    if "html" in formats:
        refuse_findings(check_pages(folder))


def refuse_findings(findings: list[str]) -> None:
    """Raise if a check of the finished pages found anything.

    Raises
    ------
    RenderError
        With the number of findings and the first ones.
    """
    if findings:
        more = " …" if len(findings) > 5 else ""
        raise RenderError(
            f"Das fertige Buch hat {len(findings)} Fehler: {' '.join(findings[:5])}{more} Bitte die genannten Kapitel "
            "berichtigen; die letzte gute Ausgabe ist unverändert."
        )


def pdf_name(stage: Stage, edition: Edition) -> str:
    """File name that says what it is: ``sozialbericht-kyffhaeuserkreis-2025.1-entwurf.pdf``."""
    title = stage.plan.title.lower().translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}))
    title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = "".join(char if char.isalnum() else " " for char in title).split()
    report = [stage.report] if stage.report != "gesamt" else []
    return "-".join([*words, *report, edition.version, edition.status]) + ".pdf"


def _write_embedded(stage: Stage, edition: Edition, folder: Path, formats: tuple[str, ...], threads: int) -> None:
    book = read_book(stage.root, stage.plan)
    target = folder / pdf_name(stage, edition)
    with ThreadPoolExecutor(max_workers=1) as aside:
        pdf = None
        if "pdf" in formats:
            linked = link_book(book, single_file=True)
            pdf = aside.submit(write_pdf, linked, target, files=stage.root, edition=edition)
            if threads < 2 or "html" not in formats:
                pdf.result()
        if "html" in formats:
            linked = link_book(book, single_file=False)
            write_book(linked, folder, edition=edition, files=stage.root, pdf=pdf, jobs=max(1, threads))


def _write_with_quarto(stage: Stage, edition: Edition, folder: Path, formats: tuple[str, ...]) -> None:
    from kreisbericht.assemble.quarto import write_with_quarto

    write_with_quarto(stage, folder, edition, formats, pdf_name(stage, edition))
