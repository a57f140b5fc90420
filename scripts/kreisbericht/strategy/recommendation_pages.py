"""Recommendations on the page: the list, then each with rule, finding, evidence, goal, measures and decision.

Not in here: making them (``rules``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kreisbericht import language as lang
from kreisbericht.numbers import format_number
from kreisbericht.output import escape, make_id
from kreisbericht.scope import find_spoken
from kreisbericht.strategy.fields import CONDITIONS, PHASES
from kreisbericht.strategy.model import Rule, Strategy
from kreisbericht.strategy.printing import NOTHING, print_records, rated
from kreisbericht.strategy.rules import Recommendation, Value
from kreisbericht.views import Page

OPEN = "offen"
VERDICT_RATINGS = {"angenommen": "guenstiger", "geändert": "aehnlich", "abgelehnt": "unguenstiger"}
UNITS = {
    CONDITIONS[0]: "% Abstand vom Wert des Landes", CONDITIONS[1]: "% des Weges hinter dem Plan",
    CONDITIONS[2]: "% ungünstiger als der ganze Kreis", CONDITIONS[3]: "Tage nach dem Termin",
}  # fmt: skip
NONE = "Keine Regel greift: Aus den Zahlen dieser Ausgabe folgt nach den hinterlegten Regeln keine Empfehlung."
FIELD = "noch nicht entschieden: ☐ angenommen  ☐ geändert  ☐ abgelehnt; Grund:"


def _title(count: int, waiting: int) -> str:
    """``5 Empfehlungen, 2 davon offen``; one stands alone."""
    if count == 1:
        return "Eine Empfehlung, noch offen" if waiting else "Eine Empfehlung, entschieden"
    return f"{count} Empfehlungen, {waiting or 'keine'} davon offen"


def print_overview(page: Page, found: Sequence[Recommendation]) -> list[str]:
    """All recommendations with their state."""
    if not found:
        return [escape(NONE)]
    waiting = sum(one.is_open for one in found)
    rows = [[one.wording, one.phase, _state_cell(one)] for one in found]
    return print_records(
        page, "tbl-empfehlungen", title=_title(len(found), waiting), rows=rows,
        subtitle=f"Aus den Regeln und Zahlen dieser Ausgabe, {page.scope.home}",
        head=["Empfehlung", "Lebensphase", "Entscheidung"],
        records=[_record(one) for one in found],
        source="Quelle: Regeln in data/strategie/empfehlungsregeln.csv; Nachweise bei jeder Empfehlung.",
        what="nennt alle Empfehlungen",
    )  # fmt: skip


def print_phase(
    page: Page, found: Sequence[Recommendation], phase: str, usage: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Recommendations of one life phase, those for all phases with it."""
    if phase not in PHASES:
        raise ValueError(f"no such life phase: {phase}")
    chosen = [one for one in found if one.phase == phase]
    if not chosen:
        return ["Für diese Lebensphase greift keine Regel."] if phase != "alle" else []
    return [block for one in chosen for block in _print_one(page, one, usage)]


def print_rules(page: Page, strategy: Strategy) -> list[str]:
    """All rules with threshold and whether they are on."""
    rows = [
        [one.id, _rule_indicator(one), one.condition, f"{format_number(one.threshold, 0)} {UNITS[one.condition]}",
         "ja" if one.active else "nein"]
        for one in strategy.rules
    ]  # fmt: skip
    return print_records(
        page, "tbl-empfehlungsregeln", title=f"{len(strategy.rules)} Regeln für Empfehlungen", rows=rows,
        subtitle="Schwelle in der Einheit der Bedingung", head=["Regel", "Indikator", "Bedingung", "Schwelle", "Aktiv"],
        records=[
            {"kennung": one.id, "bedingung": one.condition, "indikator": one.indicator, "schwelle": one.threshold,
             "jahre": one.years, "lebensphase": one.phase, "empfehlung": one.text, "begruendung": one.reason,
             "aktiv": "ja" if one.active else "nein", "fundstelle": one.origin}
            for one in strategy.rules
        ],
        source="Quelle: data/strategie/empfehlungsregeln.csv.", what="nennt die Regeln",
    )  # fmt: skip


def state_of(one: Recommendation) -> str:
    """``offen`` or ``angenommen am 16.11.2022 (Steuerungsgremium)``."""
    if one.decision is None:
        return OPEN
    return f"{one.decision.outcome} am {one.decision.date} ({one.decision.body})"


def describe_finding(one: Recommendation) -> str:
    """Finding with how it was tested."""
    test = one.test[:1].upper() + one.test[1:]
    return f"{one.finding} {test}{'' if test.endswith('.') else '.'}" if test else one.finding


