"""The codebook: complete types, and a crosswalk to CAMEO that agrees with itself both ways."""

from __future__ import annotations

import json
import sys
from typing import get_args

import pytest

from dateline.record.codebook import cameo_for, load_codebook, plover_for
from dateline.record.model import EventType, Status
from dateline.views import cli

BOOK = load_codebook()
QUADS = {
    1: {"AGREE", "CONSULT", "SUPPORT", "CONCEDE"},
    2: {"COOPERATE", "AID", "RETREAT"},
    3: {"REQUEST", "ACCUSE", "REJECT", "THREATEN"},
    4: {"PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"},
}
MODES = {
    "CONSULT": {"visit", "third-party", "multilateral", "phone"},
    "RETREAT": {"withdraw", "release", "disarm", "ceasefire", "access", "resign"},
    "REQUEST": {"assist", "change", "yield", "meet"},
    "REJECT": {"assist", "change", "yield", "meet"},
    "ACCUSE": {"disapprove", "investigate", "allege"},
    "THREATEN": {"restrict", "arrest", "relations", "expel", "territory", "violence"},
    "SANCTION": {"convict", "expel", "withdraw", "discontinue"},
    "MOBILIZE": {"troops", "weapons", "police", "militia"},
}
# Codes whose reading an event does not bring back, each by a decision: AGREE without a context is
# the general promise (030), not the promise to yield; a retreat of troops is 0874, not 0872.
REDIRECTED = {"035": "030", "0352": "030", "0872": "0874"}


def test_types_are_those_of_the_record_model() -> None:
    assert set(BOOK.types) == set(get_args(EventType))


@pytest.mark.parametrize("name", list(BOOK.types))
def test_every_type_is_defined_with_examples(name: str) -> None:
    definition = BOOK.types[name]
    assert len(definition.definition) > 40
    assert len(definition.examples) >= 2
    for example in definition.examples:
        assert example.mode is None or example.mode in definition.modes


@pytest.mark.parametrize("quad", QUADS)
def test_quad_classes(quad: int) -> None:
    assert {name for name in BOOK.types if BOOK.quad(name) == quad} == QUADS[quad]


@pytest.mark.parametrize("name", MODES)
def test_modes_are_plovers(name: str) -> None:
    assert set(BOOK.modes(name)) == MODES[name]


@pytest.mark.parametrize("name", ["AGREE", "SUPPORT", "CONCEDE", "COOPERATE", "AID"])
def test_types_without_modes(name: str) -> None:
    assert BOOK.modes(name) == ()


def test_intensity_falls_back_to_the_type_when_the_mode_has_none() -> None:
    assert BOOK.intensity("CONSULT", "phone") == 1.5
    assert BOOK.types["PROTEST"].modes["vandalize"].intensity is None
    assert BOOK.intensity("PROTEST", "vandalize") == BOOK.intensity("PROTEST") == -5


@pytest.mark.parametrize("name", list(BOOK.types))
def test_sign_of_the_score_follows_the_quad_class(name: str) -> None:
    scores = [BOOK.intensity(name, mode) for mode in (None, *BOOK.modes(name))]
    if BOOK.quad(name) <= 2:
        assert min(scores) > 0
    else:
        assert max(scores) <= 0.5  # a request for help is the mildest of the conflict acts
        assert name == "REQUEST" or max(scores) < 0


def test_unknown_names_raise() -> None:
    with pytest.raises(KeyError):
        BOOK.quad("FIGHT")
    with pytest.raises(KeyError):
        BOOK.intensity("AID", "phone")
    with pytest.raises(KeyError):
        BOOK.plover_for("999")


def test_auxiliary_marks_map_to_statuses() -> None:
    assert set(BOOK.auxiliary) == {"historical", "future", "hypothetical", "negation"}
    assert {mark.status for mark in BOOK.auxiliary.values()} <= set(get_args(Status))


def test_contradictions_of_the_sources_are_recorded_with_reasons() -> None:
    decided = {decision.id: decision for decision in BOOK.decisions}
    assert {"sanction-quad", "accuse-sign"} <= set(decided)
    assert all(len(decision.reason) > 30 for decision in decided.values())


def test_codes_keep_their_leading_zero() -> None:
    assert all(code.isdigit() and 3 <= len(code) <= 4 for code in BOOK.cameo)
    assert "042" in BOOK.cameo
    assert "42" not in BOOK.cameo


def test_every_top_level_of_cameo_is_there() -> None:
    assert {code[:2] for code in BOOK.cameo} == {f"{n:02d}" for n in range(1, 21)}
    assert all(f"{n:02d}0" in BOOK.cameo for n in range(1, 21))


