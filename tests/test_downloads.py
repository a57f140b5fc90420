"""The chapter's workbook holds the figures of its CSV files, as numbers."""

import openpyxl

from kreisbericht.downloads import build_workbook, write_workbook

HEAD = "gebiet,ags,jahr,wert,zeichen,einheit,quelle,lizenz\n"


def test_workbook_has_a_sheet_per_file_with_numbers_as_numbers(tmp_path):
    folder = tmp_path / "kinderarmut"
    folder.mkdir()
    (folder / "fig-a.csv").write_text(HEAD + "Gera,16052,2022,18.4,,%,BBSR,dl-de\nSuhl,16054,2022,,.,%,BBSR,dl-de\n")
    (folder / "tbl-a.csv").write_text(HEAD + "'=1+1,16052,2022,0,,%,BBSR,dl-de\n")
    book = openpyxl.load_workbook(write_workbook(folder))
    assert book.sheetnames == ["fig-a", "tbl-a"]
    assert [cell.value for cell in book["fig-a"][2]][:4] == ["Gera", "16052", 2022, 18.4]
    assert [cell.value for cell in book["fig-a"][3]][3:5] == [None, "."]
    assert all(cell.data_type != "f" for row in book["tbl-a"].iter_rows() for cell in row)


def test_a_chapter_without_data_has_no_workbook(tmp_path):
    assert write_workbook(tmp_path) is None


def test_long_names_stay_unique_and_the_bytes_repeat():
    tables = {"fig-schulabgaenger-ohne-abschluss-trend": HEAD, "fig-schulabgaenger-ohne-abschluss-rang": HEAD}
    assert build_workbook(tables) == build_workbook(tables)
