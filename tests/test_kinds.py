"""Whole books of districts of several kinds: complete in both formats, no slip that a reader would see."""

import re
import subprocess

import pytest
import yaml

from kreisbericht import regions
from kreisbericht.check.book import check_pages
from kreisbericht.check.pdf import check_pdf
from tests.book_project import copy_rendered

# a city state, a district that took in a city, a Region, a Regionalverband of a Land with few districts
KINDS = ["02000", "16063", "03241", "10041"]
SLIPS = re.compile(r"\bnan\b|\bNone\b|\?(?:fig|tbl|sec)-|\bWARN|Traceback|in der in der|im im ")


@pytest.fixture(scope="module", params=KINDS)
def book(request, rendered_book, tmp_path_factory):
    """Key, what the command said, and the folder of the book."""
    project = copy_rendered(rendered_book, tmp_path_factory.mktemp(request.param) / "projekt")
    done = project.render("--kreis", request.param)
    assert done.returncode == 0, done.stderr
    return request.param, done, project.root / "_site" / request.param / "2025"


def stems(entry):
    """Chapters below an entry of ``_quarto.yml``, as file names without ending."""
    if isinstance(entry, str):
        return [entry.rpartition("/")[2].partition(".")[0]]
    return [stem for part in entry["chapters"] for stem in stems(part)]


def test_the_command_warns_of_nothing(book):
    _, done, _ = book
    assert not re.search("warn|achtung|fehler", done.stdout + done.stderr, flags=re.I)


def test_every_chapter_is_there_and_every_link_leads_somewhere(book):
    _, _, folder = book
    outline = yaml.safe_load((folder.parents[2] / "_quarto.yml").read_text(encoding="utf-8"))["book"]
    wanted = {stem for entry in [*outline["chapters"], *outline["appendices"]] for stem in stems(entry)}
    assert wanted <= {page.stem for page in folder.rglob("*.html")}
    assert check_pages(folder) == []


def test_the_pdf_is_whole_and_names_its_district(book):
    ags, _, folder = book
    (pdf,) = folder.glob("*.pdf")
    assert check_pdf(pdf) == []
    text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    region = regions.find_region(ags)
    assert region.in_phrase in " ".join(text.split())
    assert not SLIPS.search(text)
    assert ags.startswith("16") or "im Kyffhäuserkreis" not in " ".join(text.split())
