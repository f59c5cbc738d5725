"""A user's own event types: the file and its errors, the few-shot head, and types in articles."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import dateline
from dateline.knowledge.tables import KnowledgeError
from dateline.record.explain import explain
from dateline.record.user_codebook import load_user_codebook, parse_marked
from dateline.record.user_types import background, fit_head
from dateline.views import cli

HARBOURS = """
name: harbours
version: "3"
types:
  SHIP_SEIZURE:
    definition: A coast guard, navy or customs service takes a vessel under its control.
    maps_to: COERCE/seize
    intensity: -6
    examples:
      - "<actor>The Danish coast guard</actor> <act>impounded</act> <recipient>a trawler</recipient>."
      - "<actor>Customs officers</actor> <act>seized</act> <recipient>a freighter</recipient>."
      - "<recipient>The ferry</recipient> was <act>detained</act> by <actor>the harbour police</actor>."
      - "<actor>Ghana</actor> <act>impounded</act> <recipient>a Spanish trawler</recipient> over fines."
  WATER_CUT:
    definition: Who controls a river or dam lets less water through to those below.
    maps_to: COERCE/withhold
    examples:
      - "<actor>Guinea</actor> <act>throttled</act> the river to <recipient>Mali</recipient>."
      - "<actor>Turkey</actor> <act>throttled</act> the Euphrates to <recipient>Syria</recipient>."
      - "<actor>The authority</actor> <act>cut</act> the water of <recipient>two villages</recipient>."
"""
STORY = (
    "MOMBASA, 4 March 2024 - Kenya's coast guard impounded two Somali dhows off Lamu on Sunday.\n\n"
    "Ethiopia throttled the flow of the Juba to Somalia last week. Uganda's foreign minister met "
    "Rwanda's president in Kigali on Monday. Ugandan police arrested nine Rwandan journalists."
)


def _write(folder: Path, text: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    return _write(tmp_path_factory.mktemp("codebook"), HARBOURS)


# -- the file ----------------------------------------------------------------------------------


def test_what_the_file_leaves_out_comes_from_the_type_it_maps_to(file: Path) -> None:
    book = load_user_codebook(file)
    ship, water = book.types["SHIP_SEIZURE"], book.types["WATER_CUT"]
    assert (book.name, book.version, book.use) == ("harbours", "3", "extend")
    assert (ship.type, ship.mode, ship.quad, ship.intensity) == ("COERCE", "seize", 4, -6)
    assert (water.quad, water.intensity) == (4, -7)


def test_a_cameo_code_brings_its_type_mode_and_contexts(tmp_path: Path) -> None:
    text = HARBOURS.replace("maps_to: COERCE/seize", "maps_to: '042'")
    ship = load_user_codebook(_write(tmp_path, text)).types["SHIP_SEIZURE"]
    assert (ship.type, ship.mode, ship.cameo) == ("CONSULT", "visit", "042")


def test_types_may_be_a_list_with_names(tmp_path: Path) -> None:
    listed = """
types:
  - name: TOAST
    definition: Somebody raises a glass to somebody else.
    maps_to: SUPPORT
    examples: [<act>toasted</act> a, <act>toasted</act> b, <act>toasted</act> c]
