"""Check a rendered book: links, anchors, files, alternative texts, other hosts, barriers, and the PDF's structure."""

import datetime as dt
from pathlib import Path

from kreisbericht.check.accessibility import check_html, check_print, record_checks
from kreisbericht.check.book import check_pages
from kreisbericht.check.pdf import check_pdf
from kreisbericht.commands import run_command, say
from kreisbericht.editions import find_edition
from kreisbericht.errors import ParameterError
from kreisbericht.options import Options
from kreisbericht.paths import ROOT, site_dir
from kreisbericht.selection import select_districts
from set_up import find_chromium


def main() -> int:
    parser = Options("Ein fertiges Buch prüfen.")
    parser.add_argument("--edition", help="Ausgabe, z. B. 2025 (ohne Angabe: die neueste)")
    parser.add_argument("--kreis", nargs="+", default=["16065"], help="Schlüssel, Name, Land (16) oder 'alle'")
    told = "auch auf Barrieren prüfen; das Ergebnis geht in die Erklärung zur Barrierefreiheit ein"
    parser.add_argument("--barrierefreiheit", action="store_true", help=told)
    options = parser.parse_args()

    edition, total = find_edition(ROOT, options.edition), 0
    for region in select_districts(options.kreis):
        folder = site_dir() / region.ags / edition.id
        if not folder.is_dir():
            raise ParameterError(f"{folder} gibt es nicht. Bitte zuerst 'make book KREIS={region.ags}' aufrufen.")
        findings = check_pages(folder) + [f"{p.name}: {f}" for p in folder.glob("*.pdf") for f in check_pdf(p)]
        if options.barrierefreiheit:
            findings += test_barriers(folder, edition.id, region.ags)
        for finding in findings:
            say(f"{region.ags}: {finding}")
        say(f"{region.label}, Ausgabe {edition.version}: {len(findings)} Befunde")
        total += len(findings)
    return 1 if total else 0


def test_barriers(folder: Path, edition: str, ags: str) -> list[str]:
    """Test pages and PDF, keep the result in the table of the data package; returns the findings."""
    pages = check_html(folder, find_chromium())
    results = [result for result in (pages, *map(check_print, sorted(folder.glob("*.pdf")))) if result]
    if pages is None:
        say("Ohne Chromium und axe-core (beide richtet 'make test' ein) sind die Seiten nicht auf Barrieren geprüft.")
    table = record_checks([row for row, _ in results], edition=edition, ags=ags, day=dt.date.today().isoformat())
    say(f"Ergebnis in {table}; der nächste Lauf von 'make book' übernimmt es in die Erklärung zur Barrierefreiheit.")
    return [what for _, found in results for what in found]


if __name__ == "__main__":
    run_command(main)
