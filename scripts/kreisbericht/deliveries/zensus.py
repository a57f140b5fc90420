"""Regional tables of the Zensus 2022 (workbook): the sheets ``CSV-…`` meant for further processing."""

from __future__ import annotations

from datetime import date

import pandas as pd

from kreisbericht.deliveries.cells import parse_keys, parse_values, refuse_duplicates
from kreisbericht.deliveries.model import CELL_COLUMNS, Delivery
from kreisbericht.deliveries.source import UNTOUCHED, Source
from kreisbericht.errors import DataError

FIXED = ["Berichtszeitpunkt", "_RS", "Name", "Regionalebene"]
LEFT_OUT = {"Deutsche im Ausland"}


def find_zensus_sheets(source: Source) -> list[str]:
    """Names of the sheets ``CSV-…`` whose header has the regional key ``_RS``."""
    found = []
    for name in source.workbook.sheet_names:
        if name.startswith("CSV-"):
            rows = source.workbook.get_sheet_by_name(name).to_python(nrows=1)
            if rows and [str(cell) for cell in rows[0][:4]] == FIXED:
                found.append(name)
    return found


def parse_zensus(source: Source) -> Delivery:
    """Read the processing sheets of one regional table; ``merkmal`` is the column code, key ARS → AGS.

    Germany is the publisher's total with Germans abroad; where it has none (comparison with the projection), the row
    without them. Associations of one municipality repeat it and keep 9 digits.

    Raises
    ------
    DataError
        Cells that are no numbers, unknown keys, duplicates with different values.
    """
    parts = []
    for sheet in find_zensus_sheets(source):
        parts.append(_read_sheet(source.sheet(sheet), f"{source.path.name} (Blatt '{sheet}')"))
    cells = refuse_duplicates(pd.concat(parts, ignore_index=True), source.path.name)
    return Delivery(source.path, source.sha256, "zensus", "Zensus 2022", "Regionaltabelle", date(2024, 6, 25), cells)


def _read_sheet(rows: list[list], where: str) -> pd.DataFrame:
    head = [str(cell).strip() for cell in rows[0]]
    body = pd.DataFrame(rows[1:], columns=head)
    body["zeile"] = range(2, len(rows) + 1)
    body = body[(body["_RS"].astype(str) != "") & ~body["Regionalebene"].isin(LEFT_OUT)].reset_index(drop=True)
    if body.empty:
        raise DataError(f"{where}: Zeile 2: Die Tabelle enthält keine Werte. {UNTOUCHED}")
    common = pd.DataFrame(
        {
            "einheit": "",
            "ags": parse_keys(body["_RS"].astype(str), body["zeile"], where),
            "gebiet": body["Name"].astype(str).str.strip(),
            "jahr": body["Berichtszeitpunkt"].map(lambda cell: int(str(cell)[:4])),
            "zeile": body["zeile"],
        }
    )
    parts = [common.assign(merkmal=c, spalte=c, text=body[c].astype(object)) for c in head[4:] if c]
    cells = parse_values(pd.concat(parts, ignore_index=True), where)[CELL_COLUMNS]
    germany = cells[(cells["ags"] == "00") & ~cells["strich"]].drop_duplicates(["merkmal", "jahr"])
    return pd.concat([germany, cells[cells["ags"] != "00"]], ignore_index=True)
