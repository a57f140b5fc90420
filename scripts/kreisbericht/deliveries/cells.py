"""Single cells of official tables: numbers, symbols, years and keys. The same rules for every family.

``-`` and ``–`` mean "nothing" and are a true zero; ``.`` secret or unknown, ``…`` later, ``x`` not meaningful,
``/`` unreliable (Statistische Ämter des Bundes und der Länder, Zeichenerklärung).
"""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd

from kreisbericht.deliveries.source import UNTOUCHED
from kreisbericht.errors import DataError

DASHES = {"-", "–", "—"}
SYMBOLS = {".": ".", "...": "…", "…": "…", "x": "x", "X": "x", "/": "/", "*": "."}
KEY_LENGTHS = {2, 3, 5, 8, 9, 12}
LOST_ZERO_LENGTHS = {1, 4, 7, 11}

_NUMBER = re.compile(r"[-+−]?\d+(?:,\d+)?\Z")
_BRACKETED = re.compile(r"\(([-+−]?\d+(?:,\d+)?)\)\Z")
_YEAR = re.compile(r"(?:(?:Schuljahr|SJ|WS)\s*)?((?:19|20)\d{2})(?:/(?:\d{4}|\d{2}))?(?:\.0)?\Z")
_DATE = re.compile(r"(?:\d{1,2}\.\d{1,2}\.((?:19|20)\d{2})|((?:19|20)\d{2})-\d{2}-\d{2}(?:[ T].*)?)\Z")


def parse_year(text: str) -> int | None:
    """Year of ``2023``, ``31.12.2023``, ``2023-12-31`` or ``2022/23`` (its first year); None where it is none."""
    text = str(text).strip()
    found = _YEAR.match(text) or _DATE.match(text)
    return int(next(group for group in found.groups() if group)) if found else None


def parse_values(cells: pd.DataFrame, name: str) -> pd.DataFrame:
    """Add ``wert``, ``zeichen`` and ``strich`` to cells that carry the raw ``text``; drop empty ones.

    Parameters
    ----------
    cells
        Any columns and ``text`` (strings as in the file, or numbers from a workbook), ``zeile``, ``spalte``.
    name
        File name for messages.

    Raises
    ------
    DataError
        If a cell is neither number nor symbol; the first is named with row and column.
    """
    codes, uniques = pd.factorize(cells["text"])
    parsed = [_parse_cell(value) for value in uniques]
    wrong = np.array([item is None for item in parsed])[codes] if len(codes) else np.array([], dtype=bool)
    if wrong.any():
        _refuse_cells(cells[wrong], name)
    values = np.array([item[0] for item in parsed], dtype="float64")
    signs = np.array([item[1] for item in parsed], dtype=object)
    kinds = np.array([item[2] for item in parsed], dtype=object)
    out = cells.drop(columns="text")
    out["wert"], out["zeichen"], out["strich"] = values[codes], signs[codes], kinds[codes] == "strich"
    return out[kinds[codes] != "leer"].reset_index(drop=True)


