"""Run many tasks at once: in order of rank, within a number of places and an amount of memory.

A task's function runs in a thread and waits for a process of its own (a kernel, an assembler). Not in here: what the
tasks are (``production``) and how long they took last time (``timings``).
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any


@dataclass(frozen=True)
class Task:
    """One piece of work: ``run(spare)`` is told how many places beside its own nothing waits for."""

    name: str
    run: Callable[[int], Any]
    rank: tuple = ()  # smaller starts first
    seconds: float = 1.0  # expected duration [s]
    memory: int = 0  # expected peak [bytes]
    group: str = ""  # dropped together


@dataclass
class Finished:
    """What became of a task: ``error`` is None if it succeeded."""

    task: Task
    result: Any = None
    error: BaseException | None = None


@dataclass
class Scheduler:
    """Keeps ``places`` tasks running as long as the memory they need together stays below ``memory`` [bytes].

    A task that needs more than there is runs alone. ``memory`` 0 means no limit.
    """

    places: int
    memory: int = 0
    running: dict[int, Task] = field(default_factory=dict)
    _waiting: list = field(default_factory=list)
    _started: SimpleQueue = field(default_factory=SimpleQueue)
    _finished: SimpleQueue = field(default_factory=SimpleQueue)
    _numbers: Any = field(default_factory=itertools.count)
    _more: bool = True

    def run(
        self,
        finished: Callable[[Finished], Iterable[Task]],
        refill: Callable[[], Iterable[Task] | None] = lambda: None,
        watch: Callable[[], None] = lambda: None,
    ) -> None:
        """Run until nothing is left.

        Parameters
        ----------
        finished
            Called for every task that ended, in this thread; returns the tasks it makes possible.
        refill
            Called when a place is free and nothing waiting fits; None means there is no more to come.
        watch
            Called whenever all that can run is running.
        """
        # Daemon threads: an interrupted command ends without waiting for a notebook that hangs. They live over the
        # whole run, because each leaves an event loop behind.
        for _ in range(self.places):
            threading.Thread(target=self._work, daemon=True).start()
        try:
            self._run(finished, refill, watch)
        finally:
            for _ in range(self.places):
                self._started.put(None)

    def add(self, tasks: Iterable[Task]) -> None:
        """Let tasks wait for their turn."""
        for task in tasks:
            heapq.heappush(self._waiting, (task.rank, -task.seconds, next(self._numbers), task))

    def drop(self, group: str) -> None:
        """Forget the waiting tasks of a group."""
        self._waiting = [entry for entry in self._waiting if entry[-1].group != group]
        heapq.heapify(self._waiting)

    @property
    def waiting(self) -> list[Task]:
        """Tasks that have not been started."""
        return [entry[-1] for entry in self._waiting]

    def _run(self, finished: Callable, refill: Callable, watch: Callable) -> None:
        self._more = True
        while True:
            blocked = self._start_what_fits()
            if self._more and not blocked and len(self.running) < self.places:
                tasks = refill()
                self._more = tasks is not None
                self.add(tasks or [])
                continue
            if not self.running:
                return
            watch()
            number, done = self._finished.get()
            del self.running[number]
            self.add(finished(done))

    def _start_what_fits(self) -> bool:
        """Fill the free places; returns whether a task waits for memory that smaller ones must not take."""
        passed, blocked = [], False
        while self._waiting and len(self.running) < self.places:
            entry = heapq.heappop(self._waiting)
            if self._fits(entry[-1]):
                self._start(entry[-1])
                continue
            passed.append(entry)
            if blocked := not self._must_wait_anyway(entry[-1]):
                break
        for entry in passed:
            heapq.heappush(self._waiting, entry)
        return blocked

    def _fits(self, task: Task) -> bool:
        needed = task.memory + sum(other.memory for other in self.running.values())
        return not self.running or not self.memory or needed <= self.memory

    def _must_wait_anyway(self, task: Task) -> bool:
        """Whether tasks as large as this one stand in its way, so that smaller ones may pass."""
        large = sum(other.memory for other in self.running.values() if other.memory >= task.memory)
        return bool(large) and large + task.memory > self.memory

    def _start(self, task: Task) -> None:
        waiting = self.places if self._more else len(self._waiting)
        number, spare = next(self._numbers), max(0, self.places - len(self.running) - 1 - waiting)
        self.running[number] = task
        self._started.put((number, task, spare))

    def _work(self) -> None:
        while (entry := self._started.get()) is not None:
            number, task, spare = entry
            try:
                done = Finished(task, task.run(spare))
            except BaseException as error:  # handed to the thread that waits, which decides
                done = Finished(task, error=error)
            self._finished.put((number, done))
