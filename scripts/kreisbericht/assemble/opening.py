"""Key figures of the opening page: the newest values of the indicators that the book names for it."""

from __future__ import annotations

from kreisbericht import messages
from kreisbericht.assemble.extracts import KeyFigure, key_figures, part_unit
from kreisbericht.assemble.markdown import Book, Document
from kreisbericht.catalogue import find_indicator
from kreisbericht.editions import Edition
from kreisbericht.regions import find_region
from kreisbericht.scope import Scope

MOST = 5


def opening_figures(book: Book, edition: Edition) -> list[tuple[Document, KeyFigure]]:
    """Chapters with one figure each: those under ``ausgabe: umschlag`` (chapter: indicator), then other chapters'.

    Raises
    ------
    ParameterError
        If ``umschlag`` names an indicator that does not exist.
    """
    chapters = {document.stem: document for document in book.documents}
    details = book.meta.get("ausgabe") or {}
    found: dict[str, KeyFigure] = {}
    for stem, indicator in (details.get("umschlag") or {}).items():
        if stem in chapters and (figure := _newest(indicator, str(details["kreis"]["ags"]), edition)):
            found[stem] = figure
    for document in book.documents:
        others = [figure for figure in key_figures(document) if figure not in found.values()]
        if document.stem not in found and others:
            found[document.stem] = others[0]
    return [(chapters[stem], figure) for stem, figure in found.items()][:MOST]


def _newest(indicator: str, ags: str, edition: Edition) -> KeyFigure | None:
    scope = Scope(find_region(ags, "kreis"), edition.berichtsjahr, edition.datenstand)
    message = messages.find_level(scope, find_indicator(indicator))
    return part_unit(message.figure, message.sentence) if message else None
