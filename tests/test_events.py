"""The event coder: rules on trees written by hand, and whole sentences through the network."""

from __future__ import annotations

import pytest

import dateline
from dateline.record.acceptance import probability as acceptance
from dateline.record.acts import candidate_acts, word_types
from dateline.record.completion import complete_actors, complete_recipients
from dateline.record.model import Event
from dateline.record.parties import doer, parties_of, political
from trees import context, words

ACCUSED = (
    "Serbia/NNP/2/nsubj accused/VBD/0/root Kosovo/NNP/2/obj of/IN/5/mark shelling/VBG/2/advcl "
    "villages/NNS/5/obj"
)
REJECTED = (
    "Chile/NNP/2/nsubj rejected/VBD/0/root an/DT/5/det Argentine/JJ/5/amod proposal/NN/2/obj "
    "in/IN/7/case Geneva/NNP/2/obl"
)


# -- candidates ---------------------------------------------------------------------------------


def test_the_accused_does_what_he_is_accused_of():
    built = context(ACCUSED, names=(("Serbia", "place"), ("Kosovo", "place")))
    acts = {a.type: a for a in candidate_acts(built)}
    assert words(built, acts["ACCUSE"].actors) == ["Serbia"]
    assert words(built, acts["ASSAULT"].actors) == ["Kosovo"]


def test_a_mistagged_verb_is_found_by_its_ending():
    built = context(
        "Kenya/NNP/2/nsubj accused/VBP/0/root Somalia/NNP/2/obj",
        names=(("Kenya", "place"), ("Somalia", "place")),
    )
    built.tree.tokens[1].lemma = "accused"
    assert [a.type for a in candidate_acts(built)] == ["ACCUSE"]


def test_refusing_to_meet_is_no_meeting():
    built = context(
        "Peru/NNP/2/nsubj refused/VBD/0/root to/TO/4/mark meet/VB/2/xcomp Chile/NNP/4/obj",
        names=(("Peru", "place"), ("Chile", "place")),
    )
    assert [a.type for a in candidate_acts(built)] == ["REJECT"]


def test_word_types_tell_what_a_word_can_mean():
    built = context("Peru/NNP/2/nsubj accused/VBD/0/root Chile/NNP/2/obj took/VBD/2/conj")
    tokens = built.tree.tokens
    assert "ACCUSE" in word_types(tokens[1], alone=True)
    assert not word_types(tokens[3], alone=True)
    assert word_types(tokens[3])


# -- voice --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "verb", "passive"),
    [
        ("Troops/NNS/3/nsubj:pass were/VBD/3/aux:pass killed/VBN/0/root", 2, True),
        ("Troops/NNS/2/nsubj:pass arrested/VBD/0/root men/NNS/2/obj", 1, False),
        ("They/PRP/3/nsubj had/VBD/3/aux spoken/VBN/0/root", 2, False),
        ("Men/NNS/0/root held/VBN/1/acl", 1, True),
        ("They/PRP/3/nsubj were/VBD/3/aux killing/VBG/0/root", 2, False),
    ],
)
def test_voice(sentence, verb, passive):
    assert context(sentence).tree.is_passive(verb) is passive


# -- parties ------------------------------------------------------------------------------------


def test_two_adjectives_are_two_parties():
    built = context(
        "Chilean/JJ/4/amod and/CC/3/cc Peruvian/JJ/1/conj officials/NNS/5/nsubj met/VBD/0/root"
    )
    found = parties_of(built, [3], None)
    assert [p.text for p in found] == ["Chilean", "Peruvian officials"]
    assert [built.cast.actors[p.actor].country for p in found] == ["CHL", "PER"]


def test_one_adjective_is_one_party():
    built = context("Chilean/JJ/2/amod officials/NNS/3/nsubj met/VBD/0/root")
    assert [p.text for p in parties_of(built, [1], None)] == ["Chilean officials"]


def test_private_people_are_no_political_party():
    built = context("Neighbours/NNS/2/nsubj helped/VBD/0/root children/NNS/2/obj")
    assert not political(built, parties_of(built, [0, 2], None))


def test_a_marked_phrase_gives_the_party_its_whole_span():
    built = context(
        "Rebels/NNS/5/nsubj from/IN/3/case Chad/NNP/1/nmod yesterday/NN/5/obl fled/VBD/0/root",
        names=(("Chad", "place"),),
    )
    (party,) = parties_of(built, [0], None, {0: (0, 16)})
    assert party.text == "Rebels from Chad"


# -- completion ---------------------------------------------------------------------------------


def test_the_recipient_may_be_an_adjective_of_the_object():
    built = context(REJECTED, names=(("Chile", "place"), ("Geneva", "place")))
    (act,) = (a for a in candidate_acts(built) if a.type == "REJECT")
    act.recipients = []
    complete_recipients(built, act)
    assert words(built, act.recipients) == ["Argentine"]


