"""What is measured, one trial after the other, each in folders of its own that are removed afterwards.

Not in here: how a trial is shown (``report``).
"""

from __future__ import annotations

import csv
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kreisbericht.bench.measuring import Measure, measure
from kreisbericht.catalogue import find_indicator
from kreisbericht.limits import count_cores
from kreisbericht.paths import ROOT, build_dir, data_dir
from kreisbericht.regions import districts

HOME = "16065"
CHANGED = "kinderarmut_u15"
"""Indicator of which one value is changed."""
RENDER = [sys.executable, str(ROOT / "scripts" / "render_book.py")]
PYTHON = [sys.executable, "-m"]
ORDINARY = {"KREISBERICHT_KERNE": "gewoehnlich"}

Say = Callable[[str], None]


@dataclass(frozen=True)
class Scope:
    """How much is measured: ``counts`` are numbers of districts, ``quarto`` whether that way is tried."""

    edition: str
    report: str = "gesamt"
    counts: tuple[int, ...] = (1, 2, 4, 8, 22, 44)
    memory: str = "2GB"
    quarto: bool = False


@dataclass
class Results:
    """Everything measured; ``ways`` by name, ``growth`` by number of districts."""

    machine: dict[str, Any]
    report: str
    ways: dict[str, Measure] = field(default_factory=dict)
    changes: dict[str, Measure] = field(default_factory=dict)
    growth: dict[int, Measure] = field(default_factory=dict)
    usual: Measure | None = None  # plain papermill for the second district of the growth
    cells: dict[str, float] = field(default_factory=dict)  # CPU seconds of each chapter's own code
    rerun: list[str] = field(default_factory=list)  # chapters run again after one changed value
    imports: dict[str, float] = field(default_factory=dict)
    start: float = 0.0  # seconds the interpreter needs to start and end

    def to_json(self) -> str:
        """For a later look at the same figures."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


def run_trials(scope: Scope, say: Say) -> Results:
    """Measure everything in ``scope``; the ways of one comparison follow each other directly."""
    results = Results(describe_machine(), scope.report)
    results.start = measure([sys.executable, "-c", "pass"]).seconds
    _try_own_way(scope, results, say)
    _try_rivals(scope, results, say)
    for count in scope.counts:
        say(f"{count} Kreise")
        with _folders() as environment:
            keys = ",".join(choose_districts(count))
            results.growth[count] = measure([*_render(scope), "--kreis", keys], environment)
    _try_notebooks(scope, results, say)
    return results


def choose_districts(count: int) -> list[str]:
    """The home district first, then its Land, then the others in order of their keys."""
    keys = [region.ags for region in districts()]
    return sorted(keys, key=lambda ags: (ags != HOME, ags[:2] != HOME[:2], ags))[:count]


def describe_machine() -> dict[str, Any]:
    """Processors, memory and versions, as far as the figures depend on them."""
    import psutil

    model = ""
    with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
        model = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), "")
    return {
        "cores": count_cores(), "memory": psutil.virtual_memory().total, "model": model,
        "system": f"{platform.system()} {platform.machine()}", "python": platform.python_version(),
    }  # fmt: skip


def _try_own_way(scope: Scope, results: Results, say: Say) -> None:
    """From nothing, without a change, with one changed value."""
    with _folders() as environment:
        say("Ganze Ausgabe von nichts")
        results.ways["ours"] = measure([*_render(scope), "--kreis", HOME], environment)
        say("Ohne Änderung und mit einem geänderten Wert")
        results.changes["nothing"] = measure([*_render(scope), "--kreis", HOME], environment)
        change_one_value(Path(environment["KREISBERICHT_DATA"]))
        changed = measure([*_render(scope), "--kreis", HOME], environment)
    results.changes["one value"] = changed
    results.rerun = [line.split("] ")[1].split()[0] for line in changed.output.splitlines() if line.startswith("[")]


def _try_rivals(scope: Scope, results: Results, say: Say) -> None:
    for name, way in [("papermill", "1"), ("papermill × 2", "2"), *([("quarto render", "quarto")] * scope.quarto)]:
        say(f"Vergleich: {name}")
        with _folders() as environment:
            results.ways[name] = measure(_rival(scope, HOME, way), {**environment, **ORDINARY})
    if max(scope.counts, default=0) > 1:
        say("Vergleich: papermill, zweiter Kreis")
        with _folders() as environment:
            results.usual = measure(_rival(scope, choose_districts(2)[1], "1"), {**environment, **ORDINARY})


def _try_notebooks(scope: Scope, results: Results, say: Say) -> None:
    say("Rechenzeit der Zellen und Laden der Bibliothek")
    cells = [*PYTHON, "kreisbericht.bench.cells"]
    with _folders() as environment:
        results.cells = json.loads(measure([*cells, HOME, scope.edition, scope.report], environment).output)
    for name, extra in (("forked", {}), ("ordinary", ORDINARY)):
        results.imports[name] = json.loads(measure([*cells, "import"], extra).output)["seconds"]


def change_one_value(data: Path) -> None:
    """Raise the home district's newest value of one indicator by a tenth of a unit."""
    file = data / find_indicator(CHANGED).file
    rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
    last = max((row for row in rows if row[0] == HOME and row[2]), key=lambda row: row[1])
    last[2] = f"{float(last[2]) + 0.1:.2f}"
    file.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")


@contextmanager
def _folders() -> Iterator[dict[str, str]]:
    """Empty folders for build and site and a copy of the data, as environment variables."""
    build_dir().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="messung-", dir=build_dir()) as name:
        folder = Path(name)
        shutil.copytree(data_dir(), folder / "data")
        found = {"BUILD": folder / "_build", "SITE": folder / "_site", "DATA": folder / "data"}
        yield {f"KREISBERICHT_{key}": str(path) for key, path in found.items()} | {"PYTHONPATH": _library()}


def _library() -> str:
    return os.pathsep.join(part for part in (str(ROOT / "scripts"), os.environ.get("PYTHONPATH", "")) if part)


def _render(scope: Scope) -> Sequence[str]:
    return [*RENDER, "--edition", scope.edition, "--bericht", scope.report, "--assembler", "pandoc",
            "--memory", scope.memory]  # fmt: skip


def _rival(scope: Scope, ags: str, way: str) -> Sequence[str]:
    return [*PYTHON, "kreisbericht.bench.rivals", ags, scope.edition, scope.report, way]
