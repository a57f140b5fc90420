"""Table Schemas of the smaller tables in ``data/``: mapping, rules, logs, appendix, and how a new table is described.

A table that is not named here is listed with its columns as text, so that ``datapackage.json`` never hides a file.
The tables of the strategy follow from their forms. Not in here: values, catalogue, regions, breaks and corrections
(``schemas``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from kreisbericht.forms import Template
from kreisbericht.schemas import REGION_KEY, describe_field
from kreisbericht.strategy.fields import TABLES as FORMS

_NEEDED: dict[str, Any] = {"required": True}
_AGS = ("string", {"pattern": REGION_KEY})
_ID = ("string", {**_NEEDED, "pattern": r"^[a-z0-9_]+$"})
_COUNT = ("integer", {**_NEEDED, "minimum": 0})
_DAY = ("date", {})
_NUMBER = ("number", {})
_TEXT = ("string", {})
_NEEDED_TEXT = ("string", _NEEDED)
_WORDS: dict[str, tuple[str, tuple[str, dict[str, Any]]]] = {
    "abschnitt": ("Abschnitt", _TEXT), "ags": ("Gebiet, für das die Zeile gilt; leer: alle", _AGS),
    "ausgabe": ("Kennung der Ausgabe", _TEXT), "begruendung": ("Warum so", _NEEDED_TEXT),
    "datum": ("Tag", _DAY), "erklaerung": ("Erklärung", _NEEDED_TEXT), "grund": ("Grund", _NEEDED_TEXT),
    "hinweis": ("Hinweis", _TEXT), "indikator": ("Kennung des Indikators", _TEXT), "kapitel": ("Kapitel", _TEXT),
    "quelle": ("Quelle", _TEXT), "stand": ("Stand", _TEXT), "titel": ("Titel", _TEXT), "einheit": ("Einheit", _TEXT),
    "herausgeber": ("Herausgeber", _TEXT), "tabelle": ("Tabellencode oder Kürzel", _TEXT), "url": ("Adresse", _TEXT),
}  # fmt: skip
"""Columns that mean the same wherever they stand."""


class Table(NamedTuple):
    """Title, description and own columns of a table; columns of ``_WORDS`` need not be repeated."""

    title: str
    text: str
    fields: dict[str, tuple[str, tuple[str, dict[str, Any]]]]
    key: tuple[str, ...] = ()


TABLES = {
    "abdeckung": Table("Abdeckung", "Wie viele Gebiete, Werte und Jahre je Indikator zuletzt angenommen wurden.", {
        "indikator": ("Kennung des Indikators", _ID), "gebiete": ("Gebiete mit einer Zeile", _COUNT),
        "werte": ("Zeilen", _COUNT), "erstes_jahr": ("Erstes Berichtsjahr", _COUNT),
        "letztes_jahr": ("Letztes Berichtsjahr", _COUNT)}, ("indikator",)),
    "abgeleitet": Table("Berechnete Indikatoren", "Aus welchen Anzahlen ein Indikator berechnet wird.", {
        "id": ("Kennung des berechneten Indikators", _ID),
        "zaehler": ("Kennungen, die zusammengezählt werden, mit | getrennt; - zieht ab", _NEEDED_TEXT),
        "nenner": ("Kennungen, durch die geteilt wird; leer: Summe", _TEXT),
        "faktor": ("100 bei Anteilen in Prozent", _NUMBER),
        "davor": ("Veröffentlichter Indikator für die Jahre davor", _TEXT)}, ("id",)),
    "aehnlichkeit": Table("Merkmale ähnlicher Kreise", "Woran die Ähnlichkeit zweier Kreise gemessen wird.", {
        "merkmal": ("Merkmal in Worten", _NEEDED_TEXT), "indikator": ("Kennung des Indikators", _ID),
        "gewicht": ("Gewicht", ("number", {**_NEEDED, "minimum": 0})),
        "logarithmus": ("Ob der Logarithmus verglichen wird", ("string", {**_NEEDED, "enum": ["ja", "nein"]}))}),
    "annahmen_kita": Table("Annahmen der Kita-Vorausschau", "Annahmen je Szenario mit Quelle und Begründung.", {
        "annahme": ("Größe", _NEEDED_TEXT), "szenario": ("Szenario; leer: alle", _TEXT), "land": ("Land; leer: alle",
        _AGS), "regel": ("Wie die Annahme wirkt", _NEEDED_TEXT), "wert": ("Wert", _TEXT)}),
    "barrierefreiheit": Table("Prüfungen der Barrierefreiheit", "Was je Ausgabe womit geprüft wurde.", {
        "teil": ("Teil des Berichts", _TEXT), "verfahren": ("Verfahren", _TEXT), "umfang": ("Umfang", _TEXT),
        "befunde": ("Befunde", _TEXT)}),
    "datenluecken": Table("Datenlücken", "Fragen, für die es keine Zahlen gibt, und der Weg zu ihnen.", {
        "id": ("Kennung", _ID), "frage": ("Frage", _NEEDED_TEXT), "weg": ("Weg zu den Zahlen", _TEXT),
        "vorlage": ("Vorlage für die eigene Erhebung", _TEXT), "ab_jahr": ("Erstes Jahr ohne Zahlen", ("integer", {})),
        }, ("id",)),
    "errata": Table("Berichtigungen", "Was in veröffentlichten Ausgaben falsch war.", {
        "version": ("Version mit der Berichtigung", _TEXT), "stelle": ("Stelle", _TEXT), "bisher": ("Bisher", _TEXT),
        "richtig": ("Richtig", _TEXT)}),
    "glossar": Table("Glossar", "Begriffe des Berichts.", {
        "begriff": ("Begriff", ("string", {**_NEEDED, "unique": True})),
        "formen": ("Schreibweisen, die im Bericht zum Glossar führen, mit | getrennt; leer: keine", _TEXT)},
        ("begriff",)),
    "kleine_zahlen": Table("Kleine Zahlen", "Unter welchen Grundzahlen eine Rate nicht gezeigt wird.", {
        "basis": ("Indikator der Grundzahl", _TEXT), "anteil": ("Indikator, mit dem sie malgenommen wird", _TEXT),
        "faktor": ("Faktor", _NUMBER), "mindestbasis": ("Kleinste Grundzahl", _NUMBER),
        "mindestfaelle": ("Kleinste Fallzahl", _NUMBER)}),
    "kontakte": Table("Kontakte", "Stellen, die im Bericht genannt werden.", {
        "rolle": ("Wofür die Stelle genannt wird", _NEEDED_TEXT), "stelle": ("Stelle", _NEEDED_TEXT),
        "anschrift": ("Anschrift", _TEXT), "email": ("E-Mail", _TEXT), "telefon": ("Telefon", _TEXT)}),
    "lieferungen": Table("Lieferungen", "Jede übernommene Lieferung mit Prüfsumme und Zahl der Werte.", {
        "id": ("Tag und Anfang der Prüfsumme", _NEEDED_TEXT), "datei": ("Dateiname", _NEEDED_TEXT),
        "sha256": ("Prüfsumme der Datei", ("string", {**_NEEDED, "pattern": "^[0-9a-f]{64}$"})),
        "familie": ("Form der Lieferung", _NEEDED_TEXT), "stand": ("Stand des Herausgebers", _DAY),
        "importiert_am": ("Tag der Übernahme", ("date", _NEEDED)), "indikatoren": ("Kennungen, mit | getrennt", _TEXT),
        "jahre": ("Erstes und letztes Berichtsjahr", _TEXT), "neu": ("Neue Werte", _COUNT),
        "geaendert": ("Geänderte Werte", _COUNT), "bestaetigt": ("Gleiche Werte", _COUNT)}, ("id",)),
    "pruefregeln": Table("Prüfregeln", "Eigene Grenzen und erklärte Sprünge einzelner Indikatoren.", {
        "indikator": ("Kennung des Indikators", _ID), "minimum": ("Kleinster möglicher Wert", _NUMBER),
        "maximum": ("Größter möglicher Wert; leer: ohne Grenze", _NUMBER),
        "spruenge": ("Jahre mit erklärtem Sprung, mit | getrennt", _TEXT)}, ("indikator",)),
    "pruefsummen": Table("Prüfsummen", "Welche Teile sich zu welcher Summe ergänzen.", {
        "summe": ("Kennung der Summe", _ID), "teile": ("Kennungen der Teile, mit | getrennt", _NEEDED_TEXT),
        "toleranz": ("Erlaubter Unterschied", _NUMBER)}),
    "revisionen": Table("Revisionen", "Werte, die ein Herausgeber nachträglich geändert hat.", {
        "indikator": ("Kennung des Indikators", _ID), "ags": ("Schlüssel", _AGS),
        "jahr": ("Berichtsjahr", ("integer", _NEEDED)), "alt": ("Zahl oder Zeichen vorher", _TEXT),
        "neu": ("Zahl oder Zeichen nachher", _TEXT), "lieferung": ("Kennung der Lieferung", _NEEDED_TEXT)}),
    "zuordnung": Table("Zuordnung", "Welches Merkmal einer Lieferung welcher Indikator ist.", {
        "familie": ("Form der Lieferung", _NEEDED_TEXT), "merkmal": ("Merkmal in den Worten des Herausgebers",
        _NEEDED_TEXT), "indikator": ("Kennung des Indikators", _ID), "faktor": ("Faktor in unsere Einheit", _NUMBER),
        "jahr_versatz": ("Was zum Jahr hinzukommt", ("integer", {})), "bemerkung": ("Bemerkung", _TEXT),
        "strich": ("Was - heißt; leer: null", ("string", {"enum": ["fehlt"]}))}),
}  # fmt: skip


def describe_table(path: Path) -> Table:
    """Title and description of a table, by its file name."""
    if path.parent.name == "strategie" and path.stem in FORMS:
        return Table(FORMS[path.stem].title, "Strategie der Armutsprävention; jede Zeile mit Quelle.", {})
    return TABLES.get(path.stem, Table(path.stem.replace("_", " ").capitalize(), "Tabelle des Kreisberichts.", {}))


def table_schema(path: Path) -> dict[str, Any]:
    """Schema of a CSV in the order of its header; columns nobody described are text."""
    if path.parent.name == "strategie" and path.stem in FORMS:
        return _form_schema(FORMS[path.stem])
    table = describe_table(path)
    with path.open(encoding="utf-8") as file:
        names = file.readline().strip().split(",")
    fields = []
    for name in names:
        text, (kind, limits) = table.fields.get(name) or _WORDS.get(name) or (name.replace("_", " "), _TEXT)
        fields.append(describe_field(name, text, kind, **limits))
    key = {"primaryKey": list(table.key)} if table.key else {}
    return {"fields": fields, **key, "missingValues": [""]}


def _form_schema(form: Template) -> dict[str, Any]:
    """Schema of a table of the strategy, from the form it is filled in with; days may be months or years, so text."""
    fields = [describe_field("gebiet", "Gebiet oder Planungsraum", required=True, pattern=REGION_KEY)]
    for field in form.fields:
        limits: dict[str, Any] = {"required": True} if field.required else {}
        limits |= {"enum": list(field.choices)} if field.choices else {}
        kind = "integer" if field.kind == "jahr" else "string"
        fields.append(describe_field(field.column, field.help, kind, **limits))
    return {"fields": fields, "missingValues": [""]}
