"""Errors for the person in front of the screen: German, one cause each, never a traceback.

A message says where, what, how many, the likely cause, what to do and what was left unchanged.
Errors for developers stay ``ValueError`` and ``TypeError``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ReportError(Exception):
    """A message for planners; the command prints it and ends with ``exit_code``."""

    exit_code = 1


class DataError(ReportError):
    """A delivery or a table in ``data/`` cannot be used as it is."""

    exit_code = 3


class ParameterError(ReportError):
    """A name or a value given by the user does not exist."""

    exit_code = 2


class RenderError(ReportError):
    """A notebook or the book could not be rendered; the last good result is untouched."""

    exit_code = 4


def nearest(wrong: str, known: Iterable[str], *, limit: int = 3) -> str:
    """German hint with the most similar known names, or '' (``' Meinten Sie: …?'``)."""
    names = [str(name) for name in known]
    lowered = {name.lower(): name for name in names}
    found = difflib.get_close_matches(wrong.lower(), lowered, n=limit, cutoff=0.6)
    return f" Meinten Sie: {', '.join(lowered[name] for name in found)}?" if found else ""
