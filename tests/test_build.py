"""Builds end to end: exactly once, whatever is killed; failed pages; the commands."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from build_child import Here, Silent, run
from dateline.record.build import record_version
from dateline.store import build as building
from dateline.store.local import EngineError, LocalEngine
from dateline.store.model import PageResult, RawPage, Settings
from dateline.store.sql import fetch
from dateline.store.status import read_status
from dateline.views.cli import app

CHILD = Path(__file__).with_name("build_child.py")
PORTS = ["Aldport", "Brenton", "Corvo", "Dunmore", "Eskmouth", "Farholm", "Gant", "Hove"]
# Differ between runs by nature: times of the clock, and in how many runs the work was done.
NOT_COMPARED = {"runs"}


def story(number: int) -> str:
    port, other = PORTS[number % 8], PORTS[number // 8 % 8]
    return (
        f"Ferry {number} from {port} sails again\n\n{port}, 12 February 2025\n\n"
        f"Mayor Ana Ruiz of {port} met the governor of {other} on Tuesday and agreed to reopen pier "
        f'{number}.\n\n"We will repair it," Ruiz said. The governor of {other} demanded {number} tugs.\n'
    )


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of 8 stories, one page that is none, and a file of rows with a bad one."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(8):
        (folder / f"{number:02}.txt").write_text(story(number))
    (folder / "broken.html").write_bytes(b"%PDF-1.7 \x00\x01\x02")
    rows = [json.dumps({"text": story(n), "url": f"https://osk.example/{n}"}) for n in (20, 21)]
    (folder / "rows.jsonl").write_text("\n".join([rows[0], "{", rows[1]]) + "\n")
    return folder


def contents(store: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of a store, in a fixed order."""
    with duckdb.connect(str(store), read_only=True) as connection:
        names = [row[0] for row in fetch(connection, "SHOW TABLES")]
        return {
            name: sorted(fetch(connection, f"FROM {name}"), key=repr)
            for name in names
            if name not in NOT_COMPARED
        }


def test_build_and_status(pages: Path, tmp_path: Path) -> None:
    store = tmp_path / "corpus.duckdb"
    done = run(store, [str(pages)])
    assert (done.pages, done.articles, done.failed) == (12, 10, 1)
    status = read_status(store)
    assert status.pages == {"article": 10, "failed": 1, "no_story": 1}
    assert status.reasons == {"bad_row": 1, "binary": 1}
    assert [(Path(p.location).name, p.part) for p in status.failed] == [("rows.jsonl", "line 2")]
    assert [(r["state"], r["pages"]) for r in status.runs] == [("done", 12)]
    assert status.running is None
    assert not status.interrupted


def test_same_inputs_again_change_nothing(pages: Path, tmp_path: Path) -> None:
    store = tmp_path / "corpus.duckdb"
    run(store, [str(pages)])
    before = store.read_bytes(), store.stat().st_mtime_ns
    done = run(store, [str(pages), str(pages / "*.txt")])
    assert (done.pages, done.known) == (0, 9)  # the rows' file is known as a whole
    assert (store.read_bytes(), store.stat().st_mtime_ns) == before
    assert sorted(f.name for f in tmp_path.iterdir()) == ["corpus.duckdb", "pages"]


def test_new_pages_are_added_to_what_is_there(pages: Path, tmp_path: Path) -> None:
    store = tmp_path / "corpus.duckdb"
    run(store, [str(pages)])
    old = contents(store)
    (pages / "99.txt").write_text(story(63))
    (pages / "98.txt").write_text(story(3).replace("repair it", "repair that"))
    assert run(store, [str(pages)]).pages == 2
    new = contents(store)
    assert set(map(repr, old["events"])) < set(map(repr, new["events"]))
    assert len(new["articles"]) == len(old["articles"]) + 2
    assert len(new["stories"]) == len(old["stories"]) + 1  # the copy is of a story that was there


def test_batches_and_workers_do_not_matter(pages: Path, tmp_path: Path) -> None:
    run(tmp_path / "a.duckdb", [str(pages)], batch=4, publish=True)
    run(tmp_path / "b.duckdb", [str(pages)], batch=100)
    engine = LocalEngine(Settings(), 2)
    building.build([str(pages)], tmp_path / "c.duckdb", engine, Silent())
    first = contents(tmp_path / "a.duckdb")
    assert contents(tmp_path / "b.duckdb") == first
    assert contents(tmp_path / "c.duckdb") == first


