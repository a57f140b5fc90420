"""From the publisher's words to our indicators: ``data/zuordnung.csv``. A new table needs new rows, not code.

Columns ``familie,tabelle,merkmal,indikator,einheit,faktor,jahr_versatz,strich,bemerkung``: ``merkmal`` as the parsers
give it, ``einheit`` as published (a changed unit is refused), ``faktor`` from the published to our unit,
``jahr_versatz`` added to the year (school years named by their end), ``strich`` what ``-`` means: empty for a true
zero, ``fehlt`` where the publisher prints it for regions it does not show.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass

import pandas as pd

from kreisbericht.catalogue import official_indicators
from kreisbericht.deliveries.model import Delivery
from kreisbericht.deliveries.source import UNTOUCHED
from kreisbericht.errors import DataError, nearest
from kreisbericht.paths import data_dir

COLUMNS = ["familie", "tabelle", "merkmal", "indikator", "einheit", "faktor", "jahr_versatz", "strich", "bemerkung"]
VALUE_COLUMNS = ["indikator", "ags", "jahr", "wert", "zeichen", "strich", "gebiet", "zeile", "spalte"]


@dataclass(frozen=True)
class Mapped:
    """A delivery in our indicators.

    ``values`` has the columns ``VALUE_COLUMNS``; ``unmapped`` the (merkmal, einheit) that no row names.
    """

    delivery: Delivery
    values: pd.DataFrame
    unmapped: list[tuple[str, str]]


def load_mapping() -> pd.DataFrame:
    """Rows of ``data/zuordnung.csv`` as strings, ``faktor`` float, ``jahr_versatz`` int, ``_wort`` for matching.

    Raises
    ------
    DataError
        Missing columns, a factor that is no number, the same feature mapped twice.
    """
    path = data_dir() / "zuordnung.csv"
    if not path.is_file():
        raise DataError(f"{path}: Die Datei fehlt. Bitte das Verzeichnis data/ vollständig herstellen. {UNTOUCHED}")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if list(table.columns) != COLUMNS:
        raise DataError(f"{path.name}: Spalten sind {', '.join(table.columns)}; erwartet: {', '.join(COLUMNS)}.")
    factor = pd.to_numeric(table["faktor"].replace("", "1"), errors="coerce")
    shift = pd.to_numeric(table["jahr_versatz"].replace("", "0"), errors="coerce")
    wrong = factor.isna() | shift.isna()
    if wrong.any():
        row = int(wrong.idxmax())
        raise DataError(f"{path.name}: Zeile {row + 2}: 'faktor' und 'jahr_versatz' müssen Zahlen sein. {UNTOUCHED}")
    table["faktor"], table["jahr_versatz"], table["_wort"] = factor, shift.astype(int), table["merkmal"].map(_fold)
    twice = table.duplicated(["familie", "tabelle", "_wort"])
    if twice.any():
        row = int(twice.idxmax())
        raise DataError(f"{path.name}: Zeile {row + 2}: '{table['merkmal'][row]}' ist doppelt zugeordnet. {UNTOUCHED}")
    return table


def map_delivery(delivery: Delivery, known: set[str] | None = None) -> Mapped:
    """Rename a delivery's cells to our indicators and units.

    Parameters
    ----------
    delivery
        As a parser gives it.
    known
        Ids that exist; default: the catalogue.

    Raises
    ------
    DataError
        If nothing is mapped (the message prints the rows to add), a unit has changed, an indicator is unknown,
        or two features of one indicator contradict each other.
    """
    table = load_mapping()
    rows = table[(table["familie"] == delivery.family) & (table["tabelle"] == delivery.table)].set_index("_wort")
    cells = delivery.cells
    words = {feature: _fold(feature) for feature in cells["merkmal"].unique()}
    word = cells["merkmal"].map(words)
    pairs = cells[["merkmal", "einheit"]][~word.isin(rows.index)].drop_duplicates()
    unmapped = list(pairs.itertuples(index=False, name=None))
    found = cells[word.isin(rows.index)].copy()
    if found.empty:
        raise _nothing_mapped(delivery, unmapped)
    row = rows.loc[word[found.index]]
    _refuse_units(found, row, delivery)
    _refuse_unknown(row, official_indicators().keys() if known is None else known)
    found["indikator"] = row["indikator"].to_numpy()
    found["wert"] = found["wert"].to_numpy() * row["faktor"].to_numpy()
    found["jahr"] = found["jahr"].to_numpy().astype(int) + row["jahr_versatz"].to_numpy()
    found = found[~(found["strich"] & (row["strich"] == "fehlt").to_numpy())]
    return Mapped(delivery, _join_features(found[VALUE_COLUMNS], delivery.path.name), unmapped)


def _fold(feature: str) -> str:
    return " ".join(feature.casefold().split())


def _refuse_units(found: pd.DataFrame, row: pd.DataFrame, delivery: Delivery) -> None:
    expected = row["einheit"].to_numpy()
    wrong = (expected != "") & (found["einheit"].to_numpy() != expected)
    if wrong.any():
        cell = found[wrong].iloc[0]
        raise DataError(
            f"{delivery.path.name}: Spalte '{cell['spalte']}': Die Einheit ist '{cell['einheit']}', zugeordnet ist "
            f"'{expected[wrong][0]}'. Bitte prüfen und in data/zuordnung.csv Einheit und Faktor anpassen. {UNTOUCHED}"
        )


def _refuse_unknown(row: pd.DataFrame, known: set[str]) -> None:
    wrong = [name for name in row["indikator"].unique() if name not in known]
    if wrong:
        raise DataError(
            f"data/zuordnung.csv: Indikator '{wrong[0]}' steht nicht im Katalog.{nearest(wrong[0], known)} "
            f"Bitte zuerst eine Zeile in data/indikatoren.csv anlegen. {UNTOUCHED}"
        )


def _join_features(values: pd.DataFrame, name: str) -> pd.DataFrame:
    """Where two columns feed one indicator (renamed over time), the number stands before the symbol."""
    key = ["indikator", "ags", "jahr"]
    if not values.duplicated(key).any():
        return values.reset_index(drop=True)
    ordered = values.sort_values([*key, "zeichen"], kind="stable")
    numbers = ordered[(ordered["zeichen"] == "") & ordered.duplicated(key, keep=False)]
    differing = numbers[numbers.groupby(key)["wert"].transform("nunique") > 1]
    if len(differing):
        first = differing.iloc[0]
        raise DataError(
            f"{name}: Zeile {first['zeile']}, Spalte '{first['spalte']}': Für '{first['indikator']}', {first['ags']}, "
            f"{first['jahr']} liefern zwei Spalten verschiedene Werte. Bitte data/zuordnung.csv prüfen. {UNTOUCHED}"
        )
    return ordered.drop_duplicates(key).reset_index(drop=True)


def _nothing_mapped(delivery: Delivery, unmapped: list[tuple[str, str]]) -> DataError:
    lines = [suggest_row(delivery, feature, unit) for feature, unit in unmapped[:8]]
    more = f"\n  … und {len(unmapped) - 8} weitere Merkmale" if len(unmapped) > 8 else ""
    return DataError(
        f"{delivery.path.name}: Die Tabelle {delivery.table} ({delivery.title}) ist lesbar, aber kein Merkmal ist "
        "einem Indikator zugeordnet. Bitte in data/zuordnung.csv je gewünschtem Merkmal eine Zeile ergänzen "
        f"(und in data/indikatoren.csv den Indikator, falls neu):\n  {','.join(COLUMNS)}\n  "
        + "\n  ".join(lines)
        + f"{more}\n{UNTOUCHED}"
    )


def suggest_row(delivery: Delivery, feature: str, unit: str) -> str:
    """Row for ``zuordnung.csv`` with the indicator left to fill in."""
    fields = [delivery.family, delivery.table, feature, "HIER_INDIKATOR", unit, "1", "0", "", ""]
    out: list[str] = []
    csv.writer(_Lines(out), lineterminator="").writerow(fields)
    return out[0]


class _Lines:
    """The smallest file a csv writer accepts."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append
