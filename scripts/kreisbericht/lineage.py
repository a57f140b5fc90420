"""What a chapter read while it ran: ``herkunft.json`` in its folder, the one record of lineage.

Nothing can pass this door: in a kernel that makes a book the interpreter itself reports every file that is opened
(:func:`begin`). Most reads are narrowed to a *question*: a function that the library asks for a part of its files
(:func:`question`) and whose answer is what the chapter depends on, whatever else stands in them. The record holds

- ``dateien``: every file and folder read, with its state, also those that were looked for and not there;
- ``fragen``: every question with the digest of its answer and what it read itself (files, further questions);
- ``gelesen``: which of these the chapter's own code read; ``zellen``: indicators by execution count of the cell.

Caches hide reads: a loader that keeps a parsed file asks :func:`stamp` first, a cached function that reads through
questions uses :func:`remembered`. Not in here: what the interpreter reports (``listening``), names and states of files
(``file_names``), whether a chapter is up to date (``stale``), the ``manifest``.
"""

from __future__ import annotations

import functools
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kreisbericht.file_names import name_file, state_of
from kreisbericht.fingerprints import can_be_kept, copy_answer, fingerprint
from kreisbericht.listening import listen, watch_cells
from kreisbericht.output import FOLDER_VARIABLE
from kreisbericht.record import FILE, Record

PLAIN = (str, int, float, bool, type(None))
QUESTIONS: dict[str, Callable] = {}
"""Questions by name, e.g. ``store.series``; those of a module are there once it is imported."""


class _Watch(threading.local):
    """The record of the moment and the reads of the questions being answered, innermost last."""

    record: Record | None = None
    frames: tuple[dict[str, None], ...] = ()
    touched: tuple[dict[str, None], ...] = ()
    """Indicators read for each of them."""


_watch = _Watch()
_chapter: Record | None = None  # of this kernel, for all its threads
_touched: dict[str, None] = {}  # indicators of the running cell


def begin() -> None:
    """Record from now on, if this process is a kernel that makes a chapter of a book; once is enough."""
    global _chapter  # noqa: PLW0603  one process makes one chapter
    if _chapter is not None or not os.environ.get(FOLDER_VARIABLE):
        return
    _chapter = Record()
    listen(note_file, _note_doubt)
    watch_cells(_finish_cell)


def forget() -> None:
    """Drop the record of this process: what is read next belongs to another chapter."""
    global _chapter  # noqa: PLW0603
    _chapter = None
    _touched.clear()


def follow() -> Record:
    """Record all that this process reads from now on, in all its threads; for the assembly of a book."""
    global _chapter  # noqa: PLW0603
    _chapter = Record()
    listen(note_file, _note_doubt)
    return _chapter


def question(function: Callable) -> Callable:
    """Decorator: callers depend on the answer of ``function``, not on all that it read.

    Arguments must be plain (text, numbers, None, lists of these), else the call is no question and its reads count as
    the caller's. Answers are tables, series, dataclasses, containers or plain values; errors are answers too.
    """
    name = f"{function.__module__.removeprefix('kreisbericht.')}.{function.__qualname__}"

    @functools.wraps(function)
    def asked(*args: Any, **named: Any) -> Any:
        record = _current()
        if record is None:
            return function(*args, **named)
        try:
            args, named = tuple(map(_plain, args)), {key: _plain(value) for key, value in sorted(named.items())}
        except TypeError:
            return function(*args, **named)
        key = json.dumps([name, args, named] if named else [name, args], ensure_ascii=False)
        return _answer(record, key, functools.partial(function, *args, **named))

    QUESTIONS[name] = asked
    return asked


def remembered(function: Callable) -> Callable:
    """Decorator like ``functools.cache`` for functions that read: a kept result counts as read again."""
    kept: dict[tuple, tuple[Any, dict[str, None], Record]] = {}

    @functools.wraps(function)
    def recalled(*args: Any) -> Any:
        record = _current()
        found = kept.get(args)
        if found is None or (record is not None and found[2] is not record):
            with _frame() as (reads, _):
                kept[args] = (function(*args), reads, record)
        _note(record, *kept[args][1])
        return kept[args][0]

    recalled.cache_clear = kept.clear
    return recalled


def settled(function: Callable) -> Callable:
    """Decorator: a record sees one state of the files, so within it the function is called once for its arguments.

    Each further call counts as reading the same again. Without a record, in the lab, it is called every time.
    """

    @functools.wraps(function)
    def once(*args: Any, **named: Any) -> Any:
        record = _current()
        if record is None:
            return function(*args, **named)
        key = (function, args, *sorted(named.items()))
        if key not in record.settled:
            with _frame() as (reads, touched):
                record.settled[key] = (function(*args, **named), reads, touched)
        answer, reads, touched = record.settled[key]
        _note(record, *reads)
        for indicator in touched:
            note_read(indicator)
        return answer

    return once


