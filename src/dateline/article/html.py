"""HTML pages: ``read_html_page`` makes an ``Article`` of one decoded page.

The work is divided: ``html_source`` finds blocks of visible text and their place, ``html_story``
says which are the story, ``html_metadata`` reads the tags, ``html_problems`` explains pages without
a story. What patterns mean is in ``knowledge/html_quirks.yaml``.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import get_args
from urllib.parse import urldefrag

from dateline.article.assemble import article_id
from dateline.article.furniture import opens_list, outside_kind
from dateline.article.html_metadata import (
    LONGEST_TITLE,
    Tags,
    absolute_url,
    choose_headline,
    parse_stamp,
    printed_names,
    read_tags,
    url_date,
)
from dateline.article.html_problems import language_problem, page_problem
from dateline.article.html_quirks import elements, quirks
from dateline.article.html_source import Block, Node, Scan, scan_html, shown_text, text_key
from dateline.article.html_story import Hints, Story, find_story
from dateline.article.language import detect_language
from dateline.article.metadata import (
    Dateline,
    Granularity,
    agency_of_line,
    bare_credit,
    parse_caption,
    parse_dateline,
    published_matches,
    signoff_agency,
)
from dateline.article.model import (
    Article,
    ArticleProblem,
    Caption,
    Copy,
    Furniture,
    FurnitureKind,
    Link,
    Segment,
)
from dateline.page.model import Page
from dateline.spans import Span

_FURNITURE: dict[str, FurnitureKind] = {kind: kind for kind in get_args(FurnitureKind)}
_ARTICLE_MATTER = frozenset({"headline", "standfirst", "agency", "hidden", "copy"})
_LINKED_KINDS = frozenset({"", "related", "most_read", "link", "other"})
# Kinds that say little, so that a list's own heading is believed instead.
_UNSPECIFIC = frozenset({"navigation", "other", "link", "most_read", "related"})
_LISTS = frozenset({"most_read", "related", "comment"})
_HEADINGS = elements("headings")
_MARKUP = re.compile(r"<[^<>]*>")
_CREDIT_TAGS = frozenset({"small", "cite"})
_CREDIT_HINT = re.compile(r"credit|source|photographer|copyright|byline|author", re.IGNORECASE)
_CAPTION_HINT = re.compile(r"caption|credit", re.IGNORECASE)
_SENTENCE_END = frozenset('.!?:;”"’)]…')
# How many blocks above the story may hold its byline, date and standfirst.
_ABOVE = 25
_LONG_WORD = re.compile(r"\w{4,}")
# Share of a description's longer words that its story uses. On the development pages portraits of
# the outlet have 0 to 0.14, most descriptions of the story 0.33 and more; a story cut off by a
# paywall can have as little as a portrait, and then loses its description.
_SHARED_WORDS = 0.3
_STANDFIRST_LENGTH = range(30, 500)
_LONGEST_STANDFIRST = 1000  # of one that the page marks as such
_HEADLINE_WORDS = 4
_LONGEST_PROMPT = 300
_MOST_RELATED = 100


def read_html_page(page: Page) -> Article:
    """The article on an HTML page. All page offsets count in ``page.text``.

    Never raises on bad HTML. A page without a story gives an Article with ``text`` '' and a
    ``problem``; one in another language keeps its text, with the problem ``language``.
    """
    scan = scan_html(page.text)
    tags = read_tags(scan, page.url)
    headings = [block for block in scan.blocks if block.container.tag == "h1" and not block.hidden]
    printed = [block.text for block in headings if len(block.text) <= LONGEST_TITLE]
    headline = choose_headline(tags, printed)
    story = find_story(scan, _hints(tags, headline, headings))
    problem = page_problem(scan, story, is_article=tags.is_article, locked=tags.locked)
    if problem is not None:
        return _refused(page, scan, tags, headline, story, problem)
    return _read(page, scan, tags, headline, story)


def _read(page: Page, scan: Scan, tags: Tags, headline: str | None, story: Story) -> Article:
    """The article of a page that holds a story."""
    text, segments = _assemble(story.blocks)
    above = _above(scan, story, headline)
    dateline = parse_dateline(story.blocks[0].text)
    names, agency = _people(tags, story, above)
    published, granularity = _published(scan, tags, story, above, page.url)
    language = detect_language(text)
    return Article(
        id=article_id(page.url, text),
        url=tags.url,
        headline=headline,
        standfirst=_standfirst(tags, story, above, text),
        bylines=names,
        published=published,
        published_granularity=granularity,
        agency=_agency(dateline, story, agency),
        outlet=tags.outlet,
        section=tags.section,
        datelines=dateline.names if dateline else [],
        captions=_captions(scan, story),
        text=text,
        furniture=_furniture(scan, story),
        copies=[Copy(span=_hull(copy.blocks), share=copy.share) for copy in story.copies],
        related=_related(scan, story, headline, tags.url),
        language=language,
        segments=segments,
        problem=language_problem(language),
    )


def _refused(
    page: Page, scan: Scan, tags: Tags, headline: str | None, story: Story, problem: ArticleProblem
) -> Article:
    """What is known of a page that holds no story."""
    shown = " ".join(block.text for block in scan.blocks if not block.hidden)
    return Article(
        id=article_id(page.url, page.text),
        url=tags.url,
        headline=headline,
        published=tags.published,
        published_granularity=tags.granularity,
        outlet=tags.outlet,
        furniture=_furniture(scan, Story([], story.kinds, [])),
        related=_related(scan, Story([], story.kinds, []), headline, tags.url),
        language=detect_language(shown),
        problem=problem,
    )


def _hints(tags: Tags, headline: str | None, headings: list[Block]) -> Hints:
    titles = {text_key(title) for title in [*tags.titles, headline or ""]}
    titles |= {block.key for block in headings}
    return Hints(
        headlines=frozenset(key for key in titles if key),
        descriptions=frozenset(text_key(text) for text in tags.descriptions),
        body=tags.body,
    )


# --- text ----------------------------------------------------------------------------------------


def _assemble(blocks: list[Block]) -> tuple[str, list[Segment]]:
    """The text of the blocks and where each piece of it stood."""
    parts: list[str] = []
    segments: list[Segment] = []
    offset = 0
    for index, block in enumerate(blocks):
        if index:
            gap = " " if _goes_on(blocks[index - 1], block) else "\n\n"
            parts.append(gap)
            offset += len(gap)
        parts.append(block.text)
        segments += block.segments(offset)
        offset += len(block.text)
    return "".join(parts), segments


def _goes_on(before: Block, after: Block) -> bool:
    """True when a picture or an advertisement cut one paragraph into these two blocks."""
    return (
        before.container is after.container
        and after.text[0].islower()
        and before.text[-1] not in _SENTENCE_END
    )


# --- what is printed above the story -------------------------------------------------------------


def _above(scan: Scan, story: Story, headline: str | None) -> list[Block]:
    """Shown blocks from the headline to the story's second paragraph, the story's left out."""
    if not story.blocks:
        return []
    end = story.blocks[min(1, len(story.blocks) - 1)].runs[0][0]
    mine = set(story.blocks)
    before = [b for b in scan.blocks if b.runs[0][0] < end and not b.hidden and b not in mine]
    key = text_key(headline or "")
    places = [i for i, b in enumerate(before) if key and b.key == key]
    first = places[-1] + 1 if places else max(0, len(before) - _ABOVE)
    return before[first:][-_ABOVE:]


def _people(tags: Tags, story: Story, above: list[Block]) -> tuple[list[str], str | None]:
    if tags.names:
        return tags.names, tags.agency
    marked = [b for b, kind in story.kinds.items() if kind == "byline" and not b.hidden]
    names, agency = printed_names([*above, *marked[:10]], tags.outlet)
    return names, agency or tags.agency


def _agency(dateline: Dateline | None, story: Story, named: str | None) -> str | None:
    if dateline is not None and dateline.agency:
        return dateline.agency
    for block, kind in story.kinds.items():
        if kind == "agency":
            return agency_of_line(block.text) or named or signoff_agency(block.text)
    return named


def _published(
    scan: Scan, tags: Tags, story: Story, above: list[Block], url: str | None
) -> tuple[datetime | None, Granularity | None]:
    """The tags' date; else a time element or a line near the headline; else the address's day."""
    if tags.published is not None:
        return tags.published, tags.granularity
    for stamp in _time_stamps(scan, story):
        when, granularity = parse_stamp(stamp)
        if when is not None:
            return when, granularity
    marked = [b for b, kind in story.kinds.items() if kind == "byline" and not b.hidden]
    for block in [*above, *marked[:10]]:
        found = [match for match in published_matches(block.text[:200]) if not match.later]
        if found:
            return found[0].when, found[0].granularity
    day = url_date(url) or url_date(tags.url)
    return day, "day" if day else None


def _time_stamps(scan: Scan, story: Story) -> list[str]:
    if not story.blocks:
        return []
    end = story.blocks[-1].runs[-1][1]
    return [
        n.attributes["datetime"] for n in scan.times if n.start < end and "datetime" in n.attributes
    ]


def _standfirst(tags: Tags, story: Story, above: list[Block], text: str) -> str | None:
    """The printed standfirst, else the tags' description unless it only repeats the story."""
    for block, kind in story.kinds.items():
        if kind == "standfirst" and len(block.text) <= _LONGEST_STANDFIRST:
            return block.text
    described = [text_key(text) for text in tags.descriptions]
    for block in above:
        if len(block.text) in _STANDFIRST_LENGTH and _is_standfirst(block, story, described):
            return block.text
    return next((d for d in tags.descriptions if _describes(d, text)), None)


