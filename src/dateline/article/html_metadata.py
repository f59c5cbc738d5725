"""What a page's HTML says about its article: JSON-LD, meta tags and printed lines.

Printed matter is preferred for words (headline, standfirst), tags for dates and names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from dateline.article.html_quirks import quirks
from dateline.article.html_source import Block, Scan, shown_text, text_key
from dateline.article.metadata import Granularity, agency_of_name, parse_byline, parse_published

Json = dict[str, Any]

# Nesting and number of JSON-LD nodes read; the development pages reach 6
# and 20.
_MAX_JSON_DEPTH = 20
_MAX_JSON_NODES = 5000
_YEARS = range(1990, 2100)
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
# Comment and CDATA marks that old templates put around scripts.
_JSON_WRAPPER = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[\s*(?:\*/)?)"
    r"|(?:-->|(?://|/\*)?\s*\]\]>\s*(?:\*/)?)\s*;?\s*$"
)
_MARKUP = re.compile(r"<[^<>]{1,300}>")
_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:[T ]\s*(\d\d?):(\d\d)(?::\d\d(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d|UTC|GMT)?)?",
    re.IGNORECASE,
)
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=\D)")
# Characters. Headlines run to 250; what is longer is a text in the wrong place.
LONGEST_TITLE = 500
_TITLE_CUT = re.compile(r"\s+[|–—\-:·»•]+\s+")
_NOT_A_NAME = re.compile(r"https?:|www\.|@|\.com\b", re.IGNORECASE)


@dataclass(frozen=True)
class Tags:
    """What tags (not printed lines) say. ``body`` is schema.org's articleBody as plain text, ''
    when there is none; ``is_article`` is True when the page calls itself an article and
    ``locked`` when it says that the text is for subscribers."""

    titles: list[str]
    descriptions: list[str]
    names: list[str]
    agency: str | None
    published: datetime | None
    granularity: Granularity | None
    outlet: str | None
    section: str | None
    url: str | None
    body: str
    is_article: bool
    locked: bool


def read_tags(scan: Scan, url: str | None) -> Tags:
    """Everything the page's JSON-LD and meta tags tell."""
    metas = _metas(scan)
    ld = _article_node(scan, url)
    published, granularity = _published(ld, metas)
    outlet = _meta(metas, "outlet") or _name_of(ld.get("publisher"))
    names, agency = _people(ld, metas, outlet)
    titles = [_text(ld.get("headline")), _meta(metas, "headline"), scan.title]
    descriptions = [_text(ld.get("description")), *_all(metas, "standfirst")]
    return Tags(
        titles=[title for title in titles if title and len(title) <= LONGEST_TITLE],
        descriptions=[text for text in descriptions if text],
        names=names,
        agency=agency,
        published=published,
        granularity=granularity,
        outlet=outlet,
        section=_first_text(ld.get("articleSection")) or _meta(metas, "section"),
        url=_canonical(scan, metas, url),
        body=_text(ld.get("articleBody")),
        is_article=bool(ld)
        or metas.get("og:type", "").lower() == "article"
        or "article:published_time" in metas,
        locked=str(ld.get("isAccessibleForFree", "")).lower() == "false",
    )


def choose_headline(tags: Tags, printed: list[str]) -> str | None:
    """The headline: a printed h1 that the tags confirm, else the tags' own title without the
    outlet's name, else the only h1; None when the page has no title of any kind."""
    titles = [_without_outlet(title, tags) for title in tags.titles]
    titles = [title for title in titles if not _names_outlet(title, tags)]
    keys = [text_key(title) for title in [*titles, *tags.titles] if text_key(title)]
    for heading in printed:
        key = text_key(heading)
        if len(key) >= 8 and any(key in other or other in key for other in keys):
            return heading
    if titles:
        return titles[0]
    return printed[0] if printed else None


