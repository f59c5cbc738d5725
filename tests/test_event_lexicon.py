"""The word tables: every row parses, names what the codebook knows, and no row repeats another."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest

from dateline.analysis.lemmas import lemma
from dateline.knowledge.tables import KnowledgeError, read_csv
from dateline.record import lexicon
from dateline.record.codebook import load_codebook
from dateline.record.model import Stance, Status

BOOK = load_codebook()
FRAMES = [frame for frames in lexicon.event_frames().values() for frame in frames]
ISSUES = (
    "territory ceasefire withdrawal security_guarantees alliance_membership neutrality arms_limits "
    "military_aid peacekeeping sanctions recognition prisoners refugees humanitarian_access "
    "elections_leadership justice reparations nuclear trade_energy talks_format"
)
# Verbs of the manual's own definitions that a coder cannot do without.
MUST_HAVE = {
    "AGREE": "agree promise pledge offer accept ready",
    "CONSULT": "meet talk visit host negotiate discuss phone mediate",
    "SUPPORT": "praise endorse defend recognise ratify sign congratulate",
    "CONCEDE": "apologise pardon lift concede announce",
    "COOPERATE": "cooperate extradite share trade",
    "AID": "provide donate rescue lend arm grant",
    "RETREAT": "withdraw release surrender resign disarm return",
    "REQUEST": "demand urge ask call invite appeal request",
    "ACCUSE": "accuse blame condemn criticise sue investigate summon",
    "REJECT": "reject refuse veto decline cancel dismiss",
    "THREATEN": "threaten warn vow",
    "PROTEST": "protest demonstrate riot boycott march",
    "SANCTION": "sanction expel recall suspend sever convict",
    "MOBILIZE": "deploy mobilise mass scramble",
    "COERCE": "arrest detain deport seize ban raid censor hack",
    "ASSAULT": "attack kill bomb shell shoot kidnap torture clash invade assassinate",
}


def test_the_lexicon_is_large_and_varied() -> None:
    assert len(FRAMES) >= 2000
    assert len({frame.lemma for frame in FRAMES}) >= 800


def test_no_frame_stands_twice() -> None:
    seen = Counter(
        (row["lemma"], row["pos"], row["frame"])
        for row in read_csv("event_lexicon.csv", lexicon.FRAME_COLUMNS)
    )
    assert [key for key, count in seen.items() if count > 1] == []


@pytest.mark.parametrize("name", list(BOOK.types))
def test_every_type_has_many_triggers(name: str) -> None:
    assert len({frame.lemma for frame in FRAMES if frame.type == name}) >= 25


@pytest.mark.parametrize("name", list(BOOK.types))
def test_every_type_can_be_told_by_a_noun(name: str) -> None:
    assert any(frame.pos == "N" for frame in FRAMES if frame.type == name)


@pytest.mark.parametrize("name", MUST_HAVE)
def test_central_words_are_there(name: str) -> None:
    lemmas = {frame.lemma for frame in FRAMES if frame.type == name}
    assert set(MUST_HAVE[name].split()) - lemmas == set()


@pytest.mark.parametrize("name", [name for name in BOOK.types if BOOK.modes(name)])
def test_every_mode_but_the_rarest_has_a_trigger(name: str) -> None:
    used = {frame.mode for frame in FRAMES if frame.type == name}
    used |= {rule.mode for rules in lexicon.embeddings().values() for rule in rules}
    assert set(BOOK.modes(name)) - used == set()


def test_cameo_codes_of_frames_fit_their_type() -> None:
    """A sharper code must still be one that the type can have."""
    wrong = []
    for frame in FRAMES:
        if frame.cameo is None:
            continue
        code = BOOK.cameo[frame.cameo]
        types = {r.type for r in (code.reading, *code.also) if r is not None}
        if frame.type not in types:
            wrong.append((frame.lemma, frame.type, frame.cameo))
    assert wrong == []


def test_a_row_with_more_conditions_outranks_the_bare_word() -> None:
    frames = lexicon.event_frames()[("release", "V")]
    assert frames[-1].requires == ()
    assert any(frame.type == lexicon.BLOCK for frame in frames[:-1])
    assert list(frames) == sorted(frames, key=lambda frame: frame.rank)


def test_reciprocal_mark_and_slots() -> None:
    meet = next(f for f in lexicon.event_frames()[("meet", "V")] if not f.requires)
    assert meet.reciprocal
    assert meet.actor_slots == ((lexicon.Step("nsubj"),),)
    assert meet.recipient_slots[0] == (lexicon.Step("prep", "with"),)
    invade = lexicon.event_frames()[("invade", "V")][0]
    assert not invade.reciprocal


def test_frame_language() -> None:
    (first, second) = lexicon.parse_frame("obj=@curfew,#place|prep:with & !xcomp>obj=home")
    assert first.tests[0].slot == (lexicon.Step("obj"),)
    assert first.tests[0].lemmas == {"curfew"}
    assert first.tests[0].names == {"place"}
    assert first.tests[1] == lexicon.SlotTest((lexicon.Step("prep", "with"),))
    assert second.negated
    assert not first.negated
    assert second.tests[0].slot == (lexicon.Step("xcomp"), lexicon.Step("obj"))


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_frame_asks_for_nothing(text: str) -> None:
    assert lexicon.parse_frame(text) == ()
    assert lexicon.parse_slots(text) == ()


@pytest.mark.parametrize(
    "text", ["object", "obj=@nowhere", "obj=#river", "obj=", "obj>what", "obj & !", "+obj"]
)
def test_a_bad_frame_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(KnowledgeError, match=r"my\.csv, line 7"):
        lexicon.parse_frame(text, "my.csv, line 7")


def test_embedding_turns_a_promised_act_into_a_promise_or_a_threat() -> None:
    rules = lexicon.embeddings()["pledge"]
    outcome = {act: r.type for r in rules if r.polarity == "+" for act in r.embedded}
    assert outcome["AID"] == "AGREE"
    assert outcome["ASSAULT"] == "THREATEN"
    refused = {act: r.mode for r in lexicon.embeddings()["refuse"] for act in r.embedded}
    assert (refused["CONSULT"], refused["AID"], refused["RETREAT"]) == ("meet", "assist", "yield")


def test_status_cues() -> None:
    cues = lexicon.status_cues()
    statuses = {cue.status for found in cues.values() for cue in found}
    assert statuses == set(get_args(Status))
    assert {cue.status for cue in cues["not"] if cue.lemmas == ("not",)} == {"denied"}
    assert [len(cue.lemmas) for cue in cues["not"]] == sorted(
        (len(cue.lemmas) for cue in cues["not"]), reverse=True
    )
    assert cues["would"][-1].status == "hypothetical"
    assert cues["will"][-1].status == "planned"


def test_reporting_cues() -> None:
    cues = lexicon.reporting_verbs()
    say = next(cue for cue in cues["say"] if cue.lemmas == ("say",))
    assert (say.kind, say.implies, say.stance) == ("speech", None, "neutral")
    accuse = next(cue for cue in cues["accuse"])
    assert accuse.implies == "ACCUSE"
    assert ("according", "to") in {cue.lemmas for cue in cues["according"]}
    assert next(cue for cue in cues["claim"] if cue.pos == "V").stance == "doubtful"
    assert sum(len(found) for found in cues.values()) >= 500


def test_issues_are_the_twenty_and_well_cued() -> None:
    issues = lexicon.issues()
    assert list(issues) == ISSUES.split()
    for issue in issues.values():
        assert issue.title
        assert issue.description
        assert len(issue.cues) >= 25
        assert len(set(issue.cues)) == len(issue.cues)
        assert all(word == word.lower() for cue in issue.cues for word in cue)


def test_stances_cover_all_eight() -> None:
    frames = [frame for found in lexicon.stances().values() for frame in found]
    assert {frame.stance for frame in frames} == set(get_args(Stance))
    assert min(Counter(frame.stance for frame in frames).values()) >= 8
    rule = lexicon.stances()[("rule", "V")][0]
    assert rule.stance == "rules_out"


def test_word_classes_hold_lower_case_words() -> None:
    for name, lemmas in lexicon.event_classes().items():
        assert lemmas, name
        assert all(lemma == lemma.lower() and " " not in lemma for lemma in lemmas), name


@pytest.mark.issue(5)
@pytest.mark.parametrize(
    ("form", "verb"),
    [("invaded", "invade"), ("raided", "raid"), ("convening", "convene"), ("sued", "sue"),
     ("scheduled", "schedule"), ("avoided", "avoid"), ("boycotted", "boycott"), ("barred", "bar"),
     ("phoned", "phone"), ("beheaded", "behead"), ("used", "use")],
)  # fmt: skip
def test_lemmas_reach_the_lexicon(form, verb):
    assert lemma(form, "VBD" if form.endswith("ed") else "VBG") == verb
