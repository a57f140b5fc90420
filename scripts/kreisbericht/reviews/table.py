"""The table of reviews, ``data/rueckmeldungen/<edition>.csv``: every note once, with the planner's answer.

A new merge adds notes and follows a reader's own change; number, status, answer, name and date stay. Not in here: the
readers' files (``files``) and the Abwägungstabelle (``weighing``).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kreisbericht.deliveries.source import decode
from kreisbericht.errors import DataError, nearest
from kreisbericht.paths import REVIEWS, data_dir, write_atomically
from kreisbericht.reviews.model import BLOCKS, KINDS, OPEN, STATES, Entry, Note, Place, clean_line, clean_text
from kreisbericht.schemas import describe_field

COLUMNS = {
    "nr": "Laufende Nummer; sie bleibt", "status": f"Entscheidung: {', '.join(STATES)}",
    "antwort": "Abwägung: Antwort der Sozialplanung", "entschieden_von": "Wer entschieden hat (Stelle, Gremium)",
    "entschieden_am": "Tag der Entscheidung", "art": f"Art: {', '.join(KINDS)}",
    "stellungnahme": "Was angemerkt wurde", "von": "Name oder Dienststelle, freiwillig", "ags": "Schlüssel des Kreises",
    "version": "Version der Ausgabe, die gelesen wurde", "seite": "Seite des Berichts", "kapitel": "Kapitel",
    "abschnitt": "Abschnitt", "anker": "Nächste Sprungmarke", "block": f"Art der Stelle: {', '.join(BLOCKS)}",
    "zitat": "Text der Stelle", "davor": "Text davor", "danach": "Text danach", "erstellt": "Zeit der Anmerkung",
    "geaendert": "Zeit der letzten Änderung", "datei": "Datei, aus der sie kommt", "kennung": "Feste Kennung",
}  # fmt: skip
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


@dataclass
class Merge:
    """Table after a merge, and what happened."""

    entries: list[Entry]
    added: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    """Numbers of notes whose reader changed them."""
    answered_before: list[int] = field(default_factory=list)
    """Those among them that had been decided: their answer should be looked at again."""
    known: int = 0


def table_path(edition: str) -> Path:
    """File of one edition's table."""
    return data_dir() / REVIEWS / f"{edition}.csv"


def reviews_schema() -> dict[str, Any]:
    """Table Schema of the table."""
    kinds = {"nr": "integer", "entschieden_am": "date"}
    limits: dict[str, dict[str, Any]] = {
        "nr": {"required": True, "unique": True}, "kennung": {"required": True, "unique": True},
        "status": {"required": True, "enum": list(STATES)}, "art": {"required": True, "enum": list(KINDS)},
        "block": {"required": True, "enum": list(BLOCKS)}, "stellungnahme": {"required": True},
        "zitat": {"required": True},
    }  # fmt: skip
    fields = [describe_field(name, text, kinds.get(name, "string"), **limits.get(name, {}))
              for name, text in COLUMNS.items()]  # fmt: skip
    return {"fields": fields, "primaryKey": "nr", "missingValues": [""]}


def load_entries(edition: str, ags: str | None = None) -> list[Entry]:
    """Notes of an edition (of one district) by number; empty without a table.

    Raises
    ------
    DataError
        Naming the first mistake with row and column; a spreadsheet's semicolons and encoding are no mistake.
    """
    path = table_path(edition)
    if not path.is_file():
        return []
    text = decode(path.read_bytes(), path.name)
    separator = ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise DataError(f"{path.name}: Die Spalte '{missing[0]}' fehlt. Erwartet werden: {', '.join(COLUMNS)}. {_SAFE}")
    entries = [_read_row(row, number, path.name) for number, row in enumerate(reader, start=2)]
    _refuse_twice(entries, path.name)
    return sorted((entry for entry in entries if ags in (None, entry.ags)), key=lambda entry: entry.number)


def merge_notes(entries: Sequence[Entry], notes: Iterable[Note], ags: str) -> Merge:
    """Known notes keep number and answer, changed ones take the reader's newest text, new ones come last."""
    merge = Merge(list(entries))
    places = {entry.note.id: place for place, entry in enumerate(merge.entries)}
    contents = {entry.note.content: place for place, entry in enumerate(merge.entries) if entry.ags == ags}
    for offered in sorted(notes, key=lambda note: (note.created, note.id)):
        note, place = offered, places.get(offered.id, contents.get(offered.content))
        if place is not None and not _is_same(merge.entries[place], note, ags):
            note, place = replace(note, id=f"{note.id}-{len(places) + 1}"), contents.get(note.content)
        if place is None:
            places[note.id] = contents[note.content] = len(merge.entries)
            merge.added.append(max((entry.number for entry in merge.entries), default=0) + 1)
            merge.entries.append(Entry(merge.added[-1], ags, note))
        else:
            merge.entries[place] = _follow(merge.entries[place], note, merge)
    return merge


