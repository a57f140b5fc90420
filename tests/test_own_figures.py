"""Own surveys: shown in their district, listed nowhere else."""

import pandas as pd
import pytest

from kreisbericht import catalogue, package, store
from kreisbericht.chapter import Chapter
from kreisbericht.paths import data_dir
from tests.linked_data import link_data, write_values

PLACES, CHILDREN = "eigene_kita_plaetze_u3", "eigene_kita_belegt_u3"
HOME, OTHER = "16065", "16067"
SECRET = "4321"  # a number that nothing official contains in these views


@pytest.fixture
def own(tmp_path, monkeypatch):
    """The home district has counted places and children, with one planning area."""
    data = link_data(tmp_path / "data", monkeypatch)
    rows = [(HOME, year, value) for year, value in ((2022, 4300), (2023, 4310), (2024, SECRET))]
    write_values(data / "eigene/werte" / f"{PLACES}.csv", *rows, ("160650067", 2024, 1200))
    write_values(data / "eigene/werte" / f"{CHILDREN}.csv", (HOME, 2024, 3999))
    return data


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Chapters print for the book into this folder."""
    folder = tmp_path / "kapitel"
    folder.mkdir()
    monkeypatch.setenv("KREISBERICHT_KAPITEL", str(folder))
    return folder


def chapter(ags=HOME, **options):
    return Chapter(ags, 2025, "2026-09-30", **options)


def everything(ags, **options):
    """Text of every view of the two own indicators."""
    book = chapter(ags, **options)
    views = [getattr(book, name)(PLACES) for name in ("trend", "ranking", "map", "municipality_map", "multiples",
             "distribution", "table", "overview_table", "key_messages", "reading_aid", "basis")]  # fmt: skip
    bars = book.bars({"Plätze": PLACES, "Kinder": CHILDREN}, what="Plätze und Kinder unter 3 Jahren")
    return "\n".join([*(view.text for view in views), book.table(PLACES, rows="alle").text, bars.text])


def test_own_surveys_are_in_the_catalogue_and_in_no_public_list():
    assert catalogue.find_indicator(PLACES).own and not catalogue.find_indicator("kinderarmut_u15").own
    assert PLACES not in catalogue.official_indicators()
    resources = package.describe_package()["resources"]
    assert not [entry for entry in resources if "eigene" in entry["name"] + entry["path"]]
    assert "eigene/" not in (data_dir() / "datapackage.json").read_text(encoding="utf-8")


def test_an_absent_file_is_an_empty_table_and_the_chapter_says_what_is_missing(tmp_path, monkeypatch):
    link_data(tmp_path / "data", monkeypatch)
    assert store.load_values(PLACES).empty and list(store.load_values(PLACES).columns) == store.COLUMNS
    assert store.series(PLACES, HOME).empty and store.latest_year(PLACES, HOME) is None
    assert "Kein Wert vorhanden" in chapter().trend(PLACES).text


def test_the_home_district_sees_its_own_figures_in_trend_table_bars_and_overview(own, folder):
    book = chapter()
    bars = book.bars({"Plätze": PLACES, "Kinder": CHILDREN}, what="Plätze und Kinder unter 3 Jahren")
    for view in (book.trend(PLACES), book.table(PLACES), book.overview_table(PLACES), bars):
        assert "4.321" in view.text
        assert "eigene Erhebung" in view.text
    rows = pd.read_csv(folder / "tbl-eigene-kita-plaetze-u3.csv", dtype={"ags": str})
    assert set(rows["ags"]) == {HOME} and set(rows["lizenz"]) == {"eigene Erhebung, nicht frei"}


def test_no_view_compares_an_own_survey_with_other_districts(own):
    book = chapter()
    for name in ("ranking", "map", "multiples", "distribution"):
        assert not getattr(book, name)(PLACES)


@pytest.mark.parametrize("other_has_figures", [False, True])
def test_another_district_never_sees_them_even_beside_its_own(own, folder, other_has_figures):
    if other_has_figures:
        path = own / "eigene/werte" / f"{PLACES}.csv"
        rows = [(row.ags, row.jahr, int(row.wert)) for row in pd.read_csv(path, dtype={"ags": str}).itertuples()]
        write_values(path, *rows, (OTHER, 2023, 5100), (OTHER, 2024, 5200))
    text = everything(OTHER, vergleich=[HOME])
    files = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.*"))
    assert ("5.200" in text) == other_has_figures
    for trace in (SECRET, "4.321"):
        assert trace not in text and trace not in files


def test_the_store_answers_for_one_district_at_a_time(own):
    both = [OTHER, HOME, "16", "00"]
    assert store.cross_section(PLACES, 2024, both).isna().all()
    assert store.load_values(PLACES, regions=both).empty
    assert store.cross_section(PLACES, 2024, [HOME, OTHER, "160650067"]).to_list()[::2] == [4321, 1200]
