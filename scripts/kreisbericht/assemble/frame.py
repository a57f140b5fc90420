"""What all pages of one edition share: the book's and district's names, status, files, the templates and the policy.

Not in here: what stands in a page (``html``), what lies beside it (``assets``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path

import jinja2

from kreisbericht.assemble.assets import EXTENSION
from kreisbericht.assemble.listing import LEGAL
from kreisbericht.assemble.markdown import Book, Document
from kreisbericht.editions import Edition

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "form-action 'none'; base-uri 'none'"
)
LISTS_PAGE = "verzeichnisse.html"
ADVICE = {
    "entwurf": "Zahlen und Texte können sich ändern.",
    "steuerungsgremium": "Zur Beratung im Steuerungsgremium. Zahlen und Texte können sich ändern.",
    "ausschuss": "Zur Beratung im Ausschuss. Texte können sich ändern.",
    "beschlossen": "",
}


@dataclass(frozen=True)
class Frame:
    """What all pages of one edition share."""

    book: Book
    edition: Edition
    pdf: str = ""
    pdf_bytes: int = 0
    archive: dict = field(default_factory=dict)
    """The zip of all figures: ``datei``, ``name``, ``groesse``; empty where there is none."""
    listed: bool = True
    """Whether the edition lies in a site, below its district's list of editions."""

    @property
    def district(self) -> dict:
        """Key and name of the district, '' where the project names none."""
        return {"ags": "", "name": ""} | ((self.book.meta.get("ausgabe") or {}).get("kreis") or {})

    @property
    def short_title(self) -> str:
        """The book's title without the district's name, for the head of a page."""
        return self.book.title.replace(str(self.district["name"]), "").strip() or self.book.title

    @property
    def logo(self) -> str:
        """Where pages find the publisher's logo, '' for none (``ausgabe: logo`` in ``_quarto.yml``)."""
        named = (self.book.meta.get("ausgabe") or {}).get("logo")
        return f"assets/logo{Path(named).suffix}" if named else ""

    @property
    def cutoff(self) -> str:
        return f"{self.edition.datenstand:%d.%m.%Y}"

    @property
    def advice(self) -> str:
        invented = (self.book.meta.get("ausgabe") or {}).get("muster", "")
        return f"{invented} {ADVICE[self.edition.status]}".strip()

    @property
    def pdf_size(self) -> str:
        """' (1,2 MB)' where the file is there, else ''."""
        return f" ({self.pdf_bytes / 1e6:.1f} MB)".replace(".", ",") if self.pdf_bytes else ""

    @cached_property
    def groups(self) -> list[tuple[str, list[Document]]]:
        """Chapters by part in reading order, without the opening page; appendices under *Anhang*."""
        rest = [document for document in self.book.documents if document.kind != "index"]

        def title(document):
            return "Anhang" if document.kind == "appendix" else document.part

        return [(name, list(documents)) for name, documents in groupby(rest, key=title)]

    @property
    def footer(self) -> list[Document]:
        return [document for name in LEGAL for document in self.book.documents if document.stem == name]

    @property
    def has_lists(self) -> bool:
        return bool(self.book.floats)


@cache
def templates() -> jinja2.Environment:
    """The page frames; everything put into them is escaped."""
    loader = jinja2.FileSystemLoader(EXTENSION / "html" / "templates")
    return jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )


def way_up(path: str) -> str:
    """Way from a page to the book's folder: '' or '../../'."""
    return "../" * path.count("/")
