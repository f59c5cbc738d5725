"""The measures themselves, on answers made by hand."""

from __future__ import annotations

import json

import dateline
from dateline.evaluation.relations import evaluate_gsr, unmarked
from dateline.evaluation.scores import macro_f1, nominal_alpha
from dateline.record.model import Event, Party

TEXT = "Chad met Niger."


def met(actors, recipients) -> Event:
    def parties(words):
        return [Party(span=(TEXT.index(w), TEXT.index(w) + len(w)), text=w) for w in words]

    return Event(
        id="e1", type="CONSULT", quad=1, intensity=1, actors=parties(actors), status="happened",
        recipients=parties(recipients), trigger=(5, 8), evidence=[(0, 15)], confidence=1,
    )  # fmt: skip


def scored(tmp_path, monkeypatch, event, **gold):
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"text": TEXT, "event": "CONSULT", **gold}))
    monkeypatch.setattr(dateline, "events", lambda text: [event])
    return evaluate_gsr([path])


def test_a_reciprocal_event_is_right_with_and_without_a_gold_recipient(tmp_path, monkeypatch):
    both = met(["Chad", "Niger"], [])
    chad, niger = {"actorText": "Chad"}, {"actorText": "Niger"}
    assert scored(tmp_path, monkeypatch, both, source=[chad, niger])["all"] == 1
    assert scored(tmp_path, monkeypatch, both, source=[chad], target=[niger])["all"] == 1


def test_a_recipient_where_gold_has_none_is_wrong(tmp_path, monkeypatch):
    found = scored(tmp_path, monkeypatch, met(["Chad"], ["Niger"]), source=[{"actorText": "Chad"}])
    assert (found["actor"], found["recipient"]) == (1, 0)


def test_markers_are_taken_out_and_an_unclosed_one_marks_nothing():
    assert unmarked("<s>Chad</s> met <t>Niger.") == (TEXT, [(0, 4)], [])


def test_alpha_and_macro_f1():
    assert nominal_alpha([("a", "a"), ("b", "b")]) == 1
    assert nominal_alpha([("a", "b"), ("b", "a")]) < 0
    assert macro_f1(["a", "a", "b"], ["a", "a", "a"]) == 0.4
