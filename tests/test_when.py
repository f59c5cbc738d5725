"""Which time belongs to which act, on trees written by hand. Published Thursday 16 May 2024 (issue 4)."""

from __future__ import annotations

from datetime import date

import pytest

from dateline.analysis.times import find_times
from dateline.analysis.times.eras import with_eras
from dateline.knowledge.tables import KnowledgeError
from dateline.record import dating_words
from dateline.record.model import Statement, When
from dateline.record.timeline import make_timeline
from dateline.record.when import of_status, when_of
from trees import context


def dated(sentence: str, *before: str, word: str, at: int = 0) -> tuple[str, str, str]:
    """Start, end and basis of the time of the ``at``-th token ``word``; the last sentence's comes
    after those of ``before``."""
    built = context(*before, sentence)
    found = [t.i for t in built.tree.tokens if t.text == word]
    when = when_of(built, found[at])
    assert when is not None
    return when.start, when.end, when.basis


PUBLISHED = ("2024-05-16", "2024-05-16", "published")
MONDAY = ("2024-05-13", "2024-05-13", "stated")


def test_a_promise_is_not_dated_by_what_it_promises():
    agreed = (
        "Envoys/NNS/2/nsubj agreed/VBD/0/root to/TO/4/mark meet/VB/2/xcomp on/IN/6/case "
        "{}/NNP/4/obl"
    )
    assert dated(agreed.format("Friday"), word="meet") == ("2024-05-17", "2024-05-17", "stated")
    assert dated(agreed.format("Friday"), word="agreed") == PUBLISHED


def test_a_plan_does_not_take_the_time_of_its_announcement():
    told = (
        "Envoys/NNS/2/nsubj {}/VBD/0/root on/IN/4/case Monday/NNP/2/obl to/TO/6/mark "
        "leave/VB/2/xcomp"
    )
    assert dated(told.format("promised"), word="leave") == PUBLISHED
    assert dated(told.format("began"), word="leave") == MONDAY


def test_what_is_reported_keeps_its_own_time():
    said = (
        "Envoys/NNS/2/nsubj said/VBD/0/root on/IN/4/case Monday/NNP/2/obl that/IN/7/mark "
        "rebels/NNS/7/nsubj fled/VBD/2/ccomp in/IN/9/case 2019/CD/7/obl"
    )
    assert dated(said, word="said") == MONDAY
    assert dated(said, word="fled") == ("2019", "2019", "stated")
    without = said.replace(" in/IN/9/case 2019/CD/7/obl", "")
    assert dated(without, word="fled") == PUBLISHED


def test_an_act_that_is_only_spoken_of_keeps_its_own_time():
    held = (
        "Envoys/NNS/2/nsubj {}/VBD/0/root the/DT/4/det raid/NN/2/obj on/IN/6/case Monday/NNP/2/obl"
    )
    assert dated(held.format("condemned"), word="raid") == PUBLISHED
    assert dated(held.format("launched"), word="raid") == MONDAY


def test_coordinated_verbs_share_the_time_of_the_first():
    both = (
        "Envoys/NNS/2/nsubj met/VBD/0/root on/IN/4/case Monday/NNP/2/obl and/CC/6/cc {}/VBD/2/conj"
    )
    assert dated(both.format("agreed"), word="agreed") == MONDAY
    ahead = (
        "Envoys/NNS/2/nsubj met/VBD/0/root on/IN/4/case Monday/NNP/2/obl and/CC/7/cc will/MD/7/aux "
        "agree/VB/2/conj"
    )
    assert dated(ahead, word="agree") == PUBLISHED


def test_tense_rules_a_time_out():
    verb = "The/DT/2/det king/NN/3/nsubj {}/0/root it/PRP/3/obj on/IN/6/case May/NNP/3/obl 3/CD/6/nummod"
    assert dated(verb.format("refuses/VBZ"), word="refuses") == PUBLISHED
    assert dated(verb.format("refused/VBZ"), word="refused")[0] == "2024-05-03"


def test_since_is_noted_and_stands_behind_a_plain_time():
    first = (
        "They/PRP/2/nsubj met/VBD/0/root on/IN/4/case Monday/NNP/2/obl for/IN/7/case the/DT/7/det "
        "time/NN/2/obl since/IN/9/case 2019/CD/2/obl"
    )
    assert dated(first, word="met") == MONDAY
    built = context("They/PRP/2/nsubj left/VBD/0/root since/IN/4/case 2019/CD/2/obl")
    when = when_of(built, 1)
    assert when is not None
    assert (when.start, when.note) == ("2019", "since")


def test_nothing_since_an_act():
    clause = (
        "They/PRP/3/nsubj {}/3/advmod met/VBD/0/root after/IN/6/mark rebels/NNS/6/nsubj "
        "fled/VBD/3/advcl in/IN/8/case 2019/CD/6/obl"
    )
    never = when_of(context(clause.format("never/RB")), 2)
    often = when_of(context(clause.format("often/RB")), 2)
    assert never is not None
    assert often is not None
    assert (never.start, never.note) == ("2019", "since")
    assert often.basis == "published"