"""
    assert list(load_user_codebook(_write(tmp_path, listed)).types) == ["TOAST"]
    with pytest.raises(KnowledgeError, match="given twice"):
        load_user_codebook(_write(tmp_path, listed + listed.split("types:\n")[1]))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("intensity: -6", "intensity: -60", "types.SHIP_SEIZURE.intensity"),
        ("intensity: -6", "intensty: -6", "types.SHIP_SEIZURE.intensty: unknown key"),
        ("maps_to: COERCE/seize", "quad: 4", "types.SHIP_SEIZURE.maps_to: missing"),
        ("COERCE/seize", "COERCE/steal", "COERCE has no mode 'steal'; its modes: seize"),
        ("COERCE/seize", "FIGHT", "expected a PLOVER type"),
        ("COERCE/seize", "042", "in quotes"),
        ("COERCE/seize", "'999'", "no CAMEO code 999"),
        ("COERCE/seize", "'010'", "has no PLOVER type"),
        ("<act>cut</act>", "cut", "types.WATER_CUT.examples, sentence 3: mark the word"),
        ("<act>cut</act>", "<act>cut", "<act> is not closed"),
        ("<act>cut</act>", "<verb>cut</verb>", "unknown mark <verb>"),
        ("  WATER_CUT:", "  ASSAULT:", "types.ASSAULT: PLOVER has this type"),
        ("  WATER_CUT:", "  'WATER CUT':", "expected a name of letters"),
        ("  WATER_CUT:", "  OTHER:", "the name is taken"),
        ('version: "3"', "codebook: overwrite", "codebook: "),
        ("name: harbours", "name: [a", "not valid YAML"),
    ],
)
def test_errors_name_file_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in HARBOURS
    path = _write(tmp_path, HARBOURS.replace(old, new))
    with pytest.raises(KnowledgeError) as raised:
        load_user_codebook(path)
    assert str(raised.value).startswith("own.yaml: ")
    assert message in str(raised.value)


def test_too_few_examples_are_refused(tmp_path: Path) -> None:
    short = "\n".join(HARBOURS.splitlines()[:-2]) + "\n"
    with pytest.raises(KnowledgeError, match="at least 3 examples, found 1"):
        load_user_codebook(_write(tmp_path, short))


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff\xfe\x00", b"types: {}"])
def test_files_that_are_no_codebook_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "own.yaml"
    path.write_bytes(data)
    with pytest.raises(KnowledgeError, match=r"own\.yaml"):
        load_user_codebook(path)


def test_a_plover_name_may_be_used_in_its_place(tmp_path: Path) -> None:
    text = HARBOURS.replace("  WATER_CUT:", "  ASSAULT:").replace(
        "types:", "codebook: replace\ntypes:"
    )
    assert load_user_codebook(_write(tmp_path, text)).use == "replace"


def test_marks_become_spans() -> None:
    found = parse_marked("<actor>A</actor> and <actor>B</actor> <act>met</act>.")
    assert found.text == "A and B met."
    assert found.actor == ((0, 1), (6, 7))
    assert (found.act, found.recipient) == (((8, 11),), ())


# -- the head ----------------------------------------------------------------------------------


def test_a_head_tells_its_examples_from_the_rest() -> None:
    rng = np.random.default_rng(1)
    shown = rng.normal(size=(6, 1536)) + 1.0
    others = rng.normal(size=(80, 1536)) - 0.2
    head = fit_head(shown, others)
    assert all(head.chance(row) > 0.5 for row in shown)
    assert head.chance(rng.normal(size=1536) + 1.0) > 0.5
    assert head.chance(rng.normal(size=1536) - 0.2) < 0.5
    assert fit_head(shown, others).chance(others[0]) == head.chance(others[0])


def test_background_has_every_type_and_words_that_tell_none() -> None:
    kinds = [kind for kind, _ in background()]
    assert len(set(kinds)) == 17
    assert min(kinds.count(kind) for kind in set(kinds)) >= 8
    assert all(sentence.act for _, sentence in background())


# -- in text -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def story(file: Path):
    return dateline.read(STORY, codebook=file, published="2024-03-05")


def _by_word(record) -> dict[str, object]:
    return {record.article.text[slice(*e.trigger)]: e for e in record.events}


def test_an_event_keeps_its_type_and_gets_the_users(story) -> None:
    event = _by_word(story)["impounded"]
    assert event.type == "COERCE"
    assert next(iter(event.user_types)) == "SHIP_SEIZURE"
    assert "harbours@3" in story.version.codebook


def test_a_word_only_the_user_knows_makes_an_event(story) -> None:
    event = _by_word(story)["throttled"]
    assert event.type == "COERCE"
    assert event.mode == "withhold"
    assert "WATER_CUT" in event.user_types
    without = _by_word(dateline.read(STORY, published="2024-03-05")).get("throttled")
    assert without is None or (without.mode, without.user_types) == (None, {})


def test_other_events_have_none_of_the_users_types(story) -> None:
    assert _by_word(story)["met"].user_types == {}
    arrest = _by_word(story)["arrested"]  # another mode of COERCE
    assert (arrest.mode, arrest.user_types) == ("arrest", {})
    assert [e.id for e in story.events] == [f"e{n}" for n in range(1, len(story.events) + 1)]


def test_a_codebook_in_plovers_place_drops_the_rest_with_a_reason(tmp_path: Path) -> None:
    path = _write(tmp_path, HARBOURS.replace("types:", "codebook: replace\ntypes:"))
    record = dateline.read(STORY, codebook=path, published="2024-03-05")
    assert "met" not in _by_word(record)
    assert all(event.user_types for event in record.events)
    assert "not_in_codebook" in {d.reason for d in record.dropped}
    assert _by_word(record)["impounded"].intensity == -6


def test_event_type_shares_out_one_distribution(file: Path, tmp_path: Path) -> None:
    seized = dateline.event_type("Iran seized a tanker.", (0, 4), (12, 20), codebook=file)
    assert sum(seized.values()) == pytest.approx(1)
    assert len(seized) == 18
    assert max(seized, key=seized.__getitem__) == "SHIP_SEIZURE"
    path = _write(tmp_path, HARBOURS.replace("types:", "codebook: replace\ntypes:"))
    met = dateline.event_type("Iran met Iraq on Monday.", (0, 4), (9, 13), codebook=path)
    assert set(met) == {"SHIP_SEIZURE", "WATER_CUT", "OTHER"}
    assert max(met, key=met.__getitem__) == "OTHER"


# -- the command -------------------------------------------------------------------------------


@pytest.fixture
def run(monkeypatch, capsys):
    def call(*arguments: object) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["dateline", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        streams = capsys.readouterr()
        return stop.value.code, streams.out, streams.err

    return call


def test_the_command_shows_own_types_beside_plovers(run, file: Path, tmp_path: Path) -> None:
    _, out, _ = run("codebook", "--user", file)
    assert "SHIP_SEIZURE" in out
    assert "ASSAULT" in out
    assert json.loads(run("codebook", "water_cut", "--user", file, "--json")[1])["quad"] == 4
    path = _write(tmp_path, HARBOURS.replace("types:", "codebook: replace\ntypes:"))
    assert "ASSAULT ·" not in run("codebook", "--user", path)[1]
    assert run("codebook", "ASSAULT", "--user", path)[0] == 2


def test_a_file_that_is_wrong_or_missing_ends_in_one_line(run, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text(STORY, encoding="utf-8")
    wrong = _write(tmp_path, HARBOURS.replace("COERCE/seize", "FIGHT"))
    for arguments in (("codebook", "--user", wrong), ("read", story, "--codebook", wrong)):
        code, _, err = run(*arguments)
        assert code == 2
        assert "own.yaml: types.SHIP_SEIZURE.maps_to" in err
    gone = tmp_path / "gone.yaml"
    for arguments in (("codebook", "--user", gone), ("read", story, "--codebook", gone)):
        code, _, err = run(*arguments)
        assert code == 2
        assert "gone.yaml" in err


def test_an_event_of_the_users_word_is_explained_as_such(story) -> None:
    event = _by_word(story)["throttled"]
    why = explain(story, event.id)
    assert why.trigger.frame == ""
    assert why.trigger.says == "WATER_CUT"
    assert why.type.user_types == event.user_types
    assert explain(story, _by_word(story)["impounded"].id).trigger.frame.startswith("impound")
