"""What is said of a profile as a whole: its key messages and where its figures have moved.

The chapters behind a profile tell each figure for itself; a profile tells how many stand where, which one stands out to
either side, and what has changed. Not in here: finding the lines of a profile (``profiles``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kreisbericht import language as lang
from kreisbericht import overview, sentences
from kreisbericht.messages import Message, find_deviation
from kreisbericht.numbers import number_word
from kreisbericht.scope import Scope

if TYPE_CHECKING:
    from kreisbericht.profiles import Line

FEWEST = 3  # rated figures, changes known, from which on they are counted


def make_messages(scope: Scope, lines: Sequence[Line]) -> list[Message]:
    """How the rated figures are divided, then the one furthest from the Land to either side, beyond chance."""
    outliers = [_find_outlier(scope, lines, way) for way in ("unguenstiger", "guenstiger")]
    return [*_division(scope, lines), *(message for message in outliers if message is not None)]


def change_sentences(scope: Scope, lines: Sequence[Line], *, span: int) -> list[str]:
    """``Von zwölf Kennzahlen mit Vergleichswert aus dem dritten Jahr davor liegen fünf günstiger, …``."""
    counted = Counter(_turned(line) for line in lines if line.change is not None and line.standing.indicator.polarity)
    known = sum(counted.values())
    if known < FEWEST:
        return []
    words = {"guenstiger": "günstiger", "aehnlich": "nahezu gleich", "unguenstiger": "ungünstiger"}
    parts = [f"{_feminine(counted[way])} {word}" for way, word in words.items() if counted[way]]
    verb = "liegt" if counted[next(way for way in words if counted[way])] == 1 else "liegen"
    return [
        f"Von {number_word(known)} Kennzahlen, die sich mit dem Wert {number_word(span)} Jahre zuvor vergleichen "
        f"lassen, {verb} {scope.home.in_phrase} {lang.join_list(parts)}."
    ]


def _division(scope: Scope, lines: Sequence[Line]) -> list[Message]:
    """``[9 von 14] Kennzahlen mit Wertung fallen … ungünstiger aus, vier ähnlich und eine günstiger.``"""
    counted = Counter(line.standing.rating for line in lines)
    rated = [way for way in ("unguenstiger", "aehnlich", "guenstiger") if counted[way]]
    total = sum(counted[way] for way in rated)
    if total < FEWEST:
        return []
    first = max(rated, key=lambda way: counted[way])
    others = [f"{_feminine(counted[way])} {sentences.RATING_WORDS[way]}" for way in rated if way != first]
    rest = f", {lang.join_list(others)}" if others else ""
    verb = "fällt" if counted[first] == 1 else "fallen"
    than = overview.comparison_phrase(scope, [line.standing for line in lines])
    said = f"Kennzahlen mit Wertung {verb} {scope.home.in_phrase} {sentences.RATING_WORDS[first]} aus{rest}{than}."
    return [Message(f"{counted[first]} von {total}", said)]


def _find_outlier(scope: Scope, lines: Sequence[Line], way: str) -> Message | None:
    rated = [line for line in lines if line.standing.rating == way]
    told = [find_deviation(scope, line.standing.indicator) for line in sorted(rated, key=lambda line: -abs(line.lead))]
    return next((message for message in told if message is not None), None)


def _turned(line: Line) -> str:
    """Whether the figure has moved to its favourable side within the span."""
    if line.change.direction == "stabil":
        return "aehnlich"
    better = (line.change.direction == "steigt") == (line.standing.indicator.polarity > 0)
    return "guenstiger" if better else "unguenstiger"


def _feminine(count: int) -> str:
    return "eine" if count == 1 else number_word(count)
