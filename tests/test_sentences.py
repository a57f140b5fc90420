"""No sentence, title or alternative text contradicts its figures; wording for every shape of a series."""

import dataclasses
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kreisbericht import alttext, positions, regions, sentences, titles, views
from kreisbericht.catalogue import Indicator
from kreisbericht.numbers import NBSP, format_number, round_half_up
from kreisbericht.statistics import change_options, classify_change, find_turn, measure_change, rank_value

BLANK = {field.name: "" for field in dataclasses.fields(Indicator)}
HOME = regions.find_region("16065")
LAND, BUND = regions.find_region("16"), regions.find_region("00")

# BBSR, INKAR Ausgabe 2024: children under 15 on SGB II [%]
OWN = pd.Series([17.94, 18.08, 16.51, 15.46, 14.01, 12.57, 12.40], index=range(2016, 2023))
THURINGIA = pd.Series([13.90, 14.20, 13.00, 12.00, 11.00, 9.80, 9.70], index=range(2016, 2023))


def indicator(**changes):
    """An indicator of the catalogue: a share in per cent, less is günstiger."""
    given_values = {"id": "kinderarmut_u15", "short": "Kinderarmut", "article": "die", "unit": "%", "digits": 1,
                    "polarity": -1, "reports": (), "breaks": (), "feature": "Kinder je 100 Kinder",
                    "publisher": "BBSR", "work": "INKAR Ausgabe 2024"}  # fmt: skip
    return Indicator(**{**BLANK, **given_values, **changes})


def plain(text):
    return " ".join([text] if isinstance(text, str) else text).replace(NBSP, " ")


def test_trend_names_both_ends_the_peak_and_the_land():
    said = plain(sentences.trend_sentences(indicator(), HOME, OWN, others=[(LAND, THURINGIA)]))
    assert said == (
        "Die Kinderarmut ist im Kyffhäuserkreis zwischen 2016 und 2022 um 5,5 Prozentpunkte gesunken, von 17,9 auf "
        "12,4 %. Der Höchststand lag 2017 bei 18,1 %. "
        "In Thüringen sank der Wert im selben Zeitraum um 4,2 Prozentpunkte."
    )


def test_title_states_the_finding_within_65_characters():
    assert plain(titles.trend_title(indicator(), OWN)) == "Kinderarmut sinkt seit 2017 von 18,1 auf 12,4 Prozent"
    placed = titles.trend_title(indicator(), OWN, place="im Kyffhäuserkreis")
    assert plain(placed) == "Kinderarmut im Kyffhäuserkreis sinkt seit 2017 auf 12,4 Prozent"
    crowded = titles.trend_title(indicator(), OWN, place="im Landkreis Mecklenburgische Seenplatte")
    assert plain(crowded) == "Kinderarmut sinkt seit 2017 von 18,1 auf 12,4 Prozent"


def test_plural_nouns_take_plural_verbs_and_counts_change_in_percent():
    births = indicator(short="Geburten", article="die_pl", unit="Personen", digits=0, polarity=0)
    series = pd.Series([500.0, 400.0], index=[2020, 2024])
    said = plain(sentences.trend_sentences(births, HOME, series))
    assert said.startswith(
        "Die Geburten sind im Kyffhäuserkreis zwischen 2020 und 2024 um 20,0 Prozent gesunken, von 500 auf 400."
    )
    assert plain(titles.trend_title(births, series)) == "Geburten sinken seit 2020 von 500 auf 400"


def test_break_is_named_and_the_parts_are_told_apart():
    series = pd.Series([100.0, 80.0, 120.0, 90.0], index=range(2020, 2024))
    said = plain(sentences.trend_sentences(indicator(), HOME, series, breaks=[(2022, "Zensus 2022")]))
    assert "zwischen 2022 und 2023 um 30,0 Prozentpunkte gesunken" in said
    assert said.endswith("Vor dem Bruch 2022 (Zensus 2022), von 2020 bis 2021, sank der Wert um 20,0 Prozentpunkte.")


def test_a_break_after_which_nothing_moved_is_left_to_the_figure():
    series = pd.Series([100.0, 100.0, 120.0, 90.0], index=range(2020, 2024))
    events = [(2022, "Zensus 2022")]
    assert "Bruch" not in plain(sentences.trend_sentences(indicator(), HOME, series, breaks=events))
    assert views.series_notes(series, events) == ["Ab 2022 Zensus 2022: mit den Werten davor nicht vergleichbar."]


