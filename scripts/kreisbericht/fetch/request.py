"""One table to ask for, and the parameters of ``data/tablefile`` it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from kreisbericht.fetch.services import Service


@dataclass(frozen=True)
class TableRequest:
    """One table to ask for.

    Parameters
    ----------
    file_format
        ``ffcsv`` (flat file) or ``datencsv`` (GENESIS table), whichever ``data/zuordnung.csv`` reads.
    since, until
        First and last year; None for a table without years.
    newer_than
        Ask only for what was published after that day.
    indicators
        Indicators of the catalogue it feeds; ``is_mapped`` says whether the importer knows its features.
    """

    service: Service
    code: str
    file_format: str = "ffcsv"
    since: int | None = None
    until: int | None = None
    newer_than: date | None = None
    indicators: tuple[str, ...] = field(default=(), compare=False)
    is_mapped: bool = field(default=True, compare=False)

    def fields(self) -> dict[str, str]:
        """Parameters of ``data/tablefile`` but ``stand``: they name the request in the archive."""
        return {
            "name": self.code,
            "area": "all",
            "compress": "false",
            "transpose": "false",
            "startyear": str(self.since or ""),
            "endyear": str(self.until or ""),
            "timeslices": "",
            "regionalvariable": self.service.region_variable(self.code),
            "regionalkey": "",
            "format": self.file_format,
            "quality": "on" if self.file_format == "ffcsv" else "off",
            "job": "false",
            "language": "de",
        }

    def sent_fields(self) -> dict[str, str]:
        """All parameters as sent."""
        newer = self.newer_than.strftime("%d.%m.%Y") if self.newer_than else ""
        return {**self.fields(), **({"stand": newer} if newer else {})}

    def split_by_year(self, today: date) -> list[TableRequest]:
        """The same table year by year; empty where it cannot be split further."""
        if self.since is None or self.since == (self.until or today.year):
            return []
        years = range(self.since, (self.until or today.year) + 1)
        return [replace(self, since=year, until=year, newer_than=None) for year in years]

    @property
    def label(self) -> str:
        """Database and table for a line of progress."""
        if self.since is None:
            return f"{self.service.name} {self.code}"
        span = f"ab {self.since}" if self.until is None else f"{self.since}–{self.until}"
        return f"{self.service.name} {self.code} {span if self.since != self.until else self.since}"
