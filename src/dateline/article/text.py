"""The story of a plain-text page: each line is labelled, the story lines are put together.

The steps, each a function on the list of labelled lines: metadata by wording, second printings by
index, story by the trained trees of ``linescore`` with a few rules on top, headline and standfirst
by their place, and the kind of every line that is left.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from dateline.article.assemble import build_text, plain_problem, story_problem
from dateline.article.copies import Repeat, earlier_twins, repeats
from dateline.article.furniture import furniture_kind, opens_list, outside_kind
from dateline.article.language import detect_language
from dateline.article.lines import Line, split_lines
from dateline.article.linescore import story_scores
from dateline.article.metadata import (
    Byline,
    Credit,
    agency_of_line,
    parse_byline,
    parse_caption,
    parse_dateline,
    published_matches,
    signoff_agency,
)
from dateline.article.model import Article, Caption, Copy, Furniture, FurnitureKind, Link
from dateline.article.outlets import outlet_of_title, outlet_of_url
from dateline.article.published import PublishedMatch
from dateline.page.model import Page, Problem
from dateline.spans import Span

_WORD = re.compile(r"\w+")
_ENDED = re.compile(r"[.!?…。！？:][\"'”’)\]»」]*$")
_CAPTION = re.compile(r"(?:image|media|video|photo) caption\s*[,:]?\s+", re.I)
_LONG = re.compile(r"[^\W\d_]{4,}")
# Set by cross-validation on the 102 pages of training: F1 is flat from 0.35 to 0.45. Inside the body
# a sentence needs less, because what surrounds it speaks for it.
_STORY = 0.4
_INSIDE = 0.25
_EDGE = 0.1  # next to a story line; lower costs precision on the training pages
_PROMPT = 0.9  # for a line in the wording of an offer or a prompt
_PROMPTS: tuple[FurnitureKind, ...] = ("offer", "sign_in", "comment", "share", "advertisement")
_GAP = 5  # lines that may stand between two story lines of one run
_ENOUGH = 300  # lines that settle which of two printings is the longer
_SENTENCE = 8  # words of a full sentence: quotes and crossheads are shorter, but never alone
_TITLE_FEWEST = 5  # words; below it a section's or an outlet's name
_TITLE_WORDS = 16  # of a headline in a list
# Share of the story's words above a line that may end it; a break inside the story comes sooner.
_MOST = 0.8
_CLOSING: tuple[FurnitureKind, ...] = ("comment", "most_read", "related")
# The longest of the 102 development pages has 518 blocks. Telling what lines are costs 0.2 ms each:
# six seconds for so many.
_MOST_LINES = 30_000
_HEAD = 15  # lines above the story in which its headline may stand


@dataclass
class _Labelled:
    """A line and what it was found to be: a label of our own ('story', 'headline', 'standfirst',
    'byline', 'published', 'caption', 'agency'), or a FurnitureKind."""

    line: Line
    score: float = 0.0
    label: str = ""
    kind: FurnitureKind | None = None
    heading: FurnitureKind | None = None
    byline: Byline | None = None
    credit: Credit | None = None
    agency: str | None = None
    dates: list[PublishedMatch] = field(default_factory=list)
    twin: int | None = None

    @property
    def text(self) -> str:
        return self.line.text

    @property
    def words(self) -> int:
        return len(_WORD.findall(self.text))

    @property
    def ended(self) -> bool:
        return _ENDED.search(self.text) is not None

    @property
    def is_story(self) -> bool:
        return self.label == "story"


def read_text_page(page: Page) -> Article:
    """The article of a text page. A page without a story gives an Article with ``problem`` set."""
    if page.problem is not None:
        return plain_problem(page)
    lines = split_lines(page.text)
    if len(lines) > _MOST_LINES:
        return plain_problem(_with_too_many_lines(page, len(lines)))
    rows = _labelled(lines)
    language = detect_language("\n".join(r.text for r in rows if r.words > 8) or page.text)
    _mark_metadata(rows)
    _mark_story(rows, language)
    _drop_listed(rows)
    _mark_end(rows)
    stretches = _mark_copies(rows)
    _mark_headline(rows, page.url)
    _mark_standfirst(rows)
    _mark_furniture(rows)
    return _article(page, rows, _copies(rows, stretches), language)


def _with_too_many_lines(page: Page, found: int) -> Page:
    message = (
        f"Expected one news page of at most {_MOST_LINES:,} lines; found {found:,}. If the file holds "
        "many articles, split it and read them one by one."
    )
    return replace(page, text="", problem=Problem("too_large", message))


def _labelled(lines: list[Line]) -> list[_Labelled]:
    rows = [_Labelled(line) for line in lines]
    for row in rows:
        row.kind, row.heading = furniture_kind(row.text), opens_list(row.text)
    for number, twin in earlier_twins([row.text for row in rows]).items():
        # Offers and prompts recur on every page and say nothing about a second printing.
        rows[number].twin = None if rows[number].kind else twin
    return rows


# --- metadata ------------------------------------------------------------------------------------


def _mark_metadata(rows: list[_Labelled]) -> None:
    for row in rows:
        row.credit = parse_caption(row.text)
        if row.credit and furniture_kind(row.credit.text) is not None:
            row.credit = None  # an imprint with a copyright mark
        if _CAPTION.match(row.text):
            row.label = "caption"
            continue
        if row.words > 40:
            row.label = "caption" if row.credit and row.words < 120 else ""
            continue
        row.agency = agency_of_line(row.text)
        if row.agency and row.credit and not row.credit.text and "©" in row.text:
            row.credit = None  # "© 2025 AFP" alone is the credit of the text
        row.byline = None if row.agency and row.words < 4 else parse_byline(row.text)
        row.dates = published_matches(row.text)
        if row.credit:
            row.label = "caption"
        elif row.byline:
            row.label = "byline"
        elif row.agency:
            row.label = "agency"
        elif row.dates and _left_over(row) <= 5:
            row.label = "published"


def _left_over(row: _Labelled) -> int:
    """Words of a line that are not its dates."""
    return row.words - sum(
        len(_WORD.findall(row.text[a:b])) for a, b in (match.span for match in row.dates)
    )


# --- story ---------------------------------------------------------------------------------------


def _mark_story(rows: list[_Labelled], language: str) -> None:
    scores = story_scores(
        [row.text for row in rows], language, [(row.kind, row.heading) for row in rows]
    )
    clean = _is_clean(rows)
    for row, score in zip(rows, scores, strict=True):
        row.score = score
    for row in rows:
        sentence = row.ended and row.words >= 2 and row.kind is None
        bar = _PROMPT if _worded_as_furniture(row) else _STORY
        if not row.label and (row.score > bar or (clean and sentence)):
            row.label = "story"
    _fill_gaps(rows)
    if not clean:
        _drop_lists(rows)
    if not any(row.is_story for row in rows):
        _mark_best(rows)


def _drop_lists(rows: list[_Labelled]) -> None:
    """A run of lines without one full sentence is a list beside the story, whatever its score."""
    for cluster in _story_clusters(rows):
        if not any(rows[i].ended and _size(rows[i]) >= _SENTENCE for i in cluster):
            for i in cluster:
                rows[i].label = ""


def _drop_listed(rows: list[_Labelled]) -> None:
    """A title between paragraphs that is printed again in a list below is a link in both places."""
    listed = False
    for row in rows:
        listed = row.heading is not None or (listed and (_is_title(row) or not row.is_story))
        original = rows[row.twin] if row.twin is not None else None
        if listed and original is not None and _is_title(original) and _is_title(row):
            row.twin = None
            row.label = original.label = ""


def _is_title(row: _Labelled) -> bool:
    """May this line be the title of another story: short, and no sentence or a question?"""
    plain = row.label in {"", "story"} and not row.text.endswith((".", '"', "”", "’"))
    return plain and row.words <= _TITLE_WORDS


def _mark_end(rows: list[_Labelled]) -> None:
    """The name of an agency below the story, or a list or comments below most of it, ends it: what
    comes later was story by its looks only. A second printing goes on past such a line."""
    total = sum(_size(row) for row in rows if row.is_story)
    seen = 0
    for i, row in enumerate(rows):
        seen += _size(row) if row.is_story else 0
        if (row.is_story and row.ended) or seen < _MOST * total or not total:
            continue
        agency = None if row.kind or row.label == "caption" else signoff_agency(row.text)
        if agency and row.words <= _SENTENCE:
            row.label, row.agency, row.byline = "agency", agency, None
        if row.label == "agency" or row.heading in _CLOSING or row.kind == "comment":
            for later in rows[i + 1 :]:
                if later.is_story and later.twin is None:
                    later.label = ""
            return


def _size(row: _Labelled) -> int:
    """Length in words; scripts without blanks count two characters a word."""
    return max(row.words, sum(ch > "\u3000" for ch in row.text) // 2)


def _story_clusters(rows: list[_Labelled]) -> list[list[int]]:
    """Numbers of the story lines, parted where more than ``_GAP`` other lines stand between."""
    clusters: list[list[int]] = []
    for i in (i for i, row in enumerate(rows) if row.is_story):
        if clusters and i - clusters[-1][-1] <= _GAP + 1:
            clusters[-1].append(i)
        else:
            clusters.append([i])
    return clusters


def _mark_best(rows: list[_Labelled]) -> None:
    """A story of one paragraph has nothing around it to speak for it: take the longest."""
    long = [r for r in rows if r.ended and r.kind is None and not r.label and r.words >= 30]
    if long:
        max(long, key=lambda row: row.words).label = "story"


def _worded_as_furniture(row: _Labelled) -> bool:
    """Prompts in full sentences, imprints and labels of a word or two; a story sentence that happens
    to hold such words ("privacy policy") is left to its score."""
    if row.kind in _PROMPTS or row.heading is not None or row.text.startswith("©"):
        return True
    return row.kind is not None and not row.ended


def _is_clean(rows: list[_Labelled]) -> bool:
    """Is the page nothing but an article (pasted, or saved by a reader view)? Then any sentence
    is story."""
    total = sum(row.words for row in rows)
    prose = sum(r.words for r in rows if (r.ended and r.words > 3 and r.kind is None) or r.label)
    return prose >= 0.8 * total


def _fill_gaps(rows: list[_Labelled]) -> None:
    """Sentences between story lines, or next to one, are story too: '"No," he said.'"""
    story = [i for i, row in enumerate(rows) if row.is_story]
    for before, after in pairwise(story):
        if after - before <= 4:
            for row in rows[before + 1 : after]:
                if _is_sentence(row) and row.score > _INSIDE:
                    row.label = "story"
    for order in (rows, rows[::-1]):
        # The times of a live report ("14:05") do not part its entries.
        joined = [row for row in order if not (row.kind == "other" and row.words <= 3)]
        for row, following in pairwise(joined):
            if row.is_story and _is_sentence(following) and following.score > _EDGE:
                following.label = "story"
    _pass_one_line(rows)


def _pass_one_line(rows: list[_Labelled]) -> None:
    """The last paragraph is story though one prompt or link parts it from the others."""
    for row, between, following in zip(rows, rows[1:], rows[2:], strict=False):
        prompt = not between.label and between.heading is None and _worded_as_furniture(between)
        if row.is_story and prompt and following.score > _INSIDE and _is_sentence(following):
            following.label = "story"


def _is_sentence(row: _Labelled) -> bool:
    """A line of its own right: no label yet, no wording of furniture, and ended like a sentence."""
    return not row.label and row.ended and row.kind is None and row.heading is None


# --- second printings ----------------------------------------------------------------------------


def _mark_copies(rows: list[_Labelled]) -> list[range]:
    """Label the lines of second printings; returns the stretches of lines that hold three of them
    or half the story."""
    twins = {i: row.twin for i, row in enumerate(rows) if row.twin is not None}
    story = sum(row.is_story and row.twin is None for row in rows)
    stretches = []
    for repeat in repeats({i: twin for i, twin in twins.items() if twin is not None}):
        dropped = _drop_repeat(rows, repeat)
        if len(dropped) >= 3 or (len(dropped) >= 0.5 * story and story > 1):
            stretch = range(min(dropped), max(dropped) + 1)
            _drop_between(rows, stretch)
            stretches.append(stretch)
    return stretches


def _copies(rows: list[_Labelled], stretches: list[range]) -> list[Copy]:
    """The second printings, each with the share of the story's lines that it repeats."""
    story = [i for i, row in enumerate(rows) if row.is_story]
    copies = []
    for stretch in stretches:
        texts = {rows[j].text for j in stretch}
        originals = {rows[j].twin for j in stretch}
        repeated = [
            i for i in story if rows[i].text in texts or i in originals or rows[i].twin in stretch
        ]
        span = (rows[stretch.start].line.span[0], rows[stretch.stop - 1].line.span[1])
        if repeated:
            copies.append(Copy(span=span, share=round(len(repeated) / len(story), 3)))
    return copies


