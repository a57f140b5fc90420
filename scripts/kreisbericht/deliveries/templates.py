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
from kreisbericht.deliveries.template_fields import MARK, TEMPLATES, Field, Template
from kreisbericht.errors import DataError, nearest

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
        come as ``records`` (German ASCII column names), with ``gebiet`` as the key of the region.

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
    at = pd.Series([number for number, _ in body])
    keys = parse_keys(pd.Series([_key(row[0]) for _, row in body]), at, name)
    records = _read_records(template, head, body, keys, name) if template.records else None
    cells = pd.DataFrame(columns=CELL_COLUMNS) if template.records else _read_cells(head, body, keys, name)
    return Delivery(source.path, source.sha256, "vorlage", template.id, template.title, None, cells, (), records)


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


def _read_records(template: Template, head: list[str], body: list, keys: pd.Series, name: str) -> pd.DataFrame:
    rows = []
    for (number, row), key in zip(body, keys, strict=True):
        record = {"gebiet": key}
        for field in template.fields:
            record[column_name(field.heading)] = _read_field(field, row[head.index(field.heading)], number, name)
        rows.append(record)
    table = pd.DataFrame(rows)
    twice = table.duplicated(list(table.columns[:2]))
    if twice.any():
        number = body[int(twice.to_numpy().argmax())][0]
        raise DataError(f"{name}: Zeile {number}: Der Eintrag steht doppelt. {UNTOUCHED}")
    return table


def _read_field(field: Field, cell: object, number: int, name: str) -> str:
    text = _plain(cell)
    where = f"{name}: Zeile {number}, Spalte '{field.heading}'"
    if not text:
        if field.required:
            raise DataError(f"{where}: Die Angabe fehlt. {UNTOUCHED}")
        return ""
    if field.choices and text not in field.choices:
        raise DataError(f"{where}: '{text}' steht nicht zur Auswahl ({', '.join(field.choices)}). {UNTOUCHED}")
    if field.kind == "zahl" and not re.fullmatch(r"\d+([.,]\d+)?", text):
        raise DataError(f"{where}: '{text}' ist keine Zahl. {UNTOUCHED}")
    if field.kind == "jahr" and parse_year(text) is None:
        raise DataError(f"{where}: '{text}' ist kein Jahr. {UNTOUCHED}")
    return text


def _plain(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (date, datetime)):
        return cell.strftime("%Y-%m-%d")
    return str(cell).strip()


def column_name(heading: str) -> str:
    """German heading as an ASCII snake_case column: ``Kosten in Euro`` → ``kosten_in_euro``."""
    text = heading.lower()
    for sign, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(sign, plain)
    return re.sub(r"[^a-z0-9]+", "_", text).strip("_")
