"""``ausgabe.json``: what the site and the edition switcher know about one finished edition, whoever assembled it."""

from __future__ import annotations

import json
from pathlib import Path

from kreisbericht.editions import Edition
from kreisbericht.paths import write_atomically

FILE = "ausgabe.json"
LEGAL = {
    "impressum": "Impressum",
    "datenschutz": "Datenschutz",
    "barrierefreiheit": "Erklärung zur Barrierefreiheit",
    "rueckmeldung": "Rückmeldung geben",
    "lizenzen": "Lizenzen",
}
"""Pages every foot names where they exist, by file name."""


def describe_edition(folder: Path, *, meta: dict, edition: Edition, pdf: str = "") -> Path:
    """Write ``ausgabe.json`` into the finished edition in ``folder``.

    ``meta`` is the book's metadata (``book: title``, ``ausgabe: kreis``), ``pdf`` the name of the PDF or ''.
    """
    pages = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    district = (meta.get("ausgabe") or {}).get("kreis") or {}
    facts = {
        "ags": str(district.get("ags", "")),
        "kreis": str(district.get("name", "")),
        "titel": str(meta["book"]["title"]),
        "id": edition.id,
        "version": edition.version,
        "berichtsjahr": edition.berichtsjahr,
        "datenstand": f"{edition.datenstand:%d.%m.%Y}",
        "status": edition.status,
        "status_text": edition.status_text,
        "pdf": pdf,
        "seiten": pages,
        "rechtliches": [page for name in LEGAL for page in pages if Path(page).stem == name],
    }
    write_atomically(folder / FILE, json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return folder / FILE
