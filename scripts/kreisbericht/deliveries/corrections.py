"""Corrections of publishers' values (``data/korrekturen.csv``): applied while the source still has the error.

Columns ``indikator,ags,jahr,falsch,richtig,grund,beleg,status,datum``; ``falsch`` and ``richtig`` are a number (decimal
point) or a symbol. When the source delivers another value, the correction steps back, its status becomes
``quelle_berichtigt``, and ``check_data`` fails until a person has looked.
"""

from __future__ import annotations

import math

import pandas as pd

from kreisbericht.paths import data_dir

KEY = ["indikator", "ags", "jahr"]


def load_corrections() -> pd.DataFrame:
    """All rows as strings; empty where the file is missing."""
    path = data_dir() / "korrekturen.csv"
    if not path.is_file():
        return pd.DataFrame(columns=[*KEY, "falsch", "richtig", "grund", "beleg", "status", "datum"], dtype=str)
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def apply_corrections(values: pd.DataFrame, corrections: pd.DataFrame) -> tuple[pd.DataFrame, list[int], list[str]]:
    """Replace known errors of the source.

    Parameters
    ----------
    values
        ``indikator, ags, jahr, wert, zeichen`` and more columns.
    corrections
        From ``load_corrections``.

    Returns
    -------
    (values, positions of corrections the source has made superfluous, German notes)
    """
    active = corrections[corrections["status"] == "aktiv"]
    if active.empty or values.empty:
        return values, [], []
    values, mended, notes = values.copy(), [], []
    index = pd.MultiIndex.from_frame(values[KEY].astype({"jahr": str}))
    for position, row in active.iterrows():
        for place in index.get_indexer_for([tuple(row[KEY])]):
            if place < 0:
                continue
            number, sign = values["wert"].iat[place], values["zeichen"].iat[place]
            where = f"{row['indikator']}, {row['ags']}, {row['jahr']}"
            if _equals(row["falsch"], number, sign):
                new_number, new_sign = _parse(row["richtig"])
                values.iloc[place, values.columns.get_loc("wert")] = new_number
                values.iloc[place, values.columns.get_loc("zeichen")] = new_sign
                notes.append(f"Korrektur angewandt: {where} ({row['grund']}).")
            else:
                mended.append(position)
                notes.append(f"Die Quelle hat {where} geändert; die Korrektur gilt nicht mehr und ist zu prüfen.")
    return values, mended, notes


def _parse(text: str) -> tuple[float, str]:
    try:
        return float(text), ""
    except ValueError:
        return math.nan, text


def _equals(text: str, number: float, sign: str) -> bool:
    expected, expected_sign = _parse(text)
    if sign or expected_sign:
        return sign == expected_sign
    return math.isclose(expected, number, rel_tol=1e-9, abs_tol=1e-9)
