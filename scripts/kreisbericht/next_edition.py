"""Prepare the next edition from the last: profile, empty assessments that quote last year's, deliveries that are due.

Not in here: importing the deliveries (``deliveries``) and rendering.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from pathlib import Path

from kreisbericht import paths, store
from kreisbericht.appendix.usage import default_usage, list_chapters
from kreisbericht.assessments import read_assessment
from kreisbericht.catalogue import Indicator, load_catalogue
from kreisbericht.editions import Edition, find_edition
from kreisbericht.errors import ParameterError

EVERY = {"jährlich": 1, "alle zwei Jahre": 2}  # years between two deliveries
CUTOFF = (9, 30)  # month and day of the proposed data cut-off, in the year after the report year


@dataclass(frozen=True)
class Due:
    """One table that has figures to come: ``newest`` is its last year for the district."""

    table: str
    publisher: str
    newest: int | None
    expected: int
    indicators: int


@dataclass(frozen=True)
class Prepared:
    """What was made for the new edition."""

    profile: Path
    assessments: list[Path]
    due: list[Due]


def prepare_edition(name: str, ags: str, *, last: str | None = None) -> Prepared:
    """Write the profile and the assessments of a new edition.

    Parameters
    ----------
    name
        Year of the new edition, e.g. '2026'.
    last
        Edition to start from; by default the newest one.

    Raises
    ------
    ParameterError
        If the name is no year or the edition exists already; nothing is changed.
    """
    if not re.fullmatch(r"(19|20)\d\d", name):
        raise ParameterError(
            f"'{name}' ist keine Kennung für eine neue Ausgabe. Erwartet wird eine Jahreszahl wie 2026; es wurde "
            "nichts verändert."
        )
    profile = paths.ROOT / f"_quarto-{name}.yml"
    if profile.exists():
        raise ParameterError(f"Die Ausgabe {name} gibt es schon ({profile.name}); es wurde nichts verändert.")
    old = find_edition(paths.ROOT, last)
    paths.write_atomically(profile, _write_profile(name, old))
    return Prepared(profile, _write_assessments(name, old), list_due(ags, int(name)))


def list_due(ags: str, year: int) -> list[Due]:
    """Tables of the book's indicators that should have figures newer than ours, the most used first."""
    catalogue, tables = load_catalogue(), {}
    for name in list_chapters(default_usage()):
        entry = catalogue[name]
        for table in (entry.table or entry.work).split("; "):
            if entry.periodicity in EVERY and not entry.own:
                tables.setdefault((table, entry.publisher), []).append(entry)
    found = []
    for (table, publisher), entries in tables.items():
        newest = max((last for entry in entries if (last := store.latest_year(entry.id, ags))), default=None)
        expected = newest + _interval(entries) if newest else year
        if expected <= year:
            found.append(Due(table, publisher, newest, expected, len(entries)))
    return sorted(found, key=lambda due: (-due.indicators, due.table))


def _interval(entries: list[Indicator]) -> int:
    return min(EVERY[entry.periodicity] for entry in entries)


def _write_profile(name: str, old: Edition) -> str:
    """The last profile with new year, version and status; comments and the book's subtitle stay."""
    year = int(name)
    cutoff = dt.date(year + 1, *CUTOFF).isoformat()
    values = {"id": f'"{name}"', "version": f'"{name}.1"', "berichtsjahr": name, "datenstand": f'"{cutoff}"',
              "status": "entwurf", "beschluss": '""', "vorlage": '""', "date": f'"{cutoff}"'}  # fmt: skip
    lines = old.profile.read_text(encoding="utf-8").splitlines()
    if lines and lines[0].startswith("# "):
        lines[0] = f"# Edition {name}. Years after berichtsjahr and deliveries after datenstand are not used."
    text = "\n".join(lines) + "\n"
    for key, value in values.items():
        text = re.sub(
            rf"^(  {key}: *)(\"[^\"]*\"|[^\s#]+)", lambda match, value=value: match[1] + value, text, flags=re.M
        )
    return text


def _write_assessments(name: str, old: Edition) -> list[Path]:
    """A file per assessment of the last edition: its text quoted in the head, its own text still empty."""
    source = paths.ROOT / "chapters" / "einordnung" / old.id
    target = paths.ROOT / "chapters" / "einordnung" / name
    written = []
    for path in sorted(source.rglob("*.md")):
        last = read_assessment(path)
        place = target / path.relative_to(source)
        if not last.text or place.exists():
            continue
        head = {"kreis": last.district, "unterschrift": last.signature, "vorige_ausgabe": old.version}
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items() if value]
        quoted = [f"  {line}".rstrip() for line in last.text.splitlines()]
        paths.write_atomically(place, "\n".join(["---", *lines, "voriger_text: |", *quoted, "---", ""]))
        written.append(place)
    return written
