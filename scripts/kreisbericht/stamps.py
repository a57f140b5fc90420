"""Digests of files that are read again only when their size, times or inode changed.

Kept in ``_build/stempel.json``; deleting it costs time, nothing else. Not in here: which files matter (``stale``).
"""

from __future__ import annotations

import hashlib
import json
import stat
import time
from pathlib import Path

from kreisbericht.paths import build_dir, write_atomically

FILE = "stempel.json"
TICK = 2_000_000_000  # a file changed less than this before it was read may change again within one tick [ns]
ABSENT = "fehlt"


class Stamps:
    """Digests by path, each file looked at once in the life of the object: one moment's view of the project."""

    def __init__(self) -> None:
        self.file = build_dir() / FILE
        self.kept = _read(self.file)
        self.seen: dict[str, str] = {}
        self.changed = False

    def digest(self, path: Path | str) -> str:
        """SHA-256 of a file, of the names in a folder, or ``ABSENT``."""
        name = str(Path(path).absolute())
        if name not in self.seen:
            self.seen[name] = self._look(name)
        return self.seen[name]

    def save(self) -> None:
        """Keep what was read for the next run; files that are gone are forgotten."""
        if self.changed:
            kept = {name: entry for name, entry in self.kept.items() if name in self.seen or Path(name).exists()}
            write_atomically(self.file, json.dumps(kept, indent=0) + "\n")
            self.changed = False

    def _look(self, name: str) -> str:
        try:
            status = Path(name).stat()
            if stat.S_ISDIR(status.st_mode):
                names = sorted(entry.name for entry in Path(name).iterdir() if not entry.name.startswith("."))
                return hashlib.sha256("\n".join(names).encode()).hexdigest()
            state = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
            kept = self.kept.get(name)
            if kept and kept[:4] == state:
                return kept[4]
            digest = hashlib.sha256(Path(name).read_bytes()).hexdigest()
        except OSError:
            return ABSENT
        if time.time_ns() - max(state[1], state[2]) > TICK:
            self.kept[name] = [*state, digest]
            self.changed = True
        return digest


def _read(file: Path) -> dict[str, list]:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