def _describes(description: str, text: str) -> bool:
    """True when a description tag tells of this story and does not just repeat its words: many
    sites put a portrait of the outlet, or the first paragraph, there."""
    if len(description) not in _STANDFIRST_LENGTH or text_key(description)[:60] in text_key(text):
        return False
    words = {word.lower() for word in _LONG_WORD.findall(description)}
    told = {word.lower() for word in _LONG_WORD.findall(text)}
    return len(words & told) >= _SHARED_WORDS * len(words)


def _is_standfirst(block: Block, story: Story, described: list[str]) -> bool:
    if (
        story.kinds.get(block) not in ("", "standfirst", "byline", "other")
        or block.link_share > 0.5
    ):
        return False
    if any(key and (block.key == key or key.startswith(block.key)) for key in described):
        return True
    if printed_names([block], None)[0] or published_matches(block.text):
        return False
    near = f"{block.container.hint} {block.container.parent.hint if block.container.parent else ''}"
    return quirks().standfirst_hints.search(near) is not None or (
        block.container.tag in ("h2", "h3") and block.text.count(" ") >= 6
    )


# --- pictures ------------------------------------------------------------------------------------


def _captions(scan: Scan, story: Story) -> list[Caption]:
    groups: dict[int, list[Block]] = {}
    for block in scan.blocks:
        if not block.hidden and story.kinds.get(block) == "caption" and block.link_share < 0.5:
            figure = _figure(block)
            if figure is not None:
                groups.setdefault(figure.index, []).append(block)
    found = [_caption(scan, blocks) for blocks in groups.values()]
    found += [_attribute_caption(attributes) for attributes in scan.images]
    unique = {(c.text, c.credit): c for c in reversed(found) if c.text or c.credit}
    return list(reversed(unique.values()))


