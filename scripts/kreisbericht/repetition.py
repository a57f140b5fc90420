"""The same command again with nothing changed: told at once, before anything heavy is loaded.

After a run that made everything, ``_build/laeufe`` keeps size, times and inode of all that the run could read and of
all that it made. As long as each of these is the same, the books are. On any difference the usual way is gone, which
looks at contents. Not in here: which chapter a change concerns (``stale``).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from kreisbericht.paths import ROOT, build_dir, data_dir, site_dir, write_atomically
from kreisbericht.surroundings import describe_surroundings

FOLDER = "laeufe"
SOURCES = ("index.qmd", "_variables.yml", "chapters", "notebooks", "_extensions", "scripts")
GENERATED = {"__pycache__", "daten", ".ipynb_checkpoints", ".pytest_cache"}


class Repetition:
    """One run of a command; ``arguments`` are as typed."""

    def __init__(self, arguments: list[str]) -> None:
        words = [*arguments, str(ROOT), str(data_dir()), str(site_dir()), sys.executable]
        name = hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]
        self.file = build_dir() / FOLDER / f"{name}.json"
        self.before = describe_sources()

    def lines(self) -> list[str]:
        """What the last run said, if nothing has changed since; empty otherwise."""
        try:
            kept = json.loads(self.file.read_text(encoding="utf-8"))
            same = kept["quellen"] == self.before and kept["ergebnis"] == describe_results(kept["ordner"])
            return kept["zeilen"] if same else []
        except (OSError, ValueError, KeyError):
            return []

    def keep(self, lines: list[str], folders: Iterable[Path]) -> None:
        """Remember a run that made everything; not if a source was changed meanwhile."""
        places = sorted({str(folder) for folder in folders})
        if describe_sources() == self.before:
            kept = {"quellen": self.before, "ordner": places, "ergebnis": describe_results(places), "zeilen": lines}
            write_atomically(self.file, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")


def describe_sources() -> str:
    """State of all that a render can read: project, data, library, packages and environment."""
    quarto = os.environ.get("KREISBERICHT_QUARTO") or shutil.which("quarto") or ""
    places = [*(ROOT / name for name in SOURCES), data_dir(), *sorted(ROOT.glob("_quarto*.yml"))]
    return _digest(
        [describe_surroundings(), quarto, *_states(places, GENERATED), *_states([Path(quarto)] if quarto else [])]
    )


def describe_results(folders: Iterable[str]) -> str:
    """State of finished books, of the site's lists and of what else lies beside them."""
    site = site_dir()
    books = [Path(folder) for folder in folders]
    beside = [path for folder in sorted({site, *(book.parent for book in books)}) for path in sorted(folder.iterdir())]
    return _digest([*(_state(str(path), path.lstat()) for path in beside), *_states([*books, site / "assets"])])


def _states(places: Iterable[Path], leave_out: Collection[str] = ()) -> Iterator[str]:
    for place in places:
        if place.is_dir():
            yield from _folder_states(str(place), leave_out)
        elif place.exists():
            yield _state(str(place), place.stat())


def _folder_states(folder: str, leave_out: Collection[str]) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name in leave_out:
                continue
            if entry.is_dir():
                yield from _folder_states(entry.path, leave_out)
            else:
                yield _state(entry.path, entry.stat())


def _state(path: str, status: os.stat_result) -> str:
    return f"{path} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
