"""Shapes of the ratings, the same in every chart: circle, diamond, square, ring."""

from __future__ import annotations

from collections.abc import Sequence

from kreisbericht.charts.canvas import Canvas
from kreisbericht.tokens import load_tokens

_MARKERS = {"circle": "o", "diamond": "D", "square": "s", "ring": "o"}
_OPTICAL = {"D": 0.88}  # a diamond of the same width looks larger
COLOURS = {"better": "better", "similar": "similar", "worse": "worse", "none": "ink_2"}


def draw_ratings(
    canvas: Canvas, rating: str, points: Sequence[tuple[float, float]], size: float, *, bare=False
) -> None:
    """Shapes of one rating at many points; ``bare`` without an edge of paper, for keys and tables."""
    shape = load_tokens()["rating"][rating]["shape"]
    marker, ring = _MARKERS[shape], shape == "ring"
    tone = COLOURS[rating]
    edge = tone if ring or bare else "paper"
    extent = size * _OPTICAL.get(marker, 1)
    canvas.dots(points, "paper" if ring else tone, extent, marker=marker, z=6, edge=edge, width=1.3 if bare else 1.6)
