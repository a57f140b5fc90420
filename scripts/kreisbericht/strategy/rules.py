"""Recommendations: rules (data) applied to figures, goals, offers and milestones; each one can be walked back.

A recommendation keeps its rule, the values it rests on with indicator, region, year, table and source, the goal it
serves, the measures that already answer it, and what the bodies decided about it, in this edition or an earlier one.
Its id stays the same as long as rule and object do. Not in here: printing (``recommendation_pages``, ``agenda``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pandas as pd

from kreisbericht import language as lang
from kreisbericht.catalogue import find_indicator
from kreisbericht.overview import find_standing
from kreisbericht.regions import Region
from kreisbericht.sample import CREDIT
from kreisbericht.scope import Scope, find_spoken
from kreisbericht.strategy.fields import CONDITIONS, OUTCOMES
from kreisbericht.strategy.model import Decision, Goal, Measure, Milestone, Rule, Strategy
from kreisbericht.strategy.monitoring import MISSED, judge_goal, overdue_milestones, report_day
from kreisbericht.strategy.needs import assess_needs
from kreisbericht.strategy.trends import measure_worsening

WORSE, MISSED_GOAL, GAP, LATE = CONDITIONS
PHASE_NAMES = {"fruehe_kindheit": "Kindheit", "schule": "Kindheit", "jugend": "Jugend",
               "erwerbsalter": "Erwachsenenalter", "alter": "Senioren", "alle": "alle"}  # fmt: skip


@dataclass(frozen=True)
class Value:
    """One figure a recommendation rests on: what, where, when, how much, and from which table."""

    indicator: str
    region: Region
    year: int
    value: float

    @property
    def source(self) -> str:
        """Credit line of the figure, with the code of its table."""
        entry = find_indicator(self.indicator)
        if self.region.ags.startswith("99"):
            return CREDIT
        return f"{entry.credit.rstrip('.')} (Tabelle {entry.table})"


@dataclass(frozen=True)
class Recommendation:
    """One proposal with everything it rests on.

    Parameters
    ----------
    finding
        Sentences with the values, computed.
    test
        How the finding was tested, or why it could not be.
    evidence
        Figures behind it; empty for milestones, whose evidence is the table.
    decisions
        Of this recommendation, oldest first.
    """

    id: str
    rule: Rule
    text: str
    phase: str
    finding: str
    test: str = ""
    evidence: tuple[Value, ...] = ()
    goals: tuple[Goal, ...] = ()
    measures: tuple[Measure, ...] = ()
    milestone: Milestone | None = None
    decisions: tuple[Decision, ...] = field(default=())

    @property
    def decision(self) -> Decision | None:
        """The last decision that settles it (accepted, changed, rejected, postponed)."""
        return next((one for one in reversed(self.decisions) if one.outcome in OUTCOMES), None)

    @property
    def is_open(self) -> bool:
        """Whether a body has still to decide."""
        return self.decision is None or self.decision.outcome == "vertagt"

    @property
    def wording(self) -> str:
        """The text as decided, else as proposed."""
        return self.decision.wording if self.decision and self.decision.wording else self.text


def recommend(scope: Scope, strategy: Strategy) -> list[Recommendation]:
    """All recommendations of the active rules, in the order of the rules."""
    makers: dict[str, Callable[[Scope, Strategy, Rule], Iterable[Recommendation]]] = {
        WORSE: _worse, MISSED_GOAL: _missed, GAP: _gaps, LATE: _late,
    }  # fmt: skip
    found = [one for rule in strategy.rules if rule.active for one in makers[rule.condition](scope, strategy, rule)]
    return [_with_decisions(one, strategy, report_day(scope)) for one in found]


def _worse(scope: Scope, strategy: Strategy, rule: Rule) -> Iterable[Recommendation]:
    """Worse than the Land by the threshold [% of its value] and worse than before beyond chance."""
    entry = find_spoken(rule.indicator)
    standing = find_standing(scope, entry)
    if standing is None or pd.isna(standing.reference) or not standing.reference or not entry.polarity:
        return []
    distance = (standing.reference - standing.value) * entry.polarity / abs(standing.reference) * 100
    change = measure_worsening(scope, entry, years=rule.years, polarity=entry.polarity)
    if distance < rule.threshold or change is None or not change.certain:
        return []
    area = scope.area.in_phrase
    than = f"im mittleren Kreis {area}" if standing.by_median else area
    value, other = (lang.value_phrase(one, entry, dative=True) for one in (standing.value, standing.reference))
    finding = (
        f"{lang.capitalise(lang.subject(entry.short, entry.article))} {lang.verb('liegt', entry.article)} "
        f"{standing.year} {scope.home.in_phrase} bei {value}, {than} bei {other}. {change.first[0]} waren es "
        f"{scope.home.in_phrase} {lang.value_phrase(change.first[1], entry)}."
    )
    values = [Value(entry.id, scope.home, year, number) for year, number in (change.first, change.last)]
    if not standing.by_median:
        values.append(Value(entry.id, scope.area, standing.year, standing.reference))
    goals = _goals_for(strategy, entry.id)
    text = _fill(rule, scope, name=lang.bare_noun(entry.short, entry.article))
    return [Recommendation(
        rule.id, rule, text, rule.phase or PHASE_NAMES.get(entry.life_phase, "alle"), finding, change.method,
        tuple(values), goals, _answering(scope, strategy, goals, entry.id),
    )]  # fmt: skip


def _missed(scope: Scope, strategy: Strategy, rule: Rule) -> Iterable[Recommendation]:
    """Goals behind steady progress by the threshold [% of the way], or moving away."""
    for goal in strategy.goals:
        if goal.kind != "Handlungsziel" or rule.indicator not in ("", goal.indicator):
            continue
        status = judge_goal(scope, goal, tolerance=rule.threshold)
        if status.word not in MISSED:
            continue
        entry = find_spoken(goal.indicator)
        finding = (
            f"Das Ziel {status.word}: Ausgangswert {lang.value_phrase(status.base[1], entry)} ({status.base[0]}), "
            f"jetzt {lang.value_phrase(status.now[1], entry)} ({status.now[0]}), bei gleichmäßigem Fortschritt "
            f"{lang.value_phrase(status.expected, entry)}, Ziel {lang.value_phrase(goal.target[1], entry)} "
            f"({goal.target[0]})."
        ).replace("Das Ziel hinter dem Plan", "Das Ziel liegt hinter dem Plan")
        test = "" if status.interval else "Ob Zufall den Abstand erklärt, ist ohne Fallzahlen nicht prüfbar."
        values = (Value(entry.id, scope.home, *status.base), Value(entry.id, scope.home, *status.now))
        yield Recommendation(
            f"{rule.id}/{goal.id}", rule, _fill(rule, scope, name=goal.text), goal.phase, finding, test, values,
            (goal,), _answering(scope, strategy, (goal,), entry.id),
        )  # fmt: skip


def _gaps(scope: Scope, strategy: Strategy, rule: Rule) -> Iterable[Recommendation]:
    """Planning areas with high need and neither offer nor measure."""
    if not strategy.offers:  # nothing entered is not nothing there
        return
    entry = find_spoken(rule.indicator)
    for need in assess_needs(scope, strategy):
        if need.rule is not rule:
            continue
        for place in need.areas:
            if not place.is_gap:
                continue
            value, whole = (lang.value_phrase(one, entry, dative=True) for one in (place.value, need.values.whole))
            finding = (
                f"{lang.capitalise(lang.subject(entry.short, entry.article))} {lang.verb('liegt', entry.article)} "
                f"{need.values.year} {place.area.in_phrase} bei {value}, {scope.home.in_phrase} bei {whole}. "
                f"Für die Lebensphase {rule.phase} ist dort kein Angebot und keine laufende Maßnahme verzeichnet."
            )
            values = (
                Value(entry.id, place.area, need.values.year, place.value),
                Value(entry.id, scope.home, need.values.year, need.values.whole),
            )
            goals = _goals_for(strategy, entry.id)
            text = _fill(rule, scope, name=str(place.area))
            yield Recommendation(f"{rule.id}/{place.area.ags}", rule, text, rule.phase, finding, "", values, goals)


def _late(scope: Scope, strategy: Strategy, rule: Rule) -> Iterable[Recommendation]:
    """Milestones overdue by the threshold [days]."""
    day = report_day(scope)
    measures = {measure.id: measure for measure in strategy.measures}
    for one in overdue_milestones(strategy, day):
        late = (day - one.due.end).days
        if late < rule.threshold:
            continue
        measure = measures[one.measure]
        goals = tuple(goal for goal in strategy.goals if goal.id == measure.goal)
        finding = f"Der Meilenstein der Maßnahme „{measure.title}“ war bis {one.due} fällig, das ist {late} Tage her."
        yield Recommendation(
            f"{rule.id}/{one.id}", rule, _fill(rule, scope, name=one.title), measure.phase, finding, "", (), goals,
            (measure,), one,
        )  # fmt: skip


def _fill(rule: Rule, scope: Scope, *, name: str) -> str:
    was = ""
    if rule.indicator:
        entry = find_spoken(rule.indicator)
        was = lang.bare_noun(entry.short, entry.article)
    return rule.text.format(was=was or name, wo=scope.home.in_phrase, name=name)


def _goals_for(strategy: Strategy, indicator_id: str) -> tuple[Goal, ...]:
    return tuple(goal for goal in strategy.goals if goal.indicator == indicator_id)


def _answering(scope: Scope, strategy: Strategy, goals: Iterable[Goal], indicator_id: str) -> tuple[Measure, ...]:
    """Measures that serve the goal or are measured by the same indicator, and run or are planned."""
    named = {goal.id for goal in goals}
    day = report_day(scope)
    return tuple(
        one for one in strategy.measures
        if one.answers_now(day) and (one.goal in named or indicator_id in one.indicators)
    )  # fmt: skip


def _with_decisions(one: Recommendation, strategy: Strategy, day: dt.date) -> Recommendation:
    found = tuple(d for d in strategy.decisions if d.recommendation == one.id and d.date.start <= day)
    return Recommendation(**{**one.__dict__, "decisions": found})
