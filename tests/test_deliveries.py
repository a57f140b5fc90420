"""Official exports are recognised by content and read cell by cell."""

import pytest

from kreisbericht.deliveries.recognise import read_delivery
from kreisbericht.errors import DataError
from tests.delivery_files import ffcsv_text, genesis_text, write_ba, write_inkar


def read_cells(path):
    """Cells by (merkmal, ags, jahr) → (wert, zeichen)."""
    delivery = read_delivery(path)
    return delivery, {
        (row.merkmal, row.ags, row.jahr): (row.wert, row.zeichen) for row in delivery.cells.itertuples(index=False)
    }


def test_a_genesis_table_is_read_in_every_encoding_and_under_any_name(tmp_path):
    for encoding in ("cp1252", "utf-8", "utf-8-sig", "utf-16"):
        path = tmp_path / f"download_{encoding}.bin"
        path.write_bytes(genesis_text().encode(encoding))
        delivery, cells = read_cells(path)
        assert (delivery.family, delivery.table, str(delivery.as_of)) == (
            "genesis_tabelle",
            "99999-01-01-4",
            "2025-03-13",
        )
        assert cells["Arbeitslose | Ausländer", "00", 2024] == (1010000.0, "")
        assert cells["Quote", "16065", 2024] == (8.2, "")


def test_genesis_symbols_stay_apart_from_zero(tmp_path):
    path = tmp_path / "tabelle.csv"
    path.write_bytes(genesis_text().encode("cp1252"))
    delivery, cells = read_cells(path)
    assert cells["Arbeitslose | Ausländer", "16065", 2024] == (0.0, "")
    assert cells["Arbeitslose | Ausländer", "16065067", 2024][1] == "."
    assert cells["Quote", "16065067", 2024][1] == "x"
    assert delivery.cells.set_index(["merkmal", "ags"])["strich"]["Arbeitslose | Ausländer", "16065"]


def test_time_in_the_heading_reads_like_time_in_a_column(tmp_path):
    lines = [
        "GENESIS-Tabelle: 12411-01-01-4", "Bevölkerung nach Geschlecht;;;;", "Bevölkerungsstand (Anzahl);;;;",
        ";;Stichtag;Stichtag;Stichtag", ";;31.12.2020;31.12.2021;31.12.2021", ";;Insgesamt;Insgesamt;weiblich",
        "DG;Deutschland;83155031;83237124;42170339", "16065;      Kyffhäuserkreis;73600;73000;37000", "__________",
        "Stand: 10.07.2023 / 16:44:50",
    ]  # fmt: skip
    path = tmp_path / "zeit.csv"
    path.write_text("\n".join(lines), encoding="cp1252")
    delivery, cells = read_cells(path)
    assert cells["Bevölkerungsstand", "16065", 2020] == (73600.0, "")
    assert cells["Bevölkerungsstand | weiblich", "00", 2021] == (42170339.0, "")
    assert set(delivery.cells["einheit"]) == {"Anzahl"}


def test_row_attributes_and_quality_columns_of_a_genesis_table(tmp_path):
    lines = [
        "Tabelle: 21111-01-03-4", "Schulen nach Schularten;;;;;", ";;;;Schulen;;", ";;;;Anzahl;;",
        "2023;16065;Kyffhäuserkreis;Grundschulen;12;e;", "2023;16065;Kyffhäuserkreis;Insgesamt;30;e;", "__________",
        "Stand: 13.03.2025",
    ]  # fmt: skip
    path = tmp_path / "schulen.csv"
    path.write_text("\n".join(lines), encoding="cp1252")
    _, cells = read_cells(path)
    assert cells == {("Schulen | Grundschulen", "16065", 2023): (12.0, ""), ("Schulen", "16065", 2023): (30.0, "")}


def test_a_flat_file_leaves_totals_out_of_the_feature_and_shortens_ars(tmp_path):
    path = tmp_path / "flat.csv"
    rows = [("16065", "", "72000"), ("16065", "GESW", "36500"), ("160650067067", "", "21000"), ("", "", "83000000")]
    path.write_text(ffcsv_text(rows), encoding="utf-8")
    delivery, cells = read_cells(path)
    assert (delivery.family, delivery.table) == ("ffcsv", "12411")
    assert cells["BEVSTD", "16065", 2024] == (72000.0, "")
    assert cells["BEVSTD | GES=GESW", "16065", 2024] == (36500.0, "")
    assert cells["BEVSTD", "16065067", 2024] == (21000.0, "")
    assert cells["BEVSTD", "00", 2024] == (83000000.0, "")


def test_inkar_keys_get_their_lost_zero_back(tmp_path):
    rows = [[1001, "Flensburg, Stadt", "Kreise", 22.5, 23.25], [16065, "Kyffhäuserkreis", "Kreise", 12.57, 12.4]]
    delivery, cells = read_cells(write_inkar(tmp_path / "INKAR.xlsx", rows))
    assert delivery.family == "inkar"
    assert cells["Kinderarmut", "01001", 2022] == (23.25, "")
    assert cells["Kinderarmut", "16065", 2022] == (12.4, "")  # BBSR, INKAR Ausgabe 2024


def test_inkar_csv_reads_like_the_workbook(tmp_path):
    path = tmp_path / "inkar.csv"
    text = "Kennziffer\tRaumeinheit\tAggregat\tKinderarmut\n\t\t\t2022\n1001\tFlensburg\tKreise\t23,25\n"
    path.write_bytes(text.encode("latin-1"))
    _, cells = read_cells(path)
    assert cells == {("Kinderarmut", "01001", 2022): (23.25, "")}


def test_a_workbook_of_the_bundesagentur_fills_merged_headings(tmp_path):
    delivery, cells = read_cells(write_ba(tmp_path / "ba.xlsx"))
    assert (delivery.family, str(delivery.as_of)) == ("ba", "2022-02-23")
    assert cells["SvB_Anzahl | Insgesamt", "16065", 2021] == (28000.0, "")
    assert cells["SvB_Anzahl | Ohne Berufsabschluss", "16063", 2021] == (4100.0, "")
    assert cells["SvB_Anzahl | Ohne Berufsabschluss", "16065", 2021][1] == "."


def test_gisd_of_one_land_is_not_taken_for_the_german_series(tmp_path):
    germany, land = tmp_path / "a.csv", tmp_path / "b.csv"
    germany.write_text("kreis_id,kreis_name,year,gisd_score,gisd_5\n01001,Flensburg,2000,0.554,4\n16065,K,2000,0.7,5\n")
    land.write_text("kreis_id,kreis_name,year,gisd_score\n16065,Kyffhäuserkreis,2000,0.9\n16063,W,2000,0.2\n")
    assert read_cells(germany)[1]["gisd_score | kreis", "01001", 2000] == (0.554, "")
    assert ("gisd_score | kreis | je Land berechnet", "16065", 2000) in read_cells(land)[1]


def test_an_unknown_table_is_refused_with_what_can_be_read(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text("Name;Straße\nAmt;Markt 8\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"liste\.csv.*Name;Straße.*GENESIS-Tabelle.*nichts verändert"):
        read_delivery(path)
