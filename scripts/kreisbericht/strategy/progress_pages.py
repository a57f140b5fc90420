"""Goals on the page: how many are on course, the picture of their way, the table with intervals and reasons.

Not in here: judging them (``monitoring``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kreisbericht import language as lang
from kreisbericht.numbers import format_number
from kreisbericht.output import escape
from kreisbericht.scope import find_spoken
from kreisbericht.strategy.model import Strategy
from kreisbericht.strategy.monitoring import (
    AWAY,
    BEHIND_PLAN,
    ON_COURSE,
    REACHED,
    UNDECIDED,
    UNKNOWN,
    GoalStatus,
    judge_goals,
)
from kreisbericht.strategy.printing import NOTHING, SOURCE, name_sources, print_records, rated
from kreisbericht.titles import fit_title
from kreisbericht.views import Page

ORDER = (REACHED, ON_COURSE, BEHIND_PLAN, AWAY, UNDECIDED, UNKNOWN)
CHART = {"guenstiger": "better", "aehnlich": "similar", "unguenstiger": "worse", "ohne": "none"}
NO_GOALS = (
    "Für diesen Kreis sind keine Ziele hinterlegt. Ziele werden in der Vorlage „Ziele der Strategie“ eingetragen und "
    "mit dem Import übernommen."
)
NOT_MEASURABLE = (
    "Zu keinem der verzeichneten Ziele ist ein Indikator mit Ausgangswert und Zielwert veröffentlicht. Ob die Ziele "
    "erreicht werden, lässt sich deshalb nicht sagen."
)
NOTHING_TO_MEASURE = "Ohne hinterlegte Ziele lässt sich kein Stand berechnen."


def print_goals(page: Page, strategy: Strategy) -> list[str]:
    """Leitziele with their Handlungsziele as a list."""
    if not strategy.goals:
        return [page.printer.callout("Keine Ziele hinterlegt", NO_GOALS)]
    lines = []
    for goal in (one for one in strategy.goals if one.kind == "Leitziel"):
        lines.append(f"- **{escape(goal.text)}** ({escape(goal.phase)})")
        lines += [f"    - {escape(_describe(one))}" for one in strategy.goals if one.parent == goal.id]
    return ["\n".join(lines), page.printer.source(f"Quelle: {name_sources(goal.source for goal in strategy.goals)}.")]


def print_progress(page: Page, strategy: Strategy) -> list[str]:
    """Picture and table of all Handlungsziele; a sentence where none can be measured."""
    found = judge_goals(page.scope, strategy)
    if not any(goal.goal.is_measurable for goal in found):
        return [escape(NOT_MEASURABLE if strategy.goals else NOTHING_TO_MEASURE)]
    return [*_picture(page, [one for one in found if one.now and one.done == one.done]), *_table(page, found)]


def count_states(found: Sequence[GoalStatus]) -> dict[str, int]:
    """Number of goals by state, in the order of the page."""
    counted = Counter(one.word for one in found)
    return {word: counted[word] for word in ORDER if counted[word]}


def _describe(goal) -> str:
    target = ""
    if goal.target:
        entry = find_spoken(goal.indicator)
        value = lang.value_phrase(goal.target[1], entry)
        target = f": {lang.bare_noun(entry.short, entry.article)} {value} bis {goal.target[0]}"
    return f"{goal.text}{target}"


def _picture(page: Page, found: Sequence[GoalStatus]) -> list[str]:
    from kreisbericht import charts

    if not found:
        return []
    counted = count_states(found)
    rows = [_chart_row(one) for one in found]
    item, total = "fig-ziele-weg", len(found)
    good = counted.get(REACHED, 0) + counted.get(ON_COURSE, 0)
    shown = page.float(
        item,
        title=fit_title(f"{good} von {total} messbaren Zielen erreicht oder auf Kurs", "Ziele und ihr Stand"),
        subtitle="Handlungsziele mit Ausgangswert (links) und Zielwert (rechts), Stand je Indikator",
        source=f"{SOURCE} Werte: siehe Indikatorenblätter.",
        rows=[row for one in found for row in _values(page, one)],
    )
    told = ". ".join(f"{one.goal.text}: {one.word}, {_now(one)}, Ziel {_target(one)}" for one in found)
    picture = page.draw(
        shown,
        f"Wegdiagramm von {total} Zielen. {told}. Alle Werte stehen in der Tabelle.",
        lambda size, title: charts.goals(rows, size=size, title=title),
    )
    said = [f"Stand der {total} messbaren Ziele: {lang.join_list(f'{n} {w}' for w, n in counted.items())}."]
    return [page.announce(said, item, "zeigt den Weg vom Ausgangswert zum Ziel"), picture]


def _chart_row(one: GoalStatus) -> dict:
    entry = find_spoken(one.goal.indicator)
    return {
        "name": one.goal.text, "unit": f"{lang.bare_noun(entry.short, entry.article)}, {entry.unit}",
        "digits": entry.digits, "base": one.base, "now": one.now, "target": one.goal.target,
        "rating": CHART[one.rating], "word": one.word,
    }  # fmt: skip


def _table(page: Page, found: Sequence[GoalStatus]) -> list[str]:
    head = ["Ziel", "Stand", "Ausgang", "Jetzt", "95-%-Bereich", "Soll heute", "Zielwert"]
    rows = [_row(one) for one in found]
    printed = print_records(
        page, "tbl-ziele-stand", title="Ziele: Ausgang, heute, Ziel", head=head, rows=rows, numbers=(2, 3, 4, 5, 6),
        subtitle="Soll heute: Wert bei gleichmäßigem Fortschritt vom Ausgangs- zum Zieljahr",
        records=[_record(one) for one in found],
        source=f"{SOURCE} Der 95-%-Bereich ist angegeben, wo Fallzahlen veröffentlicht sind.",
        what="nennt Werte und Bereiche",
    )  # fmt: skip
    reasons = [f"- {escape(one.goal.text)}: {escape(one.reason)}" for one in found if one.reason]
    return [*printed, "\n".join(reasons)] if reasons else printed


def _row(one: GoalStatus) -> list[str]:
    if one.now is None:
        return [one.goal.text, rated(one.word, one.rating), NOTHING, NOTHING, NOTHING, NOTHING, _target(one)]
    entry = find_spoken(one.goal.indicator)
    between = NOTHING
    if one.interval:
        between = f"{format_number(one.interval[0], entry.digits)}–{format_number(one.interval[1], entry.digits)}"
    expected = NOTHING if one.expected != one.expected else format_number(one.expected, entry.digits)
    base = f"{format_number(one.base[1], entry.digits)} ({one.base[0]})"
    name = f"{one.goal.text} ({entry.unit})"
    return [name, rated(one.word, one.rating), base, _now(one), between, expected, _target(one)]


def _now(one: GoalStatus) -> str:
    return f"{format_number(one.now[1], find_spoken(one.goal.indicator).digits)} ({one.now[0]})"


def _target(one: GoalStatus) -> str:
    if not one.goal.target:
        return NOTHING
    return f"{format_number(one.goal.target[1], find_spoken(one.goal.indicator).digits)} ({one.goal.target[0]})"


def _values(page: Page, one: GoalStatus) -> list[dict]:
    entry, home = find_spoken(one.goal.indicator), page.scope.home
    roles = (("Ausgangswert", one.base), ("jetzt", one.now), ("Zielwert", one.goal.target))
    return [
        {"gebiet": str(home), "ags": home.ags, "jahr": year, "wert": value, "einheit": f"{entry.short}, {entry.unit}",
         "quelle": f"{one.goal.id} {role}"}
        for role, (year, value) in roles
    ]  # fmt: skip


def _record(one: GoalStatus) -> dict:
    low, high = one.interval or ("", "")
    return {
        "kennung": one.goal.id, "ziel": one.goal.text, "lebensphase": one.goal.phase, "indikator": one.goal.indicator,
        "ausgangsjahr": one.base[0] if one.base else "", "ausgangswert": one.base[1] if one.base else "",
        "jahr": one.now[0] if one.now else "", "wert": one.now[1] if one.now else "", "von": low, "bis": high,
        "soll": "" if one.expected != one.expected else one.expected,
        "zieljahr": one.goal.target[0] if one.goal.target else "",
        "zielwert": one.goal.target[1] if one.goal.target else "",
        "stand": one.word, "erlaeuterung": one.reason, "quelle": one.goal.source,
    }  # fmt: skip
