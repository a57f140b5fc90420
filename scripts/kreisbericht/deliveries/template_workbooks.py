"""The template workbooks themselves, written from ``template_fields``: German, explained, with drop-downs.

Written with XlsxWriter because its files are the same byte for byte, so that a test can tell whether the committed
ones are current. Reading them back is in ``templates``.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import xlsxwriter

from kreisbericht.catalogue import COLUMNS
from kreisbericht.deliveries.sample_values import invent_survey
from kreisbericht.deliveries.template_fields import MARK, TEMPLATES
from kreisbericht.deliveries.templates import HEAD_ROW, REGION, YEAR
from kreisbericht.forms import Field, Template
from kreisbericht.paths import write_atomically
from kreisbericht.regions import associations, find_region
from kreisbericht.sample import DISTRICT
from kreisbericht.strategy.tables import read_rows, strategy_dir

LAST_ROW = 500
SAMPLE_YEARS = range(2019, 2026)
SAMPLE_REGIONS = (
    f"{DISTRICT} Musterkreis",
    f"{DISTRICT}0001 Musterstadt",
    f"{DISTRICT}0002 Beispielhausen",
    f"{DISTRICT}0003 Verwaltungsgemeinschaft Erfundene Aue",
)
_RECORD_RULES = (
    "Eine Zeile je Eintrag. Die Kennung bleibt immer dieselbe; wer sie ändert, legt einen neuen Eintrag an.",
    "Keine Formeln. Überschriften und Blattnamen nicht ändern, keine Zellen verbinden, keine Spalten einfügen.",
    "Diese Angaben werden veröffentlicht: keine Namen von Personen, nichts Vertrauliches.",
    "Übernehmen: scripts/import_delivery.py DATEI. Der Import prüft alle Zeilen und nennt alle Fehler auf einmal.",
)
_RULES = (
    "Eine Zeile je Gebiet und Jahr. Leere Zelle: nicht erhoben. 0: nichts vorhanden. Punkt (.): geheim zu halten.",
    "Nur ganze Zahlen eintragen, keine Formeln, keine Prozentwerte; Anteile rechnet der Bericht.",
    "Überschriften und Blattnamen nicht ändern, keine Zellen verbinden, keine Spalten einfügen.",
    "Kleine Zahlen eintragen, wie sie sind; geheim gehalten wird erst bei der Veröffentlichung.",
    "Übernehmen: scripts/import_delivery.py DATEI. Die Werte landen in data/eigene, nie im öffentlichen Verzeichnis.",
)


def write_templates(folder: Path, ags: str) -> list[Path]:
    """Write all empty templates for one district, and the catalogue rows of their indicators.

    Parameters
    ----------
    folder
        Usually ``data/eigene/vorlagen``.
    ags
        District whose planning areas stand in the drop-down.
    """
    region = find_region(ags, "kreis")
    areas = [f"{region.ags} {region}", *(f"{unit.ags} {unit}" for unit in associations(region.ags))]
    paths = []
    for template in TEMPLATES.values():
        paths.append(folder / f"{template.id}.xlsx")
        write_atomically(paths[-1], build_workbook(template, areas))
    write_atomically(folder / "indikatoren.csv", build_catalogue())
    return paths


def build_workbook(template: Template, areas: list[str], rows: list[list] = (), *, sample: bool = False) -> bytes:
    """One workbook as bytes; ``rows`` are cells of *Angaben* in the order of its columns."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    if sample:
        template = replace(template, title=f"MUSTERDATEN (frei erfunden): {template.title}")
    book.set_properties({"title": template.title, "created": datetime(2025, 1, 1), "comments": "kreisbericht"})
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bg_color": "#E6EBEF", "bottom": 1, "text_wrap": True, "valign": "top"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "hint": book.add_format({"italic": True}),
    }
    _write_guide(book.add_worksheet("Anleitung"), template, styles)
    _write_form(book.add_worksheet("Angaben"), template, areas, list(rows), styles)
    _write_lists(book.add_worksheet("Listen"), template, areas)
    book.close()
    return buffer.getvalue()


