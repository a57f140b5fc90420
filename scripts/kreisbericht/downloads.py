"""The chapter's workbook: one sheet per figure and table, from the CSV files beside the chapter.

Made after the notebook ran, so no notebook waits for it; the same files give the same bytes.
Not in here: the CSV files (``output``) and the archive of a whole book.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from pathlib import Path

from kreisbericht.paths import write_atomically

SHEET_NAME = 31  # characters that a sheet name may have
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_NUMBERS = ("jahr", "wert")
_WIDTHS = {"gebiet": 32, "ags": 10, "jahr": 8, "wert": 14, "zeichen": 9, "einheit": 20, "quelle": 60, "lizenz": 14}


def write_workbook(folder: Path, *, title: str = "") -> Path | None:
    """Workbook ``<folder>/<folder name>.xlsx`` from all CSV files in the chapter's folder.

    Parameters
    ----------
    folder
        The chapter's folder with ``fig-….csv`` and ``tbl-….csv``.
    title
        Chapter title for the document properties.

    Returns
    -------
    Path of the workbook; None where the chapter has no data.
    """
    tables = sorted(folder.glob("*.csv"), key=lambda path: (path.stem.startswith("tbl-"), path.stem))
    if not tables:
        return None
    target = folder / f"{folder.name}.xlsx"
    write_atomically(target, build_workbook({path.stem: path.read_text(encoding="utf-8") for path in tables}, title))
    return target


def build_workbook(tables: dict[str, str], title: str = "") -> bytes:
    """Bytes of a workbook with one sheet per CSV text; numbers are numbers, all else is text."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title, "created": dt.datetime(2000, 1, 1)})
        bold = book.add_format({"bold": True, "bottom": 1})
        taken: set[str] = set()
        for name, text in tables.items():
            sheet = book.add_worksheet(_sheet_name(name, taken))
            _fill_sheet(sheet, list(csv.reader(io.StringIO(text))), bold)
    return buffer.getvalue()


def _fill_sheet(sheet, rows: list[list[str]], bold) -> None:
    head, *body = rows
    sheet.write_row(0, 0, head, bold)
    sheet.freeze_panes(1, 1)
    for column, name in enumerate(head):
        sheet.set_column(column, column, _WIDTHS.get(name, 14))
    for number, row in enumerate(body, start=1):
        for column, (name, cell) in enumerate(zip(head, row, strict=True)):
            if name in _NUMBERS and cell:
                sheet.write_number(number, column, float(cell))
            elif cell:
                sheet.write_string(number, column, cell)


def _sheet_name(name: str, taken: set[str]) -> str:
    """Name without forbidden characters, at most 31 long, unique whatever the case."""
    plain = _FORBIDDEN.sub("-", name)
    short, number = plain[:SHEET_NAME], 2
    while short.lower() in taken:
        tail = f"-{number}"
        short, number = plain[: SHEET_NAME - len(tail)] + tail, number + 1
    taken.add(short.lower())
    return short
