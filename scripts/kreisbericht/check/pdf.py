"""Checks of a finished PDF, whoever assembled it: standards, title, language, alternative texts, fonts, size.

It reads what the file declares and contains. Not in here: the pages' look, and a full validation (veraPDF).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

A4_POINTS = (595.28, 841.89)
MAX_MEGABYTES = 8
UNRESOLVED = re.compile(r"\?\??(?:fig|tbl|sec|eq)-[\w-]+|@(?:fig|tbl|sec)-[\w-]+|\{\{<")
_REQUIRED = {
    "pdfuaid:part": ("1", "PDF/UA-1"),
    "pdfaid:part": ("2", "PDF/A-2"),
    "pdfaid:conformance": ("A", "PDF/A-2a"),
}


def check_pdf(path: Path, *, max_megabytes: float = MAX_MEGABYTES) -> list[str]:
    """What is wrong with a PDF, in German, one sentence per finding; an empty list is a good book.

    ``max_megabytes`` [MB] is a wish of readers, not a standard: publishing warns instead.
    """
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            return list(_findings(pdf, path, max_megabytes))
    except pikepdf.PdfError as error:
        return [f"Die Datei lässt sich nicht lesen: {error}."]


def figure_texts(path: Path) -> list[str]:
    """Alternative texts of all figures in reading order ('' where one is missing)."""
    import pikepdf

    with pikepdf.open(path) as pdf:
        return [str(element.get("/Alt", "")) for element in structure(pdf) if element.get("/S") == "/Figure"]


def structure(pdf) -> Iterator:
    """All elements of the structure tree, in reading order."""
    root = pdf.Root.get("/StructTreeRoot")
    stack = [] if root is None else _children(root)[::-1]
    while stack:
        element = stack.pop()
        yield element
        stack += _children(element)[::-1]


def _children(element) -> list:
    import pikepdf

    kids = element.get("/K", [])
    kids = kids if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _findings(pdf, path: Path, limit: float) -> Iterator[str]:
    with pdf.open_metadata() as metadata:
        for key, (wanted, name) in _REQUIRED.items():
            if str(metadata.get(key, "")) != wanted:
                yield f"Die Datei erklärt sich nicht zu {name} ({key} ist '{metadata.get(key, '')}')."
        if not str(metadata.get("dc:title", "")).strip():
            yield "Der Titel fehlt in den Angaben zur Datei."
    yield from _document_findings(pdf)
    yield from _structure_findings(pdf)
    yield from _page_findings(pdf)
    megabytes = path.stat().st_size / 1e6
    if megabytes > limit:
        yield f"Die Datei hat {megabytes:.1f} MB; vorgesehen sind höchstens {limit} MB.".replace(".", ",", 1)


def _document_findings(pdf) -> Iterator[str]:
    root = pdf.Root
    if not str(root.get("/Lang", "")).lower().startswith("de"):
        yield f"Die Sprache ist nicht Deutsch, sondern '{root.get('/Lang', '')}'."
    if not root.get("/MarkInfo", {}).get("/Marked", False):
        yield "Die Datei ist nicht ausgezeichnet (Marked): Vorleseprogramme kennen die Reihenfolge nicht."
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "Das Fenster zeigt den Dateinamen statt des Titels (DisplayDocTitle)."
    if root.get("/Outlines", {}).get("/First") is None:
        yield "Die Lesezeichen fehlen."


def _structure_findings(pdf) -> Iterator[str]:
    level = 0
    for element in structure(pdf):
        kind = str(element.get("/S"))
        if kind in ("/Figure", "/Formula") and not str(element.get("/Alt", "")).strip():
            yield f"Seite {_page_number(pdf, element)}: Eine Abbildung hat keinen Alternativtext."
        elif re.fullmatch(r"/H[1-6]", kind):
            if int(kind[2]) > level + 1:
                yield f"Seite {_page_number(pdf, element)}: Eine Überschrift überspringt eine Ebene ({kind[1:]})."
            level = int(kind[2])
        elif kind == "/Table" and not any(str(cell.get("/S")) == "/TH" for cell in _below(element)):
            yield f"Seite {_page_number(pdf, element)}: Eine Tabelle hat keine Kopfzellen."


def _below(element) -> Iterator:
    for child in _children(element):
        yield child
        yield from _below(child)


def _page_number(pdf, element) -> str:
    page = element.get("/Pg") or next((e.get("/Pg") for e in _below(element) if e.get("/Pg") is not None), None)
    numbers = {p.objgen: n for n, p in enumerate(pdf.pages, start=1)}
    return str(numbers.get(page.objgen, "?")) if page is not None else "?"


def _page_findings(pdf) -> Iterator[str]:
    fonts: dict[str, bool] = {}
    for number, page in enumerate(pdf.pages, start=1):
        left, bottom, right, top = (float(value) for value in page.mediabox)
        if abs(right - left - A4_POINTS[0]) > 1 or abs(top - bottom - A4_POINTS[1]) > 1:
            yield f"Seite {number}: Das Format ist nicht A4."
        for font in page.resources.get("/Font", {}).values():
            fonts[str(font.get("/BaseFont", "?"))] = _is_embedded(font)
    for name in sorted(name for name, embedded in fonts.items() if not embedded):
        yield f"Die Schrift {name[1:]} ist nicht eingebettet."
    for title in _outline_titles(pdf):
        if UNRESOLVED.search(title):
            yield f"Im Lesezeichen '{title}' steht ein unaufgelöster Verweis."
    yield from _unresolved(pdf)


def _is_embedded(font) -> bool:
    descendants = font.get("/DescendantFonts")
    descriptor = (descendants[0] if descendants is not None else font).get("/FontDescriptor", {})
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _outline_titles(pdf) -> Iterator[str]:
    stack = [pdf.Root.get("/Outlines", {}).get("/First")]
    while stack:
        item = stack.pop()
        if item is not None:
            yield str(item.get("/Title", ""))
            stack += [item.get("/Next"), item.get("/First")]


def _unresolved(pdf) -> Iterator[str]:
    """References printed as their key; the words come from the fonts' own tables, page by page."""
    from kreisbericht.check.pdftext import page_text

    for number, page in enumerate(pdf.pages, start=1):
        for key in sorted(set(UNRESOLVED.findall(page_text(page)))):
            yield f"Seite {number}: Der Verweis '{key}' ist nicht aufgelöst."
