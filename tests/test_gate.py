"""The score gate must fail when a score falls, a case changes, or a floor would be lowered."""

from __future__ import annotations

import json

import pytest

import gate


@pytest.fixture
def pinned(tmp_path, monkeypatch):
    """A gate of one task, its cases and floors in a folder of their own."""
    cases = tmp_path / "cases"
    cases.mkdir()
    (cases / "times.jsonl").write_text('{"text": "today"}\n', encoding="utf-8")
    monkeypatch.setattr(gate, "CASES", cases)
    monkeypatch.setattr(gate, "FLOORS", tmp_path / "floors.json")
    monkeypatch.setattr(gate, "TASKS", {"times": gate.Task(("times.jsonl",), ("value_f1",))})
    gate.FLOORS.write_text('{"tasks": {}, "lowered": []}', encoding="utf-8")
    score(monkeypatch, 0.8)
    assert gate.main(["--pin"]) == 0
    return gate.FLOORS


def score(monkeypatch, value: float) -> None:
    monkeypatch.setattr(gate.tasks, "evaluate", lambda name, paths: {"value_f1": value})


def floor(path) -> float:
    return json.loads(path.read_text(encoding="utf-8"))["tasks"]["times"]["floors"]["value_f1"]


def test_same_score_passes(pinned, capsys):
    assert gate.main([]) == 0
    assert "1 of 1 figures" in capsys.readouterr().out


def test_score_that_fell_fails(pinned, monkeypatch, capsys):
    score(monkeypatch, 0.79)
    assert gate.main([]) == 1
    assert "below its floor" in capsys.readouterr().out


def test_changed_case_fails(pinned, capsys):
    (gate.CASES / "times.jsonl").write_text('{"text": "easier"}\n', encoding="utf-8")
    assert gate.main([]) == 1
    assert "cases differ" in capsys.readouterr().out


def test_task_without_a_floor_fails(pinned, capsys):
    pinned.write_text('{"tasks": {}, "lowered": []}', encoding="utf-8")
    assert gate.main([]) == 1
    assert "no floor pinned" in capsys.readouterr().out


def test_pinning_raises_a_floor(pinned, monkeypatch):
    score(monkeypatch, 0.9)
    assert gate.main(["--pin"]) == 0
    assert floor(pinned) == 0.9


def test_pinning_refuses_to_lower_a_floor(pinned, monkeypatch, capsys):
    score(monkeypatch, 0.5)
    assert gate.main(["--pin"]) == 1
    assert floor(pinned) == 0.8
    assert "not pinned" in capsys.readouterr().err


def test_lowering_needs_a_reason_and_is_recorded(pinned, monkeypatch):
    score(monkeypatch, 0.5)
    with pytest.raises(SystemExit):
        gate.main(["--pin", "--allow-lower", "times"])
    assert gate.main(["--pin", "--allow-lower", "times", "--why", "harder cases"]) == 0
    assert floor(pinned) == 0.5
    lowered = json.loads(pinned.read_text(encoding="utf-8"))["lowered"]
    assert lowered == [
        {"task": "times", "figure": "value_f1", "from": 0.8, "to": 0.5, "why": "harder cases"}
    ]


def test_margin_keeps_a_floor_below_the_score():
    assert gate.pinned_floor(0.8765, 0.03) == 0.846
    assert gate.pinned_floor(0.8765, 0.0) == 0.876


@pytest.mark.parametrize("task", [name for name in gate.TASKS if name != "samples"])
def test_cases_are_enough_and_of_the_right_shape(task):
    fields = {
        "attribution": {"text", "attributions"},
        "plv": {"text", "source", "target", "plover", "quad"},
        "spans": {"tokens", "tags"},
        "gsr": {"text", "event"},
        "actors": {"text", "context", "date", "expect"},
        "times": {"text", "created", "timexes"},
        "places": {"text", "toponyms"},
    }
    if task not in fields:
        pages = json.loads((gate.CASES / "pages/ground-truth.json").read_text(encoding="utf-8"))
        assert len(pages) >= 9
        return
    path = gate.CASES / f"{task}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 25
    assert all(fields[task] <= row.keys() for row in rows)
