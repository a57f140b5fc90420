"""Work in a process of its own: the memory it takes is given back, and a crash takes nothing else along.

The processes are forked from one that lives over the whole run and has the assembler loaded (``forkserver``), so each
starts within milliseconds; where there is no fork they start afresh. Not in here: what they do.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from kreisbericht.errors import RenderError, ReportError

LOADED = ["kreisbericht.assemble.edition"]
"""What every process finds imported already."""

_running: set[BaseProcess] = set()


@dataclass(frozen=True)
class Done:
    """What a process returned, how long it took [s] and its peak memory [bytes], 0 where that is unknown."""

    value: Any
    seconds: float
    memory: int


def run_apart(function: Callable[..., Any], *arguments: Any) -> Done:
    """Call a module's function in a process of its own and wait for it.

    Raises
    ------
    ReportError
        As the function raised it.
    RenderError
        If the process ended without an answer or the function failed otherwise.
    """
    context = _context()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, dict(os.environ), function, arguments), daemon=True)
    started = time.monotonic()
    process.start()
    _running.add(process)
    sender.close()
    try:
        good, value, memory = receiver.recv()
    except EOFError:
        process.join()
        raise RenderError(_describe_death(process.exitcode)) from None
    finally:
        _running.discard(process)
        receiver.close()
    process.join()
    if not good:
        raise value
    return Done(value, time.monotonic() - started, memory)


def stop_all() -> None:
    """End every process that still works; what it has written so far stays in its temporary folder."""
    for process in list(_running):
        with contextlib.suppress(ValueError, OSError):
            process.kill()


def _context() -> Any:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    return context


def _work(sender: Connection, environment: dict[str, str], function: Callable[..., Any], arguments: tuple) -> None:
    _die_with_parent()
    os.environ.clear()
    os.environ.update(environment)
    try:
        answer = (True, function(*arguments))
    except ReportError as error:
        answer = (False, error)
    except Exception as error:  # anything else cannot be trusted to survive pickling
        answer = (False, RenderError(f"Unerwarteter Fehler beim Setzen des Buchs: {type(error).__name__}: {error}"))
    sender.send((*answer, _peak_memory()))


def _die_with_parent() -> None:
    """Linux: the process ends when the command is killed, however it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command stops it
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _peak_memory() -> int:
    try:
        import resource
    except ImportError:  # Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024)


def _describe_death(code: int | None) -> str:
    cause = "vermutlich fehlte Arbeitsspeicher" if code == -signal.SIGKILL.value else f"Kennung {code}"
    return (
        f"Der Prozess, der das Buch setzt, ist abgestürzt ({cause}). Bitte erneut starten, bei knappem Speicher mit "
        "'--jobs 1'; die letzte gute Ausgabe ist unverändert."
    )
