"""Test a finished book for barriers and keep the result for its accessibility statement.

Pages are tested in a real browser with axe-core, light and dark; the PDF with our own checks and ``pdfua``. Both tools
belong to the tests: where one is missing, its part is left out and the statement does not claim it. A machine finds
only a part of all barriers; the statement says so (``appendix.statements``).
"""

from __future__ import annotations

import csv
import importlib.metadata
import importlib.util
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from kreisbericht.check.pdf import check_pdf
from kreisbericht.paths import data_dir, write_atomically

TABLE = "barrierefreiheit.csv"
FIELDS = ("ausgabe", "ags", "datum", "teil", "verfahren", "umfang", "befunde", "hinweis")
SCHEMES = ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
PAGES, PRINT = "Internetfassung", "PDF"


def check_html(folder: Path, browser_program: str | None) -> tuple[dict[str, str], list[str]] | None:
    """Test every page below ``folder`` with axe-core, light and dark.

    Returns
    -------
    The row for the table (``teil`` … ``befunde``) and German findings, or None where axe-core or a browser is missing.
    """
    if not browser_program or not importlib.util.find_spec("axe_playwright_python"):
        return None
    script = _axe_script()
    paths = sorted(folder.rglob("*.html"))
    found = _run_axe(folder, paths, script, browser_program)
    version = script[:60].partition("axe v")[2].split()[0]
    return _row(PAGES, f"axe-core {version} (WCAG 2.2 A und AA), hell und dunkel", len(paths), len(found)), found


def check_print(path: Path) -> tuple[dict[str, str], list[str]]:
    """Test a PDF with our own checks and, where it is installed, with ``pdfua``; as ``check_html``."""
    import pikepdf

    found, methods = check_pdf(path, max_megabytes=float("inf")), ["eigene Prüfung auf PDF/UA-1 und PDF/A-2a"]
    if importlib.util.find_spec("pdfua"):
        import pdfua

        methods.append(f"pdfua {importlib.metadata.version('pdfua')}")
        found += [f"{finding.rule_id}: {finding.message}" for finding in pdfua.validate(str(path)).findings]
    with pikepdf.open(path) as pdf:
        pages = len(pdf.pages)
    return _row(PRINT, " und ".join(methods), pages, len(found)), [f"{path.name}: {what}" for what in found]


def record_checks(rows: Iterable[dict[str, str]], *, edition: str, ags: str, day: str) -> Path:
    """Put the results of one edition and district into the table; older results of the same parts give way.

    ``day`` is the date of the test (JJJJ-MM-TT).
    """
    target = data_dir() / TABLE
    fresh = [{"hinweis": "", **row, "ausgabe": edition, "ags": ags, "datum": day} for row in rows]
    replaced = {row["teil"] for row in fresh}
    kept = [
        row for row in _read(target) if (row["ausgabe"], row["ags"]) != (edition, ags) or row["teil"] not in replaced
    ]
    lines = io.StringIO()
    writer = csv.DictWriter(lines, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted([*kept, *fresh], key=lambda row: (row["ausgabe"], row["ags"], row["teil"])))
    write_atomically(target, lines.getvalue())
    return target


def _row(part: str, method: str, pages: int, findings: int) -> dict[str, str]:
    extent = "1 Seite" if pages == 1 else f"{pages} Seiten"
    return {"teil": part, "verfahren": method, "umfang": extent, "befunde": str(findings)}


def _axe_script() -> str:
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def _run_axe(folder: Path, paths: Sequence[Path], script: str, program: str) -> list[str]:
    from playwright.sync_api import sync_playwright

    found = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for scheme in SCHEMES:
            page = browser.new_page(color_scheme=scheme)
            for path in paths:
                page.goto(path.as_uri())
                page.evaluate(script)
                for violation in page.evaluate(f"axe.run({{runOnly: {RULES!r}, preload: false}})")["violations"]:
                    where = violation["nodes"][0]["target"]
                    found.append(f"{path.relative_to(folder).as_posix()} ({scheme}): {violation['id']} bei {where}")
        browser.close()
    return found


def _read(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
