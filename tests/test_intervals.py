"""Sentences on how sure a share is: cases, interval, the Land's value against it."""

import dataclasses

from kreisbericht.catalogue import find_indicator
from kreisbericht.intervals import interval_sentences
from kreisbericht.scope import make_scope

LEAVERS = find_indicator("schulabgaenger_ohne_abschluss_reihe")


def said(ags, indicator=LEAVERS, year=2025):
    return " ".join(interval_sentences(make_scope(ags, year, "2026-09-30", ()), indicator)).replace("\xa0", " ")


def test_cases_interval_and_the_land_inside_are_named():
    # table 21111-02-06-4, 2024: 83 of 682; Wilson by hand 9.9 to 14.8; Thüringen 1,909 of 18,490
    assert said("16065") == (
        "Der Wert von 12,2 % beruht auf 83 von 682 Fällen im Jahr 2024. Ein einzelnes Jahr schwankt zufällig; das "
        "95-Prozent-Intervall reicht von 9,9 bis 14,8 %. Der Wert in Thüringen (10,3 %) liegt darin: Der Unterschied "
        "kann zufällig sein."
    )


def test_a_land_outside_the_interval_is_said_to_differ():
    # Jena 2024: 4.6 % against 10.3 % in Thüringen
    assert "liegt außerhalb: Der Unterschied ist größer, als der Zufall erklärt." in said("16053")


def test_a_city_that_is_its_own_land_is_compared_with_nothing():
    assert "Der Wert in" not in said("02000") and "95-Prozent-Intervall" in said("02000")


def test_a_year_without_counts_has_no_interval():
    assert said("16065", year=2022) == ""
    assert said("16065", dataclasses.replace(LEAVERS, numerator_id="")) == ""
