"""The review mode in Chromium: mark, write, list, edit, delete, save as a file, read others' files; no server."""

import json

import pytest

from kreisbericht.assemble.assets import write_assets
from tests.book_project import write_project
from tests.browser import Watch, serve
from tests.html_book import AXE, AXE_RULES, CHAPTERS, FILES, write_sample

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>document.title='kaputt'</script> <img src=x onerror=alert(1)> [a](javascript:alert(1)) "
    "{{< include /etc/passwd >}} $(rm -rf ~) #eval(\"1\") =HYPERLINK(\"x\")"
)  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Folder of a small edition; nobody changes it."""
    root = tmp_path_factory.mktemp("buch")
    target = root / "site" / "16065" / "2020"
    write_sample(write_project(root, FILES, CHAPTERS), target)
    (target.parents[0] / "editions.js").write_text("window.kreisberichtAusgaben = [];", encoding="utf-8")
    return target


@pytest.fixture
def reader(browser, book):
    """A reader's page on the chapter about poverty, from the disk; ``watch`` notes whatever goes wrong."""
    context = browser.new_context(locale="de-DE", viewport={"width": 1280, "height": 800}, accept_downloads=True)
    page = context.new_page()
    page.watch = Watch().attach(page)
    page.goto((book / "chapters/armut.html").as_uri())
    yield page
    assert page.watch.take() == []
    context.close()


def switch_on(page):
    page.get_by_role("button", name="Anmerkungen", exact=True).click()
    page.get_by_role("region", name="Anmerkungen", exact=True).wait_for()


def write(page, block, text, kind="Frage", who="Jugendamt"):
    page.get_by_role("button", name=f"Anmerken: {block}").first.click()
    fill(page, text, kind, who)


def fill(page, text, kind="Frage", who="Jugendamt"):
    form = page.get_by_role("form")
    form.get_by_role("radio", name=kind).check()
    form.get_by_label("Ihre Anmerkung").fill(text)
    form.get_by_label("Name oder Dienststelle").fill(who)
    form.get_by_role("button", name="Speichern").click()


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def open_list(page):
    page.get_by_role("region", name="Anmerkungen", exact=True).get_by_role("button").first.click()
    dialog = page.get_by_role("dialog", name="Anmerkungen zum Bericht")
    dialog.wait_for()
    return dialog


def saved(page, parent=None):
    with page.expect_download() as download:
        (parent or page).get_by_role("button", name="Als Datei sichern").first.click()
    return download.value.suggested_filename, json.loads(download.value.path().read_text(encoding="utf-8"))


def test_without_review_mode_a_page_has_one_button_more_and_nothing_else(reader):
    assert reader.locator("[data-anm]").count() == 0
    assert reader.get_by_role("button", name="Anmerkungen", exact=True).get_attribute("aria-pressed") == "false"
    loaded = reader.evaluate("[...document.scripts].map(script => script.src.split('/').at(-1))")
    assert [name for name in loaded if name.startswith("review")] == ["review.js"]


def test_every_kind_of_block_can_be_marked_once(reader):
    switch_on(reader)
    names = [button.get_attribute("aria-label") for button in reader.locator(".anm-knopf").all()]
    assert names == [
        "Anmerken: Überschrift „Kinderarmut“",
        "Anmerken: Absatz „Wie viele Kinder leben von Grundsicherung?“",
        "Anmerken: Absatz „Berichtsjahr 2022.“",
        "Anmerken: Überschrift „Kernaussagen“",
        "Anmerken: Listenpunkt „12,4 % der Kinder. ungünstiger als Thüringen (9,7 %)“",
        "Anmerken: Listenpunkt „70.635 Personen leben hier. ohne Wertung“",
        "Anmerken: Überschrift „Wie hat sie sich entwickelt?“",
        "Anmerken: Absatz „Abbildung 2.1 zeigt den Verlauf, Tabelle 2.1 die Werte.“",
        "Anmerken: Abbildung „Kinderarmut sinkt Je 100 Kinder, 2016 bis 2022“",
        "Anmerken: Tabelle „Werte Je 100 Kinder“",
        "Anmerken: Absatz „Kein Wert“",
        "Anmerken: Absatz „Für 2023 fehlt der Wert.“",
        "Anmerken: Überschrift „Einordnung der Sozialplanung“",
        "Anmerken: Absatz „Der Rückgang folgt dem Land.“",
        "Anmerken: Absatz „Kinder unter 15 Jahren“",
        "Anmerken: Absatz „günstiger ähnlich“",
    ]


