"""Quarto's pages in the report's own frame: policy, navigation, opening page, lists, search, editions, review mode.

Quarto reads the chapters, counts, refers and cites; its texts are taken out of its pages and framed as the embedded
assembler frames its own. Not in here: the text itself (``quarto_text``), the frame (``pages``).
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from bs4 import BeautifulSoup

from kreisbericht.assemble.markdown import Book, Document, Float, Heading
from kreisbericht.assemble.pages import write_pages
from kreisbericht.assemble.pandoc import run_pandoc
from kreisbericht.assemble.quarto_text import BY_QUARTO, read_text, write_text
from kreisbericht.book import BookPlan, Entry
from kreisbericht.editions import Edition
from kreisbericht.paths import write_atomically

KEPT = Path(".quarto") / "kreisbericht"
"""Quarto's own pages, below the project: ``quarto preview`` renders single ones again."""
LEFT_BEHIND = ("site_libs", "search.json")
NOT_TEXT = "span.nr, span.no, span.erklaerung"


def frame_pages(
    root: Path, plan: BookPlan, edition: Edition, folder: Path, *, pdf: Path | None = None, listed: bool = True
) -> list[Path]:
    """Put every page of ``folder``, which Quarto has written, into the report's frame.

    Parameters
    ----------
    root
        The Quarto project.
    folder
        Its output; pages that are framed already are framed anew from what Quarto wrote for them last.
    pdf
        The PDF the pages link, None for none.
    listed
        False for a book that does not lie in a site, below its district's list of editions.

    Returns
    -------
    The pages written; none where Quarto has written no pages.
    """
    written = [entry for entry in plan.entries if _keep(root, folder, entry)]
    texts = [_read(root, entry) for entry in written]
    if not texts:
        return []
    book = Book(plan.meta, [_describe(*pair) for pair in zip(written, texts, strict=True)], root)
    for name in LEFT_BEHIND:
        path = folder / name
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return write_pages(
        book, [write_text(text) for text in texts], folder, edition=edition, files=root, pdf=pdf, listed=listed
    )


def _page(entry: Entry) -> str:
    return f"{Path(entry.source).with_suffix('')}.html"


def _keep(root: Path, folder: Path, entry: Entry) -> bool:
    """Lay Quarto's page aside if it is new; whether there is one."""
    page, kept = folder / _page(entry), root / KEPT / _page(entry)
    if page.is_file() and BY_QUARTO in (text := page.read_text(encoding="utf-8")):
        write_atomically(kept, text)
    return page.is_file() and kept.is_file()


def _read(root: Path, entry: Entry) -> BeautifulSoup:
    return read_text((root / KEPT / _page(entry)).read_text(encoding="utf-8"), opening=entry.kind == "index")


def _describe(entry: Entry, text: BeautifulSoup) -> Document:
    """What navigation, lists and search need to know of a text."""
    path = str(Path(entry.source).with_suffix(""))
    document = Document(entry.stem, path, entry.kind, entry.part, "", _read_tree(text), source=entry.source)
    document.headings = [
        Heading(int(one.name[1]), one.get("id", ""), *_number_and_words(one))
        for one in text.find_all(re.compile(r"^h[1-6]$"))
    ]
    if document.headings:
        document.number, document.title = document.headings[0].number, document.headings[0].text
    document.floats = [_describe_float(one) for one in text.select("figure[id^=fig-], .tafel[id^=tbl-]")]
    return document


def _number_and_words(heading) -> tuple[str, str]:
    number = heading.select_one("span.nr")
    words = "".join(node for node in heading.find_all(string=True) if number is None or number not in node.parents)
    return (number.get_text().strip() if number else ""), " ".join(words.split())


def _describe_float(element) -> Float:
    number, title = element.select_one("span.no"), element.select_one("span.titel")
    title = title or element.find(["figcaption", "caption"])
    return Float(
        element["id"].partition("-")[0], element["id"],
        number.get_text().split()[-1] if number else "", " ".join(title.get_text().split()) if title else "",
    )  # fmt: skip


def _read_tree(text: BeautifulSoup) -> dict:
    """The text as pandoc's tree, for what is taken out of it: findings, key figures, words for the search."""
    bare = BeautifulSoup(str(text), "html.parser")
    for element in bare.select(NOT_TEXT):
        element.decompose()
    for question in bare.select("div.leitfrage"):
        question.unwrap()
    return json.loads(run_pandoc(["-f", "html", "-t", "json"], str(bare)))
