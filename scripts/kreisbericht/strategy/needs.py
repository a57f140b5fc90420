"""Needs against offers: which life phase and planning area needs much, and what stands there.

Need indicators are those of the rules *Bedarf ohne Angebot*, so a planner chooses them without code. Figures that exist
only for the district stay there; nothing is spread over planning areas. Not in here: words, pictures (``need_pages``).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kreisbericht import regions
from kreisbericht.areas import AreaValues, load_area_values
from kreisbericht.overview import Standing, find_standing
from kreisbericht.regions import Region
from kreisbericht.scope import Scope, find_spoken
from kreisbericht.strategy.fields import CONDITIONS
from kreisbericht.strategy.model import Measure, Offer, Rule, Strategy
from kreisbericht.strategy.monitoring import report_day

GAP = CONDITIONS[2]
HIGH, MIDDLE, LOW, NO_VALUE = "hoch", "mittel", "niedrig", "kein Wert"
MANY = 2  # offers from which on a phase has "several"


@dataclass(frozen=True)
class AreaNeed:
    """One planning area in one life phase."""

    area: Region
    value: float
    level: str
    offers: tuple[Offer, ...]
    measures: tuple[Measure, ...]

    @property
    def is_gap(self) -> bool:
        """Need is high, and neither an offer nor a measure stands in the area or is for the whole district."""
        return self.level == HIGH and not self.offers and not self.measures


@dataclass(frozen=True)
class PhaseNeed:
    """One life phase: its need indicator at home and, where published, in the planning areas."""

    rule: Rule
    standing: Standing | None
    values: AreaValues | None
    areas: tuple[AreaNeed, ...]
    offers: tuple[Offer, ...]
    measures: tuple[Measure, ...]

    @property
    def phase(self) -> str:
        return self.rule.phase

    @property
    def capacity(self) -> float:
        """Known places of all offers [places]; NaN where none is entered."""
        return float(pd.Series([offer.capacity for offer in self.offers], dtype=float).sum(min_count=1))


def assess_needs(scope: Scope, strategy: Strategy) -> list[PhaseNeed]:
    """One entry per active gap rule, in the order of the rules."""
    return [_assess_phase(scope, strategy, rule) for rule in strategy.rules if rule.condition == GAP and rule.active]


def offers_of(strategy: Strategy, scope: Scope, phase: str) -> tuple[Offer, ...]:
    """Offers of a phase or for all that exist in the year of the report's day."""
    year = report_day(scope).year
    return tuple(offer for offer in strategy.offers if offer.phase in (phase, "alle") and offer.exists(year))


def measures_of(strategy: Strategy, scope: Scope, phase: str) -> tuple[Measure, ...]:
    """Measures of a phase or for all that run or are planned on the report's day."""
    day = report_day(scope)
    return tuple(one for one in strategy.measures if one.phase in (phase, "alle") and one.answers_now(day))


def area_of(key: str, areas: list[Region]) -> str:
    """Planning area of a key: itself, or the one a municipality belongs to; the district stays the district."""
    if len(key) != 8:
        return key
    municipality = regions.find_region(key)
    return next((area.ags for area in areas if municipality.association in (area.ags, area.ars)), key)


def level_of(value: float, whole: float, rule: Rule, polarity: int) -> str:
    """``hoch`` where the area is worse than the district by the rule's threshold [% of its value] or more."""
    if pd.isna(value) or pd.isna(whole) or not whole:
        return NO_VALUE
    worse = (whole - value if polarity > 0 else value - whole) / abs(whole) * 100
    return HIGH if worse >= rule.threshold else LOW if worse <= -rule.threshold else MIDDLE


def _assess_phase(scope: Scope, strategy: Strategy, rule: Rule) -> PhaseNeed:
    indicator = find_spoken(rule.indicator)
    offers, measures = offers_of(strategy, scope, rule.phase), measures_of(strategy, scope, rule.phase)
    found = load_area_values(scope, indicator)
    areas = regions.associations(scope.home.ags)
    placed = {offer: area_of(offer.area, areas) for offer in offers}
    needs = []
    for area in areas if found is not None else []:
        own = tuple(offer for offer in offers if placed[offer] in (area.ags, scope.home.ags))
        answering = tuple(
            one for one in measures if {area.ags, scope.home.ags} & {area_of(a, areas) for a in one.areas}
        )
        value = float(found.values[area.ags])
        needs.append(AreaNeed(area, value, level_of(value, found.whole, rule, indicator.polarity), own, answering))
    return PhaseNeed(rule, find_standing(scope, indicator), found, tuple(needs), offers, measures)
