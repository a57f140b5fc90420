"""What has changed from one edition to another: new years, revised values, findings that turned, chapters, texts.

Works on two snapshots (``snapshot``), so published editions and drafts compare alike. Not in here: how the result is
printed (``changes``).
"""

from __future__ import annotations

import csv
import difflib
import functools
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from kreisbericht import paths, sentences
from kreisbericht.catalogue import find_indicator, load_catalogue
from kreisbericht.chance import is_random_change
from kreisbericht.numbers import round_half_up
from kreisbericht.snapshot import Snapshot
from kreisbericht.statistics import classify_change, find_turn, measure_change

UNCHECKED, CERTAIN, RANDOM = "ungeprüft", "gesichert", "zufällig möglich"
NO_REASON = "Der Herausgeber hat den Wert geändert; ein Grund ist nicht verzeichnet."
CORRECTED = "Berichtigt in data/korrekturen.csv: "


def compare_editions(old: Snapshot, new: Snapshot) -> dict[str, Any]:
    """Everything that differs between two editions of one district.

    Returns
    -------
    JSON-ready: ``alt`` and ``neu`` (the editions), ``neue_jahre``, ``revidiert``, ``gewendet``, ``empfehlungen``,
    ``kapitel_neu``, ``kapitel_entfallen``, ``indikatoren_neu``, ``indikatoren_entfallen``, ``texte``: lists in the
    order of the newer book.
    """
    both = [name for name in new["indikatoren"] if name in old["indikatoren"]]
    home = new["kreis"]["ags"]
    pairs = {name: (old["indikatoren"][name], new["indikatoren"][name]) for name in both}
    return {
        "alt": old["ausgabe"],
        "neu": new["ausgabe"],
        "kreis": new["kreis"],
        "neue_jahre": [found for name in both if (found := _new_year(name, *pairs[name], home))],
        "revidiert": _revised(pairs),
        "gewendet": [found for name in both for found in _turned(name, *pairs[name], home)],
        "empfehlungen": _resolutions(old, new),
        "kapitel_neu": _missing_in(new["kapitel"], old["kapitel"]),
        "kapitel_entfallen": _missing_in(old["kapitel"], new["kapitel"]),
        "indikatoren_neu": _missing_in(new["indikatoren"], old["indikatoren"]),
        "indikatoren_entfallen": _missing_in(old["indikatoren"], new["indikatoren"]),
        "texte": _texts(old, new),
    }


def _new_year(name: str, old: Mapping[str, Any], new: Mapping[str, Any], home: str) -> dict[str, Any] | None:
    """Newest value against the newest one the older edition knew."""
    before, after = _known(old["werte"].get(home)), _known(new["werte"].get(home))
    if after.empty or (not before.empty and after.index[-1] <= before.index[-1]):
        return None
    year, value = int(after.index[-1]), float(after.iloc[-1])
    found = {"indikator": name, "titel": new["titel"], "einheit": new["einheit"], "stellen": new["stellen"],
             "kapitel": new["kapitel"], "jahr": year, "wert": value,
             "jahre": [int(y) for y in after.index if before.empty or y > before.index[-1]]}  # fmt: skip
    if before.empty:
        return {**found, "jahr_alt": None, "wert_alt": None, "richtung": "neu", "sicherheit": UNCHECKED, "wertung": ""}
    year_old = int(before.index[-1])
    # The value of the older year as it stands today: a revision is another kind of change.
    value_old = float(after.get(year_old, before.iloc[-1]))
    broken = [event for first, event in new["brueche"].items() if year_old < int(first) <= year]
    direction = classify_change(value_old, value, digits=new["stellen"], unit=new["einheit"])
    safety = _safety(new, year_old, year)
    if broken:
        direction, safety = "nicht vergleichbar", f"Bruch: {', '.join(broken)}"
    elif safety == RANDOM and direction != "stabil":
        direction = "stabil"
    side = {"steigt": 1, "sinkt": -1}.get(direction, 0) * new["polung"]
    rating = {1: "guenstiger", -1: "unguenstiger"}.get(side, "")
    return {**found, "jahr_alt": year_old, "wert_alt": value_old, "richtung": direction, "sicherheit": safety,
            "wertung": rating}  # fmt: skip


def _safety(entry: Mapping[str, Any], first: int, last: int) -> str:
    """Whether chance alone could explain a change, where numerator and denominator are known."""
    pairs = [
        (entry.get("zaehler", {}).get(str(year)), entry.get("nenner", {}).get(str(year))) for year in (first, last)
    ]
    if any(not base or cases is None or cases > base for cases, base in pairs):
        return UNCHECKED
    return RANDOM if is_random_change(*pairs) else CERTAIN


