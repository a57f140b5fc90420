"""The values: one small CSV per indicator below ``data/werte/``, read once per content.

Columns ``ags,jahr,wert,zeichen``; ``zeichen`` keeps the publisher's symbol where there is no number:
``.`` secret or unknown, ``…`` later, ``/`` not reliable, ``x`` not meaningful. A true zero is 0; a missing key is
not published. Rates that rest on few people are hidden here, for all views (``small_numbers``).

Two rules on who may see what hold here, in :func:`_rows`, for every function:
invented keys (``sample``) are read from ``data/eigene/muster`` only and appear only where they are asked for by key;
the district's own surveys (``Indicator.own``, ``data/eigene/werte``) answer for one district at a time.
Not in here: what an indicator means (``catalogue``), import (``deliveries``).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from kreisbericht import lineage, small_numbers
from kreisbericht.catalogue import find_indicator
from kreisbericht.errors import DataError
from kreisbericht.paths import data_dir
from kreisbericht.sample import is_sample, sample_dir, split_keys

SYMBOLS = {
    ".": "Zahlenwert unbekannt oder geheim zu halten",
    "…": "Angabe fällt später an",
    "/": "Zahlenwert nicht sicher genug",
    "x": "Angabe nicht sinnvoll",
}
COLUMNS = ["ags", "jahr", "wert", "zeichen"]


class _Table(NamedTuple):
    """Rows of one file, and where those of each key stand."""

    rows: pd.DataFrame
    places: dict[str, range]


_READS: dict[str, dict[Path, None]] = {}


def values_path(indicator_id: str, *, sample: bool = False) -> Path:
    """File of an indicator's values (or of those of the sample district); ParameterError if it is unknown."""
    indicator = find_indicator(indicator_id)
    return sample_dir() / "werte" / f"{indicator.id}.csv" if sample else data_dir() / indicator.file