HIT = "Rebels/NNS/2/nsubj hit/VBD/0/root Chad/NNP/2/obj on/IN/5/case Monday/NNP/2/obl ././2/punct"


@pytest.mark.parametrize(
    ("sentence", "basis"),
    [
        ("Many/JJ/2/nsubj fled/VBD/0/root when/WRB/6/mark rebels/NNS/6/nsubj had/VBD/6/aux "
         "hit/VBN/2/advcl Chad/NNP/6/obj", "inferred"),
        ("Many/JJ/2/nsubj fled/VBD/0/root when/WRB/6/mark rebels/NNS/6/nsubj had/VBD/6/aux "
         "hit/VBN/2/advcl Mali/NNP/6/obj", "published"),
        ("They/PRP/4/nsubj may/MD/4/aux again/RB/4/advmod hit/VB/0/root Chad/NNP/4/obj",
         "published"),
    ],
)  # fmt: skip
def test_the_same_act_told_again(sentence, basis):
    start, _, told = dated(sentence, HIT, word="hit", at=1)
    assert told == basis
    assert (start == "2024-05-13") == (basis == "inferred")


OPENS = "In/IN/2/case 2019/CD/4/obl rebels/NNS/4/nsubj came/VBD/0/root ././4/punct"


def test_a_time_at_the_head_of_a_passage_dates_what_follows():
    burned = "They/PRP/2/nsubj {}/0/root a/DT/4/det town/NN/2/obj"
    told = dated(burned.format("burned/VBD"), OPENS, word="burned")
    assert told == ("2019", "2019", "inferred")
    inside = "Rebels/NNS/2/nsubj came/VBD/0/root in/IN/4/case 2019/CD/2/obl ././2/punct"
    assert dated(burned.format("burned/VBD"), inside, word="burned") == PUBLISHED
    assert dated(burned.format("condemned/VBD"), OPENS, word="condemned") == PUBLISHED


def test_what_is_only_planned_has_no_day_of_publication():
    day = When(start="2024-05-16", end="2024-05-16", granularity="day", basis="published")
    told = day.model_copy(update={"basis": "stated"})
    assert of_status(day, "planned") is None
    assert of_status(day, "happened") == day
    assert of_status(told, "planned") == told


BEGUN = "The army began its siege of Aden in March 2021. "
DAY = date(2024, 5, 16)


def eras(text: str) -> list[tuple[str, str]]:
    found = with_eras(text, find_times(text, reference=DAY), DAY)
    return [(e.text, e.value) for e in found if "/" in e.value]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("It fell in the siege's first year.", ("the siege's first year", "2021-03/2022-03")),
        ("It fell in the second month of the siege.",
         ("the second month of the siege", "2021-04/2021-05")),
        ("It fell three years into the siege.", ("three years into the siege", "2024-03/2024-03")),
        ("None met since the early months of the siege.",
         ("the early months of the siege", "2021-03/2021-06")),
        ("None met since the siege began.", ("the siege began", "2021-03/2021-03")),
        ("It fell in the war's first year.", ("the war's first year", "2021-03/2022-03")),
    ],
)  # fmt: skip
def test_times_counted_from_a_beginning(words, expected):
    assert eras(BEGUN + words) == [expected]
    assert eras(words) == []


def test_a_beginning_dated_on_the_spot_is_not_counted():
    assert eras(BEGUN + "None met since the siege began in 2021.") == []


def test_two_beginnings_leave_a_third_open():
    other = "The navy began a blockade in 2018. "
    assert eras(BEGUN + other + "It fell in the war's first year.") == []


def test_dating_words_are_checked(monkeypatch):
    bad = "same_time: [1]\n"
    rest = "speaks_of: []\nalongside: []\ngeneric: []\nnouns: {}\n"

    class Text:
        def joinpath(self, name):
            return self

        def read_text(self, encoding):
            return bad + rest

    monkeypatch.setattr(dating_words, "files", lambda package: Text())
    with pytest.raises(KnowledgeError, match="same_time"):
        dating_words.dating_words.__wrapped__()


def test_a_long_past_report_is_on_the_timeline_and_a_fresh_one_is_not():
    said = "Kyiv/NNP/2/nsubj said/VBD/0/root so/RB/2/advmod in/IN/5/case {}/CD/2/obl ././2/punct"
    for year, count in (("2019", 1), ("2024", 0)):
        built = context(said.format(year))
        cue = built.tree.tokens[1].span
        built.statements = [Statement(id="s1", cue=[cue], content=[(10, 12)], kind="indirect")]
        assert len(make_timeline(built, [])) == count
