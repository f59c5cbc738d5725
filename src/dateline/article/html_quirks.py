"""The table of HTML quirks, ``knowledge/html_quirks.yaml``, as compiled patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

_TABLE = "html_quirks.yaml"
_KEYS = {"tags", "hints", "of_the_article", "lines", "list_heads", "tail_heads"} | {
    *("elements", "metas", "article_types", "standfirst_hints")
}
# A name such as 'storyRelatedLinks' or 'related_links' becomes '-story-related-links-'.
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Quirks:
    """``tags``: element name to kind. ``elements``: groups of names. ``metas``: field of the
    article to names of meta tags. ``hints``: pattern over class, id and role; ``lines``: pattern
    over a whole paragraph; in both the name of the group that matched is the kind."""

    tags: dict[str, str]
    hints: re.Pattern[str]
    of_the_article: frozenset[str]
    lines: re.Pattern[str]
    list_heads: re.Pattern[str]
    elements: dict[str, frozenset[str]]
    metas: dict[str, list[str]]
    article_types: re.Pattern[str]
    standfirst_hints: re.Pattern[str]
    tail_heads: re.Pattern[str]


@cache
def quirks() -> Quirks:
    """The compiled table. Raises ValueError naming the file and the key at fault."""
    loaded: Any = yaml.load(
        files("dateline.knowledge").joinpath(_TABLE).read_text("utf-8"),
        Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),
    )
    if not isinstance(loaded, dict) or set(loaded) != _KEYS:
        raise ValueError(f"{_TABLE}: expected the keys {sorted(_KEYS)}, found {list(loaded)}")
    return Quirks(
        tags={str(tag): str(kind) for tag, kind in loaded["tags"].items()},
        hints=_compile("hints", loaded["hints"], "-(?:{})(?=-)"),
        of_the_article=frozenset(loaded["of_the_article"]),
        lines=_compile("lines", loaded["lines"], "(?:{})"),
        list_heads=_pattern("list_heads", loaded["list_heads"]),
        elements={str(name): frozenset(group) for name, group in loaded["elements"].items()},
        metas={str(name): [str(m) for m in tags] for name, tags in loaded["metas"].items()},
        article_types=_pattern("article_types", loaded["article_types"]),
        standfirst_hints=_pattern("standfirst_hints", loaded["standfirst_hints"]),
        tail_heads=_pattern("tail_heads", loaded["tail_heads"]),
    )


def _pattern(key: str, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.IGNORECASE)
    except (re.error, TypeError) as error:
        raise ValueError(f"{_TABLE}: {key}: not a pattern ({error})") from error


def _compile(key: str, kinds: dict[str, str], frame: str) -> re.Pattern[str]:
    """One pattern with a named group for each kind."""
    try:
        parts = [f"(?P<{kind}>{frame.format(pattern)})" for kind, pattern in kinds.items()]
        return re.compile("|".join(parts), re.IGNORECASE)
    except (re.error, AttributeError) as error:
        raise ValueError(f"{_TABLE}: {key}: not a table of patterns ({error})") from error


def elements(group: str) -> frozenset[str]:
    """The element (or attribute) names of a group of the table; KeyError for an unknown group."""
    return quirks().elements[group]


@lru_cache(maxsize=4096)
def hint_kind(tag: str, hint: str) -> str:
    """Kind that an element's class, id and role, else its tag, point to; '' for none."""
    table = quirks()
    if hint:
        spread = "-" + _SEPARATORS.sub("-", _CAMEL.sub("-", hint[:300])).lower() + "-"
        match = table.hints.search(spread)
        if match is not None:
            return match.lastgroup or ""
    return table.tags.get(tag, "")


def line_kind(text: str) -> str:
    """Kind of furniture that a whole paragraph is by its words; '' for none."""
    if len(text) > 600:
        return ""
    match = quirks().lines.match(text)
    return (match.lastgroup or "") if match else ""
