"""The forked kernel: isolated like a process of its own, never stale, gone with its client, ordinary on any doubt."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager

from kreisbericht.kernels import KERNEL, forks, install_kernel

pytestmark = pytest.mark.skipif(not forks.can_fork(), reason="this platform starts ordinary kernels only")


@pytest.fixture(scope="module", autouse=True)
def _installed_kernel():
    install_kernel()


@pytest.fixture
def start():
    """Start a kernel as JupyterLab does: ``start(env=…)`` gives a function that runs code and returns its prints."""
    managers = []

    def begin(**options):
        manager = KernelManager(kernel_name=KERNEL)
        managers.append(manager)
        manager.start_kernel(**options)
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=60)

        def run(code: str) -> str:
            said = []
            client.execute_interactive(code, timeout=60, output_hook=lambda message: said.append(message["content"]))
            return "".join(part.get("text", "") + "".join(part.get("traceback", [])) for part in said).strip()

        run.manager, run.client = manager, client
        return run

    yield begin
    for manager in managers:
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)


def is_forked(run) -> bool:
    return isinstance(run.manager.provisioner.process, forks.ForkedKernel)


def runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, seconds: float = 10) -> bool:
    limit = time.monotonic() + seconds
    while not condition() and time.monotonic() < limit:
        time.sleep(0.05)
    return condition()


def test_a_kernel_is_a_process_of_its_own_with_its_own_session_folder_and_environment(start, tmp_path):
    environment = {**os.environ, "KREISBERICHT_PROBE": "/ein/ordner"}
    run = start(cwd=str(tmp_path), env=environment)
    assert is_forked(run)
    said = json.loads(run(
        "import json, os, sys; print(json.dumps([os.getpid(), os.getsid(0), os.getpgid(0), os.getcwd(), "
        "os.environ['KREISBERICHT_PROBE'], sys.argv[1]]))"
    ))  # fmt: skip
    process, session, group, folder, chapter, argument = said
    assert process == session == group != os.getpid()
    assert (folder, chapter, argument) == (str(tmp_path), "/ein/ordner", "-f")
    other = start()
    assert other("import os; print(os.environ.get('KREISBERICHT_PROBE'))") == "None"


def test_what_one_kernel_changes_no_other_sees(start):
    one = start()
    one("import matplotlib, random, numpy, pandas, kreisbericht.store as store, builtins, sys")
    one("matplotlib.rcParams['font.size'] = 77; pandas.options.display.max_rows = 3; numpy.random.seed(1)")
    one("store.COLUMNS = []; builtins.geheim = 1; sys.path.insert(0, '/fremd')")
    other = start()
    assert is_forked(one)
    assert is_forked(other)
    said = other(
        "import matplotlib, pandas, builtins, sys, kreisbericht.store as store\n"
        "print(matplotlib.rcParams['font.size'], pandas.options.display.max_rows, len(store.COLUMNS), "
        "hasattr(builtins, 'geheim'), '/fremd' in sys.path)"
    )
    assert said == "10.0 60 4 False False"


def test_random_numbers_differ_from_kernel_to_kernel(start):
    draw = "import random, numpy; print(random.random(), numpy.random.rand())"
    first, second = start()(draw).split(), start()(draw).split()
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_a_figure_of_pyplot_is_shown_in_the_notebook(start):
    run, kinds = start(), []
    run.client.execute_interactive(
        "import matplotlib.pyplot as plt; plt.plot([1, 2])", timeout=60,
        output_hook=lambda message: kinds.extend(message["content"].get("data", {})),
    )  # fmt: skip
    assert "image/png" in kinds


def test_an_interrupted_cell_stops_and_the_kernel_lives_on(start):
    run = start()
    run.client.execute("import time; print('schlafe', flush=True); time.sleep(60)", stop_on_error=False)
    while "schlafe" not in run.client.get_iopub_msg(timeout=20)["content"].get("text", ""):
        pass
    run.manager.interrupt_kernel()
    assert run.client.get_shell_msg(timeout=20)["content"]["ename"] == "KeyboardInterrupt"
    assert run("print(6 * 7)") == "42"


def test_a_kernel_says_nothing_of_the_interrupt_that_comes_before_its_end(start, capfd):
    run = start()
    log = "get_ipython().kernel.log.error"
    run(f"{log}('KeyboardInterrupt caught in kernel.'); {log}('etwas anderes')")
    run.manager.shutdown_kernel(now=False)
    told = capfd.readouterr().err
    assert "etwas anderes" in told
    assert "KeyboardInterrupt" not in told


def test_a_restarted_kernel_has_forgotten_everything(start):
    run = start()
    run("wert = 1")
    first = run("import os; print(os.getpid())")
    run.manager.restart_kernel(now=False)
    run.client.wait_for_ready(timeout=60)
    assert is_forked(run)
    assert "NameError" in run("wert")
    assert run("import os; print(os.getpid())") != first
    assert not runs(int(first))


def test_a_kernel_asked_to_shut_down_runs_its_exit_handlers(start, tmp_path):
    run = start()
    run(f"import atexit, pathlib; atexit.register(lambda: pathlib.Path({str(tmp_path / 'ende')!r}).touch())")
    run.manager.shutdown_kernel(now=False)
    assert (tmp_path / "ende").is_file()


def test_a_kernel_is_never_older_than_the_library(tmp_path, start, monkeypatch):
    for other in list(forks._zygotes.values()):
        other.close()
    run = start()
    assert is_forked(run)
    (zygote,) = forks._zygotes.values()
    monkeypatch.setattr(forks, "stamp_library", lambda: ("edited",))
    newer = start()
    assert is_forked(newer)
    assert wait_until(zygote.ended)
    assert run("print('lebt')") == "lebt"  # a kernel at work is left alone


def test_kernels_and_zygote_die_with_a_client_that_is_killed(tmp_path):
    client = tmp_path / "client.py"
    client.write_text(
        "import time\nfrom jupyter_client.manager import KernelManager\n"
        f"manager = KernelManager(kernel_name={KERNEL!r}); manager.start_kernel()\n"
        "from kreisbericht.kernels import forks\n"
        "zygote = next(iter(forks._zygotes.values()))\n"
        "print(manager.provisioner.process.pid, zygote._process.pid, flush=True)\ntime.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, str(client)], stdout=subprocess.PIPE, text=True)
    started = [int(number) for number in process.stdout.readline().split()]
    assert all(runs(number) for number in started)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert wait_until(lambda: not any(runs(number) for number in started))


def test_where_forking_does_not_work_an_ordinary_kernel_is_started(start, monkeypatch):
    monkeypatch.setenv("KREISBERICHT_KERNE", "gewoehnlich")
    run = start()
    assert not is_forked(run)
    assert run("print(6 * 7)") == "42"


def test_a_zygote_that_does_not_start_leads_to_an_ordinary_kernel(start, monkeypatch):
    monkeypatch.setattr(forks, "START", "raise SystemExit(3)")
    run = start(env={**os.environ, "LC_KREISBERICHT_TEST": "1"})  # another start environment, another zygote
    assert not is_forked(run)
    assert run("print(6 * 7)") == "42"


def test_a_zygote_that_answers_late_leads_to_an_ordinary_kernel(start, monkeypatch):
    monkeypatch.setattr(forks, "START", "import time; time.sleep(60)")
    monkeypatch.setattr(forks, "PATIENCE", 0.3)
    run = start(env={**os.environ, "LC_KREISBERICHT_TEST": "2"})
    assert not is_forked(run)
    assert run("print(6 * 7)") == "42"