def _revised(pairs: Mapping[str, tuple[Mapping, Mapping]]) -> list[dict[str, Any]]:
    """Values both editions print for the same place and year, and print differently."""
    reasons, found = _reasons(), []
    for name, (old, new) in pairs.items():
        for ags, before in old["werte"].items():
            after = new["werte"].get(ags, {})
            for year, value in before.items():
                if year in after and after[year] != value:
                    found.append(
                        {"indikator": name, "titel": new["titel"], "ags": ags, "jahr": int(year), "alt": value,
                         "neu": after[year], "einheit": new["einheit"], "stellen": new["stellen"],
                         "sichtbar": _shown(value, new) != _shown(after[year], new),
                         "grund": reasons.get((name, ags, year), NO_REASON)}
                    )  # fmt: skip
    return found


def _reasons() -> dict[tuple[str, str, str], str]:
    """Why a value changed: the delivery that changed it, or our correction of the source."""
    found = {}
    for row in _read("revisionen.csv"):
        said = f"Neue Lieferung {row['lieferung']} vom {row['datum']}."
        found[row["indikator"], row["ags"], row["jahr"]] = said
    for row in _read("korrekturen.csv"):
        if row["status"] == "aktiv":
            found[row["indikator"], row["ags"], row["jahr"]] = CORRECTED + row["grund"]
    return found


def _turned(name: str, old: Mapping[str, Any], new: Mapping[str, Any], home: str) -> Iterable[dict[str, Any]]:
    """Statements about an indicator that the newer edition makes differently: trend and place beside the Land."""
    kinds = (("Entwicklung", _trend), ("Vergleich mit dem Land", _relation))
    for kind, judge in kinds:
        before, after = judge(name, old, home), judge(name, new, home)
        if before and after and before != after:
            yield {"indikator": name, "titel": new["titel"], "kapitel": new["kapitel"], "art": kind, "alt": before,
                   "neu": after}  # fmt: skip


def _trend(name: str, entry: Mapping[str, Any], home: str) -> str:
    series = _known(entry["werte"].get(home))
    options = {"digits": entry["stellen"], "unit": entry["einheit"], "breaks": [int(y) for y in entry["brueche"]]}
    counts = pd.DataFrame({"faelle": _known(entry.get("zaehler")), "basis": _known(entry.get("nenner"))})
    change = measure_change(series, counts=counts if len(counts) else None, **options)
    if change is None:
        return ""
    turn = None if change.random else find_turn(series, **options)
    return (turn or change).direction


def _relation(name: str, entry: Mapping[str, Any], home: str) -> str:
    own = _known(entry["werte"].get(home))
    land = _known(entry["werte"].get(home[:2]))
    if own.empty or own.index[-1] not in land.index or name not in load_catalogue():
        return ""
    indicator = find_indicator(name)
    if sentences.lang.is_count(indicator.unit):
        return ""
    found = sentences.compare(indicator, float(own.iloc[-1]), float(land[own.index[-1]]))
    return found.rating if found.rating != "ohne" else found.relation


def _resolutions(old: Snapshot, new: Snapshot) -> list[dict[str, Any]]:
    before, after = old.get("beschluesse", {}), new.get("beschluesse", {})
    return [{"id": name, "alt": before.get(name, {}), "neu": row} for name, row in after.items()
            if before.get(name) != row]  # fmt: skip


def _missing_in(these: Mapping[str, Mapping], those: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"id": name, "titel": entry["titel"]} for name, entry in these.items() if name not in those]


def _texts(old: Snapshot, new: Snapshot) -> list[dict[str, Any]]:
    """Written texts of chapters in both editions that changed, by paragraph."""
    found = []
    for name in [name for name in new["kapitel"] if name in old["kapitel"]]:
        before, after = old["texte"].get(name, []), new["texte"].get(name, [])
        if before == after:
            continue
        gone, come = [], []
        matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag != "equal":
                gone += before[a:b]
                come += after[c:d]
        kind = "Einordnung" if new["kapitel"][name]["art"] == "daten" else "Text"
        found.append({"kapitel": name, "titel": new["kapitel"][name]["titel"], "art": kind, "entfallen": gone,
                      "neu": come})  # fmt: skip
    return found


def _known(values: Mapping[str, float | None] | None) -> pd.Series:
    return _series(tuple((values or {}).items()))


@functools.lru_cache(maxsize=4096)  # trend, place and newest value are told of the same figures
def _series(values: tuple[tuple[str, float | None], ...]) -> pd.Series:
    known = sorted((int(year), value) for year, value in values if value is not None)
    years = pd.Index([year for year, _ in known], dtype="int64")
    return pd.Series([value for _, value in known], index=years, dtype=float)


def _shown(value: float | None, entry: Mapping[str, Any]) -> Any:
    return None if value is None else round_half_up(value, entry["stellen"])


def _read(name: str) -> list[dict[str, str]]:
    file = paths.data_dir() / name
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))
