"""Published figures: hand-copied values, and every stored value against the rows it was taken from."""

import pandas as pd
import pytest

from kreisbericht import catalogue, store
from kreisbericht.paths import ROOT, data_dir

COLLECTED = ROOT.parent / "shared" / "figures"

# Regionaldatenbank Deutschland, 12411-01-01-4, Stand 10.07.2023; ffcsv 31.12.2024
POPULATION = [
    ("bevoelkerung", "16065", 2021, 72964),
    ("bevoelkerung_m", "16065", 2021, 36276),
    ("bevoelkerung_w", "16065", 2021, 36688),
    ("bevoelkerung", "00", 2021, 83237124),
    ("bevoelkerung", "16", 2021, 2108863),
    ("bevoelkerung", "16063", 2021, 158900),  # with Eisenach
    ("bevoelkerung", "02000", 2021, 1853935),  # Hamburg, printed as Land 02
    ("bevoelkerung", "09162", 2024, 1505005),
    ("bevoelkerung_m", "16065", 2024, 35661),
    # Destatis, GENESIS-Online 12411-0018, 31.12.2020, Stand 17.08.2021
    ("bevoelkerung_m_00_03", "16065", 2020, 752),
    ("bevoelkerung_m_75_plus", "16065", 2020, 4083),
    ("bevoelkerung_w_00_03", "16065", 2020, 753),
    ("bevoelkerung_w_75_plus", "16065", 2020, 6203),
    ("bevoelkerung_m_00_03", "01001", 2015, 1143),
    # Zensus 2022, Regionaltabelle Bevölkerung
    ("bevoelkerung_zensus_2022", "16065067", 2022, 20971),
    ("bevoelkerung_zensus_2022", "00", 2022, 82719540),
    ("bevoelkerung_zensus_2022", "01001", 2022, 95015),
    # Regionaldatenbank, 11111-01-01-4, 31.12.2018
    ("flaeche", "16065", 2018, 1037.91),
]
# Regionaldatenbank Deutschland, 13211-02-05-4, Stand 17.08.2021, 09.07.2026 and 26.02.2026
UNEMPLOYMENT = [
    ("arbeitslosenquote", "00", 2020, 5.9),
    ("arbeitslosenquote", "16065", 2020, 8.2),
    ("arbeitslosenquote", "16065", 2023, 8.7),
    ("arbeitslosenquote", "16065", 2025, 8.3),
    ("arbeitslose", "16065", 2023, 3122),
    ("langzeitarbeitslose", "16065", 2025, 1186),
    ("arbeitslosenquote_15_25", "16065", 2019, 6.9),
    ("arbeitslosenquote_maenner", "09162", 2020, 5.0),
    ("arbeitslosenquote_frauen", "16056", 2020, 7.3),
    ("arbeitslose_15_20", "16065", 2025, 75),
    ("arbeitslosenquote_auslaender", "16065", 2023, 45.6),
    # BBSR, INKAR Ausgabe 2024, workbooks of the edition
    ("arbeitslose_inkar", "16065", 2021, 2768),
    ("beschaeftigtenquote", "16065", 2021, 64.08),
    ("bevoelkerung_15_65", "16065", 2021, 43136),
    ("beschaeftigte_wohnort", "16065", 2020, 27612),
    ("beschaeftigte_akademisch_anteil", "16065", 2021, 8.01),
    ("beschaeftigte_ohne_berufsabschluss_anteil", "16065", 2019, 6.2),
    ("bruttoverdienst_monat", "16065", 2021, 2747.01),
    ("haushaltseinkommen_monat", "16065", 2021, 1735.49),
]
# Regionaldatenbank Deutschland, 21111-02-06-4 and 21111-01-03-4, Stand 13.03.2025
SCHOOLS = [
    ("schulabgaenger", "16065", 2023, 702),
    ("schulabgaenger_ohne_abschluss_anzahl", "16065", 2023, 99),
    ("schulabgaenger_ohne_abschluss_anzahl_w", "16065", 2023, 46),
    ("schulabgaenger_hauptschulabschluss_anzahl", "16065", 2023, 108),
    ("schulabgaenger_mittlerer_abschluss_anzahl", "16065", 2023, 332),
    ("schulabgaenger_abitur_anzahl", "16065", 2023, 163),
    ("schulabgaenger", "00", 2023, 782423),
    ("schulen_grundschulen", "16065", 2023, 12),
    ("schueler_grundschulen", "16065", 2023, 2115),
    ("schueler_regelschulen", "16065", 2023, 1237),
    ("schueler_foerderschulen", "16065", 2023, 309),
    ("schueler_klasse_7_gymnasien", "16065", 2023, 162),
    ("schueler_auslaendisch", "16065", 2023, 570),
    ("schueler_allgemeinbildend", "00", 2023, 8819489),
    # BBSR, INKAR Ausgabe 2024, workbook "Schulabgänger ohne Abschluss"
    ("schulabgaenger_ohne_abschluss", "16065", 2019, 9.49),
    ("schulabgaenger_ohne_abschluss", "16065", 2021, 7.7),
]
INCOME = [
    # Regionaldatenbank, 82411-01-03-4, Stand 10.11.2023
    ("verfuegbares_einkommen", "16065", 2021, 20747),
    ("verfuegbares_einkommen", "16", 2021, 21803),
    ("verfuegbares_einkommen", "00", 2021, 24415),
    # Regionaldatenbank, 73111-01-01-4, Stand 19.04.2024 and ffcsv 2021
    ("steuerpflichtige", "16065", 2019, 34222),
    ("einkuenfte_gesamtbetrag", "16065", 2019, 1124992),
    ("einkommensteuer", "16065", 2021, 158465),
    # Robert Koch-Institut, GISD Release 2025
    ("gisd", "16065", 2021, 0.73544),
    ("gisd_verwaltungseinheiten", "160650067", 2021, 0.80432),
    # Regionaldatenbank, 23111-01-04-4, 31.12.2017
    ("krankenhaeuser", "16065", 2017, 1),
    ("krankenhausbetten", "16065", 2017, 462),
]


