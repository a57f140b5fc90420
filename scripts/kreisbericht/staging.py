"""The staging tree ``_build/<ags>/<edition>/``: a complete Quarto project of one district and edition.

Sources are copied, executed notebooks lie inside, so districts and editions render side by side and nothing
half-done is seen. Not in here: running notebooks (``runner``) and assembling (``assemble``).
"""

from __future__ import annotations

import copy
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

from kreisbericht.addresses import draft_folder, report_suffix
from kreisbericht.book import REPORTS, BookPlan, Entry, read_plan
from kreisbericht.editions import Edition, list_editions
from kreisbericht.errors import ParameterError
from kreisbericht.paths import build_dir, write_atomically
from kreisbericht.regions import Region
from kreisbericht.sample import NOTICE, is_sample

EXTENSION = Path("_extensions") / "kreisbericht"
NO_GRANT = "Für diese Ausgabe ist keine Förderung verzeichnet."


@dataclass(frozen=True)
class Stage:
    """Where one book is made and where it goes."""

    root: Path  # a Quarto project of its own
    chapters: Path  # executed notebooks: <root>/chapters/daten
    target: Path  # the book's folder in the site
    plan: BookPlan  # with the district's names in its metadata
    report: str = "gesamt"
    fixed: bool = False  # target was given, not chosen by the rules of the site


@dataclass(frozen=True)
class Place:
    """Where a render outside the site happens: staging folder and target, both made from nothing."""

    build: Path
    target: Path


def open_stage(
    project: Path, plan: BookPlan, region: Region, edition: Edition, report: str = "gesamt", *,
    place: Place | None = None,
) -> Stage:  # fmt: skip
    """Prepare the staging tree; files that are the same are left alone."""
    name = f"{edition.id}{report_suffix(report)}"
    root = place.build / name if place else build_dir() / region.ags / name
    plan = localise_plan(plan, region, report)
    chapters = root / "chapters" / "daten"
    chapters.mkdir(parents=True, exist_ok=True)
    for entry in plan.entries:
        if not entry.is_data:
            _copy(project / entry.source, root / entry.source)
    logo = plan.meta["ausgabe"].get("logo")
    if logo and not (project / logo).is_file():
        raise ParameterError(
            f"_quarto.yml, ausgabe: logo: Die Datei '{logo}' gibt es nicht. Bitte die Datei ablegen oder die Zeile "
            "löschen; es wurde nichts gerendert."
        )
    for extra in (plan.meta.get("bibliography"), "_variables.yml", logo):
        if extra and (project / extra).is_file():
            _copy(project / extra, root / extra)
    sync_tree(project / EXTENSION, root / EXTENSION)
    _write_config(root, plan)
    target = place.target if place else draft_folder(region.ags, edition, report)
    return Stage(root, chapters, target, plan, report, fixed=place is not None)


def hold_places(project: Path) -> list[Path]:
    """Put a placeholder where a data chapter of the project itself has not been made yet; returns the new files.

    Quarto looks for all chapters before it runs ``pre-render``, which makes them.
    """
    made = []
    for edition in list_editions(project):
        for entry in read_plan(project, edition.profile).data_chapters:
            file = project / entry.source
            if not file.is_file():
                title = {"cell_type": "markdown", "id": "titel", "metadata": {}, "source": f"# {entry.stem}"}
                notebook = {"cells": [title], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
                write_atomically(file, json.dumps(notebook))
                made.append(file)
    return made


def localise_plan(plan: BookPlan, region: Region, report: str = "gesamt") -> BookPlan:
    """The plan with the district's name, grammar and author instead of the home district's."""
    meta = copy.deepcopy(plan.meta)
    home, home_key = meta["ausgabe"]["kreis"]["name"], str(meta["ausgabe"]["kreis"].get("ags"))
    meta["ausgabe"]["kreis"] = {
        "ags": region.ags, "name": region.label, "dativ": region.in_phrase, "genitiv": region.of_phrase,
    }  # fmt: skip
    if region.ags != home_key:  # a grant is the home district's
        meta["ausgabe"]["foerderung"] = NO_GRANT
        meta["ausgabe"].pop("logo", None)  # so is a logo
    meta["ausgabe"].setdefault("kontakt", _contact(region.ags))
    if is_sample(region.ags):
        meta["ausgabe"]["muster"] = NOTICE
    for key in ("title", "author"):
        meta["book"][key] = str(meta["book"][key]).replace(home, region.label)
    meta["ausgabe"]["bericht"] = report
    if report != "gesamt":
        meta["book"]["subtitle"] = REPORTS[report].subtitle
    return BookPlan(meta, plan.entries)


def _contact(ags: str) -> str:
    from kreisbericht.appendix.statements import contact_line

    return contact_line(ags)


def sync_tree(source: Path, target: Path) -> None:
    """Make ``target`` hold the files of ``source``: changed ones are copied, vanished ones removed."""
    wanted = {path.relative_to(source) for path in source.rglob("*") if path.is_file()} if source.is_dir() else set()
    for relative in wanted:
        _copy(source / relative, target / relative)
    for path in [p for p in target.rglob("*") if p.is_file() and p.relative_to(target) not in wanted]:
        path.unlink()


def remove_strays(stage: Stage) -> None:
    """Remove executed notebooks that the plan no longer names, so that no old chapter survives."""
    wanted = {entry.stem for entry in stage.plan.data_chapters}
    for path in stage.chapters.iterdir():
        if path.stem not in wanted:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def _write_config(root: Path, plan: BookPlan) -> None:
    meta = copy.deepcopy(plan.meta)
    for step in ("pre-render", "post-render"):  # the caller does both
        meta["project"].pop(step, None)
    meta.pop("profile", None)
    if logo := meta["ausgabe"].get("logo"):
        meta["book"]["sidebar"] = {"logo": logo, "logo-alt": meta["book"]["author"]} | (
            meta["book"].get("sidebar") or {}
        )
    meta["book"]["chapters"] = _nest([e for e in plan.entries if e.kind != "appendix"])
    meta["book"]["appendices"] = [e.source for e in plan.entries if e.kind == "appendix"]
    text = yaml.safe_dump(meta, allow_unicode=True, sort_keys=False, width=120)
    file = root / "_quarto.yml"
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        write_atomically(file, text)


def _nest(entries: list[Entry]) -> list:
    nested: list = []
    for entry in entries:
        if not entry.part:
            nested.append(entry.source)
        elif nested and isinstance(nested[-1], dict) and nested[-1]["part"] == entry.part:
            nested[-1]["chapters"].append(entry.source)
        else:
            nested.append({"part": entry.part, "chapters": [entry.source]})
    return nested


def _copy(source: Path, target: Path) -> None:
    content = source.read_bytes()
    if not target.is_file() or target.read_bytes() != content:
        write_atomically(target, content)