def _drop_repeat(rows: list[_Labelled], repeat: Repeat) -> list[int]:
    """Keep one printing of a repeated run, label the other 'copy' and return its lines.

    The first is kept unless it is a teaser: then the story goes on after the second only.
    """
    later, earlier = sorted(repeat.pairs), sorted(set(repeat.pairs.values()))
    if _body_around(rows, later) > 1.5 * _body_around(rows, earlier):
        later = earlier
    for i in later:
        if rows[i].is_story or not rows[i].label or rows[i].label == "caption":
            rows[i].label = "copy"
    return later


def _drop_between(rows: list[_Labelled], stretch: range) -> None:
    """Inside a copy, short lines that stood before are copy too, and lines that are no sentence
    (links set between the paragraphs) are not story."""
    outside = {row.text for i, row in enumerate(rows) if row.is_story and i not in stretch}
    for row in rows[stretch.start : stretch.stop]:
        if row.is_story and row.text in outside:
            row.label = "copy"
        elif row.is_story and not row.ended:
            row.label = ""


def _body_around(rows: list[_Labelled], lines: list[int]) -> int:
    """Story lines in the run of lines that ``lines`` belong to (gaps of up to four)."""
    inside = set(lines)
    for step in (-1, 1):
        at = min(lines) if step < 0 else max(lines)
        gap = 0
        while 0 <= at + step < len(rows) and gap < 4 and len(inside) < _ENOUGH:
            at += step
            gap = 0 if rows[at].is_story else gap + 1
            if rows[at].is_story:
                inside.add(at)
    return len(inside)


