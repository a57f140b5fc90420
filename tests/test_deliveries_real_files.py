"""The publishers' own files, where they lie beside the repository: every cell against figures collected independently.

Without them the same families are tested with built files (``test_deliveries``). Known errors of the collected
figures are named here, counted apart and checked to be just that.
"""

import re
import time
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from kreisbericht.catalogue import load_catalogue
from kreisbericht.deliveries.mapping import map_delivery
from kreisbericht.deliveries.recognise import read_delivery
from kreisbericht.deliveries.territory import settle_regions
from kreisbericht.errors import DataError
from kreisbericht.paths import ROOT

FILES = ROOT.parent / "shared" / "deliveries"
FIGURES = ROOT.parent / "shared" / "figures"
pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="the publishers' files are not beside this repository")

FAMILIES = ("ba_", "destatis_", "ffcsv_", "gisd_", "inkar", "regionaldatenbank_", "zensus")
REFUSED = ("bkg_vg250", "bundeswahlleiter", "deutschlandatlas")


KEY = ["source", "ags", "jahr"]


def load_figures(sources):
    """Collected figures of these sources: ``source, ags, jahr, figure``; a key may hold several."""
    parts = []
    for path in [FIGURES / "thueringen.csv.gz", *sorted((FIGURES / "alle_kreise").glob("*.csv.gz"))]:
        table = pd.read_csv(path, dtype={"ags": str}, usecols=["indicator_id", "ags", "year", "value"])
        parts.append(table[table["indicator_id"].isin(sources)])
    figures = pd.concat(parts).rename(columns={"indicator_id": "source", "year": "jahr", "value": "figure"})
    return figures.drop_duplicates()


def load_imported():
    """All values the importer would write: ``file, source, ags, jahr, wert, zeichen``; files without a mapped row."""
    sources = {name: re.split(r"[;|,]\s*", entry.source_id)[0] for name, entry in load_catalogue().items()}
    parts, left = [], []
    for path in sorted(FILES.iterdir()):
        if path.name.startswith(FAMILIES):
            try:
                mapped = map_delivery(read_delivery(path))
            except DataError:
                left.append(path.name)
                continue
            values, _ = settle_regions(mapped.values, path.name)
            parts.append(values.assign(file=path.name, source=values["indikator"].map(sources)))
    return pd.concat(parts, ignore_index=True), left


def test_every_real_file_is_recognised_and_the_others_are_refused():
    families = Counter()
    for path in sorted(FILES.iterdir()):
        if path.name.startswith(FAMILIES):
            families[read_delivery(path).family] += 1
        elif path.name.startswith(REFUSED):
            with pytest.raises(DataError):
                read_delivery(path)
    assert families == {"genesis_tabelle": 12, "ffcsv": 6, "inkar": 9, "gisd": 3, "ba": 1, "zensus": 1}


def test_imported_values_equal_the_collected_figures():
    imported, left = load_imported()
    numbers = imported[imported["zeichen"] == ""].reset_index(names="row")
    pairs = numbers.merge(load_figures(set(numbers["source"])), on=KEY, how="left")
    equal = np.isclose(pairs["wert"], pairs["figure"], rtol=1e-9, atol=1e-9)
    lost_point = (pairs["wert"] < 1) & np.isclose(pairs["figure"], 1000 * pairs["wert"])  # 0.554 collected as 554
    pairs["state"] = np.select([equal, pairs["figure"].isna(), lost_point], [0, 1, 2], 3)
    best = pairs.groupby("row")["state"].min()
    counts = best.value_counts().to_dict()
    print(
        f"\nmatched {counts.get(0, 0)}, missing {counts.get(1, 0)}, different {counts.get(3, 0)}, "
        f"symbols {len(imported) - len(numbers)}, collected without decimal point {counts.get(2, 0)}, "
        f"files without a mapped indicator {len(left)}"
    )
    different = numbers.set_index("row").loc[best[best == 3].index]
    assert different.empty, different.head()
    assert counts[0] > 200_000


def test_importing_the_largest_real_file_takes_under_three_seconds():
    path = FILES / "destatis_12411-0018_2015-2020.csv"
    begin = time.perf_counter()
    mapped = map_delivery(read_delivery(path))
    settle_regions(mapped.values, path.name)
    assert time.perf_counter() - begin < 3
