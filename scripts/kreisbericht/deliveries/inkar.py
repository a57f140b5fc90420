"""INKAR (BBSR): workbook with sheets *Daten*, *Metadaten*, *Quellangabe*, or its CSV export.

Row 1 names the indicator of each column, row 2 the year. Keys may have lost their leading zero; they are mended
only where the whole column is consistent, since INKAR itself writes them so.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import numpy as np
import pandas as pd

from kreisbericht.deliveries.cells import parse_keys, parse_values, parse_year, refuse_duplicates
from kreisbericht.deliveries.model import CELL_COLUMNS, Delivery
from kreisbericht.deliveries.source import UNTOUCHED, Source
from kreisbericht.errors import DataError

LENGTHS = {"bund": 2, "länder": 2, "kreise": 5, "gemeinden": 8, "gemeindeverbände": 9, "einheitsgemeinden": 9}
KEPT = ("bund", "länder", "kreise", "gemeinden", "gemeindeverbände")
_EDITION = re.compile(r"Ausgabe\s+(\d{4})")


def is_inkar_workbook(source: Source) -> bool:
    """Does the workbook have a sheet *Daten* that opens with *Kennziffer*?"""
    if "Daten" not in source.workbook.sheet_names:
        return False
    rows = source.workbook.get_sheet_by_name("Daten").to_python(nrows=1)
    return bool(rows and str(rows[0][0]).strip() == "Kennziffer")


def is_inkar_csv(text: str) -> bool:
    """Does the text open with *Kennziffer* and a region column?"""
    return bool(re.match(r'"?Kennziffer"?[;\t]"?Raumeinheit', text))


def parse_inkar(source: Source) -> Delivery:
    """Read an INKAR export, workbook or CSV.

    Returns
    -------
    Delivery; ``table`` is ``INKAR``, ``merkmal`` the short name of the indicator as published.

    Raises
    ------
    DataError
        Blank heading cells (merged), years that are none, unreadable cells, keys of mixed length.
    """
    name, where = source.path.name, ""
    if source.workbook is not None:
        rows, where = source.sheet("Daten"), " (Blatt 'Daten')"
        edition = _edition(source)
    else:
        delimiter = "\t" if source.text.split("\n", 1)[0].count("\t") else ";"
        rows, edition = list(csv.reader(io.StringIO(source.text, newline=""), delimiter=delimiter)), None
    body = [(number, row) for number, row in enumerate(rows, start=1) if number > 2 and any(map(_text, row))]
    if not body:
        raise DataError(f"{name}{where}: Zeile 3: Die Tabelle enthält keine Werte. {UNTOUCHED}")
    _refuse_ragged(rows, body, name)
    first = _first_value_column(rows[0])
    columns = _heading(rows, first, name + where)
    levels = [_text(row[2]).lower() for _, row in body] if first > 2 else [""] * len(body)
    body, levels = _keep_levels(body, levels)
    at = pd.Series([number for number, _ in body])
    keys = parse_keys(_mend_keys(pd.Series([_text(row[0]) for _, row in body]), levels), at, name)
    cells = refuse_duplicates(parse_values(_unfold(columns, keys, body), name)[CELL_COLUMNS], name)
    return Delivery(source.path, source.sha256, "inkar", "INKAR", _title(columns, edition), edition, cells)


def _unfold(columns: dict[int, tuple[str, int]], keys: pd.Series, body: list[tuple[int, list]]) -> pd.DataFrame:
    """Long cells with their raw ``text``."""
    parts = [
        pd.DataFrame(
            {
                "merkmal": feature,
                "einheit": "",
                "ags": keys,
                "gebiet": [_text(row[1]) for _, row in body],
                "jahr": year,
                "zeile": [number for number, _ in body],
                "spalte": f"{feature} {year}",
                "text": pd.Series([row[column] for _, row in body], dtype=object),
            }
        )
        for column, (feature, year) in columns.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _first_value_column(head: list) -> int:
    names = [_text(cell) for cell in head]
    return 3 if len(names) > 2 and names[2] == "Aggregat" else 2


def _heading(rows: list[list], first: int, where: str) -> dict[int, tuple[str, int]]:
    columns = {}
    for column in range(first, len(rows[1])):
        feature, year = _text(rows[0][column]) if column < len(rows[0]) else "", parse_year(_text(rows[1][column]))
        if not feature and not _text(rows[1][column]):
            continue
        if not feature:
            raise DataError(
                f"{where}: Zeile 1, Spalte {column + 1}: Der Name des Indikators fehlt. Vermutlich wurden Kopfzellen "
                f"verbunden und neu gespeichert. Bitte die Originaldatei laden. {UNTOUCHED}"
            )
        if year is None:
            raise DataError(
                f"{where}: Zeile 2, Spalte {column + 1}: '{_text(rows[1][column])}' ist kein Jahr. "
                f"Bitte in INKAR mit Zeitbezug ausgeben. {UNTOUCHED}"
            )
        columns[column] = (feature, year)
    if not columns:
        raise DataError(f"{where}: Zeile 1: Keine Spalte mit Indikator und Jahr gefunden. {UNTOUCHED}")
    return columns


def _refuse_ragged(rows: list[list], body: list[tuple[int, list]], name: str) -> None:
    width = len(rows[0])
    for number, row in body:
        if len(row) != width:
            raise DataError(
                f"{name}: Zeile {number}: {len(row)} statt {width} Spalten; die Datei ist abgeschnitten oder wurde "
                f"geändert. Bitte neu herunterladen. {UNTOUCHED}"
            )


def _keep_levels(body: list, levels: list[str]) -> tuple[list, list[str]]:
    """Rows of administrative units; spatial planning regions and settlement types have no AGS."""
    kept = [i for i, level in enumerate(levels) if not level or level.startswith(KEPT)]
    return [body[i] for i in kept], [levels[i] for i in kept]


def _mend_keys(keys: pd.Series, levels: list[str]) -> pd.Series:
    """Give keys their leading zero back: one digit too few for the level, and digits only."""
    lengths = np.array([next((n for word, n in LENGTHS.items() if level.startswith(word)), 0) for level in levels])
    if not lengths.any() and keys.str.len().isin([4, 5]).all():
        lengths = np.full(len(keys), 5)
    short = (keys.str.len().to_numpy() == lengths - 1) & keys.str.fullmatch(r"\d+").to_numpy(dtype=bool)
    return keys.where(~short, "0" + keys)


def _edition(source: Source) -> date | None:
    if "Quellangabe" not in source.workbook.sheet_names:
        return None
    text = " ".join(str(cell) for row in source.workbook.get_sheet_by_name("Quellangabe").to_python() for cell in row)
    found = _EDITION.search(text)
    return date(int(found[1]), 1, 1) if found else None


def _title(columns: dict[int, tuple[str, int]], edition: date | None) -> str:
    names = list(dict.fromkeys(feature for feature, _ in columns.values()))
    shown = ", ".join(names[:3]) + (f" und {len(names) - 3} weitere" if len(names) > 3 else "")
    return f"INKAR{f' Ausgabe {edition.year}' if edition else ''}: {shown}"
