"""Builders: small deliveries in the form of the official exports, and a small data package to import them into."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from kreisbericht.catalogue import COLUMNS
from kreisbericht.deliveries.mapping import COLUMNS as MAPPING_COLUMNS

REGIONS = """ags,name,bezeichnung,ebene,parent,gebietsstand,gueltig_von,gueltig_bis,nachfolger,ars,gemeindeverband,\
ort,genitiv
00,Deutschland,Bund,bund,,2022-12-31,,,,00,,,
02,Hamburg,Freie und Hansestadt,land,00,2022-12-31,,,,02,,,
02000,Hamburg,Kreisfreie Stadt,kreis,02,2022-12-31,,,,02000,,,
16,Thüringen,Freistaat,land,00,2022-12-31,,,,16,,,
16056,Eisenach,Kreisfreie Stadt,kreis,16,2022-12-31,,2020,16063,16056,,,
16063,Wartburgkreis,Landkreis,kreis,16,2022-12-31,,,,16063,,,
16065,Kyffhäuserkreis,Landkreis,kreis,16,2022-12-31,,,,16065,,,
160650067,Sondershausen,Stadt,gemeindeverband,16065,2022-12-31,,,,160650067,,,
16065067,Sondershausen,Stadt,gemeinde,16065,2022-12-31,,,,160650067067,160650067,,
"""


def build_package(folder: Path, mapping: list[dict[str, str]] = (), indicators: list[dict[str, str]] = ()) -> Path:
    """Data package with five districts' worth of regions, the given catalogue and mapping rows."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gebiete.csv").write_text(REGIONS, encoding="utf-8")
    (folder / "brueche.csv").write_text("indikator,jahr,ereignis,ags,erklaerung\n", encoding="utf-8")
    _write(folder / "indikatoren.csv", list(COLUMNS.values()), [indicator(**row) for row in indicators])
    _write(folder / "zuordnung.csv", MAPPING_COLUMNS, mapping)
    return folder


def indicator(**values: str) -> dict[str, str]:
    """Complete catalogue row."""
    row = dict.fromkeys(COLUMNS.values(), "x") | {
        "artikel": "die_pl", "einheit": "Personen", "nachkommastellen": "0", "thema": "arbeit", "bericht": "grundlagen",
        "polung": "ohne", "zaehler_id": "", "nenner_id": "", "lizenz": "dl-de/by-2-0", "stand": "2025",
    }  # fmt: skip
    return row | values


def _write(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    lines = [",".join(f'"{row.get(column, "")}"' for column in columns) for row in rows]
    path.write_text("\n".join([",".join(columns), *lines]) + "\n", encoding="utf-8")


GENESIS_MAPPING = [
    {"familie": "genesis_tabelle", "tabelle": "99999-01-01-4", "merkmal": "Arbeitslose", "indikator": "arbeitslose",
     "einheit": "Anzahl"},
    {"familie": "genesis_tabelle", "tabelle": "99999-01-01-4", "merkmal": "Arbeitslose | Ausländer",
     "indikator": "arbeitslose_auslaender", "einheit": "Anzahl"},
    {"familie": "genesis_tabelle", "tabelle": "99999-01-01-4", "merkmal": "Quote", "indikator": "quote",
     "einheit": "Prozent"},
]  # fmt: skip
GENESIS_INDICATORS = [
    {"id": "arbeitslose"},
    {"id": "arbeitslose_auslaender"},
    {"id": "quote", "einheit": "%", "nachkommastellen": "1"},
]
GENESIS_ROWS = [
    "2024;DG;Deutschland;2787216;1010000;6,0",
    "2024;02;  Hamburg;90000;40000;8,1",
    "2024;16;  Thüringen;70000;15000;6,3",
    "2024;16056;      Eisenach, kreisfreie Stadt;-;-;-",
    "2024;16063;      Wartburgkreis;4100;900;4,7",
    "2024;16065;      Kyffhäuserkreis;2900;-;8,2",
    "2024;16065067;      Sondershausen;900;.;x",
]


def genesis_text(rows: list[str] = GENESIS_ROWS, *, stand: str = "13.03.2025", footer: bool = True) -> str:
    """GENESIS "Tabelle" with two-row heading, unit row and footer."""
    lines = [
        "Tabelle: 99999-01-01-4",
        "Arbeitslose und Quote - Jahresdurchschnitt -;;;;;",
        "regionale Tiefe: Kreise und krfr. Städte;;;;;",
        "Arbeitsmarktstatistik;;;;;",
        ";;;Arbeitslose;Arbeitslose;Quote",
        ";;;;Ausländer;",
        ";;;Anzahl;Anzahl;Prozent",
        *rows,
    ]
    if footer:
        lines += ["__________", '"Fußnote mit ; und', 'zweiter Zeile"', f"Stand: {stand} / 16:39:14"]
    return "\n".join(lines) + "\n"


FFCSV_HEAD = (
    "statistics_code;statistics_label;time_code;time_label;time;1_variable_code;1_variable_label;"
    "1_variable_attribute_code;1_variable_attribute_label;2_variable_code;2_variable_label;2_variable_attribute_code;"
    "2_variable_attribute_label;value;value_unit;value_variable_code;value_variable_label;value_q"
)


def ffcsv_text(rows: list[tuple[str, str, str]]) -> str:
    """Flat file of population by sex; rows are (key, sex code or '', value)."""
    lines = [
        f"12411;Fortschreibung;STAG;Stichtag;2024-12-31;KREISE;Kreise;{key};Name;GES;Geschlecht;{sex};"
        f"{'x' if sex else 'Insgesamt'};{value};Anzahl;BEVSTD;Bevölkerungsstand;e"
        for key, sex, value in rows
    ]
    return "\ufeff" + "\n".join([FFCSV_HEAD, *lines]) + "\n"


def write_inkar(path: Path, rows: list[list], *, names: list[str] | None = None) -> Path:
    """INKAR workbook with one indicator and the years 2021 and 2022."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Daten"
    sheet.append(["Kennziffer", "Raumeinheit", "Aggregat", *(names or ["Kinderarmut", "Kinderarmut"])])
    sheet.append(["", "", "", "2021", "2022"])
    for row in rows:
        sheet.append(row)
    book.create_sheet("Quellangabe").append(["Quelle: INKAR. Ausgabe 2024. Hrsg.: BBSR - Bonn 2024."])
    book.save(path)
    return path


def write_ba(path: Path) -> Path:
    """Workbook of the Bundesagentur: heading merged over the years, days, running numbers, key and name in one cell."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "SvB_Anzahl"
    for row in (
        ["", "", "", "", "© Statistik der Bundesagentur für Arbeit"],
        ["Beschäftigte am Wohnort (Anzahl)", "", "", "", ""],
        ["Region (Wohnort)", "Insgesamt", "", "davon", ""],
        ["", "", "", "Ohne Berufsabschluss", ""],
        ["", "2020-06-30", "2021-06-30", "2020-06-30", "2021-06-30"],
        ["", 1, 2, 3, 4],
        ["Deutschland", 33089915, 33538976, 4064078, 4174999],
        ["16056 Eisenach, Stadt", 16000, ".", 1200, "."],
        ["16063 Wartburgkreis", 48000, 62000, 3000, 4100],
        ["16065 Kyffhäuserkreis", 27800, 28000, 1900, "*"],
        ["Erstellungsdatum: 23.02.2022, Zentraler Statistik-Service", "", "", "", ""],
    ):
        sheet.append(row)
    book.save(path)
    return path
