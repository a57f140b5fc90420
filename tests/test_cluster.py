"""Books on a Dask cluster: workers in processes and folders of their own, one of them killed while it renders."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.book_project import Project, copy_rendered

pytestmark = [pytest.mark.xdist_group("cluster")]

DISTRICTS = ["16061", "16062", "16063", "16064", "16066"]  # Eichsfeld, Nordhausen, Wartburgkreis …
PATIENCE = 120  # seconds


@pytest.fixture(scope="module")
def local(small_book, tmp_path_factory) -> Project:
    """The project with the books of DISTRICTS, made on this machine in one run."""
    project = copy_rendered(small_book, tmp_path_factory.mktemp("lokal") / "projekt")
    done = project.render("--kreis", ",".join(DISTRICTS))
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.fixture
def empty(small_book, tmp_path) -> Project:
    """The same project without any book."""
    project = copy_rendered(small_book, tmp_path / "projekt")
    for name in ("_site", "_build"):
        (project.root / name).rename(tmp_path / name)
    return project


@contextlib.contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """A scheduler and workers as separate processes, each worker with a folder of its own."""
    facts = folder / "scheduler.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("KREIS", "PYTHONPATH"))}
    dask = [sys.executable, "-m", "dask"]
    quiet = {"env": environment, "cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

    def start(*words) -> subprocess.Popen:
        return subprocess.Popen([*dask, *words], **quiet)

    processes = [start("scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", facts)]
    try:
        wait_for(facts.is_file)
        for number in range(workers):
            place = folder / f"worker-{number}"
            place.mkdir()
            options = ["--scheduler-file", facts, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
            processes.append(start("worker", *options, "--local-directory", place, "--name", f"worker-{number}"))
        wait_for(lambda: all(list((folder / f"worker-{number}").iterdir()) for number in range(workers)))
        yield find_address(facts), processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def find_address(facts: Path) -> str:
    return json.loads(facts.read_text(encoding="utf-8"))["address"]


def wait_for(condition) -> None:
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.1)


def files_of(site: Path, ags: str) -> dict[str, bytes]:
    folder = site / ags / "2025"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_books_are_complete_and_the_same_though_a_worker_is_killed(local, empty, tmp_path):
    with cluster(tmp_path, workers=3) as (address, workers):
        options = ["--kreis", ",".join(DISTRICTS), "--scheduler", address, "--ablage", (tmp_path / "ablage").as_uri()]
        run = empty.start(*options)
        rendering = tmp_path / "worker-1"
        wait_for(lambda: list(rendering.rglob("kinderarmut")) or run.poll() is not None)
        assert run.poll() is None, run.communicate()
        workers[1].send_signal(signal.SIGKILL)
        out, err = run.communicate(timeout=600)
    assert run.returncode == 0, out + err
    for ags in DISTRICTS:
        made = files_of(empty.root / "_site", ags)
        assert len(made) > 20
        assert made == files_of(local.root / "_site", ags)
    listed = (empty.root / "_site" / "index.html").read_text(encoding="utf-8")
    assert all(f"{ags}/2025/index.html" in listed for ags in DISTRICTS)


def test_a_second_run_takes_finished_books_from_the_store(local, empty, tmp_path):
    store = (tmp_path / "ablage").as_uri()
    with cluster(tmp_path, workers=1) as (address, _):
        assert empty.render("--kreis", "16061", "--scheduler", address, "--ablage", store).returncode == 0
        (made,) = (tmp_path / "ablage" / "buecher").rglob("*.zip")
        before = made.stat().st_mtime_ns
        again = empty.render("--kreis", "16061", "--scheduler", address, "--ablage", store)
        (empty.root / "_site").rename(tmp_path / "weg")
        afresh = empty.render("--kreis", "16061", "--scheduler", address, "--ablage", store)
    assert again.returncode == afresh.returncode == 0, again.stderr + afresh.stderr
    assert "unverändert" in again.stdout
    assert made.stat().st_mtime_ns == before
    assert files_of(empty.root / "_site", "16061") == files_of(local.root / "_site", "16061")


def test_a_chapter_that_fails_on_a_worker_is_told_as_at_home(empty, tmp_path):
    empty.edit("notebooks/armut/kinderarmut.ipynb", "chapter.trend", "chapter.gibt_es_nicht")
    with cluster(tmp_path, workers=1) as (address, _):
        done = empty.render("--kreis", "16061", "--scheduler", address, "--ablage", str(tmp_path / "ablage"))
    assert done.returncode != 0
    assert "kinderarmut.ipynb, Zelle" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (empty.root / "_site" / "16061" / "2025").exists()


def test_no_cluster_at_the_address_is_said_in_german(empty):
    done = empty.render("--kreis", "16061", "--scheduler", "tcp://127.0.0.1:9")
    assert done.returncode == 2
    assert "antwortet kein Dask-Scheduler" in done.stderr
