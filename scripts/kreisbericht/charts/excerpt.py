"""Which rows of a long list are drawn: both ends and the neighbourhood of the home district."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class Gap:
    """Stands for ``count`` rows left out at this place."""

    count: int


def excerpt(names: Sequence[str], home: str | None, limit: int, *, ends: int = 3) -> list[str | Gap]:
    """At most ``limit`` rows including gap rows; all of them if they fit.

    ``ends`` rows at the top and at the bottom, the rest around ``home`` (around the middle if it is not there).
    A gap never stands for a single row, which would take the same room.
    """
    count = len(names)
    if count <= limit:
        return list(names)
    centre = names.index(home) if home in names else count // 2
    around = max(limit - 2 * ends - 2, 1)
    start = min(max(centre - around // 2, ends), count - ends - around)
    keep = set(range(ends)) | set(range(count - ends, count)) | set(range(start, start + around)) | {centre}
    keep |= {i for i in range(1, count - 1) if i - 1 in keep and i + 1 in keep}
    rows: list[str | Gap] = []
    for place, name in enumerate(names):
        if place in keep:
            rows.append(name)
        elif rows and isinstance(rows[-1], Gap):
            rows[-1] = Gap(rows[-1].count + 1)
        else:
            rows.append(Gap(1))
    return rows
