"""The search index of one edition, as a script file: it also loads from ``file://``, where pages cannot fetch.

One entry per section. The reader's browser folds, stems and indexes the words (``html/search.js``, MiniSearch), so the
file holds plain text only and its bytes depend on nothing but the book.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kreisbericht.assemble.extracts import passages
from kreisbericht.paths import ROOT

if TYPE_CHECKING:
    from kreisbericht.assemble.markdown import Book, Document

VARIABLE = "kreisberichtSuche"
LISTED, DEFINED = 0.35, 0.5
"""Weight of a hit in an appendix and in the definitions at a chapter's end."""
WORDS = "kreisberichtSuchworte"
EVERYDAY_WORDS = ROOT / "_extensions" / "kreisbericht" / "html" / "suchworte.json"


def index_script(book: Book) -> str:
    """JavaScript that sets ``window.kreisberichtSuche`` to all entries, in reading order, one a line.

    ``window.kreisberichtSuchworte`` leads from words citizens use to those of the statistics (``html/suchworte.json``).
    """
    entries = [entry for document in book.documents for entry in _entries(document)]
    lines = ",\n".join(_compact(entry) for entry in entries)
    words = json.loads(EVERYDAY_WORDS.read_text(encoding="utf-8"))
    return f"window.{VARIABLE}=[\n{lines}\n];\nwindow.{WORDS}={_compact(words)};\n"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _entries(document: Document) -> list[dict]:
    """Address ``u``, page ``k``, part ``p``, heading ``h``, text ``t``, captions ``f``, names ``n`` of each section.

    ``w`` is what a hit there weighs against one in running text; lists and definitions name everything.
    """
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
        if (weight := _weigh(document, passage.id)) != 1:
            found[-1]["w"] = weight
    return found


def _weigh(document: Document, section: str) -> float:
    if document.kind == "appendix" and document.stem != "steckbriefe":
        return LISTED
    return DEFINED if section.endswith("-datengrundlage") else 1