def _parse_cell(value: object) -> tuple[float, str, str] | None:
    """(number, symbol, kind) of one cell; None where it cannot be read."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (float(value), "", "zahl") if not math.isnan(value) else (np.nan, "", "leer")
    text = str(value).replace("\u00a0", " ").strip()
    if not text:
        return np.nan, "", "leer"
    if text in DASHES:
        return 0.0, "", "strich"
    if text in SYMBOLS:
        return np.nan, SYMBOLS[text], "zeichen"
    found = _BRACKETED.match(text)
    number = found[1] if found else text
    if _NUMBER.match(number):
        return float(number.replace(",", ".").replace("−", "-").replace("+", "")), "", "zahl"
    return None


def _refuse_cells(wrong: pd.DataFrame, name: str) -> None:
    first = wrong.iloc[0]
    text = str(first["text"]).strip()
    if text.startswith(("=", "+", "@")):
        cause = "Die Zelle enthält eine Formel. Bitte die Originaldatei laden oder als Werte speichern."
    elif re.fullmatch(r"[-+]?\d+\.\d+", text):
        cause = (
            "Hier steht ein Punkt, wo ein Dezimalkomma erwartet wird; ob Dezimal- oder Tausenderpunkt, ist nicht zu "
            "entscheiden. Bitte die Originaldatei in deutscher Sprache laden und nicht zwischendurch speichern."
        )
    else:
        cause = "Erwartet wird eine Zahl mit Dezimalkomma oder eines der Zeichen - . … x /."
    raise DataError(
        f"{name}: Zeile {first['zeile']}, Spalte '{first['spalte']}': '{text[:40]}' ist keine Zahl "
        f"({len(wrong)} solche Zellen). {cause} {UNTOUCHED}"
    )


def parse_keys(keys: pd.Series, rows: pd.Series, name: str) -> pd.Series:
    """Official keys as AGS: ``DG`` → ``00``, 12-digit ARS → AGS; refuses keys whose leading zero is lost.

    Parameters
    ----------
    keys, rows
        Keys as published and their rows in the file, aligned.
    """
    text = keys.astype(str).str.strip()
    unique = pd.Series(text.unique())
    lost = unique[unique.str.fullmatch(r"\d+") & unique.str.len().isin(LOST_ZERO_LENGTHS) & (unique != "0")]
    if len(lost):
        row = rows[text.isin(lost)].iloc[0]
        examples = ", ".join(f"'{key}'" for key in lost[:3])
        raise DataError(
            f"{name}: Zeile {row}, Spalte 'Schlüssel': {len(lost)} von {len(unique)} Schlüsseln haben eine Stelle "
            f"zu wenig (z. B. {examples}). Vermutlich hat eine Tabellenkalkulation führende Nullen entfernt. "
            f"Bitte die Originaldatei neu laden. {UNTOUCHED}"
        )
    known = {"DG": "00", "D": "00", "0": "00", "000000000000": "00"}
    mapping = {key: known.get(key) or _shorten_ars(key) for key in unique}
    wrong = [key for key, value in mapping.items() if not (value.isdigit() and len(value) in KEY_LENGTHS)]
    if wrong:
        row = rows[text == wrong[0]].iloc[0]
        raise DataError(
            f"{name}: Zeile {row}, Spalte 'Schlüssel': '{wrong[0][:30]}' ist kein amtlicher Gebietsschlüssel "
            f"({len(wrong)} solche). {UNTOUCHED}"
        )
    return text.map(mapping)


def _shorten_ars(key: str) -> str:
    """AGS of a 12-digit ARS; municipalities keep 8 digits, associations 9, districts 5, Länder 2."""
    if len(key) != 12 or not key.isdigit():
        return key
    if key[2:] == "0" * 10:
        return key[:2]
    if key[9:] != "000" or key[5:9] == "0000":
        return key[:5] + key[9:]
    return key[:9]


def refuse_duplicates(cells: pd.DataFrame, name: str) -> pd.DataFrame:
    """Drop repeated cells; refuse a key that stands twice with different values.

    Raises
    ------
    DataError
        Naming both rows; several reference days within one year are named as the likely cause.
    """
    key = ["merkmal", "ags", "jahr"]
    again = cells.duplicated(key, keep=False)
    if not again.any():
        return cells
    doubled = cells[again].sort_values([*key, "zeile"])
    content = doubled["wert"].map(repr) + doubled["zeichen"]
    differing = content.groupby([doubled[column] for column in key]).transform("nunique") > 1
    if differing.any():
        first = doubled[differing].iloc[0]
        pair = doubled[differing & (doubled[key] == first[key]).all(axis=1)]
        raise DataError(
            f"{name}: Zeilen {pair['zeile'].iloc[0]} und {pair['zeile'].iloc[-1]}, Spalte '{first['spalte']}': "
            f"Für {first['ags']} ({first['gebiet']}), {first['jahr']}, '{first['merkmal']}' stehen verschiedene Werte "
            f"({int(differing.sum())} Zellen betroffen). Möglich sind mehrere Stichtage in einem Jahr oder eine von "
            f"Hand zusammengefügte Datei; bitte auf einen Stichtag je Jahr einschränken. {UNTOUCHED}"
        )
    return cells.drop_duplicates(key)
