"""The public functions, with the shipped network."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dateline

TALKS = (
    "GENEVA, March 14 (Reuters) - Norwegian Foreign Minister Tuva Skogheim met Sudanese officials in "
    "Geneva on Thursday. “We will not leave before there is a truce,” she told reporters.\n\n"
    "Sudan's army said it had shelled rebel positions on Wednesday."
)


def test_attributions_find_speaker_cue_and_words():
    text = "The ministry said the talks had failed. “We tried,” said Minister Anna Ruiz."
    found = dateline.attributions(text)
    words = [
        ([text[a:b] for a, b in x.source], [text[a:b] for a, b in x.cue], x.kind) for x in found
    ]
    assert (["The ministry"], ["said"], "indirect") in words
    assert any("Ruiz" in source[0] and kind == "direct" for source, _, kind in words if source)


def test_plain_text_without_reports_has_no_attribution():
    assert dateline.attributions("The river is 900 km long. It rises in the north.") == []


def test_event_types_are_probabilities():
    text = "Troops attacked the village."
    chances = dateline.event_type(text, (0, 6), (16, 27))
    assert len(chances) == 16
    assert sum(chances.values()) == pytest.approx(1)
    assert max(chances, key=lambda t: chances[t]) == "ASSAULT"


def test_event_type_depends_on_the_words():
    text = "The president praised the general."
    chances = dateline.event_type(text, (0, 13), (22, 33))
    assert max(chances, key=lambda t: chances[t]) == "SUPPORT"


@pytest.mark.parametrize("spans", [(None, None), ((0, 6), None), (None, (16, 27))])
def test_either_party_may_be_missing(spans):
    assert len(dateline.event_type("Troops attacked the village.", *spans)) == 16


def test_events_of_a_text():
    found = dateline.events(TALKS, published="2024-03-14")
    assault = next(e for e in found if e.type == "ASSAULT")
    assert assault.when is not None
    assert assault.when.start == "2024-03-13"
    assert TALKS[slice(*assault.trigger)] == "shelled"
    assert assault.statement is not None


def test_a_text_without_acts_has_no_events():
    assert dateline.events("The lake is deep and its water is cold.") == []


def test_a_record_holds_evidence_for_every_line():
    record = dateline.read(
        TALKS + "\n\nMore from the talks follows below here.", published="2024-03-14"
    )
    size = len(record.article.text)
    assert record.events
    for event in record.events:
        assert event.evidence
        spans = [event.trigger, *event.evidence, *(p.span for p in event.actors)]
        assert all(0 <= a < b <= size for a, b in spans)
    for statement in record.statements:
        assert all(0 <= a < b <= size for a, b in statement.content)


def test_the_same_input_gives_the_same_record():
    assert dateline.read(TALKS).model_dump_json() == dateline.read(TALKS).model_dump_json()


def test_what_stands_elsewhere_in_the_text_does_not_change_a_paragraph():
    paragraph = "Kenya's president met Uganda's prime minister in Nairobi on Monday."
    filler = " ".join(["The weather stayed dry over the hills and the fields."] * 60)
    alone = dateline.events(paragraph)
    with_more = dateline.events(paragraph + "\n\n" + filler)
    assert [(e.type, e.trigger) for e in alone] == [
        (e.type, e.trigger) for e in with_more if e.trigger[1] <= len(paragraph)
    ]


def test_a_path_is_read(tmp_path: Path):
    page = tmp_path / "page.txt"
    page.write_text(TALKS, encoding="utf-8")
    assert dateline.read(page).article.text == dateline.read(str(page)).article.text


def test_a_wrong_date_says_what_was_expected():
    with pytest.raises(ValueError, match="ISO date"):
        dateline.read(TALKS, published="yesterday")


def test_no_story_is_an_empty_explained_record():
    record = dateline.read(b"")
    assert record.article.problem is not None
    assert record.events == []
    assert record.dropped[0].reason == "empty"


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_spans_inside_it(text):
    for attribution in dateline.attributions(text):
        for a, b in [*attribution.source, *attribution.cue, *attribution.content]:
            assert 0 <= a < b <= len(text)
    for event in dateline.events(text):
        assert 0 <= event.trigger[0] < event.trigger[1] <= len(text)


def test_a_text_longer_than_any_story_is_refused_and_explained():
    from dateline.article.model import Article
    from dateline.record.build import LONGEST_STORY, make_record

    record = make_record(Article(id="x", text="War. " * (LONGEST_STORY // 5 + 1)))
    assert record.article.problem is not None
    assert record.article.problem.code == "too_large"
    assert record.dropped[0].reason == "too_large"