def _figure(block: Block) -> Node | None:
    """The element that holds the whole caption; None when the block is no caption at all."""
    best: Node | None = None
    for node in block.node.ancestors():
        if node.tag == "figure":
            return node
        if node.tag == "figcaption" or _CAPTION_HINT.search(node.hint):
            best = node
    return best


def _caption(scan: Scan, blocks: list[Block]) -> Caption:
    credits = [block for block in blocks if _CREDIT_HINT.search(block.container.hint)]
    words = [block for block in blocks if block not in credits]
    text = " ".join(block.text for block in words)
    parsed = parse_caption(text)
    credit = " ".join(block.text for block in credits) or None
    if credit is None and parsed is not None:
        text, credit = parsed.text, parsed.credit
    elif credit is None:
        text, credit = _marked_credit(scan, blocks[-1], text)
    else:
        credit = bare_credit(credit)
    return Caption(text=text, credit=credit, span=_hull(blocks))


def _marked_credit(scan: Scan, block: Block, text: str) -> tuple[str, str | None]:
    """``text`` split before the element at its end that is set apart as the credit, as in
    <figcaption>Words. <small>Name</small></figcaption>; (text, None) when there is none."""
    start, end = block.span
    for node in scan.nodes:
        inside = start < node.start and node.end <= block.container.end and node.start < end
        if inside and (node.tag in _CREDIT_TAGS or _CREDIT_HINT.search(node.hint)):
            credit = shown_text(_MARKUP.sub(" ", scan.source[node.start : node.end]))
            if credit and text.endswith(credit) and len(credit) < len(text):
                return text[: -len(credit)].rstrip(" |–—-"), bare_credit(credit)
    return text, None


