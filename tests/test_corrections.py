"""Corrections: kept beside the store, laid over it, taken back, and there after a rebuild."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

import dateline
from dateline.store.build import build
from dateline.store.corpus import connect
from dateline.store.corrections import (
    Correction,
    CorrectionError,
    Corrections,
    corrections_path,
    find_target,
    mark,
)
from dateline.store.corrections.ask import asker
from dateline.store.filters import make_filters
from dateline.store.model import PageResult, RawPage, Settings
from dateline.store.reading import read_page
from dateline.store.schema import StoreError
from dateline.views.cli import app
from small_store import TEXTS, make_store

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_store(tmp_path / "corpus.duckdb")


def correct(path: Path, table: str, id: str, **changes: Any) -> list[Correction]:
    with connect(path) as connection:
        target = find_target(asker(connection), table, id)
    assert target is not None
    return Corrections(path).add(target, changes, author="Ada", reason="read it", now=NOON)


def rows(path: Path, what: str, *, corrected: bool = True, **conditions: Any) -> dict[str, Any]:
    """Rows of a query by id."""
    with dateline.open(path, frame="arrow", corrected=corrected) as corpus:
        found = corpus.rows(what, make_filters(**conditions))
        return {row["id"]: row for row in found}


def machine(path: Path, what: str) -> dict[str, Any]:
    return rows(path, what, corrected=False)


# --- what is kept


def test_a_correction_keeps_both_values_with_who_and_when(path):
    (made,) = correct(path, "events", "eD", type="coerce")
    assert (made.old, made.new, made.author, made.reason) == ("ASSAULT", "COERCE", "Ada", "read it")
    assert made.made == NOON
    assert made.span == (TEXTS["D"].index("shelled"), TEXTS["D"].index("shelled") + 7)
    assert Corrections(path).all() == [made]
    assert Corrections(path).of("events", "eD") == [made]
    assert Corrections(path).of("events", "eA") == []


def test_the_file_is_made_with_the_first_correction_and_named_after_the_store(path):
    kept = Corrections(path)
    assert (kept.all(), kept.in_force(), kept.stamp) == ([], [], None)
    assert rows(path, "events")
    assert not kept.path.exists()
    correct(path, "events", "eD", status="denied")
    assert kept.path == path.with_name("corpus.corrections.sqlite")
    assert kept.path.is_file()
    assert corrections_path(Path("news.db")) == Path("news.db.corrections.sqlite")
    assert {file.name for file in path.parent.iterdir()} == {path.name, kept.path.name}


def test_the_stamp_changes_with_every_correction(path):
    kept = Corrections(path)
    (made,) = correct(path, "events", "eD", status="denied")
    before = kept.stamp
    kept.withdraw(made.id, author="Ada")
    assert kept.stamp != before


@pytest.mark.parametrize(
    ("table", "id", "changes", "message"),
    [
        ("events", "eD", {"type": "ATTACK"}, "type: expected one of AGREE"),
        ("events", "eD", {"type": ""}, "type: expected some text"),
        ("events", "eD", {"mode": "phone"}, "mode: ASSAULT has the modes"),
        ("events", "eD", {"type": "CONSULT", "mode": "aerial"}, "mode: CONSULT has the modes"),
        ("events", "eD", {"status": "maybe"}, "status: expected one of"),
        ("events", "eD", {"day": "12 Feb"}, "day: expected a day"),
        ("events", "eD", {"day": "2025-02-30"}, "day: expected a day"),
        ("events", "eD", {"day": "2025-03/2025-02"}, "2025-03 is after 2025-02"),
        ("events", "eD", {"place": ", UKR"}, "place: expected the name"),
        ("events", "eD", {"place": "Kyiv, 99.0 200.0"}, "place: expected a latitude"),
        ("events", "eD", {"actors": ["x" * 301]}, "actors: expected at most 300"),
        ("events", "eD", {"actors": 3}, "actors: expected names"),
        ("events", "eD", {"colour": "red"}, "colour: expected one of wrong"),
        ("events", "eD", {"wrong": False}, "wrong: expected true"),
        ("events", "eD", {"type": "ASSAULT"}, "nothing to correct"),
        ("events", "eD", {}, "nothing to correct"),
        ("statements", "sC", {"kind": "loud"}, "kind: expected one of direct"),
        ("positions", "pD", {"stance": "likes"}, "stance: expected one of demands"),
        ("positions", "pD", {"issue": "weather"}, "issue: expected one of territory"),
        ("positions", "pD", {"party": " "}, "party: expected some text"),
        ("articles", "A", {"published": "yesterday"}, "published: expected a day"),
    ],
)
def test_a_value_that_the_field_cannot_take_is_refused(path, table, id, changes, message):
    with pytest.raises(CorrectionError, match=message):
        correct(path, table, id, **changes)
    assert Corrections(path).all() == []


def test_all_fields_of_a_correction_or_none(path):
    with pytest.raises(CorrectionError):
        correct(path, "events", "eD", status="denied", day="never")
    assert Corrections(path).all() == []


@pytest.mark.parametrize(
    ("author", "message"), [("", "author"), (" \t", "author"), ("a" * 81, "80")]
)
def test_an_author_is_needed(path, author, message):
    with connect(path) as connection:
        target = find_target(asker(connection), "events", "eD")
    with pytest.raises(CorrectionError, match=message):
        Corrections(path).add(target, {"status": "denied"}, author=author)


def test_what_is_not_there_cannot_be_corrected(path):
    with connect(path) as connection:
        assert find_target(asker(connection), "events", "none") is None
        with pytest.raises(CorrectionError, match="table: expected one of acts"):
            find_target(asker(connection), "pages", "A")


def test_withdrawing_shows_the_machines_value_again_and_keeps_the_correction(path):
    (made,) = correct(path, "events", "eD", type="COERCE")
    assert rows(path, "events")["a2"]["type"] == "COERCE"
    taken = Corrections(path).withdraw(made.id, author="Ben", now=NOON)
    assert (taken.withdrawn, taken.withdrawn_by) == (NOON, "Ben")
    assert rows(path, "events") == machine(path, "events")
    assert Corrections(path).all() == [taken]
    assert Corrections(path).withdraw(made.id, author="Cid") == taken
    with pytest.raises(KeyError):
        Corrections(path).withdraw("none", author="Ben")


def test_the_last_correction_of_a_field_holds(path):
    correct(path, "events", "eD", status="denied")
    (last,) = correct(path, "events", "eD", status="planned")
    assert rows(path, "events")["a2"]["status"] == "planned"
    assert [c.id for c in Corrections(path).in_force()] == [last.id]
    Corrections(path).withdraw(last.id, author="Ada")
    assert rows(path, "events")["a2"]["status"] == "denied"


def test_many_writers_at_once_lose_nothing(path):
    with connect(path) as connection:
        target = find_target(asker(connection), "events", "eD")

    def write(name: str) -> None:
        for _ in range(5):
            Corrections(path).add(target, {"status": "denied"}, author=name)

    threads = [threading.Thread(target=write, args=(f"writer {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({c.id for c in Corrections(path).all()}) == 20


def test_a_file_that_is_not_one_of_corrections_is_told(path):
    corrections_path(path).write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(StoreError, match="cannot use the corrections in"):
        dateline.open(path)
    assert machine(path, "events")


def test_a_file_of_a_newer_dateline_is_refused(path):
    correct(path, "events", "eD", status="denied")
    with sqlite3.connect(corrections_path(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="of version 99"):
        dateline.open(path)


# --- what is shown


def test_without_corrections_rows_are_the_machines(path):
    for what in ("events", "reports", "statements", "positions", "articles"):
        assert rows(path, what) == machine(path, what)


def test_type_and_mode_bring_their_quad_score_and_code(path):
    correct(path, "events", "eD", type="CONSULT", mode="phone")
    row = rows(path, "events")["a2"]
    assert (row["type"], row["mode"], row["quad"], row["cameo"]) == ("CONSULT", "phone", 1, "041")
    assert row["intensity"] == 1.5
    assert machine(path, "events")["a2"]["type"] == "ASSAULT"


def test_a_mode_goes_with_the_type_that_was_corrected_before(path):
    correct(path, "events", "eD", type="CONSULT")
    correct(path, "events", "eD", mode="visit")
    row = rows(path, "events")["a2"]
    assert (row["type"], row["mode"]) == ("CONSULT", "visit")
    with pytest.raises(CorrectionError, match="CONSULT has the modes"):
        correct(path, "events", "eD", mode="aerial")


def test_a_new_type_drops_a_mode_that_it_does_not_have(path):
    correct(path, "events", "eD", type="AGREE")
    assert rows(path, "events")["a2"]["mode"] is None


def test_conditions_look_at_corrected_values(path):
    correct(path, "events", "eD", type="CONSULT", status="denied", day="2024-05-01")
    assert set(rows(path, "events", type="CONSULT")) == {"a1", "a2"}
    assert set(rows(path, "events", type="ASSAULT")) == set()
    assert set(rows(path, "events", until="2024")) == {"a2"}
    assert set(rows(path, "events", status="denied")) == {"a2", "a3"}
    with dateline.open(path, frame="arrow") as corpus:
        assert corpus.dyad_months().num_rows == 2  # the calls; what is denied does not count


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2025-02-03", date(2025, 2, 3), date(2025, 2, 3)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2025-01/2025-02", date(2025, 1, 1), date(2025, 2, 28)),
        (None, None, None),
    ],
)
def test_days(path, day, first, last):
    correct(path, "events", "eA", day=day)
    row = rows(path, "events")["a1"]
    assert (row["first_day"], row["last_day"]) == (first, last)


def test_a_place_of_the_corpus_is_found_by_its_name(path):
    correct(path, "events", "eA", place="kyiv")
    row = rows(path, "events")["a1"]
    assert (row["place"], row["place_country"], row["lat"]) == ("kyiv", "UKR", 50.45)
    assert set(rows(path, "events", place="UKR")) == {"a1", "a2"}


def test_a_place_is_found_in_the_gazetteer_or_taken_as_given(path):
    correct(path, "events", "eA", place="Lisbon, PRT")
    correct(path, "events", "eD", place="Nowhere, FRA, 12.5 -3.25")
    found = rows(path, "events")
    assert found["a1"]["place_country"] == "PRT"
    assert abs(found["a1"]["lat"] - 38.7) < 0.5
    nowhere = found["a2"]
    assert (nowhere["place_country"], nowhere["lat"], nowhere["lon"]) == ("FRA", 12.5, -3.25)
    assert nowhere["geonameid"] is None


def test_no_place(path):
    correct(path, "events", "eD", place=None)
    row = rows(path, "events")["a2"]
    assert (row["place"], row["lat"], row["place_country"]) == (None, None, None)


def test_parties_become_actors_of_the_article_then_of_the_corpus_then_words(path):
    correct(path, "events", "eD", actors="Ivan Testov; Some men", recipients=["jan vzor"])
    row = rows(path, "events")["a2"]
    assert row["actors"] == ["Ivan Testov", "Some men"]
    assert row["actor_countries"] == ["RUS", ""]
    assert (row["recipients"], row["recipient_countries"]) == (["Jan Vzor"], ["CZE"])
    assert set(rows(path, "events", pair="RUS,CZE")) == {"a2"}
    assert set(rows(path, "events", actor="Rebels")) == set()
    with dateline.open(path, frame="arrow") as corpus:
        listed = corpus.sql("SELECT actors, recipients FROM acts WHERE id = 'a2'").to_pylist()
    assert listed == [{"actors": ["testov", '"Some men"'], "recipients": ["vzor"]}]


def test_a_party_stands_where_it_is_mentioned(path):
    correct(path, "events", "eD", recipients=["Geneva"])
    with dateline.open(path, frame="arrow") as corpus:
        query = "SELECT span_start AS s, span_end AS e FROM parties WHERE owner='eD' AND role='recipient'"
        (span,) = corpus.sql(query).to_pylist()
    assert TEXTS["D"][span["s"] : span["e"]] == "Geneva"


def test_an_act_is_corrected_in_all_its_tellings_but_for_what_was_said_of_one(path):
    correct(path, "acts", "a1", status="planned", type="AGREE")
    correct(path, "events", "eC", status="denied")
    told = rows(path, "reports")
    assert {id: told[id]["status"] for id in ("eA", "eB", "eC")} == {
        "eA": "planned",
        "eB": "planned",
        "eC": "denied",
    }
    assert told["eC"]["type"] == "AGREE"
    act = rows(path, "events")["a1"]
    assert (act["status"], act["n_reports"], act["n_independent"]) == ("planned", 3, 2)


def test_a_wrong_telling_is_not_counted_and_another_stands_for_the_act(path):
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO printings SELECT id, source, NULL, [] FROM articles")
    correct(path, "events", "eA", wrong=True)
    assert "eA" not in rows(path, "reports")
    act = rows(path, "events")["a1"]
    assert act["article"] in ("B", "C")
    assert (act["n_reports"], act["n_articles"], act["n_independent"]) == (2, 2, 2)
    correct(path, "acts", "a1", wrong=True)
    assert "a1" not in rows(path, "events")
    assert set(rows(path, "reports")) == {"eD", "eE"}


def test_wrong_records_are_left_out_and_come_back(path):
    marks = [
        *correct(path, "statements", "sC", wrong=True),
        *correct(path, "positions", "pD", wrong="true"),
    ]
    assert "sC" not in rows(path, "statements")
    assert "pD" not in rows(path, "positions")
    for made in marks:
        Corrections(path).withdraw(made.id, author="Ada")
    assert rows(path, "statements") == machine(path, "statements")
    assert rows(path, "positions") == machine(path, "positions")


def test_statements_positions_and_articles(path):
    correct(path, "statements", "sD", speaker="Ivan Testov", kind="mixed", channel="a speech")
    correct(path, "positions", "pD", stance="offers", issue="territory", party="Ivan Testov")
    correct(path, "articles", "E", published="2025-02-21", outlet="Meridian")
    said = rows(path, "statements")["sD"]
    assert (said["speaker"], said["kind"], said["channel"]) == ("Ivan Testov", "mixed", "a speech")
    held = rows(path, "positions", issue="territory")["pD"]
    assert (held["party"], held["stance"]) == ("Ivan Testov", "offers")
    article = rows(path, "articles", since="2025-02-21", until="2025-02-21")["E"]
    assert (article["outlet"], article["published"]) == ("Meridian", "2025-02-21T00:00:00Z")


def test_rows_are_marked_with_what_was_corrected(path):
    correct(path, "acts", "a2", status="denied")
    with connect(path) as connection:
        listed = [{"id": "a1"}, {"id": "a2"}]
        mark(asker(connection), listed)
    assert listed[0]["corrected"] == {}
    found = listed[1]["corrected"]["status"]
    assert (json.loads(found["old"]), json.loads(found["new"])) == ("happened", "denied")
    assert found["author"] == "Ada"


def test_the_machines_rows_are_in_a_schema_of_their_own(path):
    correct(path, "events", "eD", type="COERCE")
    with dateline.open(path, frame="arrow") as corpus:
        both = corpus.sql(
            "SELECT e.type, m.type AS read FROM events e JOIN machine.events m USING (id) "
            "WHERE id = 'eD'"
        )
    assert both.to_pylist() == [{"type": "COERCE", "read": "ASSAULT"}]


def test_a_store_without_text_takes_corrections(tmp_path):
    path = make_store(tmp_path / "corpus.duckdb", text=False)
    correct(path, "events", "eD", actors=["Ivan Testov"], status="denied")
    assert rows(path, "events")["a2"]["actors"] == ["Ivan Testov"]


# --- when the store is another


def test_what_a_store_does_not_have_is_passed_over(path):
    correct(path, "acts", "a2", status="denied")
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM events WHERE id = 'eD'")
        connection.execute("DELETE FROM acts WHERE id = 'a2'")
        connection.execute("DELETE FROM act_events WHERE event = 'eD'")
    assert set(rows(path, "events")) == {"a1", "a3"}
    assert len(Corrections(path).in_force()) == 1


def test_an_act_is_found_by_its_telling_when_it_has_another_id(path):
    correct(path, "acts", "a2", status="denied")
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE acts SET id = 'new' WHERE id = 'a2'")
        connection.execute("UPDATE act_events SET act = 'new' WHERE act = 'a2'")
    assert rows(path, "events")["new"]["status"] == "denied"


def test_a_record_is_found_by_its_words_when_a_newer_model_gave_it_another_id(path):
    correct(path, "events", "eD", status="denied")
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE events SET id = 'new', type = 'COERCE' WHERE id = 'eD'")
        connection.execute("UPDATE acts SET event = 'new' WHERE event = 'eD'")
        connection.execute("UPDATE act_events SET event = 'new' WHERE event = 'eD'")
        connection.execute("UPDATE parties SET owner = 'new' WHERE owner = 'eD'")
    assert rows(path, "reports")["new"]["status"] == "denied"


# --- exports


def exported(path: Path, folder: Path, *options: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(
        app, ["export", str(path), "--format", "corrections", "--to", str(folder), *options]
    )
    assert done.exit_code == 0, done.output
    written = (folder / "dateline.corrections.jsonl").read_text("utf-8")
    return [json.loads(line) for line in written.splitlines()]


def test_corrections_are_exported_as_training_examples(path, tmp_path):
    correct(path, "events", "eD", type="COERCE", actors=["Some men"])
    (taken,) = correct(path, "events", "eA", status="denied")
    Corrections(path).withdraw(taken.id, author="Ada")
    first, second = exported(path, tmp_path / "out")
    assert (first["field"], first["machine"], first["person"]) == ("type", "ASSAULT", "COERCE")
    assert first["text"] == "Rebels shelled Kyiv."
    start, end = first["span"]
    assert first["text"][start:end] == "shelled"
    assert [first["text"][slice(*p["span"])] for p in first["parties"]] == ["Rebels", "Kyiv"]
    assert (second["machine"], second["person"]) == (["Rebels"], ["Some men"])
    assert first["version"]["model"] == "m1"
    assert (first["author"], first["made"]) == ("Ada", NOON.isoformat())


def test_examples_without_text_and_of_articles(tmp_path):
    path = make_store(tmp_path / "corpus.duckdb", text=False)
    correct(path, "events", "eD", status="denied")
    correct(path, "articles", "E", outlet="Meridian")
    event, article = exported(path, tmp_path / "out")
    assert (event["text"], event["span"], event["machine"]) == (None, None, "happened")
    assert (article["machine"], article["person"]) == (None, "Meridian")


def test_no_corrections_give_an_empty_file(path, tmp_path):
    assert exported(path, tmp_path / "out") == []


def test_conditions_mean_nothing_for_corrections(path, tmp_path):
    done = CliRunner().invoke(
        app,
        ["export", str(path), "--format", "corrections", "--to", str(tmp_path), "--type", "AID"],
    )
    assert done.exit_code != 0


def test_commands_show_corrected_rows_or_the_machines(path, tmp_path):
    correct(path, "acts", "a2", type="COERCE", mode="seize")
    query = ["query", str(path), "--format", "csv", "--type", "COERCE"]
    assert "seize" in CliRunner().invoke(app, query).output
    assert "seize" not in CliRunner().invoke(app, [*query, "--uncorrected"]).output
    for options, cameo in (([], "COERCE"), (["--uncorrected"], "ASSAULT")):
        to = tmp_path / cameo
        arguments = ["export", str(path), "--format", "plover", "--to", str(to), *options]
        CliRunner().invoke(app, arguments)
        events = [json.loads(line) for line in (to / "dateline.plover.jsonl").open()]
        assert cameo in {event["event"][0] for event in events}


# --- builds


SAMPLES = Path(dateline.__file__).parent / "samples"


class Here:
    """Reads pages in this process, which has the model loaded already."""

    name = "here"

    def read(self, pages: Iterator[RawPage]) -> Iterator[PageResult]:
        return (read_page(page, Settings()) for page in pages)


def build_store(pages: Path, store: Path) -> None:
    build([str(pages)], store, Here(), Quiet())


class Quiet:
    def progress(self, progress: object) -> None:
        """Says nothing."""

    def phase(self, name: str) -> None:
        """Says nothing."""


def test_a_correction_survives_a_rebuild_from_scratch(tmp_path):
    pages, store = tmp_path / "pages", tmp_path / "corpus.duckdb"
    pages.mkdir()
    shutil.copy(SAMPLES / "dock-protest.txt", pages)
    build_store(pages, store)
    act = next(row for row in rows(store, "events").values() if row["status"] == "happened")
    correct(store, "acts", act["id"], status="hypothetical", actors=["Some men"])
    kept = corrections_path(store).read_bytes()
    store.unlink()
    shutil.copy(SAMPLES / "ceasefire.txt", pages)
    build_store(pages, store)
    again = rows(store, "events")[act["id"]]
    assert (again["status"], again["actors"]) == ("hypothetical", ["Some men"])
    assert machine(store, "events")[act["id"]] == act
    assert len(machine(store, "articles")) == 2
    assert corrections_path(store).read_bytes() == kept
