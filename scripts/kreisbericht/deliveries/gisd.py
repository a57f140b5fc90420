"""German Index of Socioeconomic Deprivation (GISD) of the Robert Koch-Institut: comma-separated, decimal point.

The file is long already; quintiles and other classes beside the score are left to the publisher's readers.
"""

from __future__ import annotations

import io
import re

import numpy as np
import pandas as pd

from kreisbericht.deliveries.cells import parse_keys, parse_year, refuse_duplicates
from kreisbericht.deliveries.model import CELL_COLUMNS, Delivery
from kreisbericht.deliveries.source import UNTOUCHED, Source
from kreisbericht.errors import DataError

_HEADER = re.compile(r'"?(kreis|gvb|gemeinde)_id"?,"?\1_name"?,"?year"?,"?gisd_score"?')


def is_gisd(text: str) -> bool:
    """Does the text open with the header of a GISD release?"""
    return bool(_HEADER.match(text))


def parse_gisd(source: Source) -> Delivery:
    """Read one GISD release file (districts, municipal associations or municipalities).

    The release of one Land is scaled within that Land and is no part of the German series: its ``merkmal`` says so.

    Raises
    ------
    DataError
        Truncated file, scores that are no numbers (a decimal comma among them), keys without leading zero.
    """
    name = source.path.name
    level = _HEADER.match(source.text)[1]
    frame = _read_scores(source.text, name)
    keys = parse_keys(frame[f"{level}_id"], frame["zeile"], name)
    one_land = keys.str[:2].nunique() == 1 and "gisd_5" not in frame
    cells = pd.DataFrame(
        {
            "merkmal": f"gisd_score | {level}" + (" | je Land berechnet" if one_land else ""),
            "einheit": "",
            "ags": keys,
            "gebiet": frame[f"{level}_name"],
            "jahr": frame["year"],
            "wert": frame["gisd_score"],
            "zeichen": "",
            "strich": False,
            "zeile": frame["zeile"],
            "spalte": "gisd_score",
        }
    )
    cells = refuse_duplicates(cells[CELL_COLUMNS], name)
    return Delivery(
        source.path, source.sha256, "gisd", "GISD", "German Index of Socioeconomic Deprivation", None, cells
    )


def _read_scores(text: str, name: str) -> pd.DataFrame:
    """All columns as strings, ``gisd_score`` float, ``year`` int, ``zeile`` the row of the file."""
    try:
        frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    except pd.errors.ParserError as error:
        raise DataError(f"{name}: Die Zeilen haben verschieden viele Spalten ({error}). {UNTOUCHED}") from error
    frame["zeile"] = np.arange(2, len(frame) + 2)
    score = pd.to_numeric(
        frame["gisd_score"].where(frame["gisd_score"].str.fullmatch(r"-?\d+(\.\d+)?")), errors="coerce"
    )
    years = frame["year"].map(parse_year)
    wrong = score.isna() | years.isna()
    if wrong.any():
        row = frame[wrong].iloc[0]
        raise DataError(
            f"{name}: Zeile {row['zeile']}, Spalte 'gisd_score': '{row['gisd_score']}' im Jahr '{row['year']}' ist "
            f"nicht lesbar ({int(wrong.sum())} Zeilen). Die Datei ist abgeschnitten oder wurde geändert. {UNTOUCHED}"
        )
    return frame.assign(gisd_score=score, year=years.astype(int))
