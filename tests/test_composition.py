"""Groups side by side and several indicators in one table: the figures, their words, and where there are none."""

import csv
import re

import pandas as pd
import pytest

from kreisbericht import charts
from kreisbericht.chapter import Chapter
from kreisbericht.output import FOLDER_VARIABLE

# Regionaldatenbank 13111-07-05-4, Kyffhäuserkreis, 30.06.2020: employees at the place of work by sector
SECTORS = {"Bau": "beschaeftigte_baugewerbe", "Dienste": "beschaeftigte_dienstleistungen"}
MOVES = {"unter 18": ("zuzuege_u18", "fortzuege_u18"), "18 bis 24": ("zuzuege_18_25", "fortzuege_18_25")}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "kapitel"))
    return tmp_path / "kapitel"


def chapter(ags="16065", year=2025):
    return Chapter(ags, year, "2026-09-30")


def test_shares_are_parts_of_the_sum_and_the_download_holds_the_counts(folder):
    text = chapter().bars(SECTORS, what="Beschäftigte", share=True, item="fig-bereiche").text
    # 1,823 of 1,823 + 11,954 are 13.2 per cent, by hand
    assert "„Dienste“ mit 86,8\u00a0%" in text
    assert "„Bau“ mit 13,2\u00a0%" in text
    with (folder / "fig-bereiche.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["wert"] for row in rows if row["ags"] == "16065"} == {"1823", "11954"}
    assert {row["ags"] for row in rows} == {"16065", "16", "00"}


def test_a_balance_is_arrivals_minus_departures_by_group(folder):
    text = chapter().balance_bars(MOVES, what="Saldo").text
    # Regionaldatenbank 12711-01-03-4, 2024: 649 − 652 = −3 and 547 − 665 = −118, together −121
    assert "ein Verlust von 121 Personen" in text
    assert "„18 bis 24“ (−118)" in text
    assert "Größter Verlust in der Gruppe 18 bis 24: −118 Personen" in text
    assert "Gewinn" not in text


def test_a_district_without_the_figures_gets_a_note_and_no_picture(folder):
    text = chapter("11000").balance_bars(MOVES, what="Saldo").text
    assert 'title="Kein Wert vorhanden"' in text
    assert "fig-" not in text


def test_where_a_land_has_one_district_the_ranking_keeps_its_name_and_shows_all_of_germany(folder):
    text = chapter("02000").ranking("niedrigeinkommen_haushalte", item="fig-einkommen-rang").text
    assert re.findall(r"\{#(fig-[\w-]+)", text) == ["fig-einkommen-rang"]
    assert "Kreise in Deutschland" in text.replace("\u00a0", " ")


def test_age_groups_of_every_kind_of_district_add_up_to_a_hundred(folder):
    for ags in ("16065", "02000", "03241"):
        text = chapter(ags).age_groups().text
        alt = re.search(r'fig-alt="([^"]*)"', text)[1]
        shares = [float(found.replace(",", ".")) for found in re.findall(r"(\d+,\d)\u00a0%", alt)]
        assert len(shares) == 7
        assert sum(shares) == pytest.approx(100, abs=0.4)


def test_an_overview_names_year_place_and_rating_of_each_indicator(folder):
    text = chapter().overview_table("arbeitslosenquote", "auspendler_anteil", title="Arbeit").text
    row = next(line for line in text.splitlines() if line.startswith("| Arbeitslosenquote"))
    # Regionaldatenbank 13211-02-05-4, 2025: Kyffhäuserkreis 8.3, Thüringen 6.4, Germany 6.3
    assert "2025" in row and "8,3" in row and "6,4" in row and "6,3" in row
    assert "[ungünstiger]{.wertung .unguenstiger}" in row
    assert "[ohne Wertung]{.wertung .ohne}" in text


def test_an_overview_rates_against_the_middle_district_where_the_land_has_no_value(folder):
    text = chapter().overview_table("arbeitslosenquote", "niedrigeinkommen_haushalte").text
    assert "mittlerer Wert der Kreise, wo kein Gesamtwert vorliegt; mit ihm vergleicht" in text


def test_bars_draw_values_of_both_signs_and_write_a_missing_one():
    table = pd.DataFrame({"A": [5.0, -3.0, float("nan")], "Land": [4.0, float("nan"), 1.0]}, index=["x", "y", "z"])
    canvas = charts.bars(table, home="A", unit="", digits=0, sign=True)
    assert canvas.width == 720
    assert "<svg" in canvas.svg("Balken")
    with pytest.raises(ValueError, match="no group"):
        charts.bars(table * float("nan"), home="A")


@pytest.mark.parametrize("ags", ["16065", "16076", "03241", "05334", "09162", "11000"])
def test_the_group_furthest_from_the_land_is_named_with_both_values(ags, tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "gruppen"))
    groups = {"Männer": "arbeitslosenquote_maenner", "Frauen": "arbeitslosenquote_frauen",
              "15 bis 24": "arbeitslosenquote_15_25", "ohne Pass": "arbeitslosenquote_auslaender"}  # fmt: skip
    one = Chapter(ags, 2025, "2026-09-30")
    text = str(one.bars(groups, what="Arbeitslosenquote").text).replace("\u00a0", " ")
    found = re.search(r"liegt „([^“]+)“ am weitesten (darüber|darunter): ([\d,]+) gegenüber ([\d,]+) %", text)
    own, other = (float(value.replace(",", ".")) for value in found.groups()[2:])
    assert (own > other) == (found[2] == "darüber")
    table = pd.concat([one.values(name).dropna().iloc[-1].iloc[:2] for name in groups.values()], axis=1).T
    distance = (table.iloc[:, 0] / table.iloc[:, 1] - 1).abs().to_numpy()
    assert list(groups)[distance.argmax()] == found[1]
