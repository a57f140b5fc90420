"""What an edition says, in a form that can be compared: ``stand.json`` in a published edition.

Chapters, indicators with the values of district, Land and Germany as the book shows them, written texts, resolutions.
Not in here: comparing (``compare``) and where a figure stands in the book (``manifest``).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kreisbericht import paths, store
from kreisbericht.appendix.usage import find_usage
from kreisbericht.assessments import find_assessment
from kreisbericht.book import BookPlan, find_notebooks, read_plan, select_report
from kreisbericht.catalogue import Indicator, find_indicator
from kreisbericht.editions import Edition
from kreisbericht.regions import Region, find_region
from kreisbericht.strategy.monitoring import edition_day
from kreisbericht.strategy.tables import load_strategy

FILE = "stand.json"
_HEADING = re.compile(r"^# +(.+?)(?:\s*\{[^}]*\})?\s*$", re.MULTILINE)

Snapshot = dict[str, Any]


def take_snapshot(region: Region, edition: Edition, report: str = "gesamt") -> Snapshot:
    """The edition as the project's data and texts have it now.

    Returns
    -------
    ``ausgabe`` (id, version, berichtsjahr, datenstand, status), ``kreis``, ``kapitel`` by stem (titel, art),
    ``indikatoren`` by id (titel, einheit, …, ``werte`` by ags and year; None where a symbol stands), ``texte`` by
    chapter (paragraphs), ``beschluesse`` by id.
    """
    plan = select_report(read_plan(paths.ROOT, edition.profile), report)
    notebooks = find_notebooks(paths.ROOT)
    usage = find_usage(notebooks[entry.stem] for entry in plan.data_chapters if entry.stem in notebooks)
    chapters: dict[str, list[str]] = {}
    for stem, chapter in usage.items():
        for name in chapter["indikatoren"]:
            chapters.setdefault(name, []).append(stem)
    return {
        "ausgabe": {
            "id": edition.id, "version": edition.version, "berichtsjahr": edition.berichtsjahr,
            "datenstand": f"{edition.datenstand}", "status": edition.status,
        },
        "kreis": {"ags": region.ags, "name": region.label},
        "kapitel": _describe_chapters(plan, notebooks),
        "indikatoren": {
            name: _describe_indicator(find_indicator(name), region, edition.berichtsjahr, stems)
            for name, stems in chapters.items()
        },
        "texte": _read_texts(plan, edition, region),
        "beschluesse": _read_resolutions(region, edition),
    }  # fmt: skip


def read_snapshot(folder: Path) -> Snapshot | None:
    """``stand.json`` of a published edition; None where there is none."""
    file = folder / FILE
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def write_snapshot(snapshot: Snapshot, folder: Path) -> Path:
    """Write ``stand.json``; the same snapshot gives the same bytes."""
    paths.write_atomically(folder / FILE, json.dumps(snapshot, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return folder / FILE


def _describe_chapters(plan: BookPlan, notebooks: Mapping[str, Path]) -> dict[str, dict[str, str]]:
    found = {}
    for entry in plan.entries:
        if entry.is_data:
            cells = json.loads(notebooks[entry.stem].read_text(encoding="utf-8"))["cells"]
            text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        else:
            text = (paths.ROOT / entry.source).read_text(encoding="utf-8")
        heading = _HEADING.search(text)
        kind = "daten" if entry.is_data else "text"
        found[entry.stem] = {"titel": heading[1] if heading else entry.stem, "art": kind, "teil": entry.part}
    return found


def _describe_indicator(indicator: Indicator, region: Region, until: int, stems: list[str]) -> dict[str, Any]:
    areas = [region.ags, *([region.land.ags] if region.land else []), find_region("00").ags]
    counts = {
        role: _series(name, region.ags, until)
        for role, name in (("zaehler", indicator.numerator_id), ("nenner", indicator.denominator_id))
        if indicator.numerator_id and indicator.denominator_id
    }
    breaks = {str(entry.year): entry.event for entry in indicator.breaks_for(region.ags)}
    return {
        "titel": indicator.title, "kurz": indicator.short, "artikel": indicator.article, "einheit": indicator.unit,
        "stellen": indicator.digits, "polung": indicator.polarity, "kapitel": stems, "brueche": breaks,
        "nachweis": indicator.credit, "stand": indicator.as_of, **counts,
        "werte": {ags: _series(indicator.id, ags, until) for ags in areas},
    }  # fmt: skip


def _series(indicator_id: str, ags: str, until: int) -> dict[str, float | None]:
    series = store.series(indicator_id, ags, until=until)
    return {str(year): None if math.isnan(value) else float(value) for year, value in series.items()}


def _read_texts(plan: BookPlan, edition: Edition, region: Region) -> dict[str, list[str]]:
    texts = {}
    for entry in plan.entries:
        if entry.is_data:
            found = find_assessment(edition.id, entry.stem, region)
            text = found.text if found else ""
        else:
            text = (paths.ROOT / entry.source).read_text(encoding="utf-8")
        paragraphs = _paragraphs(text)
        if paragraphs:
            texts[entry.stem] = paragraphs
    return texts


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def _read_resolutions(region: Region, edition: Edition) -> dict[str, dict[str, str]]:
    """Decisions of the bodies on the strategy, by id, as the edition knew them."""
    day = edition_day(edition)
    return {
        one.id: {"titel": one.subject, "status": one.outcome, "gremium": one.body, "datum": str(one.date),
                 "vorlage": one.paper, "empfehlung": one.recommendation, "grund": one.reason}
        for one in load_strategy(region.ags).decisions
        if one.date.start <= day
    }  # fmt: skip
