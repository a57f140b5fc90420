"""Places of dots that would overlap: seaborn's swarm, without a figure.

Dots are placed one after the other along the value axis, each at the free spot next to the middle. Equal values and
equal distances keep their order, so that no processor's way of sorting shows in a picture.
"""

from __future__ import annotations

import math

import numpy as np

_AIR = 1.05  # seaborn's: a neighbour's distance is a little more than needed


def swarm_places(along: np.ndarray, diameter: float, middle: float, gutter: float) -> np.ndarray:
    """Distance from the axis of each dot.

    Parameters
    ----------
    along
        Places on the value axis [px].
    diameter
        Of a dot [px].
    middle, gutter
        The axis, and how far from it a dot may lie [px]; a crowd that needs more moves together and overlaps evenly.

    Returns
    -------
    Places across, in the order of ``along`` [px].
    """
    order = np.argsort(along, kind="stable")
    sorted_places, placed = along[order].tolist(), []
    first = 0
    for place, at in enumerate(sorted_places):
        while at - sorted_places[first] >= diameter and first < place:
            first += 1
        placed.append(_free_spot(at, sorted_places[first:place], placed[first:place], diameter, middle))
    across = np.empty(len(placed))
    across[order] = _move_together(np.array(sorted_places), np.array(placed) - middle, diameter, gutter)
    return across + middle


def _move_together(along: np.ndarray, away: np.ndarray, diameter: float, gutter: float) -> np.ndarray:
    """Distances from the middle, scaled down where the dots beside one reach over the border; ``along`` is sorted."""
    if not len(away) or np.abs(away).max() <= gutter:
        return away
    first = np.searchsorted(along, along - diameter)
    last = np.searchsorted(along, along + diameter, side="right")
    reach = np.array([np.abs(away[a:b]).max() for a, b in zip(first, last, strict=True)])
    return away * np.minimum(gutter / np.maximum(reach, 1e-9), 1.0)


def _free_spot(at: float, along: list[float], across: list[float], diameter: float, middle: float) -> float:
    """The free spot next to the middle, beside the neighbours before."""
    candidates, taken, needed = [middle], [], diameter**2
    for turn, (near, side) in enumerate(zip(along, across, strict=True)):
        reach = math.sqrt(max(needed - (at - near) ** 2, 0.0))
        left, right = side - reach * _AIR, side + reach * _AIR
        candidates += [left, right] if turn % 2 == 0 else [right, left]
        taken.append((side - reach, side + reach))
    candidates.sort(key=lambda candidate: round(abs(candidate - middle), 9))
    for spot in candidates:
        for left, right in taken:
            if left < spot < right:
                break
        else:
            return spot
    return middle
