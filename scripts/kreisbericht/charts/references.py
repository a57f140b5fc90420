"""Names of Land and Bund above the lines of their values, without covering each other or another's line."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import pandas as pd

from kreisbericht.charts.lettering import measure
from kreisbericht.charts.scales import Scale, with_unit
from kreisbericht.numbers import format_number

DASHES = (None, (4, 2.2), (1.5, 2))
_SIZE, _AWAY = 12.5, 5


@dataclasses.dataclass(frozen=True)
class Reference:
    """A vertical line at ``at`` px and its words: start or end at ``x``, ``row`` lines above the drawing."""

    words: str
    at: float
    dash: tuple[float, ...] | None
    x: float
    align: str
    row: int


def place_references(values: Mapping[str, float], scale: Scale, *, unit: str, digits: int, width: float):
    """References from the lowest value to the highest; missing values are left out.

    The lowest name goes left of its line and the highest right, in one row. Where that does not fit, all go to one side
    in rows of their own: lines end at their row, so none passes through another's name.
    """
    known = {name: float(value) for name, value in values.items() if not pd.isna(value)}
    dashes = {name: DASHES[min(place, len(DASHES) - 1)] for place, name in enumerate(known)}
    ordered = sorted(known, key=known.get)
    words = [f"{name} {with_unit(format_number(known[name], digits), unit)}" for name in ordered]
    spots = [float(scale(known[name])) for name in ordered]
    placed = _layout(spots, [measure(text, _SIZE, bold=True) for text in words], width)
    return [
        Reference(text, at, dashes[name], *spot)
        for name, text, at, spot in zip(ordered, words, spots, placed, strict=True)
    ]


def _layout(spots: Sequence[float], wide: Sequence[float], width: float) -> list[tuple[float, str, int]]:
    """(x, alignment, row) for each name."""
    count = len(spots)
    fits_left = [at - _AWAY - w >= 0 for at, w in zip(spots, wide, strict=True)]
    fits_right = [at + _AWAY + w <= width for at, w in zip(spots, wide, strict=True)]
    left = [(at - _AWAY, "right") for at in spots]
    right = [(at + _AWAY, "left") for at in spots]
    if count == 1 and fits_right[0]:
        return [(*right[0], 0)]
    if count == 2 and fits_left[0] and fits_right[1]:
        return [(*left[0], 0), (*right[1], 0)]
    if all(fits_left):
        return [(*spot, row) for row, spot in enumerate(left)]
    if all(fits_right):
        return [(*spot, count - 1 - row) for row, spot in enumerate(right)]
    return [
        (min(max(at, w / 2), width - w / 2), "center", row) for row, (at, w) in enumerate(zip(spots, wide, strict=True))
    ]


def rows_of(references: Sequence[Reference]) -> int:
    """Number of rows the names take."""
    return 1 + max((reference.row for reference in references), default=-1)


def draw_reference(canvas, reference: Reference, *, y: float, bottom: float, edge_from: float | None = None) -> None:
    """Line from its name at height ``y`` down to ``bottom``; below ``edge_from`` with an edge of paper over bars."""
    if edge_from is not None:
        canvas.line([(reference.at, edge_from), (reference.at, bottom)], "paper", 3.4, z=3)
    canvas.line([(reference.at, y - 5), (reference.at, bottom)], "ink", 1.3, dash=reference.dash, z=4)
    canvas.text(
        reference.x, y, reference.words, size=_SIZE, bold=True, colour="ink", align=reference.align, halo="paper"
    )
