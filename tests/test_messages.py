"""Key messages: what every chapter's box says of any district, read as a strict editor would."""

import datetime as dt
import json
import re
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kreisbericht import language as lang
from kreisbericht import messages, profiles, regions, sentences
from kreisbericht.numbers import number_word
from kreisbericht.paths import ROOT
from kreisbericht.scope import Scope, find_spoken

NUMBER = r"[−+]?\d+(?:\.\d{3})*(?:,\d+)?"
ENDS = re.compile(rf" von ({NUMBER}) auf ({NUMBER})(?:\s|,|\.)")
SLIPS = re.compile(r"\bnan\b|\bNone\b|  | [.,;]|\.\.|,,|\bim im\b|\bin in\b|k\. A\.|\{|\}|\bzum zum\b")


IN_WORDS = {number_word(number): number for number in range(13)}
LISTS = {}


def lists_of_chapters():
    """How each chapter's box is chosen, from its notebook, and from which indicators."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob("*/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if called := re.search(r"key_messages\((.*?)\)", "".join(cell["source"]), re.DOTALL):
                found[path.stem] = (profiles if "profile=True" in called[1] else messages).choose_messages
                LISTS[path.stem] = re.findall(r'"([^"]+)"', called[1])
    return found


CHAPTERS = lists_of_chapters()


def boxed(ags, chapter):
    scope = Scope(regions.find_region(ags, "kreis"), 2025, dt.date(2026, 9, 30))
    return CHAPTERS[chapter](scope, [find_spoken(name) for name in LISTS[chapter]])


def plain(text):
    return text.replace("\u00a0", " ")


def test_every_rate_of_a_box_has_a_sentence_of_its_own():
    named = {name for names in LISTS.values() for name in names}
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


@pytest.mark.parametrize("chapter", ["profil_familie", "profil_bildung", "profil_armut"])
@pytest.mark.parametrize("ags", ["16065", "02000", "03241", "10041", "13075"])
def test_a_profile_tells_the_whole_and_not_its_chapters_again(ags, chapter):
    division, *outliers = boxed(ags, chapter)
    most, total = map(int, re.fullmatch(r"(\d+) von (\d+)", division.figure).groups())
    assert "Kennzahlen mit Wertung" in division.sentence
    rest = re.findall(r"(\w+) (?:ähnlich|günstiger|ungünstiger)\b", division.sentence.partition(" aus")[2])
    assert most + sum(1 if word == "eine" else IN_WORDS[word] for word in rest) == total
    assert [message.rating for message in outliers] == [
        way for way in ("unguenstiger", "guenstiger") if way in {message.rating for message in outliers}
    ]


def test_sizes_are_left_out_where_the_printed_ends_say_another():
    # 6,7 to 6,2 reads as 0,5, but 6.651 − 6.249 = 0.402; 6,7 to 6,3 and 0.354 both read as 0,4
    density, home = find_spoken("hausaerzte_je_10000"), regions.find_region("16065")
    for last, size in ((6.249, ""), (6.297, "um 0,4 ")):
        said = sentences.trend_sentences(density, home, pd.Series([6.651, last], index=[2015, 2022]))[0]
        end = "6,2" if last < 6.25 else "6,3"
        assert f"zwischen 2015 und 2022 {size}gesunken, von 6,7 auf {end} je" in plain(said)
