"""Entry scripts answer a mistyped option in German, before anything happens."""

import subprocess
import sys

import pytest

from kreisbericht.paths import ROOT

SCRIPTS = sorted(
    path.name for path in (ROOT / "scripts").glob("*.py") if "Options(" in path.read_text(encoding="utf-8")
)


def call(*words: str) -> subprocess.CompletedProcess:
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=ROOT / "scripts", capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["render_book.py", "--kries", "16065"], "Unbekannte Angabe: --kries 16065. Meinten Sie: --kreis?"),
        (["render_book.py", "--kreis"], "Angabe --kreis: mindestens ein Wert fehlt."),
        (["new_edition.py"], "Es fehlt: ausgabe."),
        (["import_delivery.py", "--yes"], "Es fehlt: dateien."),
    ],
)
def test_a_mistyped_option_ends_with_one_german_message(words, said):
    done = call(*words)
    assert done.returncode == 2
    assert said in done.stderr and "Es wurde nichts verändert." in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1 and done.stdout == ""


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_explains_itself_in_german(name):
    done = call(name, "--help")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Aufruf: ") and "Angaben:" in done.stdout
    assert "show this help" not in done.stdout
