"""The whole book in Chromium: every page, from a server and from the folder, wide and narrow, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import Watch, serve
from tests.html_book import violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]  # one browser, so one worker

WIDE, NARROW = 1280, 360  # pixels
LARGEST_PAGE = 300_000  # bytes of HTML
LOOKS = [(width, scheme) for width in (WIDE, NARROW) for scheme in ("light", "dark")]  # width, colour scheme
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
BROKEN_IMAGES = """async () => {
  const images = [...document.images];
  for (const image of images) image.loading = 'eager';
  await Promise.all(images.map(image => image.decode().catch(() => null)));
  return images.filter(image => !image.naturalWidth).map(image => image.currentSrc || image.src);
}"""


@pytest.fixture(scope="module")
def pages(rendered_book) -> list[str]:
    """Addresses of all pages, relative to the site: the index of books first."""
    site = rendered_book.root / "_site"
    return sorted((path.relative_to(site).as_posix() for path in site.rglob("*.html")), key=lambda p: (p.count("/"), p))


@pytest.fixture(scope="module")
def addresses(rendered_book):
    """The site's two addresses, ``{'http': …, 'file': …}``."""
    site = rendered_book.root / "_site"
    with serve(site) as http:
        yield {"http": http, "file": site.as_uri()}


def open_page(browser, width: int, scheme: str):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="de-DE")
    page = context.new_page()
    page.set_default_timeout(60_000)
    return page


def test_the_book_has_its_chapters_and_no_page_is_heavy(rendered_book, pages):
    names = {Path(name).stem for name in pages}
    assert names >= {"index", "verzeichnisse", "bevoelkerung", "kinderbetreuung", "schulabschluesse", "kinderarmut",
                     "strategie", "methoden", "zeichenerklaerung", "impressum"}  # fmt: skip
    sizes = {name: (rendered_book.root / "_site" / name).stat().st_size for name in pages}
    assert {name: size for name, size in sizes.items() if size > LARGEST_PAGE} == {}


@pytest.mark.parametrize("way", ["http", "file"])
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_opens_without_errors_other_hosts_or_overflow(browser, addresses, pages, way, look):
    page = open_page(browser, *look)
    watch, wrong = Watch().attach(page), []
    for name in pages:
        page.goto(f"{addresses[way]}/{name}", wait_until="load")
        wrong += [(name, finding) for finding in watch.take()]
        wrong += [(name, "no picture", source) for source in page.evaluate(BROKEN_IMAGES)]
        wrong += [(name, "too wide by", pixels) for pixels in [page.evaluate(TOO_WIDE)] if pixels > 0]
        wrong += [(name, finding) for finding in watch.take()]
    page.context.close()
    assert not wrong, "\n".join(" ".join(map(str, one)) for one in wrong)


@pytest.mark.parametrize(("width", "review"), [(WIDE, False), (NARROW, False), (WIDE, True)])
def test_axe_finds_nothing_on_any_page_light_or_dark_read_or_reviewed(browser, addresses, pages, width, review):
    page, wrong = open_page(browser, width, "light"), []
    for name in pages:
        reviewed = review and name.startswith("16065/2025/")  # the lists above the editions are nobody's to review
        page.goto(f"{addresses['http']}/{name}{'?anmerken' if reviewed else ''}")
        if reviewed:
            page.get_by_role("region", name="Anmerkungen", exact=True).wait_for()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            wrong += [(name, scheme, finding) for finding in violations(page)]
    page.context.close()
    assert not wrong, "\n".join(" ".join(map(str, one)) for one in wrong)


def test_axe_would_find_a_picture_without_text(browser, addresses, pages):
    page = open_page(browser, WIDE, "light")
    page.goto(f"{addresses['http']}/{pages[0]}")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert [finding for finding in violations(page) if finding.startswith("image-alt")]
    page.context.close()


@pytest.mark.parametrize("way", ["file", "http"])
def test_search_finds_the_chapter_on_child_poverty(browser, addresses, way):
    page = open_page(browser, NARROW, "light")
    watch = Watch().attach(page)
    page.goto(f"{addresses[way]}/16065/2025/chapters/methoden.html")
    page.locator("[data-suche]").click()
    page.get_by_role("dialog").get_by_role("searchbox").fill("Kinderarmut")
    hit = page.get_by_role("dialog").get_by_role("link").first
    hit.wait_for()
    hit.click()
    page.wait_for_url("**/kinderarmut.html*")
    assert page.locator("h1").inner_text().endswith("Kinderarmut")
    assert watch.take() == []
    page.context.close()


def test_a_reader_without_scripts_gets_every_chapter_and_figure(browser, addresses):
    context = browser.new_context(java_script_enabled=False, viewport={"width": WIDE, "height": 800})
    page = context.new_page()
    page.goto(f"{addresses['file']}/16065/2025/index.html")
    page.get_by_role("main").get_by_role("link", name="Kinderarmut").first.click()
    page.wait_for_url("**/kinderarmut.html*")
    assert page.locator("main figure img").count() >= 3
    assert page.locator("main table.werte").count() >= 1
    context.close()


def test_the_reader_moves_through_the_book_and_reaches_the_pdf(browser, addresses, rendered_book):
    page = open_page(browser, WIDE, "light")
    page.goto(f"{addresses['http']}/16065/2025/index.html")
    links = page.locator("a[href$='.pdf']")
    assert links.count() >= 1
    assert Path(links.first.get_attribute("href")).name == rendered_book.pdf.name
    page.get_by_role("main").get_by_role("link", name="Bevölkerung").first.click()
    visited = walk_to_the_end(page)
    assert visited[0].endswith("bevoelkerung.html")
    assert visited[-1].endswith("impressum.html")
    assert len(visited) == len(set(visited)) >= 8
    page.context.close()


def walk_to_the_end(page) -> list[str]:
    """Addresses met by following 'weiter' from the first chapter."""
    visited = [page.url]
    while page.locator("a[rel=next]").count():
        page.locator("a[rel=next]").first.click()
        page.wait_for_load_state()
        visited.append(page.url)
        if len(visited) > 100:
            break
    return visited


def test_the_chosen_darkness_stays_on_the_next_page(browser, addresses):
    page = open_page(browser, WIDE, "light")
    page.goto(f"{addresses['http']}/16065/2025/index.html")
    bright = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_text("Darstellung", exact=True).click()
    page.get_by_role("radio", name="Dunkel").check()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto(f"{addresses['http']}/16065/2025/chapters/methoden.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark != bright
    page.context.close()
