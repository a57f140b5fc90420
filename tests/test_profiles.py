"""Profile pages and fact sheets: one line per indicator, the same values in picture, table, sentence and download."""

import csv
import re

import pandas as pd
import pytest

from kreisbericht import catalogue, profiles, regions, store
from kreisbericht.areas import load_area_values
from kreisbericht.chapter import Chapter
from kreisbericht.errors import ParameterError
from kreisbericht.numbers import format_cell
from kreisbericht.output import FOLDER_VARIABLE
from kreisbericht.scope import make_scope

IDS = ("kinderarmut_u15", "sgb2_quote", "arbeitslosenquote", "schuldnerquote", "verfuegbares_einkommen")
SHEET = ("bevoelkerungsdichte", "anteil_unter_18_zensus", "bedarfsgemeinschaften_personen_je_1000", "kinderarmut_u15")


def chapter(ags="16065"):
    return Chapter(ags, 2025, "2026-09-30")


def lines(ags="16065", ids=IDS):
    scope = make_scope(ags, 2025, "2026-09-30", [])
    return {
        line.standing.indicator.id: line
        for line in profiles.find_lines(scope, list(map(catalogue.find_indicator, ids)))
    }


@pytest.fixture
def book(tmp_path, monkeypatch):
    """Views print for the book, into this folder."""
    folder = tmp_path / "profil"
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    return folder


def test_a_line_holds_value_comparison_and_rating_of_the_newest_year():
    # INKAR 2024: Kinderarmut 2022 Kyffhäuserkreis 12.4 %, Thüringen 9.7 %
    line = lines()["kinderarmut_u15"]
    assert (line.standing.year, line.standing.value, round(line.standing.reference, 1)) == (2022, 12.4, 9.7)
    assert line.standing.rating == "unguenstiger"
    assert line.lead < 0
    assert len(line.group) == line.standing.of == 22


def test_the_change_looks_back_three_years_and_never_across_a_break():
    found = lines()
    assert (found["kinderarmut_u15"].change.first_year, found["kinderarmut_u15"].change.last_year) == (2019, 2022)
    scope = make_scope("16065", 2025, "2026-09-30", [])
    for line in found.values():
        entry, year = line.standing.indicator, line.standing.year
        crossed = any(year - profiles.SPAN < first <= year for first, _ in scope.breaks(entry))
        assert line.gap == ("x" if crossed else "" if line.change else "k.\u00a0A.")


def test_a_city_state_is_compared_with_germany_and_says_so(book):
    text = chapter("02000").profile(*IDS, title="Profil Armut").text
    assert "jeder Strich ein Kreis in Deutschland" not in text  # that is in the picture
    picture = (book / "fig-profil.svg").read_text(encoding="utf-8")
    assert "Hamburg verglichen mit Deutschland" in picture
    assert "Land" not in re.findall(r">([^<]+)</text>", picture)
    assert "in Deutschland" in text and "in Hamburg" in text


def test_the_sentence_counts_where_the_figures_have_moved_within_three_years(book):
    text = chapter().profile(*IDS, title="Profil Armut").text
    moved = [line.change for line in lines().values() if line.change and line.standing.indicator.polarity]
    words = ["null", "eine", "zwei", "drei", "vier", "fünf"]
    assert f"Von {words[len(moved)]} Kennzahlen, die sich mit dem Wert drei Jahre zuvor vergleichen lassen" in text
    level = sum(change.direction == "stabil" for change in moved)
    assert (f"{words[level]} nahezu gleich" in text) == bool(level)
    assert "ungünstiger aus" not in text  # that is in the key messages


def test_table_picture_and_download_show_the_same_values(book):
    one = chapter()
    figure, table = one.profile(*IDS, title="Profil Armut").text, one.profile_table().text
    assert "@fig-profil " in figure and "{#fig-profil " in figure
    assert "@tbl-profil " in table and "{#tbl-profil " in table
    for line in lines().values():
        assert format_cell(line.standing.value, line.standing.indicator.digits) in table
    with (book / "tbl-profil.csv").open(encoding="utf-8") as file:
        own = {row["gebiet"]: row["wert"] for row in csv.DictReader(file) if row["ags"] == "16065"}
    assert own["Kyffhäuserkreis: " + catalogue.find_indicator("kinderarmut_u15").title] == "12.4"


