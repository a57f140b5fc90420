import json
import os
import subprocess
import sys

import papermill
import pytest

from kreisbericht.errors import RenderError
from kreisbericht.kernels import install_kernel
from kreisbericht.runner import plan_jobs, run_jobs, stale_jobs

SHOW = "from IPython.display import Markdown, display\ndisplay(Markdown(f'Kreis {ags}'))"


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch, tmp_path):
    install_kernel()
    monkeypatch.setenv("KREISBERICHT_BUILD", str(tmp_path / "_build"))


def run(path, target, inputs="x", ags="16067", **options):
    lines = []
    jobs = stale_jobs(plan_jobs([path], target, {"ags": ags}, lambda path: inputs), lambda output: True)
    warnings = run_jobs(jobs, workers=options.get("workers", 1), progress=lines.append)
    return jobs, warnings, lines


def test_a_chapter_is_run_with_its_parameters_and_without_timing(write_notebook, tmp_path):
    path = write_notebook("gut", SHOW)
    _, _, lines = run(path, tmp_path / "daten")
    text = (tmp_path / "daten" / "gut.ipynb").read_text()
    result = json.loads(text)
    assert "Kreis 16067" in text
    assert lines[0].startswith("[1/1] gut (")
    assert not [cell for cell in result["cells"] if {"papermill", "execution"} & set(cell["metadata"])]
    injected = next(c for c in result["cells"] if "injected-parameters" in c["metadata"].get("tags", []))
    assert "remove-cell" in injected["metadata"]["tags"]


def test_the_same_run_twice_gives_the_same_bytes(write_notebook, tmp_path):
    path = write_notebook("gut", SHOW)
    run(path, tmp_path / "a")
    run(path, tmp_path / "b")
    assert (tmp_path / "a" / "gut.ipynb").read_bytes() == (tmp_path / "b" / "gut.ipynb").read_bytes()


def test_an_unchanged_chapter_is_not_run_again_but_a_changed_one_is(write_notebook, tmp_path):
    path = write_notebook("gut", SHOW)
    run(path, tmp_path / "daten")
    assert run(path, tmp_path / "daten")[0] == []
    assert [job.stem for job in run(path, tmp_path / "daten", inputs="other data")[0]] == ["gut"]
    assert [job.stem for job in run(path, tmp_path / "daten", inputs="other data", ags="16061")[0]] == ["gut"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            "1 + 1\nraise ValueError('kaputt')",
            r"kapitel\.ipynb, Zelle 3, Zeile 2 \(raise ValueError\('kaputt'\)\): ValueError: kaputt",
        ),
        ("import os\nos._exit(3)", r"kapitel\.ipynb, Zelle 3, Zeile 2 .os\._exit.*Kernel\) ist abgestürzt"),
    ],
)
def test_a_failed_run_names_the_cell_and_keeps_the_last_good_chapter(write_notebook, tmp_path, code, words):
    good = write_notebook("kapitel", SHOW)
    run(good, tmp_path / "daten")
    before = (tmp_path / "daten" / "kapitel.ipynb").read_bytes()
    with pytest.raises(RenderError, match=words):
        run(write_notebook("kapitel", code), tmp_path / "daten")
    assert (tmp_path / "daten" / "kapitel.ipynb").read_bytes() == before
    assert (tmp_path / "_build" / "gescheitert" / "kapitel.ipynb").is_file()
    assert not list((tmp_path / "daten").glob(".kapitel*"))


def test_a_cell_over_its_limit_is_stopped(write_notebook, tmp_path):
    path = write_notebook("lang", "import time\ntime.sleep(60)")
    with pytest.raises(RenderError, match="lang.ipynb, Zelle 3.*Zeitlimit"):
        papermill.execute_notebook(str(path), None, engine_name="kreisbericht", progress_bar=False, cell_seconds=1)


def test_papermills_own_command_line_never_overwrites_a_good_file_with_a_failed_run(write_notebook, tmp_path):
    target = tmp_path / "ziel.ipynb"
    target.write_text("gut")
    path = write_notebook("kaputt", "raise ValueError('nein')")
    command = [
        sys.executable,
        "-m",
        "papermill",
        "--engine",
        "kreisbericht",
        "--no-progress-bar",
        str(path),
        str(target),
    ]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
    assert target.read_text() == "gut"


def test_several_notebooks_run_at_once_and_a_failure_spares_the_others(write_notebook, tmp_path):
    paths = [write_notebook("eins", SHOW), write_notebook("zwei", SHOW), write_notebook("drei", "raise KeyError('x')")]
    with pytest.raises(RenderError, match="drei.ipynb"):
        run_jobs(
            plan_jobs(paths, tmp_path / "daten", {"ags": "16065"}, lambda path: "x"),
            workers=3,
            progress=lambda line: None,
        )
    assert sorted(p.name for p in (tmp_path / "daten").glob("*.ipynb")) == ["eins.ipynb", "zwei.ipynb"]


def test_no_kernel_outlives_its_notebook(write_notebook, tmp_path):
    show_process = "import os\nfrom IPython.display import Markdown\nMarkdown(f'PID={os.getpid()}!')"
    run(write_notebook("gut", show_process), tmp_path / "daten")
    number = int((tmp_path / "daten" / "gut.ipynb").read_text().split("PID=")[1].split("!")[0])
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
