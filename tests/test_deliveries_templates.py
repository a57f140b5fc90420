"""The district's own workbooks go through the same import; the invented sample never meets real regions."""

import openpyxl
import pytest

from kreisbericht.deliveries.importer import import_deliveries
from kreisbericht.deliveries.mapping import load_mapping
from kreisbericht.deliveries.recognise import read_delivery
from kreisbericht.deliveries.template_fields import TEMPLATES
from kreisbericht.deliveries.template_workbooks import build_catalogue, write_sample, write_templates
from kreisbericht.errors import DataError
from kreisbericht.paths import ROOT
from tests.delivery_files import build_package

KITA = TEMPLATES["kita"]
MAPPING = [
    {"familie": "vorlage", "tabelle": "kita", "merkmal": field.heading, "indikator": field.indicator}
    for field in KITA.fields
]


@pytest.fixture
def data(tmp_path, monkeypatch):
    folder = build_package(tmp_path / "data", MAPPING)
    monkeypatch.setenv("KREISBERICHT_DATA", str(folder))
    write_templates(folder / "eigene" / "vorlagen", "16065")
    return folder


def fill(path, rows):
    """Save a template with rows below the heading."""
    book = openpyxl.load_workbook(path)
    for number, row in enumerate(rows, start=4):
        for column, value in enumerate(row, start=1):
            book["Angaben"].cell(number, column, value)
    out = path.with_name("ausgefuellt.xlsx")
    book.save(out)
    return out


def importing(path):
    return import_deliveries([path], confirm=lambda plan: True)


def test_the_committed_templates_are_what_the_generator_writes(tmp_path):
    own = ROOT / "data" / "eigene"
    for path in [*write_templates(tmp_path, "16065"), *write_sample(tmp_path)]:
        folder = "muster" if path.name.startswith("muster_") else "vorlagen"
        assert (own / folder / path.name).read_bytes() == path.read_bytes(), path.name
    assert (own / "vorlagen" / "indikatoren.csv").read_text(encoding="utf-8") == build_catalogue()


def test_every_template_column_has_its_row_in_the_mapping():
    rows = load_mapping()
    mapped = set(zip(rows["tabelle"], rows["merkmal"], rows["indikator"], strict=True))
    for template in TEMPLATES.values():
        for field in template.fields:
            assert not field.indicator or (template.id, field.heading, field.indicator) in mapped


def test_a_template_offers_the_planning_areas_of_the_district(data):
    book = openpyxl.load_workbook(data / "eigene/vorlagen/kita.xlsx")
    areas = [cell.value for cell in book["Listen"]["A"]]
    assert areas == ["16065 Kyffhäuserkreis", "160650067 Sondershausen"]
    assert any(rule.type == "list" for rule in book["Angaben"].data_validations.dataValidation)


def test_own_figures_stay_in_their_own_folder_with_log_and_symbols(data):
    rows = [["16065 Kyffhäuserkreis", 2024, 70, 1500, None, 0, "."], ["160650067 Sondershausen", 2024, 20, 500]]
    importing(fill(data / "eigene/vorlagen/kita.xlsx", rows))
    own = data / "eigene" / "werte"
    assert (
        own / "eigene_kita_plaetze_u3.csv"
    ).read_text() == "ags,jahr,wert,zeichen\n16065,2024,1500,\n160650067,2024,500,\n"
    assert (own / "eigene_hort_plaetze.csv").read_text().splitlines()[1] == "16065,2024,0,"
    assert (own / "eigene_kita_belegt_u3.csv").read_text().splitlines()[1] == "16065,2024,,."
    assert not (own / "eigene_kita_plaetze_3_6.csv").exists()
    assert (data / "eigene" / "lieferungen.csv").exists() and not (data / "lieferungen.csv").exists()


def test_the_sample_district_never_mixes_with_a_real_one(data):
    importing(next(path for path in write_sample(data / "eigene" / "muster") if "kita" in path.name))
    assert (data / "eigene/muster/werte/eigene_kita_plaetze_u3.csv").exists()
    assert not (data / "eigene" / "werte").exists() and not (data / "werte").exists()
    rows = [["16065 Kyffhäuserkreis", 2024, 70], ["999990001 Musterstadt", 2024, 20]]
    with pytest.raises(DataError, match="mischt Musterdaten"):
        importing(fill(data / "eigene/vorlagen/kita.xlsx", rows))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["16065 Kyffhäuserkreis", "bald", 70], r"Zeile 4, Spalte 'Jahr'"),
        (["16065 Kyffhäuserkreis", 2024, -3], r"Zeile 4, Spalte 'Einrichtungen': negative"),
        (["16065 Kyffhäuserkreis", 2024, "=35*2"], r"Zeile 4, Spalte C.*Formel"),
        (["16065 Kyffhäuserkreis", 2024, "viele"], r"Zeile 4, Spalte 'Einrichtungen': 'viele'"),
        (["1606 Kyffhäuserkreis", 2024, 70], r"führende Nullen"),
    ],
)
def test_a_wrong_entry_is_named_with_row_and_column(data, row, expected):
    with pytest.raises(DataError, match=expected):
        importing(fill(data / "eigene/vorlagen/kita.xlsx", [row]))


def test_offers_are_records_with_choices(data):
    path = data / "eigene/vorlagen/angebote.xlsx"
    delivery = read_delivery(fill(path, [["16065 K", "Elterncafé", "Verein", "Begegnung", "Kindheit"]]))
    assert delivery.records[["gebiet", "angebot", "traeger", "art"]].to_numpy().tolist() == [
        ["16065", "Elterncafé", "Verein", "Begegnung"]
    ]
    with pytest.raises(DataError, match="steht nicht zur Auswahl"):
        read_delivery(fill(path, [["16065 K", "Elterncafé", "Verein", "Kaffee", "Kindheit"]]))
