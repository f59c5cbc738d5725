"""Rules of the record stage on trees written by hand: cast, status, time, quantities, events."""

from __future__ import annotations

import pytest

from dateline.record.cast import Cast
from dateline.record.quantities import find_quantities
from dateline.record.status import status_of, tense
from dateline.record.when import days_before, when_of
from trees import context


def members(cast: Cast) -> dict[str, list[str]]:
    return {m.name: [cast.text[a:b] for a, b in m.mentions] for m in cast.members}


def test_surname_and_swapped_letters_join_the_full_name():
    built = context(
        "Oksana/NNP/2/compound Hrynko/NNP/3/nsubj spoke/VBD/0/root ././3/punct",
        "Hrynko/NNP/2/nsubj left/VBD/0/root ././2/punct",
        "Hyrnko/NNP/2/nsubj wept/VBD/0/root ././2/punct",
        names=(("Oksana Hrynko", "person"), ("Hyrnko", "person")),
    )
    built.analysis.names.append(type(built.analysis.names[0])((21, 27), "Hrynko", "person"))
    cast = Cast(built.tree, built.text, built.analysis.names, "2024-05-16")
    assert len(cast.members) == 1
    assert len(cast.members[0].mentions) == 3


def test_two_surnames_far_apart_stay_two_persons():
    built = context(
        "Adaeze/NNP/2/compound Obi/NNP/3/nsubj met/VBD/0/root Kemal/NNP/5/compound Aydin/NNP/3/obj",
        names=(("Adaeze Obi", "person"), ("Kemal Aydin", "person")),
    )
    assert len(built.cast.members) == 2


def test_a_title_gives_an_unknown_person_country_and_sector():
    built = context(
        "Norwegian/JJ/3/amod Foreign/NNP/3/compound Minister/NNP/5/compound Tuva/NNP/5/compound "
        "Skogheim/NNP/6/nsubj resigned/VBD/0/root",
        names=(("Tuva Skogheim", "person"),),
    )
    actor = built.cast.members[0].actor
    assert actor is not None
    assert (actor.country, actor.sector) == ("NOR", "GOV")


def test_an_unknown_person_without_title_has_no_country():
    built = context(
        "Tuva/NNP/2/compound Skogheim/NNP/3/nsubj sang/VBD/0/root",
        names=(("Tuva Skogheim", "person"),),
    )
    actor = built.cast.members[0].actor
    assert actor is not None
    assert (actor.country, actor.sector) == ("", "")


def test_pronoun_goes_to_the_person_of_its_gender():
    built = context(
        "Amina/NNP/2/compound Sesay/NNP/3/nsubj met/VBD/0/root Robert/NNP/5/compound Kamau/NNP/3/obj "
        "././3/punct",
        "She/PRP/2/nsubj thanked/VBD/0/root him/PRP/2/obj",
        names=(("Amina Sesay", "person"), ("Robert Kamau", "person")),
    )
    she, him = built.cast.party(6), built.cast.party(8)
    assert she is not None
    assert him is not None
    assert she.actor == "~amina-sesay"
    assert him.actor == "~robert-kamau"


@pytest.mark.parametrize(
    ("sentence", "verb", "name"),
    [
        ("They/PRP/3/nsubj had/VBD/3/aux met/VBN/0/root", 2, "past-perfect"),
        ("They/PRP/3/nsubj have/VBP/3/aux met/VBN/0/root", 2, "present-perfect"),
        ("They/PRP/3/nsubj are/VBP/3/aux meeting/VBG/0/root", 2, "present-progressive"),
        ("They/PRP/2/nsubj met/VBD/0/root", 1, "past"),
        ("They/PRP/3/nsubj will/MD/3/aux meet/VB/0/root", 2, "modal"),
    ],
)
def test_tense(sentence, verb, name):
    assert tense(context(sentence).tree, verb) == name


@pytest.mark.parametrize(
    ("sentence", "verb", "status"),
    [
        ("Troops/NNS/2/nsubj left/VBD/0/root", 1, "happened"),
        ("Troops/NNS/3/nsubj will/MD/3/aux leave/VB/0/root", 2, "planned"),
        ("Troops/NNS/3/nsubj are/VBP/3/aux leaving/VBG/0/root", 2, "ongoing"),
        ("Troops/NNS/4/nsubj did/VBD/4/aux not/RB/4/advmod leave/VB/0/root", 3, "denied"),
        ("Troops/NNS/3/nsubj might/MD/3/aux leave/VB/0/root", 2, "hypothetical"),
        ("Troops/NNS/3/nsubj should/MD/3/aux leave/VB/0/root", 2, "proposed"),
        ("Troops/NNS/2/nsubj left/VBD/0/root in/IN/4/case 2009/CD/2/obl", 1, "background"),
    ],
)
def test_status(sentence, verb, status):
    built = context(sentence)
    assert status_of(built, verb, {verb}, when_of(built, verb)) == status


