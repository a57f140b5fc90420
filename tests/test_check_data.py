"""The data check finds what is wrong, tolerates what publishers do on purpose, and says where."""

import time

import pytest

from kreisbericht.check.data import accept_coverage, check_data, render_quality, select
from kreisbericht.deliveries.importer import import_deliveries
from kreisbericht.deliveries.template_workbooks import build_catalogue
from tests.delivery_files import GENESIS_INDICATORS, GENESIS_MAPPING, GENESIS_ROWS, build_package, genesis_text

GOOD = """ags,jahr,wert,zeichen
16,2023,200,
16,2024,210,
16063,2023,120,
16063,2024,,.
16065,2023,80,
16065,2024,85,
"""


@pytest.fixture
def data(tmp_path, monkeypatch):
    folder = build_package(tmp_path / "data", GENESIS_MAPPING, GENESIS_INDICATORS)
    monkeypatch.setenv("KREISBERICHT_DATA", str(folder))
    for name in ("arbeitslose", "arbeitslose_auslaender"):
        write(folder, GOOD, name)
    write(folder, "ags,jahr,wert,zeichen\n16065,2023,8.0,\n16065,2024,8.2,\n", "quote")
    return folder


def write(folder, text, name="arbeitslose"):
    path = folder / "werte" / "arbeit" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def errors(check):
    return [finding for finding in check_data().findings if finding.severity == "fehler" and finding.check == check]


def test_good_data_have_no_error(data):
    quality = check_data()
    assert select(quality.findings, "fehler") == [] and not quality.failed
    assert (quality.indicators, quality.values) == (3, 14)


@pytest.mark.parametrize(
    ("row", "check", "words"),
    [
        ("16067,2024,5,", "Schlüssel", "16067"),
        ("1606,2024,5,", "Schlüssel", "keine amtlichen Schlüssel"),
        ("16065,2024,85,", "Schlüssel", "doppelte Schlüssel: 16065 2024"),
        ("16065,2022,-4,", "Wertebereich", "16065 2022 (-4"),
        ("16065,2022,3,.", "Aufbau", "Zahl und Zeichen"),
        ("16065,2022,,", "Aufbau", "Zahl und Zeichen"),
        ("16065,2022,,?", "Aufbau", "unbekannte Zeichen: ?"),
        ("16065,2999,85,", "Schlüssel", "2999"),
    ],
)
def test_a_broken_row_is_an_error_with_its_key(data, row, check, words):
    write(data, GOOD + row + "\n")
    found = errors(check)
    assert any(words in finding.text and finding.where == "arbeitslose" for finding in found), found


def test_findings_that_are_kept_follow_every_value_rule_and_register(data, monkeypatch, tmp_path):
    monkeypatch.setenv("KREISBERICHT_BUILD", str(tmp_path / "bau"))
    assert check_data() == check_data()
    write(data, GOOD + "16065,2025,-4,\n")
    assert [finding.where for finding in errors("Wertebereich")] == ["arbeitslose"]
    (data / "pruefregeln.csv").write_text("indikator,minimum,maximum,spruenge\narbeitslose,-10,,\n", encoding="utf-8")
    assert errors("Wertebereich") == []
    register = data / "gebiete.csv"
    lines = [line for line in register.read_text("utf-8").splitlines(keepends=True) if not line.startswith("16063")]
    register.write_text("".join(lines), encoding="utf-8")
    assert {finding.where for finding in errors("Schlüssel")} == {"arbeitslose", "arbeitslose_auslaender"}
    write(data, GOOD.replace("16063", "16065").replace("80", "70"))
    assert "doppelte Schlüssel" in " ".join(finding.text for finding in errors("Schlüssel"))


def test_a_share_over_100_is_an_error_unless_a_rule_explains_it(data):
    write(data, "ags,jahr,wert,zeichen\n16065,2024,104.2,\n", "quote")
    assert errors("Wertebereich")
    rule = "indikator,minimum,maximum,spruenge,begruendung\nquote,0,115,,Kinder aus anderen Orten\n"
    (data / "pruefregeln.csv").write_text(rule, encoding="utf-8")
    assert not errors("Wertebereich")


def test_districts_must_add_up_to_the_land_but_rounding_is_tolerated(data):
    full = "ags,jahr,wert,zeichen\n16,2023,{},\n16063,2023,120,\n16065,2023,80,\n"
    write(data, full.format(200))
    assert not sums()
    write(data, full.format(203))
    assert sums() == ["In einem von 1 Fällen ergeben die Kreise nicht das Land: 16 2023 (-3)."]


def sums():
    return [finding.text for finding in check_data().findings if finding.check == "Summe"]


def test_parts_must_add_up_to_their_total(data):
    (data / "pruefsummen.csv").write_text(
        "summe,teile,toleranz,begruendung\narbeitslose,arbeitslose_auslaender|quote,0,Probe\n", encoding="utf-8"
    )
    assert any("Summen aus 2 Teilen weichen ab: 16065 2023 (+8)" in text for text in sums())