# --- headline and standfirst ---------------------------------------------------------------------


def _mark_headline(rows: list[_Labelled], url: str | None) -> None:
    first = next((i for i, row in enumerate(rows) if row.is_story), None)
    if first is None:
        return
    # A headline or standfirst that the trees took for story stands above the byline or date.
    head_end = _end_of_head(rows, first)
    theme = {w.lower() for row in rows if row.is_story for w in _LONG.findall(row.text)}
    slug = set(_LONG.findall((url or "").lower()))
    low = max(0, first - _HEAD)
    candidates = [i for i in range(low, max(head_end, first)) if _may_be_headline(rows[i])]
    if not candidates:
        return
    title = rows[0].text.lower()

    def shared(i: int) -> float:
        words = [w.lower() for w in _LONG.findall(rows[i].text)]
        return sum(w in theme for w in words) / max(1, len(words))

    def worth(i: int) -> float:
        text = rows[i].text
        words = [w.lower() for w in _LONG.findall(text)]
        in_slug = sum(w in slug for w in words) / max(1, len(words)) if slug else 0.0
        repeated = any(row.twin == i for row in rows) or rows[i].twin is not None
        in_title = i > 0 and len(text) > 15 and text.lower() in title
        near = 1 - (first - i) / (_HEAD + 1)
        # A standfirst says more than the headline over it, so it must not win by its words.
        over = 0.8 * (i + 1 in candidates and len(rows[i + 1].text) > 1.3 * len(text))
        known = 2 * shared(i) + 2 * in_slug + repeated + in_title
        return known + over + near + min(len(words), 6) / 6

    best = max(candidates, key=lambda i: (worth(i), -i))
    best = _first_title(rows, best, candidates, shared)
    rows[best].label = "headline"
    for row in rows[:best]:
        if row.is_story and head_end > best:
            row.label = ""


