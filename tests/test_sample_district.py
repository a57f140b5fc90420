"""The sample district: a full book that says Musterdaten everywhere, and no trace of it anywhere else."""

import csv
import re
from types import SimpleNamespace

import pandas as pd
import pytest

from kreisbericht import catalogue, regions, sample, store
from kreisbericht.assemble.frame import Frame
from kreisbericht.book import BookPlan
from kreisbericht.chapter import Chapter
from kreisbericht.deliveries.sample_district import write_sample_district
from kreisbericht.downloads import EXCEL
from kreisbericht.editions import find_edition
from kreisbericht.errors import ParameterError
from kreisbericht.paths import ROOT
from kreisbericht.selection import select_districts
from kreisbericht.staging import localise_plan
from tests.linked_data import link_data, write_values

MARK = "77.7531"  # planted among the invented values; nothing official has it
INDICATOR = "kinderarmut_u15"


def sample_names():
    """Names and keys of everything invented."""
    with (sample.sample_dir() / "gebiete.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 22
    return {row["name"] for row in rows} | {sample.WORD}


@pytest.fixture
def planted(tmp_path, monkeypatch):
    """Every invented value of one indicator carries the mark."""
    data = link_data(tmp_path / "data", monkeypatch)
    path = data / "eigene/muster/werte" / f"{INDICATOR}.csv"
    rows = pd.read_csv(path, dtype={"ags": str})
    write_values(path, *((row.ags, row.jahr, MARK) for row in rows.itertuples()))
    return data


@pytest.fixture
def folder(tmp_path, monkeypatch):
    folder = tmp_path / "kapitel"
    folder.mkdir()
    monkeypatch.setenv("KREISBERICHT_KAPITEL", str(folder))
    return folder


def views(ags, **options):
    """Every view of one indicator by name."""
    chapter = Chapter(ags, 2025, "2026-09-30", **options)
    names = ("trend", "ranking", "map", "municipality_map", "multiples", "distribution", "table", "overview_table",
             "key_messages", "basis")  # fmt: skip
    return {name: getattr(chapter, name)(INDICATOR).text for name in names} | {
        "alle": chapter.table(INDICATOR, rows="alle", item="tbl-alle").text,
        "aehnliche": chapter.table(INDICATOR, rows="aehnliche", item="tbl-aehnliche").text,
        "pyramid": chapter.pyramid().text,
    }


def test_it_is_found_by_key_and_name_and_stands_in_no_list():
    home = regions.find_region("99999")
    assert home == regions.find_region("Musterkreis") == regions.find_region("99999", level="kreis")
    assert str(home) == "Musterkreis (Musterdaten)" and home.in_phrase == "im Musterkreis"
    assert home.land.name == "Musterland" and len(regions.associations("99999")) == 3
    assert len(regions.municipalities("99999")) == len(regions.load_outlines("gemeinden_99999").rings) == 9
    listed = [*regions.districts(), *regions.districts(year=2020), *select_districts(["alle"])]
    assert not [region for region in listed if sample.is_sample(region.ags)]
    assert not regions.load_regions()["ags"].map(sample.is_sample).any()
    assert select_districts(["99999"]) == [home]
    with pytest.raises(ParameterError) as refused:
        regions.find_region("Musterkrei")
    assert "Musterkreis" not in str(refused.value)


@pytest.mark.parametrize("name", ["kreise", "kreise_16"])
def test_its_outlines_are_on_no_real_map(name):
    assert not [ags for ags in regions.load_outlines(name).rings if sample.is_sample(ags)]


def test_no_function_of_the_store_gives_an_invented_row_unless_asked_by_key():
    real = [region.ags for region in regions.districts()]
    for name in catalogue.load_catalogue():
        table, year = store.load_values(name), max(store.years(name), default=2020)
        seen = [*table["ags"], *store.load_values(name, regions=real)["ags"], *store.load_published(name)["ags"],
                *store.cross_section(name, year).index, *store.cross_section(name, year, real).index]  # fmt: skip
        assert not [ags for ags in seen if sample.is_sample(ags)], name
        assert store.years(name) == sorted(set(table.dropna(subset="wert")["jahr"])), name


def test_store_functions_answer_for_invented_keys_from_the_sample_folder_alone(planted):
    assert set(store.series(INDICATOR, "99999")) == {float(MARK)}
    assert store.latest_year(INDICATOR, "99999") == 2022 and 2022 in store.years(INDICATOR, "99999")
    both = store.cross_section(INDICATOR, 2022, ["16065", "99999"])
    assert both.to_list() == [12.40, float(MARK)]
    assert set(store.load_values(INDICATOR, regions=["00", "99999"])["ags"]) == {"00", "99999"}


def test_rows_in_the_wrong_file_are_seen_on_neither_side(planted):
    path = planted / "werte/sozialleistungen" / f"{INDICATOR}.csv"
    text = path.read_text(encoding="utf-8")
    (planted / "werte").unlink()
    write_values(path, ("16065", 2022, 12.4), ("99999", 2022, 1.5))
    assert "99999" not in text and set(store.load_values(INDICATOR)["ags"]) == {"16065"}
    write_values(planted / "eigene/muster/werte" / f"{INDICATOR}.csv", ("16065", 2022, 1.5), ("99999", 2022, 2.5))
    assert store.series(INDICATOR, "16065").to_dict() == {2022: 12.4}
    assert store.series(INDICATOR, "99999").to_dict() == {2022: 2.5}


@pytest.mark.parametrize("ags", ["16065", "02000"])
def test_a_real_districts_chapter_holds_no_invented_value_or_name(planted, folder, ags):
    text = "\n".join(views(ags).values())
    files = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.*"))
    assert len(text) > 3000 and len(files) > 10000
    for trace in [MARK, MARK.replace(".", ","), "77,75", "77,8", *sample_names()]:
        assert not re.search(rf"\b{re.escape(trace)}\b", text + files), trace


def test_the_whole_book_of_a_real_district_holds_no_invented_name(rendered_book):
    # The chapter on data quality names the check that keeps "Musterdaten" apart; so the word alone is no trace.
    wanted = re.compile(r"\b(Musterdaten, frei|Musterkreis|Musterland|Fantasiekreis|Erfundenau|99999\d{0,4})\b")
    for path in rendered_book.book.rglob("*"):
        if path.suffix in (".html", ".csv", ".svg", ".js", ".json"):
            assert not wanted.search(path.read_text(encoding="utf-8")), path


def test_every_view_of_the_sample_district_is_filled_and_says_that_it_is_invented(folder):
    found = views("99999")
    for name, text in found.items():
        assert text and "Kein Wert vorhanden" not in text, name
        if name not in ("key_messages", "basis"):
            assert "Quelle: Musterdaten, frei erfunden" in text, name
    alts = [alt for text in found.values() for alt in re.findall(r'fig-alt="([^"]*)"', text)]
    assert len(alts) >= 6 and all(alt.startswith("Musterdaten: ") for alt in alts)


def test_downloads_of_the_sample_district_tell_invented_rows_from_official_ones(folder):
    views("99999")
    tidy = [path for path in folder.glob("*.csv") if not path.name.endswith(EXCEL)]
    rows = pd.concat(pd.read_csv(path, dtype=str) for path in tidy)
    invented = rows["ags"].map(sample.is_sample)
    assert invented.any() and set(rows.loc[invented, "quelle"]) == {"Musterdaten, frei erfunden"}
    assert not rows.loc[~invented, "quelle"].str.contains("Muster").any()


def test_drawings_of_the_sample_district_carry_the_word_themselves(folder):
    views("99999")
    for path in folder.glob("*.svg"):
        assert "Musterdaten" in path.read_text(encoding="utf-8"), path.name


def test_every_page_of_its_book_says_so():
    meta = {"ausgabe": {"kreis": {"name": "Kyffhäuserkreis", "ags": "16065"}, "foerderung": "ESF Plus"},
            "book": {"title": "Sozialbericht Kyffhäuserkreis", "author": "Landratsamt Kyffhäuserkreis"}}  # fmt: skip
    plan = localise_plan(BookPlan(meta, ()), regions.find_region("99999"))
    assert plan.meta["book"]["title"] == "Sozialbericht Musterkreis (Musterdaten)"
    assert plan.meta["ausgabe"]["muster"] == sample.NOTICE
    frame = Frame(SimpleNamespace(meta=plan.meta, title=plan.title), find_edition(ROOT))
    assert frame.advice.startswith(sample.NOTICE)
    real = localise_plan(BookPlan(meta, ()), regions.find_region("16067"))
    assert "muster" not in real.meta["ausgabe"]


def test_the_generator_writes_the_same_bytes_every_time(tmp_path, monkeypatch):
    committed = (sample.sample_dir() / "gebiete.csv").read_bytes()
    data = link_data(tmp_path / "data", monkeypatch)
    first = {path: path.read_bytes() for path in write_sample_district()}
    assert (data / "eigene/muster/gebiete.csv").read_bytes() == committed
    assert {path: path.read_bytes() for path in write_sample_district()} == first