def test_one_year_gives_no_trend():
    series = pd.Series([12.4], index=[2022])
    said = plain(sentences.trend_sentences(indicator(), HOME, series))
    assert said.endswith("Aus einem einzelnen Jahr lässt sich keine Entwicklung ablesen.")
    assert plain(titles.trend_title(indicator(), series)) == "Kinderarmut 2022 bei 12,4 Prozent"


def test_missing_years_are_named_once_under_the_figure_and_in_its_alternative_text():
    series = pd.Series([8.0, None, None, 6.0], index=range(2020, 2024))
    assert views.series_notes(series, []) == ["Ohne Werte: 2021 und 2022."]
    assert "Keine Werte für 2021 und 2022." in alttext.trend_alt(indicator(), HOME, series)
    assert "2022" not in plain(sentences.trend_sentences(indicator(), HOME, series))


def test_small_counts_speak_of_chance():
    series = pd.Series([10.0, 14.0], index=[2020, 2024])
    counts = pd.DataFrame({"faelle": [5, 7], "basis": [50, 50]}, index=[2020, 2024])
    said = plain(sentences.trend_sentences(indicator(), HOME, series, counts=counts))
    assert "zufällig" in said
    assert not re.search("gestiegen|gesunken", said)


def test_comparison_says_higher_lower_or_similar():
    said = sentences.comparison_sentence(indicator(), HOME, 2022, 12.4, [(LAND, 9.7), (BUND, 12.1)])
    assert plain(said) == (
        "Die Kinderarmut lag 2022 im Kyffhäuserkreis mit 12,4 % höher als in Thüringen (9,7 %) und "
        "ähnlich hoch wie in Deutschland (12,1 %)."
    )


def test_ranking_counts_all_districts_and_names_the_ends():
    group = regions.districts("16")
    values = pd.Series(range(len(group), 0, -1), index=[region.ags for region in group], dtype=float)
    rank = rank_value(values, "16065")
    said = plain(
        positions.ranking_sentences(indicator(), rank, home=HOME, regions=group, values=values, area="in Thüringen")
    )
    place = [region.ags for region in group].index("16065") + 1
    assert rank.place == place
    assert rank.place == 10 and len(group) == 22  # nine keys before 16065, twelve after it
    assert said.startswith(
        "In neun von 22 Kreisen und kreisfreien Städten in Thüringen ist der Wert höher, in zwölf niedriger."
    )
    assert f"Am höchsten liegt der Wert {group[0].in_phrase}" in said


def test_all_equal_values_have_no_first_place():
    group = regions.districts("16")
    values = pd.Series(5.0, index=[region.ags for region in group])
    rank = rank_value(values, "16065")
    said = plain(
        positions.ranking_sentences(indicator(), rank, home=HOME, regions=group, values=values, area="in Thüringen")
    )
    assert said.startswith("In allen")
    assert "Platz" not in said + titles.ranking_title(indicator(), rank, noun="Kreisen", area="in Thüringen")


def test_ranking_title_declines_the_noun():
    values = pd.Series({"a": 3.0, "16065": 2.0, "b": 1.0})
    rank = rank_value(values, "16065")
    options = {"noun": "Kreisen", "area": "in Thüringen"}
    assert (
        titles.ranking_title(indicator(), rank, **options)
        == "Zweithöchste Kinderarmut unter den 3 Kreisen in Thüringen"
    )
    neuter = indicator(short="Elterngeld", article="das")
    assert titles.ranking_title(neuter, rank, **options).startswith("Zweithöchstes Elterngeld")
    two_words = indicator(short="Betreuung unter 3", article="die")
    assert titles.ranking_title(two_words, rank, **options).startswith("Betreuung unter 3: zweithöchster Wert")


def test_table_title_tells_whether_the_gap_closes():
    assert titles.table_title(indicator(), OWN, THURINGIA, area="Thüringen") == (
        "Kinderarmut: Abstand zu Thüringen ist kleiner geworden"
    )
    assert titles.table_title(indicator(), OWN, None, area="") == "Kinderarmut in Zahlen"


def test_long_names_of_a_land_cost_no_title_its_statement():
    benefits = indicator(short="Mindestsicherungsquote")
    title = titles.table_title(benefits, OWN, THURINGIA, area="Mecklenburg-Vorpommern")
    assert title == "Mindestsicherungsquote in Zahlen"
    young = indicator(short="Anteil der unter 25-Jährigen im SGB II", article="der")
    falling = measure_change(OWN, **change_options(young))
    assert titles.multiples_title(young, [falling] * 8) == (
        "Anteil der unter 25-Jährigen im SGB II: in allen acht gesunken"
    )
    flat = measure_change(OWN.clip(17, 17), **change_options(young))
    assert titles.multiples_title(young, [falling, falling, falling, *[flat] * 5]) == (
        "Anteil der unter 25-Jährigen im SGB II: fünf von acht ohne Trend"
    )


