"""A recommendation can be walked back to rule, values, table and source, and it follows from its threshold."""

import csv
import datetime as dt

import pytest

from kreisbericht import store
from kreisbericht.catalogue import find_indicator
from kreisbericht.paths import ROOT
from kreisbericht.scope import Scope, make_scope
from kreisbericht.strategy.recommendation_pages import find_links
from kreisbericht.strategy.rules import recommend
from kreisbericht.strategy.tables import load_strategy
from kreisbericht.strategy.trends import trend_probability
from tests.strategy_tables import HOME, ROWS, change, link_data, write_tables

WORSE = {"kennung": "R-ARBEIT", "bedingung": "ungünstiger und verschlechtert", "aktiv": "ja", "jahre": "5",
         "indikator": "beschaeftigte_ohne_berufsabschluss_anteil", "empfehlung": "Abschlüsse {wo}."}  # fmt: skip
GAP = {"kennung": "R-RAUM", "bedingung": "Bedarf ohne Angebot", "aktiv": "ja", "indikator": "kinderarmut_u15",
       "lebensphase": "Kindheit", "empfehlung": "Für {name} planen."}  # fmt: skip
LATE = {
    "kennung": "R-SPAET",
    "bedingung": "Meilenstein überfällig",
    "aktiv": "ja",
    "empfehlung": "Zu {name} berichten.",
}


@pytest.fixture
def data(tmp_path, monkeypatch):
    folder = link_data(tmp_path / "data")
    monkeypatch.setenv("KREISBERICHT_DATA", str(folder))
    return folder


def found_with(data, rule, ags=HOME, day="2026-09-30", **changed):
    """Ids of what one rule recommends in the smallest strategy."""
    write_tables(data, empfehlungsregeln=[rule], **changed)
    scope, strategy = make_scope(ags, 2025, day, ()), load_strategy(ags)
    return [one for one in recommend(scope, strategy) if one.rule.id == rule["kennung"]]


@pytest.mark.parametrize("ags", [HOME, "16065", "02000"])
def test_every_recommendation_is_walked_back_to_rule_values_table_and_source(ags):
    found = recommend(make_scope(ags, 2025, "2026-09-30", ()), load_strategy(ags))
    assert found
    for one in found:
        name, row = one.rule.origin.split(", Zeile ")
        candidates = [ROOT / "data" / "strategie" / name, ROOT / "data" / "eigene" / "muster" / "strategie" / name]
        lines = [path.read_text(encoding="utf-8").splitlines()[int(row) - 1] for path in candidates
                 if len(path.read_text(encoding="utf-8").splitlines()) >= int(row)]  # fmt: skip
        assert any(one.rule.id in line for line in lines)
        assert one.evidence or one.milestone
        for value in one.evidence:
            entry = find_indicator(value.indicator)
            assert entry.table and entry.publisher
            known = store.cross_section(value.indicator, value.year, [value.region.ags])
            shown = float(known.iloc[0])
            assert value.value == pytest.approx(shown) or value.region.level == "gemeindeverband"
            assert value.source.endswith(f"(Tabelle {entry.table})") or value.source == "Musterdaten, frei erfunden"


def test_links_lead_to_the_figure_of_this_book_else_to_the_chapter():
    usage = {"a": {"id": "sec-a", "indikatoren": ["x", "y"], "verlauf": {"x": "fig-x-trend"}}}
    assert find_links(["x", "y", "z"], usage) == ["@fig-x-trend", "@sec-a"]
    assert find_links(["x"], {}) == []


def test_the_threshold_decides_whether_a_district_is_worse_enough(data):
    # data/eigene/muster: 9,18 % against 7,61 % in the Land (2021), 20,6 % worse
    assert [one.id for one in found_with(data, WORSE | {"schwelle": "20"})] == ["R-ARBEIT"]
    assert not found_with(data, WORSE | {"schwelle": "21"})


