"""Many districts in one run: failures stay alone, an interrupted run goes on, nothing is made twice."""

from __future__ import annotations

import json
import os
import re
import signal
import time

import psutil
import pytest

from kreisbericht.drafts import MADE
from tests.book_project import Project, copy_rendered

NOTEBOOK = "notebooks/armut/kinderarmut.ipynb"
DISTRICTS = ["16061", "16062", "16063"]  # Eichsfeld, Nordhausen, Wartburgkreis
KREISE = ["--kreis", ",".join(DISTRICTS)]


@pytest.fixture
def project(small_book, tmp_path) -> Project:
    """A project with the finished book of the home district."""
    return copy_rendered(small_book, tmp_path / "projekt")


def finished(project: Project) -> list[str]:
    return sorted(file.parts[-3] for file in (project.root / "_site").glob("*/2025/ausgabe.json"))


def fail_in(project: Project, ags: str) -> None:
    """Let the chapter on child poverty fail in one district only."""
    file = project.root / NOTEBOOK
    notebook = json.loads(file.read_text(encoding="utf-8"))
    source = f'if ags == "{ags}":\n    raise ValueError("kaputt")'
    notebook["cells"].append(
        {"cell_type": "code", "id": "neu", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    )
    file.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def wait_until(condition, seconds: float = 120) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.05)


def test_several_districts_are_made_in_one_run_and_listed_on_the_start_page(project):
    done = project.render(*KREISE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert finished(project) == [*DISTRICTS, "16065"]
    page = (project.root / "_site" / "index.html").read_text(encoding="utf-8")
    for name in ("Eichsfeld", "Nordhausen", "Wartburgkreis", "Kyffhäuserkreis"):
        assert re.search(rf'href="\d{{5}}/2025/index.html">{name}<', page), name
    lines = [line for line in done.stdout.splitlines() if line.startswith("[")]
    assert [line[:5] for line in lines] == ["[1/3]", "[2/3]", "[3/3]"]
    again = project.render(*KREISE)
    assert "3 Bücher sind unverändert" in again.stdout


def test_a_district_that_fails_does_not_stop_the_others_and_is_named_at_the_end(project):
    fail_in(project, "16062")
    done = project.render(*KREISE)
    assert done.returncode == 4
    assert finished(project) == ["16061", "16063", "16065"]
    assert "1 von 3 Büchern" in done.stderr
    assert "Nordhausen (16062)" in done.stderr
    assert "ValueError: kaputt" in done.stderr
    assert "Eichsfeld" not in done.stderr
    assert "Traceback" not in done.stderr
    listed = json.loads((project.root / "_site" / "editions.json").read_text(encoding="utf-8"))
    assert [entry["ags"] for entry in listed] == ["16061", "16063", "16065"]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_run_leaves_whole_books_and_no_process_and_goes_on(project, end):
    run = project.start(*KREISE, "--jobs", "1")
    noted = project.root / "_build" / "16061" / "2025" / MADE
    wait_until(lambda: noted.is_file() or run.poll() is not None)
    family = psutil.Process(run.pid).children(recursive=True)
    os.kill(run.pid, end)
    out, _ = run.communicate(timeout=60)
    assert run.returncode in (-signal.SIGKILL, 130)
    wait_until(lambda: not any(process.is_running() for process in family), 20)
    before = {ags: (project.root / "_site" / ags / "2025").stat().st_ino for ags in finished(project)}
    assert set(before) < {*DISTRICTS, "16065"}
    if end == signal.SIGINT:
        assert "derselbe Befehl macht den Rest" in out
    rest = project.render(*KREISE)
    assert rest.returncode == 0, rest.stdout + rest.stderr
    assert finished(project) == [*DISTRICTS, "16065"]
    assert {ags: (project.root / "_site" / ags / "2025").stat().st_ino for ags in before} == before
    assert not list((project.root / "_site").glob("*/.*.neu-*"))
    listed = json.loads((project.root / "_site" / "editions.json").read_text(encoding="utf-8"))
    assert [entry["ags"] for entry in listed] == [*DISTRICTS, "16065"]


def test_books_made_together_are_the_same_as_books_made_alone(project, small_book, tmp_path):
    assert project.render(*KREISE).returncode == 0
    alone = copy_rendered(small_book, tmp_path / "allein")
    assert alone.render("--kreis", "16063", "--jobs", "1").returncode == 0
    folders = [root / "_site" / "16063" / "2025" for root in (project.root, alone.root)]
    books = [{p.relative_to(f): p.read_bytes() for p in f.rglob("*") if p.is_file()} for f in folders]
    assert books[0] == books[1]
    assert len(books[0]) > 20


def test_a_list_of_keys_may_hold_commas_blanks_and_repetitions(project):
    done = project.render("--kreis", "16061,", "16061", "--format", "html")
    assert done.returncode == 0, done.stderr
    assert finished(project) == ["16061", "16065"]
