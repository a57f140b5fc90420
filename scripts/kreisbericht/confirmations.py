"""Which figures a written assessment speaks of, and whether they are still the same.

Every chapter with an assessment leaves ``zahlen.json`` in its folder: a fingerprint per indicator it read. Confirming a
text stores these fingerprints in its head; a later render compares. A fingerprint covers what the reader can see: the
values of the district's Land and of Germany up to the edition's last year, so that a new year or a correction far away
does not call a text into question. Not in here: the text itself (``assessments``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from kreisbericht import lineage, paths, store
from kreisbericht.assessments import Assessment, find_assessment, home_ags
from kreisbericht.catalogue import find_indicator, load_catalogue
from kreisbericht.editions import Edition
from kreisbericht.errors import ParameterError, RenderError, nearest
from kreisbericht.output import Printer
from kreisbericht.regions import Region
from kreisbericht.scope import GERMANY

FILE = "zahlen.json"
LENGTH = 16  # hexadecimal digits of a fingerprint


def fingerprint_figures(indicators: Iterable[str], home: Region, until: int) -> dict[str, str]:
    """Fingerprint of each indicator's values for the Land of ``home`` and Germany, years up to ``until``."""
    return {name: _fingerprint(name, home.ags[:2], until) for name in sorted(set(indicators))}


@lineage.question
def _fingerprint(indicator_id: str, land: str, until: int) -> str:
    keys = [*store.covered_keys(indicator_id, GERMANY), *store.covered_keys(indicator_id, land)]
    if find_indicator(indicator_id).own:  # of which load_values keeps one district's if it is asked for some
        table = store.load_values(indicator_id, until=until)
        table = table[table["ags"].isin(keys)]
    else:
        table = store.load_values(indicator_id, regions=keys, until=until)
    columns = (table[name].to_list() for name in store.COLUMNS)
    rows = zip(*columns, strict=True)
    lines = [f"{ags},{year},{'' if math.isnan(value) else value},{sign}" for ags, year, value, sign in rows]
    return _digest("\n".join([",".join(store.COLUMNS), *lines, ""]))


def record_figures(printer: Printer, home: Region, until: int) -> None:
    """Write ``zahlen.json`` into the chapter's folder: what this notebook has read so far; nothing in the lab."""
    if printer.folder is None:
        return
    figures = fingerprint_figures(store.indicators_read(), home, until)
    content = {"ags": home.ags, "bis": until, "zahlen": figures}
    paths.write_atomically(printer.folder / FILE, json.dumps(content, indent=1) + "\n")


def review_assessments(edition: Edition, home: Region, chapters: Path, stems: Iterable[str]) -> list[str]:
    """Warnings on texts that are not confirmed or whose figures changed since.

    Parameters
    ----------
    chapters
        Folder with the executed notebooks, one folder each beside them.

    Raises
    ------
    RenderError
        If the edition is resolved (*beschlossen*) and a chapter of the home district has no text.
    """
    missing, warnings = [], []
    for stem in stems:
        record = chapters / stem / FILE
        if not record.is_file():
            continue
        found = find_assessment(edition.id, stem, home)
        if found is None:
            missing.append(stem)
        else:
            warnings += _compare(found, stem, edition, json.loads(record.read_text(encoding="utf-8"))["zahlen"])
    if missing and edition.status == "beschlossen" and home.ags == home_ags():
        raise RenderError(
            f"Ausgabe {edition.version}: Der Status ist 'beschlossen', aber {len(missing)} Kapitel haben keine "
            f"Einordnung: {', '.join(missing)}. Bitte die Texte unter chapters/einordnung/{edition.id}/ anlegen (z. B. "
            f"{missing[0]}.md) oder den Status ändern; die letzte gute Ausgabe ist unverändert."
        )
    return warnings


