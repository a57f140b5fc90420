"""Indicator sheets and the list of sources: what a figure means, where it comes from, where its limits are.

One entry per indicator the book uses, identifier ``ind-<id>``. Not in here: the short rows at a chapter's end
(``findings``), which link to these entries.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kreisbericht import findings, store
from kreisbericht.appendix.usage import list_chapters
from kreisbericht.catalogue import TOPICS, Indicator, load_catalogue
from kreisbericht.errors import ParameterError
from kreisbericht.numbers import format_date, format_years
from kreisbericht.output import Printer, escape, make_id
from kreisbericht.package import LICENCES
from kreisbericht.regions import load_outlines
from kreisbericht.scope import Scope

ALL_FILES = "Alle Zahlen dieses Berichts stehen als Dateien (CSV, XLSX) auf seiner Seite im Netz."
TOPIC_TITLES = {
    "bevoelkerung": "Bevölkerung",
    "familie": "Familie und Kindertagesbetreuung",
    "bildung": "Bildung",
    "arbeit": "Arbeit",
    "einkommen": "Einkommen und Schulden",
    "sozialleistungen": "Soziale Leistungen",
    "wohnen": "Wohnen",
    "gesundheit": "Gesundheit",
    "pflege": "Pflege",
    "infrastruktur": "Versorgung und Erreichbarkeit",
    "finanzen": "Kommunale Finanzen",
}


def sheet_id(indicator_id: str) -> str:
    """Identifier of an indicator's entry: ``ind-kinderarmut-u15``."""
    return make_id("ind", indicator_id)


def print_sheets(printer: Printer, scope: Scope, usage: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """All entries, grouped by topic, and what the breaks in their series are."""
    used, blocks = _used(usage), []
    chapters = list_chapters(usage)
    for topic in TOPICS:
        entries = [entry for entry in used if entry.topic == topic]
        if entries:
            blocks.append(_heading(printer, TOPIC_TITLES[topic], f"sec-indikatoren-{topic}"))
        for entry in entries:
            blocks += _sheet(printer, scope, entry, chapters[entry.id])
    return [*blocks, *_breaks(printer, scope, used)]


def print_sources(printer: Printer, scope: Scope, usage: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Credit lines of everything the book uses, grouped by work, then its maps, and the licences they are under."""
    used = _used(usage)
    blocks = []
    for work in sorted({entry.work for entry in used}):
        credits = sorted({entry.credit.rstrip(".") for entry in used if entry.work == work})
        blocks.append("\n".join([f"**{escape(work)}**", "", *(f"- {escape(credit)}" for credit in credits)]))
    maps = "\n".join(f"- {escape(credit)}" for credit in _map_credits(scope.home.ags))
    licences = sorted({entry.licence for entry in used})
    listed = [(name, LICENCES[name]) for name in licences if name in LICENCES]
    terms = [f"- {escape(name)}: {escape(entry['title'])}, <{entry['path']}>" for name, entry in listed]
    blocks += [_heading(printer, "Karten", "sec-quellen-karten"), maps] if maps else []
    blocks += [printer.box("alle-daten", ALL_FILES)] if printer.is_book else []
    return [*blocks, _heading(printer, "Lizenzen der Daten", "sec-quellen-lizenzen"), "\n".join(terms)]


def _map_credits(ags: str) -> list[str]:
    """Credit lines of the outlines that maps of this district may draw."""
    credits = []
    for name in ("kreise", f"kreise_{ags[:2]}", f"gemeinden_{ags}"):
        with contextlib.suppress(ParameterError):
            credits.append(load_outlines(name).credit)
    return sorted(set(credits))


def _used(usage: Mapping[str, Mapping[str, Any]]) -> list[Indicator]:
    """Indicators of the book in catalogue order."""
    names = set(list_chapters(usage))
    return [entry for entry in load_catalogue().values() if entry.id in names]


def _heading(printer: Printer, text: str, name: str) -> str:
    return f"## {escape(text)} {{#{name}}}" if printer.is_book else f"## {escape(text)}"


def _sheet(printer: Printer, scope: Scope, entry: Indicator, chapters: Sequence[str]) -> list[str]:
    attributes = f" {{#{sheet_id(entry.id)} .unnumbered .unlisted}}" if printer.is_book else ""
    heading = f"### {escape(entry.title)}{attributes}"
    measure = [
        ("Formel", findings.formula(entry)),
        ("Einheit", entry.unit),
        ("Bezug", entry.reference),
        ("Werte", _years(scope, entry)),
        ("Brüche", _break_years(scope, entry)),
        ("Wertung", {1: "mehr ist günstiger", -1: "weniger ist günstiger", 0: "keine"}[entry.polarity]),
    ]
    origin = [
        ("Grenzen", " ".join(part.strip() for part in (entry.limits, entry.note) if part)),
        ("Quelle", f"{entry.credit.rstrip('.')}{_as_of(entry)}"),
    ]
    lines = [_facts(measure), _facts(origin)]
    if printer.is_book and any(chapters):
        lines[1] += f" *Verwendet in* {', '.join(f'@{name}' for name in chapters if name)}."
    return [heading, escape(entry.definition), printer.box("quelle", *lines)]


def _facts(items: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"*{name}:* {escape(value.rstrip('.'))}." for name, value in items if value)


def _years(scope: Scope, entry: Indicator) -> str:
    years = [year for year in store.years(entry.id, scope.home.ags) if year <= scope.until]
    return f"{format_years(years)} ({scope.home})" if years else f"keine ({scope.home})"


def _as_of(entry: Indicator) -> str:
    return f", Stand {format_date(entry.as_of)}" if entry.as_of and entry.as_of not in entry.credit else ""


def _break_years(scope: Scope, entry: Indicator) -> str:
    return ", ".join(f"ab {year} {event}" for year, event in scope.breaks(entry))


def _breaks(printer: Printer, scope: Scope, used: Iterable[Indicator]) -> list[str]:
    """Each event once with its explanation; the sheets name only year and event."""
    found: dict[tuple[int, str], str] = {}
    for entry in used:
        for item in entry.breaks_for(scope.home.ags):
            if item.year <= scope.until:
                found.setdefault((item.year, item.event), item.note)
    if not found:
        return []
    events = sorted(found.items())
    lines = [f"- **Ab {year} {escape(event)}:** {escape(note)}" for (year, event), note in events]
    return [_heading(printer, "Brüche in den Reihen", "sec-indikatoren-brueche"), "\n".join(lines)]
