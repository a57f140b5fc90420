"""Make the README's pictures from the finished book: pages in Chromium, pages of the PDF."""

import re
import subprocess
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from kreisbericht.commands import run_command, say
from kreisbericht.errors import ParameterError
from kreisbericht.options import Options
from kreisbericht.paths import ROOT, build_dir, site_dir
from set_up import find_chromium

GAP, GROUND = 24, "#868d96"
PAGES = (  # one of every kind, below the site's folder; {book} is the edition's
    "index.html",
    "{book}/index.html",
    "{book}/chapters/daten/kinderarmut.html",
    "{book}/chapters/daten/profil_armut.html",
    "{book}/chapters/daten/ziele_massnahmen.html",
    "{book}/chapters/daten/empfehlungen.html",
    "{book}/chapters/daten/steckbriefe.html",
    "{book}/chapters/daten/indikatorenblaetter.html",
    "{book}/chapters/daten/glossar.html",
    "{book}/chapters/impressum.html",
    "{book}/verzeichnisse.html",
)
LOOKS = (("hell", 1280, "light"), ("dunkel", 1280, "dark"), ("telefon", 360, "light"))
COLOURS = 128
VIEW = 900  # px of each page that the README shows


def main() -> None:
    parser = Options("Bilder für die README aus dem fertigen Buch.")
    parser.add_argument("--edition", default="2025")
    options = parser.parse_args()
    book = site_dir() / "16065" / options.edition
    if not book.is_dir():
        raise ParameterError(f"{book} gibt es nicht. Bitte zuerst 'make book' aufrufen.")
    target, whole = ROOT / "docs" / "bilder", build_dir() / "bilder"
    for folder in (target, whole):
        folder.mkdir(parents=True, exist_ok=True)
    shots = {look: shoot_pages(book, whole, look, width, scheme) for look, width, scheme in LOOKS}
    light, dark, phone = (shots[look] for look, *_ in LOOKS)
    with tempfile.TemporaryDirectory() as folder:
        pages = shoot_pdf(next(book.glob("*.pdf")), Path(folder))
        save(join([light[1], light[2], *pages[:2]]), target / "buch.png")
    save(join([light[2], dark[2], phone[2]]), target / "kapitel.png")
    for look, images in shots.items():
        save(join(images, height=320, columns=len(images) if look == "telefon" else 4), whole / f"seiten-{look}.png")
    say(f"Bilder in {target}, ganze Seiten in {whole}")


def shoot_pages(book: Path, folder: Path, look: str, width: int, scheme: str) -> list[Image.Image]:
    """Full-page pictures of the pages in PAGES in ``folder``; returns the upper part of each."""
    site = book.parent.parent
    names = [name.format(book=book.relative_to(site).as_posix()) for name in PAGES]
    shown = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"])
        view = browser.new_page(viewport={"width": width, "height": VIEW}, color_scheme=scheme)
        for name in filter(lambda name: (site / name).is_file(), names):
            view.goto((site / name).as_uri())
            view.wait_for_load_state("networkidle")
            file = folder / f"{Path(name).stem}-{Path(name).parent.name or 'start'}-{look}.png"
            view.screenshot(path=file, full_page=True)
            shown.append(Image.open(file).convert("RGB").crop((0, 0, width, VIEW)))
        browser.close()
    return shown


def shoot_pdf(pdf: Path, folder: Path, *, chapter: str = "Kinderarmut") -> list[Image.Image]:
    """The page on which ``chapter`` opens and the next one."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    pages = text.split("\f")
    opening = re.compile(rf"^[ \d]*{chapter}\s*$", re.M)
    first = next(i for i, page in enumerate(pages, 1) if "Kernaussagen" in page and opening.search(page))
    subprocess.run(
        ["pdftoppm", "-r", "80", "-f", str(first), "-l", str(first + 1), "-png", pdf, folder / "p"], check=True
    )
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("p-*.png"))]


def join(images: list[Image.Image], *, height: int = 640, columns: int = 0) -> Image.Image:
    """Pictures side by side on a grey ground, in rows of so many columns (0: one row)."""
    scaled = [image.resize((round(image.width * height / image.height), height), Image.LANCZOS) for image in images]
    columns = columns or len(scaled)
    rows = [scaled[i : i + columns] for i in range(0, len(scaled), columns)]
    width = max(sum(image.width + GAP for image in row) for row in rows) + GAP
    sheet = Image.new("RGB", (width, len(rows) * (height + GAP) + GAP), GROUND)
    for number, row in enumerate(rows):
        x = GAP
        for image in row:
            sheet.paste(image, (x, GAP + number * (height + GAP)))
            x += image.width + GAP
    return sheet


def save(image: Image.Image, file: Path) -> None:
    """With as many colours as the eye needs here, so that the repository stays small."""
    image.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    run_command(main)
