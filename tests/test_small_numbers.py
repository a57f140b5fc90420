"""The rule on small numbers: hidden upstream, so every view has the same gap."""

import dataclasses

import pandas as pd
import pytest

from kreisbericht import catalogue, paths, small_numbers, store
from kreisbericht.chapter import Chapter
from kreisbericht.errors import DataError
from kreisbericht.output import FOLDER_VARIABLE

BENEFITS = "bedarfsgemeinschaften_personen_je_1000"
POPULATION = "bevoelkerung_zensus_2022"


def frame(values):
    """Long table of one year; a value per key."""
    rows = [(ags, 2022, float(value), "") for ags, value in values.items()]
    return pd.DataFrame(rows, columns=["ags", "jahr", "wert", "zeichen"])


def hide(rates, base, indicator_id=BENEFITS):
    """Rates of municipalities with a given number of inhabitants, after the rule."""
    found = small_numbers.hide_small_rates(
        catalogue.find_indicator(indicator_id), frame(rates), lambda name: frame(base)
    )
    return dict(zip(found["ags"], zip(found["wert"], found["zeichen"], strict=True), strict=True))


def test_a_rate_on_a_base_under_hundred_is_a_dot_and_one_on_hundred_is_shown():
    shown = hide({"16065001": 500, "16065003": 500}, {"16065001": 99, "16065003": 100})
    assert shown["16065001"][1] == "." and pd.isna(shown["16065001"][0])
    assert shown["16065003"] == (500.0, "")


def test_nine_cases_are_a_dot_and_ten_are_shown():
    # 9 and 10 of 1,000 inhabitants
    shown = hide({"16065001": 9, "16065003": 10}, {"16065001": 1000, "16065003": 1000})
    assert shown["16065001"][1] == "."
    assert shown["16065003"] == (10.0, "")


def test_suppression_hides_small_counts_but_not_true_zero():
    shown = hide({"16065001": 0, "16065003": 0}, {"16065001": 99, "16065003": 1000})
    assert shown["16065001"][1] == "."
    assert shown["16065003"] == (0.0, "")


def test_a_municipality_of_unknown_base_is_hidden_and_a_district_is_not():
    shown = hide({"16065001": 50, "16065": 50}, {"16065003": 1000})
    assert shown["16065001"][1] == "."
    assert shown["16065"] == (50.0, "")


def test_an_association_rests_on_the_sum_of_its_municipalities():
    # An der Schmücke (160655056): An der Schmücke, Etzleben and Oberheldrungen; 60 + 30 + 20 inhabitants
    members = {"16065088": 60, "16065016": 30, "16065052": 20}
    shown = hide({"160655056": 100, "16065088": 100}, members)
    assert shown["160655056"] == (100.0, "")
    assert shown["16065088"][1] == "."


def test_published_counts_decide_before_any_estimate():
    counted = dataclasses.replace(
        catalogue.find_indicator(BENEFITS), numerator_id="arbeitslose", denominator_id=POPULATION
    )
    found = small_numbers.hide_small_rates(counted, frame({"16065": 5, "16064": 5}), lambda _: frame({"16065": 90}))
    assert found["zeichen"].tolist() == [".", ""]


@pytest.mark.parametrize(
    ("unit", "scale"),
    [("%", 100), ("je 1.000 Einwohner", 1000), ("je 100 Kinder", 100), ("Euro", None), ("Personen", None)],
)
def test_the_unit_says_how_many_people_make_a_whole(unit, scale):
    assert small_numbers.rate_scale(unit) == scale


def test_a_density_of_practices_needs_a_thousand_inhabitants_and_no_number_of_cases():
    shown = hide({"16065001": 40, "16065003": 10}, {"16065001": 999, "16065003": 1000}, "hausaerzte_je_10000")
    assert shown["16065001"][1] == "."
    assert shown["16065003"] == (10.0, "")
    assert small_numbers.describe_rule("hausaerzte_je_10000").startswith("Raten, die auf weniger als 1.000 Personen b")


def test_counts_and_districts_stay_as_published():
    assert store.series("bevoelkerung_zensus_2022", "16065005")[2022] == 163
    assert store.series("kinderarmut_u15", "16065")[2022] == 12.4


def test_a_handful_of_children_in_rockstedt_is_in_no_view(monkeypatch, tmp_path):
    # Rockstedt has 208 inhabitants (Zensus 2022); the publisher's rate of 37.5 % would be a handful of children.
    folder = tmp_path / "kinderarmut"
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    text = str(Chapter("16065", 2025, "2026-09-30").municipality_map("kinderarmut_u15").text)
    assert "37,5" not in text and "Rockstedt" not in text
    pictures = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.svg"))
    assert "Rockstedt" not in pictures and "37,5" not in pictures
    written = {path.name.partition(".")[2]: path.read_text(encoding="utf-8") for path in folder.glob("*.csv")}
    rows, excel = written["csv"], written["excel.csv"]
    assert "Rockstedt;16065058;2022;;.;" in excel and "37,5" not in excel and "37.5" not in rows
    assert "Rockstedt,16065058,2022,,.," in rows


def test_without_its_rules_no_rate_of_a_municipality_is_shown(monkeypatch, tmp_path):
    monkeypatch.setattr(small_numbers, "rules_file", lambda: tmp_path / "kleine_zahlen.csv")
    with pytest.raises(DataError, match="keine Raten von Gemeinden"):
        hide({"16065001": 50}, {"16065001": 1000})


def test_every_rate_of_a_municipality_has_a_rule():
    rules = small_numbers._load_rules()
    exempt = {"gisd", "studierende_je_100_18_25"}  # an index; students are counted where they study
    for entry in catalogue.load_catalogue().values():
        small = store.load_published(entry.id)["ags"].str.len() >= small_numbers.SMALL_AREA
        if small.any() and small_numbers.rate_scale(entry.unit):
            assert entry.id in rules or entry.id in exempt, entry.id


def test_rules_are_readable_and_name_known_indicators():
    known = catalogue.load_catalogue()
    for name, rule in small_numbers._load_rules().items():
        assert all(entry in known for entry in (name, rule.base_id, rule.share_id) if entry)
    assert small_numbers.rules_file() == paths.data_dir() / "kleine_zahlen.csv"
    assert small_numbers.find_rule("").min_base == 100
