"""What Linux offers to keep processes together: death signals, adoption of orphans, the process table."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
from collections.abc import Collection
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # <linux/prctl.h>


def die_with_parent(parent: int) -> None:
    """Be killed when the process ``parent``, which forked this one, ends."""
    _control(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was faster
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends, so that none escapes."""
    _control(PR_SET_CHILD_SUBREAPER, 1)


def wake_on_children() -> socket.socket:
    """A socket that is readable whenever a child has ended."""
    wake, bell = socket.socketpair()
    for end in (wake, bell):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(os.dup(bell.fileno()), warn_on_full_buffer=False)
    return wake


def forget_signals() -> None:
    """Undo :func:`wake_on_children` in a child."""
    handle = signal.set_wakeup_fd(-1)
    if handle >= 0:
        os.close(handle)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def children_of(process: int) -> list[int]:
    """Numbers of the direct children of a process with one thread (and of any process's main thread)."""
    try:
        return [int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def family_of(process: int) -> list[int]:
    """The process and all its descendants, as far as they were started from main threads."""
    found = [process]
    for member in found:
        found += children_of(member)
    return found


def exceeds_memory(processes: Collection[int], bound: int) -> bool:
    """Whether processes together hold more memory than ``bound`` [bytes]; what they share counts once."""
    # The quick figure counts pages that forks share once for each; only if it is too high the exact one is asked for.
    return sum(map(_resident_bytes, processes)) > bound and sum(map(_own_bytes, processes)) > bound


def _resident_bytes(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    except (OSError, IndexError):
        return 0


def _own_bytes(process: int) -> int:
    """Proportional set size: pages shared by n processes count for 1/n."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024


def reap_children() -> dict[int, tuple[int, float]]:
    """Exit code (negative for signals) and processor time [s] of the children that have ended since the last call."""
    ended = {}
    with contextlib.suppress(ChildProcessError):
        while (found := os.wait4(-1, os.WNOHANG))[0]:
            process, status, used = found
            ended[process] = (os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime)
    return ended


def end_children(spare: Collection[int] = ()) -> None:
    """Kill all children but ``spare``; as an adopter of orphans, call again when told of an end."""
    for child in set(children_of(os.getpid())) - set(spare):
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _control(option: int, value: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(option, int(value), 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
