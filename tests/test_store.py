"""The store: schema and migrations, rows of a record, transactions, publishing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb
import pytest

import dateline
from dateline.record.model import Record
from dateline.store import schema
from dateline.store.ids import Ids
from dateline.store.inputs import Options
from dateline.store.intake import Intake
from dateline.store.model import InputDone, PageResult, RawPage, Settings
from dateline.store.packing import pack, unpack
from dateline.store.reading import read_page
from dateline.store.rows import failed_result, first_day, last_day
from dateline.store.schema import StoreError, migrate
from dateline.store.sources import source_of
from dateline.store.sql import fetch, first
from dateline.store.workspace import Workspace, open_read_only
from dateline.store.writer import Writer, begin_run

SAMPLE = files("dateline").joinpath("samples", "ceasefire.html").read_bytes()
# The tables with words of an article, and the columns that hold them.
WORDS = {
    "pages": ["text"],
    "articles": ["text", "standfirst"],
    "parties": ["text"],
    "statements": ["content", "channel"],
    "events": ["trigger", "evidence"],
    "positions": ["content"],
    "times": ["text"],
    "timeline": ["text"],
    "quantities": ["text"],
    "discrepancies": ["summary", "text"],
}


@cache
def sample(keep_text: bool = True) -> PageResult:
    return read_page(RawPage("/news/sample.html", SAMPLE), Settings(keep_text=keep_text))


@pytest.fixture
def store() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        migrate(connection)
        yield connection


def write(connection: duckdb.DuckDBPyConnection, *results: PageResult) -> None:
    run = begin_run(connection, "test", "local", "v")
    Writer(connection, run, again=False).write(results, [])


# -- schema -----------------------------------------------------------------------------------------


def test_older_store_is_migrated_and_keeps_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = {1: "CREATE TABLE store (key VARCHAR, value VARCHAR); CREATE TABLE a (x INTEGER)"}
    monkeypatch.setattr(schema, "_script", lambda sql: sql)
    with duckdb.connect() as connection:
        migrate(connection, steps)
        connection.execute("INSERT INTO a VALUES (7)")
        migrate(connection, steps | {2: "ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 1"})
        assert fetch(connection, "FROM a") == [(7, 1)]
        assert schema.version(connection) == 2


def test_newer_store_and_other_databases_are_refused(store: duckdb.DuckDBPyConnection) -> None:
    store.execute("UPDATE store SET value = '99' WHERE key = 'schema'")
    with pytest.raises(StoreError, match=r"version 99.* up to 1"):
        migrate(store)
    with duckdb.connect() as other:
        other.execute("CREATE TABLE orders (n INTEGER)")
        with pytest.raises(StoreError, match="orders"):
            migrate(other)


def test_every_table_has_a_row_writer_or_is_named_here() -> None:
    """A table added to the schema and forgotten in the rows would stay empty."""
    across = {"stories", "story_articles", "acts", "act_events"}
    of_runs = {"store", "inputs", "runs", "corrections"}
    assert set(schema.arrow_schemas()) == set(sample().rows) | across | of_runs


# -- rows -------------------------------------------------------------------------------------------


def test_rows_say_what_the_record_says(store: duckdb.DuckDBPyConnection) -> None:
    write(store, sample())
    record = dateline.read(SAMPLE)
    events = fetch(store, "SELECT local_id, type, status, trigger_start, trigger_end FROM events")
    assert events == [(e.id, e.type, e.status, *e.trigger) for e in record.events]
    statements = fetch(store, "SELECT local_id, kind, content_spans FROM statements")
    assert statements == [(s.id, s.kind, [list(x) for x in s.content]) for s in record.statements]
    parties = "SELECT actor FROM parties WHERE role = 'recipient' ORDER BY owner, ordinal"
    assert len(fetch(store, parties)) == sum(len(e.recipients) for e in record.events)
    assert fetch(store, "SELECT issue, stance FROM positions") == [
        (p.issue, p.stance) for p in record.positions
    ]


def test_spans_lead_to_the_words(store: duckdb.DuckDBPyConnection) -> None:
    write(store, sample())
    ((blob,),) = fetch(store, "SELECT text FROM articles")
    text = unpack(blob)
    for start, end, words in fetch(store, "SELECT trigger_start, trigger_end, trigger FROM events"):
        assert text[start:end] == words
    for start, end, words in fetch(store, "SELECT span_start, span_end, text FROM parties"):
        assert text[start:end] == words
    ((page,),) = fetch(store, "SELECT text FROM pages")
    assert unpack(page) == SAMPLE.decode()


def test_whole_record_comes_back(store: duckdb.DuckDBPyConnection) -> None:
    write(store, sample())
    ((blob, text),) = fetch(
        store, "SELECT r.record, a.text FROM records r JOIN articles a ON a.id = r.article"
    )
    bare = Record.model_validate_json(unpack(blob))
    article = bare.article.model_copy(update={"text": unpack(text)})
    assert bare.model_copy(update={"article": article}) == dateline.read(SAMPLE)


def test_every_reference_leads_to_a_row(store: duckdb.DuckDBPyConnection) -> None:
    write(store, sample())
    for column, table in (("statement", "statements"), ("article", "articles")):
        lost = f"SELECT count(*) FROM events WHERE {column} NOT IN (SELECT id FROM {table})"
        assert fetch(store, lost) == [(0,)]
    owners = "SELECT id FROM events UNION SELECT id FROM statements UNION SELECT id FROM positions"
    assert fetch(store, f"SELECT count(*) FROM parties WHERE owner NOT IN ({owners})") == [(0,)]


def test_without_text_no_words_are_kept(store: duckdb.DuckDBPyConnection) -> None:
    write(store, sample(keep_text=False))
    for table, columns in WORDS.items():
        for column in columns:
            kept = f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL"
            assert fetch(store, kept) == [(0,)], f"{table}.{column}"
    assert fetch(store, "SELECT count(*) FROM records") == [(0,)]
    assert first(store, "SELECT text_hash FROM articles WHERE length(text_hash) = 64")


def test_same_page_gives_the_same_rows_and_other_rows_get_other_ids() -> None:
    again = read_page(RawPage("/news/sample.html", SAMPLE), Settings())
    assert again.rows == sample().rows
    other = read_page(RawPage("/news/other.html", SAMPLE), Settings())
    ids = {row["id"] for row in sample().rows["events"]}
    assert not ids & {row["id"] for row in other.rows["events"]}
    assert len(ids) == len(sample().rows["events"])


def test_ids_of_two_rows_about_the_same_words_differ() -> None:
    one, two = Ids("a"), Ids("a")
    given = [one.new("event", "1:2"), one.new("event", "1:2"), one.new("event", "1:3")]
    assert len(set(given)) == 3
    assert given == [two.new("event", "1:2"), two.new("event", "1:2"), two.new("event", "1:3")]


@pytest.mark.parametrize(
    ("iso", "first_one", "last_one"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-12", "2023-12-01", "2023-12-31"),
        ("2024-02-12T21", "2024-02-12", "2024-02-12"),
        ("-0044", "None", "None"),
        ("", "None", "None"),
    ],
)
def test_days_of_dates_of_every_granularity(iso: str, first_one: str, last_one: str) -> None:
    assert (str(first_day(iso)), str(last_day(iso))) == (first_one, last_one)


@pytest.mark.parametrize(
    ("url", "outlet", "source"),
    [
        ("https://www.bbc.co.uk/news/1", None, "bbc.com"),
        ("https://amp.theguardian.com/world", "whatever", "theguardian.com"),
        ("https://news.osk-times.example/1", None, "osk-times.example"),
        ("https://www.daily.co.za/1", None, "daily.co.za"),
        ("http://192.0.2.7/1", None, "192.0.2.7"),
        (None, "The  Guardian", "theguardian.com"),
        (None, "Osk Times", "outlet:osk times"),
        (None, None, None),
        ("not an address", " ", None),
    ],
)
def test_outlet_by_address_or_name(url: str | None, outlet: str | None, source: str | None) -> None:
    found = source_of(url, outlet)
    assert (found[0] if found else None) == source


# -- pages ------------------------------------------------------------------------------------------


def rows_of(page: RawPage, **settings: float) -> dict[str, list[dict[str, object]]]:
    return read_page(page, Settings(**settings)).rows  # type: ignore[arg-type]


def test_title_and_date_of_a_row_are_the_articles() -> None:
    body = "The ferry to Osk Island sails again. Its owner, Ana Ruiz, said so on Monday.\n\nMore follows."
    page = RawPage("dump", body, "line 1", published="2025-02-12", title="Ferry sails again")
    (article,) = rows_of(page)["articles"]
    assert (article["headline"], str(article["published"])[:10]) == (
        "Ferry sails again",
        "2025-02-12",
    )
    assert unpack(article["text"]).startswith("The ferry to Osk Island")  # type: ignore[arg-type]


def test_hints_count_only_where_the_page_says_nothing() -> None:
    page = RawPage("a.html", SAMPLE, published="1999-01-01", title="Feed title", hints=True)
    (article,) = rows_of(page)["articles"]
    (plain,) = sample().rows["articles"]
    assert (article["headline"], article["published"]) == (plain["headline"], plain["published"])
    (ruled,) = rows_of(RawPage("a.html", SAMPLE, published="1999-01-01"))["articles"]
    assert str(ruled["published"])[:4] == "1999"


def test_date_that_is_none_is_noted_and_the_page_read() -> None:
    rows = rows_of(RawPage("a.html", SAMPLE, published="last Tuesday"))
    assert "last Tuesday" in str(rows["dropped"][0]["message"])
    assert rows["articles"][0]["published"] == sample().rows["articles"][0]["published"]


def test_page_without_story_has_its_reason() -> None:
    rows = rows_of(RawPage("a.html", b"%PDF-1.7 \x00\x01"))
    assert [(r["outcome"], r["reason"]) for r in rows["pages"]] == [("no_story", "binary")]
    assert "articles" not in rows
    assert rows["dropped"][0]["reason"] == "binary"


def test_page_that_takes_too_long_fails_and_the_next_does_not() -> None:
    assert rows_of(RawPage("a", SAMPLE), seconds=0.0001)["pages"][0]["reason"] == "timeout"
    assert rows_of(RawPage("a", SAMPLE))["pages"][0]["outcome"] == "article"


def test_fault_of_ours_is_the_pages_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    from dateline.store import reading

    def fault(*_: object, **__: object) -> None:
        raise ZeroDivisionError("odd page")

    monkeypatch.setattr(reading, "analysed_record", fault)
    (row,) = rows_of(RawPage("a", SAMPLE))["pages"]
    assert (row["outcome"], row["reason"]) == ("failed", "error")
    assert "ZeroDivisionError: odd page at test_store.py" in str(row["message"])


# -- writing ----------------------------------------------------------------------------------------


def test_batch_is_committed_whole_or_not_at_all(store: duckdb.DuckDBPyConnection) -> None:
    bad = PageResult("p", "article", sample().rows | {"timeline": [{"article": None}]})
    with pytest.raises(duckdb.ConstraintException):
        write(store, bad)
    for table in ("pages", "articles", "events"):
        assert fetch(store, f"SELECT count(*) FROM {table}") == [(0,)]
    write(store, sample())
    assert fetch(store, "SELECT count(*) FROM pages") == [(1,)]


def test_outlets_are_counted(store: duckdb.DuckDBPyConnection) -> None:
    write(store, sample())
    write(store, PageResult("q", "article", {"sources": sample().rows["sources"] * 2}))
    assert fetch(store, "SELECT articles FROM sources") == [(3,)]


def test_intake_gives_a_page_once_and_ends_inputs_in_order(
    store: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "One."}\n{"text": "One."}\n{"text": "Two."}\n')
    (tmp_path / "b.jsonl").write_text('{"text": "Three."}\n')
    intake = Intake([str(tmp_path)], Options(), lambda: store, again=False)
    pages = list(intake.pages())
    assert [page.content for page in pages] == ["One.", "Two.", "Three."]
    assert [Path(end.location).name for end in intake.finished(2)] == ["a.jsonl"]
    assert [Path(end.location).name for end in intake.finished(3)] == ["b.jsonl"]
    assert intake.known == 1


def test_failed_pages_are_read_again_when_asked(store: duckdb.DuckDBPyConnection) -> None:
    page = RawPage("/a.html", SAMPLE)
    version = dateline.read("A story.").version
    run = begin_run(store, "", "local", "v")
    Writer(store, run, again=False).write([failed_result(page, "crash", "It died.", version)], [])
    Writer(store, run, again=True).write([read_page(page, Settings())], [])
    assert fetch(store, "SELECT outcome FROM pages") == [("article",)]
    assert fetch(store, "SELECT count(*) FROM dropped WHERE reason = 'crash'") == [(0,)]


# -- files ------------------------------------------------------------------------------------------


def pages_seen_from_outside(path: Path) -> str:
    program = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True);"
        "print(c.execute('SELECT count(*) FROM pages').fetchall()[0][0])"
    )
    run = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True)
    return run.stdout.strip() or run.stderr


def test_other_processes_read_what_was_published_while_this_one_writes(tmp_path: Path) -> None:
    path = tmp_path / "corpus.duckdb"
    workspace = Workspace(path)
    try:
        before = open_read_only(path)
        write(workspace.writer(), sample())
        assert pages_seen_from_outside(path) == "0"
        workspace.publish(last=False)
        workspace.writer().begin()
        assert pages_seen_from_outside(path) == "1"
        assert fetch(before, "SELECT count(*) FROM pages") == [(0,)]  # what it opened, it keeps
        before.close()
        workspace.writer().rollback()
        workspace.publish(last=True)
    finally:
        workspace.close()
    assert [f.name for f in tmp_path.iterdir()] == ["corpus.duckdb"]


def test_two_builds_at_once_are_refused(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "corpus.duckdb")
    with pytest.raises(StoreError, match="another build"):
        Workspace(tmp_path / "corpus.duckdb")
    workspace.close()
    Workspace(tmp_path / "corpus.duckdb").close()


def test_working_copy_of_a_store_taken_away_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "corpus.duckdb"
    workspace = Workspace(path)
    write(workspace.writer(), sample())
    workspace.close()
    kept = Workspace(path)
    assert fetch(kept.reader(), "SELECT count(*) FROM pages") == [(1,)]
    kept.close()
    path.unlink()
    fresh = Workspace(path)
    assert fetch(fresh.reader(), "SELECT count(*) FROM pages") == [(0,)]
    fresh.close()


@pytest.mark.parametrize("name", ["folder", "nowhere/corpus.duckdb", "text.duckdb"])
def test_store_that_cannot_be_written_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.duckdb").write_text("no database")
    with pytest.raises(StoreError):
        Workspace(tmp_path / name)


def test_packing_gives_the_text_back() -> None:
    text = "“Kyjiw” – Čapek 🚢\n\n" * 100
    assert unpack(pack(text)) == text
    assert pack(text) == pack(text)


def test_input_done_is_written_with_its_pages(store: duckdb.DuckDBPyConnection) -> None:
    done = InputDone("/a.jsonl", 10, 20, "auto", 3, 1)
    run = begin_run(store, "", "local", "v")
    Writer(store, run, again=False).write([], [done])
    Writer(store, run, again=False).write([], [done])
    assert fetch(store, "FROM inputs") == [("/a.jsonl", 10, 20, "auto", 3, 1)]
