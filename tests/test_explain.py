"""``dateline explain``: the words behind each field, and what came close."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import dateline
from dateline.record.explain import Explanation, UnknownEvent, explain
from dateline.views import cli

STORY = (
    "OSLO, 5 March 2024 - French President Emmanuel Macron visited Oslo on Monday and met Norwegian "
    "Prime Minister Jonas Gahr Store.\n\n"
    "Norway's foreign ministry said Russia had attacked Ukraine with drones in February 2022. "
    "Macron will meet Store again in June. He condemned the Russian government on Tuesday. "
    "Denmark accused China of spying."
)


@pytest.fixture(scope="module")
def record():
    return dateline.read(STORY, published="2024-03-05")


@pytest.fixture(scope="module")
def reasons(record) -> dict[str, Explanation]:
    """Trigger word -> why."""
    found = [explain(record, event.id) for event in record.events]
    return {why.trigger.word.text: why for why in found}


def test_every_span_is_the_text_it_shows(record, reasons) -> None:
    text = record.article.text
    for why in reasons.values():
        shown = [why.trigger.word, *why.trigger.words, *why.evidence, *why.status.words]
        shown += [*why.when.words, *why.place.words, *why.reporter.words]
        shown += [party.words for party in why.parties]
        assert all(text[slice(*words.span)] == words.text for words in shown)


def test_the_frame_that_held_is_shown_with_those_that_did_not(reasons) -> None:
    why = reasons["condemned"]
    assert why.trigger.frame.startswith("condemn (V)")
    assert why.trigger.says.startswith("ACCUSE")
    assert 0 < (why.trigger.weight or 0) <= 1


def test_types_are_ranked_with_and_without_the_lexicon(reasons) -> None:
    for why in reasons.values():
        for ranked in (why.type.together, why.type.network_alone):
            chances = [choice.probability for choice in ranked]
            assert len(ranked) == 3
            assert chances == sorted(chances, reverse=True)
            assert sum(chances) <= 1.001
    assert reasons["condemned"].type.together[0].label == "ACCUSE"


def test_a_pronoun_leads_to_a_name_an_entry_and_its_dated_role(reasons) -> None:
    actor = next(p for p in reasons["condemned"].parties if p.side == "actor")
    assert actor.words.text == "He"
    assert actor.name is not None
    assert "Macron" in actor.name
    assert actor.entry == "Emmanuel Macron"
    assert "2017" in actor.role
    assert actor.source.endswith(".csv")
    assert "He" in (actor.note or "")


def test_a_date_shows_its_expression_or_says_that_there_is_none(reasons) -> None:
    stated = reasons["condemned"].when
    assert stated.value == "2024-03-05"
    assert "Tuesday" in stated.words[0].text
    undated = reasons["accused"].when
    assert "publication" in undated.reason
    assert undated.words == []


def test_the_reporter_is_the_statement_or_the_article(reasons) -> None:
    told = reasons["attacked"].reporter
    assert "said" in [w.text for w in told.words if w.role == "cue"]
    assert reasons["condemned"].reporter.value == "the article"


def test_a_plan_names_its_cue(record, reasons) -> None:
    planned = next(w for w in reasons.values() if w.event.status == "planned")
    assert "will" in [words.text for words in planned.status.words]
    past = reasons["condemned"].status
    assert past.value == "happened"
    assert "past" in past.reason
    assert past.words == []


def test_confidence_lists_the_features_that_moved_it_most(reasons) -> None:
    for why in reasons.values():
        added = [abs(c.added) for c in why.confidence.contributions]
        assert added == sorted(added, reverse=True)
        assert why.confidence.value == why.event.confidence >= why.confidence.least


def test_the_saved_record_gives_the_same_explanation(record, reasons) -> None:
    again = type(record).model_validate_json(record.model_dump_json())
    event = record.events[0].id
    assert explain(again, event) == explain(record, event)


def test_an_unknown_event_names_those_there_are(record) -> None:
    with pytest.raises(UnknownEvent, match="e1"):
        explain(record, "e99")


def test_an_event_that_is_not_found_again_is_still_explained(record) -> None:
    event = record.events[0]
    start = record.article.text.index("again")
    moved = event.model_copy(update={"trigger": (start, start + 5)})
    changed = record.model_copy(update={"events": [moved]})
    why = explain(changed, event.id)
    assert why.trigger.frame == ""
    assert why.confidence.contributions == []


# -- the command -------------------------------------------------------------------------------


@pytest.fixture
def run(monkeypatch, capsys):
    def call(*arguments: object) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["dateline", "explain", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        streams = capsys.readouterr()
        return stop.value.code, streams.out, streams.err

    return call


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


def test_a_page_and_its_saved_record_print_alike(run, page: Path, record, tmp_path: Path) -> None:
    saved = tmp_path / "record.json"
    saved.write_text(record.model_dump_json(indent=2), encoding="utf-8")
    code, out, _ = run(page, "e1", "--published", "2024-03-05")
    assert code == 0
    assert all(title in out for title in ("Trigger", "Type", "Actor", "Status", "Confidence"))
    assert run(saved, "e1")[1] == out
    data = json.loads(run(saved, "e1", "--json")[1])
    assert data["event"]["id"] == "e1"


def test_what_cannot_be_explained_ends_in_one_line(run, page: Path, tmp_path: Path) -> None:
    code, _, err = run(page, "e99")
    assert code == 2
    assert "e99" in err
    broken = tmp_path / "record.json"
    broken.write_text('{"article": 1}', encoding="utf-8")
    code, _, err = run(broken, "e1")
    assert code == 2
    assert "record.json" in err
    empty = tmp_path / "empty.txt"
    empty.write_text("", encoding="utf-8")
    assert run(empty, "e1")[0] == 3
