"""What a parser returns: one delivery in long form, the same for every family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

CELL_COLUMNS = ["merkmal", "einheit", "ags", "gebiet", "jahr", "wert", "zeichen", "strich", "zeile", "spalte"]


@dataclass(frozen=True)
class Delivery:
    """One official export, read and checked in itself, not yet mapped to indicators.

    Parameters
    ----------
    path, sha256
        The file and the checksum of its bytes.
    family
        ``genesis_tabelle``, ``ffcsv``, ``inkar``, ``ba``, ``gisd``, ``zensus`` or ``vorlage``.
    table, title
        The publisher's code (or a fixed word where a family has none) and title.
    as_of
        Day of the publisher's *Stand*, where the file names one.
    cells
        One row per cell: ``merkmal`` (string, the publisher's words or codes), ``einheit`` (string as published,
        '' where the file names none), ``ags`` (string, '00' Germany), ``gebiet`` (name as published), ``jahr`` (int),
        ``wert`` (float, NaN where a symbol stands), ``zeichen`` ('' or one of ``. … / x``), ``strich`` (bool: the cell
        held ``-``), ``zeile`` (1-based row of the file), ``spalte`` (column as a person would name it).
    notes
        German remarks for the preview.
    records
        Rows that are no figures (offers, measures of a template); ``cells`` is empty then.
    """

    path: Path
    sha256: str
    family: str
    table: str
    title: str
    as_of: date | None
    cells: pd.DataFrame
    notes: tuple[str, ...] = ()
    records: pd.DataFrame | None = None


FAMILY_NAMES = {
    "genesis_tabelle": "GENESIS-Tabelle (CSV)",
    "ffcsv": "GENESIS-Flat-File (ffcsv)",
    "inkar": "INKAR (BBSR)",
    "ba": "Arbeitsmappe der Bundesagentur für Arbeit",
    "gisd": "GISD (Robert Koch-Institut)",
    "zensus": "Regionaltabelle Zensus 2022",
    "vorlage": "Eigene Vorlage des Kreises",
}
