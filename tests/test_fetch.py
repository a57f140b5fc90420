"""Fetching is patient, polite and resumable; nothing half arrives in ``data/``, and the access is never shown."""

import hashlib
import json
import runpy
import sys
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import keyring
import pytest
import yaml
from keyring.backends.null import Keyring as NoKeyring

from kreisbericht import store
from kreisbericht.errors import ParameterError
from kreisbericht.fetch import archive
from kreisbericht.fetch.answers import FetchError
from kreisbericht.fetch.client import Client
from kreisbericht.fetch.plan import plan_tables
from kreisbericht.fetch.report import finish
from kreisbericht.fetch.run import fetch_figures
from kreisbericht.fetch.services import SERVICES, find_codes
from kreisbericht.fetch.token import find_credentials
from kreisbericht.fetch.transport import Manners
from kreisbericht.paths import ROOT
from tests.delivery_files import build_package
from tests.genesis_server import (
    NO_OBJECTS,
    NOT_ALLOWED,
    PASSWORD,
    SYSTEM_ERROR,
    TOKEN,
    TOO_LARGE,
    USER,
    GenesisServer,
    accept_job,
    broken_chunks,
    data,
    flat_file,
    half,
    http_error,
    packed,
    silence,
    status,
)

NOW = datetime(2026, 2, 10, 9, 30, tzinfo=UTC)
POPULATION, SCHOOLS = "12411-01-01-4", "21111-01-03-4"
ROWS = (("16065", 2023, "73135"), ("16065", 2024, "72300"), ("16063", 2024, "158000"))
MAPPING = [
    {"familie": "ffcsv", "tabelle": "12411", "merkmal": "BEVSTD", "indikator": "bevoelkerung", "einheit": "Anzahl"},
    {"familie": "ffcsv", "tabelle": "21111", "merkmal": "BIL003", "indikator": "schueler", "einheit": "Anzahl"},
]
INDICATORS = [
    {"id": "bevoelkerung", "thema": "bevoelkerung", "tabelle": POPULATION, "periodizitaet": "jährlich"},
    {"id": "schueler", "thema": "bildung", "tabelle": SCHOOLS, "periodizitaet": "jährlich"},
]


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now, self.pauses = 0.0, []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def server(tmp_path, monkeypatch):
    build_package(tmp_path / "data", MAPPING, INDICATORS)
    monkeypatch.setenv("KREISBERICHT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KREISBERICHT_TOKEN_REGIONALDATENBANK", TOKEN)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    with GenesisServer() as running:
        monkeypatch.setenv("KREISBERICHT_URL_REGIONALDATENBANK", running.url)
        running.tables = {POPULATION: [data(flat_file(*ROWS))], SCHOOLS: [data(schools())]}
        yield running
    keyring.set_keyring(before)


def schools():
    return flat_file(("16065", 2024, "7000"), statistic="21111", variable="BIL003")


class Run:
    """One run with a clock of its own; ``lines`` is what was said."""

    def __init__(self, *tables, yes=True, now=NOW, manners=None, plan=None):
        self.clock, self.lines = Clock(), []
        manners = manners or Manners(pace=0, timeout=5)
        plan = plan or plan_tables(tables=tables or (POPULATION,), today=now.date())
        self.outcome = fetch_figures(
            plan, confirm=lambda changes: yes, say=self.lines.append, now=now,
            connect=lambda service, say: self.connect(service, manners),
        )  # fmt: skip

    def connect(self, service, manners):
        client = Client(
            service, find_credentials(service), manners=manners, say=self.lines.append, sleep=self.clock.sleep,
            clock=self.clock,
        )  # fmt: skip
        client.check_access()
        return client

    @property
    def failure(self):
        return "\n".join(self.outcome.failures)


def stored_files():
    return sorted(path for path in archive.archive_dir().rglob("*") if path.suffix in (".csv", ".zip"))


def data_is_untouched():
    return not (archive.data_dir() / "werte").exists() and not (archive.data_dir() / "lieferungen.csv").exists()


