"""Small numbers: a rate that rests on few people becomes a dot, once, before any view reads it.

The thresholds and what each rate rests on stand in ``data/kleine_zahlen.csv``; where the catalogue names numerator and
denominator, these counts decide. ``store`` calls :func:`hide_small_rates` for every table, so a table shows a dot, a
map a hatching, and sentences, alternative texts and downloads have the same gap. A true zero among enough people is
no secret and stays. Not in here: counts (the publishers keep theirs secret themselves) and secondary suppression (the
rates are published, hiding them is caution, not secrecy).
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from kreisbericht import lineage, regions
from kreisbericht.catalogue import Indicator, find_indicator
from kreisbericht.errors import DataError
from kreisbericht.numbers import format_number
from kreisbericht.paths import data_dir

HIDDEN = "."  # the symbol of a value that is unknown or kept secret
FILE = "kleine_zahlen.csv"
COLUMNS = ("indikator", "basis", "anteil", "faktor", "mindestbasis", "mindestfaelle", "erklaerung")
SMALL_AREA = 8  # digits of a key from which on an area lies below the districts

Reader = Callable[[str], pd.DataFrame]


@dataclass(frozen=True)
class Rule:
    """What a rate rests on, and below which numbers it is hidden.

    Parameters
    ----------
    base_id, share_id, factor
        Base = values of ``base_id`` × rate of ``share_id`` (where named) × ``factor`` [persons, dwellings].
    min_base, min_cases
        Fewer hide the rate.
    """

    base_id: str
    share_id: str
    factor: float
    min_base: float
    min_cases: float


DEFAULT = Rule("", "", 1.0, min_base=100, min_cases=10)  # for data of districts alone, which need no estimates


def hide_small_rates(indicator: Indicator, table: pd.DataFrame, read: Reader) -> pd.DataFrame:
    """The table with a dot for each rate that rests on too few people.

    Parameters
    ----------
    table
        ``ags, jahr, wert, zeichen`` as published.
    read
        Gives the published table of another indicator.

    Returns
    -------
    The same table where nothing is hidden, else a copy. Below the districts a rate of unknown base is hidden too.
    """
    scale = rate_scale(indicator.unit)
    areas = np.fromiter(map(len, table["ags"].to_list()), int, len(table)) if scale else np.empty(0)
    if (areas >= SMALL_AREA).any():
        _require_rules()
    base = _find_base(indicator, table, read) if scale else None
    if base is None:
        return table
    rule = find_rule(indicator.id)
    cases = np.rint(table["wert"] / scale * base)
    zero = table["wert"] == 0
    small = (base < rule.min_base) | ((cases < rule.min_cases) & ~zero)
    unknown = base.isna() & (areas >= SMALL_AREA) & bool(rule.base_id)
    hidden = (small | unknown) & table["wert"].notna()
    if not hidden.any():
        return table
    return table.assign(wert=table["wert"].mask(hidden), zeichen=table["zeichen"].mask(hidden, HIDDEN))


@lineage.question
def find_rule(indicator_id: str) -> Rule:
    """Rule of an indicator; without a row of its own the thresholds alone."""
    rules = _load_rules()
    return rules.get(indicator_id, rules[""])


def sources_of(indicator: Indicator) -> tuple[str, ...]:
    """Indicators whose values decide what is hidden."""
    rule = find_rule(indicator.id)
    named = (rule.base_id, rule.share_id, *_pair(indicator))
    return tuple(name for name in named if name)


def rate_scale(unit: str) -> float | None:
    """Persons per whole of a rate: 100 for ``%``, 1000 for ``je 1.000 Einwohner``; None for counts and amounts."""
    if unit in ("%", "Prozent"):
        return 100.0
    found = re.match(r"je ([\d.]+)\b", unit)
    return float(found[1].replace(".", "")) if found else None


def describe_rule(indicator_id: str = "") -> str:
    """German note for tables and maps: from which numbers on a rate is shown."""
    rule = find_rule(indicator_id)
    people = f"auf weniger als {format_number(rule.min_base, 0)} Personen"
    cases = f" oder auf weniger als {format_number(rule.min_cases, 0)} Fällen" if rule.min_cases else ""
    return f"Raten, die {people}{cases} beruhen, sind nicht ausgewiesen."


def rules_file() -> Path:
    """File with the thresholds."""
    return data_dir() / FILE


def _find_base(indicator: Indicator, table: pd.DataFrame, read: Reader) -> pd.Series | None:
    """Base of each row; NaN where unknown, None where nothing is known about any."""
    _, denominator = _pair(indicator)
    rule = find_rule(indicator.id)
    if denominator:
        counts = read(denominator)
        by_key = dict(zip(_keys(counts), counts["wert"].to_list(), strict=True))
        known = pd.Series([by_key.get(key, math.nan) for key in _keys(table)], table.index, dtype="float64")
        if known.notna().any() or not rule.base_id:
            return known if known.notna().any() else None
    if not rule.base_id:
        return None
    areas = pd.Index(table["ags"].unique())
    return table["ags"].map(_estimate_base(rule, areas, read))


def _keys(table: pd.DataFrame) -> Iterator[tuple[str, int]]:
    return zip(table["ags"].to_list(), table["jahr"].to_list(), strict=True)


def _estimate_base(rule: Rule, areas: pd.Index, read: Reader) -> pd.Series:
    """Base by area from the newest published values; an association is the sum of its municipalities."""
    base = _newest(read(rule.base_id)) * rule.factor
    if rule.share_id:
        base = base * _newest(read(rule.share_id)) / rate_scale(find_indicator(rule.share_id).unit)
    base = base.dropna()
    for ags in areas[(areas.str.len() == 9) & ~areas.isin(base.index)]:
        members = [region.ags for region in regions.municipalities(ags)]
        base.loc[ags] = base.reindex(members).sum(min_count=1)
    return base


def _newest(table: pd.DataFrame) -> pd.Series:
    return table.dropna(subset="wert").drop_duplicates("ags", keep="last").set_index("ags")["wert"]


def _pair(indicator: Indicator) -> tuple[str, str]:
    both = indicator.numerator_id and indicator.denominator_id
    return (indicator.numerator_id, indicator.denominator_id) if both else ("", "")


def _load_rules() -> dict[str, Rule]:
    path = rules_file()
    return _read_rules(*lineage.stamp(path)) if lineage.exists(path) else {"": DEFAULT}


def _require_rules() -> None:
    path = rules_file()
    if not lineage.exists(path):
        raise DataError(
            f"{path}: Datei fehlt. Ohne die Regeln für kleine Zahlen werden keine Raten von Gemeinden gezeigt. "
            "Bitte das Verzeichnis data/ vollständig herstellen."
        )


@lru_cache(maxsize=4)
def _read_rules(path: Path, _mtime: int, _size: int) -> dict[str, Rule]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or tuple(rows[0]) != COLUMNS or rows[0]["indikator"]:
        raise DataError(
            f"{path}: Erwartet werden die Spalten {', '.join(COLUMNS)} und als erste Zeile die Vorgabe ohne Indikator."
        )
    first = rows[0]
    try:
        return {
            row["indikator"]: Rule(
                row["basis"],
                row["anteil"],
                float(row["faktor"] or 1),
                float(row["mindestbasis"] or first["mindestbasis"]),
                float(row["mindestfaelle"] or first["mindestfaelle"]),
            )
            for row in rows
        }
    except ValueError as error:
        raise DataError(
            f"{path}: {error}. faktor, mindestbasis und mindestfaelle sind Zahlen mit Dezimalpunkt."
        ) from error
