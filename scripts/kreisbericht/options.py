"""Options of the entry scripts: argparse that speaks German and knows what was meant."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

from kreisbericht.errors import nearest

GERMAN = {
    "usage: ": "Aufruf: ",
    "options": "Angaben",
    "positional arguments": "Was",
    "show this help message and exit": "diese Hilfe zeigen und aufhören",
    "argument %(argument_name)s: %(message)s": "Angabe %(argument_name)s: %(message)s",
    "invalid %(type)s value: %(value)r": "%(value)r passt nicht, erwartet wird %(type)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r gibt es nicht, möglich sind %(choices)s",
    "expected one argument": "der Wert fehlt",
    "expected at least one argument": "mindestens ein Wert fehlt",
    "expected at most one argument": "höchstens ein Wert ist möglich",
    "expected %s argument": "der Wert fehlt (%s)",
    "expected %s arguments": "es fehlen Werte (%s)",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s ist mehrdeutig: %(matches)s",
    "ignored explicit argument %r": "hier steht kein Wert, gegeben ist %r",
    "not allowed with argument %s": "nicht zusammen mit %s",
    "one of the arguments %s is required": "eine dieser Angaben fehlt: %s",
    "the following arguments are required: %s": "es fehlt: %s",
    "unrecognized arguments: %s": "unbekannte Angabe: %s",
}
# argparse looks its words up in gettext under this name; there is no public way to hand it a language.
argparse._ = lambda text: GERMAN.get(text, text)  # type: ignore[attr-defined]
argparse.ngettext = lambda one, many, number: argparse._(one if number == 1 else many)  # type: ignore[attr-defined]


class Options(argparse.ArgumentParser):
    """The options of one entry script; a mistake ends with one German message and exit code 2."""

    def __init__(self, description: str, **settings) -> None:
        super().__init__(description=description, allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and the nearest known option; nothing has been done yet."""
        words = [word.rstrip(":").partition("=")[0] for word in message.split()]
        known = [option for action in self._actions for option in action.option_strings if option.startswith("--")]
        unknown = [word for word in words if word.startswith("--") and word not in known]
        hint = nearest(unknown[0], known) if unknown else ""
        print(f"Fehler: {message[0].upper()}{message[1:]}.{hint} Alle Angaben: {self.prog} --help. "
              "Es wurde nichts verändert.", file=sys.stderr)  # fmt: skip
        sys.exit(2)
