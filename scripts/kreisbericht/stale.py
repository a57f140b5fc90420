"""Which chapters are up to date: notebook, parameters, code, packages and the values they read are as they were.

A chapter's key covers all that is known before it runs; its record (``lineage``) all that it read. Where a file has
changed since, the chapter's questions to it are asked again, and only another answer makes the chapter stale. On any
doubt (no record, a cell that ran unwatched, another program was started) the chapter depends on everything.
Not in here: running notebooks (``runner``) and what a page depends on (``assemble.fragments``).
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kreisbericht import lineage
from kreisbericht.file_names import State, find_file, state_of
from kreisbericht.fingerprints import fingerprint
from kreisbericht.library import PACKAGE, Library
from kreisbericht.paths import ROOT, data_dir, write_atomically
from kreisbericht.record import FILE, VERSION, Record
from kreisbericht.stamps import Stamps
from kreisbericht.surroundings import describe_surroundings

ASSEMBLY = "from kreisbericht.assemble.edition import assemble_edition; assemble_edition()"
CHANGED = "geändert"  # state of a file that was changed while a chapter read it


class Checker:
    """One look at the project: every file is read and every question asked at most once."""

    def __init__(self) -> None:
        self.stamps = Stamps()
        self.now = Record()
        self.library = Library(self.stamps)
        self.surroundings = describe_surroundings()

    def key(self, notebook: Path) -> str:
        """Digest of a notebook's surroundings and of the code that it reaches."""
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        return f"{self.surroundings} {self.library.digest(code)}"

    def is_fresh(self, output: Path) -> bool:
        """Whether all that an executed notebook read is still the same; its record is then brought up to date."""
        folder = output.with_suffix("")
        record = _read_record(folder / FILE)
        if record is None or record.content["ergebnis"] != _describe_result(folder, self.stamps.digest(output)):
            return False
        if "alles" in record.content:
            return record.content["alles"] == digest_everything(self.stamps)
        if not all(record.same(self, item) for item in record.content["gelesen"]):
            return False
        if record.renew(self):
            write_atomically(folder / FILE, json.dumps(record.content, ensure_ascii=False) + "\n")
        return True

    def digest_of(self, name: str) -> str:
        """Digest of a file as the record names it."""
        return self.stamps.digest(find_file(name))

    def book_key(self, root: Path, places: Iterable[str | Path], *words: str) -> str:
        """Digest of all that an assembler is known to use: files staged in ``root``, its code, its surroundings."""
        staged = [root / place for place in places]
        files = [path for place in staged for path in ([place] if place.is_file() else sorted(place.rglob("*")))]
        kept = [path for path in files if path.suffix != ".pyc" and not path.name.startswith(".") and path.is_file()]
        stamps = Stamps()  # not this checker's: chapters have run since
        lines = [f"{path.relative_to(root)} {stamps.digest(path)}" for path in kept if path.name != FILE]
        stamps.save()
        code = self.library.digest([ASSEMBLY])
        return hashlib.sha256("\n".join([self.surroundings, code, *words, *lines]).encode()).hexdigest()

    def is_fresh_book(self, file: Path) -> bool:
        """Whether all that the assembly of a book read beside is still the same; ``file`` holds its record."""
        record = _read_record(file)
        return record is not None and all(record.same(self, item) for item in record.content["gelesen"])

    def answer(self, key: str) -> tuple[str, list[str]]:
        """Digest of today's answer to a question, and what it rests on."""
        if key not in self.now.questions:
            name, args, *named = json.loads(key)
            with lineage.recording(self.now):
                try:
                    importlib.import_module(f"{PACKAGE.name}.{name.rpartition('.')[0]}")
                    lineage.QUESTIONS[name](*args, **(named[0] if named else {}))
                except Exception as error:  # an error is an answer too
                    self.now.questions.setdefault(key, (fingerprint(error), []))
        return self.now.questions[key]

    def save(self) -> None:
        """Keep what was learned for the next run."""
        self.stamps.save()
        self.library.save()


def seal_record(folder: Path, notebook: Any, text: str) -> None:
    """Finish the record of a chapter that has just run, before it is moved into its place.

    Parameters
    ----------
    folder
        The chapter's folder with the record as its kernel wrote it.
    notebook, text
        The executed notebook, and as it will be written.
    """
    file, stamps = folder / FILE, Stamps()
    content = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    if _is_complete(content, notebook):
        content["dateien"] = {name: _seal_file(stamps, name, state) for name, state in content["dateien"].items()}
    else:
        content = {"fassung": VERSION, "zellen": {}, **content, "alles": digest_everything(stamps)}
    content["ergebnis"] = _describe_result(folder, hashlib.sha256(text.encode("utf-8")).hexdigest())
    write_atomically(file, json.dumps(content, ensure_ascii=False) + "\n")


