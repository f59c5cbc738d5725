"""A store of 100,000 invented events in 25,000 articles, to measure the explorer on.

``python benchmarks/explorer/corpus.py --to FILE.duckdb [--events 100000] [--seed 7]``. Articles, people,
towns and acts are invented (world.py, story.py); rows are made by the code that builds stores, so that
they are what a build would write, without reading any page. One article in ten prints another's text
under another name. What only a build needs (signatures of texts, reports for merging) is left out.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from story import VERSION, Story, write_story
from world import FIRST_DAY, Act, World, templates

from dateline.store.copies import Signature
from dateline.store.copies.words import word_codes
from dateline.store.ids import hash_of
from dateline.store.model import RawPage, Row, Rows
from dateline.store.packing import pack
from dateline.store.rows import RecordRows, page_row, version_id, version_row
from dateline.store.schema import migrate
from dateline.store.writer import insert, set_across

PER_ARTICLE = 4  # events
PER_DAY = 25  # articles
ACTS_PER_DAY = 70
COPIED = 0.1  # share of articles that print another's text
_AT_ONCE = 2500  # articles written together


def words_only(text: str) -> bytes:
    """A signature with the word codes that a search reads, and no keys of passages."""
    return Signature(0, np.empty(0, np.uint32), word_codes(text)).to_bytes()


class InventedRows(RecordRows):
    """Rows of an article without what takes a build longest and no reader looks at."""

    def _signature(self) -> Row:
        return {"article": self.id, "digest": 0, "signature": words_only(self.text)}

    def _printing(self) -> Row:
        article = self.record.article
        outlet, agency = article.outlet, article.agency
        return {"article": self.id, "outlet": outlet, "agency": agency, "quotes": []}

    def _reports(self) -> list[Row]:
        return []


class Maker:
    """Writes articles day by day; acts and stories in the end."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, seed: int) -> None:
        self._connection = connection
        self._world = World(seed)
        self._outlets = [self._outlet(number) for number in range(120)]
        self._rows: Rows = defaultdict(list)
        self._waiting = 0
        self._acts = 0
        self._yesterday: list[Act] = []
        self._tellings: dict[int, list[tuple[Row, str, str]]] = defaultdict(list)
        self._stories: dict[str, list[tuple[str, str, Any]]] = defaultdict(list)

    def run(self, articles: int) -> None:
        """Make so many articles and everything that depends on them."""
        for day in range(-(-articles // PER_DAY)):
            self._day(day, min(PER_DAY, articles - day * PER_DAY))
        self._flush()
        insert(self._connection, "versions", [version_row(VERSION)])
        self._write_stories()
        self._write_acts()
        self._connection.execute(
            "INSERT INTO sources SELECT source, any_value(outlet), count(*) FROM articles "
            "GROUP BY source"
        )
        set_across(self._connection, done=True)

    def _outlet(self, number: int) -> tuple[str, str]:
        name = f"{self._world.name('town')} {self._world.pick(templates()['outlets'])}"
        return f"www.{name.lower().replace(' ', '-')}-{number}.example", name

    def _day(self, day: int, articles: int) -> None:
        new = self._world.acts(day, ACTS_PER_DAY, self._acts)
        self._acts += len(new)
        acts, self._yesterday = new + self._yesterday, new
        weights = [1 / (rank + 3) for rank in range(len(acts))]
        earlier: list[tuple[str, Story]] = []
        for number in range(articles):
            if earlier and self._world.random.random() < COPIED:
                origin, story = self._world.pick(earlier)
                self._add(self._reprint(story, day, number), origin)
                continue
            chosen = {
                act.number: act
                for act in self._world.random.choices(acts, weights, k=PER_ARTICLE + 1)
            }
            told = list(chosen.values())[:PER_ARTICLE]
            story = self._story(told, day, number)
            earlier.append((self._add(story, None), story))

    def _story(self, acts: list[Act], day: int, number: int) -> Story:
        host, outlet = self._world.pick(self._outlets)
        date = FIRST_DAY + timedelta(day)
        return write_story(self._world, acts, date, host, outlet, day * PER_DAY + number)

    def _reprint(self, story: Story, day: int, number: int) -> Story:
        host, outlet = self._world.pick(self._outlets)
        update = {
            "url": f"https://{host}/wire/{day}/{number}",
            "outlet": outlet,
            "id": f"invented-{day * PER_DAY + number}",
            "agency": templates()["agencies"][day % 3],
        }
        article = story.record.article.model_copy(update=update)
        record = story.record.model_copy(update={"article": article})
        return Story(record, story.analysis, story.page_text, story.told)

    def _add(self, story: Story, origin: str | None) -> str:
        """Keep the rows of an article; the story that it is of."""
        article = story.record.article
        raw = RawPage(f"/invented/{article.id}.html", article.text, url=article.url)
        made = InventedRows(raw.id, story.record, keep_text=True)
        page = page_row(raw, "article", version_id(VERSION))
        page |= {"kind": "html", "encoding": "utf-8", "text": pack(story.page_text)}
        self._rows["pages"].append(page)
        for table, rows in made.all(story.analysis).items():
            self._rows[table] += rows
        self._rows["dropped"] += [
            _dropped(raw.id, n, d) for n, d in enumerate(story.record.dropped)
        ]
        origin = origin or hash_of("story", raw.id)
        self._stories[origin].append((raw.id, article.outlet or "", article.published))
        events = {row["local_id"]: row for row in self._rows["events"][-len(story.told) :]}
        for local, act in story.told:
            self._tellings[act.number].append((events[local], article.outlet or "", origin))
        self._waiting += 1
        if self._waiting >= _AT_ONCE:
            self._flush()
        return origin

    def _flush(self) -> None:
        self._connection.begin()
        for table, rows in self._rows.items():
            insert(self._connection, table, rows)
        self._connection.commit()
        self._rows.clear()
        self._waiting = 0

    def _write_stories(self) -> None:
        members = [
            {"article": article, "story": story, "evidence": "exact" if number else "first"}
            for story, articles in self._stories.items()
            for number, (article, _, _) in enumerate(articles)
        ]
        insert(self._connection, "story_articles", members)
        rows = [_story_row(story, articles) for story, articles in self._stories.items()]
        insert(self._connection, "stories", rows)

    def _write_acts(self) -> None:
        acts, members = [], []
        for tellings in self._tellings.values():
            act = _act_row(tellings)
            acts.append(act)
            reasons = ["first", *("same parties, type and day" for _ in tellings[1:])]
            members += [
                {"event": event["id"], "act": act["id"], "reason": reason}
                for (event, _, _), reason in zip(tellings, reasons, strict=True)
            ]
        insert(self._connection, "acts", acts)
        insert(self._connection, "act_events", members)
        # Whose acts they are, by the parties of the telling that stands for each.
        for column, role in (("actors", "actor"), ("recipients", "recipient")):
            self._connection.execute(
                f"UPDATE acts SET {column} = p.ids FROM (SELECT owner, list(actor ORDER BY ordinal) "
                f"AS ids FROM parties WHERE role = '{role}' GROUP BY owner) p "
                "WHERE p.owner = acts.event"
            )


def _dropped(page: str, number: int, found: Any) -> Row:
    start, end = found.span
    row = found.model_dump(include={"stage", "reason", "message"})
    return {"page": page, "ordinal": number, "span_start": start, "span_end": end, **row}


def _story_row(story: str, articles: list[tuple[str, str, Any]]) -> Row:
    return {
        "id": story,
        "n_articles": len(articles),
        "n_outlets": len({outlet for _, outlet, _ in articles}),
        "n_independent": 1,
        "agency": None,
        "first_published": min(published for _, _, published in articles),
        "first_article": articles[0][0],
    }


def _act_row(tellings: list[tuple[Row, str, str]]) -> Row:
    best = max((event for event, _, _ in tellings), key=lambda event: event["confidence"])
    same = (
        "type mode contexts cameo quad intensity status confidence place_name lat lon place_country "
        "geonameid first_day last_day"
    )
    return {name: best.get(name) for name in same.split()} | {
        "id": "ac" + min(event["id"] for event, _, _ in tellings),
        "actors": [],
        "recipients": [],
        "event": best["id"],
        "n_events": len(tellings),
        "n_articles": len({event["article"] for event, _, _ in tellings}),
        "n_outlets": len({outlet for _, outlet, _ in tellings}),
        "n_independent": len({story for _, _, story in tellings}),
        "spread": "{}",
    }


def make(path: Path, events: int, seed: int = 7) -> None:
    """Write a store of about so many events to ``path``, in place of what was there."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET threads = 1")
        migrate(connection)
        Maker(connection, seed).run(events // PER_ARTICLE)


def main() -> None:
    """Make the store and print what is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, required=True, metavar="FILE")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    start = time.perf_counter()
    make(options.to, options.events, options.seed)
    with duckdb.connect(str(options.to), read_only=True) as connection:
        for table in (
            "articles",
            "events",
            "acts",
            "stories",
            "statements",
            "positions",
            "parties",
        ):
            print(f"{table:12}", connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    size = options.to.stat().st_size / 1e6
    print(f"{size:.0f} MB in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
