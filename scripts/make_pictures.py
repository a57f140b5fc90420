"""Make the README's pictures from the finished book: pages in Chromium, pages of the PDF."""

import subprocess
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from kreisbericht.commands import run_command, say
from kreisbericht.errors import ParameterError
from kreisbericht.options import Options
from kreisbericht.paths import ROOT, site_dir
from set_up import find_chromium

GAP, GROUND = 24, "#868d96"
SHOTS = (  # name, page, width, height, colour scheme
    ("start-hell", "index.html", 1280, 900, "light"),
    ("kapitel-hell", "chapters/daten/kinderarmut.html", 1280, 900, "light"),
    ("kapitel-dunkel", "chapters/daten/kinderarmut.html", 1280, 900, "dark"),
    ("kapitel-telefon", "chapters/daten/kinderarmut.html", 360, 900, "light"),
)


def main() -> None:
    parser = Options("Bilder für die README aus dem fertigen Buch.")
    parser.add_argument("--edition", default="2025")
    options = parser.parse_args()
    book = site_dir() / "16065" / options.edition
    if not book.is_dir():
        raise ParameterError(f"{book} gibt es nicht. Bitte zuerst 'make book' aufrufen.")
    target = ROOT / "docs" / "bilder"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        shots = shoot_pages(book, Path(folder))
        pages = shoot_pdf(next(book.glob("*.pdf")), Path(folder))
        join([shots[0], shots[1], *pages[:2]]).save(target / "buch.png", optimize=True)
        join(shots[1:]).save(target / "kapitel.png", optimize=True)
    say(f"Bilder in {target}")


def shoot_pages(book: Path, folder: Path) -> list[Image.Image]:
    """Screenshots of the pages in SHOTS, scaled to one height."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"])
        for name, page, width, height, scheme in SHOTS:
            view = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            view.goto((book / page).as_uri())
            view.wait_for_load_state("networkidle")
            view.screenshot(path=folder / f"{name}.png")
        browser.close()
    return [Image.open(folder / f"{name}.png").convert("RGB") for name, *_ in SHOTS]


def shoot_pdf(pdf: Path, folder: Path, *, chapter: str = "Kinderarmut") -> list[Image.Image]:
    """The page on which ``chapter`` opens and the next one."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    pages = text.split("\f")
    first = next(i for i, page in enumerate(pages, 1) if chapter in page and "Kernaussagen" in page)
    subprocess.run(
        ["pdftoppm", "-r", "80", "-f", str(first), "-l", str(first + 1), "-png", pdf, folder / "p"], check=True
    )
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("p-*.png"))]


def join(images: list[Image.Image], *, height: int = 640) -> Image.Image:
    """Pictures side by side on a grey ground."""
    scaled = [image.resize((round(image.width * height / image.height), height), Image.LANCZOS) for image in images]
    sheet = Image.new("RGB", (sum(i.width for i in scaled) + GAP * (len(scaled) + 1), height + 2 * GAP), GROUND)
    x = GAP
    for image in scaled:
        sheet.paste(image, (x, GAP))
        x += image.width + GAP
    return sheet


if __name__ == "__main__":
    run_command(main)
