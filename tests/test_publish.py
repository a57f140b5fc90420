"""Publishing: immutable versions, one rename, and no moment at which an edition is lost."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from kreisbericht.manifest import hash_folder, read_sums
from tests.published_book import Publisher, copy_before_2025, find_damage, publish_once

LONG = bool(os.environ.get("KREISBERICHT_LANG"))
KILLS_QUICK, KILLS_WHOLE = (50, 50) if LONG else (8, 2)  # moments of placing, moments of a whole run


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Publisher:
    return publish_once(tmp_path_factory)


@pytest.fixture
def before(published, tmp_path) -> Publisher:
    """2021 is published, 2025 is not."""
    return copy_before_2025(published, tmp_path / "projekt")


def test_a_published_version_has_book_data_checksums_and_manifest(published):
    folder = published.site / "16065" / "2025.1"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names >= {"index.html", "SHA256SUMS", "manifest.json", "stand.json", "datacite.json", "zenodo.json",
                     "dcat-ap.jsonld", "daten/werte.csv", "daten/kinderarmut.xlsx"}  # fmt: skip
    assert list(folder.glob("*.pdf"))
    assert hash_folder(folder) == read_sums(folder)


def test_the_checksums_are_those_of_the_usual_tool(published):
    folder = published.site / "16065" / "2025.1"
    line = next(line for line in (folder / "SHA256SUMS").read_text().splitlines() if line.endswith("  index.html"))
    assert line.split()[0] == hashlib.sha256((folder / "index.html").read_bytes()).hexdigest()


def test_the_address_of_an_edition_shows_its_version(published):
    district = published.site / "16065"
    assert (district / "2025" / "index.html").read_bytes() == (district / "2025.1" / "index.html").read_bytes()
    listed = json.loads((published.site / "editions.json").read_text(encoding="utf-8"))
    assert [entry["ordner"] for entry in listed] == ["2025.1", "2021.1"]


def test_every_figure_and_number_is_traced_to_an_indicator_and_its_file(published):
    manifest = json.loads((published.site / "16065" / "2021.1" / "manifest.json").read_text(encoding="utf-8"))
    cells = {cell["aufruf"]: cell for cell in manifest["herkunft"]}
    trend = cells['chapter.trend("kinderarmut_u15")']
    assert trend["abbildungen_tabellen"] == ["fig-kinderarmut-u15-trend"]
    assert trend["indikatoren"] == ["kinderarmut_u15"]
    assert "12,6\u00a0%" in trend["zahlen"]  # 2021, BBSR, INKAR 2024
    file = manifest["indikatoren"]["kinderarmut_u15"]["datei"]
    assert manifest["eingaben"][file] == hashlib.sha256((published.root / file).read_bytes()).hexdigest()
    assert all(cell["indikatoren"] for cell in manifest["herkunft"] if cell["abbildungen_tabellen"])


def test_the_manifest_names_commit_packages_and_parameters(published):
    manifest = json.loads((published.site / "16065" / "2021.1" / "manifest.json").read_text(encoding="utf-8"))
    head = subprocess.run(["git", "-C", str(published.root), "rev-parse", "HEAD"], capture_output=True, text=True,
                          check=True)  # fmt: skip
    assert manifest["quelle"]["commit"] == head.stdout.strip()
    assert manifest["parameter"]["berichtsjahr"] == 2021
    assert {"pandas", "typst", "papermill"} <= set(manifest["umgebung"]["pakete"])
    assert str(published.root) not in json.dumps(manifest)


def test_the_archive_holds_the_whole_edition(published):
    (file,) = (published.site / "16065" / "2025.1" / "archiv").glob("*.zip")
    with zipfile.ZipFile(file) as zipped:
        names = {name.partition("/")[2] for name in zipped.namelist()}
        assert zipped.testzip() is None
    assert names >= {"16065/2025.1/index.html", "16065/2025.1/manifest.json", "16065/2025.1/daten/werte.csv",
                     "16065/2025.1/SHA256SUMS", "16065/editions.js"}  # fmt: skip


def test_metadata_for_archives_name_title_version_and_licence(published):
    folder = published.site / "16065" / "2025.1"
    datacite, dcat = (json.loads((folder / n).read_text(encoding="utf-8")) for n in ("datacite.json", "dcat-ap.jsonld"))
    assert datacite["titles"][0]["title"] == "Sozialbericht Kyffhäuserkreis"
    assert (datacite["version"], datacite["language"]) == ("2025.1", "de")
    assert [entry["rightsIdentifier"] for entry in datacite["rightsList"]] == ["dl-de/by-2-0"]
    assert dcat["dcatde:politicalGeocodingURI"]["@id"].endswith("/districtKey/16065")
    assert dcat["dcat:distribution"][0]["dct:license"]["@id"] == "http://dcat-ap.de/def/licenses/dl-by-de/2.0"


def test_the_same_version_is_not_published_twice(before):
    assert before.quick("2025")[0] == 0
    saved = before.fingerprint()
    code, _, said = before.quick("2025")
    assert code == 2 and "schon veröffentlicht" in said and "2025.2" in said and "errata.csv" in said
    assert before.fingerprint() == saved


def test_a_draft_never_takes_the_place_of_a_published_edition(before):
    assert before.quick("2025")[0] == 0
    saved = hash_folder(before.site / "16065" / "2025")
    done = before.render("--edition", "2025", "--format", "html")
    assert done.returncode == 0, done.stderr
    assert "2025-entwurf" in done.stdout
    assert hash_folder(before.site / "16065" / "2025") == hash_folder(before.site / "16065" / "2025.1") == saved
    listed = json.loads((before.site / "editions.json").read_text(encoding="utf-8"))
    assert [entry["ordner"] for entry in listed] == ["2025.1", "2021.1"]


def test_a_correction_needs_an_entry_and_leaves_the_first_version(before):
    assert before.quick("2025")[0] == 0
    saved = hash_folder(before.site / "16065" / "2025.1")
    before.edit("_quarto-2025.yml", 'version: "2025.1"', 'version: "2025.2"')
    code, _, said = before.quick("2025")
    assert code == 2 and "errata.csv" in said
    data = before.root / "data"
    own = before.root / "eigene-daten"
    own.mkdir()
    for path in data.resolve().iterdir():
        (own / path.name).symlink_to(path)
    (own / "errata.csv").unlink()
    head = (data / "errata.csv").read_text(encoding="utf-8").splitlines()[0]
    (own / "errata.csv").write_text(f"{head}\n2025,2025.2,2026-12-01,,kinderarmut,Satz 1,a,b,Tippfehler\n", "utf-8")
    code, _, said = before.quick("2025", KREISBERICHT_DATA=str(own))
    assert code == 0, said
    assert hash_folder(before.site / "16065" / "2025.1") == saved
    assert json.loads((before.site / "16065/2025/manifest.json").read_text())["format"] == 1
    assert find_damage(before.site) == []


def test_two_publishers_at_once_end_with_one_edition_and_one_message(before):
    first = before.start_quick("2025", "warten")
    assert first.stdout.readline() == "los\n"
    time.sleep(1.5)
    code, _, said = before.quick("2025")
    _, first_said = first.communicate(timeout=300)
    assert first.returncode == 0, first_said
    assert code == 4 and "gerade schon" in said
    assert find_damage(before.site) == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("bearbeiten", "hat sich eine Quelle geändert"),
        ("voll", "Der Datenträger ist voll"),
        ("voll-12", "Der Datenträger ist voll"),
        ("nur-lesen", "nur lesbar"),
    ],
)
def test_a_publish_that_cannot_be_finished_says_why_and_leaves_the_site(before, fault, words):
    saved = before.fingerprint()
    code, _, said = before.quick("2025", fault)
    assert code != 0 and words in said and "unverändert" in said
    assert said.startswith("Fehler: ") and "Traceback" not in said
    assert before.fingerprint() == saved


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("status: entwurf", "status: beschlosen", "Meinten Sie: beschlossen"),
        ('datenstand: "2026-09-30"', 'datenstand: "2026-02-30"', "gibt es nicht"),
        ('datenstand: "2026-09-30"', "datenstand: 2026-02-30", "gibt es nicht"),
        ('id: "2025"', 'id: "../x"', "passt nicht zum Dateinamen"),
        ('version: "2025.1"', 'version: "../../x"', "besteht nicht aus Zahlen"),
    ],
)
def test_a_profile_with_a_mistake_is_refused(before, old, new, words):
    saved = before.fingerprint()
    before.edit("_quarto-2025.yml", old, new)
    done = before.run("publish_edition.py", "2025")
    assert done.returncode == 2 and words in done.stderr and "Traceback" not in done.stderr
    assert before.fingerprint() == saved


def test_a_name_that_climbs_out_of_the_folder_is_no_edition(before):
    done = before.run("publish_edition.py", "../x")
    assert done.returncode == 2 and "gibt es nicht" in done.stderr


def test_unsaved_changes_are_refused(before):
    before.append("chapters/strategie.qmd", "Ungesichert.")
    done = before.run("publish_edition.py", "2025")
    assert done.returncode == 2 and "noch nicht in Git gesichert" in done.stderr and "--ungesichert" in done.stderr


def test_a_publisher_killed_while_placing_the_edition_loses_nothing(published, tmp_path):
    seconds = measure_quick(copy_before_2025(published, tmp_path / "mass"))
    chance = random.Random(2025)
    for number in range(KILLS_QUICK):
        project = copy_before_2025(published, tmp_path / f"k{number}")
        process = project.start_quick("2025")
        assert process.stdout.readline() == "los\n"
        kill_after(process, chance.uniform(0, seconds))
        assert find_damage(project.site) == [], number
        finish(project)
        subprocess.run(["rm", "-rf", str(project.root)], check=True)


def test_a_run_killed_at_any_moment_loses_nothing(published, tmp_path):
    project, chance = copy_before_2025(published, tmp_path / "projekt"), random.Random(16065)
    for number in range(KILLS_WHOLE):
        command = "publish_edition.py" if number % 2 else "render_book.py"
        options = ["2025", "--ungesichert"] if number % 2 else ["--edition", "2025"]
        process = subprocess.Popen(
            [os.sys.executable, str(project.root / "scripts" / command), *options, "--assembler", "pandoc"],
            env=project.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        kill_after(process, chance.uniform(1, 20))
        assert find_damage(project.site) == [], number
    finish(project)


def measure_quick(project: Publisher) -> float:
    """Seconds from the first line of a quick publish to its end [s]."""
    process = project.start_quick("2025")
    process.stdout.readline()
    started = time.monotonic()
    process.communicate(timeout=300)
    assert process.returncode == 0
    return time.monotonic() - started


def kill_after(process: subprocess.Popen, seconds: float) -> None:
    """Kill a process and all it started, without warning."""
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def finish(project: Publisher) -> None:
    """The next run mends what was left: the edition is there, listed, and no temporary folder stays."""
    code, _, said = project.quick("2025")
    assert code == 0 or "schon veröffentlicht" in said, said
    assert find_damage(project.site) == []
    listed = json.loads((project.site / "editions.json").read_text(encoding="utf-8"))
    assert [entry["ordner"] for entry in listed] == ["2025.1", "2021.1"]
    assert hash_folder(project.site / "16065" / "2025") == hash_folder(project.site / "16065" / "2025.1")
    assert [path for path in Path(project.site).rglob(".*")] == []