def test_a_jump_to_the_fourfold_wants_a_look_but_not_at_a_break(data):
    write(data, "ags,jahr,wert,zeichen\n16065,2023,80,\n16065,2024,800,\n")
    assert any(f.check == "Größenordnung" and "16065 2024" in f.text for f in check_data().findings)
    breaks = "indikator,jahr,ereignis,ags,erklaerung\narbeitslose,2024,Neue Abgrenzung,,x\n"
    (data / "brueche.csv").write_text(breaks, encoding="utf-8")
    assert not any(f.check == "Größenordnung" for f in check_data().findings)


def test_coverage_must_not_shrink(data):
    accept_coverage()
    assert not errors("Abdeckung")
    write(data, GOOD.replace("16065,2024,85,\n", ""))
    assert [finding.text for finding in errors("Abdeckung")] == ["geschrumpft: werte 6 → 5."]


def test_a_missing_file_and_a_missing_licence_are_errors(data):
    (data / "werte/arbeit/quote.csv").unlink()
    build_package(data, GENESIS_MAPPING, [*GENESIS_INDICATORS[:2], {"id": "quote", "lizenz": "", "nachweis": ""}])
    assert [finding.where for finding in errors("Aufbau")] == ["quote"]
    assert [finding.text for finding in errors("Quelle")] == ["Im Katalog fehlt: lizenz, nachweis."]


def test_invented_figures_among_real_ones_are_an_error(data):
    write(data, GOOD + "99999,2024,5,\n")
    assert [finding.text for finding in errors("Musterdaten")] == ["Musterdaten stehen bei echten Zahlen."]


CORRECTION = (
    "indikator,ags,jahr,falsch,richtig,grund,beleg,status,datum\narbeitslose,16065,2024,{},{},{},Brief,aktiv,x\n"
)


def deliver(tmp_path, rows, stand):
    path = tmp_path / f"{stand}.csv"
    path.write_bytes(genesis_text(rows, stand=stand).encode("cp1252"))
    import_deliveries([path], confirm=lambda plan: True)


def test_a_correction_holds_until_the_source_is_mended_and_then_fails_the_check(data, tmp_path):
    (data / "korrekturen.csv").write_text(CORRECTION.format("2900", "2890", "Zahlendreher"), encoding="utf-8")
    deliver(tmp_path, GENESIS_ROWS, "01.03.2025")
    assert "16065,2024,2890," in (data / "werte/arbeit/arbeitslose.csv").read_text()
    assert not errors("Korrektur")
    deliver(tmp_path, [row.replace(";2900;", ";2889;") for row in GENESIS_ROWS], "01.06.2025")
    assert "16065,2024,2889," in (data / "werte/arbeit/arbeitslose.csv").read_text()
    assert "Die Quelle hat den Wert inzwischen geändert" in errors("Korrektur")[0].text


def test_a_correction_needs_a_reason_and_its_value_on_disk(data):
    (data / "korrekturen.csv").write_text(CORRECTION.format("84", "85", ""), encoding="utf-8")
    assert "Grund, Beleg und Datum" in errors("Korrektur")[0].text
    (data / "korrekturen.csv").write_text(CORRECTION.format("85", "84", "Zahlendreher"), encoding="utf-8")
    assert "In den Daten steht '85' statt '84'" in errors("Korrektur")[0].text


def test_the_chapter_names_every_check_and_finding(data):
    write(data, GOOD + "16065,2022,-4,\n")
    text = render_quality(check_data())
    assert text.startswith("# Datenqualität {#sec-datenqualitaet}")
    assert "| Wertebereich |" in text and "{#tbl-datenqualitaet}" in text
    assert "- **Wertebereich**, `arbeitslose`:" in text


def test_own_figures_go_through_the_same_checks(data):
    (data / "eigene/vorlagen").mkdir(parents=True)
    (data / "eigene/vorlagen/indikatoren.csv").write_text(build_catalogue(), encoding="utf-8")
    (data / "eigene/werte").mkdir()
    path = data / "eigene/werte/eigene_kita_plaetze_u3.csv"
    path.write_text("ags,jahr,wert,zeichen\n16065,2024,-5,\n", encoding="utf-8")
    assert [finding.where for finding in errors("Wertebereich")] == ["eigene_kita_plaetze_u3"]
    path.rename(path.with_name("eigene_unbekannt.csv"))
    assert "fehlt die Katalogzeile" in errors("Aufbau")[0].text


def test_the_committed_data_have_no_error_and_are_checked_in_ten_seconds(monkeypatch):
    monkeypatch.delenv("KREISBERICHT_DATA", raising=False)
    begin = time.process_time()
    quality = check_data()
    assert select(quality.findings, "fehler") == []
    assert time.process_time() - begin < 10
