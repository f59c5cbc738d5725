"""Which outlet an article counts for."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urlsplit

from dateline.article.outlets import outlet_of_url
from dateline.knowledge.tables import read_csv

# Second-level labels under which country registries give out names ('example.co.za').
_SECOND_LEVEL = frozenset(
    (
        "ac",
        "co",
        "com",
        "edu",
        "go",
        "gob",
        "gouv",
        "gov",
        "in",
        "mil",
        "ne",
        "net",
        "nom",
        "or",
        "org",
    )
)
_BLANKS = re.compile(r"\s+")


def source_of(url: str | None, outlet: str | None) -> tuple[str, str] | None:
    """Id and name of the outlet of a page; None when it has neither address nor printed name.

    The id is the first address that the table of outlets has for it ('bbc.com' for bbc.co.uk), else
    the registrable part of the host, else the printed name ('outlet:the evening wire').
    """
    name = outlet_of_url(url)
    if name is not None:
        return _domains()[name.casefold()], name
    site = _site(url)
    printed = _BLANKS.sub(" ", outlet or "").strip()
    if site is not None:
        return site, printed or site
    if not printed:
        return None
    return _domains().get(printed.casefold(), f"outlet:{printed.casefold()}"), printed


def _site(url: str | None) -> str | None:
    try:
        host = (urlsplit(url or "").hostname or "").lower().rstrip(".")
    except ValueError:
        return None
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdigit():
        return host or None
    keep = 3 if len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-keep:])


@cache
def _domains() -> dict[str, str]:
    """Name -> first address listed for it."""
    domains: dict[str, str] = {}
    for row in read_csv("outlets.csv", ["domain", "name", "country"]):
        domains.setdefault(row["name"].casefold(), row["domain"])
    return domains
