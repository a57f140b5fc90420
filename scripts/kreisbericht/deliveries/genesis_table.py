"""GENESIS "Tabelle" as CSV (Regionaldatenbank, Destatis): headings over several rows, footer after ``____``.

Read here: 4–8 opening lines, time as a column or in the heading, row attributes beside the region (school types),
unit row or unit in brackets, quality columns. Not in here: which indicator a column is (``mapping``).
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from kreisbericht.deliveries.cells import parse_keys, parse_values, parse_year, refuse_duplicates
from kreisbericht.deliveries.model import CELL_COLUMNS, Delivery
from kreisbericht.deliveries.source import UNTOUCHED, Source
from kreisbericht.errors import DataError

_FIRST_LINE = re.compile(r'\s*"?(?:GENESIS-)?Tabelle:\s*([0-9A-Z][0-9A-Z-]{3,30})')
_AS_OF = re.compile(r"Stand:?\s*(\d{1,2})\.(\d{1,2})\.(\d{4})")
_UNIT = re.compile(
    r"(?:Anzahl|Prozent|%|qkm|km²|ha|qm|m²|cbm|t|kg|kWh|MWh|Jahre|Monate|Tage|Stunden|Personen|Index|Verhältnis|"
    r"1000|1 000|(?:je|pro) .*|(?:Tsd|Mill|Mrd|1000|1 000)?\.?\s*(?:EUR|Euro|€)(?:[ /].*)?|"
    r"(?:Tsd|Mill|Mrd)\..*|\d{4}=100)\Z"
)
_KEY = re.compile(r"(?:DG|\d{1,12})\Z")
_TOTAL = "Insgesamt"


@dataclass(frozen=True)
class _Table:
    """The parts of one file: opening lines, heading rows, body as a grid, and the line each body row stands on."""

    name: str
    opening: list[list[str]]
    head: list[list[str]]
    grid: np.ndarray
    lines: np.ndarray


def is_genesis_table(text: str) -> bool:
    """Does the text open with ``Tabelle: <code>``?"""
    return bool(_FIRST_LINE.match(text[:200]))


def parse_genesis_table(source: Source) -> Delivery:
    """Read one GENESIS table.

    Parameters
    ----------
    source
        Text source whose first line names the table.

    Returns
    -------
    Delivery; ``merkmal`` joins the heading of a column and the row attributes with ``" | "``,
        repeated words and a bare ``Insgesamt`` left out.

    Raises
    ------
    DataError
        Truncated file, merged heading cells, cells that are no numbers, keys without leading zero, duplicates.

    References
    ----------
    Statistische Ämter des Bundes und der Länder, Regionaldatenbank Deutschland, Export "CSV".
    """
    name = source.path.name
    rows, lines = _split_rows(source.text)
    end = next((i for i, row in enumerate(rows) if row and row[0].startswith("____")), None)
    if end is None:
        raise DataError(
            f"{name}: Zeile {lines[-1] if lines else 1}: Das Ende der Tabelle (die Linie '__________' mit Fußnoten und "
            f"Stand) fehlt; die Datei ist abgeschnitten. Bitte neu herunterladen. {UNTOUCHED}"
        )
    table = _divide(rows[:end], lines, name)
    footer = "\n".join(" ".join(row) for row in rows[end + 1 :])
    found = _AS_OF.search(footer)
    return Delivery(
        path=source.path,
        sha256=source.sha256,
        family="genesis_tabelle",
        table=_FIRST_LINE.match(source.text)[1],
        title=" ".join(row[0].strip() for row in table.opening[1:]).strip(),
        as_of=date(int(found[3]), int(found[2]), int(found[1])) if found else None,
        cells=_unfold(table),
    )


def _split_rows(text: str) -> tuple[list[list[str]], list[int]]:
    """CSV rows and the physical line each begins at."""
    delimiter = ";" if text.count(";", 0, 4000) >= text.count("\t", 0, 4000) else "\t"
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, lines, before = [], [], 0
    for row in reader:
        if any(cell.strip() for cell in row):
            rows.append(row)
            lines.append(before + 1)
        before = reader.line_num
    return rows, lines


def _divide(rows: list[list[str]], lines: list[int], name: str) -> _Table:
    """Opening lines, heading rows and body."""
    start = next((i for i, row in enumerate(rows) if i and not row[0].strip()), None)
    if start is None:
        raise DataError(f"{name}: Zeile 2: Die Kopfzeilen mit den Merkmalen fehlen. {_RELOAD}{UNTOUCHED}")
    stop = next((i for i in range(start, len(rows)) if rows[i][0].strip()), len(rows))
    if stop == len(rows):
        raise DataError(f"{name}: Nach den Kopfzeilen folgt keine Datenzeile. {_RELOAD}{UNTOUCHED}")
    width = len(rows[start])
    wrong = [i for i in range(stop, len(rows)) if len(rows[i]) != width]
    if wrong:
        raise DataError(
            f"{name}: Zeile {lines[wrong[0]]}: {len(rows[wrong[0]])} statt {width} Spalten ({len(wrong)} Zeilen). "
            f"Die Datei ist abgeschnitten oder wurde von Hand geändert. Bitte neu herunterladen. {UNTOUCHED}"
        )
    grid = np.array(rows[stop:], dtype=object)
    return _Table(name, rows[:start], rows[start:stop], grid, np.array(lines[stop : len(rows)]))


_RELOAD = "Bitte die Tabelle als CSV (nicht als 'Flat File' und nicht als Excel) neu laden. "


def _unfold(table: _Table) -> pd.DataFrame:
    """Long cells of the body."""
    grid, at, name = table.grid, table.lines, table.name
    stub = next(i for i, cell in enumerate([*table.head[0], "x"]) if cell.strip())
    time, key, attributes = _classify_stub(grid[:, :stub], at, name)
    ags = parse_keys(pd.Series(grid[:, key]), pd.Series(at), name).to_numpy()
    names = np.array([str(text).strip() for text in grid[:, key + 1]], dtype=object) if key + 1 < stub else ags
    years = None if time is None else _years(grid[:, time], at, name)
    extra = [" | ".join(str(row[i]).strip() for i in attributes) for row in grid] if attributes else None
    parts = []
    for column, (feature, unit, year) in _read_heading(table, stub).items():
        part = pd.DataFrame({"ags": ags, "gebiet": names, "zeile": at, "text": grid[:, column]})
        part["merkmal"] = feature if extra is None else [_join([feature, *text.split(" | ")]) for text in extra]
        part["einheit"], part["spalte"] = unit, _join([feature, unit, year and str(year)]) or str(column + 1)
        part["jahr"] = years if years is not None else year
        parts.append(part)
    cells = parse_values(pd.concat(parts, ignore_index=True), name)
    if cells["jahr"].isna().any():
        raise DataError(f"{name}: Zeile {at[0]}: Weder Spalte noch Kopfzeile nennt ein Jahr. {_RELOAD}{UNTOUCHED}")
    return refuse_duplicates(cells[CELL_COLUMNS], name)


def _classify_stub(stub: np.ndarray, at: np.ndarray, name: str) -> tuple[int | None, int, list[int]]:
    """Which leading column is time, which the key; the rest but the region's name are attributes."""
    time = next((i for i in range(stub.shape[1]) if all(parse_year(cell) for cell in stub[:20, i])), None)
    key = next(
        (
            i
            for i in range(stub.shape[1])
            if i != time and sum(bool(_KEY.match(str(cell).strip())) for cell in stub[:, i]) > len(stub) / 2
        ),
        None,
    )
    if key is None:
        raise DataError(
            f"{name}: Zeile {at[0]}: Keine Spalte mit amtlichen Gebietsschlüsseln gefunden. Bitte die Tabelle mit "
            f"Schlüssel laden (Tabellenaufbau: Code anzeigen). {UNTOUCHED}"
        )
    return time, key, [i for i in range(stub.shape[1]) if i not in (time, key, key + 1)]