def url_date(url: str | None) -> datetime | None:
    """The day that a story's address carries ("/2025/02/12/"), in UTC; None when it has none."""
    found = _URL_DATE.search(url or "")
    return _datetime(*(int(part) for part in found.groups())) if found else None


def parse_stamp(stamp: str) -> tuple[datetime | None, Granularity | None]:
    """A machine-written date, ISO 8601 or near it: aware (UTC when it names no zone) and its
    granularity; (None, None) when it is no date. Midnight without a zone counts as a day."""
    found = _ISO.search(stamp)
    if not found:
        return parse_published(stamp)
    year, month, day, hour, minute, zone = found.groups()
    when = _datetime(int(year), int(month), int(day))
    if when is None or hour is None:
        return when, "day" if when else None
    try:
        when = when.replace(hour=int(hour), minute=int(minute))
    except ValueError:
        return when, "day"
    if zone and zone[0] in "+-":
        text = when.strftime("%Y-%m-%dT%H:%M") + zone[:3] + ":" + zone[-2:]
        try:
            return datetime.fromisoformat(text), "minute"
        except ValueError:
            return when, "minute"
    midnight = not zone and (int(hour), int(minute)) == (0, 0)
    return when, "day" if midnight else "minute"


def printed_names(blocks: list[Block], outlet: str | None) -> tuple[list[str], str | None]:
    """Names and agency of the first byline among ``blocks``."""
    agency: str | None = None
    for block in blocks:
        if len(block.text) > 160:
            continue
        byline = parse_byline(block.text)
        if byline is None:
            continue
        agency = agency or byline.agency
        names = _clean_names(byline.names, outlet)
        if names:
            return names, agency
    return [], agency


# --- meta tags -----------------------------------------------------------------------------------


def _metas(scan: Scan) -> dict[str, str]:
    found: dict[str, str] = {}
    for attributes in scan.metas:
        content = shown_text(attributes.get("content", ""))
        if not content:
            continue
        for key in ("property", "name", "itemprop"):
            if key in attributes:
                found.setdefault(attributes[key].strip().lower(), content)
    return found


def _all(metas: dict[str, str], wanted: str) -> list[str]:
    return [metas[name] for name in quirks().metas[wanted] if name in metas]


def _meta(metas: dict[str, str], wanted: str) -> str | None:
    return next(iter(_all(metas, wanted)), None)


def _canonical(scan: Scan, metas: dict[str, str], url: str | None) -> str | None:
    links = [
        link.get("href", "")
        for link in scan.head_links
        if "canonical" in link.get("rel", "").lower().split()
    ]
    for candidate in [*links, _meta(metas, "url") or ""]:
        absolute = absolute_url(candidate, url)
        if absolute:
            return absolute
    return url


def absolute_url(href: str, base: str | None) -> str | None:
    """``href`` as an absolute http(s) address; None when it is no address of a page."""
    try:
        absolute = urljoin(base or "", href.strip())
        parts = urlsplit(absolute)
    except ValueError:
        return None
    return absolute if parts.scheme in ("http", "https") and parts.netloc else None


# --- JSON-LD -------------------------------------------------------------------------------------


def _article_node(scan: Scan, url: str | None) -> Json:
    """The JSON-LD node of the story; {} when there is none. Pages may also describe related
    stories: the node with this page's address wins, then the one with a headline and a date."""
    nodes = [node for script in scan.scripts for node in _nodes(_load(script)) if _is_story(node)]
    if not nodes:
        return {}
    return max(nodes, key=lambda node: _fit(node, url))


def _fit(node: Json, url: str | None) -> int:
    own = json.dumps([node.get("url"), node.get("mainEntityOfPage"), node.get("@id")], default=str)
    path = _path(url)
    return (
        4 * bool(path and path in own)
        + 2 * bool(node.get("datePublished"))
        + 2 * bool(node.get("headline"))
        + bool(node.get("articleBody"))
    )


def _path(url: str | None) -> str:
    try:
        return urlsplit(url or "").path.rstrip("/")
    except ValueError:  # no address at all
        return ""


