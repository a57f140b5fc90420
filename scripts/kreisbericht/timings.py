"""How long each chapter and each assembly took last time and how much memory: the order and the time left follow.

Kept in ``_build/zeiten.json``; without it everything still runs, in the order of the book. Not in here: lineage.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from kreisbericht.paths import build_dir, write_atomically

FILE = "zeiten.json"
USUAL_SECONDS = 2.5
WEIGHT = 0.5  # of the newest run against what was known


@dataclass
class Timings:
    """Seconds and bytes by name of a task."""

    known: dict[str, list[float]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Self:
        """What earlier runs have recorded; nothing if the file is not there or not readable."""
        try:
            content = json.loads(_file().read_text(encoding="utf-8"))
            return cls({str(name): [float(one), float(two)] for name, (one, two) in content.items()})
        except (OSError, ValueError, TypeError, AttributeError):
            return cls()

    def seconds(self, name: str, usual: float = USUAL_SECONDS) -> float:
        """Expected duration of a task [s]."""
        return self.known.get(name, (usual, 0))[0]

    def memory(self, name: str, usual: int) -> int:
        """Expected peak memory of a task [bytes]."""
        return int(self.known.get(name, (0, 0))[1]) or usual

    def note(self, name: str, seconds: float, memory: int = 0) -> None:
        """Take the newest run into account: the mean of it and what was known; of memory the larger one stays."""
        old = self.known.get(name)
        mean = seconds if old is None else WEIGHT * seconds + (1 - WEIGHT) * old[0]
        self.known[name] = [round(mean, 3), float(max(memory, old[1] if old else 0))]

    def save(self) -> None:
        """Write the file."""
        write_atomically(_file(), json.dumps(dict(sorted(self.known.items())), indent=1) + "\n")


def _file() -> Path:
    return build_dir() / FILE
