"""Positions: rules on trees written by hand, and invented sentences read end to end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from dateline.knowledge.tables import KnowledgeError
from dateline.record import lexicon
from dateline.record.build import read_context
from dateline.record.extent import after, around, span_of
from dateline.record.issues import issues_of
from dateline.record.model import Party, Position, Statement
from dateline.record.positions import make_positions
from dateline.record.statements import make_statements
from dateline.record.verb_group import verb_group
from trees import context

DEMANDS = (
    "Armenia/NNP/2/nsubj demands/VBZ/0/root the/DT/4/det return/NN/2/obj of/IN/7/case "
    "occupied/JJ/7/amod territories/NNS/4/nmod ././2/punct"
)
TWO = (
    "Chad/NNP/2/nsubj demands/VBZ/0/root that/IN/5/mark troops/NNS/5/nsubj withdraw/VB/2/ccomp "
    "from/IN/8/case its/PRP$/8/nmod:poss territory/NN/5/obl and/CC/10/cc wants/VBZ/2/conj "
    "reparations/NNS/10/obj ././2/punct"
)


def told(built) -> list[tuple[str, str, str, str]]:
    return [
        (p.party.actor or "", p.issue, p.stance, built.text[p.content[0] : p.content[1]])
        for p in make_positions(built)
    ]


def said(built, speaker: str, country: str) -> None:
    """Makes the whole text a statement of ``speaker``."""
    end = len(built.text)
    party = Party(span=(0, 1), text=speaker, actor=country)
    built.statements = [
        Statement(id="s1", speaker=party, content=[(0, end)], kind="indirect", confidence=1.0)
    ]


def test_a_demand_with_its_words():
    built = context(DEMANDS, names=(("Armenia", "place"),))
    assert told(built) == [("ARM", "territory", "demands", "the return of occupied territories")]


def test_an_issue_without_a_stance_is_no_position():
    built = context(DEMANDS.replace("demands", "discusses"), names=(("Armenia", "place"),))
    assert told(built) == []


def test_coordinated_stances_keep_their_own_words():
    built = context(TWO, names=(("Chad", "place"),))
    assert told(built) == [
        ("TCD", "withdrawal", "demands", "troops withdraw from its territory"),
        ("TCD", "territory", "demands", "troops withdraw from its territory"),
        ("TCD", "reparations", "demands", "reparations"),
    ]


@pytest.mark.parametrize(
    ("auxiliary", "positions"),
    [
        ("will/MD/3/aux", [("KEN", "sanctions", "supports", "sanctions")]),
        ("may/MD/3/aux", []),
        ("should/MD/3/aux", []),
    ],
)
def test_what_is_only_possible_is_no_position(auxiliary, positions):
    built = context(
        f"Kenya/NNP/3/nsubj {auxiliary} support/VB/0/root sanctions/NNS/3/obj",
        names=(("Kenya", "place"),),
    )
    assert told(built) == positions


def test_negation_turns_support_and_silences_a_demand():
    sentence = "Kenya/NNP/4/nsubj did/VBD/4/aux not/RB/4/advmod {}/VB/0/root sanctions/NNS/4/obj"
    names = (("Kenya", "place"),)
    assert told(context(sentence.format("support"), names=names))[0][2] == "rejects"
    assert told(context(sentence.format("demand"), names=names)) == []


def test_a_supposition_and_a_question_are_no_positions():
    names = (("Kenya", "place"),)
    plain = "Kenya/NNP/2/nsubj demands/VBZ/0/root sanctions/NNS/2/obj {}/./2/punct"
    assert told(context(plain.format("."), names=names))
    assert told(context(plain.format("?"), names=names)) == []
    supposed = "If/IN/3/mark Kenya/NNP/3/nsubj demands/VBZ/0/root sanctions/NNS/3/obj"
    assert told(context(supposed, names=names)) == []


def test_a_refusal_outweighs_what_is_refused():
    built = context(
        "Kenya/NNP/2/nsubj refused/VBD/0/root to/TO/4/mark accept/VB/2/xcomp "
        "peacekeepers/NNS/4/obj ././2/punct",
        names=(("Kenya", "place"),),
    )
    assert told(built) == [("KEN", "peacekeeping", "rejects", "accept peacekeepers")]


def test_accusations_are_denied_not_turned_down():
    sentence = "Kenya/NNP/2/nsubj rejected/VBD/0/root {}/NNS/2/obj of/IN/5/case genocide/NN/3/nmod"
    names = (("Kenya", "place"),)
    assert told(context(sentence.format("prosecutions"), names=names))
    assert told(context(sentence.format("accusations"), names=names)) == []


MUST = (
    "The/DT/2/det troops/NNS/4/nsubj must/MD/4/aux leave/VB/0/root the/DT/6/det "
    "territory/NN/4/obj ././4/punct"
)


def test_a_duty_of_others_is_the_speakers_demand():
    built = context(MUST, names=(("Kenya", "place"),))
    assert told(built) == []  # the article's own words: nobody's demand
    built.cast.actors["KEN"] = built.cast.actors.get("KEN") or _country("KEN", "Kenya")
    said(built, "Kenya", "KEN")
    assert [(a, s) for a, _, s, _ in told(built)] == [("KEN", "demands")] * len(told(built))
    assert told(built)


def test_the_speakers_own_duty_is_no_demand():
    built = context(
        "We/PRP/3/nsubj must/MD/3/aux leave/VB/0/root the/DT/5/det territory/NN/3/obj ././3/punct"
    )
    built.cast.actors["KEN"] = _country("KEN", "Kenya")
    said(built, "Kenya", "KEN")
    assert told(built) == []


def _country(code: str, name: str):
    from dateline.record.model import Actor

    return Actor(id=code, name=name, country=code, kind="country")


@pytest.mark.parametrize(
    ("date", "basis"), [("by/IN/6/case June/NNP/4/obl", "published"), ("", "published")]
)
def test_a_deadline_is_not_when_the_stance_was_taken(date, basis):
    built = context(
        f"Chad/NNP/2/nsubj wants/VBZ/0/root troops/NNS/4/nsubj withdrawn/VBN/2/xcomp {date}",
        names=(("Chad", "place"),),
    )
    assert [p.when.basis for p in make_positions(built) if p.when] == [basis]


def test_the_stance_has_its_own_day():
    built = context(
        "In/IN/2/case 2019/CD/4/obl Chad/NNP/4/nsubj demanded/VBD/0/root sanctions/NNS/4/obj",
        names=(("Chad", "place"),),
    )
    assert [p.when.start for p in make_positions(built) if p.when] == ["2019"]


def test_the_chain_ends_in_the_country():
    built = context(DEMANDS, names=(("Armenia", "place"),))
    assert make_positions(built)[0].via == ["Armenia"]


@pytest.mark.parametrize(
    ("words", "issues"),
    [
        ("all/DT/3/det economic/JJ/3/amod sanctions/NNS/0/root", ["sanctions"]),
        ("weapons/NNS/0/root", ["military_aid"]),
        ("weapon/NN/2/compound inspectors/NNS/0/root", []),
        ("ceasefire/NN/2/compound talks/NNS/0/root", ["talks_format"]),
        ("a/DT/2/det ceasefire/NN/0/root", ["ceasefire"]),
        ("a/DT/2/det truce/NN/0/root under/IN/5/case any/DT/5/det amnesty/NN/2/nmod",
         ["ceasefire"]),
        ("lift/VB/0/root its/PRP$/3/nmod:poss siege/NN/1/obj", ["humanitarian_access"]),
        ("nothing/NN/0/root else/RB/1/advmod", []),
    ],
)  # fmt: skip
def test_issues_of_words(words, issues):
    built = context(words)
    assert issues_of(built, 0, len(built.tree.tokens)) == issues


def test_every_cue_is_the_first_match_of_its_issue_alone():
    """A phrase listed under two issues would make every such position two."""
    seen: dict[tuple[str, ...], str] = {}
    for issue in lexicon.issues().values():
        for cue in issue.cues:
            assert seen.setdefault(cue, issue.key) == issue.key, cue


def test_extent_stops_before_a_new_clause():
    built = context(TWO)
    assert span_of(built, after(built, 1) or (0, 0)) == (18, 52)
    assert around(built, 4)[0] == 3


@pytest.mark.parametrize(
    ("sentence", "verb", "negated", "future"),
    [
        ("They/PRP/4/nsubj will/MD/4/aux never/RB/4/advmod leave/VB/0/root", 3, True, True),
        ("They/PRP/3/nsubj have/VBP/3/aux left/VBN/0/root", 2, False, False),
    ],
)
def test_verb_groups(sentence, verb, negated, future):
    group = verb_group(context(sentence).tree, verb)
    assert (group.negated, group.future) == (negated, future)


# Invented sentences: (sentence, country of the party, issue, stance).
TAKEN = [
    ("Armenia demands the return of the occupied territories.", "ARM", "territory", "demands"),
    ("Serbia rejected any new border between the two states.", "SRB", "territory", "rejects"),
    ("Colombia offered the rebels a six-month ceasefire.", "COL", "ceasefire", "offers"),
    ("Sudan ruled out a truce during the rainy season.", "SDN", "ceasefire", "rules_out"),
    ("Chad wants French troops to leave by December.", "TCD", "withdrawal", "demands"),
    ("Turkey agreed to withdraw its soldiers from Syria.", "TUR", "withdrawal", "accepts"),
    ("Moldova is seeking security guarantees from its partners.", "MDA", "security_guarantees",
     "demands"),
    ("Germany opposes security guarantees for Georgia.", "DEU", "security_guarantees", "rejects"),
    ("Sweden supports Georgia's bid to join Nato.", "SWE", "alliance_membership", "supports"),
    ("Hungary opposes Ukrainian membership of the European Union.", "HUN", "alliance_membership",
     "rejects"),
    ("Austria said it would never give up its neutrality.", "AUT", "neutrality", "rules_out"),
    ("China doubts that Taiwan can remain neutral.", "CHN", "neutrality", "doubts"),
    ("Japan called for arms control talks with Pyongyang.", "JPN", "arms_limits", "demands"),
    ("Hezbollah refused to disarm.", "LBN", "arms_limits", "rejects"),
    ("Poland pledged 40 tanks and more ammunition to Kyiv.", "POL", "military_aid", "offers"),
    ("Slovakia opposes any new arms deliveries to Ukraine.", "SVK", "military_aid", "rejects"),
    ("Kenya proposed an international force for Haiti.", "KEN", "peacekeeping", "offers"),
    ("Eritrea ruled out any role for African peacekeepers.", "ERI", "peacekeeping", "rules_out"),
    ("Iran would negotiate only if the sanctions were lifted.", "IRN", "sanctions", "conditions"),
    ("Canada backs tougher sanctions against Belarus.", "CAN", "sanctions", "supports"),
    ("Spain accepted the recognition of a Palestinian state.", "ESP", "recognition", "accepts"),
    ("Romania rejects the recognition of Kosovo.", "ROU", "recognition", "rejects"),
    ("Hamas demands the release of 600 prisoners.", "PSE", "prisoners", "demands"),
    ("Azerbaijan accepted an exchange of prisoners.", "AZE", "prisoners", "accepts"),
    ("Lebanon insists on the return of Syrian refugees.", "LBN", "refugees", "demands"),
    ("Poland rejects any quota for asylum seekers.", "POL", "refugees", "rejects"),
    ("Egypt urged Israel to open a corridor for aid trucks.", "EGY", "humanitarian_access",
     "demands"),
    ("Ethiopia blocked aid convoys to Tigray.", "ETH", "humanitarian_access", "rejects"),
    ("France demanded a free and fair election in Niger.", "FRA", "elections_leadership",
     "demands"),
    ("Mali rejected calls for an early return to civilian rule.", "MLI", "elections_leadership",
     "rejects"),
    ("Gambia supports a tribunal for the generals.", "GMB", "justice", "supports"),
    ("Sri Lanka rejected an international investigation.", "LKA", "justice", "rejects"),
    ("Poland demands reparations from Germany.", "POL", "reparations", "demands"),
    ("Namibia accepted Germany's offer of compensation.", "NAM", "reparations", "accepts"),
    ("Pakistan refuses to give up its nuclear weapons.", "PAK", "nuclear", "rejects"),
    ("Iran questioned the need for new nuclear inspections.", "IRN", "nuclear", "doubts"),
    ("Australia supports a free trade agreement with India.", "AUS", "trade_energy", "supports"),
    ("Britain doubts that tariffs would help its industry.", "GBR", "trade_energy", "doubts"),
    ("Russia wants direct talks with Washington.", "RUS", "talks_format", "demands"),
    ("Norway offered to host talks between the two sides.", "NOR", "talks_format", "offers"),
]  # fmt: skip
# The same issues with no stance of anybody's, or one that is only asked, supposed or denied.
NOT_TAKEN = [
    "Armenian and Turkish officials discussed the border on Monday.",
    "The ceasefire in Sudan lasted three hours.",
    "If Chad demands the withdrawal of French troops, the talks will fail.",
    "Will Turkey accept peacekeepers on its border?",
    "Japan might support new sanctions against North Korea.",
    "France denied that it had demanded the withdrawal of Israeli troops.",
    "Egypt did not ask for security guarantees.",
    "Serbia rejected accusations of war crimes.",
    "Poland asked whether Hungary would accept refugees.",
    "The prisoners arrived in Kenya on Friday.",
    "Norway and Chile trade fish and copper.",
    "It is not known whether Iran would accept nuclear inspections.",
]


@cache
def read(sentence: str) -> tuple[tuple[str, Position], ...]:
    built = read_context(sentence, date(2024, 5, 16))
    built.statements = make_statements(built)
    return tuple((built.cast.actors[p.party.actor or ""].country, p) for p in make_positions(built))


def test_all_issues_and_stances_are_tried():
    assert {issue for _, _, issue, _ in TAKEN} == set(lexicon.issues())
    assert {stance for *_, stance in TAKEN} == set(lexicon.STANCES)


def test_invented_positions_are_found():
    """At least 32 of the 40 with the very party, issue and stance."""
    missed = [
        row for row in TAKEN
        if not any((c, p.issue, p.stance) == row[1:] for c, p in read(row[0]))
    ]  # fmt: skip
    assert len(missed) <= 8, missed


def test_little_else_is_found_in_them():
    """At least 0.85 of what is found there is right."""
    found = [(row, c, p) for row in TAKEN for c, p in read(row[0])]
    wrong = [(row[0], c, p.issue, p.stance) for row, c, p in found
             if (c, p.issue, p.stance) != row[1:]]  # fmt: skip
    assert len(wrong) <= 0.15 * len(found), wrong


def test_no_position_where_none_is_taken():
    """At most one of the twelve is misread."""
    found = [(s, c, p.issue, p.stance) for s in NOT_TAKEN for c, p in read(s)]
    assert len(found) <= 1, found


def test_positions_lie_within_the_text_and_are_told_once():
    for sentence, *_ in TAKEN:
        found = [(p.party.actor, p.issue, p.stance, p.content) for _, p in read(sentence)]
        assert len(found) == len(set(found))
        assert all(0 <= start < end <= len(sentence) for *_, (start, end) in found)


# -- sentences with the positions a reader would note ----------------------------------------------

SENTENCES = Path(__file__).with_name("position_sentences.txt")


@dataclass(frozen=True)
class Expected:
    country: str
    issue: str
    stance: str
    words: str
    by: str


@cache
def sentences() -> list[tuple[str, list[Expected]]]:
    """Sentences with their positions, as the file's head says."""
    found = []
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sentence, _, rest = line.partition("|")
            noted = [part for part in rest.split(" ; ") if part.strip()]
            found.append((sentence.strip(), [_expected(part) for part in noted]))
    return found


