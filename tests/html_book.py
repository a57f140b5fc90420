"""A small HTML book for tests: two chapters in the notebooks' Markdown, with pictures that know light and dark."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
import pytest

from kreisbericht.assemble.html import write_book
from kreisbericht.assemble.markdown import link_book, read_book
from kreisbericht.book import merge, read_plan
from kreisbericht.editions import read_edition

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
AXE_RULES = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'], preload: false})"
FIND_VIOLATIONS = f"""async () => (await {AXE_RULES}).violations
  .map(found => `${{found.id}}: ${{found.nodes.slice(0, 3).map(node => node.target.join(' ')).join(' | ')}}`)"""

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="300" viewBox="0 0 720 300"><style>rect{fill:#fff}'
    '@media(prefers-color-scheme:dark){rect{fill:#14181c}}</style><rect width="720" height="300"/></svg>'
)

OPENING = "# Zu diesem Bericht {#sec-vorwort .unnumbered}\n\nWorum geht es? Um Armut, siehe @sec-armut.\n"

CHAPTER = """\
# Kinderarmut {#sec-armut}

Wie viele Kinder leben von Grundsicherung?

::: {.stand}
Berichtsjahr 2022.
:::

::: {.kernaussagen}
## Kernaussagen {.kastentitel .unnumbered .unlisted}

- [12,4 %]{.zahl} der Kinder. [ungünstiger als Thüringen (9,7 %)]{.wertung .unguenstiger}
- [70.635 Personen]{.zahl} leben hier. [ohne Wertung]{.wertung .ohne}
:::

## Wie hat sie sich entwickelt? {#sec-armut-verlauf}

@fig-armut zeigt den Verlauf, @tbl-armut die Werte.

![[Kinderarmut sinkt]{.titel} [Je 100 Kinder, 2016 bis 2022]{.untertitel}](bilder/armut.svg){#fig-armut \
fig-alt="Linie von 17,9 auf 12,4." breite=720 hoehe=300 telefon="bilder/armut.phone.svg" telefon-breite=336 \
telefon-hoehe=250}

::: {.quelle}
Quelle: BBSR, INKAR, dl-de/by-2-0.
:::

::: {.werkzeuge}
[Daten (CSV)[ zu: Kinderarmut sinkt]{.vh}](bilder/armut.csv){.download download="armut.csv"}
:::

| Gebiet | 2021 | 2022 |
|:--|--:|--:|
| [Kyffhäuserkreis]{.heim} | 12,6 | 12,4 |
| Eichsfeld | 5,3 | 5,4 |
| [Thüringen]{.summe} | 9,8 | 9,7 |

: [Werte]{.titel} [Je 100 Kinder]{.untertitel} {#tbl-armut .werte}

::: {.callout-note title="Kein Wert"}
Für 2023 fehlt der Wert.
:::

::: {.einordnung}
## Einordnung der Sozialplanung {.kastentitel .unnumbered .unlisted}

Der Rückgang folgt dem Land.
:::

::: {.datengrundlage}
Definition
:   Kinder unter 15 Jahren

Einstufung
:   [günstiger]{.wertung .guenstiger} [ähnlich]{.wertung .aehnlich}
:::
"""

SECOND = """\
# Bevölkerung {#sec-bevoelkerung}

Wie viele Menschen leben hier?

## Geburten {#sec-geburten}

Die Kindertagesbetreuung steht anderswo. Die Wanderungen gleichen die Sterbefälle nicht aus.
"""

FILES = {
    "index.qmd": OPENING,
    "chapters/bevoelkerung.qmd": SECOND,
    "chapters/armut.qmd": CHAPTER,
    "chapters/bilder/armut.svg": PICTURE,
    "chapters/bilder/armut.phone.svg": PICTURE,
    "chapters/bilder/armut.csv": "jahr;wert\n",
}
DISTRICT = {"ausgabe": {"kreis": {"ags": "16065", "name": "Kyffhäuserkreis"}}}
CHAPTERS = ["index.qmd", {"part": "Grundlagen", "chapters": ["chapters/bevoelkerung.qmd", "chapters/armut.qmd"]}]


def violations(page) -> list[str]:
    """Everything axe finds on an open page, whatever its weight: rule and places."""
    page.evaluate(AXE)
    return page.evaluate(FIND_VIOLATIONS)


def write_sample(root: Path, target: Path, *, meta: dict | None = None, **options) -> list[Path]:
    """Assemble the project in ``root`` (made by the ``project`` fixture) as HTML into ``target``."""
    profile = root / "_quarto-2020.yml"
    plan = read_plan(root, profile)
    plan.meta.update(merge(plan.meta, meta or DISTRICT))
    book = link_book(read_book(root, plan), single_file=False)
    return write_book(book, target, edition=read_edition(profile), files=root, **options)


@contextmanager
def open_browser() -> Iterator:
    """Chromium: the one of the system where there is one, else Playwright's own; skips where neither starts."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        except Error as error:
            pytest.skip(f"Chromium startet nicht: {str(error).splitlines()[0]}")
        yield browser
        browser.close()