def _first_title(
    rows: list[_Labelled], best: int, candidates: list[int], shared: Callable[[int], float]
) -> int:
    """The headline of the titles that end in ``best``: of two right above the byline or date, the
    first is the headline and the second its standfirst, if it tells of the same story."""
    above = best - 1
    below = {row.label for row in rows[best + 1 : best + 3]}
    if above not in candidates or below.isdisjoint({"byline", "published"}):
        return best
    # The title of the page, or a link to this story, may stand over the headline in like words.
    other = _LONG.findall(rows[above].text.lower())
    own = set(_LONG.findall(rows[best].text.lower()))
    alike = sum(word in own for word in other) > 0.5 * len(other)
    title = rows[above].words >= _TITLE_FEWEST and not alike and rows[best].words >= 6
    return above if title and shared(above) >= max(0.5, shared(best) - 0.2) else best


def _end_of_head(rows: list[_Labelled], first: int) -> int:
    """First line of the body: past the byline or date when one follows within four lines of a
    first 'story' line that is no sentence."""
    for i in range(first, min(first + 4, len(rows))):
        if rows[i].label in {"byline", "published"} and not rows[first].ended:
            return i
    return first


def _may_be_headline(row: _Labelled) -> bool:
    if row.label not in {"", "story"} or row.kind is not None or row.heading is not None:
        return False
    return 3 <= row.words <= 30 and not row.text.endswith((".", ":", ","))


