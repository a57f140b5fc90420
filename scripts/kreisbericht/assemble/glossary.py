"""Terms of the glossary that a chapter links where it first uses them, with all their forms.

``formen`` of ``data/glossar.csv`` names the spellings that lead to a term; German endings are added here, so that the
filters (``glossar.lua``) only compare words. Not in here: the chapter *Glossar* itself (``appendix.statements``).
"""

from __future__ import annotations

import csv
import re
from itertools import product

from kreisbericht.output import make_id
from kreisbericht.paths import data_dir

FILE = "glossar.csv"
_NOUN_ENDINGS = ("", "s", "es", "n", "en", "e")
_ADJECTIVE_ENDINGS = ("", "n", "r", "m", "s")  # of words that end in -e already
_FIXED = re.compile(r"^(der|die|das|des|dem|den|ohne|nicht|im|in|zur|zum|[A-ZÄÖÜ0-9-]+)$")


def linked_terms() -> list[dict[str, object]]:
    """``id`` (anchor in the glossary), ``text`` (definition) and ``formen`` of every term with spellings."""
    path = data_dir() / FILE
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get("formen")]
    return [
        {"id": make_id("glossar", row["begriff"]), "text": row["erklaerung"], "formen": list_forms(row["formen"])}
        for row in rows
    ]


def list_forms(spellings: str) -> list[str]:
    """All forms of spellings parted by ``|``, each once: ``Prozentpunkt`` → ``Prozentpunkte``, ``Prozentpunkten``, …

    >>> "Hilfe zur Erziehung" in list_forms("Hilfe zur Erziehung"), "SGB IIs" in list_forms("SGB II")
    (True, False)
    """
    found: dict[str, None] = {}
    for spelling in spellings.split("|"):
        for words in product(*(_inflect(word) for word in spelling.split())):
            found[" ".join(words)] = None
    return list(found)


def _inflect(word: str) -> list[str]:
    """A word with the endings of German nouns and adjectives; too many rather than too few, as only words match."""
    if _FIXED.match(word):
        return [word]
    endings = _ADJECTIVE_ENDINGS if word.endswith("e") else _NOUN_ENDINGS
    return [word + ending for ending in endings]
