"""Districts of similar structure: density, age and rurality, within the same part of Germany and the same kind.

Which features count, and how much, is data (``data/aehnlichkeit.csv``). Outcomes such as poverty are not among them:
similar districts are what a result is compared with, so the result must not choose them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from kreisbericht import lineage, regions, store
from kreisbericht.errors import DataError
from kreisbericht.paths import data_dir
from kreisbericht.regions import Region

EAST = frozenset({"11", "12", "13", "14", "15", "16"})
COUNT = 6
FILE = "aehnlichkeit.csv"


@dataclass(frozen=True)
class Feature:
    """One structural feature: ``weight`` in the squared distance, ``logarithm`` for skewed ones."""

    name: str
    indicator: str
    weight: float
    logarithm: bool


@lineage.question
def load_features() -> list[Feature]:
    """The features of ``data/aehnlichkeit.csv``, in its order.

    Raises
    ------
    DataError
        If a weight is no positive number.
    """
    path = data_dir() / FILE
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        return [Feature(r["merkmal"], r["indikator"], float(r["gewicht"]), r["logarithmus"] == "ja") for r in rows]
    except (KeyError, ValueError) as error:
        raise DataError(
            f"{path.name}: Die Merkmale sind nicht lesbar ({error}). Erwartet werden merkmal, indikator, gewicht "
            "(Zahl) und logarithmus (ja oder nein). Es wurde nichts verändert."
        ) from error


def find_similar(home: Region, *, until: int, count: int = COUNT) -> list[tuple[Region, float]]:
    """Districts nearest to ``home`` in structure, nearest first.

    Parameters
    ----------
    until
        Last year that may be used; the newest common year up to it counts.

    Returns
    -------
    List of (district, distance in standard deviations, root of the weighted mean square); empty where a feature of
    ``home`` is unknown. Equal distances are ordered by key.
    """
    return [(regions.find_region(ags), distance) for ags, distance in _nearest(home.ags, until, count)]


def describe_features() -> str:
    """The features in words, for notes and the method chapter."""
    names = [feature.name for feature in load_features()]
    return ", ".join(names[:-1]) + f" und {names[-1]}"


@lineage.question
def _nearest(ags: str, until: int, count: int) -> list[tuple[str, float]]:
    home = regions.find_region(ags)
    table = _standard_scores(until, lineage.stamp(data_dir() / FILE))
    if home.ags not in table.index:
        return []
    weights = np.array([feature.weight for feature in load_features()])
    group = [r for r in regions.districts() if r.ags in table.index and r != home and _kind(r) == _kind(home)]
    squares = (table.loc[[r.ags for r in group]] - table.loc[home.ags]) ** 2
    distance = np.sqrt(squares.to_numpy() @ weights / weights.sum())
    ranked = sorted(zip(distance, group, strict=True), key=lambda pair: (round(float(pair[0]), 9), pair[1].ags))
    return [(region.ags, float(value)) for value, region in ranked[:count]]


@lineage.remembered
def _standard_scores(until: int, _stamp: tuple[Path, int, int]) -> pd.DataFrame:
    """z-scores over all districts of today: one row per district with every feature known."""
    keys = [region.ags for region in regions.districts()]
    columns = {}
    for feature in load_features():
        years = [year for year in store.years(feature.indicator) if year <= until]
        values = store.cross_section(feature.indicator, years[-1], keys) if years else pd.Series(np.nan, index=keys)
        columns[feature.indicator] = np.log(values) if feature.logarithm else values
    table = pd.DataFrame(columns).dropna()
    return (table - table.mean()) / table.std(ddof=0)


def _kind(region: Region) -> tuple[bool, bool]:
    """Part of Germany, and whether the district is a city of its own."""
    return region.ags[:2] in EAST, "stadt" in region.kind.lower() or region.level != "kreis"
