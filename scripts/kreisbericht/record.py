"""What one chapter or assembly has read, as ``herkunft.json`` holds it. Not in here: how it is found (``lineage``)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from kreisbericht.file_names import State

FILE = "herkunft.json"
VERSION = 1


@dataclass
class Record:
    """What was read so far; names of files as in :func:`name_file`."""

    files: dict[str, State] = field(default_factory=dict)
    questions: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    read: dict[str, None] = field(default_factory=dict)
    cells: dict[str, list[str]] = field(default_factory=dict)
    first: int = 0
    """Execution count of the first cell that was watched."""
    last: int = 0
    kept: dict[str, tuple[Any, dict[str, None]]] = field(default_factory=dict)
    """Answers by question, with the indicators that were read for them; whoever asks gets a copy."""
    settled: dict[tuple, tuple[Any, dict[str, None], dict[str, None]]] = field(default_factory=dict)
    """What a function gave, which files it read and which indicators (:func:`settled`)."""
    doubts: dict[str, None] = field(default_factory=dict)
    """What cannot be followed, such as another program."""

    def to_text(self) -> str:
        content = {
            "fassung": VERSION, "von": self.first, "bis": self.last, "zweifel": list(self.doubts),
            "zellen": self.cells, "gelesen": list(self.read), "fragen": self.questions, "dateien": self.files,
        }  # fmt: skip
        return json.dumps(content, ensure_ascii=False) + "\n"
