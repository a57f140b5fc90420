"""The whole book as numbered, cross-referenced syntax trees; the same for HTML and PDF.

``read_book`` parses every chapter, ``number_book`` counts chapters, sections, figures and tables as Quarto does, and
``link_book`` turns ``@fig-…`` and links between chapters into links. A reference that leads nowhere is an error.
Not in here: how a page looks.
"""

from __future__ import annotations

import copy
import pickle
import string
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kreisbericht.assemble.pandoc import attribute, elements, parse_markdown, plain, set_attribute
from kreisbericht.assemble.sources import load_context, read_chapter
from kreisbericht.book import BookPlan, Entry
from kreisbericht.errors import RenderError

FLOAT_KINDS = {"fig": "Abbildung", "tbl": "Tabelle"}
NUMBER_DEPTH = 2


@dataclass(frozen=True)
class Heading:
    """A heading: ``number`` is '' where it carries none."""

    level: int
    id: str
    number: str
    text: str


@dataclass(frozen=True)
class Float:
    """A numbered figure or table: ``kind`` fig or tbl, ``number`` such as '4.1', ``title`` without the subtitle."""

    kind: str
    id: str
    number: str
    title: str


@dataclass
class Document:
    """One chapter. ``path`` has no ending ('chapters/daten/kinderarmut'), ``number`` is '4', 'A' or ''."""

    stem: str
    path: str
    kind: str
    part: str
    title: str
    ast: dict
    source: str = ""
    number: str = ""
    headings: list[Heading] = field(default_factory=list)
    floats: list[Float] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Identifier of the chapter's own heading."""
        return self.headings[0].id


@dataclass
class Book:
    """Every chapter in reading order, with the merged metadata of ``_quarto.yml`` and the edition."""

    meta: dict
    documents: list[Document]
    root: Path = Path()

    @property
    def title(self) -> str:
        return str(self.meta["book"]["title"])

    @property
    def subtitle(self) -> str:
        return str(self.meta["book"].get("subtitle") or "")

    @property
    def author(self) -> str:
        return str(self.meta["book"].get("author") or "")

    @property
    def lang(self) -> str:
        return str(self.meta.get("lang") or "de")

    @property
    def parts(self) -> list[str]:
        """Titles of the parts, in order."""
        return list(dict.fromkeys(d.part for d in self.documents if d.part))

    @property
    def floats(self) -> list[tuple[Document, Float]]:
        return [(document, item) for document in self.documents for item in document.floats]


def read_book(root: Path, plan: BookPlan) -> Book:
    """Parse and number every chapter of ``plan`` below ``root`` (a project or a staging folder).

    Raises
    ------
    RenderError
        If a chapter leaves the supported subset, lacks its title, or two things share an id.
    """
    context = load_context(root, plan.meta)
    with ThreadPoolExecutor(max_workers=4) as pool:
        documents = list(pool.map(lambda entry: _read_document(root, entry, context), plan.entries))
    book = Book(plan.meta, documents, root)
    number_book(book)
    return book


def number_book(book: Book) -> None:
    """Give chapters, sections, figures and tables their numbers, in place."""
    chapter = appendix = 0
    seen: dict[str, str] = {}
    for document in book.documents:
        unnumbered = "unnumbered" in _first_heading(document)["c"][1][1]
        if document.kind == "chapter" and not unnumbered:
            chapter += 1
            document.number = str(chapter)
        elif document.kind == "appendix" and not unnumbered:
            document.number = string.ascii_uppercase[appendix]
            appendix += 1
        _number_headings(document)
        _number_floats(document)
        _refuse_double_ids(document, seen)


def link_book(book: Book, *, single_file: bool) -> Book:
    """A copy of the book whose references are links.

    ``single_file=False``: to pages (``../methoden.html#sec-x``), as the HTML book has them. ``single_file=True``: to
    anchors of one document; picture paths then start at the project folder and repeated ids carry the chapter's name.

    Raises
    ------
    RenderError
        Naming every reference or link that leads nowhere, and every missing picture or file.
    """
    from kreisbericht.assemble.references import Linker

    linked = Book(book.meta, [copy.copy(document) for document in book.documents], book.root)
    linker = Linker(linked, single_file=single_file)
    for document in linked.documents:
        document.ast = pickle.loads(pickle.dumps(document.ast))  # several times faster than a deep copy
        linker.link(document)
    if linker.problems:
        raise RenderError(
            f"{len(linker.problems)} Verweise führen ins Leere: "
            + "; ".join(linker.problems[:5])
            + (" …" if len(linker.problems) > 5 else "")
            + ". Bitte den Verweis oder sein Ziel berichtigen; die letzte gute Ausgabe ist unverändert."
        )
    return linked


