"""The district's own workbooks: recognised by the mark on sheet *Anleitung*, read from sheet *Angaben*.

An empty cell is "not recorded" and stays absent; 0 is none; ``.`` keeps a number secret.
"""

from __future__ import annotations

import re
from datetime import date, datetime

import pandas as pd

from kreisbericht.deliveries.cells import parse_keys, parse_values, parse_year, refuse_duplicates
from kreisbericht.deliveries.model import CELL_COLUMNS, Delivery
from kreisbericht.deliveries.source import UNTOUCHED, Source
from kreisbericht.deliveries.template_fields import MARK, TEMPLATES
from kreisbericht.errors import DataError, nearest
from kreisbericht.forms import Template
from kreisbericht.strategy.checks import EVERYWHERE, Row
from kreisbericht.strategy.tables import check_delivery, strategy_dir

HEAD_ROW = 3  # rows 1–2: title and hint
REGION, YEAR = "Gebiet", "Jahr"


def is_template(source: Source) -> bool:
    """Does sheet *Anleitung* carry the mark of our templates?"""
    return bool(_mark(source))


def parse_template(source: Source) -> Delivery:
    """Read one filled-in template.

    Returns
    -------
    Delivery of family ``vorlage``; ``table`` is the template, ``merkmal`` the column heading; offers and measures
        and the other tables of the strategy come as ``records`` (German ASCII column names), with ``gebiet``.

    Raises
    ------
    DataError
        Formulas, changed headings, a choice that is not on the list, unreadable cells, duplicate rows.
    """
    template = TEMPLATES[_mark(source)]
    name = f"{source.path.name} (Blatt 'Angaben')"
    rows = source.sheet("Angaben")
    head = [str(cell).strip().rstrip("*").strip() for cell in rows[HEAD_ROW - 1]]
    _check_head(head, template, name)
    body = [(i, row) for i, row in enumerate(rows[HEAD_ROW:], HEAD_ROW + 1) if any(str(c).strip() for c in row)]
    if not body:
        raise DataError(f"{name}: Zeile {HEAD_ROW + 1}: Die Vorlage ist noch leer. {UNTOUCHED}")
    if template.records:
        records = _read_records(template, head, body, name)
        empty = pd.DataFrame(columns=CELL_COLUMNS)
        return Delivery(source.path, source.sha256, "vorlage", template.id, template.title, None, empty, (), records)
    at = pd.Series([number for number, _ in body])
    keys = parse_keys(pd.Series([_key(row[0]) for _, row in body]), at, name)
    cells = _read_cells(head, body, keys, name)
    return Delivery(source.path, source.sha256, "vorlage", template.id, template.title, None, cells)


def _mark(source: Source) -> str:
    names = source.workbook.sheet_names
    if not {"Anleitung", "Angaben"} <= set(names):
        return ""
    rows = source.workbook.get_sheet_by_name("Anleitung").to_python(nrows=2)
    found = re.match(rf"{MARK}: (\w+)", str(rows[0][0])) if rows else None
    return found[1] if found and found[1] in TEMPLATES else ""


def _check_head(head: list[str], template: Template, name: str) -> None:
    fixed = [REGION] if template.records else [REGION, YEAR]
    expected = [*fixed, *(field.heading for field in template.fields)]
    missing = [heading for heading in expected if heading not in head]
    if missing:
        raise DataError(
            f"{name}: Zeile {HEAD_ROW}: Die Spalte '{missing[0]}' fehlt.{nearest(missing[0], [h for h in head if h])} "
            f"Bitte die Überschriften der Vorlage nicht ändern und Zellen nicht verbinden. {UNTOUCHED}"
        )


def _key(cell: object) -> str:
    """Leading key of ``160650001 Sondershausen``."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    return text.split(" ")[0]


def _read_cells(head: list[str], body: list, keys: pd.Series, name: str) -> pd.DataFrame:
    at = pd.Series([number for number, _ in body])
    years = [parse_year(str(row[head.index(YEAR)])) for _, row in body]
    for (number, row), year in zip(body, years, strict=True):
        if year is None:
            raise DataError(
                f"{name}: Zeile {number}, Spalte 'Jahr': '{row[head.index(YEAR)]}' ist kein Jahr. {UNTOUCHED}"
            )
    names = [str(row[0]).strip().partition(" ")[2] for _, row in body]
    parts = [
        pd.DataFrame(
            {
                "merkmal": heading, "einheit": "", "ags": keys, "gebiet": names, "jahr": years, "zeile": at,
                "spalte": heading, "text": pd.Series([row[column] for _, row in body], dtype=object),
            }
        )
        for column, heading in enumerate(head)
        if heading and heading not in (REGION, YEAR)
    ]  # fmt: skip
    cells = parse_values(pd.concat(parts, ignore_index=True), name)
    negative = cells[cells["wert"] < 0]
    if len(negative):
        first = negative.iloc[0]
        raise DataError(f"{name}: Zeile {first['zeile']}, Spalte '{first['spalte']}': negative Anzahl. {UNTOUCHED}")
    return refuse_duplicates(cells[CELL_COLUMNS], name)


def _read_records(template: Template, head: list[str], body: list, name: str) -> pd.DataFrame:
    """Rows of the strategy's tables, all problems named at once."""
    rows = []
    for number, row in body:
        cells = {field.column: _plain(row[head.index(field.heading)]) for field in template.fields}
        rows.append(Row(name, number, {"gebiet": _key(row[0])} | cells))
    folders = {strategy_dir(row["gebiet"]) for row in rows}
    check_delivery(template.id, rows, folders.pop() if len(folders) == 1 else strategy_dir(EVERYWHERE))
    return pd.DataFrame([dict(row.cells) for row in rows])


def _plain(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (date, datetime)):
        return cell.strftime("%Y-%m-%d")
    return str(cell).strip()
