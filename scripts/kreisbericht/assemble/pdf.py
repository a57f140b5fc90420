"""The PDF: a linked book becomes one Typst file, and that an accessible PDF (PDF/UA-1, PDF/A-2a).

Layout is in ``_extensions/kreisbericht/typst``, the translation of the chapters in ``typst.lua``; Quarto uses both too.
Not in here: numbering and references (``markdown``), what a finished PDF must have (``check.pdf``).
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
from pathlib import Path

from kreisbericht.assemble import enclosures
from kreisbericht.assemble.cover import draw_cover
from kreisbericht.assemble.markdown import Book, Document
from kreisbericht.assemble.pandoc import elements, run_pandoc, set_attribute, text_inlines
from kreisbericht.assemble.print_pictures import FOLDER, write_print_pictures
from kreisbericht.editions import Edition
from kreisbericht.errors import RenderError
from kreisbericht.fonts import font_files, font_folder
from kreisbericht.paths import ROOT, write_atomically
from kreisbericht.tokens import tokens_file

EXTENSION = ROOT / "_extensions" / "kreisbericht"
STANDARDS = ["ua-1", "a-2a"]
TYPST_FILE = "_buch.typ"
COVER_FILE = "_umschlag.svg"
COVER_WORDS = "_umschlag.json"
FONT_FOLDER = "_druck"
TOKENS_FILE = Path("_extensions/kreisbericht/tokens.json")
CHAPTER_MARK = re.compile(r"^// Kapitel: (.+)$")


def write_pdf(book: Book, target: Path, *, files: Path, edition: Edition) -> Path:
    """Typeset the book and write it to ``target``; an old file stays until the new one is complete.

    Parameters
    ----------
    book
        Linked by ``markdown.link_book(…, single_file=True)``.
    files
        Staging folder: picture paths of the chapters are relative to it. Typst reads nothing outside.
    edition
        Version, year, cut-off and status printed on cover, running heads and Impressum.

    Raises
    ------
    RenderError
        If Typst refuses the book; the message names the chapter and the likely cause.
    """
    source = write_typst(book, files, edition)
    write_atomically(target, pack_pdf(compile_typst(source, root=files, timestamp=_timestamp(edition))))
    return target


def write_typst(book: Book, files: Path, edition: Edition) -> Path:
    """The whole linked book as ``_buch.typ`` in the staging folder, with the files the template reads."""
    write_atomically(files / TOKENS_FILE, tokens_file().read_bytes())
    write_print_pictures(files)
    meta = _metadata(book, files, edition) | {"beilagen": {"t": "MetaString", "c": str(files / enclosures.FILE)}}
    tree = {**book.documents[0].ast, "blocks": _join_chapters(book, files), "meta": meta}
    filters = [f"--lua-filter={EXTENSION / name}" for name in ("glossar.lua", "typst.lua")]
    arguments = ["-f", "json", "-t", "typst", "--wrap=none", f"--template={EXTENSION / 'typst' / 'book.template'}"]
    arguments += filters
    text = run_pandoc(arguments, json.dumps(tree), reads=[files / enclosures.FILE])
    write_atomically(files / TYPST_FILE, text)
    return files / TYPST_FILE


def prepare_print(root: Path, ags: str) -> None:
    """What Quarto's Typst run finds in a project: the fonts (``_druck/``), charts, the cover picture and its words."""
    write_print_pictures(root)
    for file in font_files():
        if not (root / FONT_FOLDER / file.name).exists():
            write_atomically(root / FONT_FOLDER / file.name, file.read_bytes())
    values = write_cover(ags, root)
    if values:
        write_atomically(root / COVER_WORDS, json.dumps(values, ensure_ascii=False, indent=1) + "\n")


def write_cover(ags: str, files: Path) -> dict[str, str]:
    """Draw ``_umschlag.svg``; returns ``datei``, ``alt`` and ``text`` (credit), or nothing without outlines."""
    picture = draw_cover(ags)
    if picture is None:
        return {}
    write_atomically(files / COVER_FILE, picture.svg)
    return {"datei": COVER_FILE, "alt": picture.alt, "text": picture.credit}


