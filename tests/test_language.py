"""German grammar of the building blocks."""

import pytest

from kreisbericht import language as lang
from kreisbericht import regions


@pytest.mark.parametrize(
    ("place", "below", "expected"),
    [(1, 22, "höchst"), (6, 17, "sechsthöchst"), (3, 20, "dritthöchst"), (22, 1, "niedrigst"),
     (21, 2, "zweitniedrigst"), (7, 94, None), (94, 7, None),
     (5, 18, "fünfthöchst"), (18, 5, "fünftniedrigst")],
)  # fmt: skip
def test_place_is_spoken_from_the_nearer_end(place, below, expected):
    assert lang.superlative(place, below) == expected


@pytest.mark.parametrize(
    ("article", "expected"),
    [("der", "höchster"), ("die", "höchste"), ("das", "höchstes"), ("die_pl", "höchste")],
)
def test_adjective_follows_the_noun(article, expected):
    assert lang.strong_adjective("höchst", article) == expected


def test_verbs_follow_the_number_of_the_noun():
    assert lang.verb("sinkt", "die") == "sinkt"
    assert lang.verb("sinkt", "die_pl") == "sinken"
    assert lang.past("steigt", "die_pl") == "stiegen"


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ([2021], "2021"),
        ([2021, 2022], "2021 und 2022"),
        ([2021, 2022, 2024], "2021, 2022 und 2024"),
        ([2015, 2016, 2017], "2015 bis 2017"),
        ([2012, 2015, 2016, 2017, 2021], "2012, 2015 bis 2017 und 2021"),
        ([2010, 2011, 2014, 2015], "2010, 2011, 2014 und 2015"),
    ],
)
def test_years_are_listed_with_runs(years, expected):
    assert lang.list_years(years) == expected


def test_lists_have_one_und():
    assert lang.join_list(["A"]) == "A"
    assert lang.join_list(["A", "B", "C"]) == "A, B und C"


def test_every_district_has_a_place_phrase_that_starts_a_sentence():
    for region in regions.districts():
        assert region.in_phrase.startswith(("in ", "im ")), region
        assert lang.capitalise(region.in_phrase).startswith(("In ", "Im "))
        assert "  " not in region.in_phrase + region.of_phrase


def test_the_head_of_a_table_names_the_unit():
    said = {"%": "Werte in %", "je 1.000 Einwohner": "Werte je 1.000 Einwohner", "Schulen": "Zahl der Schulen",
            "Monate": "Werte in Monaten", "Euro je m²": "Euro je m²", "km²": "Werte in km²", "Indexwert": "Indexwert",
            "1.000": "Werte in Tausend"}  # fmt: skip
    assert {unit: lang.unit_heading(unit) for unit in said} == said
