"""The invented sample district and its surroundings: regions, outlines and the files of their values.

EVERYTHING written here is invented. There is no Musterkreis, no Musterland, none of these places, and none of the
figures was ever counted. They serve tests, the manual and demonstrations, are marked as *Musterdaten* wherever they
appear, and never enter a real district's book (``sample``, ``store``). How the figures are made: ``sample_values``.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from kreisbericht.catalogue import official_indicators
from kreisbericht.deliveries.sample_values import invent_values
from kreisbericht.paths import write_atomically
from kreisbericht.regions import load_regions
from kreisbericht.sample import DISTRICT, PREFIX, sample_dir

DISTRICTS = {
    "99991": "Beispielkreis", "99992": "Probeland", "99993": "Fantasiekreis", "99994": "Ausgedachtkreis",
    DISTRICT: "Musterkreis", "99995": "Nirgendkreis", "99996": "Platzhalterkreis", "99997": "Übungskreis",
    "99998": "Vorlagenkreis",
}  # fmt: skip
"""Districts of the invented Land in order of their fields, row by row from the north-west."""
AREAS = {
    "999990001": ("Musterstadt", "Stadt"),
    "999990002": ("Beispielhausen", "Gemeinde"),
    "999990003": ("Verwaltungsgemeinschaft Erfundene Aue", "Verwaltungsgemeinschaft"),
}
PLACES = {
    "99999003": "Probedorf", "99999004": "Musterleben", "99999005": "Fantasia", "99999006": "Ausgedacht",
    "99999001": "Musterstadt", "99999002": "Beispielhausen", "99999007": "Nirgendheim", "99999008": "Beispielrode",
    "99999009": "Erfundenau",
}  # fmt: skip
"""Municipalities of the sample district in order of their fields."""
AREA_OF = {"99999001": "999990001", "99999002": "999990002"}
WEST, NORTH, FIELD = 100_000, 512_000, (2_400, 1_500)
"""Corner and size of a district's field [steps of 0.0001 degrees]."""
STEP = 0.0001
CREDIT = "Musterdaten: Grenzen frei erfunden"


def write_sample_district() -> list[Path]:
    """Write regions, outlines and values of everything invented into ``data/eigene/muster``; same input, same bytes.

    Own surveys of the sample district are not touched: they come from its filled-in workbooks through the import.
    """
    folder = sample_dir()
    files = {"gebiete.csv": _regions_table(), **{f"geo/{name}.json": text for name, text in _outlines().items()}}
    keys = list(DISTRICTS), list(PLACES), {area: _members(area) for area in AREAS}
    for name, table in invent_values(*keys, home=DISTRICT, land=PREFIX).items():
        files[f"werte/{name}.csv"] = table
    for name, text in files.items():
        write_atomically(folder / name, text)
    _remove_vanished(folder)
    return [folder / name for name in files]


def _members(area: str) -> list[str]:
    return [place for place in PLACES if AREA_OF.get(place, "999990003") == area]


def _regions_table() -> str:
    """``gebiete.csv`` in the columns of the real one."""
    rows = [{"ags": PREFIX, "name": "Musterland", "bezeichnung": "Land", "ebene": "land", "parent": "00"}]
    for ags, name in sorted(DISTRICTS.items()):
        kind = {"99992": "Kreis"}.get(ags, "Landkreis")
        rows.append({"ags": ags, "name": name, "bezeichnung": kind, "ebene": "kreis", "parent": PREFIX})
    for ags, (name, kind) in AREAS.items():
        phrase = {"ort": f"in der {name}", "genitiv": f"der {name}"} if name.startswith("Verwaltungs") else {}
        rows.append(
            {"ags": ags, "name": name, "bezeichnung": kind, "ebene": "gemeindeverband", "parent": DISTRICT} | phrase
        )
    for ags, name in sorted(PLACES.items()):
        kind = "Stadt" if ags == "99999001" else "Gemeinde"
        area = AREA_OF.get(ags, "999990003")
        rows.append({"ags": ags, "name": name, "bezeichnung": kind, "ebene": "gemeinde", "parent": DISTRICT,
                     "gemeindeverband": area, "ars": f"{area}{ags[-3:]}"})  # fmt: skip
    text = io.StringIO()
    writer = csv.DictWriter(text, list(load_regions().columns), lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows({"gebietsstand": "2024-12-31", "ars": row["ags"]} | row for row in rows)
    return text.getvalue()


def _outlines() -> dict[str, str]:
    """Two grids of three by three fields: the districts of the Land, and the municipalities inside the district's."""
    width, height = FIELD
    column, row = divmod(list(DISTRICTS).index(DISTRICT), 3)[::-1]
    inner = (WEST + column * width, NORTH - row * height, width // 3, height // 3)
    return {
        f"kreise_{PREFIX}": _grid(list(DISTRICTS), (WEST, NORTH, width, height)),
        f"gemeinden_{DISTRICT}": _grid(list(PLACES), inner),
    }


def _grid(keys: list[str], frame: tuple[int, int, int, int]) -> str:
    west, north, width, height = frame
    rings = {}
    for number, ags in enumerate(keys):
        row, column = divmod(number, 3)
        start = [west + column * width, north - row * height]
        rings[ags] = [[*start, width, 0, 0, -height, -width, 0, 0, height]]
    content = {
        "nachweis": CREDIT, "lizenz": "frei erfunden", "gebietsstand": "erfunden", "schritt": STEP,
        "format": "Ringe je Schlüssel: erster Punkt (Länge, Breite) in Schritten, danach Differenzen",
        "ringe": dict(sorted(rings.items())),
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def _remove_vanished(folder: Path) -> None:
    """Values of indicators that the catalogue no longer has; own surveys stay."""
    known = official_indicators()
    for path in (folder / "werte").glob("*.csv"):
        if path.stem not in known and not path.stem.startswith("eigene_"):
            path.unlink()
