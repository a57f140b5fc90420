"""What a chapter read while it ran: ``herkunft.json`` in its folder, the one record of lineage.

Nothing can pass this door: in a kernel that makes a book the interpreter itself reports every file that is opened
(:func:`begin`). Most reads are narrowed to a *question*: a function that the library asks for a part of its files
(:func:`question`) and whose answer is what the chapter depends on, whatever else stands in them. The record holds

- ``dateien``: every file and folder read, with its state, also those that were looked for and not there;
- ``fragen``: every question with the digest of its answer and what it read itself (files, further questions);
- ``gelesen``: which of these the chapter's own code read; ``zellen``: indicators by execution count of the cell.

Caches hide reads: a loader that keeps a parsed file asks :func:`stamp` first, a cached function that reads through
questions uses :func:`remembered`. Not in here: whether a chapter is up to date (``stale``), the ``manifest``.
"""

from __future__ import annotations

import functools
import json
import os
import stat
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kreisbericht.fingerprints import can_be_kept, copy_answer, fingerprint
from kreisbericht.output import FOLDER_VARIABLE
from kreisbericht.paths import ROOT, build_dir, data_dir, site_dir

FILE = "herkunft.json"
VERSION = 1
PLAIN = (str, int, float, bool, type(None))
SYSTEM = ("/proc", "/sys", "/dev", "/etc", "/usr", "/lib", "/var", "/run", "/opt", "/bin", "/snap")
DOUBTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn")
HEARD = {"open", "os.listdir", "os.scandir", "sqlite3.connect", *DOUBTS}
HARMLESS = ("fc-list", "ldconfig", "gcc", "cc", "ld", "objdump", "uname")  # asked by matplotlib and ctypes, once
PREFIXES = {form(place) for place in (sys.prefix, sys.base_prefix) for form in (os.path.abspath, os.path.realpath)}
QUESTIONS: dict[str, Callable] = {}
"""Questions by name, e.g. ``store.series``; those of a module are there once it is imported."""

State = list[int] | str | None  # size, times and inode of a file; digest of the names in a folder; None: nothing there


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


class _Watch(threading.local):
    """The record of the moment and the reads of the questions being answered, innermost last."""

    record: Record | None = None
    frames: tuple[dict[str, None], ...] = ()
    touched: tuple[dict[str, None], ...] = ()
    """Indicators read for each of them."""
    busy: bool = False
    """While a report of the interpreter is dealt with, which reads itself."""


_watch = _Watch()
_chapter: Record | None = None  # of this kernel, for all its threads
_touched: dict[str, None] = {}  # indicators of the running cell
_seen: list[object] = []  # shells whose cells are watched
_hearing: list[bool] = []  # filled once the interpreter reports, which cannot be taken back


def begin() -> None:
    """Record from now on, if this process is a kernel that makes a chapter of a book; once is enough."""
    global _chapter  # noqa: PLW0603  one process makes one chapter
    if _chapter is not None or not os.environ.get(FOLDER_VARIABLE):
        return
    _chapter = Record()
    _listen()
    _watch_cells()


def forget() -> None:
    """Drop the record of this process: what is read next belongs to another chapter."""
    global _chapter  # noqa: PLW0603
    _chapter = None
    _touched.clear()


def follow() -> Record:
    """Record all that this process reads from now on, in all its threads; for the assembly of a book."""
    global _chapter  # noqa: PLW0603
    _chapter = Record()
    _listen()
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
    _listen()
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


def state_of(path: Path) -> State:
    """Size, times and inode of a file, digest of the names in a folder, None where there is nothing."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return fingerprint(sorted(entry.name for entry in path.iterdir() if not entry.name.startswith(".")))
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def name_file(path: str) -> str:
    """Name of a file that does not depend on where the project lies; '' for what belongs to system or environment."""
    folder = os.environ.get(FOLDER_VARIABLE, "")
    if path[:1] != "/":
        path = str(Path(path).absolute())
    return _name(path, str(data_dir()), str(build_dir()), str(site_dir()), folder)


def find_file(name: str) -> Path:
    """The file of a name."""
    kind, _, rest = name.partition("/")
    place = {"data": data_dir(), "site": site_dir()}.get(kind)
    return place / rest if place else ROOT / name  # an absolute name stays as it is


@functools.lru_cache(maxsize=4096)
def _name(path: str, data: str, build: str, site: str, folder: str) -> str:
    path = str(Path(path))
    made = (*PREFIXES, build, *([str(Path(folder).parent)] if folder else []))
    # The package's own egg-info is part of the environment (``surroundings``); only some kernels read it.
    if _lies_in(path, *made) or "/." in path.removeprefix(str(ROOT)) or ".egg-info" in path or "\0" in path:
        return ""
    for start, place in (("data", str(Path(data).absolute())), ("site", str(Path(site).absolute())), ("", str(ROOT))):
        if _lies_in(path, place):
            rest = path[len(place) :].strip(os.sep)
            return "" if not start and rest.endswith((".py", ".pyc")) else f"{start}/{rest}" if start else rest or "."
    outside = _lies_in(path, *SYSTEM, tempfile.gettempdir())
    return "" if outside or path.endswith((".py", ".pyc", ".zip")) else path


def _lies_in(path: str, *places: str) -> bool:
    return any(path == place or path.startswith(f"{place}{os.sep}") for place in places)


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
        if not _seen:
            _watch_cells()
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


def _hear(event: str, args: tuple) -> None:
    """Report of the interpreter: a file is opened, a folder is listed, another program is started."""
    if event not in HEARD or _watch.busy:
        return
    _watch.busy = True
    try:
        caller = sys._getframe().f_back
        if caller is None or "importlib" not in caller.f_code.co_filename:
            _take_down(event, args)  # what is imported counts as code (``library``)
    finally:
        _watch.busy = False


def _take_down(event: str, args: tuple) -> None:
    if event == "open":
        path, mode, flags = args
        writing = (flags or 0) & (os.O_WRONLY | os.O_CREAT) or set(mode or "r") & set("wax")
        if isinstance(path, (str, os.PathLike)) and not writing:
            note_file(path)
    elif event in ("os.listdir", "os.scandir", "sqlite3.connect"):
        if isinstance(args[0] or ".", (str, os.PathLike)):
            note_file(args[0] or ".")
    elif event in DOUBTS and _chapter is not None and Path(os.fsdecode(args[0])).name not in HARMLESS:
        _chapter.doubts[f"{event} {os.fsdecode(args[0])}"] = None


def _listen() -> None:
    if not _hearing:
        _hearing.append(True)
        sys.addaudithook(_hear)


def _watch_cells() -> None:
    shell = _find_shell()
    if shell is None or shell in _seen:
        return
    _seen.append(shell)
    shell.events.register("post_run_cell", _finish_cell)


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


def _find_shell() -> Any:
    # In a process without IPython there is no shell; importing it to find that out would cost half a second.
    interactive = sys.modules.get("IPython")
    return interactive.get_ipython() if interactive else None
