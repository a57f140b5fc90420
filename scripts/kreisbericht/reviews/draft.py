"""Notes in a draft: each below its block, those whose place is gone at the end of their page, all listed up front.

Works on finished pages of both assemblers and can be repeated: what was put in before is taken out first. Published
folders and editions past the draft are never touched. Not in here: finding a block (``blocks``).
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kreisbericht.addresses import draft_folder, is_published
from kreisbericht.book import REPORTS
from kreisbericht.editions import Edition
from kreisbericht.numbers import format_date
from kreisbericht.paths import write_atomically
from kreisbericht.reviews.blocks import Block, Node, find_block, parse_page, read_blocks
from kreisbericht.reviews.model import KINDS, OPEN, Entry
from kreisbericht.reviews.table import load_entries

START = "index.html"
AS_WAS, CHANGED, MOVED, LOST = "unverändert", "Text geändert", "Text verschoben", "nicht mehr gefunden"
_OPEN, _CLOSE = "<!--rueckmeldung-->", "<!--/rueckmeldung-->"
_PUT_IN = re.compile(f"{_OPEN}.*?{_CLOSE}", re.DOTALL)
# Signs that the check of finished pages takes for a reference nobody resolved; a break opportunity parts them.
_LOOKS_OPEN = re.compile(r"(\{\{|[?@])(?=&lt;|\w)")


@dataclass
class Shown:
    """State of each note's place by number, and the page it stands on now."""

    states: dict[int, str] = field(default_factory=dict)
    pages: dict[int, str] = field(default_factory=dict)

    def numbers(self, state: str) -> list[int]:
        """Notes whose place is in this state."""
        return sorted(number for number, found in self.states.items() if found == state)


def show_reviews(edition: Edition, ags: str, report: str = "gesamt") -> Shown | None:
    """Put the notes of an edition into its draft, or take them out once it is no draft; None without such a draft."""
    folder = draft_folder(ags, edition, report)
    if not (folder / START).is_file() or is_published(folder):
        return None
    entries = load_entries(edition.id, ags) if edition.status == "entwurf" else []
    return put_in(folder, entries, whole=report == "gesamt")


def show_everywhere(edition: Edition, ags: str) -> Shown | None:
    """The same for every report of the edition that has a draft; tells of the whole book, else of the first one."""
    found = [shown for report in REPORTS if (shown := show_reviews(edition, ags, report)) is not None]
    return found[0] if found else None


def put_in(folder: Path, entries: Sequence[Entry], *, whole: bool = True) -> Shown:
    """Write the notes into the pages below ``folder``; a page missing from a part of the book is no loss."""
    if not entries and _OPEN not in (folder / START).read_text(encoding="utf-8"):
        return Shown()
    texts = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}
    before = dict(texts)
    texts = {page: _PUT_IN.sub("", text) for page, text in texts.items()}
    shown, pieces = Shown(), {page: [] for page in texts}
    if entries:
        trees = {page: main for page, text in texts.items() if (main := parse_page(text))}
        blocks = {page: read_blocks(main) for page, main in trees.items()}
        for entry in entries:
            if whole or entry.note.place.page in texts:
                _place(entry, trees, blocks, pieces, shown)
        _list_all(entries, trees, pieces, shown)
    for page, text in texts.items():
        new = _insert(text, pieces[page])
        if new != before[page]:
            write_atomically(folder / page, new)
    return shown


def render_text(text: str) -> str:
    """Text as HTML text, whatever it contains."""
    return _LOOKS_OPEN.sub(r"\1<wbr>", html.escape(text))


def _place(entry: Entry, trees: dict[str, Node], blocks: dict[str, list[Block]], pieces: dict, shown: Shown) -> None:
    place = entry.note.place
    page, block, alike = place.page, *find_block(blocks.get(place.page, []), place)
    if block is None:  # an unchanged text may have moved to another page
        page, block = next(
            ((name, one) for name, found in sorted(blocks.items()) for one in found
             if one.kind == place.block and one.text == place.exact and len(place.exact.split()) > 5), (page, None)
        )  # fmt: skip
    if block is None:
        shown.states[entry.number] = LOST
        shown.pages[entry.number] = page if page in trees else START
        return
    shown.pages[entry.number] = page
    shown.states[entry.number] = MOVED if page != place.page else AS_WAS if alike == 1 else CHANGED
    outside = block.node.tag == "p" or block.kind == "ueberschrift"
    pieces[page].append((block.node.end if outside else block.node.inner_end, _card(entry, shown)))


