"""Regions: Germany, Länder, districts, and below the home district its associations and municipalities.

Names, levels, history (dissolved districts and their successors), German phrases and outlines. The invented sample
district and its surroundings (``sample``) are found by key or name and are in no list of real regions.
Not in here: figures about regions (``store``) and how a map is drawn (``charts``).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from kreisbericht import lineage
from kreisbericht.errors import DataError, ParameterError, nearest
from kreisbericht.paths import data_dir
from kreisbericht.sample import DISTRICT, WORD, is_sample, sample_dir

LEVELS = ("bund", "land", "kreis", "gemeindeverband", "gemeinde")
CITY_KINDS = ("Kreisfreie Stadt", "Stadtkreis", "Stadt")


@dataclass(frozen=True)
class Region:
    """One territorial unit; compare and look up by ``ags`` (``"00"``, 2, 5, 8 or 9 digits)."""

    ags: str
    name: str
    kind: str
    level: str
    parent: str
    valid_from: int | None = None
    """First 31 December with this key; None: since before the data begin."""
    valid_to: int | None = None
    """Last 31 December with this key; None: exists today."""
    successor: str = ""
    ars: str = ""
    association: str = ""
    """ARS (9 digits) of the Gemeindeverband a municipality belongs to."""
    label: str = ""
    """Unambiguous display name, e.g. ``Würzburg (Stadt)``."""
    in_phrase: str = ""
    """``im Kyffhäuserkreis``, ``in der Stadt Erfurt``, ``in Hamburg``."""
    of_phrase: str = ""
    """``des Kyffhäuserkreises``, ``der Stadt Erfurt``, ``Hamburgs``."""

    @property
    def land(self) -> Region | None:
        """The Land the region lies in; None for Germany."""
        return None if self.level == "bund" else find_region(self.ags[:2])

    def existed(self, year: int) -> bool:
        """Whether the key was valid on 31 December of ``year``."""
        return (self.valid_from or 0) <= year <= (self.valid_to or 9999)

    def __str__(self) -> str:
        return self.label or self.name


@dataclass(frozen=True)
class Outlines:
    """Polygon rings per region [degrees, WGS84] with the credit line every map must print.

    ``rings`` maps ags to a list of arrays of shape (points, 2), columns longitude and latitude; outer rings
    and holes together: fill by the even-odd rule.
    """

    rings: dict[str, list[np.ndarray]]
    credit: str
    licence: str
    status: str

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north [degrees]."""
        points = np.concatenate([ring for parts in self.rings.values() for ring in parts])
        return (*points.min(axis=0), *points.max(axis=0))


@lineage.question
def load_regions() -> pd.DataFrame:
    """Table ``data/gebiete.csv``, all columns as strings, empty where nothing applies; without the sample district."""
    return _read_table(*_stamp(data_dir() / "gebiete.csv")).copy()


@lineage.question
def find_region(ags: str, level: str | None = None) -> Region:
    """Region by key, or by name for the command line (umlauts may be written out).

    Parameters
    ----------
    ags
        Key (``"16065"``) or name (``"Kyffhäuserkreis"``, ``"kyffhaeuserkreis"``).
    level
        One of ``LEVELS``; narrows the search.

    Raises
    ------
    ParameterError
        If no region or more than one has this key or name; the message names the nearest ones.
    """
    text = str(ags).strip()
    known = _known(text)
    if text in known and level in (None, known[text].level):
        return known[text]
    candidates = [region for region in known.values() if level in (None, region.level)]
    invented = [region for region in _invented().values() if level in (None, region.level)]
    named = ([one for one in group if _fold(text) in _spellings(one)] for group in (candidates, invented))
    exact = next((group for group in named if group), [])
    current = [region for region in exact if region.valid_to is None] or exact
    if len(current) > 1 and level is None:
        current = [region for region in current if region.level == "kreis"] or current
    if len(current) == 1:
        return current[0]
    raise ParameterError(_explain_miss(text, current, candidates))


@lineage.question
def districts(land: str | None = None, year: int | None = None) -> list[Region]:
    """Districts in order of key: of one Land (``"16"``) or all, as of 31 December of ``year`` (None: today).

    All means all of Germany: invented districts are listed only if their Land (``"99"``) is asked for.
    """
    found = [
        region
        for region in _known(land or "").values()
        if region.level == "kreis" and region.ags.startswith(land or "")
    ]
    if year is None:
        return [region for region in found if region.valid_to is None]
    return [region for region in found if region.existed(year)]


@lineage.question
def municipalities(ags: str, year: int | None = None) -> list[Region]:
    """Municipalities of a district or of a Gemeindeverband (9 digits), in order of key; empty where none are kept."""
    found = [r for r in _known(ags).values() if r.level == "gemeinde" and ags in (r.parent, r.association)]
    if year is None:
        return [region for region in found if region.valid_to is None]
    return [region for region in found if region.existed(year)]


@lineage.question
def associations(ags: str) -> list[Region]:
    """Gemeindeverbände of a district, its administrative units and planning areas; empty where none are kept."""
    return [region for region in _known(ags).values() if region.level == "gemeindeverband" and region.parent == ags]


def successor_of(region: Region) -> Region:
    """The district a dissolved one went to, followed to the one that exists today; the region itself otherwise."""
    while region.successor:
        region = find_region(region.successor)
    return region