@lineage.question
def load_values(
    indicator_id: str, *, regions: Iterable[str] | None = None, until: int | None = None,
    years: Iterable[int] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """All values of an indicator, long form.

    Parameters
    ----------
    regions
        Keys to keep; None keeps all real ones. Of the district's own surveys only the first district's keys are kept.
    until
        Last year to keep; None keeps all.
    years
        Years to keep; None keeps all.

    Returns
    -------
    DataFrame ``ags`` (string), ``jahr`` (int64), ``wert`` (float64, unit of the catalogue), ``zeichen`` (string,
    empty where there is a number), sorted by ags and jahr. A copy, safe to change.

    Raises
    ------
    ParameterError
        If the catalogue does not know the indicator.
    DataError
        If its file is missing (own surveys: then the table is empty) or unreadable.
    """
    table = _rows(indicator_id, regions)
    if until is not None:
        table = table[table["jahr"].to_numpy() <= until]
    if years is not None:
        table = table[np.isin(table["jahr"].to_numpy(), list(years))]
    return table.reset_index(drop=True)


@lineage.question
def series(indicator_id: str, ags: str, *, until: int | None = None) -> pd.Series:
    """Series of one region: index ``jahr`` (int), float, NaN where a symbol stands; empty if nothing is published."""
    table = _rows(indicator_id, [ags])
    found, values = table["jahr"].to_numpy(), table["wert"].to_numpy()
    told = slice(None) if until is None else found <= until
    return pd.Series(values[told], index=pd.Index(found[told], name="jahr"), name=indicator_id)


@lineage.question
def cross_section(indicator_id: str, year: int, ags_list: Iterable[str] | None = None) -> pd.Series:
    """Values of one year: index ``ags`` in the order asked for, NaN where nothing is published.

    Without ``ags_list`` all real regions that have a row in that year, in order of key.
    """
    keys = None if ags_list is None else list(ags_list)
    table = _rows(indicator_id, keys)
    table = table[table["jahr"].to_numpy() == year]
    if keys is None:
        return table.set_index("ags")["wert"].rename(indicator_id)
    found = dict(zip(table["ags"].to_list(), table["wert"].to_list(), strict=True))
    values = [found.get(key, math.nan) for key in keys]
    return pd.Series(values, index=pd.Index(keys, name="ags"), name=indicator_id, dtype="float64")


@lineage.question
def years(indicator_id: str, ags: str | None = None) -> list[int]:
    """Years with a number, of one region or of any real one, ascending."""
    table = _rows(indicator_id, None if ags is None else [ags])
    return np.unique(table["jahr"].to_numpy()[~np.isnan(table["wert"].to_numpy())]).tolist()


@lineage.question
def latest_year(indicator_id: str, ags: str, *, until: int | None = None) -> int | None:
    """Newest year with a number for the region, not after ``until``; None if there is none."""
    found = [year for year in years(indicator_id, ags) if until is None or year <= until]
    return found[-1] if found else None


def reads() -> list[tuple[str, str]]:
    """Indicators read in this process with the SHA-256 of their file(s): the lineage of a chapter, sorted by id."""
    contents = {name: b"".join(path.read_bytes() for path in paths) for name, paths in sorted(_READS.items())}
    return [(name, hashlib.sha256(content).hexdigest()) for name, content in contents.items()]


def indicators_read() -> list[str]:
    """Indicators read in this process, sorted."""
    return sorted(_READS)


def forget_reads() -> None:
    """Start a new record of what is read (a forked kernel begins with its parent's)."""
    _READS.clear()
    lineage.forget()


@lineage.question
def covered_keys(indicator_id: str, prefix: str) -> list[str]:
    """Real regions below a key that have a row, in order."""
    return [key for key in _table(indicator_id).places if key.startswith(prefix)]


@lineage.question
def covers_districts(indicator_id: str) -> bool:
    """Whether any district has a row."""
    return bool((_rows(indicator_id, None)["ags"].str.len() == 5).any())


def _rows(indicator_id: str, keys: Iterable[str] | None) -> pd.DataFrame:
    """Rows of the keys asked for (None: all real ones), in the order of the files: real, then invented."""
    if keys is None:
        return _table(indicator_id).rows
    real, invented = split_keys(keys)
    if find_indicator(indicator_id).own:
        real = _of_first_district(real)
    table = _pick(_table(indicator_id), real)
    if not invented:
        return table
    made_up = _pick(_table(indicator_id, sample=True), invented)
    return pd.concat([table, made_up]) if len(table) else made_up


def _of_first_district(keys: list[str]) -> list[str]:
    """Keys in the district of the first one: own surveys are compared with no other district's."""
    first = next((key[:5] for key in keys if len(key) >= 5), "")
    return [key for key in keys if first and key.startswith(first)]


def _pick(table: _Table, keys: Iterable[str]) -> pd.DataFrame:
    """Rows of some keys, in the order of the file; looked up by place, as comparing each key with all takes long."""
    found = [table.places[key] for key in set(keys) if key in table.places]
    if len(found) == 1:
        return table.rows.iloc[found[0].start : found[0].stop]
    return table.rows.take([place for run in sorted(found, key=lambda run: run.start) for place in run])


@lineage.settled
def _table(indicator_id: str, *, sample: bool = False) -> _Table:
    """Values as views may show them: small rates hidden; real keys, or those of the sample district."""
    path = values_path(indicator_id, sample=sample)
    if not lineage.exists(path):
        _refuse_missing(indicator_id, path, sample=sample)
        return _Table(_empty(), {})
    _READS.setdefault(indicator_id, {})[path] = None
    lineage.note_read(indicator_id)
    needed = small_numbers.sources_of(find_indicator(indicator_id))
    deciding = [*(values_path(name, sample=sample) for name in needed), small_numbers.rules_file()]
    files = [path, *(file for file in deciding if lineage.exists(file))]
    return _shown_values(indicator_id, sample, tuple(lineage.stamp(file) for file in files))


@lineage.question
def load_published(indicator_id: str, *, regions: Iterable[str] | None = None, sample: bool = False) -> pd.DataFrame:
    """Values as published, small rates too: for bases and sums, never to be shown; empty without a file.

    ``regions`` are the keys to keep; None keeps all.
    """
    table = _published(indicator_id, sample=sample)
    return table if regions is None else table[table["ags"].isin(list(regions))]


def _published(indicator_id: str, *, sample: bool) -> pd.DataFrame:
    path = values_path(indicator_id, sample=sample)
    return _read_values(*lineage.stamp(path)) if lineage.exists(path) else _empty()


def _refuse_missing(indicator_id: str, path: Path, *, sample: bool) -> None:
    """Official values must be there; own surveys and invented values need not."""
    if sample or find_indicator(indicator_id).own:
        return
    raise DataError(
        f"{path}: Die Werte zum Indikator '{indicator_id}' fehlen. Er steht im Katalog, seine Datei nicht in "
        "data/werte. Bitte die Lieferung importieren oder das Verzeichnis data/ vollständig herstellen."
    )


def _empty() -> pd.DataFrame:
    types = {"ags": "str", "jahr": "int64", "wert": "float64", "zeichen": "str"}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()})


@lru_cache(maxsize=512)
def _shown_values(indicator_id: str, sample: bool, files: tuple[tuple[Path, int, int], ...]) -> _Table:
    table = _read_values(*files[0])
    keys = table["ags"].to_list()
    if any(is_sample(ags) != sample for ags in dict.fromkeys(keys)):  # whoever put a row into the wrong file
        table = table[[is_sample(ags) == sample for ags in keys]]
    table = small_numbers.hide_small_rates(find_indicator(indicator_id), table, partial(_published, sample=sample))
    places = _find_places(table["ags"].to_list())
    if places is None:
        table = table.sort_values("ags", kind="stable")
        places = _find_places(table["ags"].to_list())
    return _Table(table, places or {})


def _find_places(keys: list[str]) -> dict[str, range] | None:
    """Places of the rows of each key; None where they do not stand together."""
    column = np.array(keys, dtype=object)
    starts = [0, *(np.flatnonzero(column[1:] != column[:-1]) + 1).tolist()] if keys else []
    places = {keys[start]: range(start, end) for start, end in zip(starts, [*starts[1:], len(keys)], strict=True)}
    return places if len(places) == len(starts) else None


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
