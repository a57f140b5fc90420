"""Appendix on gaps: questions without a figure (``data/datenluecken.csv``) and indicators without a value here.

A gap closes by itself: it is listed until its indicator has a value from ``ab_jahr`` on (or at all) in this district.
Not in here: how a table is fetched or a template imported.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kreisbericht import lineage, paths, store
from kreisbericht.appendix.sheets import TOPIC_TITLES
from kreisbericht.appendix.usage import list_chapters
from kreisbericht.catalogue import Indicator, load_catalogue
from kreisbericht.errors import DataError
from kreisbericht.output import Printer, escape
from kreisbericht.scope import Scope

COLUMNS = (
    "id", "frage", "grund", "herausgeber", "tabelle", "weg", "vorlage", "indikator", "ab_jahr", "ags", "kapitel"
)  # fmt: skip
WAYS = {
    "abruf": "Die Zahl ist veröffentlicht und kann eingelesen werden",
    "anfrage": "Die Zahl ist nur auf Anfrage oder gar nicht zu haben",
    "vorlage": "Die Zahl hat der Kreis selbst",
}
OLD_AFTER = 3  # years before the report year from which a series counts as old


@dataclass(frozen=True)
class Gap:
    """One question without a figure; attributes as the columns of ``datenluecken.csv``."""

    id: str
    question: str
    reason: str
    publisher: str
    table: str
    way: str
    template: str
    chapter: str


def find_gaps(scope: Scope) -> list[Gap]:
    """Open gaps of this district and edition, in the order of the file.

    Raises
    ------
    DataError
        If the file has lost a column or a row names an unknown way.
    """
    found = []
    for number, row in enumerate(_read_rows(), start=2):
        if row["weg"] not in WAYS:
            raise DataError(
                f"datenluecken.csv, Zeile {number}: Den Weg '{row['weg']}' gibt es nicht. Möglich: {', '.join(WAYS)}."
            )
        newest = _newest(row["indikator"], scope)
        closed = newest is not None and newest >= int(row["ab_jahr"] or 0)
        if closed or not scope.home.ags.startswith(row["ags"]):
            continue
        found.append(
            Gap(
                row["id"], row["frage"], _reason(row["grund"], newest), row["herausgeber"], row["tabelle"],
                row["weg"], row["vorlage"], row["kapitel"],
            )
        )  # fmt: skip
    return found


def print_gaps(printer: Printer, scope: Scope, usage: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Open questions, grouped by what would fill them."""
    gaps, blocks = find_gaps(scope), []
    for way, title in WAYS.items():
        part = [gap for gap in gaps if gap.way == way]
        if part:
            heading = f"### {escape(title)}" + (" {.unnumbered .unlisted}" if printer.is_book else "")
            blocks += [heading, "\n".join(_line(printer, gap, usage) for gap in part)]
    return blocks or ["Zu allen Fragen dieses Berichts liegen Zahlen vor."]


def print_chapter_gaps(printer: Printer, scope: Scope, chapter: str) -> list[str]:
    """Note of a chapter on what its questions lack and who has it; nothing where nothing is missing."""
    found = [gap for gap in find_gaps(scope) if gap.chapter == chapter]
    said = [f"{gap.question} {gap.reason} {_where(gap)}." for gap in found]
    return [printer.callout("Was die Zahlen nicht zeigen", *said)] if said else []


def print_missing(printer: Printer, scope: Scope, usage: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Indicators of the book without any value in this district, by topic; those for municipalities are left out."""
    missing = [entry for entry in _used(usage) if scope.latest(entry) is None and _is_for_districts(entry)]
    if not missing:
        return [escape(f"Zu jedem Indikator dieses Berichts gibt es {scope.home.in_phrase} mindestens einen Wert.")]
    return [_by_topic(missing, lambda entry: f"{entry.title} ({entry.work})")]


def print_old(printer: Printer, scope: Scope, usage: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Indicators of the book whose newest value is old, oldest first within each topic."""
    newest = {entry.id: scope.latest(entry) for entry in _used(usage)}
    old = [entry for entry in _used(usage) if newest[entry.id] and newest[entry.id] < scope.until - OLD_AFTER]
    if not old:
        return ["Keine Reihe dieses Berichts ist so alt."]
    old.sort(key=lambda entry: newest[entry.id])
    return [_by_topic(old, lambda entry: f"{entry.title} ({newest[entry.id]})")]


def _line(printer: Printer, gap: Gap, usage: Mapping[str, Mapping[str, Any]]) -> str:
    text = f"- **{escape(gap.question)}** {escape(gap.reason)} {escape(_where(gap))}."
    chapter = usage.get(gap.chapter, {}).get("id")
    return f"{text} Siehe @{chapter}." if chapter and printer.is_book else text


def _where(gap: Gap) -> str:
    source = f"Herausgeber: {gap.publisher}" + (f", Tabelle {gap.table}" if gap.table else "")
    return source + (f". Vorlage: data/eigene/vorlagen/{gap.template}" if gap.template else "")


def _by_topic(entries: list[Indicator], describe: Any) -> str:
    lines = []
    for topic, title in TOPIC_TITLES.items():
        part = [describe(entry) for entry in entries if entry.topic == topic]
        if part:
            lines.append(f"- **{escape(title)}:** {escape('; '.join(part))}")
    return "\n".join(lines)


def _used(usage: Mapping[str, Mapping[str, Any]]) -> list[Indicator]:
    names = set(list_chapters(usage))
    return [entry for entry in load_catalogue().values() if entry.id in names]


def _is_for_districts(entry: Indicator) -> bool:
    return store.covers_districts(entry.id)


def _newest(indicator_id: str, scope: Scope) -> int | None:
    """Newest year with a value here; year 0 for own figures that exist, since their file is not in the catalogue."""
    known = load_catalogue()
    if indicator_id in known:
        return scope.latest(known[indicator_id])
    own = paths.data_dir() / "eigene" / "werte" / f"{indicator_id}.csv"
    return 0 if indicator_id and lineage.exists(own) else None


def _reason(text: str, newest: int | None) -> str:
    if "{letztes}" not in text:
        return text
    return text.replace("{letztes}", str(newest)) if newest else "Für diesen Kreis liegt kein Wert vor."


def _read_rows() -> list[dict[str, str]]:
    path = paths.data_dir() / "datenluecken.csv"
    if not lineage.exists(path):
        return []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
        if missing:
            raise DataError(f"{path.name}: Spalte fehlt: {', '.join(missing)}. Bitte die Kopfzeile wiederherstellen.")
        return list(reader)
