"""The daycare projection against values computed by hand and published Poisson limits."""

import math

import numpy as np
import pandas as pd
import pytest

from kreisbericht import projection
from kreisbericht.errors import DataError
from kreisbericht.projection import Figures

STEADY = Figures(
    groups=pd.DataFrame(
        [[300.0, 300.0, 400.0]] * 10, index=range(2015, 2025), columns=pd.Index(projection.GROUPS, tupleize_cols=False)
    ),
    births=pd.Series(100.0, index=range(2015, 2025)),
    rates_u3=pd.Series([40.0, 60.0, 50.0], index=[2018, 2019, 2020]),
    rates_3_6=pd.Series([90.0, 90.0, 90.0], index=[2018, 2019, 2020]),
)


def replaced(**changes):
    return Figures(**{**vars(STEADY), **changes})


def test_interval_of_like_years_is_that_of_chance_in_their_sum():
    # 95 % limits of a Poisson count of 100: 81.36 and 121.63 (Ulm 1990, Am J Epidemiol 131, table)
    low, mean, high = projection.mean_interval([33, 34, 33])
    assert mean == pytest.approx(100 / 3)
    assert (low, high) == (pytest.approx(81.36 / 3, abs=0.02), pytest.approx(121.63 / 3, abs=0.02))


def test_interval_of_unlike_years_is_that_of_their_spread():
    # mean 1000, standard deviation 100, t = 4.303 with two degrees of freedom: 4.303 × 100 ÷ √3 = 248.4
    assert projection.mean_interval([900, 1000, 1100]) == pytest.approx((751.6, 1000, 1248.4), abs=0.05)


def test_interval_never_falls_below_zero_and_needs_births():
    assert projection.mean_interval([1, 20, 1])[0] == 0
    with pytest.raises(ValueError, match="sum 0"):
        projection.mean_interval([0, 0, 0])


def test_a_cohort_is_followed_over_three_years_but_not_across_a_break():
    groups = pd.DataFrame(
        {(0, 3): [100.0, 200.0, 100.0, 100.0], (3, 6): [90.0, 90.0, 110.0, 150.0]}, index=[2017, 2019, 2020, 2022]
    )
    groups.columns = pd.Index([(0, 3), (3, 6)], tupleize_cols=False)
    assert projection.cohort_changes(groups).to_dict() == pytest.approx({2020: 1.1, 2022: 0.75})
    assert projection.cohort_changes(groups, breaks=[2022]).to_dict() == pytest.approx({2020: 1.1})


def test_a_group_is_shared_out_by_births_and_keeps_its_published_size():
    assert projection.split_group(330, [100, 100, 100]) == pytest.approx([110, 110, 110])
    assert projection.split_group(450, [100, math.nan, 200]) == pytest.approx([100, 150, 200])
    assert projection.split_group(300, [math.nan] * 3) == pytest.approx([100, 100, 100])
    assert projection.split_group(700, [50, 50, 50], growth=2) == pytest.approx([100, 200, 400])


def test_children_grow_one_year_older_each_year_and_leave_at_seven():
    start = pd.Series([100.0, 100, 100, 100, 100, 100, 80], index=range(7), name=2024)
    children = projection.project_children(start, newborn=90, growth=1.1, years=2)
    assert list(children.index) == [2024, 2025, 2026]
    assert children.loc[2025].tolist() == pytest.approx([90, 110, 110, 110, 110, 110, 110])
    assert children.loc[2026].tolist() == pytest.approx([90, 99, 121, 121, 121, 121, 121])


def test_places_follow_from_children_and_attendance():
    children = pd.DataFrame([[10.0] * 7], index=[2024])
    places = projection.needed_places(children, rate_u3=50, rate_3_6=80, share_six=0.5)
    assert places.loc[2024].tolist() == pytest.approx([15, 28, 43])  # 30 × 50 %; (30 + 5) × 80 %
    alone = projection.needed_places(children, rate_u3=50, rate_3_6=80, share_six=math.nan)
    assert alone.loc[2024].tolist() == pytest.approx([15, 24, 39])


def test_a_steady_district_stays_as_it_is():
    inputs = projection.prepare_inputs(STEADY, land="16")
    assert inputs.year == 2024
    assert inputs.start.tolist() == pytest.approx([100] * 7)
    assert inputs.growth == pytest.approx(dict.fromkeys(projection.SCENARIOS, 1.0))
    middle = projection.run_scenarios(inputs)["mittel"]
    assert np.allclose(middle[list(range(7))], 100)
    assert middle["u3"].tolist() == pytest.approx([150] * 7)  # 300 children, 50 % in the last published year
    assert middle["ab_3"].tolist() == pytest.approx([(300 + 100 * 5 / 12) * 0.9] * 7, abs=0.01)


def test_scenarios_take_the_lowest_last_and_highest_published_rate():
    inputs = projection.prepare_inputs(STEADY, land="16")
    assert inputs.rates_u3 == {"niedrig": 40, "mittel": 50, "hoch": 60}
    runs = projection.run_scenarios(inputs)
    assert (runs["niedrig"]["gesamt"] < runs["mittel"]["gesamt"]).all()
    assert (runs["mittel"]["gesamt"] < runs["hoch"]["gesamt"]).all()


def test_arrivals_after_birth_are_counted_once():
    # births 100 a year; 110 children of each age: the cohort gains before its first 31 December and then keeps its size
    groups = STEADY.groups * [1.1, 1.1, 1.1]
    inputs = projection.prepare_inputs(replaced(groups=groups), land="16")
    assert inputs.first_year == pytest.approx(1.1)
    assert np.allclose(projection.run_scenarios(inputs)["mittel"][list(range(7))], 110)


def test_six_year_olds_are_left_out_where_no_rule_of_the_land_is_stored():
    inputs = projection.prepare_inputs(STEADY, land="03")
    assert math.isnan(inputs.share_six)
    assert projection.run_scenarios(inputs)["mittel"].loc[2024, "ab_3"] == pytest.approx(270)


@pytest.mark.parametrize(
    "changes",
    [
        {"births": STEADY.births.iloc[:0]},
        {"births": STEADY.births.drop(2023)[-2:]},
        {"rates_u3": STEADY.rates_u3.iloc[:0]},
        {"groups": STEADY.groups.iloc[-2:]},
    ],
    ids=["no births", "a gap in the births", "no rate", "no cohort to follow"],
)
def test_nothing_is_projected_without_published_figures(changes):
    assert projection.prepare_inputs(replaced(**changes), land="16") is None


def test_births_without_an_age_group_start_from_the_last_year_that_has_both():
    groups = STEADY.groups.copy()
    groups.loc[2024] = np.nan
    assert projection.prepare_inputs(replaced(groups=groups), land="16").year == 2023


def test_every_assumption_says_where_it_comes_from_and_why():
    for row in projection.load_assumptions():
        assert row["quelle"], row
        assert row["begruendung"], row


def test_an_unknown_rule_is_named_with_those_that_exist():
    rows = [{**row, "regel": "raten"} if row["annahme"] == "quote" else row for row in projection.load_assumptions()]
    with pytest.raises(DataError, match=r"'quote'.*raten.*minimum"):
        projection.prepare_inputs(STEADY, land="16", assumptions=rows)
