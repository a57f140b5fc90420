"""Appendices printed from data: every indicator has its sheet, gaps close by themselves, no untested claim."""

import csv
import json
import re
import shutil

import pytest

from kreisbericht import paths, store
from kreisbericht.appendix import Appendix, quality
from kreisbericht.appendix.gaps import WAYS, find_gaps
from kreisbericht.appendix.sheets import TOPIC_TITLES, sheet_id
from kreisbericht.appendix.usage import default_usage, find_usage
from kreisbericht.catalogue import TOPICS, load_catalogue
from kreisbericht.chapter import Chapter
from kreisbericht.check.finding import Finding
from kreisbericht.errors import DataError, ParameterError
from kreisbericht.output import FOLDER_VARIABLE
from kreisbericht.parameters import declared_parameters
from kreisbericht.regions import find_region
from kreisbericht.scope import make_scope

NOTEBOOKS = sorted((paths.ROOT / "notebooks" / "anhang").glob("*.ipynb"))
USAGE = {"kinderarmut": {"id": "sec-kinderarmut", "indikatoren": ["kinderarmut_u15", "sgb2_quote"]}}
DISTRICTS = ["16065", "02000", "11000", "03241", "10041", "09162", "13071", "16055"]
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture
def book(tmp_path, monkeypatch):
    """Sections print for the book."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "anhang"))


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder of its own: the real tables, values linked."""
    folder = tmp_path / "data"
    folder.mkdir()
    for path in (paths.ROOT / "data").glob("*.csv"):
        shutil.copyfile(path, folder / path.name)
    for name in ("werte", "geo"):
        (folder / name).symlink_to(paths.ROOT / "data" / name)
    monkeypatch.setenv("KREISBERICHT_DATA", str(folder))
    return folder


def appendix(ags="16065", year=2025, usage=None):
    return Appendix(ags, year, "2026-09-30", ausgabe="2025", verwendung=usage or USAGE)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@every_notebook