def test_each_event_is_in_one_act_and_each_article_in_one_story(
    pages: Path, tmp_path: Path
) -> None:
    store = tmp_path / "corpus.duckdb"
    run(store, [str(pages)])
    found = contents(store)
    assert sorted(row[0] for row in found["act_events"]) == sorted(r[0] for r in found["events"])
    assert {row[1] for row in found["act_events"]} == {row[0] for row in found["acts"]}
    assert sorted(r[0] for r in found["story_articles"]) == sorted(r[0] for r in found["articles"])


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_killed_builds_end_in_the_same_store(pages: Path, tmp_path: Path) -> None:
    run(tmp_path / "whole.duckdb", [str(pages)])
    store, dice = tmp_path / "killed.duckdb", random.Random(6)
    for _ in range(4):
        child = subprocess.Popen([sys.executable, CHILD, store, pages], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(dice.uniform(0.02, 0.6))
        child.send_signal(signal.SIGKILL)
        child.communicate()
    run(store, [str(pages)])
    assert contents(store) == contents(tmp_path / "whole.duckdb")
    assert not list(tmp_path.glob("killed.duckdb.*"))


@pytest.mark.parametrize("stage", ["write", "publish", "across"])
def test_failing_disk_keeps_what_was_committed(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    from dateline.store import across, workspace, writer

    store, whole = tmp_path / "corpus.duckdb", tmp_path / "whole.duckdb"
    run(whole, [str(pages)])
    calls = iter(range(1000))

    def full(*_: object, **__: object) -> None:
        if next(calls) >= 2:
            raise OSError(28, "No space left on device")

    places = {
        "write": (writer, "_note_inputs"),
        "publish": (workspace, "_sync"),
        "across": (across, "update_acts"),
    }
    with monkeypatch.context() as patch:
        patch.setattr(*places[stage], full)
        with pytest.raises(OSError, match="No space"):
            run(store, [str(pages)], publish=True)
    run(store, [str(pages)])
    assert contents(store) == contents(whole)


def test_interrupted_build_publishes_what_it_has(pages: Path, tmp_path: Path) -> None:
    class Interrupted(Here):
        def read(self, given: Iterator[RawPage]) -> Iterator[PageResult]:
            for number, result in enumerate(super().read(given)):
                if number == 5:
                    raise KeyboardInterrupt
                yield result

    store = tmp_path / "corpus.duckdb"
    with pytest.raises(KeyboardInterrupt):
        building.build([str(pages)], store, Interrupted(), Silent())
    status = read_status(store)
    assert sum(status.pages.values()) == 5
    assert [r["state"] for r in status.runs] == ["interrupted"]
    run(store, [str(pages)])
    run(tmp_path / "whole.duckdb", [str(pages)])
    assert contents(store) == contents(tmp_path / "whole.duckdb")


# -- workers ----------------------------------------------------------------------------------------


def deadly_work(pipe: Connection, settings: Settings) -> None:
    """A worker that some pages kill: always, the first time, or by never ending."""
    pipe.send(record_version())
    while (page := pipe.recv()) is not None:
        words = str(page.content)
        mark = Path(words.split()[-1])
        if words.startswith("always") or (words.startswith("once") and not mark.exists()):
            mark.touch()
            os._exit(7)
        if words.startswith("stuck"):
            time.sleep(60)
        pipe.send(PageResult(page.id, "article", {"pages": []}))


def dead_work(pipe: Connection, settings: Settings) -> None:
    """A worker that never gets ready."""
    os._exit(3)


def test_page_that_kills_its_worker_is_tried_twice_and_recorded(tmp_path: Path) -> None:
    words = ["fine 1", "always", "fine 2", f"once {tmp_path / 'mark'}", "fine 3"]
    pages = [RawPage("rows", f"{text} {tmp_path / str(n)}") for n, text in enumerate(words)]
    pages[3] = RawPage("rows", words[3])
    engine = LocalEngine(Settings(), 1, deadly_work)
    results = list(engine.read(iter(pages)))
    assert [result.page for result in results] == [page.id for page in pages]
    assert [result.outcome for result in results] == ["article", "failed", *["article"] * 3]
    (row,) = results[1].rows["pages"]
    assert (row["reason"], row["attempts"]) == ("crash", 2)
    assert "exit code 7" in row["message"]


def test_page_that_never_ends_is_stopped(tmp_path: Path) -> None:
    engine = LocalEngine(Settings(seconds=0.2), 1, deadly_work)
    engine._hard_limit = 2.0
    texts = ["stuck x", "fine x"]
    results = list(engine.read(RawPage("rows", text) for text in texts))
    assert [result.outcome for result in results] == ["failed", "article"]
    assert results[0].rows["pages"][0]["reason"] == "timeout"


def test_workers_that_cannot_start_are_an_error_not_a_loop() -> None:
    engine = LocalEngine(Settings(), 1, dead_work)
    with pytest.raises(EngineError, match=r"exit code 3.*--jobs"):
        list(engine.read(iter([RawPage("rows", "text")])))


# -- Ray --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [0, 1, 99])
def test_shards_give_the_same_store_and_lost_ones_are_read_here(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: int
) -> None:
    """``lost`` shards do not come back from the cluster, whose workers are this process here."""
    from dateline.store import ray_engine, shards

    def read_all_but_lost(todo: Any, folder: str, options: Any, *_: object) -> Iterator[Any]:
        for shard in todo[lost:]:
            yield shards.ShardFolder(folder).write(shard, options, Here().read)

    monkeypatch.setattr(shards, "_PAGES", 4)
    monkeypatch.setattr(ray_engine, "read_on_ray", read_all_but_lost)
    monkeypatch.setattr(ray_engine, "LocalEngine", lambda *_: Here())
    run(tmp_path / "local.duckdb", [str(pages)])
    store = tmp_path / "ray.duckdb"
    done = ray_engine.build_on_ray([str(pages)], store, Settings(), Silent())
    assert (done.pages, done.articles, done.failed) == (12, 10, 1)
    assert contents(store) == contents(tmp_path / "local.duckdb")
    before = store.read_bytes()
    assert ray_engine.build_on_ray([str(pages)], store, Settings(), Silent()).pages == 0
    assert store.read_bytes() == before
    assert not list(tmp_path.glob("ray.duckdb.*"))


def test_shards_add_only_pages_that_are_new(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dateline.store import ray_engine

    monkeypatch.setattr(ray_engine, "read_on_ray", lambda *_: iter(()))
    monkeypatch.setattr(ray_engine, "LocalEngine", lambda *_: Here())
    store = tmp_path / "corpus.duckdb"
    first = pages / "rows.jsonl"
    ray_engine.build_on_ray([str(first)], store, Settings(), Silent())
    with first.open("a") as file:
        file.write(json.dumps({"text": story(40), "url": "https://osk.example/40"}) + "\n")
    done = ray_engine.build_on_ray([str(first)], store, Settings(), Silent())
    assert (done.pages, done.known) == (1, 3)
    run(tmp_path / "whole.duckdb", [str(first)])
    whole = contents(tmp_path / "whole.duckdb")
    assert contents(store) == whole


@pytest.mark.skipif(find_spec("ray") is None, reason="needs dateline[scale]")
@pytest.mark.skipif("DATELINE_TEST_RAY" not in os.environ, reason="starts a Ray cluster: a minute")
def test_ray_gives_the_same_store(pages: Path, tmp_path: Path) -> None:
    from dateline.store.ray_engine import build_on_ray

    run(tmp_path / "local.duckdb", [str(pages)])
    build_on_ray([str(pages)], tmp_path / "ray.duckdb", Settings(), Silent(), jobs=2)
    assert contents(tmp_path / "ray.duckdb") == contents(tmp_path / "local.duckdb")


# -- commands ---------------------------------------------------------------------------------------


def command(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    return result.exit_code, result.output if result.exception is None else repr(result.exception)


def test_commands(pages: Path, tmp_path: Path) -> None:
    store = tmp_path / "corpus.duckdb"
    code, text = command("build", pages, "--to", store, "--jobs", "1", "--no-text")
    assert (code, "12 new pages, 10 articles, 1 without a story, 1 failed" in text) == (0, True)
    code, text = command("status", store, "--failed")
    assert code == 0
    assert "rows.jsonl line 2: Expected a page in line 2" in text
    code, text = command("status", store, "--json")
    assert json.loads(text)["pages"] == {"article": 10, "failed": 1, "no_story": 1}
    code, text = command("build", pages, "--to", store)
    assert "no new pages (9 known)" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["build", "nowhere"], "no such file, folder or pattern: nowhere"),
        (["build", ".", "--column", "body=text"], "expected NAME=COLUMN"),
        (["build", ".", "--actors", "nowhere.csv"], "nowhere.csv"),
        (["build", "https://osk.example/"], "dateline fetch"),
        (["status", "nowhere.duckdb"], "no such store"),
    ],
)
def test_wrong_use_is_one_line(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, text = command(*arguments)
    assert (code, said in text) == (1, True), text
    assert "UsageProblem" in text
    assert list(tmp_path.iterdir()) == []