def test_an_indicator_without_a_value_is_said_and_not_drawn():
    one = Chapter("16065", 2015, "2026-09-30")  # Kinderarmut begins in 2016
    figure = one.profile(*IDS, title="Profil Armut").text
    assert "Kinderarmut" not in figure
    assert "„Kinderarmut“" in one.profile_table().text


def test_a_profile_without_any_value_is_one_note():
    text = Chapter("16065", 1991, "2026-09-30").profile("kinderarmut_u15", "sgb2_quote", title="Profil Armut").text
    assert "kein Wert zu „Kinderarmut“ vor" in text and "![" not in text


def test_the_table_of_a_profile_needs_the_profile():
    with pytest.raises(ParameterError, match="zuerst profile"):
        chapter().profile_table()


def test_an_area_of_several_municipalities_gets_their_weighted_mean():
    # Zensus 2022: inhabitants of An der Schmücke, Etzleben and Oberheldrungen
    scope = make_scope("16065", 2025, "2026-09-30", [])
    found = load_area_values(scope, catalogue.find_indicator("anteil_unter_18_zensus"))
    parts = store.load_published("anteil_unter_18_zensus").set_index("ags")["wert"]
    people = {"16065088": 5915, "16065016": 261, "16065052": 731}
    expected = sum(parts[ags] * count for ags, count in people.items()) / sum(people.values())
    assert found.values["160655056"] == pytest.approx(expected)
    assert pd.isna(found.values["160655052"])  # Bellstedt and Rockstedt are not published


def test_an_area_that_is_one_municipality_takes_its_value():
    scope = make_scope("16065", 2025, "2026-09-30", [])
    found = load_area_values(scope, catalogue.find_indicator("leerstandsquote_zensus"))
    own = store.cross_section("leerstandsquote_zensus", 2022, ["16065067"]).iloc[0]
    assert found.values["160650067"] == own


def test_every_planning_area_has_a_sheet_with_all_indicators(book):
    text = chapter().fact_sheets(*SHEET, members=["bevoelkerung_zensus_2022"]).text
    for area in regions.associations("16065"):
        assert f"{{#sec-steckbrief-{area.ags}}}" in text
        assert f"@tbl-steckbrief-{area.ags} " in text
    assert text.count("{#fig-steckbrief-") == 10
    assert not re.search(r"\bnan\b|\bNone\b", text)


def test_a_hidden_rate_is_a_dot_in_the_sheet_and_in_no_sentence(book):
    # Verwaltungsgemeinschaft Greußen: 2.0 % of its children are fewer than ten
    chapter().fact_sheets(*SHEET)
    with (book / "tbl-steckbrief-160655002.csv").open(encoding="utf-8") as file:
        rows = {row["indikator"]: row for row in csv.DictReader(file)}
    hidden = rows["kinderarmut_u15"]
    assert (hidden["wert"], hidden["zeichen"]) == ("", ".")


def test_a_district_without_municipal_figures_says_so_in_one_sentence():
    text = chapter("16067").fact_sheets(*SHEET).text
    assert text.startswith("Unterhalb der Kreisebene liegen im Landkreis Gotha")
    assert "\n" not in text


def test_no_sheet_prints_a_row_of_gaps(book):
    # Ebeleben: the shares of children and of people with Einwanderungsgeschichte are published for too few of its parts
    ids = ("anteil_unter_18_zensus", "einwanderungsgeschichte_zensus", "eigentuemerquote_zensus", "kinderarmut_u15")
    text = chapter().fact_sheets(*ids).text
    sheet = text[text.index("{#tbl-steckbrief-160655052") - 3000 : text.index("{#tbl-steckbrief-160655052") + 900]
    assert not re.search(r"k\\?\.\W?A\\?\.", text.replace("&nbsp;", " "))
    assert "Für dieses Gebiet nicht veröffentlicht: „Anteil der Bevölkerung unter 18 Jahren“" in sheet
    assert "mittlerer Wert der Planungsräume" in sheet
