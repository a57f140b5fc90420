"""The first-class assembler: Quarto on PATH renders the staging tree, which is a complete Quarto project.

Not in here: the page around Quarto's text (``quarto_pages``), the formats (``_extensions/kreisbericht``).
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
from pathlib import Path

from kreisbericht.assemble.pdf import FONT_FOLDER, pack_pdf, prepare_print
from kreisbericht.assemble.quarto_pages import frame_pages
from kreisbericht.editions import Edition
from kreisbericht.errors import RenderError
from kreisbericht.paths import write_atomically
from kreisbericht.staging import Stage

OLDEST = (1, 9)
FORMATS = {"html": "kreisbericht-html", "pdf": "kreisbericht-typst"}
LOST = re.compile(r"(?:WARN|WARNING).*?(?:Unable to resolve|crossref|link target|not found).*", re.I)


def find_quarto() -> str | None:
    """Path of Quarto: ``KREISBERICHT_QUARTO`` where it is set, else what is on PATH."""
    return os.environ.get("KREISBERICHT_QUARTO") or shutil.which("quarto")


def quarto_version(program: str) -> tuple[int, ...]:
    """Version of the Quarto on PATH, e.g. ``(1, 10, 18)``."""
    text = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def write_with_quarto(stage: Stage, target: Path, edition: Edition, formats: tuple[str, ...], pdf: str) -> None:
    """Render ``stage`` with Quarto into the empty folder ``target`` and frame its pages; the PDF gets the name ``pdf``.

    Raises
    ------
    RenderError
        If Quarto is too old, fails, or warns that a reference leads nowhere (it exits with 0 then).
    """
    program = find_quarto()
    version = quarto_version(program)
    if version < OLDEST:
        raise RenderError(
            f"Quarto {'.'.join(map(str, version))} ist zu alt, gebraucht wird {'.'.join(map(str, OLDEST))} oder neuer. "
            "Ohne neues Quarto rendert '--assembler pandoc'. Es wurde nichts verändert."
        )
    prepare_print(stage.root, str(stage.plan.meta["ausgabe"]["kreis"]["ags"]))
    made = stage.root / "_book"
    shutil.rmtree(made, ignore_errors=True)
    for name in formats:
        # One format after another: '--to' with several formats is not accepted, and plain 'render' takes them all.
        _render(program, stage, FORMATS[name], clean=name == formats[0])
    shutil.copytree(made, target, dirs_exist_ok=True)
    shutil.rmtree(target / FONT_FOLDER, ignore_errors=True)  # Quarto takes the drawings for print for parts of the page
    for path in list(target.glob("*.pdf")):
        made_pdf = path.read_bytes()
        path.unlink()
        write_atomically(target / pdf, pack_pdf(made_pdf))
    frame_pages(stage.root, stage.plan, edition, target, pdf=target / pdf if "pdf" in formats else None)


def _render(program: str, stage: Stage, form: str, *, clean: bool) -> None:
    command = [program, "render", str(stage.root), "--to", form, *([] if clean else ["--no-clean"])]
    # Typst dates the PDF with it: the day of the cut-off, so that the same sources give the same bytes.
    day = dt.datetime.fromisoformat(str(stage.plan.meta["ausgabe"]["datenstand"])).replace(hour=12, tzinfo=dt.UTC)
    environment = {"SOURCE_DATE_EPOCH": str(int(day.timestamp())), **os.environ}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    words = re.sub(r"\x1b\[[0-9;]*m", "", done.stderr + done.stdout)
    lost = LOST.findall(words)
    if done.returncode or lost:
        tail = "; ".join(line.strip() for line in (lost or words.strip().splitlines())[-4:])
        raise RenderError(f"Quarto bricht ab ({form}): {tail}. Die letzte gute Ausgabe ist unverändert.")
