"""What a delivery would change: new, equal, revised, older than what is there. Nothing is written here."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from kreisbericht.errors import DataError

STORE_TYPES = {"ags": str, "jahr": "int64", "wert": "float64", "zeichen": str}
STORE_COLUMNS = list(STORE_TYPES)
KEY = ["ags", "jahr"]


@dataclass(frozen=True)
class Change:
    """What happens to one indicator.

    ``merged`` is the whole table after the import; ``new``, ``revised`` and ``older`` are its affected rows
    (``revised`` and ``older`` with ``alt`` and ``alt_zeichen``); ``equal`` counts rows confirmed.
    """

    indicator: str
    path: Path
    merged: pd.DataFrame
    new: pd.DataFrame
    revised: pd.DataFrame
    older: pd.DataFrame
    equal: int
    before: pd.DataFrame = field(repr=False)

    @property
    def touched(self) -> bool:
        """Whether the file changes."""
        return bool(len(self.new) or len(self.revised))


def read_table(path: Path) -> pd.DataFrame:
    """Values file as ``ags, jahr, wert, zeichen``; empty where there is none yet."""
    if not path.is_file():
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in STORE_TYPES.items()})
    try:
        table = pd.read_csv(
            path, dtype=STORE_TYPES, keep_default_na=False,
            na_values={"wert": [""]},
        )  # fmt: skip
    except (ValueError, OverflowError) as error:
        raise DataError(
            f"{path}: Die vorhandenen Werte sind nicht lesbar ({error}). Es wurde nichts verändert."
        ) from error
    if list(table.columns) != STORE_COLUMNS:
        raise DataError(f"{path}: Erwartet werden die Spalten {', '.join(STORE_COLUMNS)}. Es wurde nichts verändert.")
    return table


def compare_values(
    indicator: str,
    path: Path,
    before: pd.DataFrame,
    incoming: pd.DataFrame,
    *,
    newest: dict[int, date],
    as_of: date | None,
) -> Change:
    """Compare one indicator's incoming values with those on disk.

    Parameters
    ----------
    before, incoming
        ``ags, jahr, wert, zeichen``, one row per key.
    newest
        Latest *Stand* already imported per year; a differing value of an older delivery does not replace it.
    as_of
        *Stand* of the incoming delivery.
    """
    both = incoming[STORE_COLUMNS].merge(
        before.rename(columns={"wert": "alt", "zeichen": "alt_zeichen"}), on=KEY, how="left", indicator="_wo"
    )
    there = both["_wo"] == "both"
    number = np.isclose(both["wert"], both["alt"], rtol=1e-9, atol=1e-12, equal_nan=True)
    same = there & number & (both["zeichen"] == both["alt_zeichen"])
    stale = pd.Series(False, index=both.index)
    if as_of is not None and newest:
        limit = both["jahr"].map(newest)
        stale = limit.notna() & (pd.to_datetime(limit) > pd.Timestamp(as_of))
    both = both.drop(columns="_wo")
    new, revised, older = both[~there], both[there & ~same & ~stale], both[there & ~same & stale]
    accepted = both[~there | (there & ~same & ~stale)][STORE_COLUMNS]
    return Change(
        indicator, path, _merge(before, accepted), new[STORE_COLUMNS], revised, older, int(same.sum()), before
    )


def _merge(before: pd.DataFrame, accepted: pd.DataFrame) -> pd.DataFrame:
    if accepted.empty:
        return before
    return pd.concat([before, accepted]).drop_duplicates(KEY, keep="last").sort_values(KEY).reset_index(drop=True)


def format_values(table: pd.DataFrame) -> str:
    """CSV text of a values file: integers without decimals, decimal point, sorted by key."""
    rows = [
        f"{ags},{jahr},{format_number(wert)},{zeichen}"
        for ags, jahr, wert, zeichen in table[STORE_COLUMNS].itertuples(index=False)
    ]
    return "\n".join([",".join(STORE_COLUMNS), *rows]) + "\n"


def format_number(value: float) -> str:
    """Shortest text of a number, '' for NaN: ``12.4``, ``73690``, ``0``."""
    if math.isnan(value):
        return ""
    return str(int(value)) if float(value).is_integer() else repr(round(float(value), 10))


def largest_changes(change: Change, limit: int = 5) -> pd.DataFrame:
    """Revised numbers with the largest relative change: ``ags, jahr, alt, wert, prozent``."""
    numbers = change.revised.dropna(subset=["wert", "alt"])
    numbers = numbers.assign(
        prozent=100 * (numbers["wert"] - numbers["alt"]) / numbers["alt"].where(numbers["alt"] != 0)
    )
    return numbers.reindex(numbers["prozent"].abs().sort_values(ascending=False).index)[:limit]


def largest_jumps(change: Change, limit: int = 5) -> pd.DataFrame:
    """New numbers that differ most from the year before: ``ags, jahr, vorjahr, wert, prozent``."""
    earlier = change.merged[["ags", "jahr", "wert"]].assign(jahr=lambda t: t["jahr"] + 1)
    pairs = change.new.merge(earlier.rename(columns={"wert": "vorjahr"}), on=KEY).dropna(subset=["wert", "vorjahr"])
    pairs = pairs[pairs["vorjahr"] != 0]
    pairs["prozent"] = 100 * (pairs["wert"] / pairs["vorjahr"] - 1)
    return pairs.reindex(pairs["prozent"].abs().sort_values(ascending=False).index)[:limit]
