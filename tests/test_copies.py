"""Copies, stories and independent sources (issue 6, item 4)."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.article.model import Article
from dateline.store.copies import (
    CopyFinder,
    Printing,
    Signature,
    compare,
    count_sources,
    printing,
    quoted_agencies,
    signature,
    story_id,
)
from dateline.store.copies.finder import MOST_UNDER_KEY
from dateline.store.copies.runs import SortedRuns
from dateline.store.copies.words import word_codes

pytestmark = pytest.mark.issue(6)


def prose(seed: int, words: int) -> str:
    """Words in paragraphs of 40, different for each seed."""
    rng = random.Random(seed)
    drawn = [f"{rng.choice('bdfgklmnprst')}{rng.choice('aeiou')}{rng.randint(0, 800):x}o"
             for _ in range(words)]  # fmt: skip
    rows = [" ".join(drawn[i : i + 40]) for i in range(0, words, 40)]
    return "\n\n".join(row + "." for row in rows)


def paragraphs(text: str) -> list[str]:
    return text.split("\n\n")


def stories(*texts: str) -> list[str | None]:
    finder = CopyFinder()
    signatures = [signature(text) for text in texts]
    for one in signatures:
        finder.add(one)
    return [finder.story_of(one.digest) for one in signatures]


WIRE = prose(1, 400)
OTHER = prose(2, 400)


# -- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("The labour organisation criticised the defence programme", 
         "The labor organization criticized the defense program"),
        ("Neighbours cancelled the dialogue at the centre", 
         "Neighbors canceled the dialog at the center"),
        ("about 12 per cent of 1,200 people in Feb.", 
         "about twelve percent of 1200 people in February"),
        ("the U.S. President’s aide", "the US President's aide"),
    ],
)  # fmt: skip
def test_spelling_does_not_matter(british: str, american: str) -> None:
    assert word_codes(british).tolist() == word_codes(american).tolist()


def test_other_words_do_matter() -> None:
    assert word_codes("labour").tolist() != word_codes("harbour").tolist()
    assert word_codes("12 people").tolist() != word_codes("13 people").tolist()


# -- signatures -----------------------------------------------------------------------------------


def test_signature_survives_its_bytes() -> None:
    one = signature(WIRE)
    again = Signature.from_bytes(one.to_bytes())
    assert (again.digest, again.keys.tolist()) == (one.digest, one.keys.tolist())
    assert again.words.tolist() == one.words.tolist()


@pytest.mark.parametrize("blob", [b"", b"\x07" * 40, signature(WIRE).to_bytes()[:30]])
def test_bytes_of_no_signature_are_refused(blob: bytes) -> None:
    with pytest.raises(ValueError, match="signature"):
        Signature.from_bytes(blob)


@pytest.mark.parametrize("text", ["", "Short.", "\x00\ud800 \n", "—" * 500])
def test_texts_too_short_to_compare_have_no_story(text: str) -> None:
    one = signature(text)
    assert one.digest == 0
    assert CopyFinder().add(one).story == ""


# -- copies ---------------------------------------------------------------------------------------


def tail_cut(text: str) -> str:
    return "\n\n".join(paragraphs(text)[:3])


def paragraphs_added(text: str) -> str:
    rows = paragraphs(text)
    return "\n\n".join([*rows[:4], *paragraphs(prose(77, 120)), *rows[4:]])


def head_changed(text: str) -> str:
    return "\n\n".join(["Six things to know before the summit", *paragraphs(text)[1:]])


def furniture_between(text: str) -> str:
    return text.replace("\n\n", "\n\nSign up to our newsletter for more.\n\n", 3) + "\n\nReuters"


def lightly_edited(text: str) -> str:
    rng = random.Random(5)
    return " ".join(word for word in text.split() if rng.random() > 0.05)


@pytest.mark.parametrize(
    "edit", [tail_cut, paragraphs_added, head_changed, furniture_between, lightly_edited]
)
def test_an_edited_copy_joins_the_story(edit: object) -> None:
    wire, copy, other = stories(WIRE, edit(WIRE), OTHER)  # type: ignore[operator]
    assert wire == copy
    assert other != wire


def test_two_copies_that_share_little_meet_through_the_whole() -> None:
    head, tail = tail_cut(WIRE), "\n\n".join(paragraphs(WIRE)[3:])
    apart = stories(head, tail)
    assert apart[0] != apart[1]
    assert len(set(stories(head, tail, WIRE))) == 1


def test_background_in_common_is_no_copy() -> None:
    follow_up = "\n\n".join([*paragraphs(OTHER)[:6], *paragraphs(WIRE)[-4:]])
    assert len(set(stories(WIRE, follow_up))) == 2


def test_a_notice_in_common_is_no_copy() -> None:
    notice = prose(9, 100)
    items = [f"{prose(100 + n, 110)}\n\n{notice}" for n in range(6)]
    assert len(set(stories(*items))) == 6


def test_a_digest_brings_no_stories_together() -> None:
    reports = [prose(200 + n, 300) for n in range(5)]
    digest = "\n\n".join(paragraphs(report)[0] for report in reports)
    assert len(set(stories(*reports, digest))) == 6


FORM = (
    "Shares in {} closed {} on {} as the index moved {} per cent to {} points, traders said. "
    "Volume was {} million against {} million a day before. The dollar bought {} yen after {} "
    "late on {}, and oil stood at {} dollars a barrel after {} dollars at the open of the day."
)


def test_a_form_filled_in_anew_is_no_copy() -> None:
    monday = FORM.format(
        "Oslo", "up", "Monday", 1.2, 7123, 410, 388, 149.1, 148.7, "Friday", 81, 80
    )
    tuesday = FORM.format(
        "Oslo", "up", "Tuesday", 0.3, 7144, 377, 410, 150.2, 149.1, "Monday", 83, 82
    )
    assert len(set(stories(monday, tuesday))) == 2
    corrected = monday.replace("7123", "7132")
    assert len(set(stories(monday, corrected))) == 1


def test_exact_copies_take_no_room() -> None:
    finder = CopyFinder()
    first, second = finder.add(signature(WIRE)), finder.add(signature(WIRE.upper()))
    assert (first.exact, second.exact, len(finder)) == (False, True, 1)
    assert first.story == second.story == story_id(signature(WIRE).digest)


def test_links_say_what_is_shared() -> None:
    finder = CopyFinder()
    finder.add(signature(WIRE))
    (link,) = finder.add(signature(tail_cut(WIRE))).links
    assert link.shared.of_shorter > 0.95
    assert 0.2 < link.shared.of_longer < 0.4
    assert finder.copies(signature(OTHER)) == []


# -- grouping -------------------------------------------------------------------------------------

POOL = [
    edit(text)
    for text in (WIRE, OTHER, prose(3, 200))
    for edit in (str, tail_cut, paragraphs_added, head_changed, lightly_edited)
] + ["\n\n".join([*paragraphs(OTHER)[:6], *paragraphs(WIRE)[-4:]]), "too short", ""]
SIGNATURES = [signature(text) for text in POOL]


def grouping(order: list[int]) -> dict[int, str | None]:
    finder = CopyFinder()
    for number in order:
        finder.add(SIGNATURES[number])
    return {number: finder.story_of(SIGNATURES[number].digest) for number in order}


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(len(POOL))))
def test_stories_do_not_depend_on_the_order(order: list[int]) -> None:
    assert grouping(order) == grouping(list(range(len(POOL))))


def test_a_joined_story_is_reported_once() -> None:
    finder = CopyFinder()
    head, tail = signature(tail_cut(WIRE)), signature("\n\n".join(paragraphs(WIRE)[3:]))
    before = {finder.add(head).story, finder.add(tail).story}
    placed = finder.add(signature(WIRE))
    assert set(placed.joined) == before - {placed.story}
    assert {finder.story_of(head.digest), finder.story_of(tail.digest)} == {placed.story}


def test_a_restored_finder_goes_on_as_before() -> None:
    by_digest = {one.digest: one.words for one in SIGNATURES}
    finder = CopyFinder()
    for one in SIGNATURES[:8]:
        finder.add(one)
    restored = CopyFinder(lambda digests: [by_digest[d] for d in digests])
    kept = [(one, finder.story_of(one.digest) or "") for one in SIGNATURES[:8]]
    restored.restore(kept)
    for one in SIGNATURES:
        restored.add(one)
    whole = grouping(list(range(len(POOL))))
    assert {n: restored.story_of(s.digest) for n, s in enumerate(SIGNATURES)} == whole


# -- the index ------------------------------------------------------------------------------------


def test_runs_find_what_a_dict_finds() -> None:
    rng = np.random.default_rng(1)
    runs, expected = SortedRuns(), dict[int, list[int]]()
    for value in range(12_000):
        keys = np.unique(rng.integers(0, 30_000, 6, np.uint32))
        runs.add(keys, value)
        for key in keys.tolist():
            expected.setdefault(key, []).append(value)
    asked = np.arange(0, 40_000, 37, dtype=np.uint32)
    wanted = {k: expected[k][:3] for k in asked.tolist() if k in expected}
    assert runs.find(asked, 3) == wanted
    assert len(runs) == sum(map(len, expected.values()))
    assert runs.nbytes <= 8 * len(runs)


def test_a_key_of_many_texts_gives_few_candidates() -> None:
    looked_at = []
    shared_key = np.array([7], np.uint32)
    words = word_codes(prose(4, 60))

    def load(digests: object) -> list[object]:
        looked_at.append(digests)
        return [words]

    finder = CopyFinder(load)  # type: ignore[arg-type]
    kept = [(Signature((n << 32) + 1, shared_key, words[:0]), f"st{n}") for n in range(1, 2000)]
    finder.restore(kept)
    finder.add(Signature(5, shared_key, word_codes(prose(5, 60))))
    assert len(looked_at) == MOST_UNDER_KEY


def test_compare_mirrors() -> None:
    a, b = word_codes(WIRE), word_codes(tail_cut(WIRE))
    there, back = compare(a, b), compare(b, a)
    assert (there.of_a, there.lead_a) == (back.of_b, back.lead_b)
    assert there.is_copy
    assert back.is_copy
    assert not compare(a, a[:0]).is_copy


# -- sources --------------------------------------------------------------------------------------


def count(*printings: Printing) -> tuple[int, int, int]:
    counted = count_sources(printings)
    return counted.n_articles, counted.n_outlets, counted.n_independent


def test_one_text_is_one_source() -> None:
    assert count(Printing("a", "s1", "Herald"), Printing("b", "s1", "Courier")) == (2, 2, 1)
    assert count(Printing("a", "s1", "Herald"), Printing("b", "s2", "Courier")) == (2, 2, 2)


def test_one_agency_is_one_source() -> None:
    reuters = [Printing("a", "s1", "Herald", "Reuters"), Printing("b", "s2", "Courier", "Reuters")]
    assert count(*reuters) == (2, 2, 1)
    assert count(reuters[0], Printing("b", "s2", "Courier", "AFP")) == (2, 2, 2)


def test_one_outlet_is_one_source_but_for_agencies() -> None:
    own = [Printing("a", "s1", "Herald"), Printing("b", "s2", "Herald")]
    assert count(*own) == (2, 1, 1)
    assert count(own[0], Printing("b", "s2", "Herald", "AFP")) == (2, 1, 2)


def test_unknown_outlets_are_not_one() -> None:
    counted = count_sources([Printing("a", "s1"), Printing("b", "s2"), Printing("c", "")])
    assert (counted.n_outlets, counted.n_unknown, counted.n_independent) == (0, 3, 3)


def test_origins_are_found_through_a_chain() -> None:
    chain = [
        Printing("a", "s1", "Herald", "Reuters"),
        Printing("b", "s1", "Courier"),
        Printing("c", "s2", "Courier"),
        Printing("d", "s3", "Ledger"),
    ]
    counted = count_sources(chain)
    assert [origin.articles for origin in counted.origins] == [("a", "b", "c"), ("d",)]
    assert counted.origins[0].why == "one text, one agency, one outlet"


def test_quoting_an_agency_is_noted_and_no_origin() -> None:
    article = Article(id="x", outlet="Herald", text="“It is over,” he told Reuters on Monday.")
    found = printing(article, id="x", story="s1")
    assert (found.agency, found.quotes) == (None, ("Reuters",))
    signed = Article(id="x", outlet="Herald", text="It is over, he said on Monday.\n\nReuters")
    assert printing(signed, id="x", story="s1").agency == "Reuters"
    assert quoted_agencies("He went to the Reuters building; AP courses begin.") == set()
