"""German grammar for computed sentences: verbs, endings, superlatives, lists, value and year phrases.

A noun comes with its article (``der``, ``die``, ``das``, ``die_pl``) from the catalogue; a region brings its own
phrases ("im Kyffhäuserkreis"). Not in here: whole sentences (``sentences``) and bare numbers (``numbers``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from kreisbericht.numbers import format_number, format_value, ordinal_stem

_VERBS = {  # (singular, plural)
    "steigt": ("steigt", "steigen"),
    "sinkt": ("sinkt", "sinken"),
    "stieg": ("stieg", "stiegen"),
    "sank": ("sank", "sanken"),
    "ist": ("ist", "sind"),
    "liegt": ("liegt", "liegen"),
    "lag": ("lag", "lagen"),
    "bleibt": ("bleibt", "bleiben"),
    "blieb": ("blieb", "blieben"),
}
_PARTICIPLE = {"steigt": "gestiegen", "sinkt": "gesunken"}
_PAST = {"steigt": "stieg", "sinkt": "sank"}
_STRONG = {"der": "er", "die": "e", "das": "es", "die_pl": "e"}  # nominative without article: "höchster Anteil"
_NOMINATIVE = {"der": "der", "die": "die", "das": "das", "die_pl": "die"}
_PRONOUN = {"der": "er", "die": "sie", "das": "es", "die_pl": "sie"}
_COUNTS = {"Personen", "Einwohner", "Kinder", "Fälle", "Anzahl", "Haushalte", "Wohnungen", "Plätze", "Betten",
           "Einrichtungen", "Schulen", "km²", "1.000"}  # fmt: skip
_DATIVE_UNITS = {"Jahre": "Jahren", "Monate": "Monaten", "Meter": "Metern", "Plätze": "Plätzen", "Fälle": "Fällen",
                 "Haushalte": "Haushalten", "Kinder": "Kindern", "Einwohner": "Einwohnern"}  # fmt: skip
_SINGLE_UNITS = {"Personen": "Person", "Jahre": "Jahr", "Monate": "Monat", "Minuten": "Minute", "Fälle": "Fall",
                 "Kinder": "Kind", "Schulen": "Schule", "Einrichtungen": "Einrichtung", "Wohnungen": "Wohnung",
                 "Haushalte": "Haushalt", "Betten": "Bett", "Plätze": "Platz"}  # fmt: skip
_THOUSANDS = {"1.000": "Tausend", "1.000 Euro": "Tsd. Euro"}
_NUMBER_OF = "Zahl der "
_NOMINALISED = re.compile(r"(losen|igten|ftigen|enden|lichen)$")  # die Arbeitslosen, but Arbeitslose
_SPELLED = 6  # places counted from either end up to here are words: sechsthöchst


def is_plural(article: str) -> bool:
    """Whether a noun with this catalogue article takes plural verbs."""
    return article == "die_pl"


def verb(form: str, article: str = "die") -> str:
    """``sinkt`` or ``sinken`` after the number of the noun; ``form`` is the singular."""
    return _VERBS[form][is_plural(article)]


def participle(direction: str) -> str:
    """``gestiegen`` or ``gesunken``."""
    return _PARTICIPLE[direction]


def past(direction: str, article: str = "die") -> str:
    """``stieg`` or ``sanken``."""
    return verb(_PAST[direction], article)


def subject(noun: str, article: str) -> str:
    """Noun with its article in the nominative: ``die Kinderarmut``."""
    return f"{_NOMINATIVE[article]} {noun}"


def pronoun(article: str) -> str:
    """Nominative pronoun for a noun with this article: ``er``, ``sie``, ``es``."""
    return _PRONOUN[article]


def strong_adjective(stem: str, article: str) -> str:
    """Adjective before a noun without article: ``höchste`` Kinderarmut, ``höchster`` Anteil."""
    return stem + _STRONG[article]


def superlative(place: int, from_below: int) -> str | None:
    """Stem for a place counted from the nearer end: ``höchst``, ``sechsthöchst``, ``zweitniedrigst``.

    Returns
    -------
    None beyond the sixth place from either end, where a numeral reads better.
    """
    near, word = (place, "höchst") if place <= from_below else (from_below, "niedrigst")
    if near > _SPELLED:
        return None
    return word if near == 1 else f"{ordinal_stem(near)}{word}"


def join_list(items: Iterable[str], *, word: str = "und") -> str:
    """``A, B und C``."""
    *head, last = list(items) or [""]
    return f"{', '.join(head)} {word} {last}" if head else last


def capitalise(text: str) -> str:
    """First letter upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


def year_span(years: Sequence[int]) -> str:
    """``2016 bis 2022`` or ``2022``."""
    first, last = min(years), max(years)
    return str(first) if first == last else f"{first} bis {last}"


def list_years(years: Iterable[int]) -> str:
    """``2012, 2015 bis 2018 und 2021``: single years and runs."""
    runs: list[list[int]] = []
    for year in sorted({int(year) for year in years}):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return join_list(
        part for run in runs for part in ([f"{run[0]} bis {run[-1]}"] if len(run) > 2 else [str(year) for year in run])
    )