def load_outlines(name: str) -> Outlines:
    """Outlines by name: ``kreise`` (Germany), ``kreise_16``, ``gemeinden_16065``; invented ones by invented keys.

    Raises
    ------
    ParameterError
        If ``data/geo`` holds no outlines of that name.
    """
    folder = (sample_dir() if is_sample(name.rpartition("_")[2]) else data_dir()) / "geo"
    path = folder / f"{name}.json"
    if not lineage.exists(path):
        known = sorted(entry.stem for entry in folder.glob("*.json"))
        raise ParameterError(
            f"Grenzen '{name}': gibt es nicht.{nearest(name, known)} Vorhanden sind: {', '.join(known)}."
        )
    return _read_outlines(*_stamp(path))


def _stamp(path: Path) -> tuple[Path, int, int]:
    if not lineage.exists(path):
        raise DataError(f"{path}: Datei fehlt. Bitte das Verzeichnis data/ vollständig herstellen.")
    return lineage.stamp(path)


@lru_cache(maxsize=4)
def _read_table(path: Path, _mtime: int, _size: int) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _known(ags: str = "") -> dict[str, Region]:
    """Regions among which a key is looked up: real ones, or invented ones for an invented key."""
    return _invented() if is_sample(ags) else _real()


@lineage.settled
def _real() -> dict[str, Region]:
    return _build_regions(*_stamp(data_dir() / "gebiete.csv"))


@lineage.settled
def _invented() -> dict[str, Region]:
    path = sample_dir() / "gebiete.csv"
    return _build_regions(*_stamp(path)) if lineage.exists(path) else {}


@lru_cache(maxsize=4)
def _build_regions(path: Path, mtime: int, size: int) -> dict[str, Region]:
    rows = _read_table(path, mtime, size).to_dict("records")
    names = Counter((row["ebene"], row["name"]) for row in rows if not row["gueltig_bis"])
    return {row["ags"]: _build_region(row, shared=names[row["ebene"], row["name"]] > 1) for row in rows}


def _build_region(row: dict[str, str], *, shared: bool) -> Region:
    in_phrase, of_phrase = phrases(row["name"], row["bezeichnung"], row["ebene"])
    return Region(
        ags=row["ags"],
        name=row["name"],
        kind=row["bezeichnung"],
        level=row["ebene"],
        parent=row["parent"],
        valid_from=int(row["gueltig_von"]) if row["gueltig_von"] else None,
        valid_to=int(row["gueltig_bis"]) if row["gueltig_bis"] else None,
        successor=row["nachfolger"],
        ars=row["ars"],
        association=row["gemeindeverband"],
        label=_label(row, shared=shared),
        in_phrase=row["ort"] or in_phrase,
        of_phrase=row["genitiv"] or of_phrase,
    )


def _label(row: dict[str, str], *, shared: bool) -> str:
    if row["ags"] == DISTRICT:
        return f"{row['name']} ({WORD})"  # every cover, head, table row and chart label says it by itself
    if row["gueltig_bis"]:
        return f"{row['name']} (bis {row['gueltig_bis']})"
    if shared:
        return f"{row['name']} ({'Stadt' if row['bezeichnung'] in CITY_KINDS else row['bezeichnung']})"
    return row["name"]


def phrases(name: str, kind: str, level: str) -> tuple[str, str]:
    """German phrases (in …, of …) by rule; exceptions stand in ``data/gebiete.csv`` (``ort``, ``genitiv``)."""
    if level in ("bund", "land"):
        return f"in {name}", f"von {name}" if name[-1] in "sßxz" else f"{name}s"
    if kind == "Regionalverband":
        return f"im {name}", f"des {name.replace(kind, kind + 's', 1)}"
    if re.search(r"kreis\b", name, re.IGNORECASE):
        weak = re.sub(r"er Kreis\b", "en Kreis", name)
        genitive = re.sub(r"(kreis)\b", r"\1es", weak, count=1, flags=re.IGNORECASE)
        return f"im {weak}", f"des {genitive}"
    if kind in ("Landkreis", "Kreis"):
        return f"im {kind} {name}", f"des {kind}es {name}"
    noun = "Stadt" if kind in CITY_KINDS else kind
    full = name if name.startswith(noun) else f"{noun} {name}"
    return f"in der {full}", f"der {full}"


def _spellings(region: Region) -> set[str]:
    return {_fold(region.name), _fold(region.label), _fold(f"{region.kind} {region.name}")}


def _fold(text: str) -> str:
    plain = text.casefold().replace("ss", "s")
    for umlaut, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        plain = plain.replace(umlaut, written)
    return " ".join(plain.split())


def _explain_miss(text: str, several: list[Region], candidates: list[Region]) -> str:
    if several:
        listed = ", ".join(f"{region.ags} {region.label}" for region in several[:6])
        return f"Gebiet '{text}': der Name ist nicht eindeutig ({listed}). Bitte den Schlüssel angeben."
    if text.isdigit():
        hint = f" Meinten Sie: {text.zfill(5)}?" if len(text) == 4 and text.zfill(5) in _known() else ""
        near = nearest(text, (region.ags for region in candidates if len(region.ags) == len(text)))
        return (
            f"Gebiet '{text}': diesen Schlüssel gibt es nicht.{hint or near} "
            "Gemeindeschlüssel sind Text mit führender Null: 2 Stellen Land, 5 Stellen Kreis, 8 Stellen Gemeinde."
        )
    return f"Gebiet '{text}': nicht gefunden.{nearest(text, (r.label for r in candidates))}"


@lru_cache(maxsize=8)
def _read_outlines(path: Path, _mtime: int, _size: int) -> Outlines:
    content = json.loads(path.read_text(encoding="utf-8"))
    step = content["schritt"]
    rings = {
        ags: [np.cumsum(np.array(ring, dtype=np.int64).reshape(-1, 2), axis=0) * step for ring in parts]
        for ags, parts in content["ringe"].items()
    }
    return Outlines(rings, content["nachweis"], content["lizenz"], content["gebietsstand"])
