"""Moving between editions in Chromium: from a server, from the folder, without JavaScript."""

from __future__ import annotations

import pytest

from tests.browser import Watch, serve
from tests.html_book import violations
from tests.published_book import Publisher, publish_once

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("switcher")]

PAGES = ("index.html", "chapters/daten/kinderarmut.html", "chapters/methoden.html")


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Publisher:
    return publish_once(tmp_path_factory)


@pytest.fixture(scope="module")
def addresses(published):
    """The site's two addresses."""
    with serve(published.site) as http:
        yield {"http": http, "file": published.site.as_uri()}


@pytest.mark.parametrize("way", ["http", "file"])
@pytest.mark.parametrize("name", PAGES)
def test_a_reader_switches_to_the_same_page_of_another_edition_and_back(browser, addresses, way, name):
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="de-DE")
    page = context.new_page()
    watch = Watch().attach(page)
    start = f"{addresses[way]}/16065/2025.1/{name}"
    page.goto(start)
    page.locator("[data-ausgaben] summary").click()
    page.locator("[data-ausgaben]").get_by_role("link", name="2021.1").click()
    page.wait_for_url(f"**/16065/2021.1/{name}")
    page.locator("[data-ausgaben] summary").click()
    page.locator("[data-ausgaben]").get_by_role("link", name="2025.1").click()
    page.wait_for_url(f"**/16065/2025.1/{name}")
    page.go_back()
    page.wait_for_url(f"**/16065/2021.1/{name}")
    assert watch.take() == []
    context.close()


@pytest.mark.parametrize("way", ["http", "file"])
def test_an_old_page_leads_to_the_newer_edition_and_the_newest_says_nothing(browser, addresses, way):
    page = browser.new_context(locale="de-DE").new_page()
    page.goto(f"{addresses[way]}/16065/2021/{PAGES[1]}")
    notice = page.locator(".status.neuer")
    notice.wait_for()
    assert "Es gibt eine neuere Ausgabe" in notice.inner_text()
    notice.get_by_role("link").click()
    page.wait_for_url(f"**/16065/2025.1/{PAGES[1]}")
    page.locator("[data-ausgaben] summary").click()
    page.locator("[data-ausgaben]").get_by_role("link", name="2021.1").wait_for()
    assert page.locator(".status.neuer").count() == 0
    page.context.close()


@pytest.mark.parametrize("way", ["http", "file"])
@pytest.mark.parametrize("name", PAGES)
def test_without_scripts_the_list_leads_to_the_same_page(browser, addresses, way, name):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{addresses[way]}/16065/2025.1/{name}")
    page.locator("[data-ausgaben] summary").click()
    page.get_by_role("link", name="Diese Seite in allen Ausgaben").click()
    page.wait_for_url("**/16065/index.html#seite-*")
    anchor = page.url.partition("#")[2]
    page.locator(f"#{anchor} a", has_text="2021.1").click()
    page.wait_for_url(f"**/16065/2021.1/{name}")
    context.close()


def test_old_pages_name_the_edition_as_their_lasting_address(published):
    text = (published.site / "16065" / "2021.1" / PAGES[1]).read_text(encoding="utf-8")
    assert '<link rel="canonical" href="../../../2021/chapters/daten/kinderarmut.html">' in text


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_lists_notice_and_comparison_are_accessible(browser, addresses, published, width, scheme):
    done = published.run("compare_editions.py", "2021", "2025", KREISBERICHT_SITE=str(published.site))
    assert done.returncode == 0, done.stderr
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="de-DE")
    page, wrong = context.new_page(), []
    for name in (
        "index.html",
        "16065/index.html",
        "16065/2021.1/index.html",
        "16065/vergleich-2021.1-2025.1/index.html",
    ):
        page.goto(f"{addresses['http']}/{name}")
        page.wait_for_load_state("networkidle")
        wrong += [(name, finding) for finding in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append((name, "too wide"))
    context.close()
    assert wrong == []
