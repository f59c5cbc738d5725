"""Trees from scores, and what is read off them."""

from __future__ import annotations

import numpy as np
import pytest

from dateline.analysis.model import Sentence
from dateline.analysis.syntax import heads_of
from dateline.analysis.windows import cut_windows
from dateline.record.lexicon import parse_frame, parse_slots
from dateline.record.negation import negated
from trees import context, words

MET = "Envoys/NNS/2/nsubj met/VBD/0/root rebels/NNS/2/obj ././2/punct"
PASSIVE = (
    "Rebels/NNS/3/nsubj:pass were/VBD/3/aux:pass attacked/VBN/0/root by/IN/5/case "
    "troops/NNS/3/obl:agent ././3/punct"
)
CONTROL = (
    "Ankara/NNP/2/nsubj urged/VBD/0/root Athens/NNP/2/obj to/TO/5/mark withdraw/VB/2/xcomp "
    "ships/NNS/5/obj"
)
REFUSED = "Ankara/NNP/2/nsubj refused/VBD/0/root to/TO/4/mark withdraw/VB/2/xcomp ships/NNS/4/obj"
RELATIVE = (
    "The/DT/2/det soldiers/NNS/6/nsubj who/WP/4/nsubj shelled/VBD/2/acl:relcl towns/NNS/4/obj "
    "fled/VBD/0/root"
)
BOTH = "Mali/NNP/4/nsubj and/CC/3/cc Niger/NNP/1/conj signed/VBD/0/root a/DT/6/det pact/NN/4/obj"


def test_best_heads_are_kept_when_they_make_a_tree():
    scores = np.array([[0, 5, 0], [0, 9, 0], [0, 5, 0]], dtype=np.float32)
    assert heads_of(scores) == [1, 1, 1]


def test_a_cycle_is_broken():
    scores = np.array([[0, 9, 1], [9, 1, 0], [1, 1, 8]], dtype=np.float32)
    heads = heads_of(scores)
    assert heads[2] == 2
    assert 2 in (heads[0], heads[1])


@pytest.mark.parametrize("seed", range(20))
def test_any_scores_give_one_tree(seed):
    n = 9
    heads = heads_of(np.random.default_rng(seed).normal(size=(n, n)).astype(np.float32))
    assert sum(h == i for i, h in enumerate(heads)) == 1
    for start in range(n):
        node, steps = start, 0
        while heads[node] != node:
            node, steps = heads[node], steps + 1
            assert steps < n


def test_windows_keep_paragraphs_whole_and_lose_no_token():
    sentences = [Sentence(0, 0, i * 10, i * 10 + 10, i // 2) for i in range(8)]
    windows = cut_windows(sentences, [1] * 80, 45, 100)
    assert [(w.first, w.last) for w in windows] == [(0, 40), (40, 80)]
    assert windows[0].breaks == frozenset({20})


def test_a_sentence_longer_than_a_window_is_cut():
    windows = cut_windows([Sentence(0, 0, 0, 50, 0)], [1] * 50, 20, 20)
    assert [i for w in windows for i in range(w.first, w.last)] == list(range(50))
    assert max(w.last - w.first for w in windows) <= 20


@pytest.mark.parametrize(
    ("sentence", "verb", "subject", "objects"),
    [
        (MET, "met", ["Envoys"], ["rebels"]),
        (PASSIVE, "attacked", ["troops"], ["Rebels"]),
        (CONTROL, "withdraw", ["Athens"], ["ships"]),
        (REFUSED, "withdraw", ["Ankara"], ["ships"]),
        (RELATIVE, "shelled", ["soldiers"], ["towns"]),
    ],
)
def test_who_does_what(sentence, verb, subject, objects):
    built = context(sentence)
    i = next(t.i for t in built.tree.tokens if t.text == verb)
    assert words(built, built.tree.subjects(i)) == subject
    assert words(built, built.tree.objects(i)) == objects


def test_coordinated_parties_are_all_found():
    built = context(BOTH)
    assert words(built, built.matcher.parties(3, parse_slots("nsubj"))) == ["Mali", "Niger"]


def test_a_frame_holds_or_not():
    built = context(MET)
    assert built.matcher.holds(1, parse_frame("obj=rebel"))[0]
    assert not built.matcher.holds(1, parse_frame("obj=minister"))[0]
    assert not built.matcher.holds(1, parse_frame("!obj=rebel"))[0]


def test_phrases_stop_at_relative_clauses():
    built = context(RELATIVE)
    start, end = built.tree.phrase(1)
    assert built.text[start:end] == "The soldiers"


def test_negation_of_the_verb_and_of_its_subject():
    no_talks = context(
        "No/DT/2/det talks/NNS/5/nsubj:pass have/VBP/5/aux been/VBN/5/aux:pass held/VBN/0/root"
    )
    assert negated(no_talks.tree, 4)
    assert not negated(context(MET).tree, 1)
