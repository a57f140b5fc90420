"""Words of the chapter *Kitabedarf*: titles, sentences, alternative texts, assumptions.

Expected numbers are rounded to tens: more would promise a precision that no outlook has. Not in here: figures
(``daycare``) and the calculation (``projection``).
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kreisbericht import alttext, projection, sentences, titles
from kreisbericht import language as lang
from kreisbericht.catalogue import Indicator, find_indicator
from kreisbericht.numbers import format_number, format_percent
from kreisbericht.statistics import classify_change

if TYPE_CHECKING:
    from kreisbericht.daycare import Plan
    from kreisbericht.regions import Region
    from kreisbericht.scope import Scope

_GROUP_NAMES = {"u3": "Kinder unter 3 Jahren", "ab_3": "Kinder von 3 bis 5 Jahren"}
_RATE_IDS = {"u3": "betreuungsquote_u3", "ab_3": "betreuungsquote_3_6"}
_GROUPS = {"u3": (0, 3), "ab_3": (3, 6)}
_TERMS = {
    "geburten": "Geburten", "jahrgang": "Jahrgänge", "quote": "Betreuungsquoten",
    "anteil_sechsjaehrige": "Sechsjährige", "horizont": "Zeitraum",
}  # fmt: skip


def rough(value: float) -> str:
    """Expected number to the nearest ten: ``1.330``; below one hundred to the nearest whole number."""
    step = step_of(value)
    return format_number(math.floor(value / step + 0.5) * step, 0)


def step_of(value: float) -> int:
    """Multiple to which an expected number is rounded."""
    return 10 if abs(value) >= 100 else 1


def span(series: pd.Series) -> str:
    """``2015 bis 2024``."""
    return lang.year_span([int(year) for year in series.dropna().index])


def key_messages(plan: Plan) -> list[tuple[str, str]]:
    """Figure and sentence of each message; the outlook only where there is one."""
    said, where = [], plan.scope.home.in_phrase
    for group, ages in _GROUPS.items():
        counted = plan.counted(ages)
        if len(counted):
            year = counted.index[-1]
            said.append((format_number(counted[year], 0), f"{_GROUP_NAMES[group]} lebten Ende {year} {where}."))
    if plan.inputs is None:
        return said
    total = plan.course(["gesamt"])
    first, last = total.index[0], total.index[-1]
    said.append((f"rund {rough(total.at[last, 'mittel'])}",
                 f"Kita-Plätze braucht es Ende {last} rechnerisch im mittleren Szenario, Ende {first} sind es "
                 f"{rough(total.at[first, 'mittel'])}."))  # fmt: skip
    said.append((f"{rough(total.at[last, 'niedrig'])} bis {rough(total.at[last, 'hoch'])}",
                 f"Plätze: So weit reicht Ende {last} die Spanne vom niedrigen zum hohen Szenario."))  # fmt: skip
    return said


def children_title(young: pd.Series, breaks: Sequence[int] = ()) -> str:
    """Finding on the children under 3."""
    return titles.trend_title(_spoken("u3"), young, breaks=breaks)


def children_sentences(plan: Plan, pair: dict[str, pd.Series]) -> list[str]:
    """Development of both age groups, each on its own basis."""
    breaks = plan.scope.breaks(find_indicator("bevoelkerung_m_00_03"))
    said: list[str] = []
    for group, series in zip(_GROUPS, pair.values(), strict=True):
        found = sentences.trend_sentences(_spoken(group), plan.scope.home, series, breaks=breaks)
        said += found if not said else found[:1]  # break and gaps are the same for both
    return said


def children_alt(plan: Plan, pair: dict[str, pd.Series]) -> str:
    """Alternative text of the two counted lines."""
    spoken = [_spoken(group) for group in _GROUPS]
    named = {entry.short: series for entry, series in zip(spoken, pair.values(), strict=True)}
    return alttext.balance_alt(plan.scope.home, spoken, named)


def outlook_title(course: pd.DataFrame, noun: str) -> str:
    """``Kinder unter 6: bis 2030 rund 240 weniger im mittleren Szenario``."""
    first, last = course["mittel"].iloc[[0, -1]]
    start, end = course.index[[0, -1]]
    if classify_change(first, last, digits=0, unit="Personen") == "stabil":
        return titles.fit_title(f"{noun}: Ende {end} im mittleren Szenario etwa wie {start}", noun)
    word = "mehr" if last > first else "weniger"
    return titles.fit_title(f"{noun}: bis {end} rund {rough(abs(last - first))} {word} im mittleren Szenario",
                            f"{noun}: bis {end} {word}", noun)  # fmt: skip


def outlook_sentences(plan: Plan, course: pd.DataFrame, what: str) -> list[str]:
    """Start, middle course, margin, and from when on the births are assumed."""
    start, end = course.index[[0, -1]]
    first = format_number(course.at[start, "mittel"], 0)
    said = [f"Ende {start} lebten {plan.scope.home.in_phrase} {first} {what}.", *_course_sentences(course)]
    return [*said, f"Wer nach {start} geboren wird, ist noch nicht gezählt: Ende {end} beruhen alle Altersjahre unter "
            f"{end - start} auf angenommenen Geburten."]  # fmt: skip


def ages_sentence(plan: Plan) -> str:
    """What the table of single years is made of."""
    years = lang.year_span(plan.inputs.birth_years)
    return (
        f"Das mittlere Szenario rechnet mit {rough(plan.inputs.births['mittel'])} Geburten im Jahr, dem Mittel {years}."
    )


def demand_sentences(plan: Plan, course: pd.DataFrame, group: str) -> list[str]:
    """Places at the last published rate today and at the end of the outlook."""
    start = course.index[0]
    rate, year = _last_rate(plan, group)
    who = {"u3": "Kinder unter 3 Jahren", "ab_3": "Kinder ab 3 Jahren"}[group]
    now = rough(course.at[start, "mittel"])
    return [
        f"Bei der zuletzt veröffentlichten Betreuungsquote von {rate} ({year}) brauchen Ende {start} rechnerisch "
        f"rund {now} {who} einen Platz.",
        *_course_sentences(course),
    ]


def check_sentences(plan: Plan, group: str) -> list[str]:
    """Counted children in daycare against the children of that age; how six-year-olds are counted."""
    if group == "ab_3":
        return [_six_sentence(plan)]
    cared = plan.scope.series(find_indicator("kinder_u3_betreut")).dropna()
    counted = plan.counted(_GROUPS["u3"])
    if cared.empty or int(cared.index[-1]) - 1 not in counted.index:
        return []
    year, number = int(cared.index[-1]), float(cared.iloc[-1])
    children = float(counted[year - 1])
    return [
        f"Zur Gegenprobe: Am 1. März {year} wurden {format_number(number, 0)} Kinder unter 3 Jahren in "
        f"Tageseinrichtungen oder Tagespflege betreut. Das entspricht {format_percent(number / children * 100)} "
        f"der {format_number(children, 0)} Kinder, die Ende {year - 1} hier lebten."
    ]


def today_sentence(plan: Plan, group: str) -> str:
    """Places at the last published rate for the last counted children; empty where either is missing."""
    counted = plan.counted(_GROUPS[group])
    found = _last_rate(plan, group)
    if counted.empty or found is None:
        return ""
    year, (rate, rate_year) = counted.index[-1], found
    places = counted[year] * _rates(plan, group).iloc[-1] / 100
    return (
        f"Ende {year} lebten {plan.scope.home.in_phrase} {format_number(counted[year], 0)} {_GROUP_NAMES[group]}. "
        f"Bei der zuletzt veröffentlichten Betreuungsquote von {rate} ({rate_year}) entspricht das rechnerisch "
        f"rund {rough(places)} Plätzen."
    )


def outlook_alt(plan: Plan, course: pd.DataFrame, counted: pd.Series, what: str) -> str:
    """Form, counted span, three courses, where the values are."""
    start, end = course.index[[0, -1]]
    known = [(year, format_number(counted[year], 0)) for year in counted.index[[0, -1]]] if len(counted) else []
    past = f" Gezählt: {', '.join(f'{number} im Jahr {year}' for year, number in known)}." if known else ""
    ends = ", ".join(f"{name} {rough(course.at[end, name])}" for name in projection.SCENARIOS)
    return (
        f"Liniendiagramm mit Band: {what}, {plan.scope.label(plan.scope.home)}.{past} Von {start} an drei Szenarien, "
        f"Ende {end}: {ends}. {alttext.WHERE}"
    )


def places_sentences(plan: Plan, places: dict[str, pd.Series], year: int) -> list[str]:
    """Places there are against the places needed at the end of the outlook."""
    said = []
    for group, series in places.items():
        if year not in series.index:
            continue
        who = {"u3": "unter 3 Jahren", "ab_3": "ab 3 Jahren"}[group]
        need = plan.course([group])["mittel"].iloc[[-1]] if plan.inputs else pd.Series(dtype=float)
        later = (
            f"; im mittleren Szenario werden Ende {need.index[-1]} rund {rough(need.iloc[-1])} gebraucht"
            if len(need)
            else ""
        )
        said.append(f"Am 1. März {year} gab es {format_number(series[year], 0)} Plätze für Kinder {who}{later}.")
    return said


def no_places(home: Region) -> list[str]:
    """Who knows the places and how they come into the book."""
    return [
        f"Wie viele Plätze es {home.in_phrase} gibt, wie viele belegt sind und wie viele Kinder warten, weiß nur das "
        "Jugendamt. Diese Zahlen liegen hier nicht vor; das Kapitel zeigt deshalb den Bedarf und nicht, ob die Plätze "
        "reichen.",
        "Mit der Vorlage kita.xlsx (Ordner data/eigene/vorlagen) kommen sie ins Buch, nach Planungsräumen getrennt.",
    ]


def naming(scope: Scope, indicator: Indicator) -> Callable[[Region], str]:
    """Label of a row in the download: area and what is counted."""
    return lambda region: f"{scope.label(region)}: {indicator.title}"


def no_outlook(home: Region, indicators: Sequence[Indicator]) -> str:
    """Which figures a projection would need."""
    names = lang.join_list(f"„{entry.short}“" for entry in indicators)
    return f"Für eine Vorausrechnung {home.in_phrase} fehlen veröffentlichte Werte zu {names}."


def method_sentences(plan: Plan) -> list[str]:
    """Cross-check of births and age group, and the pairs of years the change of cohorts comes from."""
    inputs = plan.inputs
    if inputs is None:
        return []
    births = sum(plan.figures.births[year] for year in inputs.birth_years)
    children = plan.figures.groups.at[inputs.year, (0, 3)]
    pairs = lang.join_list(f"{year - 3} bis {year}" for year in inputs.spans)
    return [
        f"Auf {format_number(births, 0)} Geburten der Jahre {lang.year_span(inputs.birth_years)} kommen Ende "
        f"{inputs.year} {format_number(children, 0)} Kinder unter 3 Jahren, also {format_number(children / births, 3)} "
        "Kinder je Geburt. In diesem Korrekturfaktor stecken Zuzug, Fortzug und Sterblichkeit.",
        f"Wie sich Jahrgänge danach ändern, zeigen die Abstände {pairs}.",
    ]


def assumption_values(plan: Plan) -> list[tuple]:
    """(name, year, unit, niedrig, mittel, hoch) of every assumption that differs between the scenarios."""
    inputs = plan.inputs
    if inputs is None:
        return []
    growth = {name: (factor - 1) * 100 for name, factor in inputs.growth.items()}
    found = [
        ("Geburten im Jahr", "Personen", inputs.births),
        ("Änderung eines Jahrgangs je Jahr", "%", growth),
        ("Betreuungsquote unter 3", "%", inputs.rates_u3),
        ("Betreuungsquote 3 bis 5", "%", inputs.rates_3_6),
    ]
    return [(name, inputs.year, unit, *(values[one] for one in projection.SCENARIOS)) for name, unit, values in found]


def assumption_rows(plan: Plan) -> list[tuple[str, list[str]]]:
    """The same as cells of a table."""
    rows = []
    for name, _, unit, *values in assumption_values(plan):
        signed = name.startswith("Änderung")
        cells = [f"{format_number(v, 1, sign=signed)}\u00a0%" if unit == "%" else format_number(v, 0) for v in values]
        rows.append((name, cells))
    return rows


def assumption_reasons(plan: Plan) -> list[tuple[str, str]]:
    """Term, rule and reason of every assumption, from ``data/annahmen_kita.csv``."""
    land = plan.scope.home.ags[:2]
    rows = [row for row in projection.load_assumptions() if row["land"] in ("", land)]
    found = []
    for name, group in itertools.groupby(rows, key=lambda row: row["annahme"]):
        members = list(group)
        if name in _TERMS:
            parts = [f"{row['szenario']}: {row['begruendung']}".removeprefix(": ") for row in members]
            said = " ".join(lang.capitalise(part) for part in parts)
            found.append((_TERMS[name], f"{said} Quelle: {members[0]['quelle']}."))
    return found


def _spoken(group: str) -> Indicator:
    """The age group as an indicator, so that the common sentences can speak of it."""
    sample = find_indicator("bevoelkerung_m_00_03" if group == "u3" else "bevoelkerung_m_03_06")
    name = f"Zahl der {_GROUP_NAMES[group]}"
    return dataclasses.replace(
        sample, title=name, short=name, article="die", unit="Personen", feature=_GROUP_NAMES[group]
    )


def _course_sentences(course: pd.DataFrame) -> list[str]:
    """Where the middle course leads, and the margin."""
    first, last = course["mittel"].iloc[[0, -1]]
    end = course.index[-1]
    low, high = rough(course.at[end, "niedrig"]), rough(course.at[end, "hoch"])
    direction = classify_change(first, last, digits=0, unit="Personen")
    if direction == "stabil":
        middle = f"Im mittleren Szenario sind es Ende {end} rund {rough(last)}, also etwa ebenso viele."
    else:
        word = "mehr" if direction == "steigt" else "weniger"
        middle = (
            f"Im mittleren Szenario sind es Ende {end} rund {rough(last)}, also rund {rough(abs(last - first))} {word}."
        )
    return [middle, f"Das niedrige Szenario führt zu rund {low}, das hohe zu rund {high}."]


def _six_sentence(plan: Plan) -> str:
    share = plan.inputs.share_six
    if pd.isna(share):
        return "Sechsjährige, die noch nicht zur Schule gehen, sind nicht eingerechnet."
    return (
        f"Eingerechnet sind auch {format_percent(share * 100, 0)} der Sechsjährigen: Wer nach dem Stichtag der "
        "Schulpflicht sechs wurde, geht zum Jahresende noch nicht zur Schule."
    )


def _rates(plan: Plan, group: str) -> pd.Series:
    return {"u3": plan.figures.rates_u3, "ab_3": plan.figures.rates_3_6}[group].dropna()


def _last_rate(plan: Plan, group: str) -> tuple[str, int] | None:
    rates = _rates(plan, group)
    if rates.empty:
        return None
    return format_percent(float(rates.iloc[-1]), find_indicator(_RATE_IDS[group]).digits), int(rates.index[-1])
