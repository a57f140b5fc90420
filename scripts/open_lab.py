"""Open the notebooks in JupyterLab with the project's kernel; further options go to JupyterLab as they are."""

import json
import os
import sys
from pathlib import Path

from kreisbericht.commands import run_command
from kreisbericht.errors import ParameterError
from kreisbericht.kernels import install_kernel
from kreisbericht.options import Options
from kreisbericht.paths import ROOT, write_atomically

QUIET = [  # nothing is asked of another host: no news, no look for a newer version, no catalogue of extensions
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
]
NO_QUESTIONS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


def main() -> None:
    parser = Options("JupyterLab mit den Notebooks des Berichts öffnen.")
    parser.add_argument("--ordner", type=Path, default=ROOT / "notebooks", help="ein anderer Ordner mit Notebooks")
    options, others = parser.parse_known_args()
    folder = options.ordner.resolve()
    if not folder.is_dir():
        raise ParameterError(f"Den Ordner {folder} gibt es nicht. Ohne --ordner öffnet sich der Ordner notebooks.")
    install_kernel()
    settings = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    write_atomically(settings, json.dumps(NO_QUESTIONS))
    administrator = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", *QUIET, *administrator, *others]
    environment = {key: value for key, value in os.environ.items() if key != "KREISBERICHT_KAPITEL"}
    os.execve(sys.executable, command, environment)


if __name__ == "__main__":
    run_command(main)
