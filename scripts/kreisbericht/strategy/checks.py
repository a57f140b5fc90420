"""Checks of the strategy's tables: every cell by its field, then what rows say about each other. All problems at once.

Not in here: reading files and building records (``tables``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kreisbericht import regions
from kreisbericht.catalogue import load_catalogue
from kreisbericht.errors import DataError, ParameterError, nearest
from kreisbericht.forms import Field, Template
from kreisbericht.strategy.fields import CONDITIONS, NOT_PUBLIC
from kreisbericht.strategy.model import parse_moment

MOST = 40  # problems listed in one message
EVERYWHERE = "00"
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_NEEDS_INDICATOR = (CONDITIONS[0], CONDITIONS[2])


@dataclass(frozen=True)
class Row:
    """One line of a table: where it stands and its cells by column, as text."""

    file: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Problem:
    """One mistake: where, and what to do about it."""

    row: Row
    column: str
    text: str

    def __str__(self) -> str:
        return f"{self.row.file}: Zeile {self.row.number}, Spalte '{self.column}': {self.text}"


def refuse_problems(problems: Sequence[Problem]) -> None:
    """Raise if there are any.

    Raises
    ------
    DataError
        Naming every problem with file, row and column.
    """
    if not problems:
        return
    count = "Eine Angabe stimmt" if len(problems) == 1 else f"{len(problems)} Angaben stimmen"
    rest = f"\n… und {len(problems) - MOST} weitere" if len(problems) > MOST else ""
    listed = "\n".join(f"- {problem}" for problem in problems[:MOST])
    raise DataError(
        f"Strategie: {count} nicht.\n{listed}{rest}\n"
        "Bitte in der genannten Datei berichtigen; es wurde nichts verändert."
    )


def check_cells(table: Template, rows: Iterable[Row]) -> list[Problem]:
    """Missing, unreadable and unknown entries of one table, and ids that stand twice."""
    found: list[Problem] = []
    seen: dict[tuple[str, str], int] = {}
    first = table.fields[0]
    for row in rows:
        found += _check_region(table, row)
        found += [Problem(row, field.heading, text) for field in table.fields for text in _check_cell(field, row)]
        key = (row["gebiet"][:5] if first.heading == "Kennung" else row["gebiet"], row[first.column])
        if row[first.column] and key in seen:
            found.append(
                Problem(row, first.heading, f"'{key[1]}' steht schon in Zeile {seen[key]}. Bitte eine andere wählen.")
            )
        seen.setdefault(key, row.number)
    return found


def check_links(tables: Mapping[str, Sequence[Row]]) -> list[Problem]:
    """What rows say about each other, about indicators and about time."""
    checks = {
        "ziele": _check_goal, "massnahmen": _check_measure, "meilensteine": _check_of_measure,
        "mittel": _check_of_measure, "angebote": _check_offer, "beschluesse": _check_decision,
        "empfehlungsregeln": _check_rule,
    }  # fmt: skip
    known = {name: {(row["gebiet"][:5], row["kennung"]): row for row in rows} for name, rows in tables.items()}
    return [problem for name, check in checks.items() for row in tables.get(name, ()) for problem in check(row, known)]


def read_number(text: str) -> float | None:
    """``1.234`` is not read: thousands have no point; decimals may have point or comma."""
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def split_list(text: str) -> list[str]:
    """Entries separated by semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _check_cell(field: Field, row: Row) -> Iterator[str]:
    text = row[field.column]
    if not text:
        if field.required:
            yield "Die Angabe fehlt."
    elif field.choices and text not in field.choices:
        yield f"'{text}' steht nicht zur Auswahl.{nearest(text, field.choices)} Möglich: {', '.join(field.choices)}."
    elif field.kind == "zahl" and read_number(text) is None:
        yield f"'{text}' ist keine Zahl. Bitte nur Ziffern, mit Komma vor den Nachkommastellen, ohne Punkt und Einheit."
    elif field.kind == "jahr" and not re.fullmatch(r"(19|20)\d\d", text):
        yield f"'{text}' ist kein Jahr."
    elif field.kind == "datum" and parse_moment(text) is None:
        yield f"'{text}' ist kein Datum. Möglich: 2025-03-31, 31.03.2025, 2025-03 oder 2025."


def _check_region(table: Template, row: Row) -> Iterator[Problem]:
    key = row["gebiet"]
    if table.id == "empfehlungsregeln" and key == EVERYWHERE:
        return
    text = _unknown_region(key) if key else "Die Angabe fehlt."
    if text:
        yield Problem(row, "Gebiet", text)


def _unknown_region(key: str) -> str:
    try:
        region = regions.find_region(key) if re.fullmatch(r"\d{5}|\d{8}|\d{9}", key) else None
    except ParameterError:
        region = None
    if region is not None and region.level in ("kreis", "gemeindeverband", "gemeinde"):
        return ""
    known = [area.ags for area in regions.associations(key[:5])] if len(key) >= 5 else []
    hint = nearest(key, known) or (f" Planungsräume dieses Kreises: {', '.join(known)}." if known else "")
    return f"Das Gebiet '{key}' gibt es nicht.{hint}"


