"""Queries, sums and tables over a small store."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

import dateline
from dateline.store.corpus import Corpus
from dateline.store.countries import country_code, country_names
from dateline.store.filters import QueryError, make_filters
from dateline.store.queries import KINDS, select
from dateline.store.schema import StoreError
from dateline.views.cli import app
from small_store import add, make_store


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return make_store(tmp_path_factory.mktemp("store") / "corpus.duckdb")


@pytest.fixture(scope="module")
def corpus(path) -> Corpus:
    with dateline.open(path, frame="arrow") as store:
        yield store


def ids(corpus: Corpus, what: str, **conditions: object) -> list[str]:
    return [row["id"] for row in corpus.rows(what, make_filters(**conditions))]


# --- conditions


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({}, ["a2", "a1", "a3"]),  # in order of their days; no day comes last
        ({"actor": "Testov"}, ["a1"]),
        ({"actor": "ivan  TESTOV"}, ["a1"]),
        ({"actor": "probna"}, ["a1"]),  # an id, here of a recipient
        ({"actor": "Test"}, []),  # words, not parts of them
        ({"actor": "armee d'ete"}, ["a3"]),  # accents and apostrophes do not matter
        ({"actor": ["Rebels", "Probna"]}, ["a2", "a1"]),
        ({"actor": "?"}, []),
        ({"pair": "RUS,UKR"}, ["a1"]),
        ({"pair": "Ukraine, Testov"}, ["a1"]),
        ({"pair": ("Rebels", "Kyiv")}, ["a2"]),
        ({"pair": "RUS,FRA"}, []),
        ({"pair": "Testov,Testov"}, []),  # two parties, not one twice
        ({"country": "russia"}, ["a1"]),
        ({"country": ["FRA", "UKR"]}, ["a1", "a3"]),
        ({"type": "consult"}, ["a1"]),
        ({"type": "CONSULT", "country": "FRA"}, []),
        ({"status": "denied"}, ["a3"]),
        ({"place": "Kyiv"}, ["a2"]),
        ({"place": "UKR"}, ["a2"]),
        ({"place": "Geneva"}, []),
        ({"text": "SHELLED kyiv"}, ["a2"]),
        ({"text": "100% _"}, []),  # no pattern signs
        ({"issue": "sanctions"}, ["a3"]),  # told in the statement that takes a position on them
        ({"since": "2025-02-11"}, ["a2"]),
        ({"since": "2025-03"}, []),
        ({"until": "2025-02-09"}, ["a2"]),  # some day of February
        ({"until": "2025-02-10"}, ["a2", "a1"]),
        ({"since": "2025", "until": "2025"}, ["a2", "a1"]),
        ({"since": date(2025, 2, 10), "until": date(2025, 2, 10)}, ["a2", "a1"]),
    ],
)
def test_events_that_meet_conditions(corpus, conditions, found):
    assert ids(corpus, "events", **conditions) == found


@pytest.mark.parametrize(
    ("what", "conditions", "found"),
    [
        ("reports", {"actor": "Testov"}, ["eC", "eA", "eB"]),
        ("statements", {"actor": "Kremlin"}, ["sC"]),
        ("statements", {"place": "Geneva"}, []),  # named beside the quotation, not in it
        ("statements", {"text": "we demand"}, ["sD"]),
        ("statements", {"type": "CONSULT"}, ["sC"]),
        ("statements", {"issue": "sanctions"}, ["sD", "sE"]),
        ("statements", {"since": "2025-02-28"}, ["sD"]),  # said in February
        ("statements", {"since": "2025-03-01"}, []),
        ("statements", {"until": "2025-02-10"}, ["sD", "sC"]),  # C: the day it was published
        ("positions", {"actor": "Vzor"}, ["pD", "pE"]),
        ("positions", {"issue": "sanctions", "until": "2025-02"}, ["pD"]),
        ("positions", {"country": "UKR"}, []),
        ("articles", {"text": "HE URGED"}, ["A"]),
        ("articles", {"text": "headline b"}, ["B"]),
        ("articles", {"place": "Switzerland"}, ["D"]),
        ("articles", {"pair": "RUS,UKR"}, ["C", "A", "B"]),
        ("articles", {"status": "denied"}, ["E"]),
        ("articles", {"since": "2025-02-11"}, ["B", "D"]),
    ],
)
def test_other_rows_that_meet_conditions(corpus, what, conditions, found):
    assert sorted(ids(corpus, what, **conditions)) == sorted(found)


def test_actors_over_all_articles(corpus):
    rows = list(corpus.rows("actors", make_filters(country="RUS")))
    assert [(r["name"], r["n_articles"], r["n_reports"]) for r in rows] == [
        ("Ivan Testov", 3, 3),
        ("Kremlin", 1, 0),
    ]


def test_limit_takes_the_first(corpus):
    rows = corpus.rows("events", make_filters(), limit=2)
    assert [row["id"] for row in rows] == ["a2", "a1"]


def test_event_row_says_who_when_where_and_on_whose_word(corpus):
    (event,) = corpus.rows("events", make_filters(type="CONSULT"))
    assert event["actors"] == ["Ivan Testov"]
    assert event["recipient_countries"] == ["UKR"]
    assert (event["n_articles"], event["n_outlets"], event["n_independent"]) == (3, 3, 2)
    assert (event["cameo"], event["first_day"]) == ("041", date(2025, 2, 10))
    assert event["published"] == "2025-02-10T19:20:00Z"
    start, end = event["evidence_spans"][0]
    assert corpus.text(event["article"])[start:end] == event["evidence"]
    (denied,) = corpus.rows("events", make_filters(status="denied"))
    assert (denied["reported_by"], denied["recipients"]) == ("Jan Vzor", [])


def test_event_of_a_build_that_was_stopped_is_there_once(tmp_path):
    path = make_store(tmp_path / "c.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM act_events WHERE act = 'a3'")
        connection.execute("DELETE FROM acts WHERE id = 'a3'")
    with dateline.open(path, frame="arrow") as corpus:
        assert ids(corpus, "events") == ["a2", "a1", "eE"]
        assert corpus.events(status="denied").to_pylist()[0]["n_independent"] == 1


@pytest.mark.parametrize(
    "conditions",
    [
        {"since": "12.02.2025"},
        {"since": "2025-02-30"},
        {"until": "2025-13"},
        {"since": "2025-03", "until": "2025-02"},
        {"pair": "RUS"},
        {"pair": "RUS,"},
        {"pair": "RUS,UKR,USA"},
        {"country": "Ruritania"},
        {"type": "MEET"},
        {"status": "done"},
        {"issue": "sanction"},
        {"actor": ""},
        {"text": " "},
    ],
)
def test_condition_that_cannot_be_met_is_refused(conditions):
    with pytest.raises(QueryError) as caught:
        make_filters(**conditions)
    assert str(caught.value)


def test_condition_that_a_kind_does_not_have_is_refused(corpus):
    with pytest.raises(QueryError, match="pair: not a condition on positions"):
        corpus.positions(pair="RUS,UKR")
    with pytest.raises(QueryError, match="text: not a condition on actors"):
        corpus.actors(text="x")


@pytest.mark.parametrize("what", KINDS)
def test_what_the_user_writes_never_enters_the_sql(what):
    evil = "x'); DROP TABLE events; --"
    fields = {"actor": evil} | ({} if what == "actors" else {"text": evil, "place": evil})
    query = select(what, make_filters(**fields))
    assert "DROP" not in query.sql
    assert evil in query.values.values()


def test_query_with_quotes_runs(corpus):
    assert ids(corpus, "events", actor="O'Brien\"; --", text="'%\\") == []


# --- sums


def test_dyad_months_count_acts_once_and_both_ways_of_a_meeting(corpus):
    rows = corpus.dyad_months().to_pylist()
    assert [(r["month"], r["actor"], r["recipient"]) for r in rows] == [
        ("2025-02", "RUS", "UKR"),
        ("2025-02", "UKR", "RUS"),
    ]
    assert all((r["n_events"], r["n_articles"], r["n_independent"]) == (1, 3, 2) for r in rows)
    assert all(r["verbal_cooperation"] == 1 and r["material_conflict"] == 0 for r in rows)


def test_dyads_by_actor_are_directed_for_an_act_of_one_side(corpus):
    rows = corpus.dyad_months(by="actor", type="ASSAULT").to_pylist()
    assert [(r["month"], r["actor"], r["recipient"]) for r in rows] == [
        ("2025-02", "Rebels", "Kyiv")
    ]


def test_parties_who_meet_without_recipient_are_dyads_of_each_other(tmp_path):
    path = make_store(tmp_path / "c.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE parties SET role = 'actor', ordinal = 1 WHERE role = 'recipient'"
        )
    with dateline.open(path, frame="arrow") as corpus:
        pairs = {(r["actor"], r["recipient"]) for r in corpus.dyad_months().to_pylist()}
        assert pairs == {("RUS", "UKR"), ("UKR", "RUS")}
        # Two who shell are not each other's victims.
        assert corpus.dyad_months(type="ASSAULT", by="actor").num_rows == 0


def test_what_was_denied_is_counted_only_when_asked_for(tmp_path):
    path = make_store(tmp_path / "c.duckdb")
    with duckdb.connect(str(path)) as connection:
        party = {"article": "E", "owner": "eE", "role": "recipient", "actor": "vzor"}
        add(connection, "parties", party)
    with dateline.open(path, frame="arrow") as corpus:
        assert corpus.net_cooperation(country="FRA").num_rows == 0
        (row,) = corpus.net_cooperation(country="FRA", status="denied").to_pylist()
        assert (row["month"], row["net"], row["intensity"]) == (None, -1, -7.0)


def test_net_cooperation(corpus):
    row = corpus.net_cooperation().to_pylist()[0]
    assert (row["cooperation"], row["conflict"], row["net"]) == (1, 0, 1)
    assert (row["intensity"], row["mean_intensity"]) == (1.5, 1.5)


def test_position_change_shows_both_stances_with_their_words(corpus):
    (row,) = corpus.position_changes().to_pylist()
    assert (row["party"], row["party_country"], row["issue"]) == ("Jan Vzor", "CZE", "sanctions")
    assert (row["previous_stance"], row["stance"]) == ("demands", "accepts")
    assert (row["previous_day"], row["day"]) == ("2025-02-20", "2025-03-01")
    assert row["previous_content"] == "sanctions be lifted"
    assert corpus.position_changes(by="country").to_pylist()[0]["party"] == "CZE"


def test_same_stance_again_is_no_change(tmp_path):
    path = make_store(tmp_path / "c.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE positions SET stance = 'demands'")
    with dateline.open(path, frame="arrow") as corpus:
        assert corpus.position_changes().num_rows == 0


# --- tables for Python


@pytest.mark.parametrize("frame", ["pandas", "polars", "arrow"])
@pytest.mark.filterwarnings("error")
def test_tables_come_as_frames(path, frame):
    if frame != "arrow":
        pytest.importorskip(frame)
    with dateline.open(path, frame=frame) as corpus:
        for what in KINDS:
            table = getattr(corpus, what)()
            names = table.column_names if frame == "arrow" else list(table.columns)
            assert len(table) > 0
            assert len(names) == len(set(names))
        events = corpus.events(type="CONSULT")
        assert list(events["cameo"].to_pylist() if frame == "arrow" else events["cameo"]) == ["041"]
        assert len(corpus.sql("SELECT * FROM acts WHERE quad = $q", {"q": 4})) == 2


def test_frame_that_is_unknown_is_refused(path):
    with pytest.raises(QueryError, match="expected one of pandas, polars, arrow"):
        dateline.open(path, frame="excel")


def test_store_cannot_be_changed_through_a_corpus(corpus):
    with pytest.raises(duckdb.Error):
        corpus.sql("DELETE FROM events")


def test_what_is_no_store_is_refused(tmp_path):
    with pytest.raises(StoreError, match="there is no file"):
        dateline.open(tmp_path / "none.duckdb")
    text = tmp_path / "text.duckdb"
    text.write_text("not a database, but long enough to look at its first bytes" * 100)
    with pytest.raises(StoreError, match="cannot open"):
        dateline.open(text)
    other = tmp_path / "other.duckdb"
    duckdb.connect(str(other)).execute("CREATE TABLE mine (a INTEGER)").close()
    with pytest.raises(StoreError, match="expected a dateline store"):
        dateline.open(other)


def test_one_of_two_readers_may_close(path):
    first, second = dateline.open(path, frame="arrow"), dateline.open(path, frame="arrow")
    first.close()
    assert ids(second, "articles", text="he urged") == ["A"]
    second.close()


def test_import_needs_no_database():
    code = (
        "import sys, dateline; dateline.open;"
        " print([m for m in sys.modules if m in ('duckdb', 'pyarrow', 'pandas', 'httpx')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_countries_are_found_by_code_and_name():
    assert country_code("rus") == country_code("Russia") == "RUS"
    assert country_code(" côte d’ivoire ") in ("CIV", None)
    assert country_code("Atlantis") is None
    assert country_names()["UKR"] == "Ukraine"  # not an entity inside its borders


# --- the command


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["query", *map(str, arguments)], catch_exceptions=True)
    message = f"{done.stderr}{done.exception or ''}"
    return done.exit_code, done.stdout, message


def test_command_prints_a_line_for_each_row(path):
    code, out, _ = run(path, "--pair", "RUS,UKR")
    assert code == 0
    assert out.startswith(
        "2025-02-10 · Ivan Testov [RUS GOV] → Olha Probna [UKR GOV] · CONSULT (phone)"
    )
    assert "3 articles, 2 independent" in out


@pytest.mark.parametrize("what", [*KINDS, "dyad-months", "net-cooperation", "position-changes"])
@pytest.mark.parametrize("format", ["table", "jsonl", "csv"])
def test_command_prints_every_kind_in_every_format(path, what, format):
    code, out, _ = run(path, "--what", what, "--format", format)
    assert code == 0
    if format == "jsonl":
        assert all(isinstance(json.loads(line), dict) for line in out.splitlines())
    if format == "csv":
        header, *rows = csv.reader(io.StringIO(out))
        assert rows
        assert all(len(row) == len(header) for row in rows)
    assert len(out.splitlines()) >= 1


def test_command_keeps_leading_zeros_and_says_when_nothing_is_found(path):
    assert ",041," in run(path, "--format", "csv")[1]
    code, out, message = run(path, "--actor", "Nobody")
    assert (code, out) == (0, "")
    assert "nothing found" in message


def test_command_says_that_a_store_without_text_has_no_words(tmp_path):
    path = make_store(tmp_path / "bare.duckdb", text=False)
    code, _, message = run(path, "--text", "sanctions")
    assert code == 0
    assert "built without text" in message
    assert run(path)[1].count("\n") == 3  # and all else works
    assert run(path, "--what", "articles", "--text", "headline a")[1].count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--type", "MEET"], "--type: expected one of AGREE"),
        (["--since", "yesterday"], "--since: expected a day such as"),
        (["--what", "acts"], "--what: expected one of events"),
        (["--format", "xml"], "--format: expected one of table, jsonl, csv"),
        (["--what", "actors", "--type", "AGREE"], "--type: not a condition on actors"),
        (["--by", "month"], "--by: expected one of country, actor"),
    ],
)
def test_command_explains_what_it_cannot_do(path, arguments, message):
    code, out, said = run(path, *arguments)
    assert code != 0
    assert out == ""
    assert message in said