@pytest.mark.parametrize(("indicator_id", "ags", "year", "published"), POPULATION + UNEMPLOYMENT + SCHOOLS + INCOME)
def test_a_stored_value_is_the_published_one(indicator_id, ags, year, published):
    assert store.cross_section(indicator_id, year, [ags])[ags] == published


def test_men_and_women_of_all_ages_add_up_to_the_population():
    # Regionaldatenbank, 12411-01-01-4: 73.522 on 31.12.2020; the ages come from Destatis, 12411-0018
    ages = [name for name in catalogue.load_catalogue() if name.startswith(("bevoelkerung_m_", "bevoelkerung_w_"))]
    assert len(ages) == 34
    total = sum(store.cross_section(name, 2020, ["16065"])["16065"] for name in ages)
    assert total == store.cross_section("bevoelkerung", 2020, ["16065"])["16065"] == 73522


def test_there_is_no_zero_for_a_dissolved_district():
    for indicator_id in ("bevoelkerung", "arbeitslosenquote", "arbeitslose"):
        later = store.load_values(indicator_id, regions=["16056", "03152"])
        assert not (later["wert"] == 0).any()
        assert later.loc[later["ags"] == "16056", "jahr"].max() == 2020


def test_a_dash_of_the_publisher_is_zero_and_symbols_stay():
    # Regionaldatenbank, 21111-01-03-4, 2023: "Hauptschulen -" and "Freie Waldorfschulen -" for 16065
    assert store.cross_section("schulen_hauptschulen", 2023, ["16065"])["16065"] == 0
    assert store.cross_section("schueler_waldorfschulen", 2023, ["16065"])["16065"] == 0
    # 13211-02-05-4, 2020: unemployment rate of foreigners "x"
    table = store.load_values("arbeitslosenquote_auslaender", regions=["16065"])
    assert table.loc[table["jahr"] == 2020, "zeichen"].tolist() == ["x"]


def test_an_impossible_value_is_unknown_and_listed_with_its_reason():
    listed = pd.read_csv(data_dir() / "korrekturen.csv", dtype=str)
    assert (listed["grund"].str.len() > 20).all() and not listed.duplicated(["indikator", "ags", "jahr"]).any()
    for row in listed[listed["status"] == "aktiv"].itertuples():
        found = store.load_values(row.indikator, regions=[row.ags]).set_index("jahr").loc[int(row.jahr)]
        assert found["zeichen"] == row.richtig, row
    for indicator_id in ("schueler_auslaendisch_anteil", "pkw_je_1000", "kommunale_schulden_je_einwohner"):
        assert not (store.load_values(indicator_id)["wert"] < 0).any()
    assert store.load_values("gisd")["wert"].between(0, 1).all()


@pytest.mark.skipif(not COLLECTED.is_dir(), reason="the collected source rows are not part of the repository")
def test_every_stored_value_is_in_the_collected_source_rows(capsys):
    stored = _stored_values()
    pairs = stored.merge(_collected_rows(set(stored["quelle"])), on=["quelle", "ags", "jahr"], how="left")
    pairs["equal"] = pairs["wert"] == pairs["published"]
    best = pairs.groupby(["indikator", "ags", "jahr"], sort=False).agg(
        equal=("equal", "any"), known=("published", "count"), stored=("wert", "first"), published=("published", "first")
    )
    different = best[~best["equal"] & (best["known"] > 0)]
    missing = int((best["known"] == 0).sum())
    with capsys.disabled():
        print(f"\nfigures: {int(best['equal'].sum())} matched, {missing} not in the rows, {len(different)} different")
    assert different.empty, different.head()
    assert best["equal"].sum() > 500_000


def _stored_values() -> pd.DataFrame:
    """Every number in ``data/werte``, once per identifier it may have been taken from."""
    parts = [
        store.load_values(entry.id).assign(indikator=entry.id) for entry in catalogue.official_indicators().values()
    ]
    stored = pd.concat(parts).dropna(subset="wert")[["indikator", "ags", "jahr", "wert"]]
    names = {entry.id: entry.source_id.split(";") for entry in catalogue.official_indicators().values()}
    return stored.assign(quelle=stored["indikator"].map(names)).explode("quelle")


def _collected_rows(wanted: set[str]) -> pd.DataFrame:
    columns = ["indicator_id", "ags", "year", "value"]
    files = [*sorted((COLLECTED / "alle_kreise").glob("*.csv.gz")), COLLECTED / "thueringen.csv.gz"]
    tables = [pd.read_csv(file, usecols=columns, dtype={"ags": str}, keep_default_na=False) for file in files]
    rows = pd.concat([table[table["indicator_id"].isin(wanted)] for table in tables])
    rows = rows.set_axis(["quelle", "ags", "jahr", "published"], axis=1).astype({"jahr": int, "published": float})
    # 93 values of this index between 0 and 1 lost their decimal comma in the collection ("0,554" became 554)
    rows = rows[~((rows["quelle"] == "gisd_score") & (rows["published"] > 1))]
    # Hamburg and Berlin are Land and district at once: sources print one of the two keys
    twins = rows["ags"].map({"02": "02000", "02000": "02", "11": "11000", "11000": "11"})
    return pd.concat([rows, rows.assign(ags=twins).dropna(subset="ags")]).drop_duplicates()
