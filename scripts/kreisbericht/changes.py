"""The chapter "Was hat sich geändert": an edition against the one before it, printed as sentences and tables.

Notebooks call one method per section; ``scripts/compare_editions.py`` prints the same sections for any two editions.
Not in here: comparing itself (``compare``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kreisbericht import paths
from kreisbericht.compare import UNCHECKED, compare_editions
from kreisbericht.editions import list_editions
from kreisbericht.numbers import format_date, format_number, format_value
from kreisbericht.output import Float, Markdown, Printer, RatedCell, TableRow, escape
from kreisbericht.regions import find_region
from kreisbericht.sentences import RATING_WORDS
from kreisbericht.snapshot import take_snapshot

DIRECTIONS = {"steigt": "gestiegen", "sinkt": "gesunken", "stabil": "nahezu gleich", "neu": "erstmals"}
JUDGED = {"steigt": "steigt", "sinkt": "sinkt", "stabil": "nahezu gleich", "guenstiger": "günstiger",
          "unguenstiger": "ungünstiger", "aehnlich": "ähnlich", "über": "höher", "unter": "niedriger"}  # fmt: skip
MOST_REVISIONS = 60
QUOTED = 200  # characters of a changed paragraph
EXPLAINED = (
    "Verglichen wird der neueste Wert dieser Ausgabe mit dem Jahr, mit dem die vorige endete. „Gesichert“ heißt: Die "
    "Änderung ist größer, als der Zufall bei dieser Fallzahl erwarten lässt (Irrtum höchstens 5 %); „zufällig möglich“ "
    "heißt: Sie ist es nicht. Ohne Zusatz ließ sich das nicht prüfen, weil Fallzahlen fehlen oder der Wert kein Anteil "
    "ist."
)


class Changes:
    """What an edition says differently from another one.

    Parameters
    ----------
    comparison
        Result of :func:`compare_snapshots`; None where there is no earlier edition.
    printer
        Where to print; by default for the place this process runs in.
    """

    def __init__(self, comparison: Mapping[str, Any] | None, printer: Printer | None = None) -> None:
        self.found = comparison
        self.printer = printer or Printer.current()

    @classmethod
    def since_last(cls, ags: str, ausgabe: str, *, chapters: Iterable[str] = ()) -> Changes:
        """An edition of the project against the one before it, both with today's data; ``chapters``: only these."""
        editions = list_editions(paths.ROOT)
        place = next((i for i, edition in enumerate(editions) if edition.id == ausgabe), 0)
        if not place:
            return cls(None)
        region, only = find_region(ags, level="kreis"), set(chapters)
        taken = [take_snapshot(region, edition) for edition in editions[place - 1 : place + 1]]
        return cls(compare_snapshots(*(_cut(snapshot, only) for snapshot in taken)))

    def summary(self) -> Markdown:
        """How much has changed, in numbers."""
        printer = self.printer
        if self.found is None:
            said = "Dies ist die erste Ausgabe; es gibt noch nichts zu vergleichen."
            return Markdown(printer.callout("Keine frühere Ausgabe", said))
        found = self.found
        revised = [row for row in found["revidiert"] if row["sichtbar"]]
        lines = [
            f"- {printer.span(str(number), 'zahl')} {escape(what)}"
            for number, what in (
                (len(found["neue_jahre"]), "Indikatoren haben neuere Werte."),
                (len(found["gewendet"]), "Aussagen haben sich gewendet."),
                (len(revised), "früher gedruckte Werte sind revidiert."),
                (len(found["kapitel_neu"]) + len(found["kapitel_entfallen"]), "Kapitel sind neu oder entfallen."),
                (len(found["texte"]), "geschriebene Texte sind geändert."),
            )
        ]
        old, new = found["alt"], found["neu"]
        intro = (
            f"Verglichen werden Ausgabe {new['version']} (Berichtsjahr {new['berichtsjahr']}, Datenstand "
            f"{format_date(new['datenstand'])}) und Ausgabe {old['version']} (Berichtsjahr {old['berichtsjahr']}, "
            f"Datenstand {format_date(old['datenstand'])})."
        )
        return Markdown(escape(intro), "\n".join(lines))

    def new_years(self) -> Markdown:
        """Indicators with newer values, a table per chapter."""
        rows = self.found["neue_jahre"] if self.found else []
        if not rows:
            return Markdown("Kein Indikator hat neuere Werte.") if self.found else Markdown()
        printer, blocks = self.printer, [escape(EXPLAINED)]
        for stem in dict.fromkeys(row["kapitel"][0] for row in rows):
            part = [row for row in rows if row["kapitel"][0] == stem]
            blocks.append(self._year_table(printer, stem, part))
        return Markdown(*blocks)

    def turned(self) -> Markdown:
        """Statements that are no longer what they were."""
        rows = self.found["gewendet"] if self.found else []
        if not rows:
            return Markdown("Keine Aussage hat sich gewendet.") if self.found else Markdown()
        lines = [
            f"- **{escape(row['titel'])}**, {escape(row['art'])}: bisher {JUDGED.get(row['alt'], row['alt'])}, "
            f"jetzt {JUDGED.get(row['neu'], row['neu'])}."
            for row in rows
        ]
        return Markdown("\n".join(lines))

    def revised(self) -> Markdown:
        """Values that were printed differently before, with the reason."""
        rows = [row for row in self.found["revidiert"] if row["sichtbar"]] if self.found else []
        if not rows:
            return Markdown("Kein früher gedruckter Wert ist revidiert.") if self.found else Markdown()
        lines = [
            f"- **{escape(row['titel'])}**, {escape(str(find_region(row['ags'])))}, {row['jahr']}: bisher "
            f"{_value(row['alt'], row)}, jetzt {_value(row['neu'], row)}. {escape(row['grund'])}"
            for row in rows[:MOST_REVISIONS]
        ]
        rest = len(rows) - MOST_REVISIONS
        return Markdown("\n".join(lines), f"Weitere {rest} Werte nennt der Vergleich als Datei." if rest > 0 else "")

    def contents(self) -> Markdown:
        """Chapters and indicators that came or went, resolutions and changed texts."""
        if self.found is None:
            return Markdown()
        named = (
            ("kapitel_neu", "Neue Kapitel"), ("kapitel_entfallen", "Entfallene Kapitel"),
            ("indikatoren_neu", "Neue Indikatoren"), ("indikatoren_entfallen", "Entfallene Indikatoren"),
        )  # fmt: skip
        lines = [
            f"- **{title}:** {escape('; '.join(entry['titel'] for entry in self.found[key]))}"
            for key, title in named
            if self.found[key]
        ]
        lines += [_resolution(row) for row in self.found["empfehlungen"]]
        lines += [_text_line(row) for row in self.found["texte"]]
        return Markdown("\n".join(lines) if lines else "Kapitel, Indikatoren und geschriebene Texte sind dieselben.")

    def _year_table(self, printer: Printer, stem: str, rows: list[Mapping[str, Any]]) -> str:
        old, new = self.found["alt"]["version"], self.found["neu"]["version"]
        item = Float(
            f"tbl-aenderungen-{stem.replace('_', '-')}",
            f"Neue Werte: {self._title(stem)}",
            f"{self.found['kreis']['name']}, Ausgabe {old} und Ausgabe {new}",
            "Einzelnachweise im Kapitel.",
            [_csv_row(row, self.found["kreis"]) for row in rows],
        )
        head = ["Indikator, Einheit", "Bisher", "Jetzt", "Änderung", "Aussage"]
        return printer.table(item, head=head, body=[_year_row(row) for row in rows])

    def _title(self, stem: str) -> str:
        return self.found.get("titel", {}).get(stem, stem.replace("_", " ").capitalize())