def _print_one(page: Page, one: Recommendation, usage: Mapping[str, Mapping[str, Any]]) -> list[str]:
    anchor = make_id("empfehlung", one.id)
    heading = f"### {escape(one.wording)}" + (f" {{#{anchor} .unnumbered}}" if page.printer.is_book else "")
    items = [
        ("Befund", escape(describe_finding(one))),
        ("Warum", escape(one.rule.reason)),
        ("Regel", escape(_describe_rule(one.rule))),
        ("Belege", _evidence(page, one, usage)),
        ("Ziel", escape("; ".join(f"{goal.text} ({goal.id})" for goal in one.goals) or "keinem Ziel zugeordnet")),
        ("Maßnahmen", escape("; ".join(f"{m.title} ({m.id})" for m in one.measures) or
                             "Keine laufende oder geplante Maßnahme antwortet darauf.")),
        ("Entscheidung", escape(_decision(one))),
    ]  # fmt: skip
    if page.printer.is_book:
        listed = "\n\n".join(f"{term}\n:   {text}" for term, text in items if text)
        return [heading, page.printer.box("datengrundlage", listed)]
    return [heading, "\n\n".join(f"**{term}:** {text}" for term, text in items if text)]


def _describe_rule(rule: Rule) -> str:
    window = f", Verschlechterung über {rule.years} Jahre" if rule.condition == CONDITIONS[0] else ""
    limit = f"{format_number(rule.threshold, 0)} {UNITS[rule.condition]}"
    return f"{rule.id}: {rule.condition}, ab {limit}{window} ({rule.origin})."


def _evidence(page: Page, one: Recommendation, usage: Mapping[str, Mapping[str, Any]]) -> str:
    """Values with their sources, and the figures or chapters of this book that show them."""
    if one.milestone is not None:
        source = f", {one.milestone.source}" if one.milestone.source else ""
        return escape(f"Meilenstein {one.milestone.id}, fällig {one.milestone.due}{source}.")
    shown = [escape(_value_phrase(value)) for value in one.evidence]
    sources = list(dict.fromkeys(escape(f"Quelle: {value.source}.") for value in one.evidence))
    links = find_links(dict.fromkeys(value.indicator for value in one.evidence), usage) if page.printer.is_book else []
    seen = f" Siehe {lang.join_list(links)}." if links else ""
    return f"{'; '.join(shown)}. {' '.join(sources)}{seen}"


def find_links(indicators: Sequence[str], usage: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """References to the figure of each indicator in this book, else to the chapter that uses it."""
    links = []
    for name in indicators:
        figures = [chapter["verlauf"][name] for chapter in usage.values() if name in chapter.get("verlauf", {})]
        chapters = [chapter["id"] for chapter in usage.values() if name in chapter["indikatoren"] and chapter["id"]]
        links += [f"@{target}" for target in (figures or chapters)[:1]]
    return list(dict.fromkeys(links))


def _value_phrase(value: Value) -> str:
    entry = find_spoken(value.indicator)
    return f"{value.region} {value.year}: {lang.value_phrase(value.value, entry)}"


def _decision(one: Recommendation) -> str:
    if not one.decisions:
        return FIELD
    told = []
    for decision in one.decisions:
        paper = f", Vorlage {decision.paper}" if decision.paper else ""
        edition = f", zur Ausgabe {decision.edition}" if decision.edition else ""
        reason = f" Grund: {decision.reason}" if decision.reason else ""
        wording = f" Vorgeschlagen war: „{_inner(one.text)}“" if decision.wording else ""
        told.append(f"{decision.outcome} am {decision.date} ({decision.body}{paper}{edition}).{reason}{wording}")
    return " ".join(told) + (f" {FIELD}" if one.is_open else "")


def _inner(text: str) -> str:
    """Text for quotation marks: its own become single."""
    return text.translate(str.maketrans("„“", "‚‘"))


def _state_cell(one: Recommendation):
    state = one.decision.outcome if one.decision else OPEN
    return rated(state, VERDICT_RATINGS.get(one.decision.outcome, "ohne") if one.decision else "ohne")


def _rule_indicator(rule: Rule) -> str:
    if not rule.indicator:
        return "alle Ziele" if rule.condition == CONDITIONS[1] else NOTHING
    entry = find_spoken(rule.indicator)
    return lang.bare_noun(entry.short, entry.article)


def _record(one: Recommendation) -> dict:
    return {
        "kennung": one.id, "regel": one.rule.id, "fundstelle_regel": one.rule.origin, "empfehlung": one.wording,
        "lebensphase": one.phase, "befund": one.finding, "pruefung": one.test,
        "belege": "; ".join(f"{v.indicator} {v.region.ags} {v.year}: {v.value}" for v in one.evidence),
        "quellen": "; ".join(dict.fromkeys(v.source for v in one.evidence)),
        "ziele": "; ".join(goal.id for goal in one.goals), "massnahmen": "; ".join(m.id for m in one.measures),
        "entscheidung": state_of(one),
    }  # fmt: skip
