"""The measurements as a page in ``docs/``: tables in Markdown and two charts in the house style.

Not in here: measuring (``trials``).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from kreisbericht.bench.measuring import Measure
from kreisbericht.bench.trials import Results
from kreisbericht.charts import bars
from kreisbericht.paths import write_atomically

PAGE, WAYS_CHART, GROWTH_CHART = "benchmark.md", "bilder/benchmark.svg", "bilder/benchmark-kreise.svg"
NAMES = {
    "ours": "kreisbericht",
    "papermill": "papermill, one notebook after another",
    "papermill × 2": "papermill, two processes",
    "quarto render": "quarto render, executing",
}


def write_report(results: Results, folder: Path) -> Path:
    """Write ``benchmark.md`` and its charts into ``folder``; returns the page."""
    write_atomically(folder / WAYS_CHART, _draw_ways(results))
    if results.growth:
        write_atomically(folder / GROWTH_CHART, _draw_growth(results))
    parts = [_introduction(results), _ways(results), _bounds(results), _changes(results), _growth(results)]
    write_atomically(folder / PAGE, "\n\n".join(part for part in parts if part) + "\n")
    return folder / PAGE


def _introduction(results: Results) -> str:
    machine = results.machine
    return (
        "# How fast it is\n\n"
        "Made by `make bench`, in one run on one machine: "
        f"{machine['cores']} processors ({machine['model'] or 'unknown model'}), {machine['memory'] / 1e9:.0f} GB of "
        f"memory, {machine['system']}, Python {machine['python']}. Every figure includes all processes a command "
        "starts; memory is the largest sum at one moment, shared pages counted once. "
        f"Report: {results.report}, HTML and PDF, embedded assembler."
    )


def _ways(results: Results) -> str:
    ours = results.ways["ours"]
    rows = [
        [NAMES[name], *_measure(found), f"{found.seconds / ours.seconds:.1f} ×"]
        for name, found in results.ways.items()
    ]  # fmt: skip
    return (
        f"## One edition from nothing\n\n![Wall time of one edition by way of making it]({WAYS_CHART})\n\n"
        + _table(["way", "wall", "CPU", "peak memory", "wall against ours"], rows)
        + "\n\nThe other ways run the same notebooks with ordinary kernels, then the same assembler; `quarto render` "
        "runs the notebooks and assembles."
    )


def _bounds(results: Results) -> str:
    total, cores = sum(results.cells.values()), results.machine["cores"]
    if not total:
        return ""
    ours = results.ways["ours"]
    return (
        f"The cells' own CPU time is {total:.1f} s in all, so no scheduler can run them in less than "
        f"{total / cores:.1f} s on {cores} processors. The whole edition, assembled, takes "
        f"{ours.seconds / (total / cores):.2f} times that; {ours.cpu - total:.1f} s of its CPU time "
        "go into kernels, pandoc, Typst and the rest."
    )


def _changes(results: Results) -> str:
    nothing, value = results.changes["nothing"], results.changes["one value"]
    own = sum(results.cells.get(stem, 0.0) for stem in results.rerun)
    rows = [
        ["nothing", _seconds(nothing.seconds), "interpreter start " + _seconds(results.start)],
        ["one value in one table", _seconds(value.seconds),
         f"{', '.join(results.rerun)} ({_seconds(own)} of own CPU time), then the PDF and the pages"],
    ]  # fmt: skip
    imports = results.imports
    return (
        "## After a change\n\n"
        + _table(["changed", "wall", "of which"], rows)
        + f"\n\nA notebook waits {1000 * imports['forked']:.0f} ms for the library in a forked kernel, "
        f"{1000 * imports['ordinary']:.0f} ms in an ordinary one."
    )


def _growth(results: Results) -> str:
    if not results.growth:
        return ""
    rows = [
        [str(count), _seconds(found.seconds), *_measure(_per_district(found, count))]
        for count, found in results.growth.items()
    ]  # fmt: skip
    last = max(results.growth)
    per = results.growth[last].seconds / last
    words = f"At that rate all 400 districts take {400 * per / 3600:.1f} hours."
    if results.usual:
        words = (
            f"Plain papermill, one notebook after another, takes {_seconds(results.usual.seconds)} for a district "
            f"like the second of them: {results.usual.seconds / per:.1f} times as long as one of {last}. {words}"
        )
    return (
        f"## Many districts in one run\n\n![Wall time per district by number of districts]({GROWTH_CHART})\n\n"
        + _table(["districts", "wall", "wall per district", "CPU per district", "peak memory"], rows)
        + f"\n\n{words}"
    )


def _draw_ways(results: Results) -> str:
    seconds = {NAMES[name]: found.seconds for name, found in results.ways.items()}
    alt = "Wall time of one edition: " + "; ".join(f"{name} {_seconds(value)}" for name, value in seconds.items())
    return _draw(seconds, "Wall time of one edition", alt)


def _draw_growth(results: Results) -> str:
    named = {
        f"{count} district{'s' if count > 1 else ''}": found.seconds / count for count, found in results.growth.items()
    }
    alt = "Wall time per district: " + "; ".join(f"{name} {_seconds(value)}" for name, value in named.items())
    return _draw(named, "Wall time per district", alt)


def _draw(values: dict[str, float], title: str, alt: str) -> str:
    table = pd.DataFrame({title: pd.Series(values)})
    return bars(table, home=title, unit="s", digits=1, title=title, frame=True).svg(alt)


def _table(head: list[str], rows: list[list[str]]) -> str:
    rule = [":--", *(["--:"] * (len(head) - 1))]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def _seconds(value: float) -> str:
    if value < 180:
        return f"{value:.1f} s" if value >= 1 else f"{value:.2f} s"
    return f"{value / 60:.1f} min"


def _measure(found: Measure) -> list[str]:
    return [_seconds(found.seconds), _seconds(found.cpu), f"{found.memory / 1e6:.0f} MB"]


def _per_district(found: Measure, count: int) -> Measure:
    return replace(found, seconds=found.seconds / count, cpu=found.cpu / count)
