"""The search index of one edition, as a script file: it also loads from ``file://``, where pages cannot fetch.

One entry per section. The reader's browser folds, stems and indexes the words (``html/search.js``, MiniSearch), so the
file holds plain text only and its bytes depend on nothing but the book.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kreisbericht.assemble.extracts import passages

if TYPE_CHECKING:
    from kreisbericht.assemble.markdown import Book, Document

VARIABLE = "kreisberichtSuche"


def index_script(book: Book) -> str:
    """JavaScript that sets ``window.kreisberichtSuche`` to all entries, in reading order, one a line."""
    entries = [entry for document in book.documents for entry in _entries(document)]
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in entries)
    return f"window.{VARIABLE}=[\n{lines}\n];\n"


def _entries(document: Document) -> list[dict[str, str]]:
    """Address ``u``, page ``k``, part ``p``, heading ``h``, text ``t``, captions ``f``, names ``n`` of each section."""
    title = f"{document.number} {document.title}".strip()
    part = "Anhang" if document.kind == "appendix" else document.part
    found = []
    for place, passage in enumerate(passages(document)):
        anchor = f"#{passage.id}" if place and passage.id else ""
        found.append(
            {
                "u": f"{document.path}.html{anchor}",
                "k": title,
                "p": part,
                "h": passage.heading if place else "",
                "t": " ".join(passage.text),
                "f": " ".join(passage.captions),
                "n": " ".join(dict.fromkeys(passage.names)),
            }
        )
    return found