def test_a_fetched_table_is_kept_as_it_came_and_then_imported(server):
    run = Run()
    assert run.outcome.written and not run.outcome.failures
    assert store.series("bevoelkerung", "16065").to_dict() == {2023: 73135, 2024: 72300}
    (path,) = stored_files()
    assert path.read_bytes() == flat_file(*ROWS)
    record = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert record["sha256"] == hashlib.sha256(flat_file(*ROWS)).hexdigest()
    assert record["abrufdatum"].startswith("2026-02-10T09:30") and record["tabelle"] == POPULATION


def test_the_request_is_a_post_with_the_token_in_the_header_and_nowhere_else(server):
    run = Run()
    assert {access for _, _, access in server.calls} == {(TOKEN, "")}
    (fields,) = server.asked("data/tablefile")
    assert fields["name"] == POPULATION and fields["format"] == "ffcsv" and fields["job"] == "false"
    assert fields["startyear"] == "2008" and fields["language"] == "de" and TOKEN not in str(fields)
    kept = "".join(path.read_text(encoding="utf-8") for path in archive.archive_dir().rglob("*.json"))
    assert TOKEN not in kept + "".join(run.lines) + repr(find_credentials(SERVICES["regionaldatenbank"]))


def test_a_zipped_answer_gives_the_same_values(server):
    server.tables[POPULATION] = [data(packed(flat_file(*ROWS)), "application/zip")]
    Run()
    assert store.cross_section("bevoelkerung", 2024, ["16065", "16063"]).tolist() == [72300, 158000]


@pytest.mark.parametrize("content", [flat_file(*ROWS), packed(flat_file(*ROWS))])
def test_a_half_answer_is_asked_for_again(server, content):
    server.tables[POPULATION] = [half(content), data(content)]
    run = Run()
    assert run.outcome.written and [path.read_bytes() for path in stored_files()] == [content]
    assert "unvollständig" in "".join(run.lines)


def test_an_answer_that_ends_after_a_whole_row_is_still_half(server):
    server.tables[POPULATION] = [half(flat_file(*ROWS), kept=flat_file(*ROWS[:1])), data(flat_file(*ROWS))]
    Run()
    assert store.series("bevoelkerung", "16065").to_dict() == {2023: 73135, 2024: 72300}


@pytest.mark.parametrize("content", [packed(flat_file(*ROWS))[:-40], flat_file(*ROWS)[:-30]])
def test_an_answer_cut_off_without_notice_never_counts(server, content):
    server.tables[POPULATION] = [data(content)]
    run = Run()
    assert "unvollständig" in run.failure and "nichts verändert" in run.failure
    assert not stored_files() and data_is_untouched()


def test_a_connection_that_breaks_between_chunks_is_a_half_answer(server):
    server.tables[POPULATION] = [broken_chunks(flat_file(*ROWS)), data(flat_file(*ROWS))]
    run = Run()
    assert "Antwort bricht ab" in "".join(run.lines) and run.outcome.written


def test_an_answer_that_drips_without_end_is_given_up(server):
    run = Run(manners=Manners(pace=0, whole=-1, attempts=2))
    assert "noch nicht vollständig" in run.failure and not stored_files()


def test_a_silent_server_is_left_after_the_wait_and_said_to_be_out_of_reach(server):
    server.tables[POPULATION] = [silence(3)]
    run = Run(manners=Manners(pace=0, timeout=0.4, attempts=2))
    assert "keine Antwort in der Wartezeit, 2 Versuche" in run.failure and data_is_untouched()


def test_no_server_at_all_is_a_message(server, monkeypatch):
    monkeypatch.setenv("KREISBERICHT_URL_REGIONALDATENBANK", "http://127.0.0.1:9/rest/2020/")
    assert "nicht zu erreichen" in Run(manners=Manners(pace=0, attempts=2)).failure


def test_pauses_double_and_differ_at_random(server):
    server.tables[POPULATION] = [http_error(503), http_error(502), SYSTEM_ERROR, data(flat_file(*ROWS))]
    pauses = Run().clock.pauses
    assert [low <= pause <= low * 1.5 for low, pause in zip((2, 4, 8), pauses, strict=True)] == [True] * 3


