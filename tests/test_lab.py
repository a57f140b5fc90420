"""The analyst's way: JupyterLab, a double click, run all, change one line, run all."""

from __future__ import annotations

import base64
import difflib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from kreisbericht.paths import ROOT
from tests.browser import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("lab")]  # one browser, so one worker

TOKEN = "nur-dieser-test"
CHAPTER = "armut/kinderarmut.ipynb"
PATIENCE = 120_000  # milliseconds; a limit against hanging, not a measure of speed
EVERY_CELL_IN_THE_PAGE = '{"windowingMode": "none"}'  # else Lab leaves cells that are out of sight unrendered
READ_OUTPUT = """() => {
  const shown = {titles: [], subtitles: [], sentences: [], pictures: [], rows: [], errors: []};
  const cells = [...document.querySelectorAll('.jp-Notebook .jp-Cell')];
  const basis = cells.findIndex(cell => /^Datengrundlage/.test(cell.querySelector('h2')?.innerText || ''));
  for (const cell of basis < 0 ? cells : cells.slice(0, basis)) {
    for (const area of cell.querySelectorAll('.jp-OutputArea-output.jp-RenderedMarkdown')) {
      for (const block of area.querySelectorAll('p, li')) {
        const [first, next] = block.children;
        const image = block.querySelector('img');
        if (image) shown.pictures.push({alt: image.alt, width: image.naturalWidth, source: image.src});
        else if (first?.tagName === 'STRONG' && next?.tagName === 'BR') {
          shown.titles.push(first.innerText);
          shown.subtitles.push(block.innerText.slice(first.innerText.length).trim());
        } else shown.sentences.push(block.innerText);
      }
      for (const row of area.querySelectorAll('tr'))
        shown.rows.push([...row.querySelectorAll('th, td')].map(cell => cell.innerText));
    }
    const problem = '.jp-OutputArea-output[data-mime-type*="error"], [data-mime-type*="stderr"]';
    shown.errors.push(...[...cell.querySelectorAll(problem)].map(e => e.innerText));
  }
  return shown;
}"""
ALL_DONE = """() => {
  const prompts = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputPrompt')].map(p => p.innerText);
  const images = [...document.querySelectorAll('.jp-Notebook .jp-OutputArea img')];
  return prompts.length > 5 && prompts.every(text => /^\\[\\d+\\]:$/.test(text)) && images.every(i => i.complete);
}"""


@dataclass(frozen=True)
class Shown:
    """What a reader of the notebook sees after a run: texts, pictures, table rows."""

    titles: list[str]
    subtitles: list[str]
    sentences: list[str]
    pictures: list[dict]
    rows: list[list[str]]
    errors: list[str]

    @property
    def alts(self) -> list[str]:
        return [picture["alt"] for picture in self.pictures]


