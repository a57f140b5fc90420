"""What is said about groups side by side: titles, sentences, alternative texts.

Not in here: finding the figures and printing them (``composition``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from kreisbericht import alttext, titles
from kreisbericht import language as lang
from kreisbericht.numbers import format_number, format_value, round_half_up
from kreisbericht.scope import Scope
from kreisbericht.statistics import SIMILAR_PERCENT

if TYPE_CHECKING:
    from kreisbericht.regions import Region

PAIR = ("höher", "niedriger")  # of two groups none is the highest
NOTABLE_POINTS = 1.0  # a share this far from the Land's is told [percentage points]


@dataclass(frozen=True)
class Groups:
    """What one picture of groups shows.

    Parameters
    ----------
    table
        Groups × areas, home first; shares in per cent or values in ``unit``.
    regions
        The areas of the columns.
    what, noun
        Subtitle without areas and year; short word for the title.
    """

    table: pd.DataFrame
    regions: Sequence[Region]
    year: int
    what: str
    noun: str
    unit: str = "%"
    digits: int = 1
    share: bool = True


def group_title(values: pd.Series, noun: str, *, unit: str, digits: int, share: bool) -> str:
    """The group with the highest value, as far as a title holds it."""
    name, value = values.idxmax(), values.max()
    shown = format_value(value, "Prozent" if lang.is_share(unit) else lang.dative_unit(unit), digits)
    start = f"{noun}: " if noun else ""
    higher = "höher" if len(values) == len(PAIR) else "am höchsten"
    said = f"größte Gruppe {name}" if share else f"{higher} bei „{name}“"
    return titles.fit_title(
        lang.capitalise(f"{start}{said} mit {shown}"), lang.capitalise(f"{start}{said}"), noun or "Gruppen im Vergleich"
    )


def share_sentences(scope: Scope, found: Groups) -> list[str]:
    """The largest groups, then the shares furthest above and below the Land's."""
    table, shown, year, unit, digits = found.table, found.regions, found.year, found.unit, found.digits
    own = table.iloc[:, 0].sort_values(ascending=False, kind="stable")
    first, second = (f"„{name}“ mit {format_value(own[name], unit, digits)}" for name in own.index[:2])
    said = [f"Die größte Gruppe {scope.home.in_phrase} war {year} {first}, danach folgt {second}."]
    if len(shown) < 2:
        return said
    gap = table.iloc[:, 0] - table.iloc[:, 1]
    parts = []
    for name, word in ((gap.idxmax(), "über"), (gap.idxmin(), "unter")):
        if abs(gap[name]) >= NOTABLE_POINTS and (gap[name] > 0) == (word == "über"):
            own_value, other = (format_number(table.loc[name].iloc[k], digits) for k in (0, 1))
            parts.append(f"am weitesten dar{word} bei „{name}“ ({own_value} gegenüber {other}\u00a0%)")
    if not parts:
        return [*said, f"Die Anteile liegen nahe an denen {shown[1].in_phrase}."]
    return [*said, f"Verglichen mit den Anteilen {shown[1].in_phrase} liegt der eigene Anteil {lang.join_list(parts)}."]


def value_sentences(scope: Scope, found: Groups) -> list[str]:
    """Highest and lowest group, then the one furthest from the Land."""
    table, shown, year, unit, digits = found.table, found.regions, found.year, found.unit, found.digits
    own = table.iloc[:, 0]
    high, low = own.idxmax(), own.idxmin()
    if format_number(own[high], digits) == format_number(own[low], digits):
        return [
            f"{year} lag der Wert {scope.home.in_phrase} in allen Gruppen bei {format_value(own[high], unit, digits)}."
        ]
    words = PAIR if len(own) == len(PAIR) else ("am höchsten", "am niedrigsten")
    said = [
        f"{lang.capitalise(words[0])} lag der Wert {year} {scope.home.in_phrase} bei „{high}“ "
        f"({format_value(own[high], unit, digits)}), {words[1]} bei „{low}“ "
        f"({format_value(own[low], unit, digits)})."
    ]
    return [*said, _gap_sentence(found, shown[1])] if len(shown) > 1 else said


def _gap_sentence(found: Groups, reference: Region) -> str:
    """The group furthest from the Land, as part of the Land's value."""
    own, other = found.table.iloc[:, 0], found.table.iloc[:, 1]
    distance = (own - other).abs() / other.abs().where(other != 0)
    values = [[round_half_up(one, found.digits) for one in column] for column in (own, other)]
    where = reference.in_phrase
    if distance.isna().all() or values[0] == values[1] or distance.max() * 100 < SIMILAR_PERCENT:
        return f"Alle Gruppen liegen nahe an den Werten {where}."
    name = distance.idxmax()
    first, second = format_number(own[name], found.digits), format_value(other[name], found.unit, found.digits)
    word = "darüber" if own[name] > other[name] else "darunter"
    return f"Gemessen an den Werten {where} liegt „{name}“ am weitesten {word}: {first} gegenüber {second}."


def balance_title(net: pd.Series) -> str:
    """The group that gains or loses most."""
    low, high = net.idxmin(), net.idxmax()
    if net[low] < 0 and abs(net[low]) >= net[high]:
        return titles.fit_title(f"Größter Verlust in der Gruppe {low}: {format_number(net[low], 0)} Personen",
                                f"Größter Verlust in der Gruppe {low}", "Saldo nach Gruppen")  # fmt: skip
    if net[high] > 0:
        gained = format_number(net[high], 0, sign=True)
        return titles.fit_title(f"Größter Gewinn in der Gruppe {high}: {gained} Personen",
                                f"Größter Gewinn in der Gruppe {high}", "Saldo nach Gruppen")  # fmt: skip
    return "In allen Gruppen ein ausgeglichener Saldo"


def balance_sentences(scope: Scope, net: pd.Series, year: int) -> list[str]:
    """Sum of all groups, then the largest gain and the largest loss."""
    total = net.sum()
    if total == 0:
        said = [f"{year} glichen sich Gewinne und Verluste {scope.home.in_phrase} aus."]
    else:
        word = "Gewinn" if total > 0 else "Verlust"
        said = [
            f"Zusammen ergab sich {year} {scope.home.in_phrase} ein {word} von {format_number(abs(total), 0)} Personen."
        ]
    parts = []
    for word, name in (("Gewinn", net.idxmax()), ("Verlust", net.idxmin())):
        if (net[name] > 0) == (word == "Gewinn") and net[name]:
            parts.append(f"der größte {word} fiel in die Gruppe „{name}“ ({format_number(net[name], 0, sign=True)})")
    if parts:
        said.append(f"{lang.capitalise(', '.join(parts))}.")
    return said


def groups_alt(table: pd.DataFrame, what: str, year: int, *, unit: str, digits: int, sign: bool = False) -> str:
    """Every group of home in words, then where the rest is; ``sign`` for gains and losses."""
    own = table.iloc[:, 0]
    listed = "; ".join(f"{name}: {format_value(value, unit, digits, sign=sign)}" for name, value in own.items())
    others = f" Dünne Linien zeigen die Werte für {lang.join_list(table.columns[1:])}." if table.shape[1] > 1 else ""
    return f"Balkendiagramm: {what}, {table.columns[0]}, {year}. {listed.rstrip('.')}.{others} {alttext.WHERE}"
