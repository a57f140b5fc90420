"""German numbers: what a reader sees."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from kreisbericht import numbers as n

NBSP, NNBSP, MINUS = "\u00a0", "\u202f", "\u2212"


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (1234.5, 1, "1.234,5"),
        (1234567, 0, "1.234.567"),
        (9.35, 1, "9,4"),  # the binary float is 9.3499…
        (2.675, 2, "2,68"),  # 2.67499…
        (0.5, 0, "1"),
        (2.5, 0, "3"),  # Python's round gives 2
        (-0.25, 1, f"{MINUS}0,3"),
        (-5.7, 1, f"{MINUS}5,7"),
        (-0.04, 1, "0,0"),  # no minus before a rounded zero
        (999.95, 1, "1.000,0"),
        (0, 1, "0,0"),
        (Decimal("9.35"), 1, "9,4"),
        (np.float64(12.4), 1, "12,4"),
        (np.int64(70635), 0, "70.635"),
        (1e15, 0, "1.000.000.000.000.000"),
    ],
)
def test_a_number_is_written_as_in_printed_statistics(value, digits, expected):
    assert n.format_number(value, digits) == expected


def test_a_computed_share_rounds_by_its_decimal_value_not_by_float_noise():
    assert n.format_number(0.1 * 3 * 10 + 6.35, 1) == "9,4"  # 9.350000000000001
    assert n.format_number(9.349999999999998, 1) == "9,4"  # 9.35 after arithmetic


def test_no_value_stays_a_symbol_and_never_becomes_zero():
    for missing in (None, float("nan"), pd.NA):
        assert n.format_number(missing) == "k.\u00a0A."
        assert n.format_value(missing, "%") == "k.\u00a0A."
    assert n.format_cell(None, 1, "…") == "…"
    assert n.format_cell(float("nan"), 1, "/") == "/"
    assert n.format_cell(None, 1, "x") == "x"
    assert n.format_cell(None, 1, ".") == "."
    assert n.format_cell(None) == "k.\u00a0A."


def test_a_true_zero_is_a_dash_in_tables_but_a_small_value_is_not():
    assert n.format_cell(0, 1) == "–"
    assert n.format_cell(0.04, 1) == "0,0"


def test_infinity_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="finite"):
        n.format_number(float("inf"))


def test_the_unit_follows_after_a_space_that_does_not_break():
    assert n.format_percent(12.4) == f"12,4{NBSP}%"
    assert n.format_value(1234, "Euro", 0) == f"1.234{NBSP}Euro"
    assert n.format_value(5.31, "je 1.000 Einwohner") == f"5,3{NBSP}je 1.000 Einwohner"
    assert n.format_value(5.31) == "5,3"


def test_an_indicator_brings_its_unit_and_its_decimals():
    @dataclass
    class Indicator:
        unit: str
        digits: int

    assert n.format_value(12.345, Indicator("%", 2)) == f"12,35{NBSP}%"
    assert n.format_difference(-1.25, Indicator("%", 1)) == f"{MINUS}1,3{NBSP}Prozentpunkte"
    assert n.format_difference(1250, Indicator("Personen", 0)) == f"+1.250{NBSP}Personen"


def test_the_difference_of_two_shares_is_in_points_not_in_percent():
    assert n.format_points(5.7) == f"5,7{NBSP}Prozentpunkte"
    assert n.format_points(1, 0) == f"1{NBSP}Prozentpunkt"
    assert n.format_points(1.0, 1) == f"1,0{NBSP}Prozentpunkte"


def test_signs_and_other_thousands_where_asked_for():
    assert n.format_number(5.7, sign=True) == "+5,7"
    assert n.format_number(0.0, sign=True) == "0,0"
    assert n.format_number(12345, 0, thousands=NNBSP) == f"12{NNBSP}345"


def test_large_numbers_are_read_in_millions():
    assert n.format_large(83_456_045) == f"83,5{NBSP}Mio."
    assert n.format_large(4_000_000) == f"4{NBSP}Mio."
    assert n.format_large(2_500_000_000) == f"2,5{NBSP}Mrd."
    assert n.format_large(70_635) == "70.635"


def test_dates_and_years_as_in_germany():
    assert n.format_date("2024-12-31") == "31.12.2024"
    assert n.format_date(datetime.date(2026, 3, 5)) == "05.03.2026"
    assert n.format_date("2024") == "2024"
    assert n.format_years(range(2016, 2023)) == "2016–2022"
    assert n.format_years([2018, 2024, 2020, 2023, 2022]) == "2018, 2020, 2022–2024"
    assert n.format_years([2022]) == "2022"


def test_small_numbers_and_ranks_are_words():
    assert [n.number_word(k) for k in (0, 1, 12, 13)] == ["null", "ein", "zwölf", "13"]
    assert [n.ordinal(k) for k in (1, 2, 3, 6, 7, 8, 12, 13)] == [
        "erste", "zweite", "dritte", "sechste", "siebte", "achte", "zwölfte", "13.",
    ]  # fmt: skip
    assert n.ordinal_stem(6) + "höchste" == "sechsthöchste"
