"""What lies beside the chapters before a book is assembled, for both assemblers and both formats.

``_beilagen.json`` tells the filters (``beilagen.lua``) which terms lead to the glossary, which indicators have a sheet,
where all figures lie as one archive and how the book is cited; ``daten/alle-daten.zip`` is that archive. Not in here:
how any of it looks (``html.lua``, ``typst.lua``), the files of one figure (``downloads``).
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from kreisbericht.addresses import report_suffix
from kreisbericht.assemble.glossary import linked_terms
from kreisbericht.assemble.places import write_places
from kreisbericht.book import BookPlan, Entry
from kreisbericht.catalogue import load_catalogue
from kreisbericht.downloads import EXCEL, MEANING, add_file, find_tables, rows_to_csv
from kreisbericht.editions import Edition
from kreisbericht.numbers import SYMBOLS, format_number
from kreisbericht.output import make_id
from kreisbericht.paths import write_atomically

FILE = "_beilagen.json"
ARCHIVE = "daten/alle-daten.zip"
GLOSSARY, SHEETS = "glossar", "indikatorenblaetter"  # chapters by file name
_SHEET = re.compile(r"^### (.+?) \{#(ind-[\w-]+)", re.MULTILINE)


def write_enclosures(root: Path, plan: BookPlan, edition: Edition) -> Path:
    """Write the archive, the index of places and ``_beilagen.json`` into ``root``, a project whose notebooks have run.

    Files that would be the same are left alone.
    """
    write_places(root, plan)
    archive = write_archive(root, plan, edition)
    facts = {
        "zitat": describe_citation(plan, edition),
        "glossar": _find_glossary(plan),
        "blaetter": _find_sheets(root, plan),
        "daten": {"datei": ARCHIVE, "name": archive_name(plan, edition), "groesse": _size(archive)} if archive else {},
    }
    text = json.dumps({key: value for key, value in facts.items() if value}, ensure_ascii=False, sort_keys=True)
    return _write(root / FILE, (text + "\n").encode())


def describe_citation(plan: BookPlan, edition: Edition) -> dict[str, str]:
    """``vorn`` (author and year), ``hinten`` (book, edition, cut-off), ``adresse`` (the edition's, '' if unknown)."""
    book = plan.meta["book"]
    title = ". ".join(str(part) for part in (book["title"], book.get("subtitle")) if part)
    return {
        "vorn": f"{book.get('author') or book['title']} ({citation_year(plan.meta, edition)})",
        "hinten": f"{title}. Ausgabe {edition.version}, {edition.status_text}, Datenstand "
                  f"{edition.datenstand:%d.%m.%Y}.",
        "adresse": citation_address(plan.meta, edition),
    }  # fmt: skip


def citation_year(meta: dict, edition: Edition) -> str:
    """Year under which the book is cited: that of its date, else the year it reports on."""
    return str(meta["book"].get("date") or edition.berichtsjahr)[:4]


def citation_address(meta: dict, edition: Edition) -> str:
    """Lasting address of the edition's folder, '' where the project names no site."""
    block = meta.get("ausgabe") or {}
    site, ags = str(meta["book"].get("site-url") or "").rstrip("/"), str((block.get("kreis") or {}).get("ags", ""))
    folder = edition.id if edition.status == "entwurf" else edition.version
    return f"{site}/{ags}/{folder}{report_suffix(str(block.get('bericht') or 'gesamt'))}/" if site else ""


def archive_name(plan: BookPlan, edition: Edition) -> str:
    """Name under which the archive is saved: ``16065-2025.1-alle-daten.zip``."""
    block = plan.meta.get("ausgabe") or {}
    ags = str((block.get("kreis") or {}).get("ags", ""))
    suffix = report_suffix(str(block.get("bericht") or "gesamt"))
    return "-".join(part for part in (ags, f"{edition.version}{suffix}", "alle-daten.zip") if part)


def write_archive(root: Path, plan: BookPlan, edition: Edition) -> Path | None:
    """``daten/alle-daten.zip``: every figure's and table's CSV, the workbooks, the indicators; None without data.

    The same figures give the same bytes.
    """
    chapters = [entry for entry in plan.data_chapters if find_tables(_folder(root, entry))]
    if not chapters:
        return None
    folder, buffer = archive_name(plan, edition).removesuffix(".zip"), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        add_file(zipped, f"{folder}/LIESMICH.txt", _read_me(plan, edition).encode())
        add_file(zipped, f"{folder}/indikatoren.csv", _catalogue_file().encode())
        for entry in chapters:
            for path in sorted(_folder(root, entry).iterdir()):
                if path.suffix in (".csv", ".xlsx") and not path.name.endswith(EXCEL):
                    add_file(zipped, f"{folder}/{entry.stem}/{path.name}", path.read_bytes())
    return _write(root / ARCHIVE, buffer.getvalue())


def _read_me(plan: BookPlan, edition: Edition) -> str:
    citation = describe_citation(plan, edition)
    lines = [
        f"{citation['vorn']}: {citation['hinten']}", "",
        "Je Kapitel ein Ordner: zu jeder Abbildung (fig-…) und Tabelle (tbl-…) eine CSV-Datei (UTF-8, Komma als "
        "Trenner, Punkt als Dezimalzeichen) und für alle zusammen eine Arbeitsmappe (XLSX).",
        "indikatoren.csv: Definition, Einheit, Quelle und Lizenz jedes Indikators.",
        "Was im Bericht nicht gezeigt wird, weil es auf zu wenigen Menschen beruht, fehlt auch hier.", "",
        "Spalten", *(f"  {name}: {meaning}" for name, meaning in MEANING.items()), "",
        "Zeichen", *(f"  {sign}  {meaning}" for sign, meaning in SYMBOLS.items()), "",
        "Quelle und Lizenz stehen in jeder Zeile. Bei Weitergabe ist der Quellenvermerk zu nennen.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _catalogue_file() -> str:
    return rows_to_csv(
        {
            "id": entry.id, "bezeichnung": entry.title, "einheit": entry.unit, "definition": entry.definition,
            "zaehler": entry.numerator, "nenner": entry.denominator, "quelle": entry.credit, "lizenz": entry.licence,
            "adresse": entry.url, "stand": entry.as_of, "grenzen": entry.limits,
        }
        for entry in load_catalogue().values() if not entry.own
    )  # fmt: skip


def _find_glossary(plan: BookPlan) -> dict:
    entry, terms = _find(plan, GLOSSARY), linked_terms()
    if entry is None or not terms:
        return {}
    lists = (one for one in plan.entries if one.kind == "appendix" and one.is_data)  # not running text
    printed = list(dict.fromkeys([entry.stem, *(one.stem for one in lists)]))
    return {"seite": _page(entry), "einzeln": f"{entry.stem}-", "begriffe": terms, "ohne": printed}


def _find_sheets(root: Path, plan: BookPlan) -> dict:
    entry = _find(plan, SHEETS)
    file = root / entry.source if entry else None
    if file is None or not file.is_file():
        return {}
    printed = "\n".join(_markdown(file))
    titles = {name: re.sub(r"\\(.)", r"\1", title) for title, name in _SHEET.findall(printed)}
    known = {one: make_id("ind", one) for one in load_catalogue()}
    listed = {one: {"id": name, "titel": titles[name]} for one, name in known.items() if name in titles}
    return {"seite": _page(entry), "liste": listed} if listed else {}


def _markdown(file: Path) -> Iterable[str]:
    for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            yield "".join(output.get("data", {}).get("text/markdown", ""))


def _find(plan: BookPlan, stem: str) -> Entry | None:
    return next((entry for entry in plan.entries if entry.stem == stem), None)


def _page(entry: Entry) -> str:
    return str(Path(entry.source).with_suffix(""))


def _folder(root: Path, entry: Entry) -> Path:
    return (root / entry.source).with_suffix("")


def _size(archive: Path) -> str:
    return f"{format_number(archive.stat().st_size / 1e6, 1)} MB"


def _write(path: Path, content: bytes) -> Path:
    if not path.is_file() or path.read_bytes() != content:
        write_atomically(path, content)
    return path
