"""``dateline fetch``: save the pages of feeds and addresses for ``dateline build``."""

from __future__ import annotations

import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.views import terminal
from dateline.views.errors import Exit, UsageProblem
from dateline.views.layout import clean

if TYPE_CHECKING:
    from dateline.fetch import Fetched

_ORDER = ("saved", "unchanged", "feed", "refused", "failed")
_SUMMARY = {
    "saved": "saved",
    "unchanged": "unchanged",
    "feed": "feeds read",
    "refused": "refused",
    "failed": "failed, to be tried again",
}


def fetch(
    addresses: Annotated[
        list[str],
        typer.Argument(
            metavar="FEED|URL|-...", help="Feeds or pages; - reads addresses, a line each."
        ),
    ],
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the pages go.")] = Path("pages"),
    delay: Annotated[
        float, typer.Option(min=0.0, metavar="SECONDS", help="Between two requests to one host.")
    ] = 1.0,
    timeout: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="For one page, look-up included.")
    ] = 30.0,
    max_bytes: Annotated[
        int, typer.Option(min=1, metavar="N", help="Of one page, after decompression.")
    ] = 10 * 1024 * 1024,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Most pages from one feed.")
    ] = None,
    user_agent: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="Who is asking; add an address where you can be reached."
        ),
    ] = None,
    allow_private: Annotated[
        bool,
        typer.Option("--allow-private", help="Also fetch from this machine and local networks."),
    ] = False,
) -> None:
    """Save news pages, and the pages that feeds list, into a folder for `dateline build`.

    What a site's robots.txt asks is done. A page that has not changed is not saved again."""
    from dateline.fetch import Client, Fetcher, Pace, PageFolder, anywhere, is_public
    from dateline.fetch.client import USER_AGENT

    client = Client(
        user_agent=user_agent or USER_AGENT,
        max_bytes=max_bytes,
        seconds=timeout,
        permit=anywhere if allow_private else is_public,
    )
    try:
        folder = PageFolder(to)
        fetcher = Fetcher(folder, client, pace=Pace(delay), limit=limit)
        counts = _report(fetcher.fetch(_given(addresses)))
        folder.close()
    except (OSError, sqlite3.Error) as error:
        raise UsageProblem(f"cannot write to {to}: {error}") from None
    finally:
        client.close()
    had = sum(counts[outcome] for outcome in ("saved", "unchanged", "feed"))
    if not had:
        raise typer.Exit(Exit.USAGE)


def _given(addresses: Iterable[str]) -> Iterator[str]:
    """The addresses, '-' replaced by the lines of standard input; '#' begins a comment line."""
    for address in addresses:
        if address != "-":
            yield address
            continue
        lines = (line.strip() for line in sys.stdin)
        yield from (line for line in lines if line and not line.startswith("#"))


def _report(results: Iterable[Fetched]) -> Counter[str]:
    """Print a line for each address, and the sums at the end."""
    counts: Counter[str] = Counter()
    for result in results:
        counts[result.outcome] += 1
        detail = clean(result.message) or result.name or ""
        terminal.write("\t".join((result.outcome, result.url, detail)).rstrip() + "\n")
    sums = ", ".join(f"{counts[name]} {_SUMMARY[name]}" for name in _ORDER if counts[name])
    terminal.say(sums or "nothing to fetch")
    return counts
