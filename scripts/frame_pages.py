"""Put the report's own page around what a ``quarto render`` typed by hand has written (Quarto's post-render step)."""

import os
import sys
from pathlib import Path

PYTHON = Path(__file__).resolve().parent.parent / ".venv" / ("Scripts" if os.name == "nt" else "bin") / "python"


def main() -> None:
    from kreisbericht.paths import ROOT
    from kreisbericht.render import frame_project

    frame_project(os.environ.get("QUARTO_PROFILE") or None, ROOT / os.environ.get("QUARTO_PROJECT_OUTPUT_DIR", "_book"))


if __name__ == "__main__":
    # Quarto calls the first Python on PATH; the library lives in the project's own environment.
    if Path(sys.prefix).resolve() != PYTHON.parent.parent.resolve() and PYTHON.exists():
        os.execv(PYTHON, [str(PYTHON), *sys.argv])
    from kreisbericht.commands import run_command

    run_command(main)
