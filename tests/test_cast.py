"""Who is who in one article, on trees written by hand."""

from __future__ import annotations

import pytest

from dateline.record.actors import resolve_actor
from dateline.record.cast import Cast
from dateline.record.context import Context
from dateline.record.people import Member
from trees import context


def actor_at(built: Context, word: str, nth: int = 0) -> str | None:
    """Id of the actor of the party headed by the nth token that is ``word``."""
    tokens = [t for t in built.tree.tokens if t.text == word]
    party = built.cast.party(tokens[nth].i)
    return party.actor if party else None


def test_of_two_persons_of_one_surname_the_one_named_last_is_meant():
    built = context(
        "Oksana/NNP/2/compound Hrynko/NNP/3/nsubj left/VBD/0/root ././3/punct",
        "Taras/NNP/2/compound Hrynko/NNP/3/nsubj wept/VBD/0/root ././3/punct",
        "Hrynko/NNP/2/nsubj sang/VBD/0/root ././2/punct",
        names=(("Oksana Hrynko", "person"), ("Taras Hrynko", "person")),
    )
    assert len(built.cast.members) == 2
    assert actor_at(built, "Hrynko", 2) == "~taras-hrynko"


def test_a_surname_missed_by_the_name_finder_joins_its_person():
    built = context(
        "Oksana/NNP/2/compound Hrynko/NNP/3/nsubj left/VBD/0/root ././3/punct",
        "Hrynko/NN/2/nsubj sang/VBD/0/root ././2/punct",
        names=(("Oksana Hrynko", "person"),),
    )
    assert actor_at(built, "Hrynko", 1) == "~oksana-hrynko"


def test_a_surname_read_as_a_place_joins_its_person_but_not_before_the_person_is_named():
    sentences = (
        "Jordan/NNP/2/nsubj sang/VBD/0/root ././2/punct",
        "Wendy/NNP/2/compound Jordan/NNP/3/nsubj left/VBD/0/root ././3/punct",
    )
    built = context(*reversed(sentences), names=(("Wendy Jordan", "person"),))
    built.analysis.names.append(type(built.analysis.names[0])((19, 25), "Jordan", "place"))
    cast = Cast(built.tree, built.text, built.analysis.names, "2024-05-16")
    assert [m.name for m in cast.members] == ["Wendy Jordan"]
    built = context(*sentences, names=(("Wendy Jordan", "person"),))
    built.analysis.names.append(type(built.analysis.names[0])((0, 6), "Jordan", "place"))
    cast = Cast(built.tree, built.text, built.analysis.names, "2024-05-16")
    assert {m.name for m in cast.members} == {"Wendy Jordan", "Jordan"}


def test_the_republican_is_the_person_just_named_and_a_democrat_is_not():
    def built(party: str) -> Context:
        return context(
            f"{party}/NNP/2/amod candidate/NN/4/compound Wendy/NNP/4/compound "
            "Tvedt/NNP/5/nsubj left/VBD/0/root ././5/punct",
            "The/DT/2/det Republican/NNP/3/nsubj wept/VBD/0/root ././3/punct",
            names=(("Wendy Tvedt", "person"),),
        )

    assert actor_at(built("Republican"), "Republican", 1) == "~wendy-tvedt"
    assert actor_at(built("Democrat"), "Republican") != "~wendy-tvedt"


def test_the_minister_is_the_person_with_that_office_and_not_another():
    built = context(
        "Norwegian/JJ/3/amod foreign/JJ/3/amod minister/NN/5/compound Tuva/NNP/5/compound "
        "Skogheim/NNP/6/nsubj met/VBD/0/root Kemal/NNP/8/compound Aydin/NNP/6/obj ././6/punct",
        "Aydin/NNP/2/nsubj left/VBD/0/root ././2/punct",
        "The/DT/2/det minister/NN/3/nsubj wept/VBD/0/root ././3/punct",
        names=(("Tuva Skogheim", "person"), ("Kemal Aydin", "person")),
    )
    assert actor_at(built, "minister", 1) == "~tuva-skogheim"


