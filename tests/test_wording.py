"""No sentence, title or alternative text contradicts its series: every indicator, every shape, all districts."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kreisbericht import alttext, catalogue, chance, positions, regions, sentences, titles
from kreisbericht import language as lang
from kreisbericht.numbers import format_number, number_word, round_half_up
from kreisbericht.scope import find_spoken
from kreisbericht.statistics import rank_value

DISTRICTS = regions.districts()
SPOKEN = [find_spoken(name) for name in catalogue.load_catalogue()]
NUMBER = r"[−+]?\d+(?:\.\d{3})*(?:,\d+)?"
MOVED = re.compile(rf"zwischen (\d{{4}}) und (\d{{4}}) .*(gestiegen|gesunken), von ({NUMBER}) auf ({NUMBER})")
HELD = re.compile(rf"lag(?:en)? (\d{{4}}) .* mit ({NUMBER}).* (?:genauso hoch wie|nahe am Wert von) (\d{{4}})")
ONLY = re.compile(rf"lag(?:en)? (\d{{4}}) .* bei ({NUMBER})")
PERHAPS = re.compile(rf"lag(?:en)? .* (\d{{4}}) bei ({NUMBER}) und (\d{{4}}) bei ({NUMBER})")
# after bei, mit and zwischen a counted noun stands in the dative; as a name of the subject it takes "die Zahl der"
ACCUSATIVE = re.compile(
    rf"\b(?:bei|mit|zwischen) (?!1 ){NUMBER} (?:Jahre|Monate|Meter|Einwohner|Haushalte|Kinder|Fälle)\b"
)
SLIPS = re.compile(r"\bnan\b|\bNone\b|  | [.,;]|\.\.|,,|\bum 0(?:,0+)? |\bim im\b|\bin in\b|Kinder (?:steigen|sinken)")
IN = re.compile(
    r"in (?:Berlin|Hamburg)|in der (?:Stadt|Region|Städteregion) [A-ZÄÖÜ].*|im (?:Landkreis|Kreis) [A-ZÄÖÜ].*"
    r"|im Regionalverband [A-Z].*|im (?:[A-ZÄÖÜ][\w-]*[ -])?[A-ZÄÖÜ]?[\w-]*[Kk]reis(?: .*)?"
    r"|im [A-ZÄÖÜ][\w-]*en Kreis"
)


def values_of(shape, scale, noise):
    """A series of ten years of one shape [any unit], None where there is no value."""
    up = [scale * (1 + step / 4) for step in range(10)]
    made = {
        "steigend": up, "fallend": up[::-1], "gleich": [scale] * 10, "null": [0.0] * 10,
        "winzig": [0.04 * step for step in range(10)], "zwei": [*([None] * 8), up[0], up[5]],
        "eins": [*([None] * 9), scale], "luecken": [v if n % 3 else None for n, v in enumerate(up)],
        "gipfel": up[:6] + up[:4][::-1], "flach": [scale * (1 + (-1) ** step / 200) for step in range(10)],
        "zufall": [scale * (1 + noise[step]) for step in range(10)],
    }  # fmt: skip
    return pd.Series(made[shape], index=range(2010, 2020), dtype=float)


SHAPES = st.sampled_from(
    ["steigend", "fallend", "gleich", "null", "winzig", "zwei", "eins", "luecken", "gipfel", "flach", "zufall"]
)
SERIES = st.builds(values_of, SHAPES, st.floats(0.2, 90_000), st.lists(st.floats(-0.6, 0.6), min_size=10, max_size=10))
INDICATORS = st.sampled_from(SPOKEN)
REGIONS = st.sampled_from(DISTRICTS)
BREAKS = st.sets(st.integers(2008, 2021), max_size=2)


def plain(text):
    return (text if isinstance(text, str) else " ".join(text)).replace("\u00a0", " ")


def shown(series, year, indicator):
    return format_number(series[int(year)], indicator.digits)


def newest_basis(series, breaks):
    first = max([year for year in breaks if year <= series.dropna().index[-1]], default=0)
    return series[series.index >= first].dropna()


def check_first_sentence(first, series, indicator, breaks):
    """Years, numbers and direction of the opening sentence against the series, by an independent reading of it."""
    known = newest_basis(series, breaks)
    ends = (known.index[0], known.index[-1])
    if found := MOVED.search(first):
        since, until, word, start, end = found.groups()
        assert (int(since), int(until)) == ends
        assert (start, end) == (shown(series, since, indicator), shown(series, until, indicator))
        rising = round_half_up(known.iloc[-1], indicator.digits) > round_half_up(known.iloc[0], indicator.digits)
        assert rising == (word == "gestiegen")
    elif found := PERHAPS.search(first):
        since, start, until, end = found.groups()
        assert (int(since), int(until)) == ends
        assert (start, end) == (shown(series, since, indicator), shown(series, until, indicator))
        assert "zufällig" in first
    elif found := HELD.search(first):
        until, end, since = found.groups()
        assert (int(since), int(until)) == ends
        assert end == shown(series, until, indicator)
    else:
        year, value = ONLY.search(first).groups()
        assert len(known) == 1
        assert (int(year), value) == (known.index[-1], shown(series, year, indicator))


@settings(max_examples=400, deadline=None)
@given(INDICATORS, REGIONS, SERIES, BREAKS)
def test_sentences_name_the_years_numbers_and_direction_of_the_series(indicator, home, series, breaks):
    events = [(year, "Zensus") for year in breaks]
    said = [plain(sentence) for sentence in sentences.trend_sentences(indicator, home, series, breaks=events)]
    opening = " ".join(said[:1])
    assert home.in_phrase in opening
    check_first_sentence(opening, series, indicator, breaks)
    for sentence in said:
        assert not SLIPS.search(sentence), sentence
        assert not ACCUSATIVE.search(sentence), sentence
        assert sentence[0].isupper() and sentence.endswith(".")


@settings(max_examples=300, deadline=None)
@given(INDICATORS, REGIONS, SERIES, BREAKS)
def test_titles_point_where_the_series_goes(indicator, home, series, breaks):
    title = plain(titles.trend_title(indicator, series, breaks=breaks, place=home.in_phrase))
    assert len(title) <= titles.TITLE_LENGTH
    assert not SLIPS.search(title), title
    known = newest_basis(series, breaks)
    said = title.removeprefix(lang.bare_noun(indicator.short, indicator.article))
    up = re.search(r"\bsteig|höher als|gestiegen", said)
    down = re.search(r"\bsink|niedriger als|gesunken", said)
    years = [int(year) for year in re.findall(r"\b20[12]\d\b", said)]
    for year in years:
        assert year in known.index
    if up or down:
        since = min(years) if years else known.index[0]
        rises = known.iloc[-1] > known.loc[since]
        assert rises == bool(up), title
        assert not (up and down)


@settings(max_examples=300, deadline=None)
@given(INDICATORS, REGIONS, SERIES, BREAKS)
def test_alternative_texts_name_both_ends_as_they_are_drawn(indicator, home, series, breaks):
    said = plain(alttext.trend_alt(indicator, home, series, breaks=[(year, "Zensus") for year in breaks]))
    known = series.dropna()
    assert not SLIPS.search(said), said
    assert shown(series, known.index[-1], indicator) in said
    if len(known) > 1:
        assert f"von {shown(series, known.index[0], indicator)} im Jahr {known.index[0]} auf" in said


@settings(max_examples=200, deadline=None)
@given(INDICATORS, REGIONS, st.floats(0, 5000), st.lists(st.floats(0, 5000), min_size=1, max_size=3))
def test_comparisons_say_higher_or_lower_as_the_numbers_do(indicator, home, value, others):
    references = list(zip(DISTRICTS[: len(others)], others, strict=True))
    said = plain(sentences.comparison_sentence(indicator, home, 2022, value, references))
    assert not SLIPS.search(said), said
    assert not ACCUSATIVE.search(said), said
    last = ""
    for region, other in references:
        part = re.search(rf"(höher als |niedriger als |ähnlich hoch wie )?{re.escape(region.in_phrase)} \(", said)
        last = part[1] or last
        if last.startswith("höher"):
            assert value > other
        elif last.startswith("niedriger"):
            assert value < other
        else:
            assert abs(value - other) <= 0.05 * other + 10**-indicator.digits


@settings(max_examples=150, deadline=None)
@given(INDICATORS, st.lists(st.floats(0, 900), min_size=3, max_size=30), st.integers(0, 29))
def test_places_and_ends_of_a_ranking_are_those_of_the_values(indicator, numbers, at):
    group = DISTRICTS[: len(numbers)]
    values = pd.Series(numbers, index=[region.ags for region in group])
    home = group[at % len(group)]
    rank = rank_value(values, home.ags, digits=indicator.digits)
    options = {"home": home, "regions": group, "values": values, "area": "in Bayern"}
    said = plain(positions.ranking_sentences(indicator, rank, **options))
    assert not SLIPS.search(said), said
    assert not ACCUSATIVE.search(said), said
    title = titles.ranking_title(indicator, rank, noun="Kreisen", area="in Bayern")
    assert len(title) <= titles.TITLE_LENGTH
    assert ("höchste" in title.lower()) <= (rank.place <= rank.of / 2 + 1)
    if found := re.match(r"In (\w+) von \d+ .* ist der Wert (höher|niedriger), in (\w+) (höher|niedriger)[.,]", said):
        printed = [round_half_up(number, indicator.digits) for number in numbers]
        own = round_half_up(values[home.ags], indicator.digits)
        counted = {"höher": sum(one > own for one in printed), "niedriger": sum(one < own for one in printed)}
        assert {found[2]: found[1], found[4]: found[3]} == {way: in_words(number) for way, number in counted.items()}
    else:
        assert re.match(r"Das ist der \w+ Wert|In allen ", said), said


@settings(max_examples=150, deadline=None)
@given(INDICATORS, st.lists(st.floats(0, 900), min_size=3, max_size=30), st.integers(0, 380))
def test_maps_name_figure_and_ends_with_their_article(indicator, numbers, start):
    group = DISTRICTS[start : start + len(numbers)]
    values = pd.Series(numbers[: len(group)], index=[region.ags for region in group])
    names = {region.ags: region for region in group}
    (said,) = map(plain, positions.map_sentences(indicator, values, names, area="in Bayern"))
    assert not SLIPS.search(said), said
    assert indicator.short in said
    shown = values.map(lambda number: round_half_up(number, indicator.digits))
    if shown.nunique() == 1:
        assert said.endswith("gleich.")
        return
    high, _, low = said.partition(", am niedrigsten ")
    for part, ends in ((high, shown[shown == shown.max()]), (low, shown[shown == shown.min()])):
        assert any(names[ags].in_phrase in part for ags in ends.index) or f"in {in_words(len(ends))} Kreisen" in part


def test_districts_of_one_value_are_named_in_the_dative():
    group = [regions.find_region(ags) for ags in ("16055", "16064", "16065", "16051")]
    values = pd.Series([5.0, 5.0, 5.0, 1.0], index=[region.ags for region in group])
    poverty = find_spoken("kinderarmut_u15")
    options = {"home": group[2], "regions": group, "values": values, "area": "in Thüringen"}
    said = positions.ranking_sentences(poverty, rank_value(values, "16065"), **options)[0]
    assert said == (
        "Das ist der höchste Wert unter den vier Kreisen und kreisfreien Städten in Thüringen, gleichauf mit der Stadt "
        "Weimar und dem Unstrut-Hainich-Kreis."
    )


def in_words(number):
    return "einem" if number == 1 else number_word(number)


FINDING = re.compile(
    r": |reich|steig|sink|höher als|niedriger als|ähnlich wie|Änderung seit|dem Stand von|gestiegen|gesunken| bei "
    r"|öchste|iedrigste|gleich|überall"
)


def titles_of(indicator, scale):
    """Titles of one indicator for a few shapes of a series and places in a group."""
    for shape in ("steigend", "null", "eins", "gipfel"):
        yield titles.trend_title(indicator, values_of(shape, scale, [0.0] * 10), place="im Kyffhäuserkreis")
    group, options = DISTRICTS[:22], {"noun": "Kreisen", "area": "in Mecklenburg-Vorpommern"}
    values = pd.Series([scale * (1 + at / 10) for at in range(22)], index=[region.ags for region in group])
    yield titles.spread_title(indicator, values, {region.ags: str(region) for region in group})
    for at in (0, 11):
        rank = rank_value(values, group[at].ags, digits=indicator.digits)
        yield titles.ranking_title(indicator, rank, **options)
        yield titles.distribution_title(indicator, rank, **options)


@pytest.mark.parametrize("scale", [3.0, 20_000.0])
def test_every_title_of_every_indicator_states_a_finding(scale):
    large = [entry for entry in SPOKEN if lang.is_count(entry.unit) or entry.unit == "Euro"]
    for indicator in large if scale > 100 else SPOKEN:
        for title in map(plain, titles_of(indicator, scale)):
            assert len(title) <= titles.TITLE_LENGTH
            assert FINDING.search(title), title
            assert not SLIPS.search(title) and not title.endswith("…"), title
            start = re.match(
                r"(?!Zahl|Anteil)[^:]*\b(?:Kinder|Plätze|Schulen|Haushalte)\b[^:]* (?:reicht|steigt|sinkt) ", title
            )
            assert not start, title


@pytest.mark.parametrize("region", DISTRICTS, ids=lambda region: region.ags)
def test_every_district_has_its_dative_and_genitive(region):
    assert IN.fullmatch(region.in_phrase), region.in_phrase
    article, _, rest = region.of_phrase.partition(" ")
    if not rest:
        assert region.of_phrase == f"{region.name}s"
    elif region.in_phrase.startswith("in der "):
        assert region.of_phrase == f"der {region.in_phrase.removeprefix('in der ')}"
    else:
        assert article == "des"
        head = region.in_phrase.removeprefix("im ").split(" ")
        head = head[1] if head[0].endswith("en") and head[1] == "Kreis" else head[0]
        assert re.search(rf"\b{re.escape(head)}e?s\b", region.of_phrase), region.of_phrase


def test_plural_things_are_counted_before_they_fall():
    births = find_spoken("geburten")
    series = pd.Series([518.0, 398.0], index=[2020, 2024])
    home = regions.find_region("16065")
    said = plain(sentences.trend_sentences(births, home, series)[0])
    assert said == (
        "Die Zahl der Geburten ist im Kyffhäuserkreis zwischen 2020 und 2024 um 23,2 Prozent gesunken, von 518 auf 398."
    )
    title = titles.trend_title(births, series, place="im Kyffhäuserkreis")
    assert plain(title) == "Zahl der Geburten im Kyffhäuserkreis sinkt seit 2020 auf 398"


def test_units_are_declined_after_bei_and_mit():
    months = find_spoken("elterngeld_dauer_muetter")
    home = regions.find_region("16065")
    said = plain(sentences.comparison_sentence(months, home, 2023, 14.9, []))
    assert said.endswith("bei 14,9 Monaten.")
    density = find_spoken("bevoelkerungsdichte")
    spread = pd.Series({"16065067": 22.6, "16065003": 147.3})
    places = [regions.find_region(ags) for ags in spread.index]
    said = plain(positions.spread_sentences(density, home, places, spread))
    assert "zwischen 22,6 Einwohnern je km²" in said and "147,3 Einwohnern je km²" in said
    beds, land = find_spoken("krankenhausbetten_je_1000"), regions.find_region("16")
    said = plain(sentences.comparison_sentence(beds, home, 2021, 5.7, [(land, 7.3)]))
    assert said.endswith("mit 5,7 je 1.000 Einwohner niedriger als in Thüringen (7,3).")


def test_a_series_that_jumps_every_year_has_no_trend():
    # yearly changes +4 -4 +4 -3 +4: mean 1, squared distances 9+25+9+16+9 = 68, standard deviation sqrt(68/4) = 4.12;
    # 1.96 x 4.12 = 8.1 is more than the rise from 10 to 15
    series = pd.Series([10.0, 14, 10, 14, 11, 15], index=range(2010, 2016))
    assert chance.yearly_noise(series) == pytest.approx(17**0.5)
    share = find_spoken("arbeitslosenquote")
    said = plain(sentences.trend_sentences(share, regions.find_region("16065"), series))
    assert "schwankt der Wert so stark, dass dieser Unterschied zufällig sein kann" in said
    assert not re.search("gestiegen|gesunken", said)


def test_events_are_compared_by_their_square_root():
    # 40 and 55 events: 1.96 x sqrt(95) = 19.1, so a rise by 15 may be chance; 40 and 70: 1.96 x sqrt(110) = 20.6 < 30
    births, home = find_spoken("geburten"), regions.find_region("16065")
    few = plain(sentences.trend_sentences(births, home, pd.Series([40.0, 55.0], index=[2020, 2021])))
    many = plain(sentences.trend_sentences(births, home, pd.Series([40.0, 70.0], index=[2020, 2021])))
    assert "zufällig" in few and "gestiegen" in many
