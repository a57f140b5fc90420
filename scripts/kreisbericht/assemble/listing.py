"""``ausgabe.json``: what the site and the edition switcher know about one finished edition, whoever assembled it."""

from __future__ import annotations

import html
import json
import re
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
    titles = [_page_title(folder / page, str(meta["book"]["title"])) for page in pages]
    district = (meta.get("ausgabe") or {}).get("kreis") or {}
    facts = {
        "ags": str(district.get("ags", "")),
        "kreis": str(district.get("name", "")),
        "titel": str(meta["book"]["title"]),
        "bericht": str((meta.get("ausgabe") or {}).get("bericht") or "gesamt"),
        "id": edition.id,
        "version": edition.version,
        "berichtsjahr": edition.berichtsjahr,
        "datenstand": f"{edition.datenstand:%d.%m.%Y}",
        "status": edition.status,
        "status_text": edition.status_text,
        "pdf": pdf,
        "seiten": pages,
        "titel_der_seiten": titles,
        "rechtliches": [page for name in LEGAL for page in pages if Path(page).stem == name],
    }
    write_atomically(folder / FILE, json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return folder / FILE


def _page_title(page: Path, book: str) -> str:
    """Title of a page without the book's: '4 Kinderarmut'; the opening page has only the book's."""
    found = re.search(r"<title>(.*?)</title>", page.read_text(encoding="utf-8"), re.DOTALL)
    title = html.unescape(found[1]).strip() if found else page.stem
    return title.rpartition(" – ")[0] or ("Titelseite" if title.startswith(book) else title)
