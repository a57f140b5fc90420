"""The catalogue of indicators (``data/indikatoren.csv``) and of breaks in their series (``data/brueche.csv``).

What an indicator means, who publishes it, under which licence, and where its series must not be joined. The district's
own surveys have their rows in ``data/eigene/vorlagen/indikatoren.csv``; ``Indicator.own`` marks them.
Not in here: the figures themselves (``store``) and how they are checked (``check``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from kreisbericht import lineage
from kreisbericht.errors import DataError, ParameterError, nearest
from kreisbericht.paths import data_dir

OWN_CATALOGUE = "eigene/vorlagen/indikatoren.csv"
POLARITY = {"mehr": 1, "weniger": -1, "ohne": 0}
TOPICS = (
    "bevoelkerung", "familie", "bildung", "arbeit", "einkommen", "sozialleistungen",
    "wohnen", "gesundheit", "pflege", "infrastruktur", "finanzen",
)  # fmt: skip


class Break(NamedTuple):
    """A change after which a series must not be joined with what was before."""

    year: int
    """First year on the new basis."""
    event: str
    note: str
    ags: str = ""
    """Region it holds for; empty: all."""


@dataclass(frozen=True)
class Indicator:
    """One row of the catalogue; German texts, English names. Column names stand in ``COLUMNS``."""

    id: str
    title: str
    """Full name."""
    short: str
    """Noun for titles, e.g. ``Kinderarmut``; its grammar is ``article`` (der, die, das, die_pl)."""
    article: str
    unit: str
    digits: int
    """Decimal places for display; ``data/werte`` keeps the publisher's precision."""
    definition: str
    numerator: str
    denominator: str
    feature: str
    """Subtitle phrase: what is counted per what."""
    reading_aid: str
    """Sentence with ``{wert}``."""
    key_sentence: str
    """What follows the value in a key message, with ``{jahr}`` and ``{wo}``; empty: worded from ``short``."""
    topic: str
    reports: tuple[str, ...]
    life_phase: str
    polarity: int
    """+1 more is better, -1 less is better, 0 neither."""
    numerator_id: str
    denominator_id: str
    """Indicators with the absolute counts, empty where there are none."""
    reference: str
    """Date or period a value refers to."""
    publisher: str
    work: str
    table: str
    source_id: str
    """Identifiers in the source the values were read from."""
    licence: str
    credit: str
    """Credit line as printed after "Quelle: "."""
    url: str
    as_of: str
    periodicity: str
    limits: str
    note: str
    breaks: tuple[Break, ...] = ()
    own: bool = False
    """Surveyed by the district itself (*eigene Erhebung*): for no other district, may be confidential."""

    @property
    def file(self) -> str:
        """Path of the values below ``data/``."""
        return f"eigene/werte/{self.id}.csv" if self.own else f"werte/{self.topic}/{self.id}.csv"

    @property
    def counts_events(self) -> bool:
        """Whether a year's value adds up what happened in it, as births do; what is there on a day is a stock."""
        return self.reference.startswith(("Jahr", "Schuljahresende")) and not self.reference.startswith("Jahresd")

    def breaks_for(self, ags: str) -> tuple[Break, ...]:
        """Breaks that hold for this region."""
        return tuple(entry for entry in self.breaks if entry.ags in ("", ags))


COLUMNS = {
    "id": "id", "title": "bezeichnung", "short": "kurz", "article": "artikel", "unit": "einheit",
    "digits": "nachkommastellen", "definition": "definition", "numerator": "zaehler", "denominator": "nenner",
    "feature": "merkmal", "reading_aid": "lesehilfe", "key_sentence": "kernsatz", "topic": "thema",
    "reports": "bericht", "life_phase": "lebensphase", "polarity": "polung", "numerator_id": "zaehler_id",
    "denominator_id": "nenner_id", "reference": "zeitbezug", "publisher": "herausgeber", "work": "werk",
    "table": "tabelle", "source_id": "quelle_id", "licence": "lizenz", "credit": "nachweis", "url": "url",
    "as_of": "stand", "periodicity": "periodizitaet", "limits": "grenzen", "note": "hinweis",
}  # fmt: skip


class Catalogue(Mapping):
    """Indicators by id; whoever reads one row depends on that row alone, whoever lists them on the list of ids."""

    def __getitem__(self, indicator_id: str) -> Indicator:
        return _row(indicator_id)

    def __contains__(self, indicator_id: object) -> bool:
        return isinstance(indicator_id, str) and _has_row(indicator_id)

    def __iter__(self) -> Iterator[str]:
        return iter(_ids())

    def __len__(self) -> int:
        return len(_ids())


