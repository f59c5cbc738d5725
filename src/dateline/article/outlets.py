"""Which outlet published a page: from its address, or the site name after its title."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urlsplit

from dateline.knowledge.tables import read_csv

_SUFFIX = re.compile(r"\s(?:[-–—|•·:])\s(?P<name>[^|]{2,40})$")


def outlet_of_url(url: str | None) -> str | None:
    """Name of the outlet whose site ``url`` is on, or None when it is not in the table."""
    try:
        host = (urlsplit(url or "").hostname or "").lower()
    except ValueError:
        return None
    labels = host.split(".")
    table = _outlets()
    return next((table[d] for d in map(".".join, _tails(labels)) if d in table), None)


def outlet_of_title(title: str) -> tuple[str, str | None]:
    """A page title split into headline and the known outlet after it ("... | BBC News"); the title
    as it is, and None, when no known outlet follows."""
    suffix = _SUFFIX.search(title)
    if suffix:
        name = _by_name().get(suffix["name"].strip().lower())
        if name:
            return title[: suffix.start()].rstrip(), name
    return title, None


def _tails(labels: list[str]) -> list[list[str]]:
    return [labels[i:] for i in range(len(labels) - 1)]


@cache
def _outlets() -> dict[str, str]:
    return {r["domain"]: r["name"] for r in read_csv("outlets.csv", ["domain", "name", "country"])}


@cache
def _by_name() -> dict[str, str]:
    names = {name.lower(): name for name in _outlets().values()}
    return names | {key.removeprefix("the "): name for key, name in names.items()}
