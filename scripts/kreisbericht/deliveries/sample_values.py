"""Invented values for the sample district: plausible in level and course, true in nothing.

Level and course of a typical rural district (mean of the Landkreise of one Land) are multiplied with random factors
from a fixed seed: one for the size of each invented district, one for its standing in a topic, one for each rate, and
small steps from year to year. Where the catalogue names numerator and denominator, and where ``data/abgeleitet.csv``
computes an indicator, the invented rate follows from the invented counts. No value of a real region is copied.
"""

from __future__ import annotations

import zlib

import numpy as np
import pandas as pd

from kreisbericht import derived, store
from kreisbericht.catalogue import Indicator, official_indicators
from kreisbericht.paths import data_dir
from kreisbericht.regions import associations, districts, municipalities

SEED = 99999
FIRST_YEAR = 2008
MODEL_LAND, MODEL_PLACES, UNSTEADY = "16", "16065", ("16056", "16063")  # the two were merged in 2021
SIZES = (0.74, 1.18, 0.62, 0.93, 0.88, 1.41, 0.79, 1.07, 0.69)
"""Size of each invented district against the typical one."""
WEIGHTS = (5, 4, 4, 3, 40, 17, 5, 4, 6)
"""Parts of the municipalities in the district; the middle one is the town."""
COUNTED = (
    "Personen",
    "Fälle",
    "1.000",
    "km²",
    "Einrichtungen",
    "Plätze",
    "Schulen",
    "Tsd. Euro",
    "Wohnungen",
    "Betten",
)
EVEN_TOPICS = ("bevoelkerung", "infrastruktur")
SECRET = ("99999004", 3)
"""Municipality whose values are kept secret in every third indicator, so that the symbol is seen too."""

OWN_LEVELS = {
    "eigene_kita_einrichtungen": 34, "eigene_kita_plaetze_u3": 760, "eigene_kita_plaetze_3_6": 1790,
    "eigene_hort_plaetze": 1650, "eigene_kita_belegt_u3": 690, "eigene_kita_belegt_3_6": 1700,
    "eigene_hort_belegt": 1500, "eigene_kita_warteliste": 45, "eigene_hze_ambulant": 240,
    "eigene_hze_teilstationaer": 38, "eigene_hze_stationaer": 175, "eigene_eingliederungshilfe_35a": 60,
    "eigene_inobhutnahmen": 52, "eigene_gefaehrdungseinschaetzungen": 210, "eigene_seu_untersucht": 620,
    "eigene_seu_sprache": 190, "eigene_seu_motorik": 105, "eigene_seu_uebergewicht": 68, "eigene_seu_vorsorge": 430,
    "eigene_seu_kita_3_jahre": 505,
}  # fmt: skip
"""Invented counts of the sample district in its own surveys."""
OWN_PARTS = (0.45, 0.2, 0.35)
"""Parts of its three planning areas."""

Table = dict[tuple[str, int], float]


def invent_values(
    keys: list[str], places: list[str], areas: dict[str, list[str]], *, home: str, land: str
) -> dict[str, str]:
    """Text of the value file of every official indicator that has a model.

    Parameters
    ----------
    keys, places
        Invented districts, and municipalities of ``home``, in order of ``SIZES`` and ``WEIGHTS``.
    areas
        Planning area → its municipalities.
    home, land
        Key of the sample district and of the invented Land.
    """
    catalogue = official_indicators()
    tables: dict[str, Table] = {}
    for entry in sorted(catalogue.values(), key=lambda entry: bool(entry.denominator_id or entry.numerator_id)):
        table = _invent_districts(entry, keys) if entry.id not in derived.load_formulas() else {}
        _add_land(entry, table, keys, land)
        _add_places(entry, table, places, areas, home)
        tables[entry.id] = table
    for entry in catalogue.values():
        if entry.numerator_id and entry.denominator_id and entry.unit == "%":
            _divide(tables[entry.id], tables[entry.numerator_id], tables[entry.denominator_id], 100)
    for row in pd.read_csv(data_dir() / "pruefsummen.csv", dtype=str).itertuples():
        tables[row.summe] |= _sum_terms(tuple(row.teile.split("|")), tables)
    for formula in derived.load_formulas().values():
        tables[formula.id] = _derive(formula, tables)
    return {name: _to_text(catalogue[name], table) for name, table in tables.items() if table}


def invent_survey(indicator: str, year: int) -> list[int]:
    """Invented counts of an own survey: one number per planning area; the district is their sum."""
    level = OWN_LEVELS.get(indicator, 100)
    course = 1 + _random("eigene", indicator, str(year)).normal(0, 0.02) + 0.01 * (year - 2023)
    return [round(level * part * course) for part in OWN_PARTS]


def _invent_districts(entry: Indicator, keys: list[str]) -> Table:
    model = [r.ags for r in districts(MODEL_LAND) if r.kind == "Landkreis" and r.ags not in UNSTEADY]
    values = store.load_published(entry.id)
    values = values[values["ags"].isin(model) & (values["jahr"] >= FIRST_YEAR)].dropna(subset="wert")
    typical = values.groupby("jahr")["wert"].mean()
    table: Table = {}
    for number, ags in enumerate(keys):
        factors = _factors(entry, ags, [int(year) for year in typical.index])
        for year, level in typical.items():
            size = SIZES[number] if entry.unit in COUNTED else 1.0
            table[ags, int(year)] = _round(entry, _scale(entry, level, size * factors[int(year)]))
    return table


