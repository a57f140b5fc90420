"""One note of a reader, the place it is about, and what the planner answered.

Not in here: where notes come from and go to.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

KINDS = {"frage": "Frage", "korrektur": "Korrektur", "vorschlag": "Vorschlag"}
BLOCKS = {"absatz": "Absatz", "listenpunkt": "Listenpunkt", "ueberschrift": "Überschrift", "abbildung": "Abbildung",
          "tabelle": "Tabelle"}  # fmt: skip
OPEN, ACCEPTED, REJECTED = "offen", "angenommen", "abgelehnt"
STATES = (OPEN, ACCEPTED, REJECTED)
EXCERPT = 90  # characters of a quotation that are enough to know it by
# Control characters, halves of surrogate pairs, and signs that turn the direction of reading: no note needs them.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Place:
    """Where a note stands: page, nearest id, kind of block and a quotation with the words around it."""

    page: str
    chapter: str
    section: str
    anchor: str
    block: str
    exact: str
    prefix: str = ""
    suffix: str = ""

    @property
    def label(self) -> str:
        """Place in words: ``4 Kinderarmut, Wie hat sie sich entwickelt?, Absatz „Die Quote …“``."""
        section = "" if self.block == "ueberschrift" or self.section in self.chapter else self.section
        return ", ".join(part for part in (self.chapter, section, f"{BLOCKS[self.block]} „{self.excerpt}“") if part)

    @property
    def excerpt(self) -> str:
        """The quotation, shortened at a word."""
        if len(self.exact) <= EXCERPT:
            return self.exact
        return self.exact[:EXCERPT].rsplit(" ", 1)[0] + " …"


@dataclass(frozen=True)
class Note:
    """What one reader wrote; ``created`` and ``changed`` are ISO times as the browser gave them."""

    id: str
    kind: str
    text: str
    author: str
    version: str
    created: str
    changed: str
    place: Place
    file: str = ""

    @property
    def content(self) -> tuple[str, str, str, str, str]:
        """What makes two notes with different ids the same."""
        return self.place.page, self.place.exact, self.kind, self.text, self.author


@dataclass(frozen=True)
class Entry:
    """A note in the table: its lasting number and what was decided about it."""

    number: int
    ags: str
    note: Note
    state: str = OPEN
    answer: str = ""
    decider: str = ""
    decided: dt.date | None = None


def read_note(raw: dict[str, Any], file: str) -> Note:
    """Note from a checked entry of a reader's file; unseen characters are taken out."""
    place, quote = raw["stelle"], raw["stelle"]["selektor"]
    return Note(
        id=clean_line(raw["id"]), kind=raw["art"], text=clean_text(raw["text"]), author=clean_line(raw["von"]),
        version=clean_line(raw["version"]), created=clean_line(raw["erstellt"]), changed=clean_line(raw["geaendert"]),
        place=Place(
            page=place["seite"], chapter=clean_line(place["kapitel"]), section=clean_line(place["abschnitt"]),
            anchor=clean_line(place["anker"]), block=place["block"], exact=clean_line(quote["exact"]),
            prefix=clean_line(quote["prefix"]), suffix=clean_line(quote["suffix"]),
        ),
        file=clean_line(file),
    )  # fmt: skip


def clean_text(text: str) -> str:
    """Text with its line ends, without unseen characters."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clean_line(text: str) -> str:
    """The same on one line."""
    return " ".join(clean_text(text).split())
