"""Outlines on the pixel canvas: projection, thinning and the spot inside an area where a label fits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.path import Path as Outline

Rings = Sequence[np.ndarray]
_THIN = 0.45  # px: closer points are dropped
_THIN_MANY = 1.3  # px: the same for maps of more areas than a Land has
MANY = 120
_GRID = 12  # candidate spots per side
_ACROSS = (-0.5, -0.3, -0.1, 0.1, 0.3, 0.5)  # of the label's width: where it is tested


class Projection:
    """Degrees to pixels: local equal-distance projection (longitudes shortened by the cosine of the middle latitude).

    Right for a Land; for the whole of Germany north is drawn at most 6 % too wide and south too narrow.
    """

    def __init__(self, rings: Mapping[str, Rings], width: float, height: float) -> None:
        points = np.concatenate([ring for parts in rings.values() for ring in parts])
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        self._shorten = math.cos(math.radians((south + north) / 2))
        self._west, self._north = west * self._shorten, north
        across, down = east * self._shorten - self._west, north - south
        self.scale = min(width / across, height / down)
        self.width, self.height = across * self.scale, down * self.scale
        self._grain = _THIN if len(rings) < MANY else _THIN_MANY

    def __call__(self, ring: np.ndarray, left: float, top: float) -> np.ndarray:
        x = (ring[:, 0] * self._shorten - self._west) * self.scale + left
        y = (self._north - ring[:, 1]) * self.scale + top
        return thin(np.column_stack([x, y]), self._grain)


def thin(ring: np.ndarray, grain: float) -> np.ndarray:
    """Ring on a grid of tenths of a pixel, one point per cell of ``grain`` px; a ring too small for that stays whole.

    Neighbours share their border points, hence the cells, so no cracks open between them.
    """
    cells = np.round(ring / grain)
    keep = np.concatenate([[True], np.any(np.diff(cells, axis=0) != 0, axis=1)])
    keep[-1] = True
    return np.round(ring[keep] if keep.sum() > 3 else ring, 1)


def area(ring: np.ndarray) -> float:
    """Area of a ring, unsigned."""
    x, y = ring[:, 0], ring[:, 1]
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(np.roll(x, -1), y))) / 2


def extent(rings: Rings) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of an area [px]."""
    points = np.concatenate(list(rings))
    return (*points.min(axis=0), *points.max(axis=0))


def label_spot(rings: Rings, width: float, height: float) -> tuple[float, float] | None:
    """Centre of a box of this size that lies wholly inside the largest part, as central as possible; or None."""
    outer = max(rings, key=area)
    (left, top), (right, bottom) = outer.min(axis=0), outer.max(axis=0)
    if right - left < width or bottom - top < height:
        return None
    xs = np.linspace(left + width / 2, right - width / 2, _GRID)
    ys = np.linspace(top + height / 2, bottom - height / 2, _GRID)
    centres = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    corners = np.array([(x, y) for x in _ACROSS for y in (-0.5, -0.2, 0.2, 0.5)]) * (width, height)
    tested = (centres[:, None, :] + corners).reshape(-1, 2)
    inside = Outline(outer).contains_points(tested)
    for hole in (ring for ring in rings if ring is not outer):
        inside &= ~Outline(hole).contains_points(tested)
    fits = centres[inside.reshape(len(centres), -1).all(axis=1)]
    if not len(fits):
        return None
    best = fits[np.argmin(((fits - fits.mean(axis=0)) ** 2).sum(axis=1))]
    return float(best[0]), float(best[1])