def test_time_of_the_act_itself():
    built = context(
        "Troops/NNS/2/nsubj left/VBD/0/root in/IN/5/case March/NNP/5/compound 2023/CD/2/obl "
        "././2/punct",
        "Rebels/NNS/2/nsubj fled/VBD/0/root",
    )
    when, other = when_of(built, 1), when_of(built, 7)
    assert when is not None
    assert other is not None
    assert (when.start, when.granularity, when.basis) == ("2023-03", "month", "stated")
    assert (other.start, other.basis) == ("2024-05-16", "published")


def test_no_date_at_all_is_none():
    built = context("Rebels/NNS/2/nsubj fled/VBD/0/root", published=None)
    assert when_of(built, 1) is None


def test_days_before_publication():
    built = context("They/PRP/2/nsubj left/VBD/0/root in/IN/4/case 2009/CD/2/obl")
    when = when_of(built, 1)
    assert when is not None
    assert built.published is not None
    assert days_before(when, built.published) == 5250


@pytest.mark.parametrize(
    ("sentence", "text", "value", "bound", "unit"),
    [
        (
            "more/JJR/3/advmod than/IN/1/fixed 40/CD/4/nummod ships/NNS/0/root",
            "more than 40 ships", 40, "at_least", "ship",
        ),
        (
            "about/RB/3/advmod a/DT/3/det fifth/NN/0/root of/IN/5/case Chad/NNP/3/nmod",
            "about a fifth of Chad", 0.2, "about", "Chad",
        ),
        (
            "hundreds/NNS/0/root of/IN/3/case thousands/NNS/1/nmod of/IN/5/case men/NNS/3/nmod",
            "hundreds of thousands of men", None, "about", "man",
        ),
        (
            "2.5/CD/2/compound million/CD/3/nummod votes/NNS/0/root",
            "2.5 million votes", 2_500_000, "exact", "vote",
        ),
    ],
)  # fmt: skip
def test_quantities(sentence, text, value, bound, unit):
    found = find_quantities(context(sentence))
    assert [(q.text, q.value, q.bound, q.unit) for q in found] == [(text, value, bound, unit)]


def test_a_year_is_no_quantity():
    assert (
        find_quantities(context("It/PRP/2/nsubj fell/VBD/0/root in/IN/4/case 2009/CD/2/obl")) == []
    )


@pytest.mark.issue(5)
@pytest.mark.parametrize(
    ("sentence", "verb", "status"),
    [
        ("Police/NNS/3/nsubj soon/RB/3/advmod arrested/VBD/0/root him/PRP/3/obj", 2, "happened"),
        ("Police/NNS/4/nsubj will/MD/4/aux soon/RB/4/advmod arrest/VB/0/root", 3, "planned"),
        ("It/PRP/2/nsubj agreed/VBD/0/root not/RB/5/advmod to/TO/5/mark spy/VB/2/xcomp", 1,
         "happened"),
        ("It/PRP/4/nsubj did/VBD/4/aux not/RB/4/advmod agree/VB/0/root", 3, "denied"),
        ("It/PRP/4/nsubj not/RB/4/advmod only/RB/4/advmod agreed/VBD/0/root", 3, "happened"),
        ("May/NNP/3/nsubj has/VBZ/3/aux condemned/VBN/0/root it/PRP/3/obj", 2, "happened"),
        ("Peru/NNP/2/nsubj discussed/VBD/0/root the/DT/4/det attack/NN/2/obj", 3, "happened"),
        ("Peru/NNP/2/nsubj cancelled/VBD/0/root the/DT/4/det attack/NN/2/obj", 3, "denied"),
        ("Peru/NNP/2/nsubj avoided/VBD/0/root condemning/VBG/2/xcomp Chile/NNP/3/obj", 2, "denied"),
    ],
)  # fmt: skip
def test_status_reads_the_words_of_the_act_only(sentence, verb, status):
    built = context(sentence)
    assert status_of(built, verb, {verb}, None) == status


@pytest.mark.issue(5)
def test_a_negation_that_made_the_act_denies_nothing():
    built = context("Peru/NNP/4/nsubj will/MD/4/aux not/RB/4/advmod meet/VB/0/root")
    assert status_of(built, 3, {3}, None, refused=True) == "happened"
    assert status_of(built, 3, {3}, None) == "denied"
