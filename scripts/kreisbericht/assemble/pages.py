"""The pages of an edition around their texts: chapters, opening page, lists, with assets and search index.

The same for both assemblers, which make the texts. Not in here: the site above the editions (``site``).
"""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from kreisbericht.assemble import search
from kreisbericht.assemble.assets import copy_archive, write_assets
from kreisbericht.assemble.citations import write_references
from kreisbericht.assemble.extracts import finding, page_sections
from kreisbericht.assemble.frame import LISTS_PAGE, POLICY, Frame, templates, way_up
from kreisbericht.assemble.listing import describe_edition
from kreisbericht.assemble.markdown import FLOAT_KINDS, Book, Document
from kreisbericht.assemble.opening import opening_figures
from kreisbericht.assemble.outline_map import write_cover_map
from kreisbericht.editions import Edition
from kreisbericht.paths import write_atomically


def write_pages(
    book: Book,
    bodies: list[str],
    target: Path,
    *,
    edition: Edition,
    files: Path,
    pdf: Path | Future[Path] | None = None,
    listed: bool = True,
) -> list[Path]:
    """Frame the texts of all documents (HTML, in the same order) and write what they need.

    Parameters as in ``html.write_book``; ``listed`` is False for a book that does not lie in a site.

    Returns
    -------
    The pages written, in reading order, then the page of lists.
    """
    archive = copy_archive(files, target)
    write_assets(target / "assets")
    pdf = pdf.result() if isinstance(pdf, Future) else pdf
    size = pdf.stat().st_size if pdf and pdf.is_file() else 0
    frame = Frame(book, edition, pdf.name if pdf else "", size, archive, listed)
    if frame.logo:
        write_atomically(target / frame.logo, (files / book.meta["ausgabe"]["logo"]).read_bytes())
    pages = []
    for document, body in zip(book.documents, bodies, strict=True):
        write = _write_opening if document.kind == "index" else _write_chapter
        pages.append(write(frame, document, body, target))
    if frame.has_lists:
        pages.append(_write_lists(frame, target))
    write_atomically(target / "assets" / "suche-daten.js", search.index_script(book))
    write_references(book, edition, target)
    describe_edition(target, meta=book.meta, edition=edition, pdf=frame.pdf)
    return pages


def _write_chapter(frame: Frame, document: Document, body: str, target: Path) -> Path:
    order = [d for d in frame.book.documents if d.kind != "index"]
    place = order.index(document)
    return _write_page(
        frame,
        target,
        "chapter.html",
        path=f"{document.path}.html",
        document=document,
        body=body,
        sections=page_sections(document),
        previous=order[place - 1] if place else None,
        next=order[place + 1] if place + 1 < len(order) else None,
        page_title=f"{document.number} {document.title}".strip(),
        description=finding(document) or document.title,
    )


def _write_opening(frame: Frame, document: Document, body: str, target: Path) -> Path:
    facts = opening_figures(frame.book, frame.edition)
    return _write_page(
        frame,
        target,
        "opening.html",
        path=f"{document.path}.html",
        document=document,
        body=body,
        facts=facts,
        finding=finding,
        cover=write_cover_map(target / "assets" / "umschlag.svg", str(frame.district["ags"])),
        first=next((d for d in frame.book.documents if d.kind != "index"), document),
        page_title="",
        description=frame.book.subtitle or frame.book.title,
    )


def _write_lists(frame: Frame, target: Path) -> Path:
    kinds = [(FLOAT_KINDS[kind], [(d, f) for d, f in frame.book.floats if f.kind == kind]) for kind in FLOAT_KINDS]
    titles = {"Abbildung": "Abbildungen", "Tabelle": "Tabellen"}
    return _write_page(
        frame,
        target,
        "lists.html",
        path=LISTS_PAGE,
        document=None,
        lists=[(titles[word], entries) for word, entries in kinds if entries],
        sheets=[(d, h) for d in frame.book.documents for h in d.headings if h.id.startswith("ind-")],
        places=next((d for d in frame.book.documents if d.stem == "ortsregister"), None),
        page_title="Verzeichnisse",
        description="Alle Abbildungen, Tabellen und Indikatoren des Berichts.",
    )


def _write_page(frame: Frame, target: Path, template: str, *, path: str, **context: object) -> Path:
    root = way_up(path)

    def link(document, anchor=""):
        return f"{root}{document.path}.html" + (f"#{anchor}" if anchor else "")

    text = templates().get_template(template).render(
        frame=frame, book=frame.book, edition=frame.edition, root=root, path=path, link=link, policy=POLICY,
        lists_page=LISTS_PAGE, **context,
    )  # fmt: skip
    write_atomically(target / path, text)
    return target / path
