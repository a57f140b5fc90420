"""Notebooks that misbehave: only their chapter fails, the message names cell and line, and no process is left."""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import papermill
import pytest

from kreisbericht.errors import RenderError
from kreisbericht.kernels import forks, install_kernel
from kreisbericht.runner import plan_jobs, run_job
from tests.small_notebook import notebook

pytestmark = pytest.mark.skipif(not forks.can_fork(), reason="ordinary kernels have no guardian")

HEALTHY = "import time\nfor _ in range(20):\n    time.sleep(0.2)\nprint('gesund')"
DAEMON = """import os, time
if os.fork() == 0:
    os.setsid()
    os.chdir('/')
    if os.fork() == 0:
        open({file!r}, 'w').write(str(os.getpid()))
        time.sleep(600)
    os._exit(0)
os.wait()
time.sleep(0.3)
print('fertig')"""
FAULTS = {
    "speicher": "viel = []\nwhile True:\n    viel.append(b'x' * 5_000_000)",
    "ausgabe": "for _ in range(1000):\n    print('x' * 100_000)",
    "abgang": "import os\nos._exit(0)",
    "absturz": "import ctypes\nctypes.string_at(0)",
    "elternmord": "import os, time\nos.killpg(os.getpgid(os.getppid()), 9)\ntime.sleep(600)",
    "gruppenmord": "import os, time\nos.killpg(0, 9)\ntime.sleep(600)",
    "ausnahme": "werte = {}\n\nwerte['2031']",
}
HARMLESS = {
    "kinder": "import os, time\nfor _ in range(20):\n    if os.fork() == 0:\n        time.sleep(600)\nprint('fertig')",
    "programme": "import subprocess\nfor _ in range(5):\n    subprocess.Popen(['sleep', '600'])\nprint('fertig')",
    "faeden": "import threading\nfor _ in range(300):\n    threading.Timer(600, print).start()\nprint('fertig')",
    "daemon": DAEMON,
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """Run all of them beside two healthy ones: message or text of each chapter, by name."""
    install_kernel()
    folder = tmp_path_factory.mktemp("faults")
    codes = {"gesund_a": HEALTHY, **FAULTS, **HARMLESS, "gesund_b": HEALTHY}
    for name, code in codes.items():
        file = str(folder / "daemon.pid")
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook(code.replace("{file!r}", repr(file)))))
    jobs = plan_jobs([folder / f"{name}.ipynb" for name in codes], folder / "daten", {"ags": "16065"}, lambda path: "x")

    def attempt(job):
        try:
            run_job(job)
        except RenderError as error:
            return str(error)
        return job.output.read_text("utf-8")

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(3) as pool:
        patch.setenv("KREISBERICHT_BUILD", str(folder / "_build"))
        patch.setenv("KREISBERICHT_KERN_MB", "400")
        said = dict(zip(codes, pool.map(attempt, jobs), strict=True))
    said["ordner"] = str(folder)
    return said


def processes_in(folder: str) -> list[str]:
    """Command lines of the processes that work in a folder: kernels and what they started."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and os.readlink(process / "cwd").startswith(folder):  # noqa: PTH115
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("speicher", ["Zelle 3, Zeile 3 (viel.append(b'x' * 5_000_000))", "mehr Arbeitsspeicher als erlaubt"]),
        # Where the reader is slow, what waits to be read fills the kernel's memory first.
        ("ausgabe", ["Zelle 3", ("gibt zu viel aus", "mehr Arbeitsspeicher als erlaubt")]),
        ("abgang", ["Zelle 3, Zeile 2 (os._exit(0))", "Kernel"]),
        ("absturz", ["Zelle 3, Zeile 2 (ctypes.string_at(0))", "Kernel"]),
        ("elternmord", ["Zelle 3 (import os, time)", "Kernel"]),
        ("gruppenmord", ["Zelle 3 (import os, time)", "Kernel"]),
        ("ausnahme", ["Zelle 3, Zeile 3 (werte['2031'])", "KeyError: '2031'"]),
    ],
)
def test_a_notebook_that_does_harm_is_named_with_cell_and_line(outcome, name, words):
    for word in [f"{name}.ipynb", *words, "die letzte gute Fassung ist unverändert"]:
        assert any(option in outcome[name] for option in ([word] if isinstance(word, str) else word)), word


@pytest.mark.parametrize("name", ["gesund_a", "gesund_b"])
def test_the_other_chapters_are_finished(outcome, name):
    assert "gesund\\n" in outcome[name]


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_what_a_notebook_starts_does_not_keep_its_chapter_from_ending(outcome, name):
    assert "fertig\\n" in outcome[name]


def test_no_process_is_left_behind(outcome):
    daemon = int((Path(outcome["ordner"]) / "daemon.pid").read_text())
    limit = time.monotonic() + 5
    while processes_in(outcome["ordner"]) and time.monotonic() < limit:
        time.sleep(0.05)
    assert processes_in(outcome["ordner"]) == []
    assert not Path(f"/proc/{daemon}").exists()


def test_a_notebook_that_hangs_is_ended_with_all_it_started(write_notebook, tmp_path, monkeypatch):
    install_kernel()
    monkeypatch.setenv("KREISBERICHT_BUILD", str(tmp_path / "_build"))
    path = write_notebook("haengt", "import subprocess, time\nsubprocess.Popen(['sleep', '600'])\ntime.sleep(600)")
    with pytest.raises(RenderError, match=r"haengt\.ipynb, Zelle 3, Zeile 3 \(time\.sleep\(600\)\): .*Zeitlimit"):
        papermill.execute_notebook(
            str(path), None, engine_name="kreisbericht", progress_bar=False, cell_seconds=1, folder=str(tmp_path)
        )
    assert processes_in(str(tmp_path)) == []


def test_a_notebook_that_kills_the_warmed_process_spares_the_next(write_notebook, tmp_path):
    install_kernel()
    kill = (
        "import os\nwarmer = int(open(f'/proc/{os.getppid()}/stat').read().split()[3])\nos.kill(warmer, 9)\nprint('ja')"
    )
    for name, code in {"eins": kill, "zwei": "print('ja')"}.items():
        (job,) = plan_jobs([write_notebook(name, code)], tmp_path / "daten", {"ags": "16065"}, lambda path: "x")
        run_job(job)
        assert "ja\\n" in job.output.read_text("utf-8")