@dataclass(frozen=True)
class Session:
    """Both runs of the notebook in one sitting, and what was saved."""

    home: Shown
    other: Shown
    findings: list[str]
    question: str
    saved: Path


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab as ``make lab`` starts it, on a copy of the notebooks, with settings of its own."""
    root = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    settings = root / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(EVERY_CELL_IN_THE_PAGE, encoding="utf-8")
    command = [sys.executable, ROOT / "scripts" / "open_lab.py", "--ordner", root / "notebooks", "--no-browser",
               "--ServerApp.port=0", f"--IdentityProvider.token={TOKEN}"]  # fmt: skip
    with (root / "lab.log").open("w") as log:
        process = subprocess.Popen(command, cwd=root, env=own_settings(root), stdout=log, stderr=subprocess.STDOUT)
    try:
        yield wait_for_server(process, root), root
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def own_settings(root: Path) -> dict[str, str]:
    folders = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
               "IPYTHONDIR": "ipython", "JUPYTERLAB_SETTINGS_DIR": "settings",
               "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}  # fmt: skip
    return {**os.environ, **{name: str(root / folder) for name, folder in folders.items()}}


def wait_for_server(process: subprocess.Popen, root: Path) -> str:
    """Address of the server, with a slash at the end."""
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline and process.poll() is None:
        for file in (root / "runtime").glob("jpserver-*.json"):
            try:
                address = json.loads(file.read_text(encoding="utf-8"))["url"]
                read_json(f"{address}api/status?token={TOKEN}")
            except (OSError, ValueError):
                continue
            return address
        time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start: {(root / 'lab.log').read_text(encoding='utf-8')[-2000:]}")


def read_json(address: str) -> dict:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def session(lab, browser) -> Session:
    """Open the chapter, run all, change the district in the parameters cell, run all, save."""
    address, root = lab
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(PATIENCE)
    watch = Watch().attach(page)
    page.goto(f"{address}lab/tree/{CHAPTER}?token={TOKEN}")
    page.get_by_text("kreisbericht (Python) | Idle").wait_for()
    home = run_all_cells(page)
    page.locator(".jp-CodeCell .cm-line", has_text="ags: str =").get_by_text("16065").dblclick()
    page.keyboard.type("16067")
    other = run_all_cells(page)
    question = " ".join(page.locator(".Toastify__toast").all_inner_texts())
    page.keyboard.press("Control+s")
    saved = root / "notebooks" / CHAPTER
    wait_until(lambda: "16067" in saved.read_text(encoding="utf-8"))
    page.close()
    return Session(home, other, watch.take(), question, saved)


def run_all_cells(page) -> Shown:
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Restart Kernel and Run All Cells…", exact=True).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    page.wait_for_function("document.querySelector('.jp-Notebook').innerText.includes('[*]')")
    page.wait_for_function(ALL_DONE)
    return Shown(**page.evaluate(READ_OUTPUT))


def wait_until(condition) -> None:
    deadline = time.monotonic() + PATIENCE / 1000
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("The notebook was not saved.")
        time.sleep(0.1)


def test_jupyterlab_offers_the_projects_kernel_with_this_environment(lab):
    address, _ = lab
    spec = read_json(f"{address}api/kernelspecs?token={TOKEN}")["kernelspecs"]["kreisbericht"]["spec"]
    assert spec["display_name"] == "kreisbericht (Python)"
    assert spec["argv"][0] == sys.executable


def test_running_all_cells_shows_every_figure_and_the_table(session):
    assert session.home.errors == []
    assert len(session.home.pictures) >= 3
    for picture in session.home.pictures:
        assert picture["source"].startswith("data:image/svg+xml;base64,")
        assert picture["width"] > 300
        assert len(picture["alt"]) > 80
    # INKAR Ausgabe 2024, Kinderarmut, Kyffhäuserkreis 2016 to 2022 [%]
    assert ["Kyffhäuserkreis", "17,9", "18,1", "16,5", "15,5", "14,0", "12,6", "12,4"] in [
        row[:8] for row in session.home.rows
    ]


def test_the_home_district_is_named_in_title_sentences_and_alternative_texts(session):
    assert_names(session.home, "Kyffhäuserkreis", "im Kyffhäuserkreis")


def test_one_changed_line_shows_another_district_in_title_sentences_and_alternative_texts(session):
    assert session.other.errors == []
    assert len(session.other.pictures) >= 3  # maps of municipalities only where there are any
    # INKAR Ausgabe 2024, Kinderarmut, Landkreis Gotha 2016 and 2022 [%]
    gotha = next(row for row in session.other.rows if row[0] == "Gotha")
    assert (gotha[1], gotha[7]) == ("14,2", "8,9")
    assert_names(session.other, "Gotha", "im Landkreis Gotha")


def assert_names(shown: Shown, name: str, phrase: str) -> None:
    assert [sentence for sentence in shown.sentences if phrase in sentence]
    assert [alt for alt in shown.alts if name not in alt] == []
    assert [text for text in shown.subtitles if name in text]
    assert [title for title in shown.titles if name in title], f"No title names {name}: {shown.titles}"


def test_nothing_of_the_former_district_is_left_in_title_sentences_and_alternative_texts(session):
    texts = [*session.other.titles, *session.other.subtitles, *session.other.sentences, *session.other.alts]
    assert [text for text in texts if "Kyffhäuser" in text] == []


def test_the_lab_asks_no_other_host_and_no_question(session):
    assert session.findings == []
    assert session.question == ""


def test_a_saved_notebook_reaches_git_as_the_one_changed_line_without_outputs_and_checkpoints(
    session, tmp_path, monkeypatch
):
    clone = tmp_path / "klon"
    original = (ROOT / "notebooks" / CHAPTER).read_text(encoding="utf-8")
    assert "data:image" in session.saved.read_text(encoding="utf-8")
    (clone / "notebooks" / "armut").mkdir(parents=True)
    for name in (".gitattributes", ".gitignore"):
        shutil.copy(ROOT / name, clone / name)
    run_git(clone, "init", "--quiet")
    guard_commits_as_set_up_does(clone, monkeypatch)
    shutil.copy(session.saved, clone / "notebooks" / CHAPTER)
    shutil.copytree(session.saved.parent / ".ipynb_checkpoints", clone / "notebooks" / "armut" / ".ipynb_checkpoints")
    run_git(clone, "add", "--all")
    assert run_git(clone, "ls-files").split() == [".gitattributes", ".gitignore", f"notebooks/{CHAPTER}"]
    staged = run_git(clone, "show", f":notebooks/{CHAPTER}")
    assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in json.loads(staged)["cells"])
    changed = [line for line in difflib.unified_diff(original.splitlines(), staged.splitlines(), n=0)][2:]
    changed = [line for line in changed if line[0] in "+-"]
    assert [line[0] for line in changed] == ["-", "+"]
    assert "16065" in changed[0]
    assert "16067" in changed[1]


def guard_commits_as_set_up_does(clone: Path, monkeypatch) -> None:
    spec = importlib.util.spec_from_file_location("set_up", ROOT / "scripts" / "set_up.py")
    set_up = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(set_up)
    monkeypatch.setattr(set_up, "ROOT", clone)
    monkeypatch.setattr(set_up, "PYTHON", Path(sys.executable))
    set_up.guard_commits()


def run_git(folder: Path, *words: str) -> str:
    command = ["git", "-c", "core.autocrlf=false", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=True).stdout


def test_a_notebook_runs_from_any_working_directory_and_leaves_nothing_there(tmp_path, monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    from kreisbericht.kernels import KERNEL, install_kernel

    install_kernel()
    monkeypatch.delenv("KREISBERICHT_KAPITEL", raising=False)
    notebook = nbformat.read(ROOT / "notebooks" / CHAPTER, as_version=4)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, kernel_name=KERNEL, timeout=300, resources=resources).execute()
    outputs = [output.data for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    texts = "".join(data["text/markdown"] for data in outputs)
    picture = texts.split("data:image/svg+xml;base64,")[1].split(")")[0]
    assert base64.b64decode(picture).lstrip().startswith((b"<svg", b"<?xml"))
    assert all("text/html" not in data for data in outputs)
    assert list(tmp_path.iterdir()) == []
