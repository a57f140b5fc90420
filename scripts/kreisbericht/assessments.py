"""The planner's written assessment of a chapter: ``chapters/einordnung/<edition>/<chapter>.md``.

A text belongs to one district; its head says which, who signs and when::

    ---
    kreis: "16065"
    unterschrift: Sozialplanung im Landratsamt
    stand: 2026-10-10
    ---

Other districts look in a folder of their own: ``chapters/einordnung/<edition>/<ags>/<chapter>.md``.
Not in here: judging whether an edition may be resolved without it.
"""

from __future__ import annotations

from pathlib import Path

from kreisbericht import paths
from kreisbericht.errors import DataError
from kreisbericht.numbers import format_date
from kreisbericht.output import Printer, escape
from kreisbericht.regions import Region

TITLE = "Einordnung der Sozialplanung"
SIGNED_BY = "Sozialplanung"


def find_assessment(edition: str, chapter: str, home: Region) -> Path | None:
    """File of the text for this district; None where there is none."""
    folder = paths.ROOT / "chapters" / "einordnung" / edition
    own, common = folder / home.ags / f"{chapter}.md", folder / f"{chapter}.md"
    if own.is_file():
        return own
    return common if common.is_file() and read_assessment(common)[0].get("kreis") == home.ags else None


def read_assessment(path: Path) -> tuple[dict[str, str], str]:
    """Head and text.

    Raises
    ------
    DataError
        If the head is not closed or a line in it is not ``name: wert``.
    """
    text = path.read_text(encoding="utf-8").strip()
    if not text.startswith("---\n"):
        return {}, text
    head, closed, body = text[4:].partition("\n---")
    lines = [line for line in head.splitlines() if line.strip()]
    if not closed or not all(":" in line for line in lines):
        raise DataError(
            f"{path.name}: Der Kopf der Einordnung ist nicht lesbar. Erwartet werden zwischen zwei Zeilen '---' "
            "Angaben wie 'kreis: \"16065\"', 'unterschrift: …', 'stand: 2026-10-10'. Es wurde nichts verändert."
        )
    pairs = (line.partition(":") for line in lines)
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}, body.strip()


def print_assessment(printer: Printer, edition: str, chapter: str, home: Region) -> list[str]:
    """Box with the signed text, or the placeholder of a draft."""
    path = find_assessment(edition, chapter, home)
    if path is None:
        note = "Für diese Ausgabe liegt noch keine Einordnung vor."
        return [printer.box("einordnung .platzhalter", printer.box_title(TITLE), escape(note))]
    head, body = read_assessment(path)
    signature = head.get("unterschrift") or f"{SIGNED_BY} {home.in_phrase}"
    if head.get("stand"):
        signature += f", Stand {format_date(head['stand'])}"
    return [printer.box("einordnung", printer.box_title(TITLE), body, printer.span(signature, "gezeichnet"))]