def test_a_place_is_no_recipient_of_words():
    built = context(
        "Chile/NNP/2/nsubj refused/VBD/0/root in/IN/4/case Geneva/NNP/2/obl",
        names=(("Chile", "place"), ("Geneva", "place")),
    )
    (act,) = candidate_acts(built)
    complete_recipients(built, act)
    assert act.recipients == []


def test_a_lost_subject_is_the_name_before_the_verb():
    built = context(
        "Chile/NNP/2/dep accused/VBD/0/root Peru/NNP/2/obj",
        names=(("Chile", "place"), ("Peru", "place")),
    )
    (act,) = candidate_acts(built)
    complete_actors(built, act)
    assert words(built, act.actors) == ["Chile"]


def test_a_name_after_a_preposition_is_no_lost_subject():
    built = context(
        "In/IN/2/case Chile/NNP/3/obl accused/VBD/0/root Peru/NNP/3/obj",
        names=(("Chile", "place"), ("Peru", "place")),
    )
    (act,) = candidate_acts(built)
    complete_actors(built, act)
    assert act.actors == []


@pytest.mark.issue(5)
def test_a_lost_subject_of_a_passive_is_the_recipient():
    built = context(
        "Peru/NNP/4/dep ,/,/4/punct was/VBD/4/aux:pass attacked/VBN/0/root",
        names=(("Peru", "place"),),
    )
    (act,) = candidate_acts(built)
    complete_actors(built, act)
    assert (words(built, act.actors), words(built, act.recipients)) == ([], ["Peru"])


# -- sentences through the network ---------------------------------------------------------------


def found(text: str, kind: str) -> Event:
    coded = [e for e in dateline.events(text, published="2024-05-16") if e.type == kind]
    assert coded, f"no {kind} in {text!r}"
    return coded[0]


@pytest.mark.parametrize(
    ("text", "kind", "actor", "recipient"),
    [
        ("Kenyan police arrested 40 Somali fishermen on Friday.", "COERCE", "Kenyan", "Somali"),
        ("Chad accused Sudan of arming rebels along the border.", "ACCUSE", "Chad", "Sudan"),
        ("Peru expelled two Bolivian diplomats.", "SANCTION", "Peru", "Bolivian"),
        ("Rebels killed nine Malian soldiers near Gao.", "ASSAULT", "Rebels", "Malian"),
        ("Norway sent food and tents to Nepal.", "AID", "Norway", "Nepal"),
        ("Ghana demanded that Togo withdraw its troops.", "REQUEST", "Ghana", "Togo"),
        ("Finland rejected a Swedish proposal for joint patrols.", "REJECT", "Finland", "Swedish"),
    ],
)
def test_a_plain_sentence(text, kind, actor, recipient):
    event = found(text, kind)
    assert any(actor in p.text for p in event.actors)
    assert any(recipient in p.text for p in event.recipients)
    assert all(text[p.span[0] : p.span[1]] == p.text for p in event.actors + event.recipients)


def test_a_meeting_lists_all_parties_as_actors():
    event = found("The presidents of Ghana met Nigerian officials in Accra.", "CONSULT")
    assert len(event.actors) >= 2
    assert event.recipients == []


def test_the_accused_speaker_is_not_the_actor_of_what_is_reported():
    event = found("Togo said Ghana had attacked a border post.", "ASSAULT")
    assert [p.text for p in event.actors] == ["Ghana"]


def test_nothing_political_gives_no_event():
    assert dateline.events("My mother baked bread for our neighbours.") == []


# -- articles -----------------------------------------------------------------------------------

RAIN = "It/PRP/2/nsubj rained/VBD/0/root"


@pytest.mark.issue(5)
def test_a_name_cut_in_two_is_one_party():
    built = context(
        "Kenya/NNP/2/nsubj condemned/VBD/0/root Ana/NNP/2/obj Lima/NNP/5/compound plan/NN/3/dep",
        RAIN,
        names=(("Kenya", "place"), ("Ana Lima", "person")),
    )
    (party,) = parties_of(built, [2], None)
    assert party.text.startswith("Ana Lima")


@pytest.mark.issue(5)
def test_a_title_before_a_name_is_no_second_party():
    built = context(
        "Sen./NNP/3/nsubj Bob/NNP/3/nsubj resigned/VBD/0/root",
        RAIN,
        names=(("Bob", "person"),),
    )
    assert [p.text for p in parties_of(built, [0, 1], None)] == ["Sen. Bob"]