def seal_assembly(file: Path, record: Record) -> None:
    """Write what the assembly of a book read to ``file``."""
    content, stamps = json.loads(record.to_text()), Stamps()
    content["dateien"] = {name: _seal_file(stamps, name, state) for name, state in content["dateien"].items()}
    content["ergebnis"] = "buch"
    write_atomically(file, json.dumps(content, ensure_ascii=False) + "\n")


def digest_everything(stamps: Stamps) -> str:
    """Digest of all data, code and texts: what a chapter without a record depends on."""
    places = [data_dir(), ROOT / "chapters", ROOT / "_extensions", PACKAGE]
    files = [(place, path) for place in places for path in sorted(place.rglob("*")) if _counts(path)]
    lines = [f"{place.name}/{path.relative_to(place)} {stamps.digest(path)}" for place, path in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _seal_file(stamps: Stamps, name: str, state: State) -> str:
    path = find_file(name)
    digest = stamps.digest(path)
    return digest if state_of(path) == state else CHANGED


def _describe_result(folder: Path, digest: str) -> str:
    """Digest of the executed notebook and names of the files beside it, so that none is missing or of another run."""
    names = sorted({*(path.name for path in folder.iterdir()), FILE}) if folder.is_dir() else []
    return f"{digest} {hashlib.sha256(chr(10).join(names).encode()).hexdigest()}"


@dataclass
class _Kept:
    """A chapter's record as it was kept, while it is compared with today."""

    content: dict[str, Any]
    holding: dict[str, bool] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    moved: bool = False
    """Whether any file was found changed."""

    def same(self, checker: Checker, item: str) -> bool:
        """Whether a file or the answer to a question is what it was."""
        if item not in self.holding:
            kind, _, name = item.partition(":")
            self.holding[item] = self._same_file(checker, name) if kind == "datei" else self._holds(checker, name)
        return self.holding[item]

    def renew(self, checker: Checker) -> bool:
        """Put today's files and the reads of questions that were asked again into the record; whether it changed."""
        if not self.moved:
            return False
        waiting = [key for key in self.asked if key in checker.now.questions]
        while waiting:
            key = waiting.pop()
            digest, reads = checker.now.questions[key]
            kept = self.content["fragen"].get(key, ["", []])
            self.content["fragen"][key] = [digest, sorted({*kept[1], *reads})]
            for item in reads:
                kind, _, name = item.partition(":")
                if kind == "datei":
                    self.content["dateien"].setdefault(name, "")
                elif name not in self.content["fragen"]:
                    waiting.append(name)
        self.content["dateien"] = {name: checker.digest_of(name) for name in self.content["dateien"]}
        return True

    def _same_file(self, checker: Checker, name: str) -> bool:
        same = self.content["dateien"][name] == checker.digest_of(name)
        self.moved = self.moved or not same
        return same

    def _holds(self, checker: Checker, key: str) -> bool:
        digest, reads = self.content["fragen"][key]
        if all([self.same(checker, item) for item in reads]):
            return True
        self.asked.add(key)
        return checker.answer(key)[0] == digest


def _read_record(file: Path) -> _Kept | None:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return _Kept(content) if content["fassung"] == VERSION and content["ergebnis"] else None
    except (OSError, ValueError, KeyError):
        return None


def _is_complete(content: dict[str, Any], notebook: Any) -> bool:
    """Whether every cell that could read something was watched to its end, and nothing escaped."""
    if content.get("fassung") != VERSION or content["zweifel"] or not content["von"]:
        return False
    counts = {cell.execution_count: cell.source for cell in notebook.cells if cell.get("execution_count")}
    before = [source for count, source in counts.items() if count < content["von"]]
    return content["bis"] == max(counts, default=0) and all(map(_is_plain, before))


def _is_plain(source: str) -> bool:
    """Whether a cell only names values: nothing in it can read a file."""
    try:
        statements = ast.parse(source).body
        for statement in statements:
            ast.literal_eval(statement.value)
    except (SyntaxError, ValueError, AttributeError, TypeError):
        return False
    return all(isinstance(statement, (ast.Assign, ast.AnnAssign)) for statement in statements)


def _counts(path: Path) -> bool:
    made = path.suffix == ".pyc" or "daten" in path.relative_to(path.anchor).parts[-3:-1]
    return path.is_file() and not made and not path.name.startswith(".")
