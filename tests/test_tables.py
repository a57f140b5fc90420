"""Tables and the Datengrundlage: no masses of gaps, nothing said twice."""

import re

import pandas as pd
import pytest

from kreisbericht import catalogue, regions
from kreisbericht.chapter import Chapter
from kreisbericht.numbers import format_number
from kreisbericht.output import FOLDER_VARIABLE
from kreisbericht.paths import data_dir

GAP = re.compile(r"k\\?\.\s*A\\?\.")


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "kapitel"))


def rows_of(text):
    return [line for line in text.replace("\u00a0", " ").splitlines() if line.startswith("| ")]


def test_a_neighbour_with_mostly_gaps_is_named_below_and_has_no_row(book):
    # the yearly population of districts beyond Thüringen is in the package for three of seven years
    text = Chapter("16065", 2025, "2026-09-30").table("bevoelkerung").text
    rows = rows_of(text)
    assert any("Eichsfeld" in row for row in rows)
    assert not any("Saalekreis" in row for row in rows)
    assert "Wegen vieler fehlender Jahre ohne Zeile: Burgenlandkreis, Mansfeld-Südharz und Saalekreis." in text


def test_a_district_chosen_for_comparison_keeps_its_row(book):
    text = Chapter("16065", 2025, "2026-09-30", vergleich=["15084"]).table("bevoelkerung").text
    assert any("Burgenlandkreis" in row for row in rows_of(text))


def test_an_area_without_a_value_shows_the_median_of_its_districts(book):
    table = pd.read_csv(data_dir() / "werte/arbeit/langzeitarbeitslose_anteil.csv", dtype={"ags": str})
    newest = table[(table["jahr"] == 2022) & table["wert"].notna()].set_index("ags")["wert"]
    thuringia = newest[[region.ags for region in regions.districts("16", year=2022) if region.ags in newest]]
    text = Chapter("16065", 2025, "2026-09-30").overview_table("langzeitarbeitslose_anteil", "arbeitslosenquote").text
    row = next(row for row in rows_of(text) if "Langzeitarbeitslosen" in row)
    assert f"| {format_number(thuringia.median(), 1)} \\* |" in row
    assert not GAP.search(row)
    assert "mittlerer Wert der Kreise" in text


def test_sources_and_shared_limits_stand_once(book):
    ids = ("bevoelkerung", "bevoelkerungsdichte", "auslaenderanteil", "sgb2_quote", "kinderarmut_u15")
    text = Chapter("16065", 2025, "2026-09-30").basis(*ids).text
    assert text.count("\nQuellen\n:   ") == 1
    for credit in {catalogue.find_indicator(name).credit.rstrip(".") for name in ids}:
        assert text.count(credit.partition(";")[0]) >= 1
    limits = catalogue.find_indicator("bevoelkerung").limits
    assert limits == catalogue.find_indicator("bevoelkerungsdichte").limits
    assert text.replace("\\", "").count(limits) == 1


def test_a_reading_aid_explains_rates_but_neither_counts_nor_a_zero(book):
    one = Chapter("16065", 2025, "2026-09-30")
    assert "heißt: Von 100 Kindern unter 15 Jahren" in one.reading_aid("kinderarmut_u15").text
    assert one.reading_aid("geburten").text == ""
    assert one.reading_aid("studierende_je_100_18_25").text == ""  # INKAR 2024: no university, 0.0


def test_no_reading_aid_sets_two_numbers_side_by_side():
    for entry in catalogue.load_catalogue().values():
        assert not re.search(r"\{wert\} \d", entry.reading_aid), entry.id
        assert not re.search(r"waren \{wert\} (?:ohne|mit) ", entry.reading_aid), entry.id