def _card(entry: Entry, shown: Shown) -> str:
    """One note with number, reader, status and answer."""
    note, state = entry.note, shown.states[entry.number]
    who = f" von {render_text(note.author)}" if note.author else ""
    head = f"<strong>Nr. {entry.number}, {KINDS[note.kind]}</strong>{who}, {_day(note.created)}: {entry.state}"
    quote = "" if state in (AS_WAS, MOVED) else f'<p class="anm-zitat">Zu: „{render_text(note.place.excerpt)}“</p>'
    answer = ""
    if entry.answer:
        told = ", ".join(part for part in (entry.decider, _day(str(entry.decided or ""))) if part)
        label = f"Antwort ({render_text(told)}):" if told else "Antwort:"
        answer = f'<p class="anm-text"><strong>{label}</strong> {render_text(entry.answer)}</p>'
    return (
        f'<div class="anm-notiz rueckmeldung" data-anm role="note" id="rueckmeldung-{entry.number}" '
        f'aria-label="Rückmeldung {entry.number}"><p class="anm-kopf">{head}</p>{quote}'
        f'<p class="anm-text">{render_text(note.text)}</p>{answer}</div>'
    )


def _list_all(entries: Sequence[Entry], trees: dict[str, Node], pieces: dict, shown: Shown) -> None:
    """Lost notes at the end of their page, a list of all on the first page."""
    for page, main in trees.items():
        lost = [e for e in entries if shown.states.get(e.number) == LOST and shown.pages[e.number] == page]
        cards = "".join(f"<li>{_card(entry, shown)}</li>" for entry in lost)
        section = _section(
            "rueckmeldungen-verloren",
            "Rückmeldungen, deren Stelle nicht mehr zu finden ist",
            cards,
            framed=page == START,
        )
        listed = [e for e in entries if e.number in shown.states] if page == START else []
        waiting = sum(entry.state == OPEN for entry in listed)
        title = f"Rückmeldungen zu diesem Entwurf: {len(listed)}, davon {waiting} offen"
        index = _section("rueckmeldungen", title, "".join(_line(entry, shown) for entry in listed), framed=True)
        pieces[page].append((_end_of(main), (index if listed else "") + (section if lost else "")))


def _section(name: str, title: str, items: str, *, framed: bool) -> str:
    frame = " frame" if framed else ""  # the first page has no column of text of its own
    return (
        f'<section class="rueckmeldungen rueckmeldung{frame}" data-anm aria-labelledby="{name}-titel">'
        f'<h2 id="{name}-titel">{title}</h2><ol>{items}</ol></section>'
    )


def _line(entry: Entry, shown: Shown) -> str:
    state = shown.states[entry.number]
    aside = "" if state == AS_WAS else f" ({state})"
    address = f"{shown.pages[entry.number]}#rueckmeldung-{entry.number}"
    return (
        f'<li>{entry.number}. <a href="{html.escape(address)}">{render_text(entry.note.place.label)}</a>{aside}: '
        f"{entry.state}</li>"
    )


def _end_of(main: Node) -> int:
    """Offset before the links to the next chapter, else at the end of the text."""
    nav = next((node for node in main.walk() if node.tag == "nav" and node.parent is main), None)
    return nav.start if nav else main.inner_end


def _insert(text: str, pieces: list[tuple[int, str]]) -> str:
    parts, last = [], 0
    for offset, piece in sorted(((at, one) for at, one in pieces if one), key=lambda pair: pair[0]):
        parts += [text[last:offset], _OPEN, piece, _CLOSE]
        last = offset
    return "".join([*parts, text[last:]])


def _day(moment: str) -> str:
    return format_date(moment[:10]) if moment else ""