def _load(script: str) -> Any:
    script = _JSON_WRAPPER.sub("", _JSON_WRAPPER.sub("", script)).strip()
    for attempt in (script, _TRAILING_COMMA.sub(r"\1", script)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(loaded: Any) -> Iterator[Json]:
    """Every object in the JSON, outer before inner."""
    queue, seen = [(loaded, 0)], 0
    while queue and seen < _MAX_JSON_NODES:
        value, depth = queue.pop(0)
        seen += 1
        if isinstance(value, dict):
            yield value
            value = list(value.values())
        if isinstance(value, list) and depth < _MAX_JSON_DEPTH:
            queue.extend((item, depth + 1) for item in value if isinstance(item, dict | list))


def _is_story(node: Json) -> bool:
    kinds = node.get("@type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and quirks().article_types.match(kind) for kind in named)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    lines = re.split(r"<(?:/p|br\s*/?|/h\d|/li)>|\n", value)
    return "\n".join(line for line in (shown_text(_MARKUP.sub("", part)) for part in lines) if line)


def _first_text(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return _text(value) or None


def _name_of(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    return _text(value) or None


# --- date, people, titles ------------------------------------------------------------------------


def _published(ld: Json, metas: dict[str, str]) -> tuple[datetime | None, Granularity | None]:
    stamps = [ld.get("datePublished"), *_all(metas, "published"), ld.get("dateCreated")]
    day: datetime | None = None
    for stamp in stamps:
        if not isinstance(stamp, str):
            continue
        when, granularity = parse_stamp(stamp)
        if when is not None and granularity == "minute":
            return when, granularity
        day = day or when
    return day, "day" if day else None


def _datetime(year: int, month: int, day: int) -> datetime | None:
    if year not in _YEARS:
        return None
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _people(ld: Json, metas: dict[str, str], outlet: str | None) -> tuple[list[str], str | None]:
    """Names of people and the agency among the authors that the tags name."""
    agency: str | None = None
    for candidates in (_ld_authors(ld), _all(metas, "author")[:1]):
        names: list[str] = []
        for candidate in candidates:
            if _NOT_A_NAME.search(candidate):
                continue
            byline = parse_byline(candidate) or parse_byline("By " + candidate)
            if byline is not None:
                names += _clean_names(byline.names, outlet)
                agency = agency or byline.agency
        if names:
            return list(dict.fromkeys(names)), agency
    return [], agency


def _ld_authors(ld: Json) -> list[str]:
    value = ld.get("author") or ld.get("creator")
    listed = value if isinstance(value, list) else [value]
    found: list[str] = []
    for item in listed:
        name = item.get("name") if isinstance(item, dict) else item
        found += [_text(n) for n in (name if isinstance(name, list) else [name]) if _text(n)]
    return found


def _clean_names(names: list[str], outlet: str | None) -> list[str]:
    own = text_key(outlet or "")
    return [
        name
        for name in names
        if agency_of_name(name) is None
        and not (own and own.removeprefix("the").startswith(text_key(name).removeprefix("the")))
    ]


def _without_outlet(title: str, tags: Tags) -> str:
    """``title`` without a last (or first) part that names the outlet: "... | The Outlet"."""
    parts = list(_TITLE_CUT.finditer(title))
    if not parts:
        return title
    last, first = parts[-1], parts[0]
    if _names_outlet(title[last.end() :], tags) or "|" in last.group():
        return _without_outlet(title[: last.start()], tags)
    return title[first.end() :] if _names_outlet(title[: first.start()], tags) else title


def _names_outlet(part: str, tags: Tags) -> bool:
    key, outlet = text_key(part), text_key(tags.outlet or "")
    try:
        host = text_key(urlsplit(tags.url or "").hostname or "")
    except ValueError:
        host = ""
    if not key:
        return True
    return bool(outlet and (key in outlet or outlet in key)) or (len(key) > 3 and key in host)
