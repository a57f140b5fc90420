"""Create the environment of this project: ``.venv`` with everything pinned. Called by make, safe to repeat.

Runs on any Python ≥ 3.11 with nothing installed; uses the standard library only.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts" if os.name == "nt" else "bin") / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)
LAB_KEYS = [f"metadata.language_info.{key}" for key in (
    "codemirror_mode", "file_extension", "mimetype", "nbconvert_exporter", "pygments_lexer", "version")]  # fmt: skip
PIP = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]


def main() -> None:
    if sys.version_info < OLDEST:
        sys.exit(
            f"Fehler: Python {'.'.join(map(str, OLDEST))} oder neuer wird gebraucht, dies ist {sys.version.split()[0]}."
        )
    started = time.monotonic()
    if "--test" in sys.argv:
        add_test_tools()
        (VENV / ".fertig-test").touch()
    else:
        create_environment()
        (VENV / ".fertig").touch()
    print(f"Einrichtung fertig nach {time.monotonic() - started:.0f} s.", flush=True)


def use_own_environment() -> None:
    """Start the running script anew with this project's Python: Quarto calls the first Python on PATH."""
    if Path(sys.prefix).resolve() != VENV.resolve() and PYTHON.exists():
        os.execv(PYTHON, [str(PYTHON), *sys.argv])


def create_environment() -> None:
    """Make ``.venv`` and install ``requirements.txt`` into it; an environment that does not start is made anew."""
    if not PYTHON.exists() or subprocess.run([PYTHON, "-c", ""], check=False).returncode:
        print("Einrichtung: Python-Umgebung .venv wird angelegt", flush=True)
        shutil.rmtree(VENV, ignore_errors=True)
        run([sys.executable, "-m", "venv", str(VENV)])
    print("Einrichtung: Pakete werden installiert (einmalig, etwa zwei Minuten)", flush=True)
    run([PYTHON, *PIP, "-r", "requirements.txt"])
    run([PYTHON, "-c", "from kreisbericht.kernels import install_kernel; install_kernel()"])
    run([PYTHON, "scripts/prepare_chapters.py", "--platzhalter"])
    guard_commits()


def add_test_tools() -> None:
    """Add the test tools, a Chromium and poppler; says what could not be had, the tests then name what they miss."""
    print("Einrichtung: Werkzeuge für die Tests werden installiert", flush=True)
    run([PYTHON, *PIP, "-r", "tests/requirements.txt"])
    programs = {"chromium": find_chromium(), "poppler-utils": shutil.which("pdftoppm")}
    wanted = [package for package, program in programs.items() if not program]
    if wanted and shutil.which("apt-get") and os.name == "posix" and os.geteuid() == 0:
        print(f"Einrichtung: {', '.join(wanted)} aus den Paketen des Systems", flush=True)
        quiet = {
            "stdout": subprocess.DEVNULL,
            "check": False,
            "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        }
        run(["apt-get", "update", "-qq"], check=False, **quiet)
        run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted], check=False, **quiet)
    if not find_chromium():
        print("Einrichtung: Chromium von Playwright", flush=True)
        subprocess.run([PYTHON, "-m", "playwright", "install", "chromium"], check=False)


def find_chromium() -> str | None:
    """Path of an installed Chromium or Chrome, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    return next((path for path in map(shutil.which, names) if path), None)


def guard_commits() -> None:
    """Strip notebook outputs on commit: a git filter and the pre-commit hook. Skipped outside a git checkout."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        return
    run([PYTHON, "-m", "nbstripout", "--install", "--python", str(PYTHON)], check=False)
    # Cells keep their names and Lab's notes on the language go, else saving would change every cell and the end.
    filters = {"clean": f'"{PYTHON.as_posix()}" -m nbstripout --keep-id', "extrakeys": " ".join(LAB_KEYS)}
    for key, value in filters.items():
        run(["git", "config", f"filter.nbstripout.{key}", value], check=False)
    if (ROOT / ".pre-commit-config.yaml").is_file():
        run([PYTHON, "-m", "pre_commit", "install"], check=False, stdout=subprocess.DEVNULL)


def run(command: list, *, check: bool = True, **options) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL, **options)
    if check and done.returncode:
        sys.exit(
            f"Fehler: Die Einrichtung bricht ab bei: {' '.join(map(str, command[1:5]))} … Häufigste Ursache: keine "
            "Verbindung zum Paketverzeichnis. Ein neuer Versuch mit demselben Befehl setzt fort; am Projekt wurde "
            "nichts verändert."
        )


if __name__ == "__main__":
    main()