def test_notebook_of_the_appendix_declares_its_parameters_and_holds_no_logic(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    names = [parameter.name for parameter in declared_parameters(notebook, path.name)]
    assert names[:4] == ["ags", "berichtsjahr", "datenstand", "ausgabe"]
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    if "Appendix(" in code[1]:  # the others call a chapter or a comparison, whose own tests cover them
        assert all(re.fullmatch(r"anhang\.\w+\(\)", source) for source in code[2:])
        assert all(hasattr(Appendix, source[7:-2]) for source in code[2:])
    assert all(not cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code")


def test_every_topic_of_the_catalogue_has_a_title():
    assert set(TOPIC_TITLES) == set(TOPICS)


def test_every_indicator_of_a_chapter_has_a_sheet_that_names_the_chapter(book):
    text = appendix(usage=default_usage()).sheets().text
    for chapter in default_usage().values():
        for name in chapter["indikatoren"]:
            entry = text.partition(f"{{#{sheet_id(name)} ")[2].partition("\n### ")[0]
            assert f"@{chapter['id']}" in entry, name


def test_link_under_a_chapter_leads_to_the_sheet(book):
    chapter = Chapter("16065", 2025, "2026-09-30").basis("kinderarmut_u15", "sgb2_quote").text
    targets = re.findall(r"\]\(indikatorenblaetter\.ipynb#([\w-]+)\)", chapter)
    assert targets == ["ind-kinderarmut-u15", "ind-sgb2-quote"]
    sheets = appendix().sheets().text
    assert all(f"{{#{target} " in sheets for target in targets)


def test_sheet_says_definition_formula_years_break_and_source(book):
    entry = appendix().sheets().text.partition("{#ind-kinderarmut-u15 ")[2].partition("\n### ")[0]
    assert "*Werte:* 2016–2022 (Kyffhäuserkreis)" in entry
    assert "*Wertung:* weniger ist günstiger" in entry
    assert "BBSR, INKAR Ausgabe 2024" in entry
    assert "dl-de/by-2-0" in entry
    assert "÷" in entry


def test_edition_of_an_earlier_year_lists_no_later_value(book):
    assert "*Werte:* 2016–2019 (Kyffhäuserkreis)" in appendix(year=2019).sheets().text


def test_report_without_a_chapter_has_no_sheet_of_it(book):
    usage = {"kinderarmut": {"id": "sec-kinderarmut", "indikatoren": ["kinderarmut_u15"]}}
    text = appendix(usage=usage).sheets().text
    assert "ind-kinderarmut-u15" in text
    assert "ind-sgb2-quote" not in text


def test_usage_is_read_from_code_and_not_from_prose(tmp_path):
    cells = [
        {"cell_type": "markdown", "source": ["# Titel {#sec-probe}\n", "\n", '"sgb2_quote"']},
        {"cell_type": "code", "source": ['chapter.trend("kinderarmut_u15")\n', 'chapter.map("kinderarmut_u15")']},
        {"cell_type": "code", "source": 'x = {"unter 3": "betreuungsquote_u3"}; y = "kein_indikator"'},
    ]
    path = tmp_path / "probe.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    found = find_usage([path])
    drawn = {"kinderarmut_u15": "fig-kinderarmut-u15-trend"}
    names = ["kinderarmut_u15", "betreuungsquote_u3"]
    assert found == {"probe": {"id": "sec-probe", "indikatoren": names, "verlauf": drawn}}
    path.write_text("kein Notebook", encoding="utf-8")
    with pytest.raises(DataError, match=r"probe\.ipynb"):
        find_usage([path])


def test_gap_closes_when_its_indicator_gets_a_value_of_that_year(data):
    home = make_scope("16065", 2025, "2026-09-30", ())
    assert "sgb2_quote_neu" in {gap.id for gap in find_gaps(home)}
    (data / "werte").unlink()
    source, target = paths.ROOT / "data" / "werte", data / "werte"
    shutil.copytree(source, target)
    path = target / load_catalogue()["sgb2_quote"].file.removeprefix("werte/")
    rows = [*read(path), {"ags": "16065", "jahr": "2022", "wert": "8.0", "zeichen": ""}]
    write(path, rows)
    assert "sgb2_quote_neu" not in {gap.id for gap in find_gaps(home)}
    assert "sgb2_quote_neu" in {gap.id for gap in find_gaps(make_scope("16065", 2021, "2026-09-30", ()))}


def test_gap_of_a_template_closes_with_own_figures(data):
    home = make_scope("16065", 2025, "2026-09-30", ())
    assert "kita_plaetze" in {gap.id for gap in find_gaps(home)}
    own = data / "eigene" / "werte" / "eigene_kita_plaetze_u3.csv"
    own.parent.mkdir(parents=True)
    own.write_text("ags,jahr,wert,zeichen\n16065,2025,100,\n", encoding="utf-8")
    assert "kita_plaetze" not in {gap.id for gap in find_gaps(home)}


def test_reason_names_the_last_year_of_this_district():
    gaps = {gap.id: gap for gap in find_gaps(make_scope("16065", 2025, "2026-09-30", ()))}
    last = max(store.years("sgb2_quote", "16065"))
    assert gaps["sgb2_quote_neu"].reason == f"Die Reihe endet {last}."


def test_every_gap_names_publisher_way_and_an_existing_template_and_indicator():
    templates = {path.name for path in (paths.ROOT / "data" / "eigene" / "vorlagen").glob("*.xlsx")}
    own = {row["id"] for row in read(paths.ROOT / "data" / "eigene" / "vorlagen" / "indikatoren.csv")}
    for row in read(paths.ROOT / "data" / "datenluecken.csv"):
        assert row["frage"].endswith("?"), row["id"]
        assert row["herausgeber"], row["id"]
        assert row["weg"] in WAYS, row["id"]
        assert row["vorlage"] in {"", *templates}, row["id"]
        assert (row["weg"] == "vorlage") == bool(row["vorlage"]), row["id"]
        assert row["indikator"] in {"", *load_catalogue(), *own}, row["id"]


def test_wrong_way_in_the_table_of_gaps_is_named_with_its_line(data):
    rows = read(data / "datenluecken.csv")
    rows[1]["weg"] = "fragen"
    write(data / "datenluecken.csv", rows)
    with pytest.raises(DataError, match=r"datenluecken\.csv, Zeile 3.*'fragen'"):
        find_gaps(make_scope("16065", 2025, "2026-09-30", ()))


@pytest.mark.parametrize("ags", DISTRICTS)
def test_all_sections_but_the_checks_print_for_every_kind_of_district(ags, book):
    made = appendix(ags, usage=default_usage())
    for name in ("sheets", "sources", "corrections", "revisions", "gaps", "missing", "old", "glossary", "errata",
                 "conformity", "contact", "enforcement"):  # fmt: skip
        text = getattr(made, name)().text
        assert text, name
        assert not re.search(r"\bnan\b|\bNone\b", text), name


def test_only_the_home_district_has_its_address_printed(book):
    assert "99706 Sondershausen" in appendix().contact().text
    other = appendix("09162").contact().text
    assert "Sondershausen" not in other
    assert find_region("09162").of_phrase in other


def test_untested_edition_claims_nothing_and_a_test_is_reported_as_it_was(data, book):
    assert "noch nicht auf Barrierefreiheit geprüft" in appendix().conformity().text
    row = {"ausgabe": "2025", "ags": "", "datum": "2026-11-20", "teil": "Internetfassung", "verfahren": "axe-core",
           "umfang": "42 Seiten", "befunde": "0", "hinweis": ""}  # fmt: skip
    write(data / "barrierefreiheit.csv", [row])
    text = appendix().conformity().text
    assert "Internetfassung, 20.11.2026: axe-core, 42 Seiten; keine Verstöße gefunden" in text
    assert "nur einen Teil der Barrieren" in text
    assert "barrierefrei." not in text


def test_sources_name_the_maps_of_this_district(book):
    text = appendix().sources().text
    assert "Geometrie vereinfacht" in text.partition("## Karten")[2].partition("## Lizenzen")[0]
    assert "dl-de/by-2-0" in text.partition("## Lizenzen")[2]


def test_the_privacy_notice_names_everything_a_page_keeps_in_the_browser():
    notice = (paths.ROOT / "chapters" / "impressum.qmd").read_text(encoding="utf-8").partition("## Datenschutz")[2]
    scripts = "".join(path.read_text("utf-8") for path in (paths.ROOT / "_extensions/kreisbericht/html").glob("*.js"))
    keys = set(re.findall(r"[\"'`](kreisbericht\.[a-z]+)", scripts))
    assert "kreisbericht.darstellung" in keys
    assert {key for key in keys if f"`{key}`" not in notice} == set()
    assert "document.cookie" not in scripts


def test_errata_are_listed_newest_first_and_their_absence_is_said(data, book):
    assert appendix().errata().text == "Bisher ist keine Berichtigung verzeichnet."
    base = {"ausgabe": "2025", "version": "2025.2", "datum": "2026-12-01", "ags": "", "kapitel": "Kinderarmut",
            "stelle": "Tabelle 5.1", "bisher": "12,4", "richtig": "12,6", "grund": "Tippfehler."}  # fmt: skip
    write(data / "errata.csv", [base, {**base, "version": "2025.3", "datum": "2026-12-09"}])
    text = appendix().errata().text
    assert text.index("2025.3") < text.index("2025.2")
    assert "statt „12,4“ richtig „12,6“" in text


def test_findings_with_the_same_text_share_a_line(monkeypatch, book):
    found = [Finding("warnung", "Abdeckung", name, "2025 fehlt.") for name in ("kinderarmut_u15", "sgb2_quote")]
    monkeypatch.setattr(quality, "load_quality", lambda: (found, 2, 10))
    text = appendix().findings().text
    assert len(text.splitlines()) == 1
    assert "Kinderarmut" in text
    assert "SGB-II-Quote" in text


def test_checks_run_once_for_the_same_data(tmp_path, monkeypatch):
    from kreisbericht.check import data as checks

    runs = []
    monkeypatch.setenv("KREISBERICHT_BUILD", str(tmp_path))
    monkeypatch.setattr(checks, "check_data", lambda: runs.append(1) or checks.Quality([], 3, 10))
    assert quality.load_quality() == ([], 3, 10)
    assert quality.load_quality() == ([], 3, 10)
    assert len(runs) == 1


def test_glossary_has_each_term_once_with_an_anchor_of_its_own(book):
    terms = [row["begriff"] for row in read(paths.ROOT / "data" / "glossar.csv")]
    assert len(terms) == len(set(terms)) >= 60
    anchors = re.findall(r"\{#(glossar-[\w-]+)\}", appendix().glossary().text)
    assert len(anchors) == len(set(anchors)) == len(terms)


def test_a_municipality_has_no_appendix():
    with pytest.raises(ParameterError, match="kein Kreis"):
        appendix("16065067")
