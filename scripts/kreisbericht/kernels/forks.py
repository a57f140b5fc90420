"""The client's side: keep a zygote that is as new as the library, ask it for kernels, follow them.

Not in here: what the zygote and the guardian do (``zygote``, ``guardian``).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kreisbericht.kernels.requests import send_request

PACKAGE = Path(__file__).resolve().parents[1]
LAUNCHER = ["-m", "ipykernel_launcher"]
START = "import sys; sys.path.remove(''); from kreisbericht.kernels.zygote import main; main(*sys.argv[1:])"
PATIENCE = 30.0  # seconds to wait for a kernel, including the zygote's own start on a busy machine
# Variables that are read when Python or a library starts. Kernels that differ in one of them come from different
# zygotes; all others are set anew in each kernel.
READ_AT_START = (
    "DISPLAY", "FONTCONFIG_", "GLIBC_", "HOME", "IPYTHON", "LANG", "LC_", "LD_", "MALLOC_", "MKL_", "MPL", "NUMEXPR_",
    "NUMPY_", "OMP_", "OPENBLAS_", "PANDAS_", "PATH", "PYDEVD_", "PYTHON", "TMPDIR", "TZ", "VECLIB_", "VIRTUAL_ENV",
    "XDG_",
)  # fmt: skip

_lock = threading.Lock()
_zygotes: dict[tuple, Zygote] = {}
_given_up: set[tuple] = set()


def can_fork() -> bool:
    """Whether this platform has what forked kernels rest on: Linux with its process table and death signals.

    ``KREISBERICHT_KERNE=gewoehnlich`` asks for ordinary kernels.
    """
    process = os.getpid()
    return (
        sys.platform == "linux"
        and os.environ.get("KREISBERICHT_KERNE") != "gewoehnlich"
        and Path(f"/proc/{process}/task/{process}/children").exists()
    )


def warm(python: str, env: Mapping[str, str]) -> Zygote | None:
    """Start a zygote for kernels of ``python`` with ``env``, or find the one that is there; None where none works.

    One that was started before the library changed is replaced.
    """
    key = (os.getpid(), python, tuple(sorted((name, env[name]) for name in env if name.startswith(READ_AT_START))))
    with _lock:
        if key in _given_up or not can_fork():
            return None
        found = _zygotes.get(key)
        if found and (found.ended() or found.stamp != stamp_library()):
            found.close()
            found = None
        if found is None:
            try:
                _zygotes[key] = found = Zygote(key, python, env)
            except OSError:
                _given_up.add(key)
        return found


def stamp_library() -> tuple:
    """What the library's source and the installed packages look like now; changes when one of them is edited."""
    packages = [Path(entry) for entry in sys.path if entry.endswith("-packages") and Path(entry).is_dir()]
    found = [*sorted(PACKAGE.rglob("*.py")), *packages]
    return tuple((str(path), (status := path.stat()).st_mtime_ns, status.st_size) for path in found)


async def fork_kernel(command: Sequence[str], *, folder: str | None, env: Mapping[str, str]) -> ForkedKernel | None:
    """A kernel process forked for ``command`` (as in ``kernel.json``); None if an ordinary one has to be started."""
    if list(command[1:3]) != LAUNCHER:
        return None
    zygote = warm(command[0], env)
    kernel = zygote and zygote.fork(list(command[3:]), folder or os.getcwd(), dict(env))  # noqa: PTH109
    if not zygote or not kernel:
        return None
    limit = time.monotonic() + PATIENCE
    while not kernel.pid and kernel.poll() is None and not zygote.ended() and time.monotonic() < limit:
        await asyncio.sleep(0.003)
    if kernel.pid:
        return kernel
    kernel.close()
    zygote.give_up()
    return None


class Zygote:
    """The warmed process as its client sees it."""

    def __init__(self, key: tuple, python: str, env: Mapping[str, str]) -> None:
        self.key, self.stamp = key, stamp_library()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # The chapter of one kernel, or its client, is nothing for those that are forked later.
        clean = {name: value for name, value in env.items() if not name.startswith(("JPY_", "KREISBERICHT_"))}
        # What ipykernel sets before a notebook imports matplotlib has to be set before the zygote imports it.
        clean.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        with theirs:
            self._process = subprocess.Popen(
                [python, "-c", START, str(theirs.fileno()), str(PACKAGE)], env=clean, cwd="/",
                stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], start_new_session=True,
            )  # fmt: skip
        self._socket = ours

    def ended(self) -> bool:
        """Whether the process is gone, killed or unfit to fork."""
        return self._process.poll() is not None

    def fork(self, arguments: list[str], folder: str, env: dict[str, str]) -> ForkedKernel | None:
        """Ask for a kernel; it says its number when it is there."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            try:
                send_request(self._socket, theirs, arguments=arguments, folder=folder, env=env)
            except OSError:
                ours.close()
                return None
        return ForkedKernel(ours)

    def give_up(self) -> None:
        """Start no further zygote of this kind in this process."""
        self.close()
        self._process.kill()
        _given_up.add(self.key)

    def close(self) -> None:
        """Let the process end; kernels it forked live on."""
        self._socket.close()
        _zygotes.pop(self.key, None)


class ForkedKernel:
    """A forked kernel, with the methods of ``subprocess.Popen`` that Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, lifeline: socket.socket) -> None:
        lifeline.setblocking(False)
        self._lifeline = lifeline
        self._unread = b""
        self.pid = 0
        self.returncode: int | None = None
        self.report: dict[str, Any] = {}

    def poll(self) -> int | None:
        """Exit code, negative for a signal; None while the kernel runs."""
        while self.returncode is None:
            try:
                data = self._lifeline.recv(65536)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            self._unread += data
            *lines, self._unread = self._unread.split(b"\n")
            for line in lines:
                self._take(json.loads(line))
            if not data:  # a guardian that was killed says nothing; its kernel died with it
                self.returncode = self.report.get("ende", -9)
                self.close()
        return self.returncode

    def wait(self) -> int:
        """Exit code, as soon as there is one."""
        while (code := self.poll()) is None:
            time.sleep(0.005)
        return code

    async def end(self, seconds: float) -> int | None:
        """Exit code; None if the kernel still runs after ``seconds``."""
        limit = time.monotonic() + seconds
        while self.poll() is None and time.monotonic() < limit:
            await asyncio.sleep(0.003)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Signal the kernel's process group."""
        self._tell({"signal": int(number)})

    def kill(self) -> None:
        """End the kernel and all it started."""
        self._tell({"signal": 9})

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self._tell({"signal": 15})

    async def stack(self, seconds: float = 1.0) -> str:
        """What each thread of the kernel is doing now, as ``faulthandler`` writes it."""
        self.report.pop("stapel", None)
        self._tell({"stapel": True})
        limit = time.monotonic() + seconds
        while self.poll() is None and "stapel" not in self.report and time.monotonic() < limit:
            await asyncio.sleep(0.003)
        return self.report.get("stapel", "")

    def close(self) -> None:
        """Let go of the kernel; if it still runs it dies."""
        self._lifeline.close()

    def _take(self, message: dict[str, Any]) -> None:
        self.pid = message.pop("pid", self.pid)
        self.report.update(message)

    def _tell(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            self._lifeline.sendall(json.dumps(message).encode() + b"\n")
