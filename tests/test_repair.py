"""Relations that fit their heads, and names that hang together, without ever closing a ring."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dateline.analysis.model import Name, Token
from dateline.analysis.repair import repair
from trees import analysis


def roots_reached(tokens: list[Token]) -> bool:
    for token in tokens:
        at, steps = token, 0
        while at.head != at.i:
            at, steps = tokens[at.head], steps + 1
            if steps > len(tokens):
                return False
    return True


def test_a_noun_flat_on_a_verb_becomes_an_argument():
    built = analysis("Lesotho/NNP/2/flat met/VBD/0/root with/IN/4/case rebels/NNS/2/flat")
    repair(built.tokens, [])
    assert [t.dep for t in built.tokens] == ["nsubj", "root", "case", "obl"]


def test_an_obl_under_a_noun_becomes_nmod_and_one_under_a_verb_stays():
    built = analysis("talks/NNS/0/root in/IN/3/case Oslo/NNP/1/obl")
    repair(built.tokens, [])
    assert built.tokens[2].dep == "nmod"
    kept = analysis("met/VBD/0/root in/IN/3/case Oslo/NNP/1/obl")
    repair(kept.tokens, [])
    assert kept.tokens[2].dep == "obl"


def test_words_of_a_name_hang_together():
    built = analysis(
        "Ada/NNP/3/nsubj Obi/NNP/3/flat left/VBD/0/root", names=(("Ada Obi", "person"),)
    )
    repair(built.tokens, built.names)
    assert (built.tokens[1].head, built.tokens[1].dep) == (0, "flat")


def test_a_title_belongs_to_the_name_after_it():
    text = "invited/VBD/0/root President/NNP/1/obj Ada/NNP/1/obj Obi/NNP/3/flat"
    built = analysis(text, names=(("Ada Obi", "person"),))
    repair(built.tokens, built.names)
    assert [(t.head, t.dep) for t in built.tokens[1:3]] == [(2, "nmod:desc"), (0, "obj")]


def test_a_name_before_a_name_is_no_title():
    text = "gave/VBD/0/root Rome/NNP/1/iobj Ada/NNP/1/obj Obi/NNP/3/flat"
    built = analysis(text, names=(("Rome", "place"), ("Ada Obi", "person")))
    repair(built.tokens, built.names)
    assert built.tokens[1].head == 0


def test_the_later_of_two_names_hangs_on_the_earlier():
    text = "calls/NNS/0/root with/IN/5/case Ada/NNP/5/compound and/CC/5/cc Bob/NNP/1/conj"
    built = analysis(text, names=(("Ada", "person"), ("Bob", "person")))
    repair(built.tokens, built.names)
    assert [(t.head, t.dep) for t in built.tokens] == [
        (0, "root"), (2, "case"), (0, "nmod"), (4, "cc"), (2, "conj")
    ]  # fmt: skip


def test_a_pronoun_and_a_name_are_coordinated():
    built = analysis("he/PRP/4/mark and/CC/3/cc Bob/NNP/4/conj agreed/VBD/0/root")
    repair(built.tokens, built.names)
    assert [(t.head, t.dep) for t in built.tokens] == [
        (3, "nsubj"), (2, "cc"), (0, "conj"), (3, "root")
    ]  # fmt: skip


@given(st.data())
def test_no_ring_is_ever_closed(data):
    n = data.draw(st.integers(3, 9))
    tokens = []
    for i in range(n):  # a random tree: each word hangs on an earlier one of a random order
        dep = data.draw(st.sampled_from(["flat", "conj", "cc", "compound", "nsubj"]))
        tokens.append(Token(i, 2 * i, 2 * i + 1, "w", "NNP", i, dep, "w"))
    order = data.draw(st.permutations(range(n)))
    for place, i in enumerate(order[1:], start=1):
        tokens[i].head = order[data.draw(st.integers(0, place - 1))]
    first = data.draw(st.integers(0, n - 2))
    last = data.draw(st.integers(first + 1, n - 1))
    repair(tokens, [Name((2 * first, 2 * last + 1), "w", "person")])
    assert roots_reached(tokens)
