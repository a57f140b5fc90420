"""How far the strategy is: goals against their indicators, measures and milestones on the report's day.

Judges only. Not in here: words for the page (``progress_pages``, ``measure_pages``) and recommendations (``rules``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from kreisbericht.chance import wilson_interval
from kreisbericht.editions import Edition
from kreisbericht.intervals import find_cases
from kreisbericht.scope import Scope, find_spoken
from kreisbericht.strategy.model import Goal, Measure, Milestone, Strategy

BEHIND = 5.0  # [% of the way] how far behind steady progress still counts as on course
REACHED, ON_COURSE, BEHIND_PLAN, AWAY = "erreicht", "auf Kurs", "hinter dem Plan", "entfernt sich"
UNDECIDED, UNKNOWN = "nicht entscheidbar", "unbekannt"
RATINGS = {REACHED: "guenstiger", ON_COURSE: "guenstiger", BEHIND_PLAN: "aehnlich", AWAY: "unguenstiger",
           UNDECIDED: "ohne", UNKNOWN: "ohne"}  # fmt: skip
MISSED = (BEHIND_PLAN, AWAY)


@dataclass(frozen=True)
class GoalStatus:
    """One goal on the report's day.

    Parameters
    ----------
    word
        One of the six words of this module.
    base, now
        (year, value), None where there is none.
    done, due
        Shares of the way that are done and due [% of the way, 0 baseline, 100 target], NaN where unknown.
    expected
        Value that steady progress would have today.
    interval
        95 % interval of the present value, None where the counts are not published or too small.
    reason
        Sentence why it is unknown or undecided; empty otherwise.
    """

    goal: Goal
    word: str
    base: tuple[int, float] | None = None
    now: tuple[int, float] | None = None
    done: float = float("nan")
    due: float = float("nan")
    expected: float = float("nan")
    interval: tuple[float, float] | None = None
    reason: str = ""

    @property
    def rating(self) -> str:
        """Class of the rating, which gives the shape."""
        return RATINGS[self.word]

    @property
    def behind_by(self) -> float:
        """How much of the way is missing to steady progress [% of the way]; negative ahead of it."""
        return min(self.due, 100.0) - self.done


def report_day(scope: Scope) -> dt.date:
    """Day the strategy is looked at: the data cut-off, at most the end of the year after the *Berichtsjahr*."""
    return _limit(scope.data_status, scope.year)


def edition_day(edition: Edition) -> dt.date:
    """The same day for an edition."""
    return _limit(edition.datenstand, edition.berichtsjahr)


def judge_goals(scope: Scope, strategy: Strategy) -> list[GoalStatus]:
    """Status of all Handlungsziele in the order of the table."""
    return [judge_goal(scope, goal) for goal in strategy.goals if goal.kind == "Handlungsziel"]


def judge_goal(scope: Scope, goal: Goal, *, tolerance: float = BEHIND) -> GoalStatus:
    """Where a goal stands against steady progress from baseline to target.

    Parameters
    ----------
    tolerance
        How far behind still counts as on course [% of the way].
    """
    if not goal.is_measurable:
        return GoalStatus(goal, UNKNOWN, reason="Für dieses Ziel ist kein Indikator mit Zielwert festgelegt.")
    indicator = find_spoken(goal.indicator)
    series = scope.series(indicator).dropna()
    value = goal.base_value if goal.base_value is not None else series.get(goal.base_year)
    if value is None or series.empty:
        return GoalStatus(goal, UNKNOWN, reason="Zum Ausgangsjahr oder danach liegt kein Wert vor.")
    base, now = (goal.base_year, float(value)), (int(series.index[-1]), float(series.iloc[-1]))
    if now[0] <= base[0]:
        return GoalStatus(goal, UNKNOWN, base, reason=f"Nach {base[0]} liegt noch kein neuer Wert vor.")
    broken = [event for year, event in scope.breaks(indicator) if base[0] < year <= now[0]]
    if broken:
        said = f"Seit {base[0]} ist die Reihe unterbrochen ({', '.join(broken)}); die Werte sind nicht vergleichbar."
        return GoalStatus(goal, UNKNOWN, base, now, reason=said)
    if goal.target[1] == base[1]:
        return GoalStatus(goal, UNKNOWN, base, now, reason="Der Zielwert ist der Ausgangswert.")
    return _judge_way(goal, base, now, _find_interval(scope, goal.indicator, now[0]), tolerance)


def overdue_milestones(strategy: Strategy, day: dt.date) -> list[Milestone]:
    """Milestones whose time has passed, of measures that are not stopped; the longest overdue first."""
    stopped = {measure.id for measure in strategy.measures if measure.state_at(day) == "eingestellt"}
    found = [one for one in strategy.milestones if one.is_overdue(day) and one.measure not in stopped]
    return sorted(found, key=lambda one: one.due.end)


def due_milestones(strategy: Strategy, day: dt.date, *, months: int = 12) -> list[Milestone]:
    """Open milestones of the coming months, the nearest first."""
    limit = day + dt.timedelta(days=round(months * 30.44))
    found = [one for one in strategy.milestones if not one.is_done(day) and day <= one.due.end <= limit]
    return sorted(found, key=lambda one: one.due.end)


def count_measures(measures: Sequence[Measure], groups: Iterable[str], key, day: dt.date) -> pd.DataFrame:
    """Number of measures per group and state on a day; ``key`` gives the groups of a measure."""
    table = pd.DataFrame(
        0, index=list(groups), columns=["geplant", "läuft", "abgeschlossen", "eingestellt", "unbekannt"]
    )
    for measure in measures:
        for group in key(measure):
            if group in table.index:
                table.loc[group, measure.state_at(day)] += 1
    return table


def sum_funding(strategy: Strategy) -> pd.DataFrame:
    """Money by year (index) and origin (columns) [euro]; NaN where nothing is entered."""
    rows = [{"jahr": one.year, "herkunft": one.origin, "betrag": one.amount} for one in strategy.funding]
    if not rows:
        return pd.DataFrame()
    return pd.DataFrame(rows).pivot_table(index="jahr", columns="herkunft", values="betrag", aggfunc="sum")


def _limit(day: dt.date, year: int) -> dt.date:
    return min(day, dt.date(year + 1, 12, 31))


def _judge_way(goal: Goal, base, now, interval, tolerance: float) -> GoalStatus:
    (target_year, target), (year, value) = goal.target, now
    way = target - base[1]
    done, due = (value - base[1]) / way * 100, (year - base[0]) / (target_year - base[0]) * 100
    expected = base[1] + way * min(due, 100.0) / 100
    if done >= 100:
        word, limit = REACHED, base[1]
    elif done < 0:
        word, limit = AWAY, base[1]
    elif done < min(due, 100.0) - tolerance:
        word, limit = BEHIND_PLAN, expected
    else:
        word, limit = ON_COURSE, base[1]
    status = GoalStatus(goal, word, base, now, done, due, expected, interval)
    if interval and interval[0] <= limit <= interval[1]:
        compared = "vom Ausgangswert" if limit == base[1] else "vom Wert bei gleichmäßigem Fortschritt"
        reason = f"Der Abstand {compared} kann zufällig sein."
        return GoalStatus(goal, UNDECIDED, base, now, done, due, expected, interval, reason)
    return status


def _find_interval(scope: Scope, indicator_id: str, year: int) -> tuple[float, float] | None:
    found = find_cases(scope, find_spoken(indicator_id), year)
    return wilson_interval(*found) if found else None
