"""Findings about one table that were made before: kept in the build folder by the content of all they rest on.

A changed value, rule, register or check makes the findings of exactly those tables anew that it concerns. Deleting the
file costs time, nothing else. Not in here: the checks.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from kreisbericht.check.finding import Finding
from kreisbericht.paths import build_dir, write_atomically

FILE = "pruefungen.json"


class Memory:
    """Findings by name of the table; ``shared`` is what the checks of every table rest on beside it."""

    def __init__(self, *shared: object) -> None:
        code = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
        parts = [*code, repr((dt.date.today().year, *shared)).encode()]  # years in the future are a finding
        self.shared = _digest(*parts)
        self.file = build_dir() / FILE
        self.kept = _read(self.file)
        self.used: dict[str, list] = {}

    def recall(self, path: Path, concerned: object, check: Callable[[], list[Finding]]) -> list[Finding]:
        """Findings about a file: the kept ones, or those of ``check`` where anything they rest on has changed."""
        key = _digest(self.shared.encode(), path.read_bytes(), repr(concerned).encode())
        name = str(path)
        found = self.kept.get(name)
        if not found or found[0] != key:
            found = [key, [asdict(finding) for finding in check()]]
        self.used[name] = found
        return [Finding(**entry) for entry in found[1]]

    def save(self) -> None:
        """Keep what was used for the next run."""
        kept = {name: found for name, found in self.kept.items() if Path(name).is_file()} | self.used
        if kept != self.kept:
            write_atomically(self.file, json.dumps(kept, ensure_ascii=False) + "\n")


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _read(file: Path) -> dict[str, list]:
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
