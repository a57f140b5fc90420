"""What archives and data portals want of a published edition: data, DataCite, Zenodo and DCAT-AP.de metadata, a zip.

Not in here: the book itself and its manifest.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kreisbericht import paths
from kreisbericht.downloads import add_file
from kreisbericht.editions import Edition
from kreisbericht.manifest import ARCHIVE
from kreisbericht.snapshot import Snapshot

LICENCES = {
    "dl-de/by-2-0": ("Datenlizenz Deutschland – Namensnennung – Version 2.0", "https://www.govdata.de/dl-de/by-2-0"),
    "dl-de/zero-2-0": ("Datenlizenz Deutschland – Zero – Version 2.0", "https://www.govdata.de/dl-de/zero-2-0"),
}
DCAT_LICENCES = {
    "dl-de/by-2-0": "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
    "dl-de/zero-2-0": "http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
}
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "dcatde": "http://dcat-ap.de/def/dcatde/", "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
FORWARD = (
    '<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Archivierte Ausgabe</title></head>'
    '<body><p><a href="{}">Zur archivierten Ausgabe</a></p></body></html>\n'
)
VALUE_COLUMNS = ("indikator", "bezeichnung", "ags", "jahr", "wert", "einheit", "nachweis")
MEDIA = {".html": "text/html", ".pdf": "application/pdf", ".csv": "text/csv", ".zip": "application/zip",
         ".json": "application/json"}  # fmt: skip


def write_data(folder: Path, snapshot: Snapshot, chapters: Path) -> list[Path]:
    """``daten/werte.csv`` with all values of the book, and a workbook per data chapter."""
    target = folder / "daten"
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(VALUE_COLUMNS)
    for name, entry in snapshot["indikatoren"].items():
        for ags, values in entry["werte"].items():
            for year, value in values.items():
                shown = "" if value is None else repr(value).removesuffix(".0")
                writer.writerow([name, entry["titel"], ags, year, shown, entry["einheit"], entry["nachweis"]])
    paths.write_atomically(target / "werte.csv", buffer.getvalue())
    written = [target / "werte.csv"]
    for stem in snapshot["kapitel"]:
        workbook = chapters / stem / f"{stem}.xlsx"
        if workbook.is_file():
            paths.write_atomically(target / f"{stem}.xlsx", workbook.read_bytes())
            written.append(target / f"{stem}.xlsx")
    return written


def write_metadata(
    folder: Path, meta: Mapping[str, Any], edition: Edition, snapshot: Snapshot, licences: list[str]
) -> None:
    """``datacite.json``, ``zenodo.json`` and ``dcat-ap.jsonld`` beside the book."""
    facts = _facts(meta, edition, snapshot, licences)
    for name, content in (
        ("datacite.json", _datacite(facts)),
        ("zenodo.json", _zenodo(facts)),
        ("dcat-ap.jsonld", _dcat(facts, folder)),
    ):
        paths.write_atomically(folder / name, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def write_zip(folder: Path, name: str, place: str) -> Path:
    """``archiv/<name>.zip`` with everything in the edition's folder; the same files give the same bytes.

    In the zip the edition lies where it lies in a site (``place``, e.g. '16065/2025.1'), with an empty list of other
    editions above it, so that its pages work there too.
    """
    target, buffer = folder / ARCHIVE / f"{name}.zip", io.BytesIO()
    files = sorted(p for p in folder.rglob("*") if p.is_file() and ARCHIVE not in p.relative_to(folder).parts[:1])
    with zipfile.ZipFile(buffer, "w") as zipped:
        for path in files:
            add_file(zipped, f"{name}/{place}/{path.relative_to(folder).as_posix()}", path.read_bytes())
        add_file(zipped, f"{name}/{place.partition('/')[0]}/editions.js", b"window.kreisberichtAusgaben=[];\n")
        for page, target_page in (("index.html", f"{place}/index.html"), (f"{place.partition('/')[0]}/index.html",
                                  f"{place.partition('/')[2]}/index.html")):  # fmt: skip
            add_file(zipped, f"{name}/{page}", FORWARD.format(target_page).encode())
    paths.write_atomically(target, buffer.getvalue())
    return target


def _facts(meta: Mapping[str, Any], edition: Edition, snapshot: Snapshot, licences: list[str]) -> dict[str, Any]:
    book = meta["book"]
    date = str(book.get("date") or edition.datenstand)
    years = sorted({int(year) for entry in snapshot["indikatoren"].values() for values in entry["werte"].values()
                    for year in values})  # fmt: skip
    return {
        "title": str(book["title"]), "subtitle": str(book.get("subtitle") or ""),
        "author": str(book.get("author") or ""),
        "date": date, "version": edition.version, "cutoff": edition.datenstand.isoformat(),
        "status": edition.status_text, "licences": licences, "place": snapshot["kreis"]["name"],
        "ags": snapshot["kreis"]["ags"], "years": (years[0], years[-1]) if years else (edition.berichtsjahr,) * 2,
        "address": str(book.get("site-url") or "").rstrip("/"), "chapters": snapshot["kapitel"],
        "sources": sorted({entry["nachweis"] for entry in snapshot["indikatoren"].values()}),
    }  # fmt: skip


def _describe(facts: Mapping[str, Any]) -> str:
    titles = "; ".join(chapter["titel"] for chapter in facts["chapters"].values() if chapter["art"] == "daten")
    return (
        f"{facts['title']}, Ausgabe {facts['version']} ({facts['status']}), Datenstand {facts['cutoff']}. Bericht mit "
        f"allen Zahlen als Datei. Datenkapitel: {titles}."
    )


def _rights(facts: Mapping[str, Any]) -> list[dict[str, str]]:
    named = [(LICENCES.get(key, (key, "")), key) for key in facts["licences"]]
    return [{"rights": title, "rightsUri": uri, "rightsIdentifier": key} for (title, uri), key in named]


def _datacite(facts: Mapping[str, Any]) -> dict[str, Any]:
    """DataCite Metadata Schema 4; the DOI is given when it is registered."""
    titles = [{"title": facts["title"]}]
    titles += [{"title": facts["subtitle"], "titleType": "Subtitle"}] if facts["subtitle"] else []
    return {
        "schemaVersion": "http://datacite.org/schema/kernel-4", "titles": titles,
        "creators": [{"name": facts["author"], "nameType": "Organizational"}],
        "publisher": {"name": facts["author"]}, "publicationYear": facts["date"][:4],
        "types": {"resourceTypeGeneral": "Report", "resourceType": "Sozialbericht"}, "language": "de",
        "dates": [{"date": facts["date"], "dateType": "Issued"}, {"date": facts["cutoff"], "dateType": "Collected"},
                  {"date": f"{facts['years'][0]}/{facts['years'][1]}", "dateType": "Coverage"}],
        "version": facts["version"], "rightsList": _rights(facts),
        "descriptions": [{"description": _describe(facts), "descriptionType": "Abstract"}],
        "subjects": [{"subject": word} for word in SUBJECTS],
        "geoLocations": [{"geoLocationPlace": f"{facts['place']} (AGS {facts['ags']})"}],
        "relatedItems": [], "formats": ["text/html", "application/pdf", "text/csv"],
        **({"url": facts["address"]} if facts["address"] else {}),
    }  # fmt: skip


SUBJECTS = ("Sozialberichterstattung", "Familie", "Bildung", "Armutsprävention", "amtliche Statistik")


def _zenodo(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "metadata": {
            "upload_type": "publication", "publication_type": "report", "title": facts["title"],
            "publication_date": facts["date"], "version": facts["version"], "language": "deu",
            "creators": [{"name": facts["author"]}], "description": _describe(facts), "access_right": "open",
            "keywords": list(SUBJECTS), "notes": "Quellen: " + " · ".join(facts["sources"]),
        }
    }  # fmt: skip


def _dcat(facts: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """A dataset in DCAT-AP.de 2.0 as JSON-LD, with one distribution per form of the book."""
    home = facts["address"] or f"urn:kreisbericht:{facts['ags']}"
    files = [path for path in (folder / "index.html", *sorted(folder.glob("*.pdf")), folder / "daten" / "werte.csv")
             if path.is_file()]  # fmt: skip
    licence = next((DCAT_LICENCES[key] for key in facts["licences"] if key in DCAT_LICENCES), "")
    return {
        "@context": CONTEXT, "@id": f"{home}/{facts['version']}", "@type": "dcat:Dataset",
        "dct:title": {"@value": f"{facts['title']} {facts['version']}", "@language": "de"},
        "dct:description": {"@value": _describe(facts), "@language": "de"},
        "dct:identifier": f"kreisbericht-{facts['ags']}-{facts['version']}",
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": facts["author"]},
        "dcatde:politicalGeocodingURI": {"@id": f"http://dcat-ap.de/def/politicalGeocoding/districtKey/{facts['ags']}"},
        "dcatde:politicalGeocodingLevelURI": {
            "@id": "http://dcat-ap.de/def/politicalGeocoding/Level/administrativeDistrict"},
        "dcat:theme": [{"@id": f"http://publications.europa.eu/resource/authority/data-theme/{code}"}
                       for code in ("SOCI", "EDUC")],
        "dct:language": {"@id": "http://publications.europa.eu/resource/authority/language/DEU"},
        "dct:issued": {"@value": facts["date"], "@type": "xsd:date"}, "owl:versionInfo": facts["version"],
        "dct:temporal": {"@type": "dct:PeriodOfTime",
                         "dcat:startDate": {"@value": f"{facts['years'][0]}", "@type": "xsd:gYear"},
                         "dcat:endDate": {"@value": f"{facts['years'][1]}", "@type": "xsd:gYear"}},
        "dcat:keyword": list(SUBJECTS),
        "dcat:distribution": [_distribution(home, facts, path.relative_to(folder).as_posix(), licence)
                              for path in files],
    }  # fmt: skip


def _distribution(home: str, facts: Mapping[str, Any], name: str, licence: str) -> dict[str, Any]:
    address = f"{home}/{facts['ags']}/{facts['version']}/{name}" if home.startswith("http") else f"{home}/{name}"
    found = {"@type": "dcat:Distribution", "@id": address, "dcat:accessURL": {"@id": address},
             "dcat:mediaType": MEDIA[Path(name).suffix], "dct:title": name}  # fmt: skip
    if licence:
        found |= {"dct:license": {"@id": licence}, "dcatde:licenseAttributionByText": " · ".join(facts["sources"])}
    return found