def is_share(unit: str) -> bool:
    """Whether differences of this unit are Prozentpunkte."""
    return unit in ("%", "Prozent")


def is_rate(unit: str) -> bool:
    """``je 1.000 Einwohner``, ``je 100 Kinder``, …."""
    return unit.startswith(("je ", "pro "))


def bare_noun(noun: str, article: str) -> str:
    """Name as it stands without an article, at the head of a title: ``Arbeitslose``, ``Verfügbares Einkommen``.

    The catalogue keeps the form that follows the article (``die Arbeitslosen``, ``das verfügbare Einkommen``).
    """
    first, *rest = noun.split(" ")
    if first[:1].islower() and rest:
        first = re.sub(r"en?$", "", first) + _STRONG[article]
    elif is_plural(article) and _NOMINALISED.search(first):
        first = first[:-1]
    return capitalise(" ".join([first, *rest]))


def is_count(unit: str) -> bool:
    """Whether the unit counts people or things, so that a large region has a large value by itself."""
    return unit in _COUNTS


def count_noun(noun: str) -> str:
    """Name of a number of things, which rises and falls: ``Zahl der Geburten``, for plural nouns alone."""
    return _NUMBER_OF + noun


def counted_noun(noun: str) -> str:
    """The things themselves: ``Geburten`` for ``Zahl der Geburten``, any other noun as it is."""
    return noun.removeprefix(_NUMBER_OF)


def label_noun(indicator: Any) -> str:
    """Name without an article for rows and lists: ``Geburten``, ``Arbeitslose``, ``Verfügbares Einkommen``."""
    noun = counted_noun(indicator.short)
    return bare_noun(noun, indicator.article if noun == indicator.short else "die_pl")


def value_phrase(value: float, indicator: Any, *, dative: bool = False) -> str:
    """Value as it stands in a sentence: ``12,4 %``, ``5,3 je 1.000 Einwohner``, ``73.022 Personen``.

    With ``dative``, after ``bei``, ``mit`` or ``zwischen``: ``14,9 Monaten``, ``71,0 Einwohnern je km²``.
    """
    number, unit = format_number(value, indicator.digits), prose_unit(indicator)
    head, *rest = unit.split(" ")
    if number == "1":
        head = _SINGLE_UNITS.get(head, head)
    elif dative:
        head = dative_unit(head)
    return format_value(value, " ".join([head, *rest]), indicator.digits)


def dative_unit(unit: str) -> str:
    """Unit after ``bei``, ``mit`` or ``zwischen``: ``Monaten``; one without a dative of its own as it is."""
    return _DATIVE_UNITS.get(unit, unit)


def unit_heading(unit: str) -> str:
    """Unit in the head of a table: ``Werte in %``, ``Werte je 1.000 Einwohner``, ``Zahl der Schulen``."""
    if is_count(unit) and unit[0].isalpha() and unit != "km²":
        return f"{_NUMBER_OF}{unit}"
    if unit.startswith("je "):
        return f"Werte {unit}"
    if unit == "Indexwert" or " je " in unit:
        return unit
    return f"Werte in {_DATIVE_UNITS.get(unit, _THOUSANDS.get(unit, unit))}"


def later_value(value: float, indicator: Any) -> str:
    """Value after the unit has been named: a short unit again, ``9,7 %``; a long one, ``je 1.000 Einwohner``, not."""
    return bare_value(value, indicator) if " " in prose_unit(indicator) else value_phrase(value, indicator)


def title_value(value: float, indicator: Any) -> str:
    """Value as it stands in a title: ``12,4 Prozent``."""
    return format_value(value, "Prozent" if is_share(indicator.unit) else prose_unit(indicator), indicator.digits)


def bare_value(value: float, indicator: Any) -> str:
    """Value without its unit: ``12,4``."""
    return format_number(value, indicator.digits)


def amount_phrase(difference: float, indicator: Any, *, percent: float | None = None) -> str:
    """Size of a difference without its sign: ``5,5 Prozentpunkte``, ``4,2 Prozent``, ``0,7 Jahre``.

    Counts and money differ in per cent where that exists; shares in Prozentpunkten; all else in its own unit.
    """
    if is_share(indicator.unit):
        return format_value(abs(difference), "Prozentpunkte", indicator.digits)
    if percent is not None and (is_count(indicator.unit) or indicator.unit == "Euro"):
        return format_value(abs(percent), "Prozent", 1)
    if is_rate(indicator.unit):
        return format_number(abs(difference), indicator.digits)
    return format_value(abs(difference), prose_unit(indicator), indicator.digits)


def prose_unit(indicator: Any) -> str:
    """Unit as written behind a number in text; none where the noun itself is what is counted (``398`` Geburten)."""
    spoken = is_plural(indicator.article) or indicator.short.startswith(_NUMBER_OF)
    counted = is_count(indicator.unit) and spoken
    if indicator.unit in _THOUSANDS:
        return _THOUSANDS[indicator.unit]
    if counted or indicator.unit in ("Anzahl", "Index", "Indexwert"):
        return ""
    return indicator.unit