def test_notes_on_two_pages_stay_after_reloading_and_stand_in_one_list(reader, book):
    switch_on(reader)
    write(reader, "Abbildung", "Stimmt die Achse?", "Korrektur")
    reader.get_by_role("link", name="1 Bevölkerung").first.click()
    reader.wait_for_url("**/bevoelkerung.html*")
    write(reader, "Absatz „Die Kindertagesbetreuung", "Wo steht sie?", "Frage", "Kreiselternrat")
    reader.reload()
    dialog = open_list(reader)
    assert dialog.get_by_role("heading", level=3).all_inner_texts() == ["1 Bevölkerung", "2 Kinderarmut"]
    assert dialog.locator(".anm-text").all_inner_texts() == ["Wo steht sie?", "Stimmt die Achse?"]
    assert "Kreiselternrat" in dialog.locator(".anm-kopf").first.inner_text()
    dialog.get_by_role("link", name="Abbildung in: Wie hat sie sich entwickelt?").click()
    reader.wait_for_url("**/armut.html*#fig-armut")
    assert reader.locator("#fig-armut .anm-text").inner_text() == "Stimmt die Achse?"


def test_the_file_has_page_anchor_quotation_and_edition(reader):
    switch_on(reader)
    write(reader, "Absatz „Der Rückgang", "Seit wann?", "Vorschlag", "Stadt Sondershausen")
    name, content = saved(reader)
    assert name == "anmerkungen-16065-2020.1-stadt-sondershausen.json"
    assert content["format"] == "kreisbericht-anmerkungen/1"
    assert content["bericht"] | {"titel": ""} == {
        "ags": "16065", "ausgabe": "2020", "version": "2020.1", "bericht": "gesamt", "titel": "",
    }  # fmt: skip
    (note,) = content["anmerkungen"]
    assert (note["art"], note["text"], note["von"]) == ("vorschlag", "Seit wann?", "Stadt Sondershausen")
    place = note["stelle"]
    assert place["seite"] == "chapters/armut.html" and place["kapitel"] == "2 Kinderarmut"
    assert place["abschnitt"] == "Einordnung der Sozialplanung" and place["block"] == "absatz"
    assert place["selektor"] == {
        "type": "TextQuoteSelector", "exact": "Der Rückgang folgt dem Land.",
        "prefix": "ehlt der Wert. Einordnung der Sozialplanung"[-40:],
        "suffix": "Kinder unter 15 Jahren günstiger ähnlich",
    }  # fmt: skip


def test_a_marked_passage_becomes_the_quotation(reader):
    switch_on(reader)
    reader.evaluate(
        """() => { const paragraphs = [...document.querySelectorAll('main p')];
        const text = paragraphs.find(p => p.textContent.startsWith('Der Rückgang')).firstChild;
        getSelection().setBaseAndExtent(text, 4, text, 12); }"""
    )
    write(reader, "Absatz „Der Rückgang", "Welcher?")
    quote = saved(reader)[1]["anmerkungen"][0]["stelle"]["selektor"]
    assert (quote["exact"], quote["suffix"][:16]) == ("Rückgang", "folgt dem Land. ")
    assert quote["prefix"].endswith("Sozialplanung Der")


def test_a_note_is_edited_and_deleted_in_the_list_and_comes_back(reader):
    switch_on(reader)
    write(reader, "Tabelle", "Zu viele Zeilen")
    dialog = open_list(reader)
    dialog.get_by_role("button", name="Bearbeiten").click()
    fill(reader, "Zu wenige Zeilen", "Korrektur")
    assert dialog.locator(".anm-text").all_inner_texts() == ["Zu wenige Zeilen"]
    dialog.get_by_role("button", name="Löschen").click()
    assert dialog.locator(".anm-text").count() == 0
    dialog.get_by_role("button", name="Rückgängig").click()
    assert dialog.locator(".anm-text").all_inner_texts() == ["Zu wenige Zeilen"]
    assert dialog.locator(".anm-kopf strong").inner_text() == "Korrektur"


