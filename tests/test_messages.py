"""Key messages: what every chapter's box says of any district, read as a strict editor would."""

import datetime as dt
import json
import re
from decimal import Decimal

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kreisbericht import language as lang
from kreisbericht import messages, regions, sentences
from kreisbericht.paths import ROOT
from kreisbericht.scope import Scope, find_spoken

NUMBER = r"[−+]?\d+(?:\.\d{3})*(?:,\d+)?"
ENDS = re.compile(rf" von ({NUMBER}) auf ({NUMBER})(?:\s|,|\.)")
SLIPS = re.compile(r"\bnan\b|\bNone\b|  | [.,;]|\.\.|,,|\bim im\b|\bin in\b|k\. A\.|\{|\}|\bzum zum\b")


def lists_of_chapters():
    """Indicators of each chapter's box, from its notebook."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob("*/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if called := re.search(r"key_messages\((.*?)\)", "".join(cell["source"]), re.DOTALL):
                found[path.stem] = re.findall(r'"([^"]+)"', called[1])
    return found


CHAPTERS = lists_of_chapters()


def boxed(ags, chapter):
    scope = Scope(regions.find_region(ags, "kreis"), 2025, dt.date(2026, 9, 30))
    return messages.choose_messages(scope, [find_spoken(name) for name in CHAPTERS[chapter]])


def plain(text):
    return text.replace("\u00a0", " ")


def test_every_rate_of_a_box_has_a_sentence_of_its_own():
    named = {name for names in CHAPTERS.values() for name in names}
    without = [
        name for name in named if not lang.is_count(find_spoken(name).unit) and not find_spoken(name).key_sentence
    ]
    assert len(CHAPTERS) > 20
    assert without == []


@settings(max_examples=120, deadline=None)
@given(st.sampled_from([region.ags for region in regions.districts()]), st.sampled_from(sorted(CHAPTERS)))
def test_boxes_read_well_for_every_district(ags, chapter):
    home = regions.find_region(ags)
    found = boxed(ags, chapter)
    assert len(found) <= messages.MOST
    for message in found:
        said = plain(f"{message.figure} {message.sentence}")
        assert not SLIPS.search(said), said
        assert message.sentence.endswith("."), said
        assert not re.match(rf"{NUMBER} je ", said), said
        assert home.in_phrase in said or " von " in said, said
        assert message.word or not re.match(r"0(,0+)?( %)?$", plain(message.figure)), said


@settings(max_examples=120, deadline=None)
@given(st.sampled_from([region.ags for region in regions.districts()]), st.sampled_from(sorted(CHAPTERS)))
def test_the_large_figure_of_a_change_is_what_its_sentence_shows(ags, chapter):
    for message in boxed(ags, chapter):
        ends = ENDS.search(plain(f"{message.sentence} "))
        if not ends or ("%" in message.figure and "%" not in message.sentence):
            continue  # a count or an amount changes in per cent
        number = re.match(NUMBER, message.figure)[0]
        first, last, shown = (
            Decimal(part.replace(".", "").replace(",", ".").replace("−", "-")) for part in (*ends.groups(), number)
        )
        assert shown in (last - first, last), message


def test_what_a_district_does_not_have_is_no_finding():
    # BBSR, INKAR 2024: no university in the Kyffhäuserkreis, so 0,0 students there
    said = " ".join(message.sentence for message in boxed("16065", "lebenslanges_lernen"))
    assert "Studierende" not in said and "Autofahrt" in said


def test_one_statement_on_each_further_figure():
    # employees with a degree: the share and its change are both told only where the box would be nearly empty
    said = [message.sentence for message in boxed("16065", "qualifikation")]
    assert len(said) >= messages.FEWEST
    assert sum("akademisch" in sentence.lower() or "akademiker" in sentence.lower() for sentence in said) == 1


def test_sizes_are_left_out_where_the_printed_ends_say_another():
    # 6,7 to 6,2 reads as 0,5, but 6.651 − 6.249 = 0.402; 6,7 to 6,3 and 0.354 both read as 0,4
    density, home = find_spoken("hausaerzte_je_10000"), regions.find_region("16065")
    for last, size in ((6.249, ""), (6.297, "um 0,4 ")):
        said = sentences.trend_sentences(density, home, pd.Series([6.651, last], index=[2015, 2022]))[0]
        end = "6,2" if last < 6.25 else "6,3"
        assert f"zwischen 2015 und 2022 {size}gesunken, von 6,7 auf {end} je" in plain(said)
