"""Wall time, CPU time and peak memory of a command, with every process it starts.

The command runs under a process that adopts orphans, so that no CPU time is lost with a process whose parent ended
first. Memory is the sum over all processes living at one time, shared pages counted once (PSS).
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kreisbericht.limits import own_memory

GLANCE = 0.25  # seconds between two looks at the memory
ORPHANS = 10.0  # seconds that processes may outlive their command
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER


@dataclass(frozen=True)
class Measure:
    """``seconds`` of wall time, ``cpu`` seconds of all processors, ``memory`` at its peak [bytes]."""

    seconds: float
    cpu: float
    memory: int
    output: str = ""


class CommandFailed(RuntimeError):
    """A command to be measured ended with an error; a measurement of it would mean nothing."""


def measure(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Measure:
    """Run ``command`` to its end.

    Raises
    ------
    CommandFailed
        With the end of what it printed.
    """
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        watcher = [sys.executable, "-m", "kreisbericht.bench.measuring", str(result), *map(str, command)]
        done = subprocess.run(
            watcher, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CommandFailed(f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
        return Measure(**json.loads(result.read_text(encoding="utf-8")), output=done.stdout)


def watch(result: Path, command: Sequence[str]) -> int:
    """Run ``command`` below this process and write what it took; returns its exit code."""
    import resource

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(SUBREAPER, 1)
    before = own_memory()
    started = time.monotonic()
    process = subprocess.Popen(command)
    peak, ended = [0], threading.Event()
    glances = threading.Thread(target=_glance, args=(peak, before, ended), daemon=True)
    glances.start()
    code = process.wait()
    seconds = time.monotonic() - started
    ended.set()
    glances.join()
    _wait_for_orphans()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    facts = {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "memory": peak[0]}
    result.write_text(json.dumps(facts), encoding="utf-8")
    return code


def _glance(peak: list[int], before: int, ended: threading.Event) -> None:
    while not ended.wait(GLANCE):
        peak[0] = max(peak[0], own_memory() - before)


def _wait_for_orphans() -> None:
    limit = time.monotonic() + ORPHANS
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < limit:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(watch(Path(sys.argv[1]), sys.argv[2:]))
