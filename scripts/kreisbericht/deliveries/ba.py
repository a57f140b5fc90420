"""Time-series workbooks of the Bundesagentur für Arbeit (*Zentraler Statistik-Service*): key and name in one column.

Headings are merged over the years (wanted by the publisher, filled to the right here); the row of days closes the
heading; below it may stand a row of running numbers. A dot is "kein Nachweis", an asterisk "geheim".
"""

from __future__ import annotations

import re
from datetime import date

import pandas as pd

from kreisbericht.deliveries.cells import parse_keys, parse_values, parse_year, refuse_duplicates
from kreisbericht.deliveries.model import CELL_COLUMNS, Delivery
from kreisbericht.deliveries.source import UNTOUCHED, Source
from kreisbericht.errors import DataError

_REGION = re.compile(r"(\d{2}|\d{5})\s+(\S.*)\Z")
_CREATED = re.compile(r"Erstellungsdatum:\s*(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MARK = "Bundesagentur für Arbeit"


def find_ba_sheets(source: Source) -> list[str]:
    """Names of sheets with regional figures of the Bundesagentur; empty where it is another workbook."""
    found, marked = [], False
    for name in source.workbook.sheet_names:
        rows = source.workbook.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=40)
        marked = marked or any(_MARK in str(cell) for row in rows for cell in row)
        if sum(bool(row and _REGION.match(str(row[0]).strip())) for row in rows) >= 3:
            found.append(name)
    return found if marked else []


def parse_ba(source: Source) -> Delivery:
    """Read all sheets with regional figures.

    Returns
    -------
    Delivery; ``table`` is the order number or ``BA``, ``merkmal`` is ``sheet | heading | …``,
        ``einheit`` is the bracket at the end of the sheet's title ("Anzahl").

    Raises
    ------
    DataError
        No row of days, blank headings, cells that are no numbers, truncated sheet.
    """
    parts, titles, as_of = [], [], None
    for sheet in find_ba_sheets(source):
        rows = source.sheet(sheet)
        cells, title = _read_sheet(rows, sheet, source.path.name)
        parts.append(cells)
        titles.append(title)
        as_of = as_of or _created(rows)
    cells = refuse_duplicates(pd.concat(parts, ignore_index=True), source.path.name)
    return Delivery(source.path, source.sha256, "ba", _table(titles[0]), titles[0], as_of, cells)


def _read_sheet(rows: list[list], sheet: str, name: str) -> tuple[pd.DataFrame, str]:
    where = f"{name} (Blatt '{sheet}')"
    days, body, top = _divide(rows, where)
    title = " ".join(str(rows[i][0]).strip() for i in range(top) if str(rows[i][0]).strip())
    unit = re.search(r"\(([^()]*)\)\s*$", next((str(row[0]) for row in rows[:top] if str(row[0]).strip()), ""))
    features = _headings(rows[top:days], len(rows[days]), where, top)
    at = pd.Series([i + 1 for i in body])
    keys, names = zip(*(_key(rows[i]) for i in body), strict=True)
    common = {"einheit": unit[1] if unit else "", "ags": parse_keys(pd.Series(keys), at, where), "gebiet": names}
    parts = [
        pd.DataFrame(
            {
                **common,
                "merkmal": f"{sheet} | {features[column]}",
                "jahr": parse_year(str(rows[days][column])),
                "zeile": at,
                "spalte": f"{features[column]}, {rows[days][column]}",
                "text": pd.Series([rows[i][column] for i in body], dtype=object),
            }
        )
        for column in range(1, len(rows[days]))
        if _is_day(rows[days][column])
    ]
    return parse_values(pd.concat(parts, ignore_index=True), where)[CELL_COLUMNS], title


def _divide(rows: list[list], where: str) -> tuple[int, list[int], int]:
    """Position of the row of days, of the body rows and of the first heading row."""
    days = next(
        (i for i, row in enumerate(rows[:40]) if len(row) > 2 and sum(map(_is_day, row[1:])) > 0.9 * len(row[1:])), None
    )
    body = [i for i, row in enumerate(rows) if _key(row)]
    if days is None or not body:
        raise DataError(f"{where}: Zeile 1: Die Zeile mit den Stichtagen fehlt. {UNTOUCHED}")
    top = next((i for i in range(days, -1, -1) if str(rows[i][0]).startswith("Region")), days - 1)
    return days, body, top


def _is_day(cell: object) -> bool:
    return parse_year(str(cell)) is not None


def _key(row: list) -> tuple[str, str] | None:
    text = str(row[0]).strip() if row else ""
    if text == "Deutschland":
        return "00", text
    found = _REGION.match(text)
    return (found[1], found[2]) if found else None


def _headings(levels: list[list], width: int, where: str, top: int) -> list[str]:
    """Deepest named heading per column, levels joined; merged cells are filled to the right."""
    filled: list[list[str]] = []
    for level in levels:
        line, last = [""], ""
        for column in range(1, width):
            text = re.sub(r"\s+", " ", str(level[column]) if column < len(level) else "").strip()
            starts = any(above[column] != above[column - 1] for above in filled) if column > 1 else False
            last = text or ("" if starts else last)
            line.append(last)
        filled.append(line)
    names = [_join([line[column] for line in filled]) for column in range(width)]
    blank = [column for column in range(1, width) if not names[column]]
    if blank:
        raise DataError(f"{where}: Zeile {top + 1}, Spalte {blank[0] + 1}: Die Überschrift fehlt. {UNTOUCHED}")
    return names


def _join(words: list[str]) -> str:
    kept = [re.sub(r"\d\)$", "", word) for word in words if word and word != "davon"]
    return " | ".join(dict.fromkeys(kept))


def _created(rows: list[list]) -> date | None:
    found = next((m for row in reversed(rows) if (m := _CREATED.search(str(row[0])))), None)
    return date(int(found[3]), int(found[2]), int(found[1])) if found else None


def _table(title: str) -> str:
    return "BA-" + ("SvB-Wohnort" if "Wohnort" in title else "SvB-Arbeitsort" if "Arbeitsort" in title else "Statistik")
