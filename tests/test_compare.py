"""Comparing editions: small invented snapshots with results worked out by hand, and the two real editions."""

from __future__ import annotations

import json

import pytest

from kreisbericht.changes import Changes, compare_snapshots
from kreisbericht.output import Printer
from tests.published_book import Publisher, publish_once


def snapshot(version: str, values: dict, *, texts: dict | None = None, chapters: tuple = ("kinderarmut",), **entry):
    """One edition with one indicator in the district 16065."""
    indicator = {
        "titel": "Kinderarmut", "kurz": "Kinderarmut", "artikel": "die", "einheit": "%", "stellen": 1, "polung": -1,
        "kapitel": ["kinderarmut"], "brueche": {}, "nachweis": "BBSR", "stand": "2024",
        "werte": {"16065": values, "16": {}, "00": {}},
    }  # fmt: skip
    return {
        "ausgabe": {"id": version[:4], "version": version, "berichtsjahr": int(version[:4]), "status": "entwurf",
                    "datenstand": "2026-09-30"},
        "kreis": {"ags": "16065", "name": "Kyffhäuserkreis"},
        "kapitel": {stem: {"titel": stem.capitalize(), "art": "daten", "teil": ""} for stem in chapters},
        "indikatoren": {"kinderarmut_u15": {**indicator, **entry}},
        "texte": texts or {}, "beschluesse": {},
    }  # fmt: skip


def test_a_new_year_is_compared_with_the_last_one_of_the_earlier_edition():
    old = snapshot("2021.1", {"2020": 14.0, "2021": 12.6})
    new = snapshot("2025.1", {"2020": 14.0, "2021": 12.6, "2022": 10.0})
    (row,) = compare_snapshots(old, new)["neue_jahre"]
    assert (row["jahr_alt"], row["wert_alt"], row["jahr"], row["wert"]) == (2021, 12.6, 2022, 10.0)
    # 2.6 of 12.6 is 21 %, more than the 3 % that count as stable; less child poverty is better
    assert (row["richtung"], row["wertung"], row["sicherheit"]) == ("sinkt", "guenstiger", "ungeprüft")


@pytest.mark.parametrize(
    ("cases", "safety", "direction"),
    [
        # z test with pooled share: 126/1000 against 100/1000 gives z = 1.84, below 1.96
        ((126, 100, 1_000), "zufällig möglich", "stabil"),
        # ten times as many children: z = 5.81
        ((1_260, 1_000, 10_000), "gesichert", "sinkt"),
    ],
)
def test_a_change_that_chance_explains_is_no_direction(cases, safety, direction):
    before, after, base = cases
    counts = {"zaehler": {"2021": before, "2022": after}, "nenner": {"2021": base, "2022": base}}
    old = snapshot("2021.1", {"2021": 12.6})
    new = snapshot("2025.1", {"2021": 12.6, "2022": 10.0}, **counts)
    (row,) = compare_snapshots(old, new)["neue_jahre"]
    assert (row["sicherheit"], row["richtung"]) == (safety, direction)


def test_nothing_is_compared_across_a_break():
    new = snapshot("2025.1", {"2021": 12.6, "2022": 10.0}, brueche={"2022": "Zensus 2022"})
    (row,) = compare_snapshots(snapshot("2021.1", {"2021": 12.6}), new)["neue_jahre"]
    assert (row["richtung"], row["sicherheit"], row["wertung"]) == ("nicht vergleichbar", "Bruch: Zensus 2022", "")


def test_a_revised_value_is_shown_old_and_new_and_is_no_new_year():
    found = compare_snapshots(snapshot("2021.1", {"2021": 12.6}), snapshot("2025.1", {"2021": 12.8}))
    (row,) = found["revidiert"]
    assert (row["alt"], row["neu"], row["sichtbar"]) == (12.6, 12.8, True)
    assert found["neue_jahre"] == []
    assert "bisher 12,6\u00a0%, jetzt 12,8\u00a0%" in Changes(found, Printer(None)).revised().text


def test_a_revision_the_reader_cannot_see_is_counted_but_not_printed():
    found = compare_snapshots(snapshot("2021.1", {"2021": 12.61}), snapshot("2025.1", {"2021": 12.64}))
    assert [row["sichtbar"] for row in found["revidiert"]] == [False]
    assert Changes(found, Printer(None)).revised().text == "Kein früher gedruckter Wert ist revidiert."


def test_a_trend_that_turned_is_told():
    rising = {"2016": 12.0, "2017": 12.2, "2018": 12.4, "2019": 12.6, "2020": 12.8, "2021": 13.0}
    old = snapshot("2021.1", rising)
    new = snapshot("2025.1", rising | {"2022": 11.5, "2023": 10.0, "2024": 8.5, "2025": 7.0})
    (row,) = compare_snapshots(old, new)["gewendet"]
    assert (row["art"], row["alt"], row["neu"]) == ("Entwicklung", "steigt", "sinkt")


def test_chapters_and_texts_that_came_went_or_changed_are_named():
    old = snapshot("2021.1", {}, chapters=("kinderarmut", "alt"), texts={"kinderarmut": ["Bleibt.", "Geht."]})
    new = snapshot("2025.1", {}, chapters=("kinderarmut", "neu"), texts={"kinderarmut": ["Bleibt.", "Kommt."]})
    found = compare_snapshots(old, new)
    assert [entry["id"] for entry in found["kapitel_neu"]] == ["neu"]
    assert [entry["id"] for entry in found["kapitel_entfallen"]] == ["alt"]
    (text,) = found["texte"]
    assert (text["art"], text["neu"], text["entfallen"]) == ("Einordnung", ["Kommt."], ["Geht."])


def test_a_resolution_that_changed_is_told():
    row = {"titel": "Kitaplätze ausbauen", "status": "vertagt"}
    old, new = snapshot("2021.1", {}), snapshot("2025.1", {})
    old["beschluesse"], new["beschluesse"] = {"B-1": row}, {"B-1": {**row, "status": "beschlossen"}}
    said = Changes(compare_snapshots(old, new), Printer(None)).contents().text
    assert said == "- **Beschluss:** Kitaplätze ausbauen: vertagt → beschlossen"


def test_the_first_edition_has_nothing_to_compare_with():
    changes = Changes(None, Printer(None))
    assert "erste Ausgabe" in changes.summary().text
    assert not changes.new_years() and not changes.turned() and not changes.contents()


def test_the_two_published_editions_are_compared_as_page_and_file(tmp_path_factory):
    published: Publisher = publish_once(tmp_path_factory)
    done = published.run("compare_editions.py", "2021", "2025.1", KREISBERICHT_SITE=str(published.site))
    assert done.returncode == 0, done.stderr
    folder = published.site / "16065" / "vergleich-2021.1-2025.1"
    found = json.loads((folder / "vergleich.json").read_text(encoding="utf-8"))
    rows = {row["indikator"]: row for row in found["neue_jahre"]}
    # BBSR, INKAR 2024: 12.6 % in 2021, 12.4 % in 2022
    row = rows["kinderarmut_u15"]
    assert [row["jahr_alt"], row["jahr"]] == [2021, 2022]
    assert [round(row["wert_alt"], 1), round(row["wert"], 1)] == [12.6, 12.4]
    assert "im Vergleich" in (folder / "index.html").read_text(encoding="utf-8")