def compare_snapshots(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Comparison with the titles of the chapters, as printing needs them."""
    titles = {stem: chapter["titel"] for stem, chapter in after["kapitel"].items()}
    return {**compare_editions(dict(before), dict(after)), "titel": titles}


def _cut(snapshot: Mapping[str, Any], chapters: set[str]) -> Mapping[str, Any]:
    """Only what concerns these data chapters; everything if none is named."""
    if not chapters:
        return snapshot
    kept = {
        name: {**entry, "kapitel": stems}
        for name, entry in snapshot["indikatoren"].items()
        if (stems := [stem for stem in entry["kapitel"] if stem in chapters])
    }
    known = {s: c for s, c in snapshot["kapitel"].items() if s in chapters or c["art"] == "text"}
    return {**snapshot, "indikatoren": kept, "kapitel": known}


def _year_row(row: Mapping[str, Any]) -> TableRow:
    comparable = row["jahr_alt"] is not None and row["richtung"] != "nicht vergleichbar"
    before = "–" if row["jahr_alt"] is None else f"{format_number(row['wert_alt'], row['stellen'])} ({row['jahr_alt']})"
    change = format_number(row["wert"] - row["wert_alt"], row["stellen"], sign=True) if comparable else "–"
    now = f"{format_number(row['wert'], row['stellen'])} ({row['jahr']})"
    word = DIRECTIONS.get(row["richtung"], row["richtung"])
    if row["wertung"]:
        word += f", {RATING_WORDS[row['wertung']]}"
    if row["sicherheit"] != UNCHECKED:
        word += f" ({row['sicherheit']})"
    said = RatedCell(word, row["wertung"]) if row["wertung"] else word
    return TableRow(f"{row['titel']}, {row['einheit']}", [before, now, change, said])


def _csv_row(row: Mapping[str, Any], district: Mapping[str, str]) -> dict[str, Any]:
    return {"gebiet": district["name"], "ags": district["ags"], "jahr": row["jahr"], "wert": row["wert"],
            "einheit": row["einheit"], "quelle": row["titel"]}  # fmt: skip


def _value(value: float | None, row: Mapping[str, Any]) -> str:
    return "kein Wert" if value is None else format_value(value, row["einheit"], row["stellen"])


def _resolution(row: Mapping[str, Any]) -> str:
    name = row["neu"].get("titel") or row["neu"].get("bezeichnung") or row["id"]
    before = row["alt"].get("status") or ("neu" if not row["alt"] else "")
    return f"- **Beschluss:** {escape(name)}: {escape(before)} → {escape(row['neu'].get('status', ''))}"


def _text_line(row: Mapping[str, Any]) -> str:
    count = f"{len(row['neu'])} Absätze neu oder geändert, {len(row['entfallen'])} entfallen oder ersetzt"
    quote = f" Neu: „{_shorten(row['neu'][0])}“" if row["neu"] else ""
    return f"- **{escape(row['art'])} „{escape(row['titel'])}“:** {count}.{escape(quote)}"


def _shorten(text: str) -> str:
    return text if len(text) <= QUOTED else text[:QUOTED].rsplit(" ", 1)[0] + " …"


def count_lines(comparison: Mapping[str, Any]) -> list[str]:
    """The result in a few lines for the terminal."""
    found = comparison
    visible = sum(row["sichtbar"] for row in found["revidiert"])
    return [
        f"Ausgabe {found['alt']['version']} → {found['neu']['version']}, {found['kreis']['name']}",
        f"  neue Jahre: {format_number(len(found['neue_jahre']), 0)} Indikatoren",
        f"  revidiert: {visible} sichtbare von {len(found['revidiert'])} geänderten Werten",
        f"  gewendet: {len(found['gewendet'])} Aussagen",
        f"  Kapitel: {len(found['kapitel_neu'])} neu, {len(found['kapitel_entfallen'])} entfallen",
        f"  Texte: {len(found['texte'])} geändert, Beschlüsse: {len(found['empfehlungen'])}",
    ]