def test_files_of_others_are_shown_with_their_author_and_never_twice(reader, tmp_path):
    switch_on(reader)
    write(reader, "Tabelle", "Von mir")
    _, content = saved(reader)
    (note,) = content["anmerkungen"]
    content["anmerkungen"] = [{**note, "id": "b1", "text": HOSTILE, "von": "<b>Böse</b>"}, {"id": "kein Text"}]
    file = tmp_path / "andere.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    dialog = open_list(reader)
    for told in (
        "1 Anmerkung aus „andere.json“ eingelesen; 1 unlesbar",
        "0 Anmerkungen aus „andere.json“ eingelesen; 1 war",
    ):
        dialog.locator("input[type=file]").set_input_files(file)
        dialog.get_by_role("status").filter(has_text=told).wait_for()
    assert sorted(dialog.locator(".anm-text").all_inner_texts()) == sorted(["Von mir", HOSTILE])
    assert "von <b>Böse</b>" in dialog.locator(".anm-kopf", has_text="Böse").inner_text()
    assert dialog.get_by_role("button", name="Bearbeiten").count() == 1  # one's own only
    assert reader.title() == "2 Kinderarmut – Bericht 2020.1"
    both = saved(reader, dialog)[1]["anmerkungen"]
    assert [one["id"] for one in both] == [note["id"], "b1"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{kein json", "beschädigt"), ("[]", "keine Datei mit Anmerkungen"), ('{"format": "x"}', "keine Datei mit"),
        ('{"format": "kreisbericht-anmerkungen/1", "bericht": {"ags": "16067"}, "anmerkungen": []}', "anderen Bericht"),
    ],
)  # fmt: skip
def test_a_foreign_or_broken_file_is_named_and_nothing_is_read(reader, tmp_path, content, said):
    file = tmp_path / "fremd.json"
    file.write_text(content, encoding="utf-8")
    switch_on(reader)
    dialog = open_list(reader)
    dialog.locator("input[type=file]").set_input_files(file)
    status = dialog.get_by_role("status").filter(has_text=said)
    status.wait_for()
    assert "„fremd.json“" in status.inner_text() and "Es wurde nichts eingelesen" in status.inner_text()


def test_an_address_in_a_file_cannot_lead_out_of_the_report(reader, tmp_path):
    switch_on(reader)
    write(reader, "Tabelle", "Vorlage")
    _, content = saved(reader)
    (note,) = content["anmerkungen"]
    bad = [
        "javascript:alert(1)//x.html",
        "https://boese.example/x.html",
        "../../x.html",
        "//boese.example/x.html",
        "a/../../x.html",
    ]
    content["anmerkungen"] = [{**note, "id": page, "stelle": {**note["stelle"], "seite": page}} for page in bad]
    file = tmp_path / "fremd.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    dialog = open_list(reader)
    dialog.locator("input[type=file]").set_input_files(file)
    dialog.get_by_role("status").filter(has_text="0 Anmerkungen").filter(has_text="5 unlesbar").wait_for()


def test_the_keyboard_alone_writes_a_note_and_focus_returns_to_its_block(reader):
    reader.keyboard.press("Tab")
    for _ in range(30):
        if reader.evaluate("document.activeElement.matches('[data-anmerken]')"):
            break
        reader.keyboard.press("Tab")
    reader.keyboard.press("Enter")
    reader.get_by_role("region", name="Anmerkungen", exact=True).wait_for()
    for _ in range(60):
        if focused(reader) == "Anmerken: Überschrift „Kinderarmut“":
            break
        reader.keyboard.press("Tab")
    reader.keyboard.press("Enter")
    reader.keyboard.type("Nur mit Tasten")
    for _ in range(2):
        reader.keyboard.press("Tab")
    reader.keyboard.press("Enter")
    assert reader.locator("main .anm-text").all_inner_texts() == ["Nur mit Tasten"]
    assert focused(reader) == "Anmerken: Überschrift „Kinderarmut“"
    assert "Anmerkung gespeichert." in reader.get_by_role("status").first.inner_text()


