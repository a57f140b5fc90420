"""What a run shows of its progress: one live display in a terminal, plain lines elsewhere.

Not in here: what is run (``production``).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kreisbericht.commands import say

Progress = Callable[[str], None]


@dataclass(frozen=True)
class State:
    """Where a run stands: pieces ``done`` of ``total``, the ``share`` of the work (0 to 1), seconds ``left``."""

    done: int = 0
    total: int = 0
    share: float = 0.0
    left: float | None = None
    running: tuple[str, ...] = ()


class Lines:
    """Plain lines, one for every finished piece; ``write`` prints one."""

    def __init__(self, write: Progress = say) -> None:
        self.write = write

    def __call__(self, line: str) -> None:
        self.write(line)

    def finish(self, name: str, seconds: float, state: State) -> None:
        """Tell that a piece is done: '[ 3/40] haushalte (2,6 s, noch etwa 63 s)'."""
        width = len(str(state.total))
        left = f", noch etwa {say_duration(state.left)}" if state.left and state.done < state.total else ""
        self.write(f"[{state.done:>{width}}/{state.total}] {name} ({f'{seconds:.1f}'.replace('.', ',')} s{left})")

    def show(self, state: State) -> None:
        """Nothing: lines tell only what is done."""

    def close(self) -> None:
        """Nothing to clear away."""


class Bar(Lines):
    """One bar with what is running and the time left; lines appear above it."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn
        from rich.text import Text

        class Left(ProgressColumn):
            """Time left, running down between two states."""

            def render(self, task: Any) -> Text:
                end = task.fields["end"]
                return Text("" if end is None else f"noch etwa {say_duration(max(0.0, end - time.monotonic()))}")

        self._rich = Progress(
            TextColumn("{task.fields[count]}", markup=False), BarColumn(), Left(),
            TextColumn("{task.description}", markup=False, style="dim"), console=Console(highlight=False),
            transient=True,
        )  # fmt: skip
        self._task: Any = None
        super().__init__(lambda line: self._rich.console.print(line, markup=False))

    def finish(self, name: str, seconds: float, state: State) -> None:
        """The bar shows it."""
        self.show(state)

    def show(self, state: State) -> None:
        """Draw the state."""
        if self._task is None:
            self._rich.start()
            self._task = self._rich.add_task("", total=1.0, count="", end=None)
        end = None if state.left is None else time.monotonic() + state.left
        self._rich.update(
            self._task, completed=state.share, count=f"{state.done}/{state.total}", end=end,
            description=", ".join(state.running),
        )  # fmt: skip

    def close(self) -> None:
        """Remove the bar."""
        self._rich.stop()
        self._task = None


def open_display() -> Lines:
    """The live display where standard output is a terminal, else plain lines."""
    return Bar() if sys.stdout.isatty() else Lines()


def as_display(progress: Progress) -> Lines:
    """A display for a function that prints a line; a display stays as it is."""
    return progress if isinstance(progress, Lines) else Lines(progress)


def say_duration(seconds: float) -> str:
    """'45 s', '12 min' or '2 h 10 min'."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02d} min"
