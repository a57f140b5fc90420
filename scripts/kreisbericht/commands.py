"""What all entry scripts share: messages instead of tracebacks, plain progress lines.

Not in here: options and what a command does.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from kreisbericht.errors import ReportError


def run_command(main: Callable[[], int | None]) -> None:
    """Run ``main`` and end the process; a :class:`ReportError` prints as one German message.

    Exit codes: 0 done, 1–4 from the error's class, 130 interrupted.
    """
    try:
        sys.exit(main() or 0)
    except ReportError as error:
        print(f"Fehler: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("\nAbgebrochen. Die letzte gute Ausgabe ist unverändert.", file=sys.stderr)
        sys.exit(130)


def say(line: str) -> None:
    """Print one line of progress at once, also into a pipe."""
    print(line, flush=True)


def confirm(question: str) -> bool:
    """Ask until the answer is ja or nein; no terminal to ask, or no answer, is a no."""
    while True:
        try:
            answer = input(f"\n{question} [j/N]: ").strip().lower()
        except EOFError:
            return False
        if answer in ("j", "ja"):
            return True
        if answer in ("", "n", "nein"):
            return False
        print("Bitte mit j oder n antworten.")