def test_the_threshold_decides_from_when_on_a_goal_is_missed(data):
    # from 20 (2018) to 0 (2023); 2022: 6,44, that is 67,8 % of the way where 80 % are due: 12,2 % behind
    goal = change("ziele", 1, zielwert="0", zieljahr="2023")
    rule = ROWS["empfehlungsregeln"][0]
    assert [one.id for one in found_with(data, rule | {"schwelle": "12"}, **goal)] == ["R-ZIEL/Z-1.1"]
    assert not found_with(data, rule | {"schwelle": "13"}, **goal)


def test_the_threshold_decides_where_need_is_high_and_an_offer_closes_the_gap(data):
    # Beispielhausen 11,18 against 6,44 in the district: 73,6 % worse; its only answer would be a measure for all
    apart = change("massnahmen", gebiet="999990001")
    assert [one.id for one in found_with(data, GAP | {"schwelle": "73"}, **apart)] == ["R-RAUM/999990002"]
    assert not found_with(data, GAP | {"schwelle": "74"}, **apart)
    assert not found_with(data, GAP | {"schwelle": "73"})
    assert not found_with(data, GAP | {"schwelle": "73"}, **apart, **change("angebote", gebiet="999990002"))


def test_where_no_offer_was_ever_entered_there_is_no_gap(data):
    apart = change("massnahmen", gebiet="999990001")
    assert not found_with(data, GAP | {"schwelle": "73"}, **apart, angebote=[])


def test_the_threshold_decides_how_many_days_late_a_milestone_may_be(data):
    # due on 30.06.2026, looked at on 30.09.2026: 92 days
    assert [one.id for one in found_with(data, LATE | {"schwelle": "92"})] == ["R-SPAET/MS-1"]
    assert not found_with(data, LATE | {"schwelle": "93"})


def test_a_district_switches_a_general_rule_off_or_rewords_it(data):
    with (ROOT / "data/strategie/empfehlungsregeln.csv").open(encoding="utf-8", newline="") as file:
        general = next(row for row in csv.DictReader(file) if row["kennung"] == "R-OHNE-BERUFSABSCHLUSS")
    general = {key: text for key, text in general.items() if key not in ("gebiet", "quelle")}
    assert found_with(data, general)
    assert found_with(data, general | {"empfehlung": "Anders {wo}."})[0].text == "Anders im Musterkreis."
    assert not found_with(data, general | {"aktiv": "nein"})


def test_a_decision_carries_over_to_later_editions_and_not_to_earlier_ones(data):
    decided = change("beschluesse", empfehlung="R-SPAET/MS-1", entscheidung="geändert", datum="2026-08-01",
                     wortlaut="Bis Dezember berichten.", grund="Umbau", ausgabe="2025")  # fmt: skip
    (one,) = found_with(data, LATE | {"schwelle": "1"}, **decided)
    assert (one.decision.outcome, one.wording, one.is_open) == ("geändert", "Bis Dezember berichten.", False)
    later = Scope(one_scope().home, 2026, dt.date(2027, 9, 30))
    assert not next(r for r in recommend(later, load_strategy(HOME)) if r.id == one.id).is_open
    (earlier,) = found_with(data, LATE | {"schwelle": "1"}, day="2026-07-15", **decided)
    assert earlier.is_open


def one_scope():
    return make_scope(HOME, 2025, "2026-09-30", ())


def test_measures_that_already_answer_are_named_and_finished_ones_are_not(data):
    goal = change("ziele", 1, zielwert="0", zieljahr="2023")
    rule = ROWS["empfehlungsregeln"][0]
    assert [m.id for m in found_with(data, rule, **goal)[0].measures] == ["M-1"]
    assert not found_with(data, rule, **goal, **change("massnahmen", stand="eingestellt"))[0].measures


@pytest.mark.parametrize(
    ("values", "expected"),
    # Kendall (1975), table of S: n = 5: S = 10 → 1/120, S = 8 → 0,042, S = 0 → 0,592; n = 4: S = 6 → 1/24
    [([1, 2, 3, 4, 5], 1 / 120), ([1, 2, 3, 5, 4], 5 / 120), ([1, 2, 3, 4], 1 / 24), ([5, 4, 3, 2, 1], 1.0)],
)  # fmt: skip
def test_the_trend_test_gives_the_published_probabilities(values, expected):
    assert trend_probability(values) == pytest.approx(expected)