def _mark_standfirst(rows: list[_Labelled]) -> None:
    head = next((i for i, row in enumerate(rows) if row.label == "headline"), None)
    if head is None or head + 1 >= len(rows):
        return
    row = rows[head + 1]
    if row.label not in {"", "story"} or row.kind is not None or not 6 <= row.words <= 60:
        return
    after = [r.label for r in rows[head + 2 : head + 5]]
    if not row.ended or "byline" in after or "published" in after:
        row.label = "standfirst"


# --- what is left --------------------------------------------------------------------------------


def _mark_furniture(rows: list[_Labelled]) -> None:
    story = [i for i, row in enumerate(rows) if row.label in {"story", "headline", "copy"}]
    first, last = (story[0], story[-1]) if story else (len(rows), -1)
    section: FurnitureKind | None = None
    for i, row in enumerate(rows):
        if row.label:
            section = None if row.is_story else section
            continue
        section = row.heading or section
        # "Opinion: ..." among the most read is one of them.
        by_words = None if row.kind == "related" and section == "most_read" else row.kind
        row.label = by_words or _kind_by_place(row, i, first, last, section)
    if last >= 0:
        _mark_imprint(rows[last + 1 :])


def _kind_by_place(
    row: _Labelled, i: int, first: int, last: int, section: FurnitureKind | None
) -> FurnitureKind:
    by_words = outside_kind(row.text)
    if by_words is not None:
        return by_words
    teaser = row.words >= 4 and (not row.text.endswith(".") or section is not None)
    if first < i < last:
        return "link" if teaser or row.words >= 4 else "other"
    if section is not None:
        return section
    if i > last >= 0 and teaser:
        return "related"
    return "navigation" if row.words <= 5 else "other"


def _mark_imprint(rows: list[_Labelled]) -> None:
    """Full sentences at the very foot of a page, below its lists, are the publisher's."""
    for row in reversed(rows):
        if row.label not in {"related", "most_read", "other", "navigation", "notice"}:
            return
        prose = row.ended and row.words >= _SENTENCE and "?" not in row.text[-2:]
        if not prose and row.words >= 4:
            return
        if prose and row.kind is None:
            row.label = "notice"


# --- the article ---------------------------------------------------------------------------------