@pytest.mark.parametrize("code", [c for c in BOOK.cameo if c[:2] not in ("01", "02")])
def test_crosswalk_agrees_with_itself(code: str) -> None:
    reading = plover_for(code)
    assert reading is not None
    back = cameo_for(*reading)
    assert back is not None
    if code in REDIRECTED:
        assert back == REDIRECTED[code]
    else:
        assert plover_for(back) == reading


def test_codes_without_a_twin_come_back_to_themselves() -> None:
    readings = {code: plover_for(code) for code in BOOK.cameo if code[:2] != "02"}
    values = list(readings.values())
    alone = {c: r for c, r in readings.items() if r is not None and values.count(r) == 1}
    assert len(alone) > 60
    missed = {code for code, reading in alone.items() if cameo_for(*reading) != code}
    assert missed == {"0872"}


def test_comments_have_no_type_and_appeals_are_requests() -> None:
    assert plover_for("010") is None
    assert plover_for("0231") == ("REQUEST", "assist", ("economic",))


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (("CONSULT", "phone", ()), "041"),
        (("AGREE", None, ("economic",)), "0311"),
        (("SANCTION", "discontinue", ("diplomatic",)), "163"),
        (("ASSAULT", "drone", ("military",)), "195"),
        (("CONCEDE", None, ("diplomatic",)), "055"),
        (("REQUEST", "yield", ("military",)), "1056"),
        (("PROTEST", "strike", ()), "143"),
    ],
)
def test_best_code(event: tuple[str, str | None, tuple[str, ...]], code: str) -> None:
    assert cameo_for(*event) == code


@pytest.mark.parametrize("name", list(BOOK.types))
def test_every_type_and_mode_has_a_code_of_some_reading_of_it(name: str) -> None:
    for mode in (None, *BOOK.modes(name)):
        code = cameo_for(name, mode)
        assert code is not None
        known = [BOOK.cameo[code].reading, *BOOK.cameo[code].also]
        assert name in {reading.type for reading in known if reading is not None}


def test_a_context_more_changes_the_code_and_a_foreign_one_does_not() -> None:
    assert cameo_for("AID", None, ()) == "070"
    assert cameo_for("AID", None, ("military",)) == "072"
    assert cameo_for("AID", None, ("lgbt",)) == "070"


@pytest.mark.parametrize("name", list(BOOK.types))
def test_every_mode_has_an_example_whose_parties_stand_in_it(name: str) -> None:
    definition = BOOK.types[name]
    assert {e.mode for e in definition.examples} >= set(definition.modes)
    for example in definition.examples:
        assert example.actor in example.text
        assert example.recipient is None or example.recipient in example.text


def test_a_visit_is_hosted_and_a_call_is_a_call_from_both_sides() -> None:
    assert (BOOK.mirror_of("042"), BOOK.mirror_of("043")) == ("043", "042")
    assert BOOK.mirror_of("041") == "041"
    assert BOOK.mirror_of("190") is None
    with pytest.raises(KeyError):
        BOOK.mirror_of("42")


def test_mirrors_are_mutual_and_stay_within_a_type() -> None:
    for code, mirror in BOOK.mirrors.items():
        assert BOOK.mirrors[mirror] == code
        one, other = plover_for(code), plover_for(mirror)
        assert one is not None
        assert other is not None
        assert one[0] == other[0]


# -- dateline codebook -------------------------------------------------------------------------


@pytest.fixture
def run(monkeypatch, capsys):
    def call(*arguments: object) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["dateline", "codebook", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        streams = capsys.readouterr()
        return stop.value.code, streams.out, streams.err

    return call


def test_the_command_lists_every_type_under_its_quad_class(run) -> None:
    code, out, _ = run()
    assert code == 0
    assert all(f"  {name} · quad {BOOK.quad(name)}" in out for name in BOOK.types)
    assert BOOK.decisions[0].question in out


def test_a_type_is_shown_with_modes_and_examples_whatever_its_case(run) -> None:
    _, out, _ = run("protest")
    assert out.startswith("PROTEST")
    assert all(mode in out for mode in BOOK.modes("PROTEST"))
    assert BOOK.types["PROTEST"].examples[0].text in out
    code, _, err = run("FIGHT")
    assert code == 2
    assert "FIGHT" in err
    assert "ASSAULT" in err


def test_a_code_is_shown_with_its_other_side_and_needs_its_leading_zero(run) -> None:
    _, out, _ = run("--cameo", "042")
    assert "CONSULT/visit" in out
    assert "043" in out
    code, _, err = run("--cameo", "42")
    assert code == 2
    assert "042" in err


def test_json_holds_the_whole_codebook(run) -> None:
    data = json.loads(run("--json")[1])
    assert set(data["types"]) == set(BOOK.types)
    assert len(data["cameo"]) == len(BOOK.cameo)
    assert json.loads(run("AID", "--json")[1])["quad"] == 2
    assert json.loads(run("--cameo", "010", "--json")[1])["plover"] is None
