"""The site above the editions: ``index.html`` with districts and editions, and lists of editions for programs.

``<ags>/editions.json`` and ``editions.js`` list one district's editions with all their pages, for the switcher of its
pages; ``editions.json`` above names every edition in a few words, and ``editions.js`` there only leads pages that were
published earlier to their district's list.

Everything is read from the ``ausgabe.json`` in each edition's folder, so any number of renders may run side by side and
the site is made once at the end. Not in here: publishing and checksums.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from pathlib import Path

from kreisbericht.addresses import is_published
from kreisbericht.assemble.assets import EXTENSION, write_assets
from kreisbericht.assemble.frame import POLICY, templates
from kreisbericht.assemble.listing import FILE, LEGAL
from kreisbericht.assemble.outline_map import draw_map, load_cover_outlines
from kreisbericht.assessments import home_ags
from kreisbericht.book import REPORTS
from kreisbericht.editions import STATUS, version_key
from kreisbericht.errors import ParameterError
from kreisbericht.paths import write_atomically
from kreisbericht.regions import find_region

LIST, SCRIPT = "editions.json", "editions.js"
PAGES = ("seiten", "titel_der_seiten", "rechtliches")
"""What an edition's entry says of its pages."""


def list_published(site: Path, ags: str = "[!.]*") -> list[dict]:
    """All editions below ``site`` (or of one district), by district and then newest first.

    ``ordner`` is the edition's folder name, ``veroeffentlicht`` whether it is a published version. The stable address
    of a published edition, which shows one of these versions, and a draft of a published version are left out.
    """
    found = []
    for file in site.glob(f"{ags}/[!.]*/{FILE}"):  # a folder with a leading dot is still being written
        edition = json.loads(file.read_text(encoding="utf-8"))
        edition["ordner"] = file.parent.name
        edition["veroeffentlicht"] = is_published(file.parent)
        edition["archiv"] = next((f"archiv/{zipped.name}" for zipped in file.parent.glob("archiv/*.zip")), "")
        edition["status_kurz"] = STATUS[edition["status"]]
        report = edition.setdefault("bericht", "gesamt")
        edition["teil"] = REPORTS[report].subtitle if report in REPORTS else ""
        if edition["pdf"] and not (file.parent / edition["pdf"]).is_file():
            edition["pdf"] = ""
        if not edition["veroeffentlicht"] or edition["ordner"].startswith(edition["version"]):
            found.append(edition)
    found = [e for e in found if e["veroeffentlicht"] or not _is_outdated_draft(e, found)]
    found.sort(key=lambda e: (version_key(e["version"]), e["bericht"] == "gesamt", e["ordner"]), reverse=True)
    return sorted(found, key=lambda e: e["ags"])


def _is_outdated_draft(draft: dict, editions: list[dict]) -> bool:
    """Whether the draft's version and report is published already."""

    def key(e):
        return (e["ags"], e["version"], e["bericht"])

    return any(e["veroeffentlicht"] and key(e) == key(draft) for e in editions)


def write_site(site: Path, *, home: str = "") -> Path:
    """Write the index of all districts and editions below ``site`` and return its path.

    ``home`` is the district shown first with all its editions; by default the project's own, or the one with most.
    """
    editions = list_published(site)
    write_assets(site / "assets")
    for ags, group in groupby(editions, key=lambda e: e["ags"]):
        write_district(site / ags, list(group))
    home = home or _usual_district(editions, home_ags())
    own = [edition for edition in editions if edition["ags"] == home]
    context = {
        "policy": POLICY,
        "home": home,
        "own": own,
        "lands": _newest_by_land(editions),
        "legal": [(LEGAL[Path(page).stem], _address(own[0], page)) for page in own[0]["rechtliches"]] if own else [],
        "picture": _write_picture(site, home, {edition["ags"] for edition in editions}),
    }
    text = templates().get_template("site.html").render(context)
    write_atomically(site / "index.html", text)
    write_atomically(site / SCRIPT, (EXTENSION / "html" / SCRIPT).read_bytes())
    write_atomically(site / LIST, _as_json(summarise(editions)))  # last: it tells the next run that all is there
    return site / "index.html"


