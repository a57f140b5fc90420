"""Which chapter uses which indicator, read from the notebooks' sources.

A chapter names its indicators as literals in its code, so nothing has to run. Not in here: values.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kreisbericht import paths
from kreisbericht.catalogue import load_catalogue
from kreisbericht.errors import DataError
from kreisbericht.output import make_id

FOLDER = "anhang"  # notebooks of the appendix use no indicator themselves
_CHAPTER_ID = re.compile(r"^# .*\{#(sec-[\w-]+)", re.MULTILINE)


def find_usage(notebooks: Iterable[Path]) -> dict[str, dict[str, Any]]:
    """Identifier and indicators of each data chapter, by stem, in the order given.

    Returns
    -------
    ``{"kinderarmut": {"id": "sec-kinderarmut", "indikatoren": ["kinderarmut_u15", …], "verlauf": {"kinderarmut_u15":
    "fig-kinderarmut-u15-trend", …}}}``; every notebook is listed, also one without indicators. Indicators in the order
    of their first mention; ``verlauf`` names the figures that show one over the years.

    Raises
    ------
    DataError
        If a notebook cannot be read.
    """
    known = set(load_catalogue())
    return {path.stem: _read_chapter(path, known) for path in notebooks}


def default_usage() -> dict[str, dict[str, Any]]:
    """Usage in all data chapters of the project, for a notebook opened by hand."""
    found = sorted((paths.ROOT / "notebooks").glob("*/*.ipynb"))
    return find_usage(path for path in found if path.parent.name != FOLDER)


def list_chapters(usage: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Identifiers of the chapters that use an indicator, by indicator, in the order of the book."""
    found: dict[str, list[str]] = {}
    for chapter in usage.values():
        for name in chapter["indikatoren"]:
            found.setdefault(name, []).append(chapter["id"])
    return found


def _read_chapter(path: Path, known: set[str]) -> dict[str, Any]:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        names = [name for source in code for name in _literals(source) if name in known]
    except (ValueError, KeyError, TypeError, SyntaxError) as error:
        raise DataError(
            f"{path.name}: Das Notebook ist nicht lesbar ({error}). Bitte aus der Versionsverwaltung wiederherstellen; "
            "es wurde nichts verändert."
        ) from error
    prose = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    heading = _CHAPTER_ID.search(prose)
    indicators = [] if path.parent.name == FOLDER else list(dict.fromkeys(names))
    return {"id": heading[1] if heading else "", "indikatoren": indicators, "verlauf": _trends(code, indicators)}


def _trends(code: list[str], known: list[str]) -> dict[str, str]:
    """Figures that ``chapter.trend`` draws, by indicator."""
    calls = [node for source in code for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    found = {}
    for call in calls:
        first = call.args[0] if call.args else None
        drawn = isinstance(call.func, ast.Attribute) and call.func.attr == "trend"
        if drawn and isinstance(first, ast.Constant) and first.value in known:
            named = {word.arg: word.value.value for word in call.keywords if isinstance(word.value, ast.Constant)}
            found.setdefault(first.value, named.get("item") or make_id("fig", first.value, "trend"))
    return found


def _literals(source: str) -> list[str]:
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    texts = [node for node in nodes if isinstance(node.value, str)]
    return [node.value for node in sorted(texts, key=lambda node: (node.lineno, node.col_offset))]