def test_escape_leaves_the_form_and_an_empty_note_is_refused_in_words(reader):
    switch_on(reader)
    reader.get_by_role("button", name="Anmerken: Tabelle").click()
    reader.get_by_role("button", name="Speichern").click()
    assert "Bitte schreiben Sie" in reader.get_by_role("alert").inner_text()
    reader.keyboard.press("Escape")
    assert reader.get_by_role("form").count() == 0
    assert focused(reader).startswith("Anmerken: Tabelle")


def test_where_nothing_can_be_kept_the_page_says_so_and_saving_works(browser, book):
    context = browser.new_context(locale="de-DE", accept_downloads=True)
    context.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('gesperrt'); }})")
    page = context.new_page()
    page.goto((book / "chapters/armut.html").as_uri())
    switch_on(page)
    assert "gelten nur, bis Sie diese Seite verlassen" in page.get_by_role("status").first.inner_text()
    write(page, "Tabelle", "Ohne Speicher")
    assert saved(page)[1]["anmerkungen"][0]["text"] == "Ohne Speicher"
    page.on("dialog", lambda box: box.accept())
    page.get_by_role("link", name="1 Bevölkerung").first.click()
    page.wait_for_url("**/bevoelkerung.html?anmerken=weiter")
    page.get_by_role("region", name="Anmerkungen", exact=True).wait_for()  # the mode came along
    context.close()


def test_a_browser_with_a_store_for_each_page_is_noticed(browser, book):
    context = browser.new_context(locale="de-DE")
    page = context.new_page()  # as if the page before had switched the mode on in a store of its own
    page.goto((book / "chapters/armut.html").as_uri() + "?anmerken=weiter")
    assert "für jede Seite getrennt" in page.get_by_role("status").first.inner_text()
    context.close()


def test_the_address_switches_it_on_and_the_end_takes_everything_away(browser, book):
    with serve(book.parents[1]) as address:
        page = browser.new_page(locale="de-DE")
        watch = Watch().attach(page)
        page.goto(f"{address}/16065/2020/chapters/armut.html?anmerken")
        page.get_by_role("region", name="Anmerkungen", exact=True).wait_for()
        page.get_by_role("button", name="Beenden").click()
        assert page.url.endswith("armut.html") and page.locator("main [data-anm]").count() == 0
        page.reload()
        assert page.locator(".anm-leiste").count() == 0
        assert watch.take() == []
        page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_in_review_mode(browser, book, width, scheme):
    context = browser.new_context(locale="de-DE", viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    for name in ("chapters/armut.html", "index.html", "verzeichnisse.html"):
        page.goto((book / name).as_uri() + "?anmerken")
        page.get_by_role("region", name="Anmerkungen", exact=True).wait_for()
        page.evaluate(AXE)
        write(page, "Überschrift", "Eine Notiz")
        page.get_by_role("button", name="Anmerken: ").nth(1).click()
        assert violations(page) == [], f"{name} with a form"
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, name
        page.keyboard.press("Escape")
        open_list(page)
        assert violations(page) == [], f"{name} with the list"
    context.close()


def violations(page):
    found = page.evaluate(f"async () => (await {AXE_RULES}).violations")
    return [f"{v['id']}: {[node['target'] for node in v['nodes']]}" for v in found]


def test_print_shows_no_notes(reader):
    switch_on(reader)
    write(reader, "Tabelle", "Nicht drucken")
    reader.emulate_media(media="print")
    assert reader.locator("[data-anm]:visible").count() == 0


def test_the_scripts_are_small(tmp_path):
    write_assets(tmp_path)
    sizes = {path.name: path.stat().st_size for path in tmp_path.glob("review*.js")}
    assert sizes["review.js"] < 3_000 and sum(sizes.values()) < 50_000
