"""Children under seven in the coming years and the daycare places they need (*Kitabedarf*).

Cohorts grow up year by year; births are carried forward by a rule. Every number follows from published figures and the
assumptions in ``data/annahmen_kita.csv``. Single years of age are not published: births of the last years share out
the published age groups. Not in here: words and pictures (``daycare``), places (own figures of the district).
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kreisbericht import lineage
from kreisbericht.chance import Z_95
from kreisbericht.errors import DataError
from kreisbericht.paths import data_dir

SCENARIOS = ("niedrig", "mittel", "hoch")
AGES = range(7)  # completed years on 31 December
GROUPS = ((0, 3), (3, 6), (6, 10))  # published age groups: first age, first age of the next group
T_95 = {2: 12.706205, 3: 4.302653, 4: 3.182446, 5: 2.776445}  # two-sided 95 % of Student's t by number of years
COLUMNS = ("annahme", "szenario", "land", "regel", "wert", "einheit", "quelle", "begruendung")


@dataclass(frozen=True)
class Figures:
    """Published figures of one district, before any assumption.

    Parameters
    ----------
    groups
        Children by group of ``GROUPS`` (columns) and year [persons on 31 December]; NaN where not published.
    births
        Live births by year [persons].
    rates_u3, rates_3_6
        Attendance by year [% of the children of this age].
    breaks
        First years on a new basis of the population figures.
    """

    groups: pd.DataFrame
    births: pd.Series
    rates_u3: pd.Series
    rates_3_6: pd.Series
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Inputs:
    """What the assumptions make of the figures, one value per scenario.

    Parameters
    ----------
    start
        Children by single year of age at the end of ``year``; the groups are published, the split is estimated.
    births
        Births a year [persons].
    first_year
        Children of age 0 at the end of the year per live birth.
    growth
        Change of a cohort from one year to the next [factor].
    rates_u3, rates_3_6
        Attendance [%].
    share_six
        Part of the six-year-olds that is not in school yet [0–1]; NaN where no rule is stored for the Land.
    """

    year: int
    start: pd.Series
    births: dict[str, float]
    birth_years: tuple[int, ...]
    first_year: float
    growth: dict[str, float]
    spans: tuple[int, ...]
    rates_u3: dict[str, float]
    rates_3_6: dict[str, float]
    share_six: float
    horizon: int


def load_assumptions() -> list[dict[str, str]]:
    """Rows of ``data/annahmen_kita.csv``; DataError if it is missing or has lost a column."""
    path = data_dir() / "annahmen_kita.csv"
    if not lineage.exists(path):
        raise DataError(f"{path}: Die Annahmen der Kita-Vorausrechnung fehlen. Bitte data/ vollständig herstellen.")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
        if missing:
            raise DataError(f"{path.name}: Spalte fehlt: {', '.join(missing)}. Bitte die Kopfzeile wiederherstellen.")
        return list(reader)


def mean_interval(counts: Sequence[float]) -> tuple[float, float, float]:
    """Lower limit, mean and upper limit of yearly counts at 95 %: the wider of two intervals.

    Student's t for the spread between the years; Byar's approximation for chance in the sum of the counts, which holds
    where the years happen to be alike.

    Raises
    ------
    ValueError
        If there are not two to five counts or their sum is zero.

    References
    ----------
    Breslow, Day (1987): Statistical Methods in Cancer Research II, p. 69 (Byar).
    """
    n, total = len(counts), float(sum(counts))
    if n not in T_95 or total <= 0:
        raise ValueError(f"{n} counts with the sum {total}")
    mean = total / n
    spread = T_95[n] * float(np.std(counts, ddof=1)) / math.sqrt(n)
    low = total * (1 - 1 / (9 * total) - Z_95 / (3 * math.sqrt(total))) ** 3 / n
    upper = total + 1
    high = upper * (1 - 1 / (9 * upper) + Z_95 / (3 * math.sqrt(upper))) ** 3 / n
    return max(0.0, min(low, mean - spread)), mean, max(high, mean + spread)


def cohort_changes(groups: pd.DataFrame, *, breaks: Sequence[int] = ()) -> pd.Series:
    """Factor by which the children under 3 of a year differ in number from those of 3 to 5 three years later.

    They are the same birth cohorts, so it holds survival, arrivals and departures together.

    Returns
    -------
    Series indexed by the later year; pairs with a break of the series between them are left out.
    """
    found = {}
    for year in groups.index:
        before = year - 3
        if before not in groups.index or any(before < first <= year for first in breaks):
            continue
        young, old = groups.at[before, (0, 3)], groups.at[year, (3, 6)]
        if pd.notna(young) and pd.notna(old) and young > 0:
            found[int(year)] = float(old / young)
    return pd.Series(found, dtype=float)


def split_group(total: float, births: Sequence[float], growth: float = 1.0) -> np.ndarray:
    """Children of a published age group by single year, youngest first, in proportion to the births of each cohort.

    Parameters
    ----------
    total
        Published size of the group [persons].
    births
        Births of each cohort; NaN where not published: the mean of the known ones stands in, all alike if none is.
    growth
        Change of a cohort with each year of age [factor].
    """
    known = [value for value in births if pd.notna(value)]
    stand_in = float(np.mean(known)) if known else 1.0
    weights = [stand_in if pd.isna(value) else float(value) for value in births]
    aged = np.array([weight * growth**age for age, weight in enumerate(weights)])
    return total * aged / aged.sum()


def project_children(start: pd.Series, *, newborn: float, growth: float, years: int) -> pd.DataFrame:
    """Children by year (rows, first the start) and age 0 to 6 (columns) [persons, not rounded].

    Parameters
    ----------
    start
        Children by age at the end of year ``start.name``.
    newborn
        Children of age 0 at the end of each coming year.
    growth
        Change of a cohort from one year to the next [factor].
    """
    rows = [start.to_numpy(float)]
    for _ in range(years):
        rows.append(np.concatenate([[newborn], rows[-1][:-1] * growth]))
    first = int(start.name)
    return pd.DataFrame(rows, index=range(first, first + years + 1), columns=list(AGES))


def needed_places(children: pd.DataFrame, *, rate_u3: float, rate_3_6: float, share_six: float) -> pd.DataFrame:
    """Children in daycare by year at given attendance: columns ``u3``, ``ab_3`` and ``gesamt`` [persons].

    Six-year-olds count with the part that is not in school yet; where it is unknown (NaN) they are left out.
    """
    six = 0.0 if pd.isna(share_six) else share_six
    young = children[[0, 1, 2]].sum(axis=1) * rate_u3 / 100
    older = (children[[3, 4, 5]].sum(axis=1) + children[6] * six) * rate_3_6 / 100
    return pd.DataFrame({"u3": young, "ab_3": older, "gesamt": young + older})


def prepare_inputs(
    figures: Figures, *, land: str, assumptions: Sequence[Mapping[str, str]] | None = None
) -> Inputs | None:
    """Apply the assumptions to published figures.

    Parameters
    ----------
    land
        Two-digit key: the rule for six-year-olds belongs to a Land.

    Returns
    -------
    Inputs, or None where a figure is missing that no rule replaces: births of the last years in a row, the two
    youngest age groups in the newest of them, a cohort's change or an attendance rate.
    """
    rows = list(assumptions or load_assumptions())
    window, horizon = int(_fixed(rows, "geburten_jahre")), int(_fixed(rows, "horizont"))
    changes = cohort_changes(figures.groups, breaks=figures.breaks)
    year = _start_year(figures, window)
    recent = figures.rates_u3.dropna(), figures.rates_3_6.dropna()
    if year is None or changes.empty or any(rates.empty for rates in recent):
        return None
    growth = _choose(rows, "jahrgang", _span(changes, geometric=True))
    growth = {name: factor ** (1 / 3) for name, factor in growth.items()}
    birth_years = tuple(range(year - window + 1, year + 1))
    births = _choose(rows, "geburten", _interval_rules([float(figures.births[one]) for one in birth_years]))
    keep = int(_fixed(rows, "quote_jahre"))
    rates = [_choose(rows, "quote", _span(series.sort_index().iloc[-keep:])) for series in recent]
    start = _start(figures, year, growth["mittel"])
    return Inputs(
        year=year, start=start, births=births, birth_years=birth_years,
        first_year=float(start[0] / figures.births[year]), growth=growth, spans=tuple(changes.index),
        rates_u3=rates[0], rates_3_6=rates[1], share_six=_fixed(rows, "anteil_sechsjaehrige", land), horizon=horizon,
    )  # fmt: skip


def run_scenarios(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Per scenario: children by age (columns 0 to 6) and places (``u3``, ``ab_3``, ``gesamt``) by year."""
    return {name: _run(inputs, name) for name in SCENARIOS}