def confirm_assessment(chapter: str, edition: Edition, home: Region, *, date: dt.date, signature: str = "") -> Path:
    """Write date and fingerprints into the head of a text; returns its path.

    Raises
    ------
    ParameterError
        If there is no text, no rendered draft of the chapter, or the draft is older than the data.
    """
    found = find_assessment(edition.id, chapter, home)
    folder = paths.ROOT / "chapters" / "einordnung" / edition.id
    if found is None:
        known = [path.stem for path in folder.rglob("*.md")]
        place = folder / ("" if home.ags == home_ags() else home.ags) / f"{chapter}.md"
        raise ParameterError(
            f"Kapitel '{chapter}': Für {home.label} und Ausgabe {edition.id} gibt es keine Einordnung."
            f"{nearest(chapter, known)} Bitte den Text unter {place} schreiben; es wurde nichts verändert."
        )
    figures = _drafted_figures(chapter, edition, home)
    _write(found, figures, date, signature)
    return found.path


def _compare(found: Assessment, stem: str, edition: Edition, now: Mapping[str, str]) -> list[str]:
    command = f"scripts/confirm_assessment.py {stem} --edition {edition.id}"
    if not found.confirmed:
        return [f"Einordnung '{stem}': Der Text ist noch nicht bestätigt. Wenn er zu den Zahlen passt: {command}"]
    changed = [name for name, value in found.figures.items() if now.get(name) != value]
    added = [name for name in now if name not in found.figures]
    if not changed and not added:
        return []
    parts = [f"{word}: {_name(names)}" for word, names in (("geändert", changed), ("neu", added)) if names]
    return [
        f"Einordnung '{stem}' (bestätigt {found.confirmed}): Seitdem haben sich Zahlen des Kapitels geändert "
        f"({'; '.join(parts)}). Bitte den Text prüfen, dann {command}"
    ]


def _name(indicators: list[str]) -> str:
    known = load_catalogue()
    return ", ".join(f"{known[name].title} ({name})" if name in known else name for name in indicators)


def _drafted_figures(chapter: str, edition: Edition, home: Region) -> dict[str, str]:
    """Fingerprints of the newest draft, as long as they are those of the data now."""
    build = paths.build_dir() / home.ags
    places = [paths.ROOT, build / edition.id, *sorted(build.glob(f"{edition.id}-*"))]
    records = [place / "chapters" / "daten" / chapter / FILE for place in places]
    drafts = sorted((path for path in records if path.is_file()), key=lambda path: path.stat().st_mtime_ns)
    drafts = [json.loads(path.read_text(encoding="utf-8")) for path in drafts]
    drafts = [draft for draft in drafts if draft["ags"] == home.ags]
    render = f"scripts/render_book.py --edition {edition.id} --kreis {home.ags}"
    if not drafts:
        raise ParameterError(
            f"Kapitel '{chapter}': Es gibt keinen gerenderten Entwurf, dessen Zahlen bestätigt werden könnten. Bitte "
            f"zuerst {render} ausführen und den Text am Entwurf prüfen; es wurde nichts verändert."
        )
    figures, until = drafts[-1]["zahlen"], drafts[-1]["bis"]
    if figures != fingerprint_figures(figures, home, until):
        raise ParameterError(
            f"Kapitel '{chapter}': Die Daten sind neuer als der Entwurf. Bitte {render} ausführen, den Text am neuen "
            "Entwurf prüfen und dann bestätigen; es wurde nichts verändert."
        )
    return figures


def _write(found: Assessment, figures: Mapping[str, str], date: dt.date, signature: str) -> None:
    head = ["---"]
    if found.district:
        head.append(f'kreis: "{found.district}"')
    if signature or found.signature:
        head.append(f"unterschrift: {json.dumps(signature or found.signature, ensure_ascii=False)}")
    head += [f"bestaetigt: {date.isoformat()}", f"stand: {_digest(json.dumps(dict(figures), sort_keys=True))}"]
    head += ["zahlen:", *(f"  {name}: {value}" for name, value in sorted(figures.items())), "---"]
    paths.write_atomically(found.path, "\n".join([*head, "", found.text, ""]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:LENGTH]