def stamp(path: Path) -> tuple[Path, int, int]:
    """Path, time of change [ns] and size of a file that is read next or was kept parsed; its reading is noted.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    note_file(path)
    status = path.stat()
    return path, status.st_mtime_ns, status.st_size


def exists(path: Path) -> bool:
    """Whether a file is there; that it was looked for is noted, so a file that appears later is not missed."""
    note_file(path)
    return path.is_file()


def note_file(path: Path | str) -> None:
    """Note that a file or folder is read or looked for."""
    record = _current()
    if record is not None and (name := name_file(os.fspath(path))):
        if name not in record.files:
            record.files[name] = state_of(Path(path))
        _note(record, f"datei:{name}")


def note_read(indicator_id: str) -> None:
    """Note that the running cell read an indicator; nothing outside a kernel that makes a book."""
    if _current() is _chapter and _chapter is not None:
        _touched[indicator_id] = None
        for touched in _watch.touched:
            touched[indicator_id] = None


@contextmanager
def recording(record: Record) -> Iterator[None]:
    """Record what this thread reads within the block, in ``record`` alone."""
    listen(note_file, _note_doubt)
    before = (_watch.record, _watch.frames, _watch.touched)
    _watch.record, _watch.frames, _watch.touched = record, (), ()
    try:
        yield
    finally:
        _watch.record, _watch.frames, _watch.touched = before


def read_lineage(folder: Path) -> dict[str, list[str]]:
    """Indicators by execution count of the cell that read them (``{"3": ["kinderarmut_u15"]}``); empty without file."""
    file = folder / FILE
    return json.loads(file.read_text(encoding="utf-8"))["zellen"] if file.is_file() else {}


def _current() -> Record | None:
    if _chapter is None and FOLDER_VARIABLE in os.environ:
        begin()
    return _watch.record or _chapter


@contextmanager
def _frame() -> Iterator[tuple[dict[str, None], dict[str, None]]]:
    """What is read within the block, and which indicators."""
    reads: dict[str, None] = {}
    touched: dict[str, None] = {}
    before = (_watch.frames, _watch.touched)
    _watch.frames, _watch.touched = (*before[0], reads), (*before[1], touched)
    try:
        yield reads, touched
    finally:
        _watch.frames, _watch.touched = before


def _answer(record: Record, key: str, function: Callable) -> Any:
    """Call a question; the first time its answer and reads are kept in the record."""
    _note(record, f"frage:{key}")
    if key in record.kept:
        answer, touched = record.kept[key]
        for indicator in touched:
            note_read(indicator)
        return copy_answer(answer)
    if key in record.questions:
        with _frame():
            return function()
    with _frame() as (reads, touched):
        try:
            answer = function()
        except Exception as error:
            record.questions[key] = (fingerprint(error), list(reads))
            raise
    record.questions[key] = (fingerprint(answer), list(reads))
    if can_be_kept(answer):
        record.kept[key] = (copy_answer(answer), touched)
    return answer


def _note(record: Record | None, *reads: str) -> None:
    if record is not None:
        watch_cells(_finish_cell)
        (_watch.frames[-1] if _watch.frames else record.read).update(dict.fromkeys(reads))


def _plain(value: Any) -> Any:
    if isinstance(value, PLAIN):
        return value
    if type(value) in (list, tuple) and all(type(item) in PLAIN for item in value):
        return list(value)
    if isinstance(value, (set, frozenset)):
        return sorted(map(_plain, value))
    if isinstance(value, Iterable) and not isinstance(value, (bytes, dict)):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):  # a number of numpy
        return _plain(value.item())
    raise TypeError(type(value).__name__)


def _note_doubt(doubt: str) -> None:
    """Note what cannot be followed, such as another program."""
    if _chapter is not None:
        _chapter.doubts[doubt] = None


def _finish_cell(result: Any) -> None:
    """Write the record after each cell: whoever ends the kernel need not ask for it."""
    folder, count = os.environ.get(FOLDER_VARIABLE), getattr(result, "execution_count", None)
    if not (folder and count and _chapter):
        return
    if _touched:
        _chapter.cells[str(count)] = sorted(_touched)
        _touched.clear()
    _chapter.first = _chapter.first or count
    _chapter.last = count
    target = Path(folder) / FILE
    target.with_suffix(".neu").write_text(_chapter.to_text(), encoding="utf-8")
    target.with_suffix(".neu").replace(target)