def test_the_server_names_the_pause(server):
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    server.tables[POPULATION] = [
        http_error(429, Retry_After="7"), http_error(503, Retry_After=later), data(flat_file(*ROWS)),
    ]  # fmt: skip
    run = Run()
    assert run.clock.pauses[0] == 7 and 80 <= run.clock.pauses[1] <= 90 and run.outcome.written


def test_a_long_pause_ends_the_run_for_this_database(server):
    server.tables[POPULATION] = [http_error(503, Retry_After="7200")]
    run = Run(POPULATION, SCHOOLS)
    assert "120 Minuten Pause" in run.failure and len(server.asked("data/tablefile")) == 1
    assert not run.clock.pauses


def test_a_maintenance_page_is_no_table(server):
    server.tables[POPULATION] = [data(b"<!DOCTYPE html><title>Wartung</title>", "text/html"), data(flat_file(*ROWS))]
    run = Run()
    assert "Wartungsseite" in "".join(run.lines) and run.outcome.written


def test_requests_keep_their_distance(server):
    run = Run(POPULATION, SCHOOLS, manners=Manners(pace=3))
    assert run.clock.pauses == [3, 3]  # login, then two tables


def test_a_wrong_token_stops_before_any_table(server, monkeypatch):
    monkeypatch.setenv("KREISBERICHT_TOKEN_REGIONALDATENBANK", "veraltet123")
    run = Run(POPULATION, SCHOOLS)
    assert "Zugang wird nicht angenommen" in run.failure and "veraltet123" not in run.failure
    assert len(server.calls) == 1 and len(run.outcome.failures) == 1


def test_an_access_refused_later_stops_this_database(server):
    server.tables[POPULATION] = [NOT_ALLOWED]
    run = Run(POPULATION, SCHOOLS)
    assert "Zugang wird nicht angenommen" in run.failure and len(server.asked("data/tablefile")) == 1


def test_an_unknown_table_does_not_stop_the_others(server):
    server.tables[POPULATION] = [status(90, "Die angeforderte Tabelle ist nicht vorhanden")]
    run = Run(POPULATION, SCHOOLS)
    assert f"Tabelle {POPULATION}: Diese Tabelle gibt es dort nicht" in run.failure
    assert store.series("schueler", "16065").to_dict() == {2024: 7000}
    with pytest.raises(FetchError, match="Alles andere ist übernommen. Ein neuer Aufruf holt nur, was fehlt") as told:
        finish(run.outcome, run.lines.append)
    assert "nichts verändert" not in str(told.value)


def test_no_objects_may_mean_no_table_or_no_years(server):
    server.tables[POPULATION] = [NO_OBJECTS]
    assert "gibt es dort nicht, oder sie hat im gewählten Zeitraum keine Werte" in Run().failure


def test_another_error_is_told_without_the_token(server):
    server.tables[POPULATION] = [status(77, f"Unbekannter Parameter für {TOKEN}", "Fehler")]
    failure = Run().failure
    assert "Unbekannter Parameter für ***" in failure and TOKEN not in failure


@pytest.fixture
def user(monkeypatch):
    monkeypatch.setenv("KREISBERICHT_KENNUNG_REGIONALDATENBANK", USER)
    monkeypatch.setenv("KREISBERICHT_PASSWORT_REGIONALDATENBANK", PASSWORD)


JOB = f"{POPULATION}_175879554"


def test_a_large_table_is_ordered_and_collected_when_ready(server, user):
    server.tables[POPULATION] = [TOO_LARGE, accept_job(JOB)]
    server.jobs[JOB] = [3, "Aktiv", packed(flat_file(*ROWS))]
    run = Run()
    assert run.outcome.written and run.clock.pauses == [5, 7.5, 11.25]
    assert [fields["job"] for fields in server.asked("data/tablefile")] == ["false", "true"]
    assert [access for name, fields, access in server.calls if fields.get("job") == "true"] == [(USER, PASSWORD)]
    assert server.asked("data/resultfile")[0]["name"] == JOB


