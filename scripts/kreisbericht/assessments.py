"""The planner's written assessment of a chapter: ``chapters/einordnung/<edition>/<chapter>.md``.

The text is plain Markdown; everything after a line ``## Handlungsbedarf`` becomes a box of its own. A text without a
head, or with ``kreis`` in it, belongs to the district of ``_quarto.yml`` or to the one named. Other districts look in
``chapters/einordnung/<edition>/<ags>/<chapter>.md``. Confirming a text (``confirmations``) writes into its head::

    ---
    unterschrift: Sozialplanung im Landratsamt
    bestaetigt: 2026-10-10
    stand: 5d41402abc4b2a76
    zahlen:
      kinderarmut_u15: 7d793037a0760186
    ---

Not in here: recording and comparing the figures a text speaks of (``confirmations``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from kreisbericht import lineage, paths
from kreisbericht.editions import load_yaml
from kreisbericht.errors import DataError
from kreisbericht.numbers import format_date
from kreisbericht.output import Printer, escape
from kreisbericht.regions import Region

TITLE = "Einordnung der Sozialplanung"
NEED = "Handlungsbedarf"
SIGNED_BY = "Sozialplanung"
# Escaped signs and code in backticks stay; then what would run: shortcodes, raw code, HTML but no addresses, formulas.
_RUNNING = re.compile(
    r"(?P<kept>\\.|(?P<ticks>`+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`))|\{\{+<|\{=|<(?=[A-Za-z/!?])(?!(?:https?|mailto):)|\$"
)
NOT_YET = "Für diese Ausgabe liegt noch keine Einordnung vor."


@dataclass(frozen=True)
class Assessment:
    """One written text: ``figures`` are the fingerprints of the indicators it was confirmed with, by id."""

    path: Path
    text: str
    district: str = ""
    signature: str = ""
    confirmed: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)

    @property
    def need(self) -> str:
        """What follows ``## Handlungsbedarf``; empty if there is none."""
        return self.text.partition(f"\n## {NEED}\n")[2].strip()

    @property
    def body(self) -> str:
        """The assessment itself."""
        return self.text.partition(f"\n## {NEED}\n")[0].strip()


@lineage.question
def home_ags() -> str:
    """Key of the district whose book this is, from ``_quarto.yml``; empty without such an entry."""
    file = paths.ROOT / "_quarto.yml"
    block = (load_yaml(file) if lineage.exists(file) else {}).get("ausgabe") or {}
    return str((block.get("kreis") or {}).get("ags") or "")


def find_assessment(edition: str, chapter: str, home: Region) -> Assessment | None:
    """The text for this chapter, edition and district; None where there is none.

    Raises
    ------
    DataError
        If the file's head cannot be read or the text holds a chapter heading.
    """
    folder = paths.ROOT / "chapters" / "einordnung" / edition
    for path in (folder / home.ags / f"{chapter}.md", folder / f"{chapter}.md"):
        found = read_assessment(path) if lineage.exists(path) else None
        if found and found.text and (path.parent != folder or (found.district or home_ags()) == home.ags):
            return found
    return None


def read_assessment(path: Path) -> Assessment:
    """Head and text of one file.

    Raises
    ------
    DataError
        If the head is not closed, is not ``name: wert``, or the text has a heading of the first level.
    """
    text = path.read_text(encoding="utf-8").strip()
    head: dict[str, Any] = {}
    if text.startswith("---\n"):
        raw, closed, text = text[4:].partition("\n---")
        head = _parse_head(raw, closed, path)
    if any(line.startswith("# ") for line in text.splitlines()):
        raise DataError(
            f"{path.name}: In der Einordnung steht eine Überschrift der ersten Ebene (# …). Die hat nur das Kapitel. "
            f"Bitte ohne Überschrift schreiben; möglich ist '## {NEED}'. Es wurde nichts verändert."
        )
    given = {name: str(head.get(name) or "") for name in ("kreis", "unterschrift", "bestaetigt")}
    figures = {str(name): str(value) for name, value in (head.get("zahlen") or {}).items()}
    return Assessment(path, text.strip(), given["kreis"], given["unterschrift"], given["bestaetigt"], figures)


def print_assessment(printer: Printer, edition: str, chapter: str, home: Region) -> list[str]:
    """Box with the signed text and, where written, the need for action; or the placeholder of a draft."""
    found = find_assessment(edition, chapter, home)
    if found is None:
        return [printer.box("einordnung .platzhalter", printer.box_title(TITLE), escape(NOT_YET))]
    signature = found.signature or f"{SIGNED_BY} {home.in_phrase}"
    if found.confirmed:
        signature += f", Stand {format_date(found.confirmed)}"
    signed = printer.span(signature, "gezeichnet")
    boxes = [printer.box("einordnung", printer.box_title(TITLE), tame(found.body), signed)]
    if found.need:
        boxes.append(printer.box("handlungsbedarf", printer.box_title(NEED), tame(found.need), signed))
    return boxes


def tame(markdown: str) -> str:
    """Markdown in which HTML, shortcodes, raw code and formulas are text, whichever assembler reads it."""
    return _RUNNING.sub(lambda found: found["kept"] or "".join(f"\\{sign}" for sign in found[0]), markdown)


def _parse_head(raw: str, closed: str, path: Path) -> dict[str, Any]:
    try:
        head = yaml.load(raw, Loader=yaml.BaseLoader) if closed else None  # BaseLoader: keys and dates stay text
    except yaml.YAMLError:
        head = None
    if not isinstance(head, dict) or not isinstance(head.get("zahlen") or {}, dict):
        raise DataError(
            f"{path.name}: Der Kopf der Einordnung ist nicht lesbar. Erwartet werden zwischen zwei Zeilen '---' "
            "Angaben wie 'unterschrift: Sozialplanung im Landratsamt'. Es wurde nichts verändert."
        )
    return head
