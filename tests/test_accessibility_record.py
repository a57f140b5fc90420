"""The accessibility statement says what was tested last, by whom (which tool), how much, and what was found."""

import csv

import pytest

from kreisbericht.appendix.statements import print_conformity
from kreisbericht.check.accessibility import check_html, check_print, record_checks
from kreisbericht.output import Printer
from kreisbericht.regions import Region
from tests.browser import find_chromium

PAGE = """<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Seite</title></head>
<body><main><h1>Seite</h1>{content}</main></body></html>"""
GOOD = {"teil": "Internetfassung", "verfahren": "axe-core 4.12.1", "umfang": "2 Seiten", "befunde": "0"}


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("KREISBERICHT_DATA", str(tmp_path))
    return tmp_path


def rows(data) -> list[dict]:
    with (data / "barrierefreiheit.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def statement(edition: str) -> str:
    return "\n".join(
        print_conformity(
            Printer("barrierefreiheit"), edition, Region("16065", "Kyffhäuserkreis", "Landkreis", "kreis", "16")
        )
    )


def test_a_new_test_replaces_the_last_one_of_the_same_part_only(data):
    record_checks([GOOD, {**GOOD, "teil": "PDF"}], edition="2025", ags="16065", day="2026-11-20")
    record_checks([GOOD], edition="2025", ags="16061", day="2026-11-20")
    record_checks([{**GOOD, "befunde": "3"}], edition="2025", ags="16065", day="2026-11-22")
    kept = [(row["ags"], row["teil"], row["datum"], row["befunde"]) for row in rows(data)]
    assert kept == [
        ("16061", "Internetfassung", "2026-11-20", "0"),
        ("16065", "Internetfassung", "2026-11-22", "3"),
        ("16065", "PDF", "2026-11-20", "0"),
    ]


def test_the_statement_says_day_tool_pages_and_findings_of_this_district(data):
    record_checks([{**GOOD, "befunde": "3"}], edition="2025", ags="16065", day="2026-11-22")
    record_checks([{**GOOD, "verfahren": "nur anderswo"}], edition="2025", ags="16061", day="2026-11-22")
    assert "Internetfassung, 22.11.2026: axe-core 4.12.1, 2 Seiten; 3 Verstöße" in statement("2025")
    assert "nur anderswo" not in statement("2025")
    assert "noch nicht auf Barrierefreiheit geprüft" in statement("2024")


def test_without_a_browser_nothing_is_claimed(tmp_path):
    assert check_html(tmp_path, None) is None


@pytest.mark.browser
def test_a_picture_without_words_is_found_in_light_and_dark(tmp_path):
    program = find_chromium()
    if not program:
        pytest.skip("needs Chromium")
    (tmp_path / "gut.html").write_text(PAGE.format(content="<p>Text</p>"), encoding="utf-8")
    (tmp_path / "schlecht.html").write_text(PAGE.format(content='<img src="data:,">'), encoding="utf-8")
    row, found = check_html(tmp_path, program)
    assert (row["teil"], row["umfang"], row["befunde"]) == ("Internetfassung", "2 Seiten", "2")
    assert [finding.partition(" bei ")[0] for finding in found] == [
        "schlecht.html (light): image-alt",
        "schlecht.html (dark): image-alt",
    ]


def test_a_file_that_is_not_accessible_is_reported_by_both_checks(tmp_path):
    import pikepdf

    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(tmp_path / "leer.pdf")
    row, found = check_print(tmp_path / "leer.pdf")
    assert int(row["befunde"]) == len(found) > 0
    assert row["umfang"] == "1 Seite"
    assert any("Vorleseprogramme" in finding for finding in found)
    assert "pdfua" in row["verfahren"]
    assert any("UA-" in finding for finding in found)
