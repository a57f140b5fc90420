"""The comparison of any two editions as a page and as files: ``_site/<ags>/vergleich-<A>-<B>/``.

Not in here: comparing (``compare``) and the chapter in the book (``changes``).
"""

from __future__ import annotations

import html
import itertools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kreisbericht import paths
from kreisbericht.addresses import is_published, published_versions, read_facts
from kreisbericht.assemble.frame import POLICY, templates
from kreisbericht.assemble.pandoc import run_pandoc
from kreisbericht.changes import Changes, compare_snapshots
from kreisbericht.editions import Edition, list_editions
from kreisbericht.errors import ParameterError, nearest
from kreisbericht.output import Printer
from kreisbericht.regions import Region
from kreisbericht.snapshot import Snapshot, read_snapshot, take_snapshot

SECTIONS = (
    ("Überblick", "summary"), ("Aussagen, die sich gewendet haben", "turned"), ("Neue Zahlen", "new_years"),
    ("Revidierte Werte", "revised"), ("Kapitel, Beschlüsse, Texte", "contents"),
)  # fmt: skip


def find_snapshot(region: Region, name: str, report: str = "gesamt") -> Snapshot:
    """What an edition or version says: as published where it is, else as the project has it now.

    Raises
    ------
    ParameterError
        If there is neither a published version nor an edition of this name.
    """
    editions = list_editions(paths.ROOT)
    for edition in editions:
        if name in {edition.id, edition.version} or name.startswith(f"{edition.id}."):
            found = _published(region, edition, name, report)
            if found:
                return found
            if name in {edition.id, edition.version}:
                return take_snapshot(region, edition, report)
    known = [word for edition in editions for word in (edition.id, edition.version)]
    raise ParameterError(
        f"Ausgabe '{name}' gibt es nicht.{nearest(name, known)} Vorhanden: {', '.join(known)}. Es wurde nichts "
        "verglichen."
    )


def write_comparison(region: Region, before: Snapshot, after: Snapshot) -> tuple[dict[str, Any], Path]:
    """Compare and write ``index.html`` and ``vergleich.json``; returns the comparison and the page."""
    found = compare_snapshots(before, after)
    name = f"vergleich-{found['alt']['version']}-{found['neu']['version']}"
    folder = paths.site_dir() / region.ags / name
    paths.write_atomically(folder / "vergleich.json", json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    paths.write_atomically(folder / "index.html", _page(found))
    return found, folder / "index.html"


def _published(region: Region, edition: Edition, name: str, report: str) -> Snapshot | None:
    folders = [folder for folder in published_versions(region.ags, edition, report) if is_published(folder)]
    for folder in reversed(folders):
        if name == edition.id or read_facts(folder)["version"] == name:
            return read_snapshot(folder)
    return None


def _page(found: Mapping[str, Any]) -> str:
    changes = Changes(found, Printer(None))
    sections = [(title, _html(getattr(changes, method)().text, title)) for title, method in SECTIONS]
    return templates().get_template("compare.html").render(policy=POLICY, found=found, sections=sections)


def _html(markdown: str, title: str) -> str:
    tree = json.loads(run_pandoc(["-f", "commonmark_x", "-t", "json"], markdown))
    text = run_pandoc(["-f", "json", "-t", "html5", "--wrap=none"], json.dumps(tree))
    place = itertools.count(1)

    def open_region(_: re.Match[str]) -> str:
        name = html.escape(f"{title}, Tabelle {next(place)}")
        return f'<div class="rollfeld" tabindex="0" role="region" aria-label="{name}"><table>'

    return re.sub("<table[^>]*>", open_region, text).replace("</table>", "</table></div>")