def _article(page: Page, rows: list[_Labelled], copies: list[Copy], language: str) -> Article:
    story = [(row.line.span, row.line.continues) for row in rows if row.is_story]
    text, segments = build_text(page.text, story)
    published = _published(rows)
    headline = next((row.text for row in rows if row.label == "headline"), None)
    outlet = outlet_of_url(page.url)
    if headline:
        headline, named = outlet_of_title(headline)
        outlet = outlet or named
    datelines, agency = _dateline(rows)
    return Article(
        id="",
        url=page.url,
        headline=headline,
        standfirst=next((row.text for row in rows if row.label == "standfirst"), None),
        bylines=_bylines(rows),
        published=published.when if published else None,
        published_granularity=published.granularity if published else None,
        agency=agency or _agency(rows),
        outlet=outlet,
        datelines=datelines,
        captions=_captions(rows),
        text=text,
        furniture=_furniture(rows),
        copies=copies,
        related=[Link(text=r.text) for r in rows if _is_teaser(r)],
        language=detect_language(text) or language,
        segments=segments,
        problem=story_problem(text, [row.text for row in rows], detect_language(text) or language),
    )


def _head_and_body(rows: list[_Labelled]) -> tuple[int, int]:
    """First line of the head and first line of the story."""
    body = next((i for i, row in enumerate(rows) if row.is_story), len(rows))
    head = next((i for i, row in enumerate(rows) if row.label == "headline"), max(0, body - 6))
    return head, body


def _published(rows: list[_Labelled]) -> PublishedMatch | None:
    """The date nearest the headline; below the story only one marked as published."""
    head, body = _head_and_body(rows)
    near = range(max(0, head - 4), min(len(rows), body + 4))
    dated = [i for i in near if rows[i].dates and rows[i].label in {"published", "byline"}]
    rest = [
        i
        for i, row in enumerate(rows)
        if row.label == "published" and row.text[:1].isalpha() and "publish" in row.text.lower()
    ]
    found = [match for i in dated or rest for match in rows[i].dates]
    return min(found, key=lambda match: match.later, default=None)


def _bylines(rows: list[_Labelled]) -> list[str]:
    head, body = _head_and_body(rows)
    near = [row for row in rows[max(0, head - 2) : body + 4] if row.label == "byline"]
    marked = near or [row for row in rows[body:] if row.label == "byline"][:1]
    names = [name for row in marked if row.byline for name in row.byline.names]
    return list(dict.fromkeys(names))


def _dateline(rows: list[_Labelled]) -> tuple[list[str], str | None]:
    for row in [row for row in rows if row.is_story][:3]:
        dateline = parse_dateline(row.text)
        if dateline:
            return dateline.names, dateline.agency
    return [], None


def _agency(rows: list[_Labelled]) -> str | None:
    """From the byline, then from a credit line in the head or below the story."""
    head, body = _head_and_body(rows)
    for row in rows[max(0, head - 2) : body + 4]:
        if row.label == "byline" and row.byline and row.byline.agency:
            return row.byline.agency
    return next((row.agency for row in rows[head:] if row.label == "agency"), None)


def _captions(rows: list[_Labelled]) -> list[Caption]:
    captions = []
    for before, row in zip([None, *rows], rows, strict=False):
        if row.label != "caption":
            continue
        if row.credit is None:
            captions.append(Caption(text=_CAPTION.sub("", row.text, count=1), span=row.line.span))
            continue
        text, span = row.credit.text, row.line.span
        if not text and before and before.label in {"link", "other", "navigation", "related"}:
            text, span = before.text, (before.line.span[0], span[1])
        captions.append(Caption(text=text, credit=row.credit.credit, span=span))
    return captions


def _is_teaser(row: _Labelled) -> bool:
    return row.label in {"related", "most_read", "link"} and not row.heading and row.words >= 4


def _furniture(rows: list[_Labelled]) -> list[Furniture]:
    """Neighbouring lines of one kind make one stretch, except kinds that stand one to a line."""
    named = {"story", "headline", "standfirst", "byline", "published", "caption", "agency"}
    found: list[Furniture] = []
    previous = ""
    for row in rows:
        if row.label not in named:
            span: Span = row.line.span
            if row.label == previous and row.label in {"copy", "navigation", "other"}:
                span = (found.pop().span[0], span[1])
            found.append(Furniture(kind=row.label, span=span))  # type: ignore[arg-type]
        previous = row.label
    return found