def _is_same(old: Entry, note: Note, ags: str) -> bool:
    """Whether a note with the same id is the same reader's; a reader may add a name later."""
    return old.ags == ags and old.note.author in ("", note.author)


def _follow(old: Entry, note: Note, merge: Merge) -> Entry:
    """The entry with the reader's newer text, or as it is."""
    if note.changed <= old.note.changed or (note.text, note.kind) == (old.note.text, old.note.kind):
        merge.known += 1
        return old
    merge.changed.append(old.number)
    merge.answered_before += [old.number] if old.state != OPEN or old.answer else []
    return replace(old, note=replace(note, id=old.note.id))


def save_entries(edition: str, entries: Iterable[Entry]) -> Path:
    """Write the table; cells a spreadsheet would run as a formula begin with an apostrophe."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    for entry in sorted(entries, key=lambda entry: entry.number):
        writer.writerow({name: _guard(text) for name, text in _as_row(entry).items()})
    write_atomically(table_path(edition), buffer.getvalue())
    return table_path(edition)


def read_decision(cells: dict[str, str], where: str) -> tuple[str, str, str, dt.date | None]:
    """Status, answer, decider and day from a row of the table or of the filled Abwägungstabelle.

    Raises
    ------
    DataError
        If the status is unknown, the day is none, or a decision has no answer.
    """
    state = cells["status"].strip().lower() or OPEN
    if state not in STATES:
        raise DataError(
            f"{where}, Spalte 'status': '{state[:40]}' gibt es nicht.{nearest(state, STATES)} Möglich: "
            f"{', '.join(STATES)}. {_SAFE}"
        )
    answer = clean_text(cells["antwort"])
    if state != OPEN and not answer:
        raise DataError(f"{where}, Spalte 'antwort': Zu einer Entscheidung gehört eine Antwort. {_SAFE}")
    return state, answer, clean_line(cells["entschieden_von"]), _read_day(cells["entschieden_am"].strip(), where)


_SAFE = "Bitte berichtigen; es wurde nichts verändert."


def _read_day(text: str, where: str) -> dt.date | None:
    if not text:
        return None
    german = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    try:
        if german:
            return dt.date(int(german[3]), int(german[2]), int(german[1]))
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        shown = f"'{text[:40]}' ist kein Tag (erwartet 2026-03-31 oder 31.03.2026)"
        raise DataError(f"{where}, Spalte 'entschieden_am': {shown}. {_SAFE}") from None


def _read_row(row: dict[str, str | None], number: int, name: str) -> Entry:
    where = f"{name}, Zeile {number}"
    cells = {column: _unguard((row.get(column) or "").strip()) for column in COLUMNS}
    if not cells["nr"].isdigit():
        raise DataError(f"{where}, Spalte 'nr': '{cells['nr'][:40]}' ist keine Nummer. {_SAFE}")
    for column, known in (("art", KINDS), ("block", BLOCKS)):
        if cells[column] not in known:
            raise DataError(
                f"{where}, Spalte '{column}': '{cells[column][:40]}' gibt es nicht.{nearest(cells[column], known)} "
                f"Möglich: {', '.join(known)}. {_SAFE}"
            )
    place = Place(cells["seite"], cells["kapitel"], cells["abschnitt"], cells["anker"], cells["block"], cells["zitat"],
                  cells["davor"], cells["danach"])  # fmt: skip
    note = Note(cells["kennung"], cells["art"], cells["stellungnahme"], cells["von"], cells["version"],
                cells["erstellt"], cells["geaendert"], place, cells["datei"])  # fmt: skip
    return Entry(int(cells["nr"]), cells["ags"], note, *read_decision(cells, where))


def _refuse_twice(entries: Sequence[Entry], name: str) -> None:
    for column, values in (("nr", [e.number for e in entries]), ("kennung", [e.note.id for e in entries])):
        twice = next((value for value in values if values.count(value) > 1), None)
        if twice is not None:
            raise DataError(f"{name}, Spalte '{column}': '{twice}' steht doppelt. {_SAFE}")


def _as_row(entry: Entry) -> dict[str, str]:
    note, place = entry.note, entry.note.place
    return {
        "nr": str(entry.number), "status": entry.state, "antwort": entry.answer, "entschieden_von": entry.decider,
        "entschieden_am": entry.decided.isoformat() if entry.decided else "", "art": note.kind,
        "stellungnahme": note.text, "von": note.author, "ags": entry.ags, "version": note.version, "seite": place.page,
        "kapitel": place.chapter, "abschnitt": place.section, "anker": place.anchor, "block": place.block,
        "zitat": place.exact, "davor": place.prefix, "danach": place.suffix, "erstellt": note.created,
        "geaendert": note.changed, "datei": note.file, "kennung": note.id,
    }  # fmt: skip


def _guard(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _unguard(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
