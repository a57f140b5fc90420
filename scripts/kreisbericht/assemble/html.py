"""The HTML book of one edition: a page per chapter, the opening page, the lists, assets and the search index.

pandoc turns a chapter's tree into the text of a page (``html.lua`` makes it semantic), Jinja2 templates frame it.
Not in here: numbering and references (``markdown``), the site above the editions (``site``).
"""

from __future__ import annotations

import copy
import json
import posixpath
import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jinja2

from kreisbericht.assemble import enclosures, search
from kreisbericht.assemble.extracts import finding, page_sections, resources
from kreisbericht.assemble.listing import LEGAL, describe_edition
from kreisbericht.assemble.markdown import FLOAT_KINDS, Book, Document
from kreisbericht.assemble.opening import opening_figures
from kreisbericht.assemble.outline_map import draw_map, load_cover_outlines
from kreisbericht.assemble.pandoc import elements, run_pandoc
from kreisbericht.editions import Edition
from kreisbericht.errors import ParameterError, RenderError
from kreisbericht.fonts import write_webfonts
from kreisbericht.paths import ROOT, write_atomically
from kreisbericht.regions import find_region
from kreisbericht.tokens import css_variables

EXTENSION = ROOT / "_extensions" / "kreisbericht"
PANDOC = ["-f", "json", "-t", "html5", "--mathml", "--wrap=none", "--syntax-highlighting=none"]
FILTERS = [f"--lua-filter={EXTENSION / name}" for name in ("glossar.lua", "html.lua")]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'none'; base-uri 'none'"
)
REVIEW_SCRIPTS = ("review.js", "review-anchors.js", "review-notes.js", "review-cards.js", "review-page.js")
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
    archive = _copy_archive(files, target)
    write_assets(target / "assets")
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        bodies = list(pool.map(lambda document: convert_document(document, files), book.documents))
    pdf = pdf.result() if isinstance(pdf, Future) else pdf
    size = pdf.stat().st_size if pdf and pdf.is_file() else 0
    frame = Frame(book, edition, pdf.name if pdf else "", size, archive)
    if frame.logo:
        write_atomically(target / frame.logo, (files / book.meta["ausgabe"]["logo"]).read_bytes())
    pages = []
    for document, body in zip(book.documents, bodies, strict=True):
        write = _write_opening if document.kind == "index" else _write_chapter
        pages.append(write(frame, document, body, target))
    if frame.has_lists:
        pages.append(_write_lists(frame, target))
    write_atomically(target / "assets" / "suche-daten.js", search.index_script(book))
    describe_edition(target, meta=book.meta, edition=edition, pdf=frame.pdf)
    return pages


def convert_document(document: Document, files: Path) -> str:
    """The text of one page as HTML5; pure: the same tree and ``_beilagen.json`` in ``files`` give the same text.

    On the opening page the book's title is the first heading, so the text's own headings step down by one.
    """
    tree = _lower_headings(document.ast) if document.kind == "index" else document.ast
    known = {"beilagen": str(files / enclosures.FILE), "seite": document.path, "wurzel": _way_up(document.path)}
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


def copy_resources(book: Book, files: Path, target: Path) -> None:
    """Copy the pictures and downloads the chapters name beside their pages.

    Raises
    ------
    RenderError
        If one is missing or lies outside ``files``.
    """
    root = files.resolve()
    for document in book.documents:
        for address in resources(document):
            if urlsplit(address).scheme:
                continue
            relative = posixpath.join(posixpath.dirname(document.path), unquote(urlsplit(address).path))
            source = (root / relative).resolve()
            if not source.is_relative_to(root) or not source.is_file():
                raise RenderError(
                    f"{document.source or document.path}: Die Datei '{address}' gibt es im Projekt nicht. Bitte den "
                    "Pfad berichtigen oder das Kapitel neu rechnen; die letzte gute Ausgabe ist unverändert."
                )
            placed = target / source.relative_to(root)
            placed.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, placed)


def _copy_archive(files: Path, target: Path) -> dict:
    """Put the archive of all figures beside the pages that link it; what ``_beilagen.json`` says of it."""
    listed = files / enclosures.FILE
    archive = json.loads(listed.read_text(encoding="utf-8")).get("daten", {}) if listed.is_file() else {}
    if archive:
        write_atomically(target / archive["datei"], (files / archive["datei"]).read_bytes())
    return archive


def write_assets(folder: Path) -> None:
    """Style, scripts, icon and fonts: everything a page needs, nothing from another host."""
    source = EXTENSION / "html"
    styles = ((source / name).read_text(encoding="utf-8") for name in ("voice.css", "frame.css", "review.css"))
    style = css_variables() + "".join(styles).replace("../fonts/", "")
    write_atomically(folder / "kreisbericht.css", style)
    for name in ("theme.js", "page.js", "tools.js", "search.js", "site.js", "marke.svg", *REVIEW_SCRIPTS):
        write_atomically(folder / name, (source / name).read_bytes())
    library = (source / "vendor" / "minisearch.js").read_text(encoding="utf-8")
    write_atomically(folder / "minisearch.js", library.replace("//# sourceMappingURL=index.js.map\n", ""))
    write_atomically(folder / "minisearch.LICENSE.txt", (source / "vendor" / "minisearch.LICENSE.txt").read_bytes())
    write_webfonts(folder)


@cache
def templates() -> jinja2.Environment:
    """The page frames; everything put into them is escaped."""
    loader = jinja2.FileSystemLoader(EXTENSION / "html" / "templates")
    return jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )


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
        cover=_write_cover(frame, target),
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
    root = _way_up(path)

    def link(document, anchor=""):
        return f"{root}{document.path}.html" + (f"#{anchor}" if anchor else "")

    text = templates().get_template(template).render(
        frame=frame, book=frame.book, edition=frame.edition, root=root, path=path, link=link, policy=POLICY,
        lists_page=LISTS_PAGE, **context,
    )  # fmt: skip
    write_atomically(target / path, text)
    return target / path


def _way_up(path: str) -> str:
    """Way from a page to the book's folder: '' or '../../'."""
    return "../" * path.count("/")


def _write_cover(frame: Frame, target: Path) -> dict | None:
    """Draw the district's outline; None where no outline is kept."""
    ags = str(frame.district["ags"])
    found = load_cover_outlines(ags) if ags else None
    if found is None:
        return None
    outlines, name = found
    svg, width, height = draw_map(outlines, marked={ags}, cover=True)
    write_atomically(target / "assets" / "umschlag.svg", svg)
    return {
        "width": width,
        "height": height,
        "alt": _cover_alt(ags, name, len(outlines.rings)),
        "credit": outlines.credit,
    }


def _cover_alt(ags: str, outlines: str, areas: int) -> str:
    try:
        region = find_region(ags)
    except ParameterError:
        return "Umrisskarte"
    if outlines.startswith("gemeinden"):
        return f"Umriss {region.of_phrase} mit seinen {areas} Gemeinden."
    where = region.land.name if region.land and not outlines.endswith("kreise") else "Deutschland"
    return f"Karte der Kreise in {where}; hervorgehoben: {region.name}."