def test_the_spokeswoman_is_no_man():
    built = context(
        "Thomas/NNP/2/compound Lien/NNP/3/nsubj left/VBD/0/root ././3/punct",
        "The/DT/2/det spokeswoman/NN/3/nsubj wept/VBD/0/root ././3/punct",
        names=(("Thomas Lien", "person"),),
    )
    assert actor_at(built, "spokeswoman") != "~thomas-lien"


def test_he_after_a_described_person_follows_the_description():
    built = context(
        "Thomas/NNP/2/compound Lien/NNP/3/nsubj met/VBD/0/root Kemal/NNP/5/compound "
        "Aydin/NNP/3/obj ././3/punct",
        "He/PRP/2/nsubj left/VBD/0/root ././2/punct",
        "It/PRP/2/nsubj rained/VBD/0/root ././2/punct",
        "It/PRP/2/nsubj rained/VBD/0/root ././2/punct",
        "It/PRP/2/nsubj rained/VBD/0/root ././2/punct",
        "It/PRP/2/nsubj rained/VBD/0/root ././2/punct",
        "He/PRP/2/nsubj slept/VBD/0/root ././2/punct",
        names=(("Thomas Lien", "person"), ("Kemal Aydin", "person")),
    )
    assert actor_at(built, "He", 1) is None  # five sentences on nobody is meant for sure
    assert actor_at(built, "He") == "~thomas-lien"


def test_the_ministry_is_the_ministry_named_before():
    built = context(
        "The/DT/4/det Norwegian/JJ/4/amod foreign/JJ/4/amod ministry/NN/5/nsubj left/VBD/0/root",
        "The/DT/2/det ministry/NN/3/nsubj wept/VBD/0/root ././3/punct",
    )
    assert built.cast.actors[actor_at(built, "ministry", 1) or ""].country == "NOR"
    alone = context("The/DT/2/det ministry/NN/3/nsubj wept/VBD/0/root ././3/punct")
    assert alone.cast.actors[actor_at(alone, "ministry") or ""].country == ""


def test_an_envoy_takes_the_country_that_its_stands_for():
    built = context(
        "Norway/NNP/2/nsubj left/VBD/0/root ././2/punct",
        "Its/PRP$/3/nmod:poss special/JJ/3/amod envoy/NN/8/nsubj ,/,/6/punct Ada/NNP/6/compound "
        "Moe/NNP/3/appos ,/,/6/punct wept/VBD/0/root ././8/punct",
        names=(("Norway", "place"), ("Ada Moe", "person")),
    )
    assert built.cast.actors[actor_at(built, "Moe") or ""].country == "NOR"


def test_a_preposition_or_pronoun_is_nobody():
    built = context("for/IN/2/nsubj wept/VBD/0/root ././2/punct", "He/NN/2/nsubj wept/VBD/0/root")
    assert built.cast.party(0) is None
    assert actor_at(built, "He") is None


def test_they_are_never_one_person():
    built = context(
        "Thomas/NNP/2/compound Lien/NNP/3/nsubj left/VBD/0/root ././3/punct",
        "They/PRP/2/nsubj wept/VBD/0/root ././2/punct",
        names=(("Thomas Lien", "person"),),
    )
    assert actor_at(built, "They") is None


@pytest.mark.parametrize(("known", "country"), [(True, "GHA"), (False, "")])
def test_a_bare_surname_is_a_former_president_only_beside_his_country(known, country):
    first = "Ghana/NNP/2/nsubj" if known else "Rain/NN/2/nsubj"
    built = context(
        f"{first} stopped/VBD/0/root ././2/punct",
        "Mills/NNP/2/nsubj left/VBD/0/root ././2/punct",
        names=(("Ghana", "place"), ("Mills", "person")),
    )
    assert built.cast.actors[actor_at(built, "Mills") or ""].country == country