def _run(inputs: Inputs, scenario: str) -> pd.DataFrame:
    children = project_children(
        inputs.start, newborn=inputs.births[scenario] * inputs.first_year, growth=inputs.growth[scenario],
        years=inputs.horizon,
    )  # fmt: skip
    places = needed_places(
        children, rate_u3=inputs.rates_u3[scenario], rate_3_6=inputs.rates_3_6[scenario], share_six=inputs.share_six
    )
    return pd.concat([children, places], axis=1)


def _start_year(figures: Figures, window: int) -> int | None:
    """Newest year with both young groups and births of that and the years before."""
    births = set(figures.births.dropna().index)
    full = figures.groups[[(0, 3), (3, 6)]].dropna().index
    years = [int(year) for year in full if set(range(year - window + 1, year + 1)) <= births]
    return max(years, default=None)


def _start(figures: Figures, year: int, growth: float) -> pd.Series:
    """Children by age 0 to 6 at the end of the year; age 6 follows from age 5 where its group is not published."""
    ages: list[float] = []
    for first, end in GROUPS:
        total = figures.groups.at[year, (first, end)]
        if pd.isna(total):
            ages.append(ages[-1] * growth)
            break
        cohorts = [figures.births.get(year - age, np.nan) for age in range(first, end)]
        ages.extend(split_group(float(total), cohorts, growth))
    return pd.Series(ages[: len(AGES)], index=list(AGES), name=year)


