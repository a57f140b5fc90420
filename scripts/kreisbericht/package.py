"""``data/datapackage.json``: the data folder as a Frictionless data package, written from the catalogue.

One resource per indicator with its sources and licence, the tables, the outlines. Not in here: the schemas
(``schemas``), validation (``frictionless validate data/datapackage.json``) and the catalogue itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kreisbericht.catalogue import Indicator, official_indicators
from kreisbericht.paths import data_dir, write_atomically
from kreisbericht.reviews.table import reviews_schema
from kreisbericht.schemas import breaks_schema, catalogue_schema, corrections_schema, regions_schema, values_schema
from kreisbericht.table_schemas import describe_table, table_schema

LICENCES = {
    "dl-de/by-2-0": {
        "name": "dl-de-by-2.0",
        "title": "Datenlizenz Deutschland – Namensnennung – Version 2.0",
        "path": "https://www.govdata.de/dl-de/by-2-0",
    },
    "CC BY 4.0": {
        "name": "CC-BY-4.0",
        "title": "Creative Commons Namensnennung 4.0",
        "path": "https://creativecommons.org/licenses/by/4.0/",
    },
    "CC BY-SA 4.0": {
        "name": "CC-BY-SA-4.0",
        "title": "Creative Commons Namensnennung – Weitergabe unter gleichen Bedingungen 4.0",
        "path": "https://creativecommons.org/licenses/by-sa/4.0/",
    },
}
TABLE_LICENCE = "CC BY 4.0"
VALUES_SCHEMA = "schema/werte.json"
REVIEWS_SCHEMA = "schema/rueckmeldungen.json"


def describe_package() -> dict[str, Any]:
    """Descriptor of the data folder as the catalogue and the folder have it now (Frictionless Data Package v1)."""
    values = [_describe_values(indicator) for indicator in official_indicators().values()]
    return {
        "profile": "data-package",
        "name": "kreisbericht",
        "title": "Daten des Kreisberichts",
        "description": "Amtliche Zahlen zu Bevölkerung, Familie, Bildung und Armut für Deutschland, Länder und Kreise; "
        "Gemeinden des Kyffhäuserkreises. Jede Ressource nennt Herausgeber, Tabelle und Lizenz.",
        "licenses": [LICENCES[TABLE_LICENCE]],
        "resources": [*_describe_tables(), *_describe_outlines(), *values],
    }


def write_package() -> None:
    """Write ``data/datapackage.json`` and the shared schemas; call it after every catalogue change.

    The tables of readers' notes stay with the district, so the package has their schema and no resource for them.
    """
    _write_json(VALUES_SCHEMA, values_schema())
    _write_json(REVIEWS_SCHEMA, reviews_schema())
    _write_json("datapackage.json", describe_package())


def _write_json(name: str, content: dict[str, Any]) -> None:
    write_atomically(data_dir() / name, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _describe_tables() -> list[dict[str, Any]]:
    known = official_indicators()
    tables = [
        ("indikatoren", "Katalog der Indikatoren", "Eine Zeile je Indikator.", catalogue_schema(LICENCES)),
        (
            "brueche",
            "Brüche in den Reihen",
            "Jahre, ab denen eine Reihe auf neuer Grundlage steht.",
            breaks_schema(known),
        ),
        ("korrekturen", "Korrekturen", "Werte der Quellen, die nicht stimmen können.", corrections_schema(known)),
        ("gebiete", "Gebiete und ihre Geschichte", "Bund, Länder, Kreise und aufgelöste Kreise.", regions_schema()),
    ]
    described = {name for name, *_ in tables}
    for path in _small_tables():
        if path.stem not in described:
            tables.append((path.stem, *describe_table(path)[:2], table_schema(path)))
    places = {path.stem: path.relative_to(data_dir()).as_posix() for path in _small_tables()}
    return [
        {**_describe_csv(name, places[name], title, text), "schema": schema, "licenses": [LICENCES[TABLE_LICENCE]]}
        for name, title, text, schema in tables
        if name in places
    ]


def _small_tables() -> list[Path]:
    """Every table beside the values that belongs to the repository; own deliveries never."""
    return [*sorted(data_dir().glob("*.csv")), *sorted(data_dir().glob("strategie/*.csv"))]


def _describe_outlines() -> list[dict[str, Any]]:
    return [
        _describe_outline(f"geo/{path.name}", json.loads(path.read_text(encoding="utf-8")))
        for path in sorted((data_dir() / "geo").glob("*.json"))
    ]


def _describe_outline(path: str, content: dict[str, Any]) -> dict[str, Any]:
    name = path.removeprefix("geo/").removesuffix(".json")
    return {
        "name": f"grenzen_{name}",
        "path": path,
        "title": f"Grenzen {name}, Gebietsstand {content['gebietsstand']}",
        "description": content["format"],
        "format": "json",
        "mediatype": "application/json",
        "encoding": "utf-8",
        "sources": [{"title": content["nachweis"]}],
        "licenses": [_licence(content["lizenz"])],
    }


def _describe_values(indicator: Indicator) -> dict[str, Any]:
    return {
        **_describe_csv(indicator.id, indicator.file, f"{indicator.title} [{indicator.unit}]", indicator.definition),
        "schema": VALUES_SCHEMA,
        "sources": [{"title": indicator.credit, "path": indicator.url}],
        "licenses": [_licence(indicator.licence)],
    }


def _licence(text: str) -> dict[str, str]:
    """Licence by the catalogue's word; ``check_data`` reports one that is not known."""
    return LICENCES.get(text, {"name": "other", "title": text or "nicht angegeben"})


def _describe_csv(name: str, path: str, title: str, description: str) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": path,
        "title": title,
        "description": description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }
