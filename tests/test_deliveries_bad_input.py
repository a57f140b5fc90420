"""Every broken delivery is refused in German with file, row and column, and leaves ``data/`` as it was."""

import hashlib
import zipfile

import openpyxl
import pytest

from kreisbericht.deliveries.importer import import_deliveries
from kreisbericht.deliveries.source import MAX_FILE_BYTES
from kreisbericht.errors import DataError
from tests.delivery_files import (
    GENESIS_INDICATORS,
    GENESIS_MAPPING,
    GENESIS_ROWS,
    build_package,
    ffcsv_text,
    genesis_text,
    write_inkar,
)


@pytest.fixture
def data(tmp_path, monkeypatch):
    folder = build_package(tmp_path / "data", GENESIS_MAPPING, GENESIS_INDICATORS)
    monkeypatch.setenv("KREISBERICHT_DATA", str(folder))
    return folder


def refuse(path, data, *expected):
    """Import must fail with all expected words, and change no byte below data/."""
    before = fingerprint(data)
    with pytest.raises(DataError) as caught:
        import_deliveries([path], confirm=lambda plan: True)
    message = str(caught.value)
    for words in (path.name, *expected):
        assert words in message, message
    assert fingerprint(data) == before
    return message


def fingerprint(folder):
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def write(tmp_path, text, encoding="cp1252", name="lieferung.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def changed(old, new):
    rows = [row.replace(old, new) for row in GENESIS_ROWS]
    assert rows != GENESIS_ROWS
    return genesis_text(rows)


def test_text_opened_in_the_wrong_encoding_and_saved_again(tmp_path, data):
    broken = genesis_text().encode("utf-8").decode("cp1252", errors="replace")
    refuse(write(tmp_path, broken, "utf-8"), data, "Zeile 3", "Spalte 1", "Zeichenkodierung", "nichts verändert")


def test_lost_leading_zeros(tmp_path, data):
    refuse(write(tmp_path, changed("2024;02;", "2024;2;")), data, "Zeile 9", "'2'", "führende Nullen")


def test_decimal_point_instead_of_comma(tmp_path, data):
    refuse(write(tmp_path, changed("4,7", "4.7")), data, "Zeile 12", "Quote", "'4.7'", "Dezimalkomma")


def test_merged_heading_cells(tmp_path, data):
    text = genesis_text().replace(";;;Arbeitslose;Arbeitslose;Quote", ";;;Arbeitslose;;Quote")
    refuse(write(tmp_path, text), data, "Zeile 5", "Spalte 5", "verbunden")


def test_merged_heading_cells_in_inkar(tmp_path, data):
    path = write_inkar(tmp_path / "i.xlsx", [["16065", "K", "Kreise", 1, 2]], names=["Kinderarmut", ""])
    refuse(path, data, "Zeile 1", "Spalte 5", "verbunden")


def test_duplicate_keys_with_different_values(tmp_path, data):
    rows = [*GENESIS_ROWS, GENESIS_ROWS[5].replace("2900", "2901")]
    refuse(write(tmp_path, genesis_text(rows)), data, "Zeilen 13 und 15", "16065", "2024", "verschiedene Werte")


def test_unknown_region(tmp_path, data):
    refuse(write(tmp_path, changed("16063", "16999")), data, "Zeile 12", "Schlüssel", "16999", "gebiete.csv")


def test_truncated_genesis_table(tmp_path, data):
    refuse(write(tmp_path, genesis_text(footer=False)), data, "Zeile 14", "abgeschnitten")
    refuse(write(tmp_path, changed(";8,2", "")), data, "Zeile 13", "5 statt 6 Spalten")


def test_truncated_flat_file(tmp_path, data):
    text = ffcsv_text([("16065", "", "72000"), ("16063", "", "118000")])[:-40]
    refuse(write(tmp_path, text, "utf-8"), data, "Zeile 3", "abgeschnitten")


def test_a_flat_file_whose_rows_are_longer_than_its_head(tmp_path, data):
    text = ffcsv_text([("16065", "", "72000")]).replace(";value_q", "")
    refuse(write(tmp_path, text, "utf-8"), data, "17 Spalten der Kopfzeile")


def test_truncated_workbook(tmp_path, data):
    path = write_inkar(tmp_path / "i.xlsx", [["16065", "Kyffhäuserkreis", "Kreise", 1, 2]])
    path.write_bytes(path.read_bytes()[:-300])
    refuse(path, data, "beschädigt oder abgeschnitten")


def test_a_file_of_200_mb_is_not_read(tmp_path, data):
    path = tmp_path / "gross.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)  # sparse: takes no disk
    assert path.stat().st_size > MAX_FILE_BYTES
    refuse(path, data, "200 MB", "höchstens 40 MB")


def test_a_zip_bomb_is_not_opened(tmp_path, data):
    path = tmp_path / "bombe.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 160_000_000)
    refuse(path, data, "ausgepackt 160 MB", "nicht geöffnet")


def test_formulas_in_a_workbook(tmp_path, data):
    path = write_inkar(tmp_path / "i.xlsx", [["16065", "Kyffhäuserkreis", "Kreise", 12.57, "=D3*2"]])
    refuse(path, data, "Blatt 'Daten'", "Zeile 3", "Spalte E", "Formel")


def test_formulas_in_a_csv(tmp_path, data):
    refuse(write(tmp_path, changed("2900", "=2899+1")), data, "Zeile 13", "Arbeitslose", "Formel")


def test_a_table_nobody_knows_names_the_rows_to_add(tmp_path, data):
    text = genesis_text().replace("99999-01-01-4", "12345-01-02-4")
    message = refuse(write(tmp_path, text), data, "12345-01-02-4", "data/zuordnung.csv")
    assert "genesis_tabelle,12345-01-02-4,Arbeitslose | Ausländer,HIER_INDIKATOR,Anzahl,1,0,," in message


def test_a_changed_unit(tmp_path, data):
    text = genesis_text().replace("Anzahl;Anzahl;Prozent", "1000;Anzahl;Prozent")
    refuse(write(tmp_path, text), data, "Einheit", "'1000'", "'Anzahl'")


def test_an_empty_file_a_pdf_and_a_web_page(tmp_path, data):
    for content, words in ((b"", "leer"), (b"%PDF-1.7 ...", "keine Text"), (b"<html><table>", "keine Text")):
        path = tmp_path / "datei.csv"
        path.write_bytes(content)
        refuse(path, data, words)


def test_a_workbook_with_a_hidden_text_number(tmp_path, data):
    book = openpyxl.load_workbook(write_inkar(tmp_path / "i.xlsx", [["16065", "K", "Kreise", 12.57, 12.4]]))
    book["Daten"]["E3"] = "12.4"
    book.save(tmp_path / "i.xlsx")
    refuse(tmp_path / "i.xlsx", data, "Zeile 3", "Kinderarmut 2022", "'12.4'")
