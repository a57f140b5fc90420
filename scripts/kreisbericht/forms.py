"""What a form asks for: fields of a workbook or table, their German headings and the columns that follow from them.

Shared by the district's own templates (``deliveries``) and the strategy (``strategy``). Not in here: which forms there
are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """A column of a form: ``indicator`` is empty for columns of records."""

    heading: str
    help: str
    indicator: str = ""
    unit: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    kind: str = "zahl"
    """``zahl``, ``text``, ``datum`` (year, month or day) or ``jahr``."""

    @property
    def column(self) -> str:
        """Name of the column in a table."""
        return column_name(self.heading)


@dataclass(frozen=True)
class Template:
    """One workbook."""

    id: str
    title: str
    topic: str
    reference: str
    fields: tuple[Field, ...]
    records: bool = False


def column_name(heading: str) -> str:
    """German heading as an ASCII snake_case column: ``Kosten in Euro`` → ``kosten_in_euro``."""
    text = heading.lower()
    for sign, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(sign, plain)
    return re.sub(r"[^a-z0-9]+", "_", text).strip("_")
