"""Change, turning point, rank, rating and interval; expected values from publications or by hand."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreisbericht.chance import is_random_change, wilson_interval
from kreisbericht.numbers import round_half_up
from kreisbericht.statistics import (
    classify_change,
    compare_values,
    find_turn,
    measure_change,
    missing_years,
    rank_value,
    split_at_breaks,
)

# BBSR, INKAR Ausgabe 2024: children under 15 on SGB II, Kyffhäuserkreis [%]
CHILD_POVERTY = pd.Series([17.94, 18.08, 16.51, 15.46, 14.01, 12.57, 12.40], index=range(2016, 2023))


def test_difference_is_taken_before_rounding():
    change = measure_change(CHILD_POVERTY)
    assert (change.first_year, change.last_year, change.direction) == (2016, 2022, "sinkt")
    assert change.difference == pytest.approx(-5.54)


def test_turn_is_the_peak_after_the_first_year():
    turn = find_turn(CHILD_POVERTY)
    assert (turn.first_year, turn.direction, turn.steady) == (2017, "sinkt", True)


def test_no_change_is_measured_across_a_break():
    series = pd.Series([100.0, 90.0, 150.0, 140.0], index=[2020, 2021, 2022, 2023])
    change = measure_change(series, breaks=[2022])
    assert (change.first_year, change.first, change.last) == (2022, 150.0, 140.0)
    assert measure_change(series.loc[:2022], breaks=[2022]) is None


def test_gap_years_are_named_and_leading_ones_are_not_gaps():
    series = pd.Series([None, 1.0, None, None, 2.0], index=range(2018, 2023))
    assert missing_years(series) == [2020, 2021]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (12.44, 12.36, "stabil"),  # both printed 12,4
        (10.0, 10.29, "stabil"),  # 2.9 %
        (10.0, 10.31, "steigt"),  # 3.1 %
        (0.0, 0.0, "stabil"),
        (0.0, 0.2, "steigt"),
        (-2.0, 2.0, "steigt"),
    ],
)
def test_small_changes_count_as_stable(first, last, expected):
    assert classify_change(first, last) == expected


def test_population_changes_from_one_percent_on():
    assert classify_change(73_022, 72_400, digits=0, unit="Personen") == "stabil"  # 0.85 %
    assert classify_change(73_022, 72_250, digits=0, unit="Personen") == "sinkt"  # 1.06 %


def test_equal_printed_values_share_a_place():
    values = pd.Series({"a": 18.4, "b": 12.41, "c": 12.39, "d": 4.8, "e": float("nan")})
    rank = rank_value(values, "c")
    assert (rank.place, rank.of, rank.ties, rank.from_below) == (2, 4, ("b",), 2)
    assert rank_value(values, "e") is None


@pytest.mark.parametrize(
    ("value", "other", "polarity", "relation", "rating"),
    [
        (12.4, 9.7, -1, "über", "unguenstiger"),
        (12.4, 12.1, -1, "ähnlich", "aehnlich"),  # 2.5 %
        (58.0, 50.0, 1, "über", "guenstiger"),
        (8.0, 10.0, 0, "unter", "ohne"),
        (0.0, 0.0, -1, "ähnlich", "aehnlich"),
        (1.0, 0.0, -1, "über", "unguenstiger"),
    ],
)
def test_rating_follows_the_indicator_side_and_five_percent(value, other, polarity, relation, rating):
    found = compare_values(value, other, polarity=polarity)
    assert (found.relation, found.rating) == (relation, rating)


def test_wilson_interval_agrees_with_published_example():
    # Newcombe (1998), Statistics in Medicine 17, table I, case 81/263: 0.2553 to 0.3662
    low, high = wilson_interval(81, 263)
    assert (low, high) == (pytest.approx(25.53, abs=0.005), pytest.approx(36.62, abs=0.005))
    assert wilson_interval(0, 20)[0] == 0.0  # 0/20: 0 to 0.1611 in the same table
    assert wilson_interval(0, 20)[1] == pytest.approx(16.11, abs=0.005)


def test_small_counts_give_no_trend():
    assert is_random_change((9, 200), (40, 200))  # fewer than 10 cases
    assert is_random_change((50, 500), (58, 500))  # 10,0 to 11,6 %: z = 0.8
    assert not is_random_change((50, 500), (90, 500))  # 10 to 18 %: z = 3.6


def test_change_within_chance_is_not_a_trend():
    series = pd.Series([10.0, 11.6], index=[2020, 2024])
    counts = pd.DataFrame({"faelle": [50, 58], "basis": [500, 500]}, index=[2020, 2024])
    change = measure_change(series, counts=counts)
    assert change.random
    assert change.direction == "stabil"


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=25), st.sets(st.integers(2001, 2024), max_size=3))
def test_parts_between_breaks_are_the_whole_series(values, breaks):
    series = pd.Series(values, index=range(2000, 2000 + len(values)))
    parts = split_at_breaks(series, breaks)
    assert pd.concat(parts).equals(series)
    assert all(not any(part.index[0] < year <= part.index[-1] for year in breaks) for part in parts)


@given(st.lists(st.floats(0, 100), min_size=2, max_size=25))
def test_direction_never_contradicts_the_printed_values(values):
    change = measure_change(pd.Series(values, index=range(2000, 2000 + len(values))))
    first, last = round_half_up(change.first), round_half_up(change.last)
    assert {"steigt": last > first, "sinkt": last < first}.get(change.direction, True)
