"""The book and its chapters as entries for reference managers: BibTeX and RIS, one file each beside every page.

Not in here: the citation in words under figures and tables (``enclosures.describe_citation``, ``html.lua``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kreisbericht.assemble.enclosures import citation_address, citation_year
from kreisbericht.assemble.markdown import Book
from kreisbericht.editions import Edition
from kreisbericht.paths import write_atomically

WHOLE = "zitat"
"""File name, without ending, of the entry for the whole book."""
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


@dataclass(frozen=True)
class Reference:
    """What is cited: ``chapter`` and ``number`` are '' for the whole book, ``address`` where no site is known."""

    key: str
    author: str
    year: str
    title: str
    edition: str
    chapter: str = ""
    number: str = ""
    address: str = ""


def as_bibtex(reference: Reference) -> str:
    """The entry for BibTeX and biber; nothing in it can end a field or call a command."""
    fields = {
        "author": f"{{{_tex(reference.author)}}}", "title": f"{{{_tex(reference.chapter or reference.title)}}}",
        "booktitle": f"{{{_tex(reference.title)}}}" if reference.chapter else "", "year": _tex(reference.year),
        "chapter": _tex(reference.number), "edition": _tex(reference.edition),
        "publisher": f"{{{_tex(reference.author)}}}", "url": _link(reference.address), "langid": "german",
    }  # fmt: skip
    kind = "incollection" if reference.chapter else "book"
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{reference.key},\n" + ",\n".join(lines) + "\n}\n"


def as_ris(reference: Reference) -> str:
    """The entry for RIS, a tag a line; nothing in it can begin a line of its own."""
    fields = [
        ("TY", "CHAP" if reference.chapter else "RPRT"), ("AU", f"{reference.author},"), ("PY", reference.year),
        ("TI", reference.chapter or reference.title), ("T2", reference.title if reference.chapter else ""),
        ("SE", reference.number), ("ET", reference.edition), ("PB", reference.author), ("LA", "de"),
        ("UR", _link(reference.address)),
    ]  # fmt: skip
    return "".join(f"{tag}  - {_one_line(value)}\r\n" for tag, value in fields if value) + "ER  - \r\n"


def write_references(book: Book, edition: Edition, target: Path) -> list[Path]:
    """Write ``zitat.bib`` and ``zitat.ris`` of the book and, beside its page, of each chapter; returns the files."""
    address = citation_address(book.meta, edition)
    ags = str(((book.meta.get("ausgabe") or {}).get("kreis") or {}).get("ags", ""))
    name = re.sub(r"[^\w.-]", "", f"{ags or 'bericht'}-{edition.version}")
    shared = {
        "author": book.author or book.title, "year": citation_year(book.meta, edition),
        "title": ". ".join(part for part in (book.title, book.subtitle) if part),
        "edition": f"{edition.version}, {edition.status_text}, Datenstand {edition.datenstand:%d.%m.%Y}",
    }  # fmt: skip
    entries = {WHOLE: Reference(name, address=address, **shared)}
    for document in book.documents:
        if document.kind != "index":
            page = f"{address}{document.path}.html" if address else ""
            about = {"chapter": document.title, "number": document.number, "address": page}
            entries[document.path] = Reference(f"{name}-{document.stem}", **about, **shared)
    made = []
    for path, entry in entries.items():
        for ending, text in ((".bib", as_bibtex(entry)), (".ris", as_ris(entry))):
            write_atomically(target / f"{path}{ending}", text.encode())
            made.append(target / f"{path}{ending}")
    return made


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in _one_line(text))


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _link(address: str) -> str:
    """An address as both formats take it; what could end a field is percent-encoded."""
    return re.sub(r"[\s{}\\]", lambda match: f"%{ord(match[0]):02X}", address)
