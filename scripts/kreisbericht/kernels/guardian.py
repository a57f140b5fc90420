"""The guardian: parent of one forked kernel. It passes signals on, bounds the memory, and leaves no process behind.

It talks to the client over the kernel's lifeline, a JSON object a line. To the client: ``{"pid": 7}`` at the start,
``{"stapel": "…"}`` when asked, ``{"ende": code, "cpu": seconds, "grund": "speicher", "stapel": "…"}`` at the
end.
From the client: ``{"signal": number}``, ``{"stapel": true}``; its end is the kernel's end.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import time
import traceback
from typing import Any

from kreisbericht.kernels import processes
from kreisbericht.kernels.requests import Request

MEMORY_VARIABLE = "KREISBERICHT_KERN_MB"  # most memory of a kernel with all it started [MB]; unset: unbounded
GLANCE = 0.2  # seconds between two looks at the memory
SHOW_STACK = signal.SIGRTMAX if hasattr(signal, "SIGRTMAX") else 0  # makes the kernel write what it is doing


def guard(request: Request) -> Request:
    """Fork the kernel and stay with it until it has ended; returns in the kernel only, with what it is to do."""
    os.setsid()
    processes.adopt_orphans()
    stack = os.memfd_create("stapel")
    me = os.getpid()
    wake = processes.wake_on_children()
    if (kernel := os.fork()) == 0:
        processes.forget_signals()
        wake.close()
        os.setsid()
        processes.die_with_parent(me)
        request.lifeline.close()
        return request.with_stack(stack)
    try:
        _Watch(request, kernel, stack).run(wake)
    except Exception:
        traceback.print_exc()
    finally:  # whatever happened: never go on as a second zygote
        os._exit(0)


class _Watch:
    """One kernel under guard."""

    def __init__(self, request: Request, kernel: int, stack: int) -> None:
        self.lifeline, self.kernel, self.stack = request.lifeline, kernel, stack
        bound = request.env.get(MEMORY_VARIABLE, "")
        self.bound = int(bound) * 2**20 if bound.isdigit() else 0
        self.unread = b""
        self.last_words: dict[str, Any] = {}
        for handle in request.outputs:
            os.close(handle)

    def run(self, wake: Any) -> None:
        """Until the kernel and all it started have ended."""
        self.tell(pid=self.kernel)
        listening, end = [self.lifeline, wake], None
        while end is None:
            ready, _, _ = select.select(listening, [], [], GLANCE if self.bound else None)
            end = processes.reap_children().get(self.kernel)
            if wake in ready:
                wake.recv(4096)
            if self.lifeline in ready and not self.listen():
                listening = [wake]
                self.signal(signal.SIGKILL)
            if self.bound and end is None:
                self.look_at_memory()
        while processes.children_of(os.getpid()):  # what the kernel forked, daemons too: they were handed to us
            processes.end_children()
            select.select([wake], [], [], 0.05)
            processes.reap_children()
        self.tell(ende=end[0], cpu=end[1], **{"stapel": self.read_stack(), **self.last_words})

    def listen(self) -> bool:
        """Do what the client asks; False when it is gone."""
        try:
            data = self.lifeline.recv(65536)
        except OSError:
            data = b""
        *lines, self.unread = (self.unread + data).split(b"\n")
        for message in map(json.loads, lines):
            if "signal" in message:
                self.signal(message["signal"])
            if "stapel" in message:
                self.tell(stapel=self.ask_stack())
        return bool(data)

    def look_at_memory(self) -> None:
        """End a kernel that holds more than it may."""
        if processes.exceeds_memory(processes.family_of(self.kernel), self.bound):
            self.signal(signal.SIGSTOP)  # the stack is asked for while the kernel takes no more
            stack = self.ask_stack()
            self.last_words = {"grund": "speicher", "mb": self.bound // 2**20, "stapel": stack}
            self.bound = 0
            self.signal(signal.SIGKILL)

    def ask_stack(self) -> str:
        """What the kernel's threads are doing, from its ``faulthandler``."""
        os.ftruncate(self.stack, 0)
        os.lseek(self.stack, 0, os.SEEK_SET)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.kernel, SHOW_STACK)
            os.kill(self.kernel, signal.SIGCONT)
        before, written = "", ""
        for _ in range(40):
            time.sleep(0.01)
            before, written = written, self.read_stack()
            if written and written == before:
                break
        return written

    def read_stack(self) -> str:
        """What the kernel wrote on its way: its stack when asked, and when it crashed or left by ``os._exit``."""
        return os.pread(self.stack, 100_000, 0).decode("utf-8", "replace")

    def signal(self, number: int) -> None:
        """Signal the kernel's group; the kernel alone while it has none yet."""
        for send in (os.killpg, os.kill):
            try:
                return send(self.kernel, number)
            except ProcessLookupError:
                continue

    def tell(self, **message: Any) -> None:
        with contextlib.suppress(OSError):
            self.lifeline.sendall(json.dumps(message).encode() + b"\n")