def _factors(entry: Indicator, ags: str, years: list[int]) -> dict[int, float]:
    """Random factor by year: standing in the topic, of the indicator, and small steps on the way."""
    standing = 0.0 if entry.topic in EVEN_TOPICS else _random(entry.topic, ags).normal(0, 0.14)
    count, part = entry.unit in COUNTED, bool(entry.numerator_id or entry.denominator_id)
    own = _random(entry.id, ags).normal(0, 0.10 if part or not count else 0.0)
    span = range(min(years, default=0), max(years, default=0) + 1)
    steps = np.cumsum(_random("weg", entry.topic if count else entry.id, ags).normal(0, 0.012, len(span)))
    course = dict(zip(span, steps, strict=True))
    return {year: float(np.exp(standing + own + course[year])) for year in years}


def _scale(entry: Indicator, level: float, factor: float) -> float:
    """Level times factor; shares move on the odds so that none leaves 0 to 100."""
    if entry.unit != "%" or not 0 < level < 100:
        return level * factor
    odds = level / (100 - level) * factor
    return 100 * odds / (1 + odds)


def _add_land(entry: Indicator, table: Table, keys: list[str], land: str) -> None:
    for year in {year for _, year in table}:
        found = [(table[ags, year], size) for ags, size in zip(keys, SIZES, strict=True) if (ags, year) in table]
        total = sum(value for value, _ in found)
        mean = sum(value * size for value, size in found) / sum(size for _, size in found)
        table[land, year] = _round(entry, total if entry.unit in COUNTED else mean)


def _add_places(entry: Indicator, table: Table, places: list[str], areas: dict[str, list[str]], home: str) -> None:
    """Municipalities and planning areas, for indicators and years that have real municipalities."""
    values = store.load_published(entry.id).dropna(subset="wert")
    values = values[values["jahr"] >= FIRST_YEAR]
    towns, units = ({region.ags for region in kind(MODEL_PLACES)} for kind in (municipalities, associations))
    below = values[values["ags"].isin(towns)]
    only_units = below.empty
    typical = (values[values["ags"].isin(units)] if only_units else below).groupby("jahr")["wert"]
    share = {ags: weight / sum(WEIGHTS) for ags, weight in zip(places, WEIGHTS, strict=True)}
    count = entry.unit in COUNTED
    for year, level in (typical.sum() if count else typical.mean()).items():
        base = table.get((home, int(year)), level)
        for ags in places:
            spread = float(np.exp(_random(entry.id, ags).normal(0, 0.03 if count else 0.22)))
            value = base * share[ags] * spread if count else _scale(entry, base, spread)
            table[ags, int(year)] = _round(entry, value)
        for area, inside in areas.items():
            parts = [table[ags, int(year)] * (1 if count else share[ags]) for ags in inside]
            whole = 1 if count else sum(share[ags] for ags in inside)
            table[area, int(year)] = _round(entry, sum(parts) / whole)
        for ags in places if only_units else ():
            del table[ags, int(year)]


def _divide(table: Table, above: Table, below: Table, factor: float) -> None:
    """Rates follow from the invented counts where both exist."""
    for key, value in above.items():
        if below.get(key):
            table[key] = round(value / below[key] * factor, 2)


def _derive(formula: derived.Formula, tables: dict[str, Table]) -> Table:
    result = _sum_terms(formula.numerator, tables)
    if formula.denominator:
        base = _sum_terms(formula.denominator, tables)
        result = {key: round(value / base[key] * formula.factor, 4) for key, value in result.items() if base.get(key)}
    first = min((year for _, year in result), default=9999)
    before = tables.get(formula.before, {})
    return {key: value for key, value in before.items() if key[1] < first} | result


def _sum_terms(terms: tuple[str, ...], tables: dict[str, Table]) -> Table:
    parts = [(tables[term.lstrip("-")], -1 if term.startswith("-") else 1) for term in terms]
    keys = set.intersection(*(set(table) for table, _ in parts))
    return {key: max(0.0, sum(sign * table[key] for table, sign in parts)) for key in keys}


def _random(*words: str) -> np.random.Generator:
    """Own stream for every word, so that a new indicator changes no other's values."""
    return np.random.default_rng([SEED, zlib.crc32("|".join(words).encode())])


def _round(entry: Indicator, value: float) -> float:
    return round(value, 0 if entry.unit in COUNTED and entry.digits == 0 else max(entry.digits, 1) + 1)


def _to_text(entry: Indicator, table: Table) -> str:
    secret, every = SECRET
    hide = zlib.crc32(entry.id.encode()) % every == 0
    lines = ["ags,jahr,wert,zeichen"]
    for (ags, year), value in sorted(table.items()):
        shown = ",." if hide and ags == secret else f"{value:.4f}".rstrip("0").rstrip(".") + ","
        lines.append(f"{ags},{year},{shown}")
    return "\n".join(lines) + "\n"
