"""The lists of editions: one for each district with all pages, a short one of all districts, old addresses kept."""

import json
import shutil

import pytest

from kreisbericht.assemble.site import write_site
from tests.browser import Watch, open_browser, serve
from tests.html_book import CHAPTERS, FILES, write_sample

PAGE = "chapters/armut.html"


@pytest.fixture
def site(project, tmp_path):
    """A site of one district with the editions 2020.1 and 2019.1, whose pages load the list where it lay once."""
    folder = tmp_path / "site" / "16065"
    write_sample(project(FILES, chapters=CHAPTERS), folder / "2020")
    shutil.copytree(folder / "2020", folder / "2019")
    for path in [*(folder / "2019").rglob("*.html"), folder / "2019" / "ausgabe.json"]:
        path.write_text(path.read_text(encoding="utf-8").replace("2020.1", "2019.1"), encoding="utf-8")
    script = folder / "2019" / "assets" / "page.js"
    before, after = script.read_text(encoding="utf-8"), 'script.src = base + "../../editions.js";'
    script.write_text(before.replace("script.src = pop.dataset.ausgaben;", after), encoding="utf-8")
    assert after in script.read_text(encoding="utf-8")
    write_site(folder.parent)
    return folder.parent


def add_districts(site, count: int) -> None:
    facts = json.loads((site / "16065" / "2020" / "ausgabe.json").read_text(encoding="utf-8"))
    for number in range(count):
        place = site / f"0700{number}" / "2020"
        place.mkdir(parents=True)
        (place / "ausgabe.json").write_text(json.dumps(facts | {"ags": f"0700{number}", "kreis": f"K{number}"}))
    write_site(site)


def test_what_a_page_loads_does_not_grow_with_the_number_of_districts(site):
    before = {name: (site / name).read_bytes() for name in ("16065/editions.js", "16065/editions.json", "editions.js")}
    add_districts(site, 9)
    assert {name: (site / name).read_bytes() for name in before} == before
    listed = json.loads((site / "16065" / "editions.json").read_text(encoding="utf-8"))
    assert [(one["version"], PAGE in one["seiten"]) for one in listed] == [("2020.1", True), ("2019.1", True)]


def test_the_list_of_all_districts_names_every_edition_without_its_pages(site):
    add_districts(site, 9)
    listed = json.loads((site / "editions.json").read_text(encoding="utf-8"))
    assert len(listed) == 11
    assert {"ags", "kreis", "version", "status", "datenstand", "ordner", "pdf"} <= set(listed[0])
    assert "seiten" not in listed[0]
    assert len((site / "editions.json").read_bytes()) < 11 * 600  # bytes


@pytest.mark.browser
@pytest.mark.parametrize("way", ["http", "file"])
def test_a_page_published_earlier_still_learns_of_the_newer_edition(site, way):
    with open_browser() as browser, serve(site) as http:
        page = browser.new_page()
        watch = Watch().attach(page)
        address = http if way == "http" else site.as_uri()
        page.goto(f"{address}/16065/2019/{PAGE}")
        notice = page.locator(".status.neuer")
        notice.wait_for()
        notice.get_by_role("link", name="Diese Seite in Ausgabe 2020.1 öffnen").click()
        page.wait_for_url(f"**/16065/2020/{PAGE}")
        page.locator("[data-ausgaben] summary").click()
        page.locator("[data-ausgaben]").get_by_role("link", name="2019.1").wait_for()
        assert watch.take() == []
