"""The page for a meeting says what is to be decided and what was, from the same tables as the book."""

import datetime as dt
import re

import pikepdf
import pytest

from kreisbericht.editions import find_edition
from kreisbericht.errors import ParameterError
from kreisbericht.paths import ROOT
from kreisbericht.regions import find_region
from kreisbericht.strategy.agenda import Meeting, compose_agenda, find_body, previous_meeting, write_agenda
from kreisbericht.strategy.rules import recommend
from kreisbericht.strategy.tables import load_strategy

HOME = "99999"


def meeting(day=dt.date(2026, 12, 9), body="Steuerungsgremium"):
    return Meeting(find_region(HOME), find_edition(ROOT, "2025"), body, day)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_agenda(meeting(), tmp_path_factory.mktemp("sitzung"))


def test_open_recommendations_stand_with_finding_and_field_and_decided_ones_do_not(written):
    text = written[0].read_text(encoding="utf-8")
    found = recommend(meeting().scope, load_strategy(HOME))
    waiting, decided = ([one for one in found if one.is_open is wanted] for wanted in (True, False))
    assert waiting and decided
    assert text.count("☐ angenommen") == len(waiting)
    assert all(one.id in text for one in waiting)
    assert not any(f"<dd>{one.id}" in text.replace("\n", "") for one in decided)
    assert "Sprechstunde in der Erfundenen Aue" in text  # overdue milestone


def test_the_page_lists_decisions_since_the_bodys_last_meeting(written):
    text = written[0].read_text(encoding="utf-8").partition("Gefasste Beschlüsse")[2]
    assert previous_meeting(meeting(), load_strategy(HOME)) == dt.date(2026, 9, 2)
    assert "Bericht über die Maßnahmen" in text
    assert "KT 12/2019" not in text


def test_the_page_asks_no_other_host_and_the_pdf_is_tagged(written):
    page, pdf = written
    assert not re.findall(r'(?:src|href)="http|url\(http|@import', page.read_text(encoding="utf-8"))
    with pikepdf.open(pdf) as opened:
        assert "/StructTreeRoot" in opened.Root
        assert opened.Root.Lang == "de"
        assert "Steuerungsgremium" in str(opened.docinfo["/Title"])


def test_a_later_meeting_knows_what_an_earlier_one_could_not():
    strategy = load_strategy(HOME)
    early = compose_agenda(meeting(dt.date(2026, 3, 1)), strategy)
    assert "Zu entscheiden" in early
    assert "Räume stehen erst dann bereit" not in early  # decided on 11.03.2026


def test_an_unknown_body_is_named_with_the_nearest_one():
    strategy = load_strategy(HOME)
    assert find_body("steuerungsgremium", strategy) == "Steuerungsgremium"
    with pytest.raises(ParameterError, match="Meinten Sie: Steuerungsgremium"):
        find_body("steuergremium", strategy)
