"""The chapter on daycare needs: what it says with and without births and the district's own places."""

import re

import pandas as pd
import pytest

from kreisbericht import charts, daycare, daycare_texts
from kreisbericht.chapter import Chapter
from kreisbericht.charts.pen import Shapes, Word
from kreisbericht.output import FOLDER_VARIABLE
from kreisbericht.sample import DISTRICT


@pytest.fixture
def chapter_of(monkeypatch, tmp_path):
    """Chapter of a district in the dialect of the book."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "kitabedarf"))
    return lambda ags, year=2025: Chapter(ags, year, "2026-09-30", ausgabe="2025")


@pytest.mark.parametrize(
    ("value", "text"), [(1328, "1.330"), (1325, "1.330"), (1324.9, "1.320"), (94.6, "95"), (0, "0")]
)
def test_expected_numbers_are_rounded_to_tens_from_one_hundred_on(value, text):
    assert daycare_texts.rough(value) == text


def test_outlook_names_start_three_scenarios_and_assumed_births(chapter_of):
    text = daycare.show_outlook(chapter_of("16065")).text
    # 1,328 children under 3 and 1,591 from 3 to 5 on 31.12.2024 (Regionaldatenbank 12411-02-03-4)
    assert "Ende 2024 lebten im Kyffhäuserkreis 2.919 Kinder unter 6 Jahren" in text
    assert re.search(r"mittleren Szenario sind es Ende 2030 rund [\d.]+0", text)
    assert re.search(r"niedrige Szenario führt zu rund [\d.]+0, das hohe zu rund [\d.]+0", text)
    assert "auf angenommenen Geburten" in text


def test_cross_check_divides_counted_children_by_those_who_live_here(chapter_of):
    text = daycare.show_demand(chapter_of("16065"), "u3").text
    # 783 children in daycare on 1.3.2025 (Regionaldatenbank 22543-03-01-4-B) of 1,328: 58.96 %
    assert "783 Kinder unter 3 Jahren" in text
    assert "59,0\u00a0% der 1.328 Kinder" in text


def test_cross_check_never_looks_beyond_the_report_year(chapter_of):
    assert "Gegenprobe" not in daycare.show_demand(chapter_of("16065", 2024), "u3").text


def test_a_district_without_births_gets_a_note_and_no_picture(chapter_of):
    chapter = chapter_of("02000")
    outlook = daycare.show_outlook(chapter).text
    assert "in Hamburg fehlen veröffentlichte Werte zu „Geburten“" in outlook
    assert "12612-01-01-4" in outlook
    shown = [outlook, daycare.show_ages(chapter).text, daycare.show_demand_table(chapter).text]
    shown.append(daycare.show_assumptions(chapter).text)
    assert not any("{#" in text for text in shown)


def test_a_district_without_births_still_learns_what_today_takes(chapter_of):
    # 54,855 children from 3 to 5 at the end of 2024, 88.4 % of them in daycare in 2020: 48,500
    text = daycare.show_demand(chapter_of("02000"), "ab_3").text
    assert "54.855 Kinder von 3 bis 5 Jahren" in text
    assert "rund 48.500 Plätzen" in text


def test_unknown_places_are_said_with_the_template_that_brings_them(chapter_of):
    text = daycare.show_places(chapter_of("16066")).text
    assert "weiß nur das Jugendamt" in text
    assert "kita.xlsx" in text
    assert "{#" not in text


def test_own_places_are_shown_by_planning_area_and_in_the_picture(chapter_of):
    chapter = chapter_of(DISTRICT)
    table = daycare.show_places(chapter).text
    assert "Am 1. März 2025 gab es 805 Plätze für Kinder unter 3 Jahren" in table  # filled-in template of the sample
    assert "| Musterstadt " in table
    assert "Musterdaten" in table
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    assert len(lines) >= 5  # head, district, three areas


def test_the_outlook_needs_all_three_courses():
    with pytest.raises(ValueError, match="niedrig, mittel, hoch"):
        charts.outlook(pd.Series(dtype=float), pd.DataFrame({"mittel": [1.0]}, index=[2024]))


@pytest.mark.parametrize("size", ["full", "half", "phone"])
def test_the_outlook_keeps_gaps_open_and_words_inside_the_picture(size):
    counted = pd.Series([1667.0, 1580, 1421, 1328], index=[2018, 2019, 2023, 2024])
    course = pd.DataFrame({"niedrig": [1328.0, 1034], "mittel": [1328.0, 1327], "hoch": [1328.0, 1627]}, [2024, 2030])
    canvas = charts.outlook(
        counted, course, limits={"Plätze 2024": pd.Series(1500.0, course.index)}, step=10, size=size
    )
    marks = [mark for _, mark in canvas.marks]
    areas = [mark for mark in marks if isinstance(mark, Shapes) and mark.colours == "paper_warm"]
    assert areas, "years without a value are a band, not a line"
    words = [mark.text for mark in marks if isinstance(mark, Word)]
    assert {"gezählt", "berechnet", "1.330", "1.630", "1.030", "1.500"} <= set(words)
    assert canvas.svg("Text").startswith("<svg")
