"""Check a rendered book: links, anchors, files, alternative texts, other hosts, and the PDF's structure."""

from kreisbericht.check.book import check_pages
from kreisbericht.check.pdf import check_pdf
from kreisbericht.commands import run_command, say
from kreisbericht.editions import find_edition
from kreisbericht.errors import ParameterError
from kreisbericht.options import Options
from kreisbericht.paths import ROOT, site_dir
from kreisbericht.selection import select_districts


def main() -> int:
    parser = Options("Ein fertiges Buch prüfen.")
    parser.add_argument("--edition", help="Ausgabe, z. B. 2025 (ohne Angabe: die neueste)")
    parser.add_argument("--kreis", nargs="+", default=["16065"], help="Schlüssel, Name, Land (16) oder 'alle'")
    options = parser.parse_args()

    edition, total = find_edition(ROOT, options.edition), 0
    for region in select_districts(options.kreis):
        folder = site_dir() / region.ags / edition.id
        if not folder.is_dir():
            raise ParameterError(f"{folder} gibt es nicht. Bitte zuerst 'make book KREIS={region.ags}' aufrufen.")
        findings = check_pages(folder) + [f"{p.name}: {f}" for p in folder.glob("*.pdf") for f in check_pdf(p)]
        for finding in findings:
            say(f"{region.ags}: {finding}")
        say(f"{region.label}, Ausgabe {edition.version}: {len(findings)} Befunde")
        total += len(findings)
    return 1 if total else 0


if __name__ == "__main__":
    run_command(main)
