"""Small ornamental maps for cover and site: a district with its municipalities, or a Land with some districts marked.

No values, no classes; maps that say something are drawn by ``charts``.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from pathlib import Path

import numpy as np

from kreisbericht.errors import ParameterError
from kreisbericht.paths import write_atomically
from kreisbericht.regions import Outlines, find_region, load_outlines
from kreisbericht.tokens import colours

WIDTH = 1000
MARGIN = 4


def load_cover_outlines(ags: str) -> tuple[Outlines, str] | None:
    """Finest outlines kept for a district (its municipalities, its Land's districts, Germany's) and their name."""
    for name in (f"gemeinden_{ags}", f"kreise_{ags[:2]}", "kreise"):
        try:
            return load_outlines(name), name
        except ParameterError:
            continue
    return None


def draw_map(outlines: Outlines, *, marked: Collection[str] = (), cover: bool = False) -> tuple[str, int, int]:
    """SVG of all outlines with the areas in ``marked`` standing out; text, width and height [px].

    ``cover=True`` draws for the cover band (light on petrol), else for the page. Both follow ``color-scheme``.
    """
    west, south, east, north = outlines.bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * squeeze)
    height = round((north - south) * scale) + 2 * MARGIN

    def project(ring: np.ndarray) -> str:
        x = (ring[:, 0] - west) * squeeze * scale + MARGIN
        y = (north - ring[:, 1]) * scale + MARGIN
        return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True)) + "Z"

    paths = []
    for ags, rings in sorted(outlines.rings.items(), key=lambda item: (item[0] in marked, item[0])):
        name = ' class="h"' if ags in marked else ""
        paths.append(f'<path{name} d="{"".join(project(ring) for ring in rings)}"/>')
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}">'
        f"<style>{_style('light', cover)}@media(prefers-color-scheme:dark){{{_style('dark', cover)}}}</style>"
        f'<g fill-rule="evenodd" stroke-linejoin="round">{"".join(paths)}</g></svg>\n'
    )
    return svg, WIDTH, height


def _style(theme: str, cover: bool) -> str:
    c = colours(theme)
    if cover:
        return (
            f"path{{fill:{c['cover_ink_2']};fill-opacity:.42;stroke:{c['cover']};stroke-width:3}}"
            f".h{{fill:{c['cover_ink']};fill-opacity:1}}"
        )
    return f"path{{fill:{c['rule']};stroke:{c['paper']};stroke-width:3}}.h{{fill:{c['home']}}}"


def write_cover_map(path: Path, ags: str) -> dict | None:
    """Draw the district's outline into ``path``; its size, description and credit, None where no outline is kept."""
    found = load_cover_outlines(ags) if ags else None
    if found is None:
        return None
    outlines, name = found
    svg, width, height = draw_map(outlines, marked={ags}, cover=True)
    write_atomically(path, svg)
    return {
        "width": width,
        "height": height,
        "alt": _cover_alt(ags, name, len(outlines.rings)),
        "credit": outlines.credit,
    }


def _cover_alt(ags: str, outlines: str, areas: int) -> str:
    try:
        region = find_region(ags)
    except ParameterError:
        return "Umrisskarte"
    if outlines.startswith("gemeinden"):
        return f"Umriss {region.of_phrase} mit seinen {areas} Gemeinden."
    where = region.land.name if region.land and not outlines.endswith("kreise") else "Deutschland"
    return f"Karte der Kreise in {where}; hervorgehoben: {region.name}."