def _expected(text: str) -> Expected:
    codes, words, *by = (part.strip() for part in text.split("|"))
    country, issue, stance = codes.split()
    return Expected(country, issue, stance, words, by[0] if by else "")


@cache
def noted(sentence: str) -> list[tuple[str, str, str, str, str]]:
    """Country, issue, stance, words and speaker of the positions found."""
    built = read_context(sentence, date(2024, 5, 16))
    built.statements = make_statements(built)
    speakers = {s.id: s.speaker.text if s.speaker else "" for s in built.statements}
    return [
        (
            built.cast.actors[p.party.actor or ""].country, p.issue, p.stance,
            sentence[slice(*p.content)], speakers.get(p.statement or "", ""),
        )
        for p in make_positions(built)
    ]  # fmt: skip


def is_noted(sentence: str, right: Expected) -> bool:
    return any(
        found[:3] == (right.country, right.issue, right.stance)
        and right.words in found[3]
        and right.by in found[4]
        for found in noted(sentence)
    )


def test_positions_of_sentences_are_found():
    """59 of 64 when written; what is missed then was read and left."""
    asked = [(sentence, right) for sentence, all_right in sentences() for right in all_right]
    missed = [(s, right) for s, right in asked if not is_noted(s, right)]
    assert len(missed) <= 8, missed