def build_catalogue() -> str:
    """Catalogue rows of the templates' indicators, in the columns of ``data/indikatoren.csv``."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS.values()), lineterminator="\n", restval="")
    writer.writeheader()
    for template in TEMPLATES.values():
        writer.writerows(_catalogue_row(template, field) for field in template.fields if field.indicator)
    return text.getvalue()


def _catalogue_row(template: Template, field: Field) -> dict[str, str]:
    return {
        "id": field.indicator, "bezeichnung": field.heading[0].upper() + field.heading[1:], "kurz": field.heading,
        "artikel": "die_pl", "einheit": field.unit, "nachkommastellen": "0", "definition": f"{field.help}.",
        "merkmal": field.help, "lesehilfe": f"Ein Wert von {{wert}} heißt: {field.help}.", "thema": template.topic,
        "bericht": "familie", "polung": "ohne", "zeitbezug": template.reference, "herausgeber": "Landratsamt",
        "werk": "Eigene Erhebung", "tabelle": template.id, "lizenz": "eigene Erhebung, nicht frei",
        "nachweis": "Landratsamt, eigene Erhebung", "periodizitaet": "jährlich",
        "grenzen": "Nur für den eigenen Kreis; kein Vergleich mit anderen Kreisen möglich.",
    }  # fmt: skip


def _headings(template: Template) -> list[Field]:
    region = Field(REGION, "Kreis oder Planungsraum, aus der Liste", required=True, kind="text")
    year = Field(YEAR, f"Berichtsjahr ({template.reference})" if template.reference else "", required=True, kind="jahr")
    return [region, *template.fields] if template.records else [region, year, *template.fields]


def _write_guide(sheet, template: Template, styles: dict) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    sheet.write(0, 0, f"{MARK}: {template.id}", styles["hint"])
    sheet.write(1, 0, template.title, styles["title"])
    row = 3
    for rule in _RECORD_RULES if template.records else _RULES:
        sheet.write(row, 1, rule, styles["wrap"])
        row += 1
    sheet.write(row + 1, 0, "Spalte", styles["head"])
    sheet.write(row + 1, 1, "Was einzutragen ist", styles["head"])
    for number, field in enumerate(_headings(template), start=row + 2):
        sheet.write(number, 0, field.heading + (" *" if field.required else ""), styles["wrap"])
        choices = f" Zur Auswahl: {', '.join(field.choices)}." if field.choices else ""
        unit = f" [{field.unit}]" if field.unit else ""
        sheet.write(number, 1, f"{field.help}{unit}.{choices}", styles["wrap"])


def _write_form(sheet, template: Template, areas: list[str], rows: list[list], styles: dict) -> None:
    sheet.write(0, 0, template.title, styles["title"])
    sheet.write(1, 0, "Erklärungen auf dem Blatt 'Anleitung'. Felder mit * sind Pflicht.", styles["hint"])
    fields = _headings(template)
    for column, field in enumerate(fields):
        sheet.write(HEAD_ROW - 1, column, field.heading + (" *" if field.required else ""), styles["head"])
        sheet.set_column(column, column, 38 if column == 0 else 18)
        rule = _validation(field, column, areas)
        if rule:
            sheet.data_validation(HEAD_ROW, column, LAST_ROW, column, rule)
    sheet.set_row(HEAD_ROW - 1, 48)
    sheet.freeze_panes(HEAD_ROW, 1)
    for number, row in enumerate(rows, start=HEAD_ROW):
        sheet.write_row(number, 0, row)


def _validation(field: Field, column: int, areas: list[str]) -> dict | None:
    note = {"input_title": field.heading[:32], "input_message": field.help[:250]}
    if field.heading == REGION:
        return note | {"validate": "list", "source": f"=Listen!$A$1:$A${len(areas)}"}
    if field.choices:
        letter = xlsxwriter.utility.xl_col_to_name(column)
        return note | {"validate": "list", "source": f"=Listen!${letter}$1:${letter}${len(field.choices)}"}
    if field.kind == "jahr":
        limits = {"criteria": "between", "minimum": 1990, "maximum": 2100, "error_message": "Bitte ein Jahr eintragen."}
        return note | {"validate": "integer"} | limits
    if field.kind == "zahl":
        limits = {
            "criteria": ">=",
            "value": 0,
            "error_type": "warning",
            "error_message": "Zahl ab 0, oder Punkt = geheim",
        }
        return note | {"validate": "decimal"} | limits
    return note | {"validate": "any"}


def _write_lists(sheet, template: Template, areas: list[str]) -> None:
    sheet.write_column(0, 0, areas)
    for column, field in enumerate(_headings(template)):
        if field.choices:
            sheet.write_column(0, column, field.choices)
    sheet.hide()


def write_sample(folder: Path) -> list[Path]:
    """Filled-in templates of an invented district (*Musterkreis*), for tests and the manual."""
    paths = []
    for template in TEMPLATES.values():
        rows = _sample_records(template) if template.records else _sample_rows(template)
        paths.append(folder / f"muster_{template.id}.xlsx")
        write_atomically(paths[-1], build_workbook(template, list(SAMPLE_REGIONS), rows, sample=True))
    return paths


def _sample_rows(template: Template) -> list[list]:
    """Invented numbers: the areas add up to the district."""
    rows = []
    for year in SAMPLE_YEARS:
        parts = [invent_survey(field.indicator, year) for field in template.fields]
        rows.append([SAMPLE_REGIONS[0], year, *(sum(areas) for areas in parts)])
        rows += [[SAMPLE_REGIONS[area], year, *(areas[area - 1] for areas in parts)] for area in (1, 2, 3)]
    return rows


def _sample_records(template: Template) -> list[list]:
    """The invented strategy as it stands in the sample's tables; numbers as numbers."""
    named = {region.split(" ")[0]: region for region in SAMPLE_REGIONS}
    rows = []
    for row in read_rows(strategy_dir(DISTRICT) / f"{template.id}.csv", template):
        cells = [(field, row[field.column]) for field in template.fields]
        rows.append([named.get(row["gebiet"], row["gebiet"]), *(_typed(field, text) for field, text in cells)])
    return rows


def _typed(field: Field, text: str) -> str | float:
    return float(text.replace(",", ".")) if text and field.kind in ("zahl", "jahr") else text
