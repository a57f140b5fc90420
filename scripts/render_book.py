"""Render the books of one or more districts: figures → notebooks → HTML and PDF."""

import sys

from kreisbericht.commands import run_command, say
from kreisbericht.repetition import Repetition


def main() -> None:
    repetition = Repetition(sys.argv[1:])
    known = repetition.lines()
    for line in known:
        say(line)
    if not known:
        from kreisbericht.render_command import render

        render(repetition)


if __name__ == "__main__":
    run_command(main)
