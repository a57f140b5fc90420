"""The HTML book of one edition by the embedded assembler: pandoc turns a chapter's tree into the text of its page.

``html.lua`` makes that text semantic. Not in here: numbering and references (``markdown``), the pages around the text
(``pages``), the site above the editions (``site``).
"""

from __future__ import annotations

import copy
import json
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from kreisbericht.assemble import enclosures
from kreisbericht.assemble.assets import EXTENSION, copy_resources
from kreisbericht.assemble.frame import way_up
from kreisbericht.assemble.markdown import Book, Document
from kreisbericht.assemble.pages import write_pages
from kreisbericht.assemble.pandoc import elements, run_pandoc
from kreisbericht.editions import Edition
from kreisbericht.errors import RenderError

PANDOC = ["-f", "json", "-t", "html5", "--mathml", "--wrap=none", "--syntax-highlighting=none"]
FILTERS = [f"--lua-filter={EXTENSION / name}" for name in ("glossar.lua", "html.lua")]


def write_book(
    book: Book,
    target: Path,
    *,
    edition: Edition,
    files: Path,
    pdf: Path | Future[Path] | None = None,
    jobs: int = 2,
) -> list[Path]:
    """Write all pages, assets and the search index of one edition.

    Parameters
    ----------
    book
        Resolved book whose references are links between pages (``link_book(book, single_file=False)``).
    target
        Folder of the edition; files that are already there are replaced one by one, others stay.
    edition
        Version, status and data cut-off, as every page states them.
    files
        Folder whose pictures and downloads the chapters name (project or staging folder).
    pdf
        The PDF in ``target``, or one that is still being made; None for none. Its size is printed if it is there.
    jobs
        Pages converted at the same time.

    Returns
    -------
    The pages written, in reading order, then the page of lists.

    Raises
    ------
    RenderError
        If pandoc fails on a page or a picture or download is missing.
    """
    copy_resources(book, files, target)
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        bodies = list(pool.map(lambda document: convert_document(document, files), book.documents))
    return write_pages(book, bodies, target, edition=edition, files=files, pdf=pdf)


def convert_document(document: Document, files: Path) -> str:
    """The text of one page as HTML5; pure: the same tree and ``_beilagen.json`` in ``files`` give the same text.

    On the opening page the book's title is the first heading, so the text's own headings step down by one.
    """
    tree = _lower_headings(document.ast) if document.kind == "index" else document.ast
    known = {"beilagen": str(files / enclosures.FILE), "seite": document.path, "wurzel": way_up(document.path)}
    tree = {**tree, "meta": {key: {"t": "MetaString", "c": value} for key, value in known.items()}}
    try:
        return run_pandoc([*PANDOC, *FILTERS], json.dumps(tree), reads=[files / enclosures.FILE])
    except RenderError as error:
        raise RenderError(f"{document.source or document.path}: {error}") from error


def _lower_headings(tree: dict) -> dict:
    lowered = copy.deepcopy(tree)
    for heading in elements(lowered["blocks"], "Header"):
        heading["c"][0] += 1
    return lowered