def _read_document(root: Path, entry: Entry, context) -> Document:
    tree = parse_markdown(read_chapter(root / entry.source, context))
    for math in elements(tree["blocks"], "Math"):
        raise RenderError(
            f"{entry.source}: Formel '{plain(math)[:40]}': Formeln setzt das Buch als Text, damit Vorleseprogramme sie "
            "lesen. Ein Dollarzeichen schreibt man \\$."
        )
    path = str(Path(entry.source).with_suffix(""))
    document = Document(entry.stem, path, entry.kind, entry.part, "", tree, source=entry.source)
    heading = _first_heading(document)
    document.title = plain(heading["c"][2])
    if any(h["c"][0] == 1 for h in list(elements(tree["blocks"], "Header"))[1:]):
        raise RenderError(f"{entry.source}: Ein Kapitel hat genau eine Überschrift der ersten Ebene (# …).")
    _check_pictures(root, document)
    return document


def _check_pictures(root: Path, document: Document) -> None:
    for image in elements(document.ast["blocks"], "Image"):
        url = image["c"][2][0]
        if urlsplit(url).scheme or not (root / document.source).parent.joinpath(unquote(url)).is_file():
            raise RenderError(
                f"{document.source}: Das Bild '{url}' gibt es nicht. Bilder liegen im Projekt, nicht im Netz; bitte "
                "den Pfad berichtigen. Die letzte gute Ausgabe ist unverändert."
            )


def _first_heading(document: Document) -> dict:
    blocks = document.ast["blocks"]
    if not blocks or blocks[0]["t"] != "Header" or blocks[0]["c"][0] != 1:
        raise RenderError(f"{document.source}: Das Kapitel beginnt nicht mit seinem Titel (# Titel {{#sec-…}}).")
    return blocks[0]


def _number_headings(document: Document) -> None:
    document.headings, counters = [], [0] * 7
    for heading in elements(document.ast["blocks"], "Header"):
        level, attr, inlines = heading["c"]
        number = ""
        if level == 1:
            number = document.number
        elif level <= NUMBER_DEPTH and document.number and "unnumbered" not in attr[1]:
            counters[level] += 1
            counters[level + 1 :] = [0] * (6 - level)
            number = ".".join([document.number, *(str(n) for n in counters[2 : level + 1])])
        if number:
            set_attribute(attr, "number", number)
        document.headings.append(Heading(level, attr[0], number, plain(inlines)))


def _number_floats(document: Document) -> None:
    document.floats, counters = [], dict.fromkeys(FLOAT_KINDS, 0)
    for element in elements(document.ast["blocks"], "Figure", "Table"):
        attr, caption = element["c"][0], element["c"][1][1]
        kind = attr[0].partition("-")[0]
        if kind != {"Figure": "fig", "Table": "tbl"}[element["t"]]:
            continue
        counters[kind] += 1
        number = ".".join(part for part in (document.number, str(counters[kind])) if part)
        set_attribute(attr, "number", number)
        if element["t"] == "Figure":
            _check_alt(element, document)
        document.floats.append(Float(kind, attr[0], number, _float_title(caption)))


def _float_title(caption: list) -> str:
    titles = [span for span in elements(caption, "Span") if "titel" in span["c"][0][1]]
    return plain(titles[0] if titles else caption).strip()


def _check_alt(figure: dict, document: Document) -> None:
    for image in elements(figure["c"][2], "Image"):
        attr = image["c"][0]
        alt = attribute(attr, "fig-alt")
        if not alt:
            raise RenderError(f"{document.source}: Abbildung {figure['c'][0][0]} hat keinen Alternativtext (fig-alt).")
        attr[2] = [[k, v] for k, v in attr[2] if k != "fig-alt"]
        set_attribute(attr, "alt", alt)


def _refuse_double_ids(document: Document, seen: dict[str, str]) -> None:
    here: set[str] = set()
    for name in [*(h.id for h in document.headings), *(f.id for f in document.floats)]:
        other = document.source if name in here else seen.get(name)
        if name and other and (name in here or name.partition("-")[0] in ("fig", "tbl", "sec")):
            raise RenderError(
                f"{document.source}: Die Kennung '{name}' gibt es schon in {other}. Jede Abbildung, Tabelle und jeder "
                "Abschnitt braucht eine eigene; die letzte gute Ausgabe ist unverändert."
            )
        here.add(name)
        seen[name] = document.source
