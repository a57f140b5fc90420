"""Folders of the site: which one a draft, a published version and an edition's stable address have.

=============================  ==========================================================================
``<site>/<ags>/2025.1/``       version 2025.1 as published: never changed again
``<site>/<ags>/2025/``         stable address of edition 2025: its newest published version, or the draft
``<site>/<ags>/2025-entwurf/`` draft of edition 2025 once a version of it is published
=============================  ==========================================================================

A report other than the whole book adds its name (``2025.1-armut``). A published folder is one that holds
``SHA256SUMS``. Not in here: what is in the folders.
"""

from __future__ import annotations

import json
from pathlib import Path

from kreisbericht.editions import Edition, version_key
from kreisbericht.paths import site_dir

SUMS = "SHA256SUMS"
FACTS = "ausgabe.json"
DRAFT = "-entwurf"


def report_suffix(report: str) -> str:
    """What a report adds to a folder's name: '' for the whole book, '-armut' for a part of it."""
    return "" if report == "gesamt" else f"-{report}"


def edition_folder(ags: str, edition: Edition, report: str = "gesamt") -> Path:
    """Stable address of an edition."""
    return site_dir() / ags / f"{edition.id}{report_suffix(report)}"


def version_folder(ags: str, edition: Edition, report: str = "gesamt") -> Path:
    """Where the edition's version lies once it is published."""
    return site_dir() / ags / f"{edition.version}{report_suffix(report)}"


def draft_folder(ags: str, edition: Edition, report: str = "gesamt") -> Path:
    """Where a render goes: the edition's address until a version is published, beside it afterwards."""
    usual = edition_folder(ags, edition, report)
    if not is_published(usual) and not published_versions(ags, edition, report):
        return usual
    return usual.with_name(f"{edition.id}{DRAFT}{report_suffix(report)}")


def is_published(folder: Path) -> bool:
    """Whether the folder holds a published version (or is an edition's address that shows one)."""
    return (folder / SUMS).is_file()


def published_versions(ags: str, edition: Edition, report: str = "gesamt") -> list[Path]:
    """Folders of all published versions of an edition, oldest first."""
    found = []
    for folder in (site_dir() / ags).glob("[!.]*"):
        facts = read_facts(folder) if is_published(folder) else {}
        if facts.get("id") == edition.id and folder.name == f"{facts['version']}{report_suffix(report)}":
            found.append((version_key(facts["version"]), folder))
    return [folder for _, folder in sorted(found)]


def read_facts(folder: Path) -> dict:
    """``ausgabe.json`` of a folder; empty where there is none."""
    file = folder / FACTS
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
