"""The values: one small CSV per indicator below ``data/werte/``, read once per content.

Columns ``ags,jahr,wert,zeichen``; ``zeichen`` keeps the publisher's symbol where there is no number:
``.`` secret or unknown, ``…`` later, ``/`` not reliable, ``x`` not meaningful. A true zero is 0; a missing key is
not published. Rates that rest on few people are hidden here, for all views (``small_numbers``).
Not in here: what an indicator means (``catalogue``), import (``deliveries``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pandas as pd

from kreisbericht import lineage, small_numbers
from kreisbericht.catalogue import find_indicator
from kreisbericht.errors import DataError
from kreisbericht.paths import data_dir

SYMBOLS = {
    ".": "Zahlenwert unbekannt oder geheim zu halten",
    "…": "Angabe fällt später an",
    "/": "Zahlenwert nicht sicher genug",
    "x": "Angabe nicht sinnvoll",
}
COLUMNS = ["ags", "jahr", "wert", "zeichen"]

_READS: dict[str, Path] = {}


def values_path(indicator_id: str) -> Path:
    """File of an indicator's values; ParameterError if the catalogue does not know it."""
    return data_dir() / find_indicator(indicator_id).file


def load_values(indicator_id: str, *, regions: Iterable[str] | None = None, until: int | None = None) -> pd.DataFrame:
    """All values of an indicator, long form.

    Parameters
    ----------
    regions
        Keys to keep; None keeps all.
    until
        Last year to keep; None keeps all.

    Returns
    -------
    DataFrame ``ags`` (string), ``jahr`` (int64), ``wert`` (float64, unit of the catalogue), ``zeichen`` (string,
    empty where there is a number), sorted by ags and jahr. A copy, safe to change.

    Raises
    ------
    ParameterError
        If the catalogue does not know the indicator.
    DataError
        If its file is missing or unreadable.
    """
    table = _table(indicator_id)
    if regions is not None:
        table = table[table["ags"].isin(list(regions))]
    if until is not None:
        table = table[table["jahr"] <= until]
    return table.reset_index(drop=True)


def series(indicator_id: str, ags: str, *, until: int | None = None) -> pd.Series:
    """Series of one region: index ``jahr`` (int), float, NaN where a symbol stands; empty if nothing is published."""
    table = load_values(indicator_id, regions=[ags], until=until)
    return pd.Series(table["wert"].to_numpy(), index=pd.Index(table["jahr"], name="jahr"), name=indicator_id)


def cross_section(indicator_id: str, year: int, ags_list: Iterable[str] | None = None) -> pd.Series:
    """Values of one year: index ``ags`` in the order asked for, NaN where nothing is published.

    Without ``ags_list`` all regions that have a row in that year, in order of key.
    """
    table = _table(indicator_id)
    found = table[table["jahr"] == year].set_index("ags")["wert"].rename(indicator_id)
    return found if ags_list is None else found.reindex(pd.Index(list(ags_list), name="ags"))


def years(indicator_id: str, ags: str | None = None) -> list[int]:
    """Years with a number, of one region or of any, ascending."""
    table = _table(indicator_id)
    if ags is not None:
        table = table[table["ags"] == ags]
    return sorted(int(year) for year in table.loc[table["wert"].notna(), "jahr"].unique())


def latest_year(indicator_id: str, ags: str, *, until: int | None = None) -> int | None:
    """Newest year with a number for the region, not after ``until``; None if there is none."""
    found = [year for year in years(indicator_id, ags) if until is None or year <= until]
    return found[-1] if found else None


def reads() -> list[tuple[str, str]]:
    """Indicators read in this process with the SHA-256 of their file: the lineage of a chapter, sorted by id."""
    return [(name, hashlib.sha256(path.read_bytes()).hexdigest()) for name, path in sorted(_READS.items())]


def forget_reads() -> None:
    """Start a new record of what is read (a forked kernel begins with its parent's)."""
    _READS.clear()


def _table(indicator_id: str) -> pd.DataFrame:
    """Values as views may show them: small rates hidden."""
    path = _existing_path(indicator_id)
    _READS[indicator_id] = path
    lineage.note_read(indicator_id)
    needed = small_numbers.sources_of(find_indicator(indicator_id))
    deciding = [*(values_path(name) for name in needed), small_numbers.rules_file()]
    files = [path, *(file for file in deciding if file.is_file())]
    return _shown_values(indicator_id, tuple(_stamp(file) for file in files))


def _published(indicator_id: str) -> pd.DataFrame:
    """Values as published, for the rule on small numbers; empty where the file is missing: then the base is unknown."""
    path = values_path(indicator_id)
    return _read_values(*_stamp(path)) if path.is_file() else pd.DataFrame(columns=COLUMNS)


def _existing_path(indicator_id: str) -> Path:
    path = values_path(indicator_id)
    if not path.is_file():
        raise DataError(
            f"{path}: Die Werte zum Indikator '{indicator_id}' fehlen. Er steht im Katalog, seine Datei nicht in "
            "data/werte. Bitte die Lieferung importieren oder das Verzeichnis data/ vollständig herstellen."
        )
    return path


def _stamp(path: Path) -> tuple[Path, int, int]:
    status = path.stat()
    return path, status.st_mtime_ns, status.st_size


@lru_cache(maxsize=512)
def _shown_values(indicator_id: str, files: tuple[tuple[Path, int, int], ...]) -> pd.DataFrame:
    indicator = find_indicator(indicator_id)
    return small_numbers.hide_small_rates(indicator, _read_values(*files[0]), _published)


@lru_cache(maxsize=512)
def _read_values(path: Path, _mtime: int, _size: int) -> pd.DataFrame:
    try:
        table = pd.read_csv(
            path, dtype={"ags": str, "jahr": "int64", "wert": "float64", "zeichen": str}, keep_default_na=False,
            na_values={"wert": [""]},
        )  # fmt: skip
    except (ValueError, OverflowError) as error:
        raise DataError(
            f"{path}: Die Werte sind nicht lesbar ({error}). Erwartet werden die Spalten ags, jahr, wert, zeichen mit "
            "Dezimalpunkt. Bitte die Lieferung neu importieren; es wurde nichts verändert."
        ) from error
    if list(table.columns) != COLUMNS:
        raise DataError(f"{path}: Spalten sind {', '.join(table.columns)}, erwartet werden {', '.join(COLUMNS)}.")
    return table