def test_a_job_that_takes_too_long_is_collected_by_the_next_run(server, user):
    server.tables[POPULATION] = [TOO_LARGE, accept_job(JOB)]
    server.jobs[JOB] = [99, "Aktiv", packed(flat_file(*ROWS))]
    run = Run(manners=Manners(pace=0, job_limit=60))
    assert "noch nicht fertig" in run.failure and sum(run.clock.pauses) <= 60
    server.jobs[JOB][0] = 0
    orders = len(server.asked("data/tablefile"))
    assert Run().outcome.written and len(server.asked("data/tablefile")) == orders


def test_a_failed_job_is_told_and_ordered_anew_next_time(server, user):
    server.tables[POPULATION] = [TOO_LARGE, accept_job(JOB), TOO_LARGE, accept_job(JOB)]
    server.jobs[JOB] = [1, "Fehler", b""]
    assert f"Der Auftrag {JOB} ist gescheitert" in Run().failure and data_is_untouched()
    server.jobs[JOB] = [0, "Fertig", packed(flat_file(*ROWS))]
    assert Run().outcome.written


def test_with_a_token_alone_a_large_table_comes_year_by_year(server):
    def answer(handler, fields):
        year = int(fields["startyear"])
        rows = [row for row in ROWS if row[1] == year]
        whole = TOO_LARGE if fields["endyear"] == "" else NO_OBJECTS
        (data(flat_file(*rows)) if rows and fields["endyear"] else whole)(handler, fields)

    server.tables[POPULATION] = [answer]
    plan = plan_tables(tables=[POPULATION], since=2022, today=NOW.date())
    run = Run(plan=plan)
    assert run.outcome.written and len(stored_files()) == 2
    assert store.series("bevoelkerung", "16065").to_dict() == {2023: 73135, 2024: 72300}


def test_a_year_too_large_asks_for_user_and_password(server):
    server.tables[POPULATION] = [TOO_LARGE]
    assert "KREISBERICHT_KENNUNG_REGIONALDATENBANK" in Run().failure


def test_an_interrupted_run_goes_on_with_what_is_missing(server):
    def interrupt(line):
        if "[2/2]" in line:
            raise KeyboardInterrupt

    plan = plan_tables(tables=[POPULATION, SCHOOLS], today=NOW.date())
    with pytest.raises(KeyboardInterrupt):
        fetch_figures(
            plan, confirm=lambda changes: True, say=interrupt, now=NOW,
            connect=lambda service, say: Client(service, find_credentials(service), manners=Manners(pace=0)),
        )  # fmt: skip
    assert data_is_untouched()
    Run(POPULATION, SCHOOLS)
    assert [fields["name"] for fields in server.asked("data/tablefile")] == [POPULATION, SCHOOLS]
    assert store.series("bevoelkerung", "16065").to_dict() == {2023: 73135, 2024: 72300}


def test_a_stored_answer_that_was_changed_is_fetched_again(server):
    Run(yes=False)
    (path,) = stored_files()
    path.write_bytes(path.read_bytes()[:100])
    Run()
    assert len(server.asked("data/tablefile")) == 2 and path.read_bytes() == flat_file(*ROWS)


def test_refusing_the_import_changes_nothing_and_keeps_the_answer(server):
    assert not Run(yes=False).outcome.written and data_is_untouched()
    run = Run()
    assert run.outcome.written and len(server.asked("data/tablefile")) == 1
    assert "bereits abgerufen am 10.02.2026" in "".join(run.lines)


def test_after_an_import_only_something_newer_is_asked_for(server):
    Run()
    assert plan_tables(today=date(2026, 2, 20)).skipped == [(POPULATION, "zuletzt geprüft am 10.02.2026")]
    plan = plan_tables(today=date(2026, 3, 15))
    server.tables[POPULATION] = [status(50, "Keine aktualisierten Daten vorhanden.")]
    run = Run(plan=plan, now=datetime(2026, 3, 15, tzinfo=UTC))
    asked = server.asked("data/tablefile")[-2]
    assert asked["name"] == POPULATION and asked["stand"] == "10.02.2026" and asked["startyear"] == "2022"
    assert run.outcome.unchanged == [POPULATION] and not run.outcome.failures
    assert (POPULATION, "zuletzt geprüft am 15.03.2026") in plan_tables(today=date(2026, 3, 20)).skipped


