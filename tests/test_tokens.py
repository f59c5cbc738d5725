"""Tokens, sentences, lemmas and quotation marks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.analysis.lemmas import lemma
from dateline.analysis.quotes import quoted_spans
from dateline.analysis.sentences import split_sentences
from dateline.analysis.shapes import (
    DIGIT,
    INITIAL,
    LOWER,
    MIXED,
    PUNCTUATION,
    TITLE,
    UPPER,
    word_shape,
)
from dateline.analysis.tokens import tokenize


def texts(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text, tokenize(text))]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("R129 p/m", ["R129", "p/m"]),
        ("pre-2014 borders", ["pre-2014", "borders"]),
        ("full-scale war", ["full", "-", "scale", "war"]),
        ("Kyiv's allies", ["Kyiv", "'s", "allies"]),
        ("didn’t", ["did", "n’t"]),
        ("the U.S. on Jan. 5.", ["the", "U.S.", "on", "Jan.", "5", "."]),
        ("O'Neil left", ["O'Neil", "left"]),
        ("$5.3bn, or 40%", ["$", "5.3bn", ",", "or", "40", "%"]),
        ("“No,” she said", ["“", "No", ",", "”", "she", "said"]),
        ("Moscow—and", ["Moscow", "—", "and"]),
    ],
)
def test_tokens(text, tokens):
    assert texts(text) == tokens


@given(st.text(max_size=200))
def test_tokens_never_overlap_and_lose_nothing_but_space(text):
    tokens = tokenize(text)
    assert all(text[t.start : t.end] == t.text for t in tokens)
    assert all(a.end <= b.start for a, b in pairwise(tokens))
    assert "".join(t.text for t in tokens) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Mr. Lee met Gen. Oduya. He left.", 2),
        ("They met in the U.S. He left.", 2),
        ("The U.S. Navy left.", 1),
        ("“Stop!” he said.", 1),
        ("“Stop!” He left.", 2),
        ("It rose 3.5 percent. Then it fell.", 2),
        ("J. B. Adeyemi spoke at 5 p.m. on Friday.", 1),
        ("No full stop\n\nA new paragraph", 2),
    ],
)
def test_sentence_count(text, count):
    assert len(sentences(text)) == count


@given(st.text(alphabet="ab .!?\"“”'\n,A", max_size=120))
def test_sentences_cover_all_tokens_in_order(text):
    tokens = tokenize(text)
    found = split_sentences(text, tokens)
    assert [i for s in found for i in range(s.first, s.last)] == list(range(len(tokens)))


@pytest.mark.parametrize(
    ("word", "tag", "expected"),
    [
        ("imposed", "VBD", "impose"),
        ("visited", "VBD", "visit"),
        ("stopped", "VBD", "stop"),
        ("agreed", "VBN", "agree"),
        ("threatening", "VBG", "threaten"),
        ("withdrew", "VBD", "withdraw"),
        ("met", "VBD", "meet"),
        ("denies", "VBZ", "deny"),
        ("allies", "NNS", "ally"),
        ("troops", "NNS", "troop"),
        ("n't", "RB", "not"),
        ("Kyiv", "NNP", "kyiv"),
    ],
)
def test_lemma(word, tag, expected):
    assert lemma(word, tag) == expected


@pytest.mark.parametrize(
    ("word", "shape"),
    [("war", LOWER), ("Kyiv", TITLE), ("NATO", UPPER), ("J.", INITIAL), ("McCain", MIXED),
     ("G20", DIGIT), ("—", PUNCTUATION)],
)  # fmt: skip
def test_word_shape(word, shape):
    assert word_shape(word) == shape


def quoted(text: str) -> list[str]:
    return [text[a:b] for a, b in quoted_spans(text)]


def test_quotes_of_both_styles():
    assert quoted('He said “we will go” and "stay".') == ["“we will go”", '"stay"']


def test_a_quote_left_open_ends_with_its_paragraph():
    assert quoted("“We go on.\n\nNothing here.") == ["“We go on."]


def test_apostrophes_are_no_quotes():
    assert quoted("Kyiv’s allies' plan and the soldiers’ pay") == []