def test_an_honorific_is_no_part_of_a_name():
    built = context(
        "Brian/NNP/2/compound Deese/NNP/3/nsubj left/VBD/0/root ././3/punct",
        "Mr./NNP/2/compound Deese/NNP/3/nsubj wept/VBD/0/root ././3/punct",
        "Mr./NNP/2/compound Moe/NNP/3/nsubj sang/VBD/0/root ././3/punct",
        names=(("Brian Deese", "person"), ("Mr. Deese", "person"), ("Mr. Moe", "person")),
    )
    assert [m.name for m in built.cast.members] == ["Brian Deese", "Moe"]
    assert actor_at(built, "Deese", 1) == "~brian-deese"


def test_its_allies_are_not_its_own_people():
    def country_of(noun: str) -> str:
        built = context(
            "Norway/NNP/2/nsubj left/VBD/0/root ././2/punct",
            f"Its/PRP$/2/nmod:poss {noun}/NNS/3/nsubj wept/VBD/0/root ././3/punct",
            names=(("Norway", "place"),),
        )
        return built.cast.actors[actor_at(built, noun) or ""].country

    assert country_of("allies") == ""
    assert country_of("soldiers") == "NOR"


def test_of_two_persons_of_one_surname_the_usual_bearer_is_meant():
    built = context(
        "Hillary/NNP/2/compound Clinton/NNP/3/nsubj left/VBD/0/root ././3/punct",
        "Bill/NNP/2/compound Clinton/NNP/3/nsubj wept/VBD/0/root ././3/punct",
        "Clinton/NNP/2/nsubj sang/VBD/0/root ././2/punct",
        names=(("Hillary Clinton", "person"), ("Bill Clinton", "person"), ("Clinton", "person")),
    )
    assert actor_at(built, "Clinton", 2) in {"hillary-clinton", "bill-clinton"}
    usual = resolve_actor("Clinton")
    assert usual is not None
    assert actor_at(built, "Clinton", 2) == usual.id


def test_an_acronym_is_what_the_article_spelt_out():
    built = context(
        "Financial/NNP/3/compound Services/NNPS/3/compound Agency/NNP/4/nsubj met/VBD/0/root",
        "FSA/NNP/2/nsubj ruled/VBD/0/root",
        names=(("Services Agency", "organisation"), ("FSA", "organisation")),
    )
    assert actor_at(built, "FSA") != "free-syrian-army"
    alone = context("FSA/NNP/2/nsubj ruled/VBD/0/root", names=(("FSA", "organisation"),))
    assert actor_at(alone, "FSA") == "free-syrian-army"


def test_a_paper_in_short_is_the_one_named_before():
    built = context(
        "Tampa/NNP/3/compound Bay/NNP/3/compound Times/NNP/4/nsubj wrote/VBD/0/root",
        "Times/NNP/2/nsubj ruled/VBD/0/root",
        names=(("Tampa Bay Times", "organisation"), ("Times", "organisation")),
    )
    assert actor_at(built, "Times", 1) == actor_at(built, "Times")


def test_a_capitalised_word_before_a_name_may_make_it_another():
    built = context(
        "Free/JJ/3/amod Syrian/JJ/3/amod Army/NNP/4/nsubj fled/VBD/0/root",
        names=(("Syrian Army", "organisation"),),
    )
    assert actor_at(built, "Army") == "free-syrian-army"
    other = context(
        "Many/JJ/3/amod Syrian/JJ/3/amod Army/NNP/4/nsubj fled/VBD/0/root",
        names=(("Syrian Army", "organisation"),),
    )
    assert actor_at(other, "Army") == "syrian-arab-army"


def test_an_acronym_named_only_in_another_part_of_the_page():
    known = [Member("organisation", "GOP", [])]
    built = context("Rebels/NNS/2/nsubj fled/VBD/0/root")
    cast = Cast(built.tree, built.text, [], "2024-05-16", known=known)
    assert [m.name for m in cast.members] == ["GOP"]