def test_alt_text_names_span_home_extremes_and_comparison():
    said = plain(alttext.trend_alt(indicator(), HOME, OWN, others=[(LAND, THURINGIA)]))
    assert "Kyffhäuserkreis: von 17,9 im Jahr 2016 auf 12,4 % im Jahr 2022, Höchststand 18,1 im Jahr 2017." in said
    assert "Thüringen: von 13,9 im Jahr 2016 auf 9,7 % im Jahr 2022." in said


@pytest.mark.parametrize("region", regions.districts(), ids=lambda region: region.ags)
def test_every_district_is_named_grammatically(region):
    said = plain(sentences.trend_sentences(indicator(), region, OWN))
    assert f"ist {region.in_phrase} zwischen" in said
    assert sentences.missing_sentence("Kinderarmut", region)[0] == "I"


SERIES = st.lists(
    st.one_of(st.none(), st.floats(0, 100), st.sampled_from([0.0, 0.04, 5.0, 12.34])), min_size=1, max_size=20
).filter(lambda values: any(value is not None for value in values))
NOUNS = st.sampled_from([("Kinderarmut", "die"), ("Geburten je Frau", "die_pl"), ("Anteil", "der"), ("Alter", "das")])
UNITS = st.sampled_from([("%", 1), ("Personen", 0), ("je 1.000 Einwohner", 1), ("Euro", 0), ("Jahre", 1), ("%", 2)])


@settings(max_examples=250, deadline=None)
@given(SERIES, NOUNS, UNITS, st.sets(st.integers(2001, 2018), max_size=2))
def test_words_never_contradict_the_numbers(values, noun, unit, breaks):
    entry = indicator(short=noun[0], article=noun[1], unit=unit[0], digits=unit[1])
    series = pd.Series(values, index=range(2000, 2000 + len(values)), dtype=float)
    events = [(year, f"Ereignis {year}") for year in breaks]
    first = sentences.trend_sentences(entry, HOME, series, breaks=events)[0]
    title = titles.trend_title(entry, series, breaks=breaks)
    change = measure_change(series, breaks=breaks, **change_options(entry))
    assert len(title) <= titles.TITLE_LENGTH
    assert not re.search(r"um 0(,0+)? |nan|None|  |\.\.", f"{first} {title}")
    if change is None:
        assert not re.search("gestiegen|gesunken|steig|sink", first + title)
        return
    rising = round_half_up(change.last, entry.digits) > round_half_up(change.first, entry.digits)
    assert ("gestiegen" in first) == (change.direction == "steigt")
    assert ("gesunken" in first) == (change.direction == "sinkt")
    assert rising or "gestiegen" not in first
    told = find_turn(series, breaks=breaks, **change_options(entry)) or change
    for word, way in (
        ("steig", "steigt"),
        ("höher", "steigt"),
        ("sink", "sinkt"),
        ("niedriger", "sinkt"),
        ("gesunken", "sinkt"),
    ):
        assert word not in title or told.direction == way
    for year in {int(found) for found in re.findall(r"\b20[0-2]\d\b", title)}:
        assert year in series.dropna().index
    last = format_number(change.last, entry.digits)
    assert last in plain(first)


@settings(max_examples=100, deadline=None)
@given(SERIES, st.sets(st.integers(2001, 2018), max_size=2))
def test_alternative_text_names_the_printed_ends(values, breaks):
    series = pd.Series(values, index=range(2000, 2000 + len(values)), dtype=float)
    known = series.dropna()
    said = plain(alttext.trend_alt(indicator(), HOME, series, breaks=[(year, "Zensus") for year in breaks]))
    assert format_number(known.iloc[-1], 1) in said
    assert f"im Jahr {known.index[-1]}" in said
    assert said.count("Alle Werte stehen") == 1


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 50), min_size=3, max_size=30))
def test_place_and_relation_agree(values):
    group = regions.districts("09")[: len(values)]
    found = pd.Series(values, index=[region.ags for region in group])
    home = group[0]
    rank = rank_value(found, home.ags)
    said = plain(
        positions.ranking_sentences(indicator(), rank, home=home, regions=group, values=found, area="in Bayern")
    )
    higher = sum(round_half_up(value) > round_half_up(values[0]) for value in values)
    assert rank.place == higher + 1
    assert ("der höchste Wert unter" in said) == (higher == 0 and len(rank.highest) < rank.of)
    assert classify_change(values[0], values[0]) == "stabil"
