"""The files a reader downloads: CSV in two forms beside every figure and table, a workbook per chapter.

The workbook is made after the notebook ran, from the CSV files, so no notebook waits for it. The same figures give the
same bytes. Not in here: the archive of a whole book (``assemble.enclosures``).
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
import math
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kreisbericht.numbers import SYMBOLS
from kreisbericht.paths import write_atomically

COLUMNS = ("indikator", "gebiet", "ags", "jahr", "wert", "zeichen", "einheit", "stand", "quelle", "lizenz")
MEANING = {
    "indikator": "Kennung des Indikators; die Definition steht im Indikatorenblatt des Berichts",
    "gebiet": "Name des Gebiets oder des Teils, den die Zeile zählt",
    "ags": "Amtlicher Gemeindeschlüssel als Text: 00 Deutschland, 2 Stellen Land, 5 Kreis, 8 Gemeinde, 9 Verband",
    "jahr": "Jahr oder Stichtag des Jahres",
    "wert": "Zahl ohne Rundung für die Anzeige; leer, wenn ein Zeichen steht",
    "zeichen": "Zeichen der Statistik, wo keine Zahl steht",
    "einheit": "Einheit des Werts",
    "stand": "Stand der Lieferung des Herausgebers",
    "quelle": "Quellenvermerk, so zu nennen, wie er hier steht",
    "lizenz": "Lizenz der Daten",
}
EXCEL = ".excel.csv"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # time of every file in a zip
NOTES = "Hinweise"
SHEET_NAME = 31  # characters that a sheet name may have
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_CAPTION = re.compile(
    r"\[((?:\\.|[^\\\[\]\n])*)\]\{\.titel\} \[((?:\\.|[^\\\[\]\n])*)\]\{\.untertitel\}(?:\]\([^)\n]*\)| )\{#([\w-]+)"
)
_FORMULA = ("=", "+", "-", "@")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE]-?\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TEXT = ("ags", "ars", "zeichen", "stand", "version", "ausgabe")  # never numbers, whatever they look like
_WIDTHS = {
    "indikator": 28, "gebiet": 32, "ags": 10, "jahr": 8, "wert": 14, "zeichen": 9, "einheit": 20, "stand": 12,
    "quelle": 60, "lizenz": 14,
}  # fmt: skip


def rows_to_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Tidy CSV: UTF-8, comma, decimal point, ``\\n``; names that a spreadsheet would run as a formula get a quote."""
    return _write_csv(rows, _plain_cell, delimiter=",")


def rows_to_excel_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """The same for a German Excel: semicolon, decimal comma, byte order mark."""
    return "\ufeff" + _write_csv(rows, _excel_cell, delimiter=";")


def find_tables(folder: Path) -> list[Path]:
    """Tidy CSV files of a chapter: figures, then tables."""
    found = [path for path in folder.glob("*.csv") if not path.name.endswith(EXCEL)]
    return sorted(found, key=lambda path: (path.stem.startswith("tbl-"), path.stem))


def write_workbook(
    folder: Path, *, title: str = "", notes: Sequence[str] = (), titles: Mapping | None = None
) -> Path | None:
    """Workbook ``<folder>/<folder name>.xlsx`` from all CSV files in the chapter's folder.

    Parameters
    ----------
    folder
        The chapter's folder with ``fig-….csv`` and ``tbl-….csv``.
    title, notes, titles
        As for :func:`build_workbook`.

    Returns
    -------
    Path of the workbook; None where the chapter has no data.
    """
    tables = find_tables(folder)
    if not tables:
        return None
    target = folder / f"{folder.name}.xlsx"
    content = {path.stem: path.read_text(encoding="utf-8") for path in tables}
    write_atomically(target, build_workbook(content, title, notes=notes, titles=titles))
    return target


def build_workbook(
    tables: Mapping[str, str], title: str = "", *, notes: Sequence[str] = (), titles: Mapping | None = None
) -> bytes:
    """Bytes of a workbook: a sheet of notes, then one per CSV text with numbers, dates and text as such.

    Parameters
    ----------
    tables
        CSV text by identifier of its figure or table.
    title
        Chapter's title.
    notes
        Lines on edition and cut-off for the sheet of notes.
    titles
        (title, subtitle) of each figure and table by identifier, as far as known.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title, "created": dt.datetime(2000, 1, 1)})
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        taken: set[str] = set()
        front = book.add_worksheet(_sheet_name(NOTES, taken))
        names = {name: _sheet_name(name, taken) for name in tables}
        rows = {name: list(csv.reader(io.StringIO(text))) for name, text in tables.items()}
        _fill_notes(front, book, [title, *notes], _contents(names, titles or {}), _columns(rows.values()))
        for name, sheet in names.items():
            _fill_sheet(book.add_worksheet(sheet), rows[name], bold, day)
    return buffer.getvalue()


def read_captions(markdown: str) -> dict[str, tuple[str, str]]:
    """Title and subtitle of every figure and table in printed Markdown, by identifier, without its escapes."""
    found = {name: (title, subtitle) for title, subtitle, name in _CAPTION.findall(markdown)}
    return {name: tuple(re.sub(r"\\(.)", r"\1", text) for text in texts) for name, texts in found.items()}


def add_file(zipped: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Put a file into a zip so that the same content gives the same bytes on every machine and day."""
    entry = zipfile.ZipInfo(name, EARLIEST)
    entry.external_attr = 0o100644 << 16
    entry.create_system = 3  # Unix, also where Windows made it
    packed = Path(name).suffix in (".woff2", ".pdf", ".xlsx")
    entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    zipped.writestr(entry, content)


