"""Where the district's own figures live: ``data/eigene/``, and the invented sample district apart in ``muster/``.

Keys that begin with 99999 belong to the sample district and only to ``data/eigene/muster``; all others never go there.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

from kreisbericht.catalogue import load_catalogue
from kreisbericht.deliveries.mapping import Mapped
from kreisbericht.deliveries.model import Delivery
from kreisbericht.deliveries.source import UNTOUCHED
from kreisbericht.deliveries.territory import settle_regions
from kreisbericht.errors import DataError
from kreisbericht.paths import data_dir

SAMPLE_KEY = "99999"


def own_dir(keys: pd.Series, name: str) -> Path:
    """``data/eigene`` or, for keys of the sample district, ``data/eigene/muster``; never both from one file.

    Raises
    ------
    DataError
        If a file mixes invented and real regions.
    """
    sample = keys.str.startswith(SAMPLE_KEY)
    if sample.any() and not sample.all():
        raise DataError(
            f"{name}: Die Datei mischt Musterdaten (Schlüssel {SAMPLE_KEY}…) mit echten Gebieten. {UNTOUCHED}"
        )
    return data_dir() / "eigene" / "muster" if len(keys) and sample.all() else data_dir() / "eigene"


def known_indicators() -> set[str]:
    """Ids of the catalogue and of the templates' own catalogue (``data/eigene/vorlagen/indikatoren.csv``)."""
    path = data_dir() / "eigene" / "vorlagen" / "indikatoren.csv"
    own: set[str] = set()
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            own = {row["id"] for row in csv.DictReader(file)}
    return own | set(load_catalogue())


def values_path(indicator: str, rows: pd.DataFrame, name: str = "") -> Path:
    """File of an own indicator's values."""
    return own_dir(rows["ags"], name) / "werte" / f"{indicator}.csv"


def settle(mapped: Mapped) -> tuple[pd.DataFrame, list[str]]:
    """Check the regions of an own delivery; sample regions need no register."""
    values, name = mapped.values, mapped.delivery.path.name
    if own_dir(values["ags"], name).name == "muster":
        return values, ["Musterdaten eines erfundenen Kreises: sie erscheinen in keinem Bericht eines echten Kreises."]
    return settle_regions(values, name)


def record_path(delivery: Delivery) -> Path:
    """File of offers or measures."""
    return own_dir(delivery.records["gebiet"], delivery.path.name) / f"{delivery.table}.csv"


def merge_records(delivery: Delivery) -> tuple[pd.DataFrame, int, int]:
    """Table after the import and how many records are new and changed; (gebiet, first column) is the key."""
    path, records = record_path(delivery), delivery.records
    before = pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else records.iloc[:0]
    key = list(records.columns[:2])
    known = set(before[key].itertuples(index=False, name=None))
    same = set(before.itertuples(index=False, name=None))
    new = sum(row[:2] not in known for row in records.itertuples(index=False, name=None))
    changed = sum(row[:2] in known and row not in same for row in records.itertuples(index=False, name=None))
    merged = pd.concat([before, records]).drop_duplicates(key, keep="last").sort_values(key)
    return merged.reset_index(drop=True), new, changed
