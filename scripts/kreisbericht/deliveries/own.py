"""Where the district's own figures live: ``data/eigene/``, and the invented sample district apart in ``muster/``.

Invented keys (``sample``) belong only to ``data/eigene/muster``; all others never go there.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from kreisbericht.catalogue import load_catalogue
from kreisbericht.deliveries.mapping import Mapped
from kreisbericht.deliveries.model import Delivery
from kreisbericht.deliveries.source import UNTOUCHED
from kreisbericht.deliveries.territory import settle_regions
from kreisbericht.errors import DataError
from kreisbericht.paths import data_dir
from kreisbericht.sample import DISTRICT, is_sample, sample_dir
from kreisbericht.strategy.checks import EVERYWHERE
from kreisbericht.strategy.tables import strategy_dir


def own_dir(keys: pd.Series, name: str) -> Path:
    """``data/eigene`` or, for keys of the sample district, ``data/eigene/muster``; never both from one file.

    Raises
    ------
    DataError
        If a file mixes invented and real regions.
    """
    sample = keys.map(is_sample).astype(bool)
    if sample.any() and not sample.all():
        raise DataError(
            f"{name}: Die Datei mischt Musterdaten (Schlüssel {DISTRICT}…) mit echten Gebieten. {UNTOUCHED}"
        )
    return sample_dir() if len(keys) and sample.all() else data_dir() / "eigene"


def known_indicators() -> set[str]:
    """Ids of the catalogue, the district's own surveys among them."""
    return set(load_catalogue())


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
    """File of one table of the strategy: ``data/strategie``, invented rows in the sample's folder."""
    sample = own_dir(delivery.records["gebiet"], delivery.path.name) == sample_dir()
    return strategy_dir(DISTRICT if sample else EVERYWHERE) / f"{delivery.table}.csv"


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