def write_district(folder: Path, editions: list[dict]) -> Path:
    """Write ``<ags>/index.html``: the district's editions, and each page's place in them; and its lists.

    It is the edition switcher for readers without JavaScript. ``editions`` are newest first.
    """
    pages: dict[str, str] = {}
    for edition in editions:
        for page, title in zip(edition["seiten"], edition["titel_der_seiten"], strict=True):
            pages.setdefault(page, title)
    order = sorted(pages, key=lambda page: (page != "index.html", _title_key(pages[page])))
    rows = [(anchor_of(page), page, pages[page], [(e, page in e["seiten"]) for e in editions]) for page in order]
    text = templates().get_template("district.html").render(policy=POLICY, editions=editions, rows=rows)
    write_atomically(folder / "index.html", text)
    listing = _as_json(editions)
    write_atomically(folder / SCRIPT, f"window.kreisberichtAusgaben={listing.rstrip()};\n")
    write_atomically(folder / LIST, listing)
    return folder / "index.html"


def summarise(editions: list[dict]) -> list[dict]:
    """The editions without their pages: a list of all districts stays small."""
    return [{key: value for key, value in edition.items() if key not in PAGES} for edition in editions]


def is_behind(site: Path, ags: str) -> bool:
    """Whether the lists say anything else of a district than what lies in the site."""
    there = list_published(site, ags)
    try:
        of_district, of_all = (
            json.loads(path.read_text(encoding="utf-8")) for path in (site / ags / LIST, site / LIST)
        )
    except (OSError, ValueError):
        return True
    return of_district != there or [entry for entry in of_all if entry["ags"] == ags] != summarise(there)


def _as_json(editions: list[dict]) -> str:
    lines = (json.dumps(edition, ensure_ascii=False, sort_keys=True) for edition in editions)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def anchor_of(page: str) -> str:
    """Anchor of a page in its district's list: 'seite-chapters-daten-kinderarmut'."""
    return "seite-" + page.removesuffix(".html").replace("/", "-")


def _title_key(title: str) -> tuple[int, int, str]:
    """Chapters in order of number, appendices by letter, the rest by name."""
    number = title.split(" ", 1)[0]
    if number.isdigit():
        return 0, int(number), title
    return (1 if len(number) == 1 and number.isupper() else 2), 0, title


def _usual_district(editions: list[dict], own: str) -> str:
    counted = Counter(edition["ags"] for edition in editions)
    return own if own in counted else max(sorted(counted), key=lambda ags: counted[ags], default="")


def _address(edition: dict, page: str) -> str:
    return f"{edition['ags']}/{edition['ordner']}/{page}"


def _newest_by_land(editions: list[dict]) -> list[tuple[str, list[dict]]]:
    """Newest edition of every district, by Land; names from the regions table."""
    newest = [next(group) for _, group in groupby(editions, key=lambda e: e["ags"])]
    newest.sort(key=lambda e: (e["ags"][:2], e["kreis"]))
    return [(_land_name(key), list(group)) for key, group in groupby(newest, key=lambda e: e["ags"][:2])]


def _land_name(ags: str) -> str:
    try:
        return find_region(ags).name
    except ParameterError:
        return ags


def _write_picture(site: Path, home: str, districts: set[str]) -> dict | None:
    found = load_cover_outlines(f"{home[:2]}000") if home else None
    if found is None:
        return None
    outlines, _ = found
    svg, width, height = draw_map(outlines, marked=districts)
    write_atomically(site / "assets" / "karte.svg", svg)
    shown = [_land_name(ags) for ags in sorted(districts & outlines.rings.keys())]
    names = ", ".join(shown) if len(shown) <= 5 else f"{len(shown)} Kreise"
    return {
        "width": width,
        "height": height,
        "credit": outlines.credit,
        "alt": f"Karte der Kreise. Mit Bericht: {names}.",
    }
