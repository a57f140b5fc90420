"""Regions in a delivery: which exist, which are dissolved, which this data package does not keep.

``-`` of an existing region is a true zero; ``-`` or a symbol of a region that did not exist that year is
nothing at all.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kreisbericht.deliveries.source import UNTOUCHED
from kreisbericht.errors import DataError, nearest
from kreisbericht.regions import load_regions

CITY_STATES = {"02": "02000", "11": "11000"}
BOROUGHS = "11"  # Berlin's Bezirke have keys of their own below a district that does not exist


def settle_regions(values: pd.DataFrame, name: str) -> tuple[pd.DataFrame, list[str]]:
    """Keep the rows of regions that existed, name the rest.

    Parameters
    ----------
    values
        Columns of ``mapping.VALUE_COLUMNS``.
    name
        File name for messages.

    Returns
    -------
    (rows kept, German notes). Numbers of a region outside its years are kept and noted: publishers count
        some figures on the old territory.

    Raises
    ------
    DataError
        If a key with numbers is no region of ``data/gebiete.csv`` (regions of the register's own level).
    """
    regions = load_regions().set_index("ags")
    notes: list[str] = []
    number = (values["zeichen"] == "") & ~values["strich"]
    known = values["ags"].isin(regions.index)
    counted = set(values.loc[number & ~known, "ags"])
    foreign = {ags for ags in counted if _is_kept_elsewhere(ags, regions)}
    _refuse_unknown(values[number & ~known & ~values["ags"].isin(foreign)], regions, name)
    if foreign:
        notes.append(f"{len(foreign)} Gebiete unterhalb der Kreise oder Regierungsbezirke werden nicht geführt.")
    empty = set(values.loc[~known, "ags"]) - counted
    exists = known & _exists(values, regions) & ~_is_counted_elsewhere(values, regions)
    gone = set(values.loc[known & ~exists & ~number, "ags"]) | empty
    if gone:
        notes.append(f"{len(gone)} aufgelöste oder umgebildete Gebiete ohne Zahlen: nicht übernommen (keine Null).")
    late = known & ~exists & number
    if late.any():
        some = values[late].iloc[0]
        notes.append(
            f"{int(late.sum())} Werte für Gebiete, die am Jahresende nicht bestanden "
            f"(z. B. {some['gebiet']}, {some['jahr']})."
        )
    notes += _note_dashes(values[exists])
    return _repeat_city_states(values[exists | late].reset_index(drop=True)), notes


def _exists(values: pd.DataFrame, regions: pd.DataFrame) -> pd.Series:
    """Whether each row's region existed on 31 December of its year."""
    first = pd.to_numeric(regions["gueltig_von"], errors="coerce").fillna(0)
    last = pd.to_numeric(regions["gueltig_bis"], errors="coerce").fillna(9999)
    year = values["jahr"].to_numpy()
    begin = values["ags"].map(first).to_numpy(dtype="float64")
    end = values["ags"].map(last).to_numpy(dtype="float64")
    with np.errstate(invalid="ignore"):
        return pd.Series((begin <= year) & (year <= end), index=values.index)


def _is_counted_elsewhere(values: pd.DataFrame, regions: pd.DataFrame) -> pd.Series:
    """Rows of reformed regions with nothing but dashes in a year, even one in which they existed.

    Publishers recount some tables on the later territory: Eisenach has ``-`` taxpayers in 2018, which is no zero.
    """
    reformed = regions.index[(regions["gueltig_von"] != "") | (regions["gueltig_bis"] != "")]
    rows = values.index[values["ags"].isin(reformed)]
    part = values.loc[rows]
    empty = (part["strich"] | (part["zeichen"] != "")).groupby([part["ags"], part["jahr"]]).transform("all")
    return pd.Series(False, index=values.index) | empty.reindex(values.index, fill_value=False)


def _is_kept_elsewhere(ags: str, regions: pd.DataFrame) -> bool:
    """Regierungsbezirke, and municipalities of districts whose municipalities the register does not list."""
    if len(ags) == 3:
        return True
    if len(ags) <= 5:
        return False
    own = regions.index.str.startswith(ags[:5]) & (regions.index.str.len() == len(ags))
    parent = ags[:5] in regions.index or ags.startswith(BOROUGHS)
    return parent and (not own.any() or ags[5:].strip("0") == "")


def _note_dashes(values: pd.DataFrame) -> list[str]:
    """A warning where many existing regions hold nothing but dashes: the publisher may mean "not shown"."""
    blocks = values.groupby(["ags", "jahr"])["strich"].all()
    if len(blocks) < 20 or blocks.mean() < 0.1:
        return []
    return [
        f"{int(blocks.sum())} von {len(blocks)} Gebieten haben nur '-' und werden als 0 übernommen. Meint der "
        "Herausgeber 'nicht dargestellt', in data/zuordnung.csv strich = fehlt setzen."
    ]


def _repeat_city_states(values: pd.DataFrame) -> pd.DataFrame:
    """Hamburg and Berlin are Land and district at once; publishers print them once, as Land."""
    there = set(values["ags"])
    copies = [
        values[values["ags"] == land].assign(ags=district)
        for land, district in CITY_STATES.items()
        if land in there and district not in there
    ]
    return pd.concat([values, *copies], ignore_index=True) if copies else values


def _refuse_unknown(rows: pd.DataFrame, regions: pd.DataFrame, name: str) -> None:
    if rows.empty:
        return
    first = rows.iloc[0]
    keys = list(dict.fromkeys(rows["ags"]))
    names = regions["name"][regions.index.str.len() == len(first["ags"])]
    raise DataError(
        f"{name}: Zeile {first['zeile']}, Spalte 'Schlüssel': {first['ags']} ({first['gebiet']}) steht nicht "
        f"im Gebietsverzeichnis ({len(keys)} unbekannte: {', '.join(keys[:3])}).{nearest(first['gebiet'], names)} "
        "Nach einer Gebietsreform bitte zuerst data/gebiete.csv ergänzen (Schlüssel, Name, Vorgänger); "
        f"sonst ist der Schlüssel falsch geschrieben. {UNTOUCHED}"
    )
