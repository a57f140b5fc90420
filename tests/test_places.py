"""The index of places names every section that speaks of a municipality, planning area or district, once."""

import pytest

from kreisbericht.assemble.places import FILE, find_places, print_places, write_places
from kreisbericht.book import merge, read_plan
from tests.html_book import DISTRICT, write_sample

TEXT = """\
# Wohnen {#sec-wohnen}

Sondershausens Mieten liegen vorn, die Gothaer nicht, auch nicht in Greußen-Nord.

## Wo? {#sec-wohnen-orte}

![[Titel]{.titel} [In Suhl]{.untertitel}](bild.svg){#fig-a fig-alt="Gera 3, Jena 4"}

| Gebiet | 2022 |
|:--|--:|
| Sondershausen | 1,0 |
| Verwaltungsgemeinschaft Greußen | 2,0 |

### Tiefer {#sec-wohnen-tiefer}

Bad Frankenhausen wächst, Sondershausen auch. Der [Kyffhäuserkreis]{.heim} bleibt.
"""
INDEX = "# Ortsregister {#sec-ortsregister}\n\n{{< include /_orte.md >}}\n"
FILES = {"index.qmd": "# A {#sec-a .unnumbered}\n\nArtern.\n", "chapters/wohnen.qmd": TEXT,
         "chapters/bild.svg": "<svg/>", "chapters/ortsregister.qmd": INDEX}  # fmt: skip


@pytest.fixture
def staged(project):
    root = project(FILES, chapters=["index.qmd", "chapters/wohnen.qmd"], appendices=["chapters/ortsregister.qmd"])
    plan = read_plan(root, root / "_quarto-2020.yml")
    plan.meta.update(merge(plan.meta, DISTRICT))
    return root, plan


def test_places_are_found_in_text_tables_and_captions_but_not_in_alternative_texts(staged):
    found = {place.name: place.found for place in find_places(*staged, "16065")}
    assert found == {
        "Bad Frankenhausen/Kyffhäuser": {"Wohnen": ["sec-wohnen-orte"]},
        "Sondershausen": {"Wohnen": ["sec-wohnen", "sec-wohnen-orte"]},
        "Suhl": {"Wohnen": ["sec-wohnen-orte"]},
        "Verwaltungsgemeinschaft Greußen": {"Wohnen": ["sec-wohnen-orte"]},
    }


def test_the_index_says_what_a_place_is_and_leads_to_its_sections(staged, tmp_path):
    root, plan = staged
    write_places(root, plan)
    assert (root / FILE).read_text("utf-8") == print_places(find_places(root, plan, "16065"))
    write_sample(root, tmp_path / "out")
    page = (tmp_path / "out/chapters/ortsregister.html").read_text("utf-8")
    assert "Sondershausen (Planungsraum und Gemeinde)" in page and "Suhl (Kreisfreie Stadt)" in page
    assert '<a href="wohnen.html#sec-wohnen-orte" class="ref">1.1</a>' in page


def test_a_district_without_named_places_says_so(staged):
    assert "kein Ort" in print_places(find_places(*staged, "11000"))
