"""The picture on the cover: the district's municipalities, or the district among the districts of its Land.

Outlines only, no figures: the fields carry no meaning beyond the place. Not in here: the layout of the cover.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kreisbericht.errors import ParameterError
from kreisbericht.regions import Outlines, Region, districts, find_region, load_outlines, municipalities
from kreisbericht.tokens import colours

WIDTH = 1000
"""Width of the drawing [user units]."""
FIELD = "#6F97AE"
"""Fill of the district's fields on the cover colour (contrast 3:1); neighbours are darker."""
NEIGHBOUR = "#2C648A"


@dataclass(frozen=True)
class CoverPicture:
    """``svg`` text, ``alt`` for readers who do not see it, ``credit`` for the Impressum."""

    svg: str
    alt: str
    credit: str


def draw_cover(ags: str) -> CoverPicture | None:
    """Cover picture of a district, or None where no outlines are kept.

    Parameters
    ----------
    ags
        Key of the district (5 digits).
    """
    region = find_region(ags)
    members = _outlines(f"gemeinden_{ags}")
    if members is not None:
        count = len(municipalities(ags)) or len(members.rings)
        what = f"Umriss {region.of_phrase} mit den Grenzen seiner {count} Gemeinden"
        return CoverPicture(
            _draw(members, dict.fromkeys(members.rings, FIELD)), f"{what}.", f"{what}. {members.credit}"
        )
    return _draw_in_land(region)


def _draw_in_land(region: Region) -> CoverPicture | None:
    land = region.ags[:2]
    outlines = _outlines(f"kreise_{land}") or _outlines("kreise")
    if outlines is None or region.ags not in outlines.rings:
        return None
    valid = {district.ags for district in districts(land)}
    keys = [ags for ags in outlines.rings if ags in valid] or [ags for ags in outlines.rings if ags[:2] == land]
    fills = {ags: NEIGHBOUR for ags in keys if ags != region.ags} | {region.ags: colours()["cover_ink"]}
    what = f"Lage {region.of_phrase} unter den Kreisen des Landes {region.land}"
    return CoverPicture(_draw(outlines, fills), f"{what}.", f"{what}. {outlines.credit}")


def _outlines(name: str) -> Outlines | None:
    try:
        return load_outlines(name)
    except ParameterError:
        return None


def _draw(outlines: Outlines, fills: dict[str, str]) -> str:
    points = np.concatenate([ring for ags in fills for ring in outlines.rings[ags]])
    west, south = points.min(axis=0)
    east, north = points.max(axis=0)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * shrink)
    height = (north - south) * scale
    if height > WIDTH:
        scale, height = scale * WIDTH / height, WIDTH
    offset, factors = np.array([west, north]), np.array([shrink * scale, -scale])
    paths = "".join(
        f'<path d="{"".join(_path((ring - offset) * factors) for ring in outlines.rings[ags])}" fill="{fill}"/>'
        for ags, fill in fills.items()
    )
    width = (east - west) * shrink * scale
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-3 -3 {width + 6:.0f} {height + 6:.0f}" '
        f'stroke="{colours()["cover"]}" stroke-width="3" stroke-linejoin="round" fill-rule="evenodd">{paths}</svg>\n'
    )


def _path(ring: np.ndarray) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z"
