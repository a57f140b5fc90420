"""Table Schemas of the data package: fields with German descriptions and the constraints every table must keep.

Not in here: which resources there are (``package``) and the reading of the tables (``regions``, ``store``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kreisbericht.store import SYMBOLS

REGION_KEY = r"^(00|[0-9]{2}|[0-9]{5}|[0-9]{8}|[0-9]{9})$"
REPORTS = "grundlagen|familie|bildung|armut"
LIFE_PHASES = ["alle", "fruehe_kindheit", "schule", "jugend", "erwerbsalter", "alter"]
LEVELS = ["bund", "land", "kreis", "gemeindeverband", "gemeinde"]


def values_schema() -> dict[str, Any]:
    """Schema shared by all files of values."""
    key = "Gemeindeschlüssel: 00 Bund, 2 Stellen Land, 5 Kreis, 8 Gemeinde, 9 Gemeindeverband"
    signs = "; ".join(f"{sign} {text}" for sign, text in SYMBOLS.items())
    fields = [
        describe_field("ags", key, required=True, pattern=REGION_KEY),
        describe_field("jahr", "Berichtsjahr", "integer", required=True, minimum=1990, maximum=2100),
        describe_field("wert", "Wert in der Einheit des Indikators; leer, wenn ein Zeichen steht", "number"),
        describe_field("zeichen", f"Zeichen des Herausgebers anstelle einer Zahl: {signs}", enum=list(SYMBOLS)),
    ]
    return {"fields": fields, "primaryKey": ["ags", "jahr"], "missingValues": [""]}


def catalogue_schema(licences: Iterable[str]) -> dict[str, Any]:
    """Schema of ``indikatoren.csv``; ``licences`` are the names allowed."""
    fields = [describe_field(name, text, kind, **limits) for name, (text, kind, limits) in CATALOGUE_FIELDS.items()]
    licence = describe_field("lizenz", "Lizenz", required=True, enum=list(licences))
    fields = [licence if field["name"] == "lizenz" else field for field in fields]
    return {"fields": fields, "primaryKey": "id", "missingValues": [""]}


def breaks_schema(indicators: Iterable[str]) -> dict[str, Any]:
    """Schema of ``brueche.csv``; the region may be empty, so the table has no primary key."""
    fields = [
        describe_field("indikator", "Kennung des Indikators", required=True, enum=list(indicators)),
        describe_field("jahr", "Erstes Jahr auf neuer Grundlage", "integer", required=True),
        describe_field("ereignis", "Was sich geändert hat", required=True),
        describe_field("ags", "Gebiet, für das der Bruch gilt; leer: alle", pattern=REGION_KEY),
        describe_field("erklaerung", "Was der Bruch für das Lesen heißt", required=True),
    ]
    return {"fields": fields, "missingValues": [""]}


def corrections_schema(indicators: Iterable[str]) -> dict[str, Any]:
    """Schema of ``korrekturen.csv``: values of a publisher that cannot be right, with reason and evidence."""
    fields = [
        describe_field("indikator", "Kennung des Indikators", required=True, enum=list(indicators)),
        describe_field("ags", "Schlüssel", required=True, pattern=REGION_KEY),
        describe_field("jahr", "Berichtsjahr", "integer", required=True),
        describe_field("falsch", "Wert, wie ihn die Quelle führt", required=True),
        describe_field("richtig", "Wert oder Zeichen, das stattdessen in werte/ steht", required=True),
        describe_field("grund", "Warum der Wert nicht stimmen kann", required=True),
        describe_field("beleg", "Woran es zu erkennen ist", required=True),
        describe_field("status", "Stand", required=True, enum=["aktiv", "erledigt", "quelle_berichtigt"]),
        describe_field("datum", "Tag der Korrektur", "date", required=True),
    ]
    return {"fields": fields, "primaryKey": ["indikator", "ags", "jahr"], "missingValues": [""]}


def regions_schema() -> dict[str, Any]:
    """Schema of ``gebiete.csv``."""
    return {
        "fields": [
            describe_field("ags", "Schlüssel", required=True, pattern=REGION_KEY),
            describe_field("name", "Name ohne Zusatz", required=True),
            describe_field(
                "bezeichnung", "Art des Gebiets, z. B. Landkreis, Kreisfreie Stadt, Stadtkreis", required=True
            ),
            describe_field("ebene", "Ebene", required=True, enum=LEVELS),
            describe_field("parent", "Schlüssel des übergeordneten Gebiets", pattern=REGION_KEY),
            describe_field("gebietsstand", "Stichtag, zu dem die Angaben gelten", "date"),
            describe_field("gueltig_von", "Erster 31.12. mit diesem Schlüssel; leer: vor Beginn der Daten", "integer"),
            describe_field("gueltig_bis", "Letzter 31.12. mit diesem Schlüssel; leer: besteht", "integer"),
            describe_field("nachfolger", "Schlüssel des Gebiets, das den größten Teil aufnahm", pattern=REGION_KEY),
            describe_field("ars", "Regionalschlüssel"),
            describe_field("gemeindeverband", "Regionalschlüssel des Gemeindeverbands", pattern=r"^[0-9]{9}$"),
            describe_field("ort", "Ausnahme von der Regel für „in …“, z. B. im Saarland"),
            describe_field("genitiv", "Ausnahme von der Regel für den Genitiv, z. B. des Saarlands"),
        ],
        "primaryKey": "ags",
        "missingValues": [""],
    }


def describe_field(name: str, description: str, kind: str = "string", **constraints: Any) -> dict[str, Any]:
    """One field of a Table Schema."""
    field = {"name": name, "type": kind, "description": description}
    return {**field, "constraints": constraints} if constraints else field


_NEEDED: dict[str, Any] = {"required": True}
CATALOGUE_FIELDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "id": ("Kennung, zugleich Name der Wertedatei", "string", {**_NEEDED, "unique": True, "pattern": r"^[a-z0-9_]+$"}),
    "bezeichnung": ("Voller Name", "string", _NEEDED),
    "kurz": ("Kurzes Nomen für Titel", "string", _NEEDED),
    "artikel": ("Artikel zu 'kurz'", "string", {**_NEEDED, "enum": ["der", "die", "das", "die_pl"]}),
    "einheit": ("Einheit", "string", _NEEDED),
    "nachkommastellen": ("Nachkommastellen in der Anzeige", "integer", {**_NEEDED, "minimum": 0, "maximum": 5}),
    "definition": ("Was gemessen wird", "string", _NEEDED),
    "zaehler": ("Zähler", "string", {}),
    "nenner": ("Nenner; leer bei absoluten Zahlen", "string", {}),
    "merkmal": ("Untertitel: was je was", "string", _NEEDED),
    "lesehilfe": ("Satz mit {wert}", "string", {**_NEEDED, "pattern": r".*\{wert\}.*"}),
    "kernsatz": ("Kernaussage hinter dem Wert, mit {jahr} und {wo}", "string", {}),
    "thema": ("Thema, zugleich Ordner der Werte", "string", _NEEDED),
    "bericht": ("Berichte, mit | getrennt", "string", {**_NEEDED, "pattern": rf"^({REPORTS})(\|({REPORTS}))*$"}),
    "lebensphase": ("Lebensphase", "string", {**_NEEDED, "enum": LIFE_PHASES}),
    "polung": (
        "Was günstiger ist: mehr, weniger oder ohne Wertung",
        "string",
        {**_NEEDED, "enum": ["mehr", "weniger", "ohne"]},
    ),
    "zaehler_id": ("Indikator mit den absoluten Zahlen des Zählers", "string", {}),
    "nenner_id": ("Indikator mit den absoluten Zahlen des Nenners", "string", {}),
    "zeitbezug": ("Stichtag oder Zeitraum", "string", _NEEDED),
    "herausgeber": ("Herausgeber", "string", _NEEDED),
    "werk": ("Veröffentlichung", "string", _NEEDED),
    "tabelle": ("Tabellencode oder Kürzel", "string", _NEEDED),
    "quelle_id": ("Kennungen der Zahlen in der Sammlung, aus der sie übernommen sind", "string", _NEEDED),
    "lizenz": ("Lizenz", "string", _NEEDED),
    "nachweis": ("Quellenangabe, wie sie gedruckt wird", "string", _NEEDED),
    "url": ("Adresse der Quelle", "string", _NEEDED),
    "stand": ("Datum oder Ausgabe der Lieferung", "string", _NEEDED),
    "periodizitaet": ("Wie oft die Zahl erscheint", "string", _NEEDED),
    "grenzen": ("Grenzen der Aussage", "string", {}),
    "hinweis": ("Hinweise zur Reihe", "string", {}),
}
