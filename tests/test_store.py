"""The store: exact values, honest gaps, a record of what was read."""

import hashlib
import time

import pandas as pd
import pytest

from kreisbericht import catalogue, store
from kreisbericht.errors import DataError, ParameterError
from kreisbericht.paths import data_dir


@pytest.fixture
def own_data(tmp_path, monkeypatch):
    """A data folder with one indicator ``kinderarmut_u15`` whose values the test writes."""
    for name in ("indikatoren.csv", "brueche.csv"):
        (tmp_path / name).write_bytes((data_dir() / name).read_bytes())
    path = tmp_path / catalogue.find_indicator("kinderarmut_u15").file
    path.parent.mkdir(parents=True)
    monkeypatch.setenv("KREISBERICHT_DATA", str(tmp_path))
    return path


def test_a_series_is_the_published_one():
    # BBSR, INKAR Ausgabe 2024, Kinderarmut, Kyffhäuserkreis
    expected = {2016: 17.94, 2017: 18.08, 2018: 16.51, 2019: 15.46, 2020: 14.01, 2021: 12.57, 2022: 12.40}
    assert store.series("kinderarmut_u15", "16065").to_dict() == expected
    assert store.series("kinderarmut_u15", "16065", until=2017).to_dict() == {2016: 17.94, 2017: 18.08}


def test_a_cross_section_keeps_the_order_asked_for_and_leaves_gaps_empty():
    found = store.cross_section("kinderarmut_u15", 2022, ["16065", "16", "00", "16056"])
    assert list(found.index) == ["16065", "16", "00", "16056"]
    assert found["16065"] == 12.40 and pd.isna(found["16056"])


def test_a_symbol_is_no_number_and_a_zero_is_one(own_data):
    own_data.write_text("ags,jahr,wert,zeichen\n16065,2020,0,\n16065,2021,,.\n16065,2022,,x\n", encoding="utf-8")
    table = store.load_values("kinderarmut_u15")
    assert table["wert"].isna().tolist() == [False, True, True]
    assert table["zeichen"].tolist() == ["", ".", "x"]
    assert store.years("kinderarmut_u15", "16065") == [2020]


def test_changed_files_are_read_again_and_copies_are_safe_to_change(own_data):
    own_data.write_text("ags,jahr,wert,zeichen\n16065,2020,1.5,\n", encoding="utf-8")
    first = store.load_values("kinderarmut_u15")
    first.loc[0, "wert"] = 99
    assert store.series("kinderarmut_u15", "16065")[2020] == 1.5
    own_data.write_text("ags,jahr,wert,zeichen\n16065,2020,2.75,\n", encoding="utf-8")
    assert store.series("kinderarmut_u15", "16065")[2020] == 2.75


def test_reads_name_the_indicator_and_the_digest_of_its_file(own_data):
    own_data.write_text("ags,jahr,wert,zeichen\n16065,2020,1.5,\n", encoding="utf-8")
    store.forget_reads()
    store.series("kinderarmut_u15", "16065")
    assert store.reads() == [("kinderarmut_u15", hashlib.sha256(own_data.read_bytes()).hexdigest())]


@pytest.mark.parametrize(
    "content", ["ags;jahr;wert;zeichen\n16065;2020;1,5;\n", "ags,jahr,wert,zeichen\n16065,2020,1;5,\n", ""]
)
def test_unreadable_values_are_refused_in_german(own_data, content):
    own_data.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"kinderarmut_u15\.csv"):
        store.load_values("kinderarmut_u15")


def test_missing_values_and_unknown_indicators_are_refused(own_data):
    with pytest.raises(DataError, match="fehlen"):
        store.load_values("kinderarmut_u15")
    with pytest.raises(ParameterError, match="steht nicht im Katalog"):
        store.load_values("kinderarmutt")


def test_every_file_is_sorted_and_has_one_row_per_region_and_year():
    for indicator_id in catalogue.official_indicators():
        table = store.load_values(indicator_id)
        keys = list(zip(table["ags"], table["jahr"], strict=True))
        assert keys == sorted(set(keys)), indicator_id
        assert (table["wert"].notna() ^ (table["zeichen"] != "")).all(), indicator_id


def test_one_indicator_for_all_districts_and_years_loads_in_twenty_milliseconds():
    store.load_values("kinderarmut_u15")
    largest = max(catalogue.official_indicators(), key=lambda name: store.values_path(name).stat().st_size)
    store._read_values.cache_clear()
    best = min(_seconds(largest) for _ in range(5))
    assert best < 0.02


def _seconds(indicator_id: str) -> float:
    store._read_values.cache_clear()
    start = time.perf_counter()
    store.load_values(indicator_id)
    return time.perf_counter() - start


def test_latest_year_respects_the_cut_off():
    assert store.latest_year("arbeitslosenquote", "16065") == 2025
    assert store.latest_year("arbeitslosenquote", "16065", until=2024) == 2023
    assert store.latest_year("arbeitslosenquote", "16056") == 2020
    assert store.latest_year("geburten", "09162") is None