def compile_typst(source: Path, *, root: Path, timestamp: int | None = None) -> bytes:
    """Compile a Typst file with the report's own fonts; the same bytes on every machine.

    Raises
    ------
    RenderError
        In German, with the chapter the error comes from.
    """
    import typst

    folders = [str(font_folder("Sans")), str(font_folder("Serif"))]
    try:
        return typst.compile(
            str(source),
            root=str(root),
            font_paths=folders,
            ignore_system_fonts=True,
            pdf_standards=STANDARDS,
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        raise RenderError(_explain(error, source)) from error


def pack_pdf(made: bytes) -> bytes:
    """The same PDF with its structure tree and other small objects compressed (object streams, PDF 1.5).

    Typst writes each of them by itself, which is half of a book of many tables. The same bytes give the same bytes.
    """
    import pikepdf

    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as pdf:
        pdf.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return packed.getvalue()


def _timestamp(edition: Edition) -> int:
    """Seconds since 1970 of the date in the file: ``SOURCE_DATE_EPOCH``, else the data cut-off."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    return int(dt.datetime.combine(edition.datenstand, dt.time(12), dt.UTC).timestamp())


def _join_chapters(book: Book, files: Path) -> list[dict]:
    """All blocks in a row; each chapter's heading says where it comes from and which part it opens."""
    blocks: list[dict] = []
    part = ""
    for document in book.documents:
        attr = document.ast["blocks"][0]["c"][1]
        set_attribute(attr, "kapitel", document.source or document.path)
        opens = "Anhang" if document.kind == "appendix" else document.part
        if opens and opens != part:
            set_attribute(attr, "teil", opens)
        part = opens
        _choose_drawings(document, files)
        blocks += document.ast["blocks"]
    return blocks


def _choose_drawings(document: Document, files: Path) -> None:
    """Each picture in the form for print, if it has one, and without the one for phones."""
    for image in elements(document.ast["blocks"], "Image"):
        image["c"][0][2] = [[key, value] for key, value in image["c"][0][2] if key in ("alt", "breite", "hoehe")]
        if (files / FOLDER / image["c"][2][0]).is_file():
            image["c"][2][0] = (FOLDER / image["c"][2][0]).as_posix()


def _metadata(book: Book, files: Path, edition: Edition) -> dict:
    block = book.meta.get("ausgabe") or {}
    kreis = block.get("kreis") or {}
    values = {
        "kreis": {"name": _words(kreis.get("name", ""))},
        "version": _string(edition.version),
        "berichtsjahr": _string(edition.berichtsjahr),
        "datenstand": _string(edition.datenstand.isoformat()),
        "status": _string(edition.status),
        "beschluss": _string(edition.beschluss.isoformat() if edition.beschluss else ""),
        "vorlage": _string(edition.vorlage),
        "muster": _words(block.get("muster") or ""),
        "kontakt": _words(block.get("kontakt") or ""),
        "logo": _string(block.get("logo") or ""),
        "adresse": _words(block.get("adresse") or ""),
        "umschlag": _cover(kreis.get("ags"), files),
    }
    return {
        "title": _words(book.title),
        "subtitle": _words(book.subtitle),
        "herausgeber": _string(book.author),
        "date": _string((book.meta.get("book") or {}).get("date") or ""),
        "lang": _string(book.lang.partition("-")[0]),
        "ausgabe": _mapping(values),
    }


def _cover(ags: str | None, files: Path) -> dict:
    values = write_cover(str(ags), files) if ags else {}
    return {key: _words(value) if key == "text" else _string(value) for key, value in values.items()}


def _mapping(values: dict) -> dict:
    """Pandoc metadata; what is empty is left out, so that the template's conditions see nothing."""
    inner = {
        key: _mapping(value) if isinstance(value, dict) and "t" not in value else value for key, value in values.items()
    }
    return {"t": "MetaMap", "c": {key: value for key, value in inner.items() if value["c"]}}


def _words(text: object) -> dict:
    """Text for the page, escaped by pandoc."""
    return {"t": "MetaInlines", "c": text_inlines(str(text)) if text else []}


def _string(text: object) -> dict:
    """Text inside a Typst string, where other characters need escaping."""
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return {"t": "MetaInlines", "c": [{"t": "RawInline", "c": ["typst", escaped]}] if escaped else []}


def _explain(error: Exception, source: Path) -> str:
    words = str(getattr(error, "message", "") or error).strip()
    chapter = _find_chapter(error, source)
    where = f"{chapter} (PDF)" if chapter else "PDF"
    return (
        f"{where}: Typst setzt das Buch nicht: {words}. {_likely_cause(words)} "
        f"Die Zwischendatei liegt in {source}; die letzte gute Ausgabe ist unverändert."
    )


def _likely_cause(words: str) -> str:
    lower = words.lower()
    if "alt" in lower or "alternative" in lower:
        return "Vermutlich fehlt einem Bild der Alternativtext (fig-alt). Bitte ergänzen."
    if "label" in lower or "verweisziel" in lower:
        return "Vermutlich zeigt ein Verweis auf eine Abbildung, Tabelle oder einen Abschnitt, die es nicht gibt."
    if "file not found" in lower or "failed to load" in lower or "svg" in lower:
        return "Vermutlich fehlt eine Bilddatei oder sie ist beschädigt. Bitte das Kapitel neu rechnen."
    if "font" in lower:
        return "Vermutlich fehlt eine Schrift. Bitte die Umgebung neu einrichten: pip install -r requirements.txt."
    if "heading" in lower:
        return "Vermutlich überspringt das Kapitel eine Überschriftenebene (## fehlt vor ###)."
    return "Vermutlich enthält das Kapitel etwas, das die Druckfassung nicht kennt."


def _find_chapter(error: Exception, source: Path) -> str:
    """Chapter that the error's diagnostic points to (a line of the book or a picture in it), or ''."""
    found = re.search(r"┌─ (?P<file>.+?):(?P<line>\d+):\d+", str(getattr(error, "diagnostic", "")))
    if not found:
        return ""
    lines = source.read_text(encoding="utf-8").split("\n")
    end = int(found["line"])
    if (file := Path(found["file"]).name) != source.name:
        end = next((number for number, line in enumerate(lines, start=1) if file in line), 0)
    marks = [mark[1] for line in lines[:end] if (mark := CHAPTER_MARK.match(line))]
    return marks[-1] if marks else ""