def _years(texts: np.ndarray, at: np.ndarray, name: str) -> np.ndarray:
    codes, uniques = pd.factorize(texts)
    years = [parse_year(text) for text in uniques]
    for position, year in enumerate(years):
        if year is None:
            row = at[codes == position][0]
            raise DataError(f"{name}: Zeile {row}, Spalte 'Zeit': '{uniques[position]}' ist kein Jahr. {UNTOUCHED}")
    return np.array(years)[codes]


def _read_heading(table: _Table, stub: int) -> dict[int, tuple[str, str, int | None]]:
    """Per value column: (feature, unit, year or None); quality columns are left out."""
    head, values = table.head, _value_columns(table, stub)
    levels = [[row[i].strip() if i < len(row) else "" for i in values] for row in head]
    last = table.opening[-1][0]
    bracket = re.search(r"\(([^()]+)\)\s*$", last)
    if all(not cell or _UNIT.match(cell) for cell in levels[-1]) and any(levels[-1]):
        units = levels.pop()
    else:
        units = [bracket[1] if bracket and _UNIT.match(bracket[1]) else ""] * len(values)
    years = _take_years(levels)
    single = last.split("(")[0].strip() if bracket else ""
    return {
        column: (_join([single, *(level[i] for level in levels)]), units[i], years[i] if years else None)
        for i, column in enumerate(values)
    }


def _value_columns(table: _Table, stub: int) -> list[int]:
    """Positions of value columns; refuses one without a heading, leaves out columns of quality marks."""
    head, grid = table.head, table.grid
    kept = []
    for column in range(stub, grid.shape[1]):
        named = any(row[column].strip() for row in head if column < len(row))
        if not named and all(
            len(str(cell).strip()) <= 1 and not str(cell).strip().isdigit() for cell in grid[:, column]
        ):
            continue
        if column >= len(head[0]) or not head[0][column].strip():
            raise DataError(
                f"{table.name}: Zeile {int(table.lines[0]) - len(head)}, Spalte {column + 1}: Die Überschrift fehlt. "
                "Vermutlich wurden Kopfzellen in einer Tabellenkalkulation verbunden und neu gespeichert. "
                f"Bitte die Originaldatei laden. {UNTOUCHED}"
            )
        kept.append(column)
    return kept


def _take_years(levels: list[list[str]]) -> list[int] | None:
    """Remove the row of years or days (and its label row above) from the heading."""
    for index, level in enumerate(levels):
        years = [parse_year(cell) for cell in level]
        if all(years):
            first = index - 1 if index and len(set(levels[index - 1])) == 1 else index
            del levels[first : index + 1]
            return years
    return None


def _join(words: list[str | None]) -> str:
    """Words without repetition; a bare total is left out where another word stands."""
    kept = list(dict.fromkeys(word.strip() for word in words if word and word.strip()))
    return " | ".join([word for word in kept if word != _TOTAL] or kept[:1])
