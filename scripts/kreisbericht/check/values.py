"""Checks of one indicator's values: schema, keys, ranges, magnitude against the year before, coverage by year."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from kreisbericht.catalogue import Indicator
from kreisbericht.check.finding import Finding, examples

COLUMNS = ["ags", "jahr", "wert", "zeichen"]
SYMBOLS = {"", ".", "…", "/", "x"}
JUMP = 4.0  # factor against the year before that a region of some size does not reach by itself
UNIT_JUMP = 2.5  # factor of the median over all regions: a changed unit or definition
FLOOR = 50.0  # counts below this jump by chance
SHARE_OF_ROWS = 0.9  # districts covered in a year, against the year before


class Rule(NamedTuple):
    """Own rule of an indicator: limits [its unit] and years in which a jump is explained."""

    low: float
    high: float
    jumps: tuple[int, ...] = ()


Rules = dict[str, Rule]


def check_values(entry: Indicator, table: pd.DataFrame, regions: set[str], rules: Rules) -> list[Finding]:
    """All findings about one indicator.

    Parameters
    ----------
    entry
        Catalogue row.
    table
        ``ags`` (string), ``jahr``, ``wert``, ``zeichen`` as on disk.
    regions
        Keys of ``data/gebiete.csv``.
    rules
        Own rules per indicator; the limits of others follow from the unit.
    """
    rule = rules.get(entry.id, Rule(0.0, 100.0 if entry.unit == "%" else np.inf))
    findings = _check_schema(entry.id, table)
    if any(finding.severity == "fehler" and finding.check == "Aufbau" for finding in findings):
        return findings
    return [
        *findings,
        *_check_keys(entry.id, table, regions),
        *_check_range(entry, table, rule),
        *_check_magnitude(entry, table, rule),
        *_check_coverage(entry.id, table),
    ]


def _check_schema(name: str, table: pd.DataFrame) -> list[Finding]:
    def error(text: str) -> Finding:
        return Finding("fehler", "Aufbau", name, text)

    if list(table.columns) != COLUMNS:
        return [error(f"Spalten sind {', '.join(table.columns)}; erwartet: {', '.join(COLUMNS)}.")]
    if table.empty:
        return [error("Die Datei enthält keine Werte.")]
    found = []
    wrong = set(table["zeichen"].unique()) - SYMBOLS
    if wrong:
        found.append(error(f"unbekannte Zeichen: {', '.join(sorted(wrong))}."))
    both = table["wert"].notna() == (table["zeichen"] != "")
    if both.any():
        rows = examples(table.loc[both, COLUMNS[:3]].itertuples(index=False, name=None))
        found.append(error(f"{int(both.sum())} Zeilen haben Zahl und Zeichen zugleich oder keines von beiden: {rows}."))
    if not np.isfinite(table["wert"].dropna()).all():
        found.append(error("unendliche Werte."))
    return found


def _check_keys(name: str, table: pd.DataFrame, regions: set[str]) -> list[Finding]:
    found = []
    twice = table.duplicated(["ags", "jahr"])
    if twice.any():
        rows = examples(table.loc[twice, COLUMNS[:3]].itertuples(index=False, name=None))
        found.append(Finding("fehler", "Schlüssel", name, f"{int(twice.sum())} doppelte Schlüssel: {rows}."))
    keys = table["ags"].unique()
    wrong = [key for key in keys if not re.fullmatch(r"\d{2}|\d{5}|\d{8}|\d{9}", key)]
    unknown = [key for key in keys if key not in regions and key not in wrong]
    if wrong:
        found.append(Finding("fehler", "Schlüssel", name, f"keine amtlichen Schlüssel: {', '.join(wrong[:3])}."))
    if unknown:
        found.append(Finding("fehler", "Schlüssel", name, f"nicht im Gebietsverzeichnis: {', '.join(unknown[:3])}."))
    order = pd.MultiIndex.from_frame(table[["ags", "jahr"]])
    if not order.is_monotonic_increasing:
        found.append(Finding("warnung", "Schlüssel", name, "Die Datei ist nicht nach Schlüssel und Jahr sortiert."))
    late = table["jahr"].max() > pd.Timestamp.now().year + 1
    if late or table["jahr"].min() < 1950:
        text = f"Jahre von {table['jahr'].min()} bis {table['jahr'].max()}."
        found.append(Finding("fehler", "Schlüssel", name, text))
    return found


def _check_range(entry: Indicator, table: pd.DataFrame, rule: Rule) -> list[Finding]:
    low, high = rule.low, rule.high
    outside = table[(table["wert"] < low) | (table["wert"] > high)]
    if outside.empty:
        return []
    rows = examples(outside[COLUMNS[:3]].itertuples(index=False, name=None))
    upper = "" if np.isinf(high) else f" bis {high:g}"
    text = f"{len(outside)} Werte außerhalb von {low:g}{upper} {entry.unit}: {rows}."
    return [Finding("fehler", "Wertebereich", entry.id, text)]


def _check_magnitude(entry: Indicator, table: pd.DataFrame, rule: Rule) -> list[Finding]:
    """Jumps of single regions (warnings) and of the whole table (errors) against the year before."""
    numbers = table.loc[table["wert"].notna() & (table["ags"].str.len() <= 5), ["ags", "jahr", "wert"]]
    numbers = numbers.sort_values(["ags", "jahr"])
    follows = (numbers["ags"] == numbers["ags"].shift()) & (numbers["jahr"] == numbers["jahr"].shift() + 1)
    pairs = numbers.assign(vorher=numbers["wert"].shift())[follows]
    explained = {moment.year for moment in entry.breaks} | set(rule.jumps)
    pairs = pairs[~pairs["jahr"].isin(explained) & (pairs["vorher"] > 0) & (pairs["wert"] >= 0)]
    found = []
    positive = pairs[pairs["wert"] > 0]
    ratio = (positive["wert"] / positive["vorher"]).groupby(positive["jahr"])
    medians = ratio.median()[ratio.size() >= 5]
    for year, median in medians[(medians > UNIT_JUMP) | (medians < 1 / UNIT_JUMP)].items():
        text = (
            f"{year} liegt der mittlere Wert beim {median:.2f}-Fachen des Vorjahrs: Einheit oder Abgrenzung geändert?"
        )
        found.append(Finding("fehler", "Größenordnung", entry.id, text.replace(".", ",", 1)))
    floor = FLOOR if entry.digits == 0 else numbers["wert"].median() / 4
    large = pairs[pairs[["wert", "vorher"]].max(axis=1) >= max(floor, 1e-9)]
    far = large[(large["wert"] > JUMP * large["vorher"]) | (large["wert"] * JUMP < large["vorher"])]
    if len(far):
        rows = examples(far[["ags", "jahr", "wert"]].itertuples(index=False, name=None))
        text = f"{len(far)} Werte auf mehr als das Vierfache oder unter ein Viertel des Vorjahrs: {rows}."
        found.append(Finding("warnung", "Größenordnung", entry.id, text))
    return found


def _check_coverage(name: str, table: pd.DataFrame) -> list[Finding]:
    """The last year must not cover clearly fewer districts than the one before."""
    districts = table[(table["ags"].str.len() == 5) & table["wert"].notna()]
    counts = districts.groupby("jahr").size().sort_index()
    if len(counts) < 2 or counts.iloc[-1] >= SHARE_OF_ROWS * counts.iloc[-2]:
        return []
    text = (
        f"{counts.index[-1]} haben {counts.iloc[-1]} Kreise einen Wert, {counts.index[-2]} waren es {counts.iloc[-2]}."
    )
    return [Finding("warnung", "Abdeckung", name, text)]
