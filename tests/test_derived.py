"""Shares computed from published counts, against hand computation and the catalogue."""

import pandas as pd
import pytest

from kreisbericht import catalogue, derived, store
from kreisbericht.chance import wilson_interval
from kreisbericht.errors import DataError

# Regionaldatenbank Deutschland, table 21111-02-06-4, 16065 in 2024: 83 of 682 (women 37 of 328) without certificate;
# table 21111-01-03-4, school year 2023/24: 570 of 6,907 pupils foreign, 162 of 664 in class 7 at a Gymnasium,
# 2,115 pupils at 12 primary schools, 309 at special schools
BY_HAND = [
    ("schulabgaenger_ohne_abschluss_reihe", 2024, 12.1701),
    ("schulabgaenger_ohne_abschluss_w_reihe", 2024, 11.2805),
    ("schulabgaenger_ohne_abschluss_m_reihe", 2024, 12.9944),  # (83 − 37) of (682 − 328)
    ("schueler_auslaendisch_reihe", 2023, 8.2525),
    ("schueler_klasse_7_gymnasien_anteil", 2023, 24.3976),
    ("schulgroesse_grundschulen", 2023, 176.25),
    ("schueler_foerderschulen_anteil", 2023, 4.4737),
]


@pytest.mark.parametrize(("name", "year", "expected"), BY_HAND)
def test_a_share_is_its_counts_divided(name, year, expected):
    assert store.series(name, "16065")[year] == pytest.approx(expected, abs=5e-5)


def test_a_continued_series_keeps_the_published_shares_before_the_first_count():
    published, continued = (store.series(name, "16065") for name in
                            ("schulabgaenger_ohne_abschluss", "schulabgaenger_ohne_abschluss_reihe"))  # fmt: skip
    assert continued.loc[:2022].equals(published.rename(continued.name))
    assert list(continued.index[-2:]) == [2023, 2024]


def test_every_computed_file_is_what_its_formula_gives_today():
    assert derived.write_derived() == [], "run kreisbericht.derived.write_derived()"


def test_every_formula_has_a_catalogue_row_that_says_it_is_computed():
    known = catalogue.load_catalogue()
    formulas = derived.load_formulas()
    assert {name for name, entry in known.items() if entry.source_id == derived.COMPUTED} == set(formulas)
    for name, formula in formulas.items():
        assert formula.inputs <= set(known)
        assert "eigene Berechnung" in known[name].credit
        assert not formula.before or "INKAR" in known[name].credit


def test_the_interval_of_a_computed_share_comes_from_its_counts():
    entry = catalogue.find_indicator("schulabgaenger_ohne_abschluss_reihe")
    cases, base = (store.series(name, "16065")[2024] for name in (entry.numerator_id, entry.denominator_id))
    low, high = wilson_interval(cases, base)
    # 83 of 682 by hand: (0.1217 + z²/2n ± z·sqrt(p(1−p)/n + z²/4n²)) / (1 + z²/n)
    assert (low, high) == (pytest.approx(9.93, abs=0.01), pytest.approx(14.84, abs=0.01))


@pytest.fixture
def counts(tmp_path, monkeypatch):
    """Three districts: a number, a symbol, a base of zero."""
    tables = {
        "faelle": [("01001", 2020, 5, ""), ("01002", 2020, None, "."), ("01003", 2020, 0, "")],
        "basis": [("01001", 2020, 40, ""), ("01002", 2020, 50, ""), ("01003", 2020, 0, ""), ("01004", 2020, 9, "")],
    }
    for name, rows in tables.items():
        pd.DataFrame(rows, columns=store.COLUMNS).to_csv(tmp_path / f"{name}.csv", index=False)
    monkeypatch.setattr(store, "values_path", lambda name: tmp_path / f"{name}.csv")


def test_a_symbol_stays_unknown_and_a_base_of_zero_is_no_share(counts):
    found = derived.compute_values(derived.Formula("anteil", ("faelle",), ("basis",), 100, ""))
    assert found["ags"].tolist() == ["01001", "01002", "01003"]
    assert found["zeichen"].tolist() == ["", ".", "x"]
    assert found["wert"].iloc[0] == 12.5
    assert found["wert"].iloc[1:].isna().all()


def test_a_remainder_below_zero_is_not_shown_as_a_count(counts):
    found = derived.compute_values(derived.Formula("rest", ("faelle", "-basis"), (), 1, ""))
    assert found["zeichen"].tolist() == ["x", ".", ""]


def test_a_factor_that_is_no_number_is_refused(tmp_path, monkeypatch):
    (tmp_path / "abgeleitet.csv").write_text("id,zaehler,nenner,faktor,davor\na,b,c,hundert,\n", encoding="utf-8")
    monkeypatch.setenv("KREISBERICHT_DATA", str(tmp_path))
    with pytest.raises(DataError, match=r"Zeile 2 \('a'\): faktor 'hundert'"):
        derived.load_formulas()
