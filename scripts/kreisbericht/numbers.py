"""German figures as text: 1.234,5 · 12,4 % · −5,7 · 31.12.2024 · 2016–2022.

Rounding is half up on the decimal value (9,35 becomes 9,4), as in printed statistics; the binary float behind it
never shows. Not in here: rounding for computation, grammar beyond the number itself.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

NBSP = "\u00a0"
NNBSP = "\u202f"
MINUS = "\u2212"
EN_DASH = "–"
NO_VALUE = f"k.{NBSP}A."  # this package holds no value; the publisher's symbols say what the publisher knows
SYMBOLS = {
    EN_DASH: "nichts vorhanden: ein echter Wert von null",
    ".": "Zahlenwert unbekannt oder geheim zu halten",
    NO_VALUE: "keine Angabe: im Datenbestand dieses Berichts nicht vorhanden",
    "…": "Angabe fällt später an",
    "/": "Zahlenwert nicht sicher genug",
    "x": "Angabe nicht sinnvoll oder Fragestellung trifft nicht zu",
}
_SIGNIFICANT = 14  # digits of a float that survive arithmetic; the 15th and later are noise (9.349999999999998)
_WORDS = ["null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"]
_ORDINAL_STEMS = {1: "erst", 3: "dritt", 7: "siebt", 8: "acht"}


def is_missing(value: Any) -> bool:
    """True for None, NaN and NA; a true zero is a value."""
    return value is None or bool(pd.isna(value))


def round_half_up(value: float, digits: int = 1) -> Decimal:
    """Decimal rounded as printed statistics are: 9.35 → 9.4, −0.25 → −0.3 (away from zero).

    Raises
    ------
    ValueError
        If ``value`` is not finite.
    """
    if isinstance(value, Decimal):
        exact = value
    elif math.isfinite(value):
        exact = Decimal(int(value)) if float(value).is_integer() else Decimal(format(float(value), f".{_SIGNIFICANT}g"))
    else:
        raise ValueError(f"not a finite number: {value}")
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def format_number(value: float | None, digits: int = 1, *, sign: bool = False, thousands: str = ".") -> str:
    """``1.234,5`` with a true minus; ``k. A.`` where there is no value.

    Parameters
    ----------
    digits
        Decimal places.
    sign
        Write ``+`` before positive numbers (differences).
    thousands
        Between groups of three digits: the point of German tables, or ``NNBSP`` as DIN 5008 prefers in text.
    """
    if is_missing(value):
        return NO_VALUE
    rounded = round_half_up(value, digits)
    whole, _, fraction = f"{abs(rounded):,}".partition(".")
    text = whole.replace(",", thousands) + ("," + fraction if fraction else "")
    if rounded == 0:
        return text
    return (MINUS if rounded < 0 else "+" if sign else "") + text


def format_value(value: float | None, unit: Any = "", digits: int | None = None, *, sign: bool = False) -> str:
    """Number with its unit: ``12,4 %``, ``1.234 Euro``, ``5,3 je 1.000 Einwohner``.

    Parameters
    ----------
    unit
        The unit as text, or an indicator: anything with ``unit`` and ``digits``.
    digits
        Decimal places; default: the indicator's, else 1.
    """
    if digits is None:
        digits = getattr(unit, "digits", 1)
    name = getattr(unit, "unit", unit) or ""
    text = format_number(value, digits, sign=sign)
    if is_missing(value) or not name:
        return text
    if name == "Prozentpunkte" and text.lstrip(MINUS + "+") == "1":
        name = "Prozentpunkt"
    return f"{text}{NBSP}{name}"


def format_percent(value: float | None, digits: int = 1) -> str:
    """``12,4 %`` for a share given in percent (0–100)."""
    return format_value(value, "%", digits)


def format_points(value: float | None, digits: int = 1, *, sign: bool = False) -> str:
    """``5,7 Prozentpunkte``: the difference of two shares, which is never written with ``%``."""
    return format_value(value, "Prozentpunkte", digits, sign=sign)


def format_difference(value: float | None, unit: Any = "", digits: int | None = None, *, sign: bool = True) -> str:
    """Difference of two values of ``unit``; shares in % differ in Prozentpunkten."""
    if digits is None:
        digits = getattr(unit, "digits", 1)
    name = getattr(unit, "unit", unit) or ""
    return format_value(value, "Prozentpunkte" if name in ("%", "Prozent") else name, digits, sign=sign)


def format_cell(value: float | None, digits: int = 1, symbol: str | None = None) -> str:
    """Table cell: the publisher's symbol or ``k. A.`` where there is no number, ``–`` for a true zero.

    A small value that rounds to zero stays ``0,0``: more than nothing, less than half of the last digit.
    """
    if is_missing(value):
        return NO_VALUE if is_missing(symbol) or not symbol else symbol
    return EN_DASH if value == 0 else format_number(value, digits)


def explain_symbols(cells: Iterable[Any]) -> str:
    """``Zeichenerklärung: – …; . ….`` of the symbols among the cells of a table; empty where there are none."""
    used = {str(cell) for cell in cells}
    signs = [f"{sign} {meaning}" for sign, meaning in SYMBOLS.items() if sign in used]
    return f"Zeichenerklärung: {'; '.join(signs)}." if signs else ""


def format_large(value: float | None, digits: int = 1) -> str:
    """``83,5 Mio.`` from one million on, else the whole number with its points."""
    if is_missing(value) or abs(value) < 1_000_000:
        return format_number(value, 0)
    unit, name = (1e9, "Mrd.") if abs(value) >= 1e9 else (1e6, "Mio.")
    text = format_number(value / unit, digits)
    return f"{text.removesuffix(',' + '0' * digits) if digits else text}{NBSP}{name}"


def format_date(date: datetime.date | str) -> str:
    """``31.12.2024`` from a date or ISO text; a bare year stays a year."""
    if isinstance(date, str):
        if len(date) == 4 and date.isdigit():
            return date
        date = datetime.date.fromisoformat(date[:10])
    return f"{date:%d.%m.%Y}"


def format_years(years: Iterable[int]) -> str:
    """``2016–2022``; interrupted series by their parts: ``2018, 2020–2024``."""
    ordered = sorted({int(year) for year in years})
    runs: list[list[int]] = []
    for year in ordered:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}{EN_DASH}{run[-1]}" for run in runs)


def number_word(number: int) -> str:
    """``drei``; from thirteen on in digits, as German running text does. One is the bare ``ein``."""
    return _WORDS[number] if 0 <= number < len(_WORDS) else format_number(number, 0)


def ordinal_stem(number: int) -> str:
    """Stem for compounds and endings: ``sechst`` (+ ``e``, ``höchste``); from thirteen on ``13.``."""
    if not 1 <= number < len(_WORDS):
        return f"{format_number(number, 0)}."
    return _ORDINAL_STEMS.get(number, _WORDS[number] + "t")


def ordinal(number: int, ending: str = "e") -> str:
    """``sechste``, ``ersten``; from thirteen on ``13.``, which needs no ending."""
    stem = ordinal_stem(number)
    return stem if stem.endswith(".") else stem + ending
