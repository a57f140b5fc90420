"""What all pages of the strategy print alike: tables of records, ratings, sources, dates.

Not in here: what is said about goals, measures, needs and recommendations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kreisbericht.numbers import number_word
from kreisbericht.output import RatedCell, TableRow, escape
from kreisbericht.titles import fit_title
from kreisbericht.views import Page

SOURCE = "Quelle: Tabellen der Strategie (data/strategie); Nachweise je Zeile in der Datei."
NOTHING = "–"
_ADDRESS = re.compile(r"(https?://\S+)")


def print_records(
    page: Page, item: str, *, title: str, subtitle: str, head: Sequence[str], rows: Sequence[Sequence[str]],
    records: Sequence[Mapping[str, Any]], source: str = SOURCE, numbers: Iterable[int] = (), lead: str = "",
    what: str = "führt sie auf",
) -> list[str]:  # fmt: skip
    """Announced table of records with a download of its own columns.

    Parameters
    ----------
    rows
        Cells of the printed table, the first is the row's name; columns without any entry are left out.
    records
        Lines of the download, all with the same keys.
    numbers
        Places of columns that hold numbers (right-aligned).
    lead
        Sentence before; it ends by pointing to the table, which ``what`` it shows.
    """
    shown = page.float(
        item,
        title=fit_title(title),
        subtitle=subtitle,
        source="" if page.scope.is_sample else source,
        rows=list(records),
    )
    kept = [place for place in range(len(head)) if place == 0 or any(cells[place] != NOTHING for cells in rows)]
    words = {new for new, place in enumerate(kept) if place not in set(numbers)}
    body = [TableRow(cells[0], [cells[place] for place in kept[1:]]) for cells in rows]
    table = page.printer.table(shown, head=[head[place] for place in kept], body=body, words=words)
    return [page.announce([lead] if lead else [], item, what), table]


def number_sources(page: Page, records: Sequence[Any]) -> tuple[list[str], list[str]]:
    """Numbers of the sources of each record (``1, 3``) and the numbered list of all of them; the sample needs none.

    A record's ``source`` names several with semicolons.
    """
    parts = [[part.strip() for part in record.source.split("; ") if part.strip()] for record in records]
    known = {source: number for number, source in enumerate(dict.fromkeys(one for part in parts for one in part), 1)}
    if page.scope.is_sample or not known:
        return [], []
    cells = [", ".join(str(known[source]) for source in part) or NOTHING for part in parts]
    listed = "\n".join(f"{number}. {link_addresses(source)}" for source, number in known.items())
    return cells, [page.printer.box("belege", "Belege zur Tabelle:", listed)]


def link_addresses(text: str) -> str:
    """Escaped text whose addresses are links."""
    return "".join(f"<{part}>" if part.startswith("http") else escape(part) + " " * part.endswith(" ")
                   for part in _ADDRESS.split(text) if part)  # fmt: skip


def name_sources(sources: Iterable[str]) -> str:
    """Each source once, without its address: the list of sources and the download have that."""
    parts = [part for source in sources for part in source.split("; ")]
    return "; ".join(dict.fromkeys(_ADDRESS.sub("", part).strip(" ,") for part in parts))


def rated(word: str, rating: str) -> RatedCell:
    """Word with the shape of a rating."""
    return RatedCell(word, rating)


def count(number: int, one: str, many: str) -> str:
    """``eine Maßnahme``, ``drei Maßnahmen``; ``one`` carries its article."""
    return one if number == 1 else f"{number_word(number)} {many}"