def _write_csv(rows: Iterable[Mapping[str, Any]], cell: Callable[[Any], str], *, delimiter: str) -> str:
    buffer, rows = io.StringIO(), list(rows)
    columns = COLUMNS if not rows or set(rows[0]) <= set(COLUMNS) else tuple(rows[0])
    writer = csv.writer(buffer, lineterminator="\n", delimiter=delimiter)
    writer.writerow(columns)
    writer.writerows([cell(row.get(key, "")) for key in columns] for row in rows)
    return buffer.getvalue()


def _plain_cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(round(float(value), 10)).removesuffix(".0")
    return _plain_text(str(value))


@functools.lru_cache(maxsize=4096)  # names, units and sources stand in every row
def _plain_text(text: str) -> str:
    text = _CONTROL.sub(" ", text)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) and text != "-" else text


def _excel_cell(value: Any) -> str:
    text = _plain_cell(value)
    return text.replace(".", ",") if isinstance(value, float) else text


def _contents(names: Mapping[str, str], titles: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    return [(sheet, ". ".join(part for part in titles.get(name, ()) if part)) for name, sheet in names.items()]


def _columns(tables: Iterable[Sequence[Sequence[str]]]) -> list[tuple[str, str]]:
    used = {name for rows in tables for name in rows[0]}
    return [(name, meaning) for name, meaning in MEANING.items() if name in used]


def _fill_notes(sheet, book, lines: Sequence[str], contents: Sequence, columns: Sequence) -> None:
    """Chapter and edition, what each sheet holds, what columns and symbols mean."""
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 34, wrap)
    sheet.set_column(1, 1, 100, wrap)
    blocks = [("", [(line, "") for line in lines if line]), ("Blätter", contents), ("Spalten", columns),
              ("Zeichen", [(sign, meaning) for sign, meaning in SYMBOLS.items()])]  # fmt: skip
    row = 0
    for heading, pairs in blocks:
        if heading:
            sheet.write_string(row, 0, heading, bold)
            row += 1
        for left, right in pairs:
            sheet.write_string(row, 0, left)
            if right:
                sheet.write_string(row, 1, right)
            row += 1
        row += 1


def _fill_sheet(sheet, rows: Sequence[Sequence[str]], bold, day) -> None:
    head, *body = rows
    sheet.write_row(0, 0, head, bold)
    sheet.freeze_panes(1, 2 if head[:1] == ["indikator"] else 1)
    sheet.autofilter(0, 0, max(1, len(body)), len(head) - 1)
    for column, name in enumerate(head):
        sheet.set_column(column, column, _WIDTHS.get(name, 14))
        kind = _kind(name, [row[column] for row in body])
        for number, row in enumerate(body, start=1):
            _write_cell(sheet, (number, column), row[column], kind, day)


def _kind(name: str, cells: Sequence[str]) -> str:
    """``zahl``, ``datum`` or ``text``: what all filled cells of a column are."""
    filled = [cell for cell in cells if cell]
    for kind, pattern in (("zahl", _NUMBER), ("datum", _DATE)):
        if filled and name not in _TEXT and all(pattern.fullmatch(cell) for cell in filled):
            return kind
    return "text"


def _write_cell(sheet, place: tuple[int, int], cell: str, kind: str, day) -> None:
    if not cell:
        return
    if kind == "zahl":
        sheet.write_number(*place, float(cell))
    elif kind == "datum":
        sheet.write_datetime(*place, dt.datetime.fromisoformat(cell), day)
    else:
        sheet.write_string(*place, cell)


def _sheet_name(name: str, taken: set[str]) -> str:
    """Name without forbidden characters, at most 31 long, unique whatever the case."""
    plain = _FORBIDDEN.sub("-", name)
    short, number = plain[:SHEET_NAME], 2
    while short.lower() in taken:
        tail = f"-{number}"
        short, number = plain[: SHEET_NAME - len(tail)] + tail, number + 1
    taken.add(short.lower())
    return short