def test_a_table_without_mapping_says_which_row_is_missing_and_the_rest_is_imported(server):
    server.tables["12612-01-01-4"] = [data(flat_file(("16065", 2024, "400"), statistic="12612", variable="BEV001"))]
    run = Run("12612-01-01-4", POPULATION)
    assert "ffcsv,12612,BEV001,HIER_INDIKATOR,Anzahl" in run.failure and str(archive.archive_dir()) in run.failure
    assert run.outcome.written and store.latest_year("bevoelkerung", "16065") == 2024


@pytest.mark.parametrize("code", [302, 307])
def test_a_redirect_is_not_followed_with_the_access(server, code):
    with GenesisServer() as other:
        server.tables[POPULATION] = [http_error(code, Location=other.url + "data/tablefile?username=x")]
        failure = Run().failure
        assert "umgezogen" in failure and other.url.rstrip("/") in failure and not other.calls


def test_an_address_without_encryption_is_refused(server, monkeypatch):
    monkeypatch.setenv("KREISBERICHT_URL_REGIONALDATENBANK", "http://www.regionalstatistik.de/rest/2020/")
    assert "unverschlüsselt" in Run().failure


def test_without_access_the_message_says_where_to_get_one_and_how_to_set_it(server, monkeypatch):
    monkeypatch.delenv("KREISBERICHT_TOKEN_REGIONALDATENBANK")
    failure = Run().failure
    for part in ("regionalstatistik.de", "keyring set kreisbericht regionaldatenbank", "nichts verändert",
                 "export KREISBERICHT_TOKEN_REGIONALDATENBANK="):  # fmt: skip
        assert part in failure
    assert not server.calls


def test_a_token_with_a_line_break_is_refused_without_showing_it(server, monkeypatch):
    monkeypatch.setenv("KREISBERICHT_TOKEN_REGIONALDATENBANK", "abc\ndef")
    with pytest.raises(ParameterError, match="Zeilenumbrüche") as error:
        find_credentials(SERVICES["regionaldatenbank"])
    assert "abc" not in str(error.value)


def test_the_token_may_lie_in_the_key_store(server, monkeypatch):
    class Store(NoKeyring):
        def get_password(self, service, username):
            return TOKEN if (service, username) == ("kreisbericht", "regionaldatenbank") else None

    monkeypatch.delenv("KREISBERICHT_TOKEN_REGIONALDATENBANK")
    keyring.set_keyring(Store())
    assert Run().outcome.written


def test_the_catalogue_names_its_tables_and_their_databases():
    assert find_codes("12411-0018; 12411-02-03-4; VG250-EW") == ["12411-0018", "12411-02-03-4"]
    with pytest.raises(ParameterError, match="kein Tabellencode"):
        plan_tables(tables=["12411"])
    with pytest.raises(ParameterError, match="--seit 3000"):
        plan_tables(since=3000)


def test_a_dry_run_asks_nobody(server, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["fetch_figures.py", "--trocken"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "scripts" / "fetch_figures.py"), run_name="__main__")
    text = capsys.readouterr().out
    assert ended.value.code == 0 and not server.calls and TOKEN not in text
    assert "Fällig: 2 Tabellen." in text and "Zugang Regionaldatenbank Deutschland: hinterlegt" in text


def test_the_monthly_workflow_keeps_secrets_and_inputs_out_of_its_commands():
    text = (ROOT / ".github" / "workflows" / "zahlen-aktualisieren.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    steps = workflow["jobs"]["zahlen"]["steps"]
    commands = "\n".join(step.get("run", "") for step in steps)
    assert "${{" not in commands
    for script in ("set_up.py", "fetch_figures.py", "check_data.py"):
        assert f"scripts/{script}" in commands
    names = {name for step in steps for name in step.get("env", {}) if name.startswith("KREISBERICHT_")}
    kinds = ("TOKEN", "KENNUNG", "PASSWORT")
    assert names == {service.variable(kind) for service in SERVICES.values() for kind in kinds}
    assert all(step["uses"].rpartition("@v")[2].isdigit() for step in steps if "uses" in step)
