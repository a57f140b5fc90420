"""The whole book: the words citizens type lead to the right page among the first three."""

import pytest

from tests.browser import open_browser

# A page that speaks of the matter, or one of several that do.
WANTED = {
    "Kinderarmut": ("kinderarmut",), "kita": ("kinderbetreuung", "kitabedarf"), "kindergarten": ("kinderbetreuung",),
    "Alleinerziehende": ("haushalte", "lebenslagen"), "Sondershausen": ("steckbriefe#sec-steckbrief-160650067",),
    "hartz 4": ("armutslagen",), "Hartz IV": ("armutslagen",), "bürgergeld": ("armutslagen",),
    "buergergeld": ("armutslagen",), "rente": ("senioren",), "wohngeld": ("armutslagen", "wohnen"),
    "arbeitslos": ("arbeitsmarkt",), "geburten": ("bevoelkerungsbewegung", "familien"),
    "schulabbrecher": ("schulabschluesse",), "ohne abschluss": ("schulabschluesse",), "pflege": ("senioren",),
    "ausbildung": ("berufliche_bildung", "jugend"), "miete": ("wohnen",), "schulden": ("einkommen",),
    "altersarmut": ("senioren",), "jugendamt": ("jugendhilfe",), "zuzug": ("bevoelkerungsbewegung",),
    "ärzte": ("gesundheit",), "Aerzte": ("gesundheit",), "krippe": ("kinderbetreuung",),
    "Kinderamrut": ("kinderarmut",), "heimerziehung": ("jugendhilfe",), "azubi": ("berufliche_bildung", "jugend"),
    "krankenhaus": ("gesundheit",), "Jugendarbeitslosigkeit": ("jugend", "arbeitsmarkt"),
    "Bad Frankenhausen": ("steckbriefe#sec-steckbrief-160650003",), "Abitur": ("schulabschluesse",),
    "Wie viele Kinder leben in Armut?": ("kinderarmut",), "Grundsicherung im Alter": ("senioren", "armutslagen"),
}  # fmt: skip


@pytest.mark.browser
def test_words_of_citizens_lead_to_the_right_page_among_the_first_three(rendered_book):
    missed = {}
    with open_browser() as browser:
        page = browser.new_page()
        page.goto((rendered_book.book / "index.html").as_uri())
        page.keyboard.press("/")
        page.wait_for_selector("dialog[data-bereit]")
        for word, targets in WANTED.items():
            page.fill("#suchwort", word)
            found = page.locator(".suche li a").evaluate_all("links => links.map(link => link.href)")[:3]
            names = [address.rpartition("/")[2].replace(".html", "") for address in found]
            if not any(name == target or name.partition("#")[0] == target for name in names for target in targets):
                missed[word] = names
    assert missed == {}
