"""Files to take along: CSV in two forms, a workbook per chapter, and everything of an edition as one archive."""

import csv
import io
import json
import zipfile
from datetime import datetime

import openpyxl
import pytest

from kreisbericht.assemble.enclosures import ARCHIVE, FILE, write_enclosures
from kreisbericht.book import read_plan
from kreisbericht.downloads import build_workbook, rows_to_csv, rows_to_excel_csv, write_workbook
from kreisbericht.editions import read_edition

HEAD = "gebiet,ags,jahr,wert,zeichen,einheit,quelle,lizenz\n"
ROW = {
    "indikator": "kinderarmut_u15", "gebiet": "Gera", "ags": "16052", "jahr": 2022, "wert": 1234.5, "zeichen": "",
    "einheit": "%", "stand": "2024", "quelle": "BBSR; INKAR", "lizenz": "dl-de",
}  # fmt: skip
FORMULAS = ["=1+1", "+49 3632", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")', "=cmd|'/C calc'!A0"]


def test_tidy_csv_has_one_value_a_row_with_point_and_symbol():
    rows = [ROW, {**ROW, "wert": float("nan"), "zeichen": "."}]
    found = list(csv.DictReader(rows_to_csv(rows).splitlines()))
    assert list(found[0]) == list(ROW)
    assert [(row["wert"], row["zeichen"]) for row in found] == [("1234.5", ""), ("", ".")]


def test_csv_for_german_excel_has_semicolon_comma_and_a_byte_order_mark():
    text = rows_to_excel_csv([ROW, {**ROW, "wert": -0.5, "jahr": 2023}])
    assert text.startswith("\ufeff")
    found = list(csv.DictReader(text.removeprefix("\ufeff").splitlines(), delimiter=";"))
    assert [(row["wert"], row["jahr"], row["quelle"]) for row in found] == [
        ("1234,5", "2022", "BBSR; INKAR"), ("-0,5", "2023", "BBSR; INKAR")]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_no_name_runs_as_a_formula_in_any_file(text):
    rows = [{**ROW, "gebiet": text}]
    for form, sign in ((rows_to_csv, ","), (rows_to_excel_csv, ";")):
        cell = next(csv.DictReader(io.StringIO(form(rows).removeprefix("\ufeff")), delimiter=sign))["gebiet"]
        assert cell.lstrip(" ")[0] not in "=+-@\t\r"
    book = openpyxl.load_workbook(io.BytesIO(build_workbook({"fig-a": rows_to_csv(rows)}, text, notes=[text])))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)


def test_workbook_has_a_sheet_per_file_with_typed_cells(tmp_path):
    folder = tmp_path / "kinderarmut"
    folder.mkdir()
    (folder / "fig-a.csv").write_text(HEAD + "Gera,16052,2022,18.4,,%,BBSR,dl-de\nSuhl,16054,2022,,.,%,BBSR,dl-de\n")
    (folder / "fig-a.excel.csv").write_text("Gera;1,5\n")
    (folder / "tbl-b.csv").write_text("massnahme,beginn,betrag,plz\nHort,2024-02-01,1500.5,06567\n")
    book = openpyxl.load_workbook(write_workbook(folder))
    assert book.sheetnames == ["Hinweise", "fig-a", "tbl-b"]
    assert [cell.value for cell in book["fig-a"][2]][:4] == ["Gera", "16052", 2022, 18.4]
    assert [cell.value for cell in book["fig-a"][3]][3:5] == [None, "."]
    assert [cell.value for cell in book["tbl-b"][2]] == ["Hort", datetime(2024, 2, 1), 1500.5, "06567"]


def test_workbook_says_what_it_holds_and_what_its_symbols_mean():
    content = build_workbook(
        {"fig-a": rows_to_csv([ROW])}, "Kinderarmut", notes=["Datenstand 2026-09-30"],
        titles={"fig-a": ("Kinderarmut sinkt", "Je 100 Kinder")},
    )  # fmt: skip
    rows = [row for row in openpyxl.load_workbook(io.BytesIO(content))["Hinweise"].iter_rows(values_only=True)]
    assert ("Kinderarmut", None) in rows and ("Datenstand 2026-09-30", None) in rows
    assert ("fig-a", "Kinderarmut sinkt. Je 100 Kinder") in rows
    assert (".", "Zahlenwert unbekannt oder geheim zu halten") in rows
    assert "indikator" in [left for left, _ in rows]


def test_a_chapter_without_data_has_no_workbook(tmp_path):
    assert write_workbook(tmp_path) is None


def test_long_names_stay_unique_and_the_bytes_repeat():
    tables = {"fig-schulabgaenger-ohne-abschluss-trend": HEAD, "fig-schulabgaenger-ohne-abschluss-rang": HEAD}
    assert build_workbook(tables) == build_workbook(tables)


@pytest.fixture
def staged(project):
    """A project whose chapter *armut* has run: its folder and plan."""
    root = project(
        {"index.qmd": "# A {#sec-a}\n", "chapters/daten/armut.ipynb": '{"cells": []}',
         "chapters/daten/armut/fig-a.csv": HEAD + "Gera,16052,2022,,.,%,BBSR,dl-de\n",
         "chapters/daten/armut/fig-a.excel.csv": "x", "chapters/daten/armut/fig-a.svg": "<svg/>"},
        chapters=["index.qmd", "chapters/daten/armut.ipynb"],
    )  # fmt: skip
    write_workbook(root / "chapters/daten/armut")
    return root, read_plan(root, root / "_quarto-2020.yml"), read_edition(root / "_quarto-2020.yml")


def test_archive_holds_every_tidy_file_and_workbook_with_their_explanation(staged):
    root, plan, edition = staged
    write_enclosures(root, plan, edition)
    with zipfile.ZipFile(root / ARCHIVE) as zipped:
        names = {name.partition("/")[2]: zipped.read(name).decode("utf-8", "replace") for name in zipped.namelist()}
    assert set(names) == {"LIESMICH.txt", "indikatoren.csv", "armut/fig-a.csv", "armut/armut.xlsx"}
    assert names["armut/fig-a.csv"].splitlines()[1] == "Gera,16052,2022,,.,%,BBSR,dl-de"
    assert edition.version in names["LIESMICH.txt"] and "geheim" in names["LIESMICH.txt"]


def test_archive_and_enclosures_repeat_byte_for_byte(staged):
    root, *rest = staged
    first = [write_enclosures(root, *rest).read_bytes(), (root / ARCHIVE).read_bytes()]
    (root / ARCHIVE).unlink()
    assert [write_enclosures(root, *rest).read_bytes(), (root / ARCHIVE).read_bytes()] == first
    assert json.loads((root / FILE).read_text("utf-8"))["daten"]["datei"] == ARCHIVE
