"""Needs against offers on the page: by life phase for the district, by planning area where figures exist.

Not in here: what counts as high need (``needs``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kreisbericht import language as lang
from kreisbericht import regions
from kreisbericht.numbers import format_cell, format_number
from kreisbericht.output import RatedCell, TableRow, escape, make_id
from kreisbericht.scope import find_spoken
from kreisbericht.sentences import RATING_WORDS
from kreisbericht.statistics import change_options, measure_change
from kreisbericht.strategy.model import Strategy
from kreisbericht.strategy.needs import HIGH, LOW, MANY, NO_VALUE, AreaNeed, PhaseNeed, assess_needs
from kreisbericht.strategy.printing import NOTHING, SOURCE, count, number_sources, print_records
from kreisbericht.titles import fit_title
from kreisbericht.views import Page, axis_unit, source_line

if TYPE_CHECKING:
    from kreisbericht.scope import Scope

LEVEL_RATINGS = {HIGH: "unguenstiger", "mittel": "aehnlich", LOW: "guenstiger", NO_VALUE: "ohne"}
CAUTION = "Eine Lücke heißt: Es ist nichts verzeichnet. Sie ist ein Anlass nachzufragen, kein Nachweis.\n"
NO_OFFERS = (
    "Für diesen Kreis sind keine Angebote hinterlegt; ein Abgleich mit dem Bedarf ist deshalb nicht möglich. Angebote "
    "werden in der Vorlage „Angebote“ eingetragen und mit dem Import übernommen."
)


def print_phases(page: Page, strategy: Strategy) -> list[str]:
    """One row per life phase: need indicator at home and in the Land, offers, places, measures."""
    found = [one for one in assess_needs(page.scope, strategy) if one.standing]
    if not found:
        return ["Für diesen Kreis liegt zu keinem Bedarfsindikator ein Wert vor."]
    head = ["Lebensphase und Bedarf", "Einordnung", "Kreis", "Land", "Angebote", "Plätze", "Maßnahmen"]
    body = [_phase_row(one) for one in found]
    shown = page.float(
        "tbl-bedarf-lebensphasen", title=fit_title("Bedarf und Angebote nach Lebensphase"),
        subtitle="Neuester Wert je Indikator; Angebote und laufende Maßnahmen der Lebensphase oder für alle",
        source=f"{SOURCE} Werte: {'; '.join(dict.fromkeys(_credit(one) for one in found))}. "
        f"Vergleich: {page.scope.area}.",
        rows=[_phase_record(one) for one in found],
    )  # fmt: skip
    table = page.printer.table(shown, head=head, body=body, words=(1,))
    return [page.announce([], "tbl-bedarf-lebensphasen", "stellt Bedarf und Angebote nebeneinander"), table]


def print_offers(page: Page, strategy: Strategy) -> list[str]:
    """All offers that are entered."""
    if not strategy.offers:
        return [page.printer.callout("Keine Angebote hinterlegt", NO_OFFERS)]
    cells, listed = number_sources(page, strategy.offers)
    names = {area.ags: str(area) for area in regions.associations(page.scope.home.ags)}
    head = [
        "Angebot",
        "Lebensphase",
        "Planungsraum",
        "Plätze",
        "Genutzt",
        "Barrierefrei",
        *(["Beleg"] if cells else []),
    ]
    rows = [
        [one.name, one.phase, names.get(one.area, "ganzer Kreis"), format_cell_or_nothing(one.capacity),
         format_cell_or_nothing(one.used), one.accessible or NOTHING]
        for one in strategy.offers
    ]  # fmt: skip
    rows = [[*row, *cells[number : number + 1]] for number, row in enumerate(rows)]
    records = [
        {"angebot": one.name, "traeger": one.provider, "art": one.kind, "lebensphase": one.phase,
         "zielgruppe": one.group, "gebiet": one.area, "ort": one.place, "plaetze": _number(one.capacity),
         "genutzt": _number(one.used), "zugang": one.access, "barrierefrei": one.accessible, "foerderung": one.funding,
         "seit": one.since or "", "bis": one.until or "", "quelle": one.source}
        for one in strategy.offers
    ]  # fmt: skip
    table = print_records(
        page, "tbl-angebote", title=f"{len(strategy.offers)} verzeichnete Angebote", head=head, rows=rows,
        subtitle="Plätze und Nutzung, soweit eingetragen", records=records, numbers=(3, 4),
        lead="Art und Lebensphase sind für diesen Bericht zugeordnet.", what="nennt alle Angebote",
    )  # fmt: skip
    return [*table, *listed]


def print_areas(page: Page, strategy: Strategy) -> list[str]:
    """Map and table of the planning areas for each phase that has figures for them, then what has none."""
    found = assess_needs(page.scope, strategy)
    with_areas = [one for one in found if one.areas and one.values.values.notna().any()]
    blocks = [block for one in with_areas for block in _area_blocks(page, one)]
    without = [find_spoken(one.rule.indicator) for one in found if one not in with_areas and one.standing]
    if without:
        names = lang.join_list(dict.fromkeys(lang.bare_noun(entry.short, entry.article) for entry in without))
        said = (
            f"Nur für den ganzen Kreis gibt es Werte zu: {names}. Auf Planungsräume werden sie nicht verteilt; eine "
            "gleichmäßige Verteilung wäre erfunden."
        )
        blocks.append(page.printer.callout("Ohne Werte für Planungsräume", said))
    return blocks


def print_gaps(page: Page, strategy: Strategy) -> list[str]:
    """Areas with high need and nothing there, phases that improved with several offers; each named."""
    if not strategy.offers:
        return ["Solange keine Angebote eingetragen sind, lässt sich keine Lücke nennen."]
    found = assess_needs(page.scope, strategy)
    gaps = [(one, place) for one in found for place in one.areas if place.is_gap]
    lines = [
        f"- **{escape(one.phase)}, {escape(str(place.area))}:** hoher Bedarf "
        f"({escape(_shown(one, place.value))}), kein Angebot und keine laufende Maßnahme verzeichnet."
        for one, place in gaps
    ]
    said = lines or [
        "In keinem Planungsraum trifft hoher Bedarf auf keine Antwort, soweit Werte und Angebote vorliegen."
    ]
    improved = [one for one in found if len(one.offers) >= MANY and _improved(page.scope, one)]
    better = [
        f"- **{escape(one.phase)}:** {escape(_name(one))} ist günstiger als {_first_year(page.scope, one)}, und "
        f"{escape(count(len(one.offers), 'ein Angebot ist', 'Angebote sind'))} verzeichnet."
        for one in improved
    ]
    if lines:
        said = [CAUTION, *said]
    note = "Ob das eine zum anderen geführt hat, lässt sich daraus nicht ableiten."
    return ["\n".join(said), *(["\n".join(better), note] if better else [])]


def _phase_row(one: PhaseNeed) -> TableRow:
    entry, standing = find_spoken(one.rule.indicator), one.standing
    compared = NOTHING if pd.isna(standing.reference) else format_number(standing.reference, entry.digits)
    rating = standing.rating
    word = RatedCell(RATING_WORDS[rating], rating) if rating else NOTHING
    name = f"{one.phase}: {_name(one)} ({lang.prose_unit(entry)}), {standing.year}"
    cells = [word, format_number(standing.value, entry.digits), compared, str(len(one.offers))]
    return TableRow(name, [*cells, format_cell_or_nothing(one.capacity), str(len(one.measures))])


def _phase_record(one: PhaseNeed) -> dict:
    standing = one.standing
    return {"lebensphase": one.phase, "indikator": one.rule.indicator, "jahr": standing.year, "wert": standing.value,
            "vergleich": _number(standing.reference), "angebote": len(one.offers), "plaetze": _number(one.capacity),
            "massnahmen": len(one.measures), "quelle": _credit(one)}  # fmt: skip


def _area_blocks(page: Page, one: PhaseNeed) -> list[str]:
    """Map and table of one phase."""
    entry, name = find_spoken(one.rule.indicator), make_id(one.phase)
    high = [place for place in one.areas if place.level == HIGH]
    said = (
        f"{one.phase}: {_name(one)} liegt in {count(len(high), 'einem Planungsraum', 'Planungsräumen')} um mindestens "
        f"{format_number(one.rule.threshold, 0)} % ungünstiger als im ganzen Kreis "
        f"({lang.value_phrase(one.values.whole, entry)})."
        if high else f"{one.phase}: {_name(one)} ist in keinem Planungsraum deutlich ungünstiger als im ganzen Kreis."
    )  # fmt: skip
    return [f"### {escape(one.phase)} {{#sec-bedarf-{name} .unnumbered}}" if page.printer.is_book else
            f"### {escape(one.phase)}", *_map(page, one, said), *_area_table(page, one, name)]  # fmt: skip


def _map(page: Page, one: PhaseNeed, said: str) -> list[str]:
    from kreisbericht import charts
    from kreisbericht.charts.classes import class_bounds

    try:
        outlines = regions.load_outlines(f"gemeinden_{page.scope.home.ags}")
    except regions.ParameterError:
        return [escape(said)]
    entry, item = find_spoken(one.rule.indicator), f"fig-bedarf-{make_id(one.phase)}"
    rings = {
        place.area.ags: [
            ring for part in regions.municipalities(place.area.ags) for ring in outlines.rings.get(part.ags, [])
        ]
        for place in one.areas
    }  # fmt: skip
    rings = {ags: parts for ags, parts in rings.items() if parts}
    names = {place.area.ags: str(place.area) for place in one.areas}
    points = [offer.point for offer in one.offers if offer.point]
    values = one.values.values
    shown = page.float(
        item, title=fit_title(f"{one.phase}: wo der Bedarf hoch ist"),
        subtitle=f"{entry.feature}, Planungsräume {page.scope.home.of_phrase}, {one.values.year}",
        source=source_line(entry, f"Karte: {outlines.credit.rstrip('.')}.",
                           "" if points else "Standorte der Angebote sind nicht als Koordinaten eingetragen."),
        rows=[{"indikator": entry.id, "gebiet": names[ags], "ags": ags, "jahr": one.values.year, "wert": float(value),
               "einheit": entry.unit, "stand": entry.as_of, "quelle": entry.credit, "lizenz": entry.licence}
              for ags, value in values.items()],
    )  # fmt: skip
    told = ", ".join(f"{place.area!s} {_shown(one, place.value)}, Angebote: {len(place.offers)}" for place in one.areas)
    alt = f"Karte des Bedarfs, Lebensphase {one.phase}, {one.values.year}. {told}. Alle Werte stehen in der Tabelle."
    bounds = class_bounds(values.dropna().tolist())
    picture = page.draw(shown, alt, lambda **frame: charts.choropleth(
        rings, values, names=names, bounds=bounds, legend_title=lang.bare_noun(entry.short, entry.article),
        unit=axis_unit(entry), digits=entry.digits, points=points, points_name="Angebot", **frame))  # fmt: skip
    return [page.announce([said], item, "zeigt den Bedarf und die Angebote"), picture]


def _area_table(page: Page, one: PhaseNeed, name: str) -> list[str]:
    entry = find_spoken(one.rule.indicator)
    head = ["Planungsraum", entry.unit, "Bedarf", "Angebote", "Plätze", "Maßnahmen", "Antwort"]
    rows = [
        [str(place.area), format_cell(place.value, entry.digits), RatedCell(place.level, LEVEL_RATINGS[place.level]),
         str(len(place.offers)), format_cell_or_nothing(_capacity(place)), str(len(place.measures)), _answer(place)]
        for place in one.areas
    ]  # fmt: skip
    records = [
        {"lebensphase": one.phase, "gebiet": str(place.area), "ags": place.area.ags, "jahr": one.values.year,
         "indikator": one.rule.indicator, "wert": _number(place.value), "bedarf": place.level,
         "angebote": len(place.offers), "plaetze": _number(_capacity(place)), "massnahmen": len(place.measures),
         "antwort": _answer(place)}
        for place in one.areas
    ]  # fmt: skip
    return print_records(
        page, f"tbl-bedarf-{name}", title=f"{one.phase}: Bedarf, Angebote und Maßnahmen", head=head, rows=rows,
        subtitle=f"{entry.feature}, {one.values.year}; Angebote für den ganzen Kreis zählen in jedem Planungsraum",
        records=records, numbers=(1, 3, 4, 5), what="stellt sie je Planungsraum gegenüber",
        source=source_line(entry, SOURCE.replace("Quelle: ", "Angebote: ")),
    )  # fmt: skip


def _answer(place: AreaNeed) -> str:
    if place.level == NO_VALUE:
        return "kein Wert"
    if place.is_gap:
        return "Lücke"
    if place.level == HIGH:
        return "Angebot vorhanden" if place.offers else "Maßnahme läuft oder geplant"
    return "mehrere Angebote" if len(place.offers) >= MANY and place.level == LOW else NOTHING


def _improved(scope: Scope, one: PhaseNeed) -> bool:
    entry = find_spoken(one.rule.indicator)
    change = _change(scope, entry)
    return change is not None and change.direction == ("steigt" if entry.polarity > 0 else "sinkt")


def _first_year(scope: Scope, one: PhaseNeed) -> int:
    return _change(scope, find_spoken(one.rule.indicator)).first_year


def _change(scope: Scope, entry):
    breaks = [year for year, _ in scope.breaks(entry)]
    return measure_change(scope.series(entry), counts=scope.counts(entry), breaks=breaks, **change_options(entry))


def _name(one: PhaseNeed) -> str:
    entry = find_spoken(one.rule.indicator)
    return lang.bare_noun(entry.short, entry.article)


def _shown(one: PhaseNeed, value: float) -> str:
    return "kein Wert" if pd.isna(value) else lang.value_phrase(value, find_spoken(one.rule.indicator))


def _capacity(place: AreaNeed) -> float:
    return float(pd.Series([offer.capacity for offer in place.offers], dtype=float).sum(min_count=1))


def format_cell_or_nothing(value: float | None) -> str:
    """Whole number, or a dash where nothing is entered."""
    return NOTHING if value is None or pd.isna(value) else format_number(value, 0)


def _number(value: float | None):
    return "" if value is None or pd.isna(value) else float(value)


def _credit(one: PhaseNeed) -> str:
    return find_spoken(one.rule.indicator).credit.rstrip(".")
