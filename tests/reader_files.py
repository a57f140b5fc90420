"""Readers' files for tests, as the review mode saves them."""

from __future__ import annotations

import json
from pathlib import Path

PAGE = "chapters/armut.html"


def note(text="Warum?", *, key="n1", exact="Der Rückgang folgt dem Land.", block="absatz", **more) -> dict:
    """One note; ``more`` replaces fields of the note or of its place."""
    place = {"seite": PAGE, "kapitel": "2 Kinderarmut", "abschnitt": "Einordnung der Sozialplanung",
             "anker": "einordnung", "block": block}  # fmt: skip
    place |= {name: more.pop(name) for name in list(more) if name in place}
    quote = {"type": "TextQuoteSelector", "exact": exact, "prefix": more.pop("prefix", ""),
             "suffix": more.pop("suffix", "")}  # fmt: skip
    whole = {"id": key, "art": "frage", "text": text, "von": "Jugendamt", "version": "2020.1",
             "erstellt": "2026-11-22T10:00:00.000Z", "geaendert": "2026-11-22T10:00:00.000Z"}  # fmt: skip
    return {**whole, **more, "stelle": {**place, "selektor": quote}}


def content(*notes: dict, ags="16065", edition="2020") -> dict:
    """A file's content."""
    about = {"ags": ags, "ausgabe": edition, "version": f"{edition}.1", "bericht": "gesamt", "titel": "Bericht"}
    return {"format": "kreisbericht-anmerkungen/1", "bericht": about, "gesichert": "2026-11-22T11:00:00Z",
            "anmerkungen": list(notes)}  # fmt: skip


def write(folder: Path, name: str, *notes, **options) -> Path:
    """A file of one reader in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(content(*notes, **options)), encoding="utf-8")
    return path
