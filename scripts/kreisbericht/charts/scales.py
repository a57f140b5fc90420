"""Round axis steps and the way from values to pixels."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from kreisbericht.numbers import NBSP, format_number

_FLAT = 1e-8  # a smaller span is rounding, not a difference
_SHORT_UNIT = 4  # letters: "%", "€", "Euro" go with a number in a chart, longer units stay in the subtitle


@dataclasses.dataclass(frozen=True)
class Scale:
    """Linear way from a value range to a pixel range; works for arrays too."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value):
        share = (value - self.low) / (self.high - self.low) if self.high != self.low else 0.5
        return self.start + share * (self.end - self.start)


def nice_ticks(low: float, high: float, wanted: int = 5) -> np.ndarray:
    """Round ticks that enclose ``low`` and ``high``: steps of 1, 2 or 5 times a power of ten (25, 250 … from ten on).

    A constant series gets one step of room, and so does one that differs by less than a tick could show.
    """
    if high - low < _FLAT:
        high = low + (abs(low) * 0.1 or 1.0)
    raw = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(raw))
    factors = (1, 2, 2.5, 5, 10) if power >= 10 else (1, 2, 5, 10)
    step = min((factor * power for factor in factors), key=lambda candidate: abs(candidate - raw))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return np.round(np.arange(first, last + 1) * step, 10)


def value_axis(low: float, high: float, *, zero: bool, wanted: int = 5) -> np.ndarray:
    """Ticks for a line chart: from zero, or with a little air below the lowest value.

    The air never crosses zero, so counts get no negative ticks.
    """
    if zero:
        return nice_ticks(min(0.0, low), max(0.0, high), wanted)
    air = 0.08 * (high - low) or 0.05 * abs(low)
    floor = low - air
    return nice_ticks(max(0.0, floor) if low >= 0 else floor, high, wanted)


def tick_labels(ticks: np.ndarray, unit: str) -> list[str]:
    """German labels with the decimals the step needs; the unit stands at the last one."""
    digits = next(d for d in range(6) if np.allclose(np.round(ticks, d), ticks, rtol=0, atol=1e-9) or d == 5)
    labels = [format_number(tick, digits) for tick in ticks]
    return [*labels[:-1], with_unit(labels[-1], unit)]


def with_unit(text: str, unit: str) -> str:
    """``12,4 %``; units longer than four letters are said in the subtitle."""
    return f"{text}{NBSP}{unit}" if unit and len(unit) <= _SHORT_UNIT else text


def year_step(count: int, room: float, wide: float = 38) -> int:
    """Every how many years a label fits: 1, 2, 5, 10 or 20."""
    return next((step for step in (1, 2, 5, 10) if count / step * wide <= room), 20)
