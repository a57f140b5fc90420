"""An import shows what changes, writes all or nothing, and keeps a record of what was revised."""

import subprocess
import sys
import time
from datetime import date

import pytest

from kreisbericht import store
from kreisbericht.deliveries import write
from kreisbericht.deliveries.importer import import_deliveries, load_log, load_revisions, plan_import
from kreisbericht.paths import ROOT
from tests.delivery_files import (
    GENESIS_INDICATORS,
    GENESIS_MAPPING,
    GENESIS_ROWS,
    build_package,
    ffcsv_text,
    genesis_text,
)

DAY = date(2026, 1, 15)


@pytest.fixture
def data(tmp_path, monkeypatch):
    folder = build_package(tmp_path / "data", GENESIS_MAPPING, GENESIS_INDICATORS)
    monkeypatch.setenv("KREISBERICHT_DATA", str(folder))
    return folder


def deliver(tmp_path, text, name="lieferung.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode("cp1252"))
    return import_deliveries([path], confirm=lambda plan: True, today=DAY)


def test_dash_is_zero_for_a_district_and_nothing_for_a_dissolved_one(tmp_path, data):
    deliver(tmp_path, genesis_text())
    table = store.load_values("arbeitslose_auslaender").set_index("ags")
    assert table.loc["16065", "wert"] == 0
    assert "16056" not in table.index  # Eisenach, since 1 July 2021 part of the Wartburgkreis
    assert table.loc["16065067", "zeichen"] == "."


def test_dashes_of_a_reformed_district_are_no_zero_even_while_it_existed(tmp_path, data):
    """Regionaldatenbank 73111-01-01-4 (Stand 19.04.2024) prints ``-`` for Eisenach in 2018 and 2019."""
    deliver(tmp_path, genesis_text([row.replace("2024;", "2018;", 1) for row in GENESIS_ROWS]))
    assert "16056" not in set(store.load_values("arbeitslose")["ags"])


def test_hamburg_is_land_and_district(tmp_path, data):
    deliver(tmp_path, genesis_text())
    assert store.cross_section("arbeitslose", 2024, ["02", "02000"]).tolist() == [90000, 90000]


def test_the_same_file_again_changes_nothing(tmp_path, data):
    deliver(tmp_path, genesis_text())
    before = {path: path.read_bytes() for path in data.rglob("*.csv")}
    plan, written = deliver(tmp_path, genesis_text())
    assert not written and plan.deliveries[0].known
    assert {path: path.read_bytes() for path in data.rglob("*.csv")} == before


def test_a_revision_is_recorded_with_old_new_and_delivery(tmp_path, data):
    deliver(tmp_path, genesis_text())
    newer = genesis_text([row.replace(";2900;-;", ";2950;.;") for row in GENESIS_ROWS], stand="01.06.2025")
    plan, _ = deliver(tmp_path, newer, "neu.csv")
    revisions = load_revisions()
    rows = revisions[["indikator", "ags", "jahr", "alt", "neu", "datum"]].to_numpy().tolist()
    assert rows == [
        ["arbeitslose", "16065", "2024", "2900", "2950", "2026-01-15"],
        ["arbeitslose_auslaender", "16065", "2024", "0", ".", "2026-01-15"],
    ]
    assert set(revisions["lieferung"]) == {plan.deliveries[0].id} <= set(load_log()["id"])
    assert store.series("arbeitslose", "16065").to_dict() == {2024: 2950}


def test_an_older_delivery_does_not_undo_a_newer_one(tmp_path, data):
    deliver(tmp_path, genesis_text(stand="01.06.2025"))
    plan, _ = deliver(tmp_path, genesis_text([row.replace("2900", "1111") for row in GENESIS_ROWS], stand="01.01.2025"))
    assert [len(change.older) for change in plan.deliveries[0].changes] == [1, 0, 0]
    assert store.series("arbeitslose", "16065").to_dict() == {2024: 2900}
    assert load_revisions().empty


def test_saying_no_leaves_everything_as_it_was(tmp_path, data):
    path = tmp_path / "lieferung.csv"
    path.write_bytes(genesis_text().encode("cp1252"))
    before = sorted(data.rglob("*"))
    _, written = import_deliveries([path], confirm=lambda plan: False)
    assert not written and sorted(data.rglob("*")) == before


def test_planning_writes_nothing(tmp_path, data):
    path = tmp_path / "lieferung.csv"
    path.write_bytes(genesis_text().encode("cp1252"))
    before = sorted(data.rglob("*"))
    plan = plan_import([path])
    assert {change.indicator: len(change.new) for change in plan.deliveries[0].changes} == {
        "arbeitslose": 7, "arbeitslose_auslaender": 7, "quote": 7,
    }  # fmt: skip
    assert sorted(data.rglob("*")) == before


@pytest.mark.parametrize(("moment", "finished"), [("before the journal", False), ("after one rename", True)])
def test_an_interrupted_import_is_undone_or_finished_at_the_next_start(tmp_path, data, monkeypatch, moment, finished):
    real, calls = write._finish, []

    def die(staging):
        if finished:
            staged = sorted(staging.glob("*.neu"))[0]
            target = data / "lieferungen.csv"
            staged.replace(target)
        else:
            (staging / "journal.json").unlink()
        calls.append(1)
        raise KeyboardInterrupt

    monkeypatch.setattr(write, "_finish", die)
    monkeypatch.setattr(write.shutil, "rmtree", lambda *args, **kwargs: None)  # a killed process tidies nothing
    with pytest.raises(KeyboardInterrupt):
        deliver(tmp_path, genesis_text())
    assert calls and not (data / "werte").exists()
    monkeypatch.undo()
    monkeypatch.setenv("KREISBERICHT_DATA", str(data))
    assert write._finish is real
    remark = write.recover_interrupted()
    assert ("zu Ende geführt" in remark) is finished
    assert (data / "werte/arbeit/arbeitslose.csv").exists() is finished
    assert (data / "lieferungen.csv").exists() is finished


def test_a_second_import_waits_its_turn(tmp_path, data):
    path = tmp_path / "lieferung.csv"
    path.write_bytes(genesis_text().encode("cp1252"))
    with write.locked(), pytest.raises(Exception, match="Ein anderer Import läuft"):
        import_deliveries([path], confirm=lambda plan: True)


def test_the_command_shows_what_changes_and_ends_with_a_message_not_a_traceback(tmp_path, data):
    good, bad = tmp_path / "gut.csv", tmp_path / "schlecht.csv"
    good.write_bytes(genesis_text().encode("cp1252"))
    bad.write_bytes(genesis_text(footer=False).encode("cp1252"))
    refused = run_command(bad, "--yes")
    assert refused.returncode == 3 and "Traceback" not in refused.stderr
    assert refused.stderr.startswith("Fehler: schlecht.csv: Zeile 14: Das Ende der Tabelle")
    declined = run_command(good, answer="n\n")
    assert "nichts verändert" in declined.stdout and not (data / "werte").exists()
    taken = run_command(good, "--yes")
    assert "GENESIS-Tabelle (CSV) 99999-01-01-4" in taken.stdout and "Stand 13.03.2025" in taken.stdout
    assert "1 aufgelöste oder umgebildete Gebiete" in taken.stdout and "geschriebene Dateien: 4" in taken.stdout
    assert "Nichts zu tun" in run_command(good).stdout


def run_command(path, *options, answer=""):
    command = [sys.executable, str(ROOT / "scripts" / "import_delivery.py"), str(path), *options]
    return subprocess.run(command, input=answer, capture_output=True, text=True, check=False)


def test_a_flat_file_of_four_megabytes_is_planned_in_under_three_seconds(tmp_path, monkeypatch):
    mapping = [{"familie": "ffcsv", "tabelle": "12411", "merkmal": "BEVSTD", "indikator": "einwohner"}]
    folder = build_package(tmp_path / "gross", mapping, [{"id": "einwohner"}])
    monkeypatch.setenv("KREISBERICHT_DATA", str(folder))
    path = tmp_path / "gross.csv"
    body = ffcsv_text([("16065", "", "72000")]).splitlines()
    rows = [body[1].replace("2024-12-31", f"{1990 + i % 30}-12-31").replace("GES;Geschlecht;", f"GES;Geschlecht;G{i}")
            for i in range(28_000)]  # fmt: skip
    path.write_text("\n".join([*body, *rows]) + "\n", encoding="utf-8")
    assert path.stat().st_size > 4_000_000
    begin = time.perf_counter()
    plan = plan_import([path])
    assert time.perf_counter() - begin < 3
    assert len(plan.deliveries[0].mapped.unmapped) == 28_000
