"""Parts against totals: indicators that add up (``data/pruefsummen.csv``), and districts against their Land.

Cell-key perturbation and rounding to a base are tolerated where the publisher uses them; elsewhere a difference is
flagged. Sums are compared, never repaired.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kreisbericht.check.finding import Finding, examples

CELL_KEY_SHARE = 0.001  # Zensus 2022: parts deviate from totals by at most a few persons per cell
COUNT_UNITS = {"Personen", "Anzahl", "Schulen", "Einrichtungen", "Plätze", "Betten", "Fälle", "Wohnungen"}


def check_parts(rules: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> list[Finding]:
    """Sums of indicators.

    Parameters
    ----------
    rules
        ``summe``, ``teile`` (joined by ``|``), ``toleranz`` [units of the indicator per part], ``begruendung``.
    tables
        Values per indicator.
    """
    found = []
    for rule in rules.itertuples(index=False):
        parts = rule.teile.split("|")
        missing = [name for name in (rule.summe, *parts) if name not in tables]
        if missing:
            found.append(Finding("fehler", "Summe", rule.summe, f"Prüfregel nennt unbekannten Indikator {missing[0]}."))
            continue
        wide = pd.concat(
            [tables[name].set_index(["ags", "jahr"])["wert"].rename(name) for name in (rule.summe, *parts)], axis=1
        ).dropna()
        difference = wide[parts].sum(axis=1) - wide[rule.summe]
        tolerance = float(rule.toleranz or 0) * len(parts) + _rounding(wide[parts]) * len(parts) / 2
        wrong = difference[difference.abs() > tolerance + 1e-6]
        if len(wrong):
            rows = examples((ags, jahr, f"{value:+g}") for (ags, jahr), value in wrong.items())
            text = f"{len(wrong)} von {len(wide)} Summen aus {len(parts)} Teilen weichen ab: {rows}."
            found.append(Finding("warnung", "Summe", rule.summe, text))
    return found


def check_lands(
    name: str, unit: str, table: pd.DataFrame, expected: pd.Series, *, cell_key: bool, mean: bool
) -> list[Finding]:
    """Districts of a Land against the Land, in years in which every district has a number.

    Parameters
    ----------
    expected
        Districts that existed, index (land, jahr), from ``count_districts``.
    cell_key
        Whether the publisher perturbs cells (Zensus 2022): small deviations are no finding.
    mean
        Whether values are yearly means, rounded to whole numbers.
    """
    if unit not in COUNT_UNITS:
        return []
    both, lower = _compare_lands(table, expected)
    cases = len(both)
    both = both[(both["sum"] - both["wert"]).abs() > 1e-6]
    if both.empty:
        return []
    bases = {land: _rounding(part[["wert"]]) for land, part in lower.groupby("land")}
    base = np.array([max(bases[land], 1.0 if mean else 0.0) for land, _ in both.index])
    tolerance = base * (both["size"] + 1) / 2 + (CELL_KEY_SHARE * both["wert"] if cell_key else 0)
    wrong = both[(both["sum"] - both["wert"]).abs() > tolerance + 1e-6]
    if wrong.empty:
        return []
    rows = examples((land, jahr, f"{row['sum'] - row['wert']:+g}") for (land, jahr), row in wrong.iterrows())
    text = (
        f"In {'einem' if len(wrong) == 1 else len(wrong)} von {cases} Fällen ergeben die Kreise nicht das Land: {rows}."
    )
    return [Finding("warnung", "Summe", name, text)]


def _compare_lands(table: pd.DataFrame, expected: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Complete (land, jahr) with ``sum`` and ``size`` of districts and the Land's ``wert``; and the districts."""
    numbers = table[table["wert"].notna()]
    lower, upper = (
        numbers[numbers["ags"].str.len() == 5],
        numbers[(numbers["ags"].str.len() == 2) & (numbers["ags"] != "00")],
    )
    lower = lower.assign(land=lower["ags"].str[:2])
    sums = lower.groupby(["land", "jahr"])["wert"].agg(["sum", "size"])
    lands = upper.rename(columns={"ags": "land"}).set_index(["land", "jahr"])["wert"]
    both = sums.join(lands.rename("wert"), how="inner").join(expected.rename("soll"), how="left")
    return both[both["size"] == both["soll"]], lower


def count_districts(districts: pd.DataFrame, years: range) -> pd.Series:
    """Districts that existed at the end of a year, index (land, jahr), from ``ags``, ``von``, ``bis`` [years]."""
    parts = []
    for year in years:
        alive = districts[(districts["von"] <= year) & (districts["bis"] >= year)]
        counts = alive["ags"].str[:2].value_counts().rename_axis("land").reset_index(name="soll")
        parts.append(counts.assign(jahr=year))
    return pd.concat(parts).set_index(["land", "jahr"])["soll"]


def _rounding(parts: pd.DataFrame) -> float:
    """Base all numbers are rounded to (3, 5, 10, 100), or 0: the publisher's confidentiality by rounding."""
    values = parts.to_numpy().ravel()
    values = values[np.isfinite(values) & (values != 0)]
    if len(values) < 5:
        return 0.0
    return next((float(base) for base in (100, 10, 5, 3) if (np.abs(values % base) < 1e-9).all()), 0.0)