def _span(values: pd.Series, *, geometric: bool = False) -> dict[str, float]:
    mean = float(np.exp(np.log(values).mean())) if geometric else float(values.mean())
    return {"minimum": values.min(), "mittelwert": mean, "letzte": values.iloc[-1], "maximum": values.max()}


def _interval_rules(counts: Sequence[float]) -> dict[str, float]:
    return dict(zip(("intervall_unten", "mittelwert", "intervall_oben"), mean_interval(counts), strict=True))


def _choose(rows: Sequence[Mapping[str, str]], name: str, rules: Mapping[str, float]) -> dict[str, float]:
    """Value per scenario, by the rule that the assumptions name."""
    found = {row["szenario"]: row["regel"] for row in rows if row["annahme"] == name}
    wrong = [f"{scenario}: {found.get(scenario)}" for scenario in SCENARIOS if found.get(scenario) not in rules]
    if wrong:
        raise DataError(
            f"annahmen_kita.csv: Annahme '{name}' hat keine bekannte Regel ({', '.join(wrong)}). Möglich sind: "
            f"{', '.join(rules)}. Es wurde nichts berechnet."
        )
    return {scenario: float(rules[found[scenario]]) for scenario in SCENARIOS}


def _fixed(rows: Sequence[Mapping[str, str]], name: str, land: str = "") -> float:
    """A fixed value; for a Land NaN where none is stored."""
    for row in rows:
        if row["annahme"] == name and row["land"] in ("", land):
            return float(row["wert"])
    if land:
        return math.nan
    raise DataError(f"annahmen_kita.csv: Die Annahme '{name}' fehlt. Bitte die Zeile wiederherstellen.")
