"""Places of dots that would overlap: seaborn's swarm, the same on every processor.

Not in here: drawing them (``pen``).
"""

from __future__ import annotations

import functools

import numpy as np

_APART = 1e-9  # keeps equally good places in an order of their own [px]


def swarm_places(along: np.ndarray, diameter: float, middle: float, gutter: float) -> np.ndarray:
    """Distance from the axis of each dot, as ``seaborn.swarmplot`` sets them.

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
    sorted_places, across = along[order], np.empty(len(along))
    dots = np.column_stack([np.full(len(along), middle), sorted_places, np.full(len(along), diameter / 2)])
    placed = _make_swarm().beeswarm(dots)[:, 0]
    across[order] = _move_together(sorted_places, placed - middle, diameter, gutter)
    return across + middle


@functools.cache
def _make_swarm():
    """Seaborn's swarm, whose order of equally good places would else depend on the processor's way of sorting."""
    from seaborn.categorical import Beeswarm

    class OrderedSwarm(Beeswarm):
        def position_candidates(self, xyr_i, neighbors):
            found = super().position_candidates(xyr_i, neighbors)
            away = np.sign(found[:, 0] - xyr_i[0])  # each dot comes from the middle
            found[:, 0] += _APART * away * np.arange(len(found))
            return found

    return OrderedSwarm()


def _move_together(along: np.ndarray, away: np.ndarray, diameter: float, gutter: float) -> np.ndarray:
    """Distances from the middle, scaled down where the dots beside one reach over the border; ``along`` is sorted."""
    if np.abs(away).max() <= gutter:
        return away
    first = np.searchsorted(along, along - diameter)
    last = np.searchsorted(along, along + diameter, side="right")
    reach = np.array([np.abs(away[a:b]).max() for a, b in zip(first, last, strict=True)])
    return away * np.minimum(gutter / np.maximum(reach, 1e-9), 1.0)