def _attribute_caption(attributes: dict[str, str]) -> Caption:
    text = shown_text(_MARKUP.sub(" ", attributes["data-caption"]))
    credit = shown_text(attributes.get("data-credit", "")) or None
    parsed = parse_caption(text) if credit is None else None
    if parsed is not None:
        return Caption(text=parsed.text, credit=parsed.credit)
    return Caption(text=text, credit=credit)


# --- the rest of the page ------------------------------------------------------------------------


def _furniture(scan: Scan, story: Story) -> list[Furniture]:
    """Stretches of shown text that are not of the article, like kinds in a row joined."""
    found: list[Furniture] = []
    mine = set(story.blocks)
    previous: tuple[str, list[Block]] = ("", [])
    section = ""
    for block in scan.blocks:
        if block.hidden:
            continue
        kind = "" if block in mine else _furniture_kind(block, story.kinds.get(block, ""))
        section = _section(block, kind, section)
        kind = section or kind
        if kind != previous[0]:
            found += _joined(*previous)
            previous = (kind, [])
        previous[1].append(block)
    return [*found, *_joined(*previous)]


def _section(block: Block, kind: str, section: str) -> str:
    """Kind of the list that ``block`` heads or is linked from, '' for none. A heading says more
    than a container that only says "side column" or nothing."""
    if kind not in _UNSPECIFIC:
        return ""
    heading = opens_list(block.text)
    if heading in _LISTS and block.container.tag in _HEADINGS:
        return heading or ""
    return section if block.link_share > 0.5 and block.container.tag not in _HEADINGS else ""


def _furniture_kind(block: Block, kind: str) -> str:
    if kind == "copy":
        return "copy"
    if kind in _ARTICLE_MATTER or kind in quirks().of_the_article:
        return ""
    if kind == "navigation" and block.link_share < 0.5 and outside_kind(block.text) == "notice":
        return "notice"  # the imprint, printed among the links at the foot of the page
    if kind in _FURNITURE and kind != "other":
        return kind
    by_words = outside_kind(block.text) if len(block.text) < _LONGEST_PROMPT else None
    return by_words or "other"


def _joined(kind: str, blocks: list[Block]) -> list[Furniture]:
    return [Furniture(kind=_FURNITURE[kind], span=_hull(blocks))] if kind and blocks else []


def _hull(blocks: list[Block]) -> Span:
    return min(b.span[0] for b in blocks), max(b.span[1] for b in blocks)


def _related(scan: Scan, story: Story, headline: str | None, base: str | None) -> list[Link]:
    """Links outside the story that read like headlines, each headline once."""
    mine, own = set(story.blocks), text_key(headline or "")
    found: dict[str, Link] = {}
    for block in scan.blocks:
        if block.hidden or block in mine or story.kinds.get(block, "") not in _LINKED_KINDS:
            continue
        for href, (start, end) in block.links:
            text = shown_text(_MARKUP.sub(" ", scan.source[start:end]))
            url = absolute_url(href, base)
            if (
                url
                and urldefrag(url)[0] != base
                and text.count(" ") >= _HEADLINE_WORDS - 1
                and text_key(text) != own
            ):
                found.setdefault(text, Link(text=text, url=url))
        if len(found) >= _MOST_RELATED:
            break
    return list(found.values())
