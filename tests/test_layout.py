"""The page in every window and for every eye: large letters, large screens, high contrast, nothing that moves."""

from __future__ import annotations

import pytest

from kreisbericht.assemble.site import write_site
from tests.book_project import write_project
from tests.browser import open_browser, serve
from tests.html_book import CHAPTERS, FILES, violations, write_sample

pytestmark = pytest.mark.browser

PAGES = ("index.html", "16065/index.html", "16065/2020/index.html", "16065/2020/chapters/armut.html",
         "16065/2020/verzeichnisse.html")  # fmt: skip
LARGE_LETTERS = "--blink-settings=defaultFontSize=32"  # twice the usual 16 px, as readers set them in the browser
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const entry of list.getEntries()) sum += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 200)));
})"""
STILL = 0.02  # letters that come late take the room of those before them to a fraction of a pixel
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDTH = "s => document.querySelector(s).getBoundingClientRect().width"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site with one small edition, served; nobody changes it."""
    root = tmp_path_factory.mktemp("buch")
    write_sample(write_project(root, FILES, CHAPTERS), root / "site" / "16065" / "2020")
    write_site(root / "site")
    with serve(root / "site") as address:
        yield address


def test_letters_of_twice_the_size_take_room_from_menus_not_from_the_text(site):
    with open_browser(LARGE_LETTERS) as browser:
        for width in (1280, 360):
            page = browser.new_page(viewport={"width": width, "height": 900})
            for name in PAGES:
                page.goto(f"{site}/{name}")
                assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 36
                assert page.evaluate(TOO_WIDE) <= 0, f"{name} {width}"
                assert page.evaluate(WIDTH, "main") > 0.85 * width, f"{name} {width}"
            page.goto(f"{site}/{PAGES[3]}")
            assert page.evaluate(WIDTH, "figure img") > 0.85 * width  # a picture grows with the letters
            page.close()


def test_a_large_screen_keeps_lines_short_and_the_page_in_the_middle(site):
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 2560, "height": 1200})
        page.goto(f"{site}/{PAGES[3]}")
        left, right = page.evaluate(
            "(({left, right}) => [left, right])(document.querySelector('.frame').getBoundingClientRect())"
        )
        assert abs(left - (2560 - right)) <= 20  # a scroll bar
        text = page.evaluate(WIDTH, ".leitfrage p")
        assert (
            text
            < 0.6 * page.evaluate("parseFloat(getComputedStyle(document.querySelector('.leitfrage p')).fontSize)") * 75
        )


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_moves_while_a_page_loads(site, width):
    with open_browser() as browser:
        for name in PAGES:
            page = browser.new_page(viewport={"width": width, "height": 900})  # with nothing in its store
            page.goto(f"{site}/{name}")
            assert page.evaluate(SHIFTS) < STILL, name
            page.close()


def test_every_picture_has_its_place_before_it_is_there(site):
    with open_browser() as browser:
        page = browser.new_page()
        for name in PAGES:
            page.goto(f"{site}/{name}")
            assert (
                page.evaluate(
                    "[...document.images].filter(i => !i.getAttribute('width') || !i.getAttribute('height')).length"
                )
                == 0
            )


def test_colours_of_the_system_keep_marks_rows_and_boxes_apart(site):
    with open_browser() as browser:
        context = browser.new_context(forced_colors="active", color_scheme="dark")
        page = context.new_page()
        page.goto(f"{site}/{PAGES[3]}")
        border = "s => getComputedStyle(document.querySelector(s)).borderTopStyle"
        assert page.evaluate(border, ".kernaussagen") == page.evaluate(border, ".status") == "solid"
        mark = "getComputedStyle(document.querySelector('.wertung.unguenstiger'), '::before').backgroundColor"
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert page.evaluate(mark) not in (paper, "rgba(0, 0, 0, 0)")
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_high_contrast_gives_black_and_white_and_axe_finds_nothing(site, scheme):
    with open_browser() as browser:
        context = browser.new_context(contrast="more", color_scheme=scheme)
        page = context.new_page()
        for name in PAGES:
            page.goto(f"{site}/{name}")
            colours = page.evaluate("(s => [s.color, s.backgroundColor])(getComputedStyle(document.body))")
            assert colours == [f"rgb({v}, {v}, {v})" for v in ((0, 255) if scheme == "light" else (255, 0))]
            assert violations(page) == [], name
        context.close()


def test_who_wants_less_motion_gets_none(site):
    with open_browser() as browser:
        found = []
        for wish in ("reduce", "no-preference"):
            context = browser.new_context(reduced_motion=wish)
            page = context.new_page()
            page.goto(f"{site}/{PAGES[3]}")
            found.append(page.evaluate("getComputedStyle(document.documentElement).scrollBehavior"))
            context.close()
        assert found == ["auto", "smooth"]