def _check_goal(row: Row, known: Mapping) -> Iterator[Problem]:
    if row["zielwert"] and not row["indikator"]:
        yield Problem(
            row, "Indikator", "Ein Zielwert ohne Indikator lässt sich nicht messen. Bitte den Indikator nennen."
        )
    for column in ("ausgangsjahr", "zieljahr"):
        if row["zielwert"] and not row[column]:
            yield Problem(row, column.capitalize(), "Zu einem Zielwert gehören Ausgangsjahr und Zieljahr.")
    if row["zieljahr"] and row["ausgangsjahr"] and row["zieljahr"] <= row["ausgangsjahr"]:
        yield Problem(row, "Zieljahr", "Das Zieljahr liegt nicht nach dem Ausgangsjahr.")
    if row["zielwert"] and row["zielwert"] == row["ausgangswert"]:
        yield Problem(row, "Zielwert", "Der Zielwert ist der Ausgangswert; so gibt es keinen Weg zum Ziel.")
    yield from _check_indicators(row, "Indikator", [row["indikator"]])
    parent = known.get("ziele", {}).get((row["gebiet"][:5], row["leitziel"]))
    if row["leitziel"] and (parent is None or parent["art"] != "Leitziel"):
        names = [name for ags, name in known.get("ziele", {}) if ags == row["gebiet"][:5]]
        hint = nearest(row["leitziel"], names)
        yield Problem(row, "Leitziel", f"Ein Leitziel '{row['leitziel']}' gibt es nicht.{hint}")
    elif row["art"] == "Handlungsziel" and not row["leitziel"]:
        yield Problem(row, "Leitziel", "Ein Handlungsziel gehört zu einem Leitziel. Bitte dessen Kennung nennen.")


def _check_measure(row: Row, known: Mapping) -> Iterator[Problem]:
    goals = [name for ags, name in known.get("ziele", {}) if ags == row["gebiet"][:5]]
    if row["ziel"] and row["ziel"] not in (*goals, NOT_PUBLIC):
        yield Problem(row, "Ziel", f"Ein Ziel '{row['ziel']}' gibt es nicht.{nearest(row['ziel'], goals)}")
    begin, end = parse_moment(row["beginn"]), parse_moment(row["ende"])
    if begin and end and end.end < begin.start:
        yield Problem(row, "Ende", f"Das Ende ({end}) liegt vor dem Beginn ({begin}).")
    for key in split_list(row["weitere_planungsraeume"]):
        if text := _unknown_region(key):
            yield Problem(row, "Weitere Planungsräume", text)
    yield from _check_indicators(row, "Indikatoren", split_list(row["indikatoren"]))


def _check_of_measure(row: Row, known: Mapping) -> Iterator[Problem]:
    measures = [name for ags, name in known.get("massnahmen", {}) if ags == row["gebiet"][:5]]
    if row["massnahme"] and row["massnahme"] not in measures:
        hint = nearest(row["massnahme"], measures)
        yield Problem(row, "Maßnahme", f"Eine Maßnahme '{row['massnahme']}' gibt es nicht.{hint}")


def _check_offer(row: Row, known: Mapping) -> Iterator[Problem]:
    if bool(row["breite"]) != bool(row["laenge"]):
        yield Problem(row, "Länge", "Breite und Länge gehören zusammen; eine der beiden fehlt.")
    north, east = read_number(row["breite"]), read_number(row["laenge"])
    if north is not None and east is not None and not (47 <= north <= 56 and 5 <= east <= 16):
        yield Problem(row, "Breite", f"Der Ort ({row['breite']}; {row['laenge']}) liegt nicht in Deutschland.")
    for low, high in (("alter_von", "alter_bis"), ("seit", "bis")):
        first, last = read_number(row[low]), read_number(row[high])
        if first is not None and last is not None and last < first:
            yield Problem(row, high.replace("_", " "), f"'{row[high]}' liegt vor '{row[low]}'.")


def _check_decision(row: Row, known: Mapping) -> Iterator[Problem]:
    if row["entscheidung"] == "abgelehnt" and not row["grund"]:
        yield Problem(row, "Grund", "Zu einer Ablehnung gehört der Grund.")
    if row["entscheidung"] == "geändert" and not row["wortlaut"]:
        yield Problem(row, "Wortlaut", "Zu einer geänderten Empfehlung gehört der beschlossene Wortlaut.")


def _check_rule(row: Row, known: Mapping) -> Iterator[Problem]:
    if row["bedingung"] in _NEEDS_INDICATOR and not row["indikator"]:
        yield Problem(row, "Indikator", f"Die Bedingung '{row['bedingung']}' braucht einen Indikator.")
    if row["bedingung"] == CONDITIONS[2] and not row["lebensphase"]:
        yield Problem(row, "Lebensphase", f"Die Bedingung '{row['bedingung']}' braucht eine Lebensphase.")
    unknown = sorted(set(re.findall(r"\{(\w*)\}", row["empfehlung"])) - {"was", "wo", "name"})
    if unknown:
        yield Problem(
            row, "Empfehlung", f"'{{{unknown[0]}}}' wird nicht eingesetzt; möglich: {{was}}, {{wo}}, {{name}}."
        )
    yield from _check_indicators(row, "Indikator", [row["indikator"]])


def _check_indicators(row: Row, column: str, names: Iterable[str]) -> Iterator[Problem]:
    catalogue = load_catalogue()
    for name in names:
        if name and name not in catalogue:
            yield Problem(row, column, f"Den Indikator '{name}' gibt es nicht.{nearest(name, catalogue)}")