@pytest.mark.issue(5)
def test_a_thing_gives_its_owner_and_a_person_stays():
    owned = context("Kenya/NNP/3/nmod:poss 's/POS/1/case decision/NN/0/root", RAIN)
    assert doer(owned, 2) == 0
    envoy = context("Kenya/NNP/3/nmod:poss 's/POS/1/case envoy/NN/0/root", RAIN)
    assert doer(envoy, 2) == 2


@pytest.mark.issue(5)
def test_words_for_nobody_in_particular_are_no_party():
    built = context("You/PRP/2/nsubj attacked/VBD/0/root Kenya/NNP/2/obj", RAIN)
    assert parties_of(built, [0], None) == []


@pytest.mark.issue(5)
@pytest.mark.parametrize(
    ("sentence", "i", "passive"),
    [
        ("Nader/NNP/0/root excoriated/VBN/1/acl by/IN/4/case Democrats/NNS/2/obl", 1, True),
        ("They/PRP/3/nsubj were/VBD/3/ccomp attacked/VBN/0/root", 2, True),
        ("They/PRP/3/nsubj had/VBD/3/aux attacked/VBN/0/root", 2, False),
    ],
)
def test_voice_where_labels_are_wrong(sentence, i, passive):
    assert context(sentence, RAIN).tree.is_passive(i) is passive


@pytest.mark.issue(5)
def test_a_refusal_by_noun_has_the_refused_as_recipient():
    built = context(
        "Chile/NNP/3/nmod:poss 's/POS/1/case refusal/NN/6/nsubj to/TO/5/mark endorse/VB/3/acl "
        "angered/VBD/0/root Peru/NNP/5/obj",
        RAIN,
        names=(("Chile", "place"), ("Peru", "place")),
    )
    act = next(a for a in candidate_acts(built) if a.type == "REJECT")
    assert words(built, act.actors) == ["Chile"]
    assert words(built, act.recipients) == ["Peru"]


@pytest.mark.issue(5)
@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Kenya refrained from condemning Somalia.", "denied"),
        ("Kenya condemned Somalia.", "happened"),
        ("Kenya was the first country to condemn Somalia.", "happened"),
        ("Prime Minister Theresa May has condemned Somalia.", "happened"),
    ],
)
def test_status_in_whole_sentences(text, status):
    found = [e for e in dateline.events(text) if e.type == "ACCUSE"]
    assert [e.status for e in found] == [status]


# -- acceptance ---------------------------------------------------------------------------------


@pytest.mark.issue(5)
def test_acceptance_is_a_probability_that_rises_with_the_posterior():
    low, high = (acceptance({"posterior": x}) for x in (-1.0, 1.0))
    assert 0 < low < high < 1
    assert 0 < acceptance({}) < 1
    assert acceptance({"posterior": 1e9}) <= 1


# -- parties in an article ----------------------------------------------------------------------

STORY = """The foreign ministers of Chad and Niger met in Paris on Monday and agreed to resume talks.

Union leader Ada Obi, who speaks for the dockers, denied that and accused the police of shooting
without warning.

Soldiers defended themselves, a spokesman said. Dairy farmers' groups called on both governments to end
the dispute. Kenya's president invited Ugandan President Milan Petrov to visit Nairobi in May."""


@pytest.fixture(scope="module")
def told() -> dict[str, Event]:
    record = dateline.read(STORY, published="2024-05-16")
    return {record.article.text[slice(*e.trigger)]: e for e in record.events}


def test_an_office_of_two_countries_is_two_parties(told):
    assert [p.text for p in told["met"].actors] == ["The foreign ministers of Chad", "Niger"]
    assert told["met"].actors[1].actor == "~foreign-minister-of-niger"


def test_what_was_agreed_to_be_resumed_is_agreed(told):
    assert told["agreed"].status == "happened"
    assert told["agreed"].recipients == []


def test_a_coordinated_accusation_has_the_speaker_for_its_actor(told):
    accused = told["accused"]
    assert [p.text for p in accused.actors] == ["Union leader Ada Obi"]
    assert [p.text for p in accused.recipients] == ["the police"]


def test_what_is_done_to_oneself_is_no_event(told):
    assert "defended" not in told


def test_a_phrase_that_syntax_cuts_is_one_party(told):
    assert [p.text for p in told["called"].actors] == ["Dairy farmers' groups"]


def test_a_title_before_the_recipients_name_is_part_of_it(told):
    assert [p.text for p in told["invited"].recipients] == ["Ugandan President Milan Petrov"]


def test_countries_before_the_office_are_none_of_its_own():
    built = context(
        "Niger/NNP/5/conj met/VBD/0/root ministers/NNS/2/obj of/IN/5/case Togo/NNP/3/nmod",
        names=(("Niger", "place"), ("Togo", "place")),
    )
    for party in parties_of(built, [2], None):
        assert party.span[0] < party.span[1]
        assert party.text == built.text[slice(*party.span)]