def test_positions_found_in_sentences_are_right():
    wrong = []
    for sentence, right in sentences():
        codes = {(r.country, r.issue, r.stance) for r in right}
        wrong += [(sentence, found) for found in noted(sentence) if found[:3] not in codes]
    assert len(wrong) <= 2, wrong


def test_domestic_and_told_of_others_is_no_position():
    empty = [sentence for sentence, right in sentences() if not right]
    assert len(empty) >= 35
    assert [s for s in empty if noted(s)][1:] == []


@pytest.mark.parametrize(
    ("words", "issues"),
    [
        ("an/DT/2/det election/NN/0/root", ["elections_leadership"]),
        ("election/NN/2/compound staff/NNS/0/root", []),
        ("a/DT/3/det ceasefire/NN/3/compound deal/NN/0/root", ["ceasefire"]),
        ("withdraw/VB/0/root from/IN/4/case the/DT/4/det valley/NN/1/obl", ["withdrawal"]),
        ("withdraw/VB/0/root from/IN/4/case the/DT/4/det race/NN/1/obl", []),
        ("a/DT/4/det two/CD/4/nummod -/HYPH/4/punct state/NN/5/compound solution/NN/0/root",
         ["recognition"]),
        ("meddling/VBG/0/root in/IN/4/case the/DT/4/det election/NN/1/obl", []),
    ],
)  # fmt: skip
def test_what_an_issue_is_not(words, issues):
    built = context(words)
    assert issues_of(built, 0, len(built.tree.tokens)) == issues


def test_a_users_issues_are_added(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(
        "water:\n  title: Water\n  description: Rivers.\n  cues: [share of the river]\n"
    )
    issues = lexicon.user_issues(path)
    assert list(issues) == [*lexicon.issues(), "water"]
    built = context("a/DT/2/det share/NN/0/root of/IN/5/case the/DT/5/det river/NN/2/nmod")
    assert issues_of(built, 0, 5) == []
    built.issues = issues
    assert issues_of(built, 0, 5) == ["water"]


@pytest.mark.parametrize("text", ["water: 3", "water:\n  title: Water", "- a list", "a: [b"])
def test_a_users_issues_that_do_not_fit_are_refused(tmp_path, text):
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(KnowledgeError, match=r"own\.yaml"):
        lexicon.user_issues(path)
