"""Indicators computed from published counts: shares, sums and differences (``data/abgeleitet.csv``).

Their values lie in ``data/werte`` like all others and are written anew after each import, so that checks, downloads and
lineage treat them alike. A published series of the same share may come before the computed years; both follow the same
definition, the credit line names both. Not in here: intervals of shares (``statistics``) and suppression.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from kreisbericht import store
from kreisbericht.errors import DataError
from kreisbericht.paths import data_dir, write_atomically

COLUMNS = ("id", "zaehler", "nenner", "faktor", "davor")
COMPUTED = "berechnet"  # ``quelle_id`` of these indicators in the catalogue
DECIMALS = 4  # stored decimals of a share: more than is printed, few enough to read [digits]


@dataclass(frozen=True)
class Formula:
    """How an indicator follows from others.

    Parameters
    ----------
    numerator, denominator
        Ids that are added; one with a leading ``-`` is taken away. No denominator: a sum of counts.
    factor
        100 for a share in per cent, 1 for a ratio.
    before
        Published indicator for the years before the first computed one; empty if there is none.
    """

    id: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    factor: float
    before: str

    @property
    def inputs(self) -> set[str]:
        """Indicators the formula reads."""
        terms = {term.lstrip("-") for term in (*self.numerator, *self.denominator)}
        return terms | ({self.before} if self.before else set())


def load_formulas() -> dict[str, Formula]:
    """Formulas by id of the indicator they give, in the order of ``data/abgeleitet.csv``; empty without the file.

    Raises
    ------
    DataError
        If a column is missing, a row has no numerator, or its factor is no number.
    """
    path = data_dir() / "abgeleitet.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [column for column in COLUMNS if column not in (reader.fieldnames or [])]:
            raise DataError(f"{path.name}: Spalte fehlt: {', '.join(missing)}. Bitte die Kopfzeile wiederherstellen.")
        formulas = [_read_formula(row, number) for number, row in enumerate(reader, start=2)]
    return {formula.id: formula for formula in formulas}


def compute_values(formula: Formula) -> pd.DataFrame:
    """Values of a derived indicator for every region and year.

    Returns
    -------
    DataFrame ``ags, jahr, wert, zeichen`` as in ``data/werte``, sorted. A row needs all terms of the formula: where one
    stands as a symbol, the symbol ``.``; where the denominator is 0 or a count would be negative, ``x``; where one is
    not published, no row. Rounded to ``DECIMALS``.
    """
    result = _sum_terms(formula.numerator)
    if formula.denominator:
        base = _sum_terms(formula.denominator)
        result = result.reindex(base.index.intersection(result.index))
        base = base.reindex(result.index)
        result = (result / base.where(base > 0) * formula.factor).where(~(base <= 0), np.inf)
    result = result.where(~(result < 0), np.inf).round(DECIMALS)
    signs = pd.Series("", index=result.index).mask(result.isna(), ".").mask(np.isinf(result), "x")
    table = pd.DataFrame({"wert": result.replace(np.inf, np.nan), "zeichen": signs}).reset_index()
    if formula.before:
        earlier = _read_published(formula.before)
        table = pd.concat([earlier[earlier["jahr"] < table["jahr"].min()], table])
    return table[store.COLUMNS].sort_values(["ags", "jahr"], ignore_index=True)


def write_derived(changed: set[str] | None = None) -> list[Path]:
    """Compute and write the derived indicators whose content differs from the file.

    Parameters
    ----------
    changed
        Indicators that were imported: only formulas that read one of them; None means all.

    Returns
    -------
    Files that were written.
    """
    written = []
    for formula in load_formulas().values():
        if changed is not None and not formula.inputs & changed:
            continue
        path, text = store.values_path(formula.id), _to_text(compute_values(formula))
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_atomically(path, text)
            written.append(path)
    return written


def _read_formula(row: dict[str, str], number: int) -> Formula:
    terms = [tuple(term for term in row[column].split("|") if term) for column in ("zaehler", "nenner")]
    try:
        factor = float(row["faktor"] or 1)
    except ValueError as error:
        raise DataError(
            f"abgeleitet.csv, Zeile {number} ('{row['id']}'): faktor '{row['faktor']}' ist keine Zahl. "
            "Üblich sind 100 für einen Anteil in Prozent und 1 für ein Verhältnis; es wurde nichts berechnet."
        ) from error
    if not terms[0]:
        raise DataError(
            f"abgeleitet.csv, Zeile {number} ('{row['id']}'): Die Spalte zaehler ist leer. Erwartet werden Kennungen "
            "aus indikatoren.csv, mit | verbunden; es wurde nichts berechnet."
        )
    return Formula(row["id"], terms[0], terms[1], factor, row["davor"])


def _sum_terms(terms: tuple[str, ...]) -> pd.Series:
    """Sum of signed indicators, index (ags, jahr); NaN where a term is a symbol, absent where one has no row.

    A part that is taken away and stands as ``x`` (does not exist there, or is not set apart) takes nothing away: what
    remains is by definition all that is not shown on its own.
    """
    parts = [_signed_values(term) for term in terms]
    both = pd.concat(parts, axis=1, join="inner", keys=range(len(parts)))
    return both.sum(axis=1, min_count=len(parts)).where(both.notna().all(axis=1))


def _signed_values(term: str) -> pd.Series:
    table = _read_published(term.lstrip("-")).set_index(["ags", "jahr"])
    if not term.startswith("-"):
        return table["wert"]
    return -table["wert"].mask(table["zeichen"] == "x", 0.0)


def _read_published(indicator_id: str) -> pd.DataFrame:
    """The file as it is: what views hide as resting on few people must not be hidden from the arithmetic."""
    path = store.values_path(indicator_id)
    if not path.is_file():
        raise DataError(
            f"{path}: Die Datei fehlt; daraus sollte ein Anteil berechnet werden. Es wurde nichts berechnet."
        )
    return pd.read_csv(
        path, dtype={"ags": str, "jahr": "int64", "wert": "float64", "zeichen": str}, keep_default_na=False,
        na_values={"wert": [""]},
    )  # fmt: skip


def _to_text(table: pd.DataFrame) -> str:
    """CSV with numbers as short as they are: 12 instead of 12.0."""
    numbers = ["" if pd.isna(value) else f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".") for value in table["wert"]]
    return table.assign(wert=numbers).to_csv(index=False, lineterminator="\n")
