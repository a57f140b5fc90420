"""What the strategy consists of, as frozen records: goals, measures, milestones, funding, offers, decisions, rules.

Not in here: reading the tables (``tables``) and judging them (``monitoring``, ``needs``, ``rules``).
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from kreisbericht.numbers import format_date
from kreisbericht.strategy.fields import NOT_PUBLIC

_MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
           "Dezember")  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """A day, month or year: from ``start`` to ``end``."""

    start: dt.date
    end: dt.date

    def __str__(self) -> str:
        if self.start == self.end:
            return format_date(self.start)
        year = self.start.year
        return f"{_MONTHS[self.start.month - 1]} {year}" if self.start.month == self.end.month else str(year)


def parse_moment(text: str) -> Moment | None:
    """``2025``, ``2025-03``, ``2025-03-31`` or ``31.03.2025``; None if it is none of them or does not exist."""
    german = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    parts = german.groups()[::-1] if german else text.split("-")
    if not all(re.fullmatch(r"\d{1,4}", part) for part in parts) or len(parts[0]) != 4 or len(parts) > 3:
        return None
    try:
        year, month, day = (int(part) for part in [*parts, "0", "0"][:3])
        last = calendar.monthrange(year, month or 12)[1]
        return Moment(dt.date(year, month or 1, day or 1), dt.date(year, month or 12, day or last))
    except (ValueError, calendar.IllegalMonthError):
        return None


@dataclass(frozen=True)
class Goal:
    """Leitziel or Handlungsziel; ``base`` and ``target`` are (year, value), None where not set."""

    id: str
    kind: str
    text: str
    parent: str
    phase: str
    field: str
    view: str
    indicator: str
    base_year: int | None
    base_value: float | None
    target: tuple[int, float] | None
    source: str

    @property
    def is_measurable(self) -> bool:
        """Whether figures can say how far it is."""
        return bool(self.indicator and self.target and self.base_year)


@dataclass(frozen=True)
class Measure:
    """What is done; ``areas`` are keys of planning areas, the district's own where it is for all."""

    id: str
    title: str
    goal: str
    phase: str
    field: str
    office: str
    partners: str
    group: str
    areas: tuple[str, ...]
    begin: Moment | None
    end: Moment | None
    state: str
    state_since: Moment | None
    state_before: str
    indicators: tuple[str, ...]
    reported: Moment | None
    report: str
    source: str

    @property
    def has_public_goal(self) -> bool:
        """Whether the goal is named, not only known to exist."""
        return self.goal != NOT_PUBLIC

    def state_at(self, day: dt.date) -> str:
        """State as it was on a day: the one before, where today's began later."""
        if self.state_since and self.state_since.start > day:
            return self.state_before or "geplant"
        return self.state

    def answers_now(self, day: dt.date) -> bool:
        """Whether it runs or is planned on that day."""
        return self.state_at(day) in ("geplant", "läuft")


@dataclass(frozen=True)
class Milestone:
    """Step of a measure."""

    id: str
    measure: str
    title: str
    due: Moment
    done: Moment | None
    source: str

    def is_done(self, day: dt.date) -> bool:
        """Whether it was reached by that day."""
        return self.done is not None and self.done.start <= day

    def is_overdue(self, day: dt.date) -> bool:
        """Whether its time has passed on that day without being reached."""
        return not self.is_done(day) and self.due.end < day


@dataclass(frozen=True)
class Funding:
    """Money of one year and source [euro]."""

    id: str
    measure: str
    year: int
    amount: float
    origin: str
    note: str
    source: str


@dataclass(frozen=True)
class Offer:
    """What people can use; ``area`` is a planning area or the district; ages in years."""

    name: str
    area: str
    provider: str
    kind: str
    phase: str
    group: str
    youngest: float | None
    oldest: float | None
    place: str
    point: tuple[float, float] | None
    """Longitude, latitude."""
    capacity: float | None
    used: float | None
    access: str
    accessible: str
    funding: str
    since: int | None
    until: int | None
    url: str
    source: str

    def exists(self, year: int) -> bool:
        """Whether it is open in a year."""
        return (self.since or 0) <= year <= (self.until or 9999)


@dataclass(frozen=True)
class Decision:
    """What a body decided; ``recommendation`` is the id of a recommendation of the report, or empty."""

    id: str
    body: str
    date: Moment
    paper: str
    subject: str
    outcome: str
    recommendation: str
    wording: str
    reason: str
    edition: str
    source: str


@dataclass(frozen=True)
class Rule:
    """When a recommendation is made, as data."""

    id: str
    condition: str
    indicator: str
    threshold: float
    years: int
    phase: str
    field: str
    text: str
    reason: str
    active: bool
    origin: str
    """File and line it stands in."""


@dataclass(frozen=True)
class Step:
    """One step of the strategy's own course; ``kind`` is *geplant* or *erreicht*."""

    id: str
    when: Moment
    text: str
    kind: str
    stage: str
    source: str


@dataclass(frozen=True)
class Strategy:
    """All tables of one district."""

    goals: tuple[Goal, ...] = ()
    measures: tuple[Measure, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    funding: tuple[Funding, ...] = ()
    offers: tuple[Offer, ...] = ()
    decisions: tuple[Decision, ...] = ()
    rules: tuple[Rule, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the district has entered nothing of its own."""
        return not (self.goals or self.measures or self.offers or self.decisions)
