"""Index of places (*Ortsregister*): which sections name a municipality, planning area or district.

Found in the chapters' Markdown, before either assembler reads it, and written as Markdown with references, so that both
assemblers give it numbers, links and, in print, pages. Not in here: the chapter around it (``ortsregister.qmd``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kreisbericht import regions
from kreisbericht.assemble.sources import load_context, read_chapter
from kreisbericht.book import BookPlan
from kreisbericht.errors import ParameterError
from kreisbericht.output import escape
from kreisbericht.paths import write_atomically
from kreisbericht.regions import Region

FILE = "_orte.md"
CHAPTER = "ortsregister"
# Chapters that name a place only as an example, a finding or an address.
NOT_READ = (
    "indikatorenblaetter", "glossar", "datenqualitaet", "quellen", "aenderungen", "barrierefreiheit", "impressum",
    "datenschutz", CHAPTER,
)  # fmt: skip
AMBIGUOUS = ("Essen", "Hof", "Regen", "Roth")  # words too: a place only at the head of a table row
NONE = "In diesem Bericht ist kein Ort unterhalb des Kreises und kein anderer Kreis genannt."
_HEADING = re.compile(r"^(#{1,2}) (.*?)(?: \{([^}]*)\})?$")
_HIDDEN = re.compile(r"!\[|\]\([^)]*\)|\]?\{[^}]*\}|[\[\]*_]|\\(?=\W)")
_ROW = re.compile(r"^\|\s*([^|]*?)\s*\|")


@dataclass
class Place:
    """A name of the index: what it is, and the sections that name it by chapter."""

    name: str
    kinds: list[str]
    found: dict[str, list[str]] = field(default_factory=dict)  # chapter's title -> identifiers of its sections


def write_places(root: Path, plan: BookPlan) -> None:
    """Write ``_orte.md`` where the plan has an index of places; a file that would be the same is left alone."""
    if not any(entry.stem == CHAPTER for entry in plan.entries):
        return
    ags = str(((plan.meta.get("ausgabe") or {}).get("kreis") or {}).get("ags", ""))
    text = print_places(find_places(root, plan, ags))
    file = root / FILE
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        write_atomically(file, text)


def find_places(root: Path, plan: BookPlan, ags: str) -> list[Place]:
    """Places that the chapters of a plan name, by name in German order; the home district itself is left out."""
    places = list_names(ags)
    if not places:
        return []
    context = load_context(root, plan.meta)
    aliases = _list_aliases(places)
    pattern = _pattern(aliases)
    for entry in plan.entries:
        if entry.kind != "index" and entry.stem not in NOT_READ:
            for name, chapter, section in _find_names(read_chapter(root / entry.source, context), pattern, aliases):
                sections = places[name].found.setdefault(chapter, [])
                if section not in sections:
                    sections.append(section)
    return sorted((place for place in places.values() if place.found), key=lambda place: _sort_key(place.name))


def list_names(ags: str) -> dict[str, Place]:
    """All names that may be in the index of a district, by name: its parts, and the other districts of its Land."""
    try:
        home = regions.find_region(ags, level="kreis")
    except ParameterError:
        return {}
    kinds = [("Planungsraum", regions.associations(ags)), ("Gemeinde", regions.municipalities(ags)),
             ("Kreis", [one for one in regions.districts(ags[:2]) if one != home])]  # fmt: skip
    places: dict[str, Place] = {}
    for kind, group in kinds:
        for region in group:
            place = places.setdefault(str(region), Place(str(region), []))
            place.kinds.append(_kind(region, kind))
    return places


def print_places(places: Iterable[Place]) -> str:
    """Markdown of the index: a definition list, sections as numbers after their chapter's title."""
    lines = []
    for place in places:
        said = "; ".join(
            f"{escape(title)} {', '.join(f'-@{section}' for section in sections)}"
            for title, sections in place.found.items()
        )
        kinds = " und ".join(dict.fromkeys(place.kinds))
        lines.append(f"{escape(place.name)} ({escape(kinds)})\n:   {said}")
    return ("::: {.datengrundlage}\n" + "\n\n".join(lines) + "\n:::\n") if lines else f"{NONE}\n"


def _kind(region: Region, kind: str) -> str:
    return region.kind if kind == "Kreis" else kind


def _list_aliases(places: Iterable[str]) -> dict[str, str]:
    """Name by spelling: 'Bad Frankenhausen' is 'Bad Frankenhausen/Kyffhäuser' too."""
    names = {name.partition("/")[0]: name for name in places}
    return names | {name: name for name in places}


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Longest names first, so that a Verwaltungsgemeinschaft is not taken for its town; a genitive s counts."""
    sought = sorted((name for name in names if name not in AMBIGUOUS), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, sought))})s?(?![\w-])")


def _find_names(markdown: str, pattern: re.Pattern[str], aliases: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """(name, chapter's title, identifier of the section) of every name in a chapter."""
    chapter = section = ""
    for line in markdown.split("\n"):
        heading = _HEADING.match(line)
        if heading and len(heading[1]) == 1:
            chapter, section = _HIDDEN.sub("", heading[2]).strip(), _identifier(heading[3] or "")
        elif heading:
            section = _identifier(heading[3] or "") or section
        for found in _names_in(line, pattern, aliases) if section else ():
            yield aliases[found], chapter, section


def _identifier(attributes: str) -> str:
    """``sec-…`` of a numbered heading, else ''."""
    names = [word[1:] for word in attributes.split() if word.startswith("#sec-")]
    return names[0] if names and ".unnumbered" not in attributes.split() else ""


def _names_in(line: str, pattern: re.Pattern[str], aliases: dict[str, str]) -> Iterator[str]:
    shown = _HIDDEN.sub(" ", line) if "{" in line or "[" in line else line.replace("\\", "")
    row = _ROW.match(shown)
    if row and row[1] in aliases:
        yield row[1]
    yield from (match[1] for match in pattern.finditer(shown))


def _sort_key(name: str) -> str:
    return name.lower().translate(str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"}))