def load_catalogue() -> Catalogue:
    """All indicators by id, in the order of ``data/indikatoren.csv``, then those of the district's own surveys.

    Raises
    ------
    DataError
        If the catalogue is missing, has lost a column, or a row cannot be read.
    """
    _check()
    return Catalogue()


def official_indicators() -> dict[str, Indicator]:
    """The catalogue without the district's own surveys: what ``data/datapackage.json`` may list."""
    return {name: entry for name, entry in load_catalogue().items() if not entry.own}


@lineage.question
def find_indicator(indicator_id: str) -> Indicator:
    """One indicator; ParameterError with the nearest ids if there is none."""
    known = load_catalogue()
    if indicator_id in known:
        return known[indicator_id]
    raise ParameterError(
        f"Indikator '{indicator_id}': steht nicht im Katalog.{nearest(indicator_id, known)} "
        "Alle Kennungen stehen in data/indikatoren.csv, Spalte 'id'."
    )


def select_indicators(*, topic: str = "", report: str = "", life_phase: str = "") -> list[Indicator]:
    """Indicators of a topic, a report or a life phase, in catalogue order."""
    return [
        entry
        for entry in load_catalogue().values()
        if topic in ("", entry.topic)
        and life_phase in ("", entry.life_phase)
        and (not report or report in entry.reports)
    ]


@lineage.question
def _check() -> None:
    """What is wrong with the files is said at once."""
    _rows()


@lineage.question
def _row(indicator_id: str) -> Indicator:
    return _rows()[indicator_id]


@lineage.question
def _has_row(indicator_id: str) -> bool:
    return indicator_id in _rows()


@lineage.question
def _ids() -> list[str]:
    return list(_rows())


@lineage.settled
def _rows() -> dict[str, Indicator]:
    official, breaks, own = (data_dir() / name for name in ("indikatoren.csv", "brueche.csv", OWN_CATALOGUE))
    return _read_catalogue(_stamp(official), _stamp(breaks), lineage.stamp(own) if lineage.exists(own) else None)


def _stamp(path: Path) -> tuple[Path, int, int]:
    if not lineage.exists(path):
        raise DataError(f"{path}: Datei fehlt. Bitte das Verzeichnis data/ vollständig herstellen.")
    return lineage.stamp(path)


@lru_cache(maxsize=4)
def _read_catalogue(
    catalogue: tuple[Path, int, int], breaks: tuple[Path, int, int], own: tuple[Path, int, int] | None
) -> dict[str, Indicator]:
    found: dict[str, list[Break]] = {}
    for row in _read_rows(breaks[0], ("indikator", "jahr", "ereignis", "ags", "erklaerung")):
        entry = Break(int(row["jahr"]), row["ereignis"], row["erklaerung"], row["ags"])
        found.setdefault(row["indikator"], []).append(entry)
    indicators: dict[str, Indicator] = {}
    for path in [catalogue[0], *([own[0]] if own else [])]:
        for number, row in enumerate(_read_rows(path, COLUMNS.values()), start=2):
            name = row["id"]
            if name in indicators:
                raise DataError(f"{path.name}, Zeile {number}: Kennung '{name}' steht doppelt. Bitte eine löschen.")
            entry = _build_indicator(row, tuple(sorted(found.get(name, []))), path, number)
            indicators[name] = replace(entry, own=path != catalogue[0])
    return indicators


def _read_rows(path: Path, required: Iterable[str]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in required if column not in (reader.fieldnames or [])]
        if missing:
            raise DataError(f"{path.name}: Spalte fehlt: {', '.join(missing)}. Bitte die Kopfzeile wiederherstellen.")
        return list(reader)


def _build_indicator(row: dict[str, str], breaks: tuple[Break, ...], path: Path, number: int) -> Indicator:
    values = {name: row[column] or "" for name, column in COLUMNS.items()}
    if values["polarity"] not in POLARITY or not values["digits"].isdigit():
        raise DataError(
            f"{path.name}, Zeile {number} ('{row['id']}'): 'polung' muss mehr, weniger oder ohne sein, "
            "'nachkommastellen' eine ganze Zahl. Bitte berichtigen; es wurde nichts verändert."
        )
    texts = {field.name: values[field.name] for field in fields(Indicator) if field.name not in ("breaks", "own")}
    return Indicator(
        **{
            **texts,
            "digits": int(values["digits"]),
            "polarity": POLARITY[values["polarity"]],
            "reports": tuple(part for part in values["reports"].split("|") if part),
            "breaks": breaks,
        }
    )
