"""Which blocks of a page are its story.

trafilatura proposes a text; each block of the page (see ``html_source``) whose words stand in that
text is *proposed*. The layout then corrects the proposal, on what holds for most publishing
systems: parts of the story that stand in like containers belong with it; blocks in containers
marked as furniture do not, nor do paragraphs that are prompts by their words, nor a second
printing.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from dataclasses import dataclass

from dateline.article.html_quirks import elements, hint_kind, line_kind, quirks
from dateline.article.html_source import Block, Node, Scan, text_key
from dateline.article.metadata import signoff_agency

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)

# The shares below were chosen by trial on the 102 development pages (`dateline eval pages`), not
# swept one by one.
# An element with this share of the proposed text holds the story, whatever it is called.
_STORY_SHARE = 0.3
# A run of text this long (letters and digits) is proposed when it occurs anywhere in the proposal;
# a shorter one only when it is a whole line there.
_LONG_KEY = 25
# Text outside any paragraph element counts as a paragraph from this many letters and digits.
_BARE_PARAGRAPH = 80
# Above this share of link text in trafilatura's answer it has taken menus for the story.
_MENU_SHARE = 0.3
# The element that holds this share of the picked text holds the story.
_HOLDER_SHARE = 0.9
# "About ..." ends a story only within this last share of it.
_TAIL_SHARE = 0.45
# Paragraphs from this many letters and digits are compared to find a second printing.
_COPY_KEY = 40
_LONE_COPY_KEY = 100
# A printing repeats at least this share of the story's long paragraphs.
_COPY_SHARE = 0.5
_ITEMS = elements("items")
_SENTENCE_END = frozenset('.?!”"’')
# Longest proposal (letters and digits) that is searched for each block; the longest story of the
# development pages has 53,000 characters.
_MAX_SEARCHED = 150_000
# trafilatura copies the tree recursively: deeper pages than this go to our own fallback.
_MAX_DEPTH = 200
# The development pages have at most 1,445 elements, 52 deep;
# trafilatura walks the tree dozens of times.
_MAX_NODES = 20_000
_MAX_SIZE = 6_000_000
_PARAGRAPHS = elements("paragraphs")
# Matter that keeps its kind even where it quotes a post.
_CLOSED = frozenset(["comment", "related", "most_read", "navigation", "advertisement"])
_STORY_HINT = re.compile(
    r"body|content|article|story|text|post|entry|paragraph|copy", re.IGNORECASE
)
_HEADINGS = elements("headings")
_WRAPPERS = elements("wrappers")


@dataclass
class Layout:
    """What each element encloses, by ``Node.index``: letters of proposed text, and the kind of
    matter it marks ('' for none)."""

    proposed: list[int]
    kinds: list[str]


@dataclass
class Story:
    """``blocks`` are the story's, in page order. ``kinds`` says what each block that is not of the
    story is: a furniture kind, a name in ``Quirks.of_the_article``, "headline", "standfirst",
    "agency", "copy", or '' when nothing tells. ``copies`` are further printings of the story."""

    blocks: list[Block]
    kinds: dict[Block, str]
    copies: list[Printing]


@dataclass(frozen=True)
class Printing:
    """A second printing: its ``blocks`` and the share (0..1) of the story's long paragraphs that
    it repeats."""

    blocks: list[Block]
    share: float


@dataclass(frozen=True)
class Hints:
    """What the tags say that helps to tell the story from what stands above it: keys
    (``text_key``) of headlines and of descriptions, and schema.org's articleBody."""

    headlines: frozenset[str] = frozenset()
    descriptions: frozenset[str] = frozenset()
    body: str = ""


def find_story(scan: Scan, hints: Hints) -> Story:
    """The story of the page. trafilatura's balanced mode is asked first, its strict mode when the
    answer is full of menus, and the layout alone when it gives nothing."""
    proposal = propose(scan)
    if proposal and _link_share(scan, proposal) > _MENU_SHARE:
        proposal = propose(scan, strict=True) or proposal
    story = select_story(scan, proposal or layout_proposal(scan), hints)
    if hints.body and _letters(story.blocks) < 0.5 * len(text_key(hints.body)):
        other = select_story(scan, hints.body, hints)
        if _letters(other.blocks) > _letters(story.blocks):
            return other
    return story


def propose(scan: Scan, *, strict: bool = False) -> str:
    """trafilatura's text of the page; '' when it finds none or the page is beyond it."""
    if scan.depth > _MAX_DEPTH or len(scan.nodes) > _MAX_NODES or len(scan.source) > _MAX_SIZE:
        return ""
    from trafilatura.core import bare_extraction

    try:
        found = bare_extraction(
            scan.source, fast=not strict, include_comments=False, favor_precision=strict
        )
    except Exception:  # a third-party parser on arbitrary input: no failure may reach the caller
        return ""
    return getattr(found, "text", None) or ""


def layout_proposal(scan: Scan) -> str:
    """Paragraphs of the container that holds the most running text, for pages on which
    trafilatura finds nothing."""
    paragraphs = [
        block
        for block in scan.blocks
        if not block.hidden
        and len(block.key) >= 2 * _LONG_KEY
        and block.link_share < 0.3
        and not hint_kind(block.container.tag, block.container.hint)
    ]
    sizes: Counter[tuple[str, str]] = Counter()
    for block in paragraphs:
        sizes[_home_key(block)] += len(block.key)
    if not sizes:
        return ""
    best = max(sizes, key=lambda key: sizes[key])
    return "\n".join(block.text for block in paragraphs if _home_key(block) == best)


def select_story(scan: Scan, proposal: str, hints: Hints) -> Story:
    """The story's blocks, given a ``proposal`` of its text, one paragraph a line."""
    blocks = [block for block in scan.blocks if block.key]
    shown = [block for block in blocks if not block.hidden]
    proposed = _proposed(shown, proposal)
    layout = _layout(scan, shown, proposed)
    kinds = {block: layout.kinds[block.node.index] for block in blocks}
    like = _like_containers(shown, proposed, kinds)
    picked = [
        b
        for b in shown
        if not kinds[b] and (b in proposed or (like.get(_home_key(b)) and _may_join(b)))
    ]
    picked = _with_embeds(shown, picked, kinds)
    for block in picked:
        kinds[block] = _word_kind(block, hints)
    _mark_strays(scan, picked, kinds)
    _mark_link_lists(picked, kinds)
    _mark_tail(picked, kinds)
    _mark_above(picked, kinds, hints)
    copies = _mark_copies(picked, blocks, kinds)
    return Story([block for block in picked if not kinds[block]], kinds, copies)


def _letters(blocks: list[Block]) -> int:
    return sum(len(block.key) for block in blocks)


def _link_share(scan: Scan, proposal: str) -> float:
    proposed = _proposed([block for block in scan.blocks if not block.hidden], proposal)
    linked = [block for block in proposed if block.link_share > 0.5]
    return _letters(linked) / max(1, _letters(list(proposed)))


def _proposed(blocks: list[Block], proposal: str) -> frozenset[Block]:
    keys = [text_key(line) or line.strip() for line in proposal.split("\n")]
    lines, whole = frozenset(keys), "".join(keys)
    # Searching a long text for each of many blocks would be quadratic: there, lines must begin
    # alike instead.
    starts = frozenset(key[:_LONG_KEY] for key in keys) if len(whole) > _MAX_SEARCHED else None
    found = []
    for block in blocks:
        key = block.key
        if key in lines or (
            len(key) >= _LONG_KEY
            and (_stands_in(key, whole) if starts is None else key[:_LONG_KEY] in starts)
        ):
            found.append(block)
    return frozenset(found)


def _stands_in(key: str, whole: str) -> bool:
    """True when the block, or its beginning or end, stands in the proposal: trafilatura may cut
    or join paragraphs elsewhere than we do."""
    if key in whole:
        return True
    return len(key) >= 3 * _LONG_KEY and (key[:50] in whole or key[-50:] in whole)


def _layout(scan: Scan, shown: list[Block], proposed: frozenset[Block]) -> Layout:
    count = len(scan.nodes)
    layout = Layout([0] * count, [""] * count)
    for block in shown:
        if block in proposed and block.link_share < 0.5:  # menus never make a container the story's
            layout.proposed[block.node.index] += len(block.key)
    for node in reversed(scan.nodes[1:]):  # a node stands after its parent
        parent = node.parent.index if node.parent else 0
        layout.proposed[parent] += layout.proposed[node.index]
    story = layout.proposed[0]
    for node in scan.nodes[1:]:
        inherited = layout.kinds[node.parent.index] if node.parent else ""
        if story and layout.proposed[node.index] >= _STORY_SHARE * story:
            continue
        own = hint_kind(node.tag, node.hint)
        if own == "embed" and inherited not in _CLOSED:
            inherited = own
        layout.kinds[node.index] = inherited or own
    return layout


def _home(block: Block) -> Node:
    """The container a paragraph stands in: the first element that is no paragraph or list."""
    node = block.container
    while node.parent is not None and node.tag in _WRAPPERS:
        node = node.parent
    return node


def _home_key(block: Block) -> tuple[str, str]:
    home = _home(block)
    return (home.tag, home.hint or f"#{home.index}")


def _like_containers(
    shown: list[Block], proposed: frozenset[Block], kinds: dict[Block, str]
) -> dict[tuple[str, str], bool]:
    """Containers, by element name and class, that hold much of the proposed text and mostly such
    text: what else they hold is story too (sites cut a story into like blocks between
    advertisements, and trafilatura may take only the first)."""
    inside: Counter[tuple[str, str]] = Counter()
    outside: Counter[tuple[str, str]] = Counter()
    for block in shown:
        if kinds[block]:
            continue
        if block in proposed:
            inside[_home_key(block)] += len(block.key)
        else:
            outside[_home_key(block)] += len(block.key)
    story = sum(inside.values())
    return {key: size >= 0.1 * story and size >= 0.5 * outside[key] for key, size in inside.items()}


def _with_embeds(shown: list[Block], picked: list[Block], kinds: dict[Block, str]) -> list[Block]:
    """Adds quoted posts that stand inside the story."""
    if not picked:
        return picked
    first, last = picked[0].runs[0][0], picked[-1].runs[0][0]
    chosen = set(picked)
    for block in shown:
        if kinds[block] == "embed" and first < block.runs[0][0] < last:
            chosen.add(block)
    return [block for block in shown if block in chosen]


def _may_join(block: Block) -> bool:
    """True for a paragraph, item or heading that is not mostly links."""
    if block.link_share >= 0.5:
        return False
    if block.container.tag not in _PARAGRAPHS and len(block.key) < _BARE_PARAGRAPH:
        return False
    home = _home(block)
    return not home.hint or _STORY_HINT.search(f"{home.tag} {home.hint}") is not None


def _word_kind(block: Block, hints: Hints) -> str:
    """Kind of a picked block by its own words and links."""
    if block.key in hints.headlines:
        return "headline"
    by_words = line_kind(block.text)
    if by_words:
        return by_words
    if block.link_share > 0.8 and (len(block.key) < 150 or len(block.links) > 2):
        return "link"
    return ""


def _mark_strays(scan: Scan, picked: list[Block], kinds: dict[Block, str]) -> None:
    """Marks headings, scraps and links that stand outside the element which holds the story."""
    main = _holder(scan, [block for block in picked if block.link_share < 0.5])
    for block in picked:
        scrap = len(block.key) < _BARE_PARAGRAPH or block.link_share >= 0.5
        heading = block.container.tag in _HEADINGS
        if (scrap or heading) and not main.start <= block.runs[0][0] < main.end:
            kinds[block] = kinds[block] or "other"


def _holder(scan: Scan, blocks: list[Block]) -> Node:
    """The innermost element that holds nearly all of the blocks' text."""
    sizes = [0] * len(scan.nodes)
    for block in blocks:
        sizes[block.node.index] += len(block.key)
    for node in reversed(scan.nodes[1:]):
        sizes[node.parent.index if node.parent else 0] += sizes[node.index]
    # Elements are numbered in page order, so the last one that holds enough is the innermost.
    return scan.nodes[max(i for i, size in enumerate(sizes) if size >= _HOLDER_SHARE * sizes[0])]


def _mark_link_lists(picked: list[Block], kinds: dict[Block, str]) -> None:
    """Marks a short line such as "More stories" and the linked items after it as related."""
    head: Block | None = None
    for block in picked:
        short = len(block.text) < 160
        if short and quirks().list_heads.match(block.text) and block.text[-1] not in _SENTENCE_END:
            head = block
            if block.container.tag in _HEADINGS:
                kinds[block] = kinds[block] or "related"
        elif head is not None and short and (block.links or kinds[block]):
            kinds[head] = kinds[block] = "related"
        else:
            head = None


def _mark_tail(picked: list[Block], kinds: dict[Block, str]) -> None:
    """Marks what follows the end of the story: "About the author", "About the company", and the
    line that names the agency."""
    total = _letters(picked)
    left = total
    for index, block in enumerate(picked):
        if left < _TAIL_SHARE * total and quirks().tail_heads.fullmatch(block.text):
            for later in picked[index:]:
                kinds[later] = kinds[later] or "notice"
            break
        left -= len(block.key)
    rest = [block for block in picked if not kinds[block]]
    for block in rest[-2:]:
        if len(rest) > 1 and len(block.text) < 200 and signoff_agency(block.text):
            kinds[block] = "agency"


def _mark_above(picked: list[Block], kinds: dict[Block, str], hints: Hints) -> None:
    """Marks a standfirst that trafilatura took for the first paragraph, and a teaser of this very
    story: a line that repeats a later paragraph's beginning."""
    rest = [block for block in picked if not kinds[block]]
    if len(rest) < 3:
        return
    homes = Counter(_home(block).index for block in rest)
    main = homes.most_common(1)[0][0]
    first = rest[0]
    outside = _home(first).index != main or first.container.tag in _HEADINGS
    if outside and first.key in hints.descriptions:
        kinds[first] = "standfirst"
    starts = {block.key[:40] for block in rest if len(block.key) >= 40}
    for block in rest:
        title = next((h for h in hints.headlines if block.key.startswith(h)), "")
        if title and _home(block).index != main and block.key[len(title) :][:40] in starts:
            kinds[block] = "related"


def _mark_copies(
    picked: list[Block], blocks: list[Block], kinds: dict[Block, str]
) -> list[Printing]:
    """Marks every further printing of a story paragraph, shown or hidden, as a copy."""
    kept = _kept_printing([b for b in picked if not kinds[b] and len(b.key) >= _COPY_KEY])
    copies: list[Printing] = []
    for run in _repeats(blocks, kept):
        outside = _outside(run, list(kept.values()))
        whole = len(outside) >= _COPY_SHARE * len(kept)
        if whole:
            copies.append(Printing(outside, len(outside) / len(kept)))
        printed = frozenset(outside if whole else [])
        for block in run:
            # Items of a list may repeat; a long paragraph is not written twice.
            lone = len(block.key) >= _LONE_COPY_KEY and block.container.tag not in _ITEMS
            if lone or block in printed:
                kinds[block] = "copy"
    return copies


def _kept_printing(story: list[Block]) -> dict[str, Block]:
    """Each paragraph once, by its key: of two, the one in the container with more of the story,
    else the first."""
    homes: Counter[int] = Counter()
    for block in story:
        homes[_home(block).index] += len(block.key)
    kept: dict[str, Block] = {}
    for block in story:
        rival = kept.get(block.key)
        if rival is None or homes[_home(block).index] > homes[_home(rival).index]:
            kept[block.key] = block
    return kept


def _repeats(blocks: list[Block], kept: dict[str, Block]) -> list[list[Block]]:
    """Second occurrences of the kept paragraphs, third ones, and so on, each in page order."""
    runs: list[list[Block]] = []
    again: dict[str, int] = {}
    for block in blocks:
        if block.key in kept and kept[block.key] is not block:
            number = again[block.key] = again.get(block.key, -1) + 1
            if number == len(runs):
                runs.append([])
            runs[number].append(block)
    return runs


def _outside(run: list[Block], kept: list[Block]) -> list[Block]:
    """Those of ``run`` that stand before or after all of ``kept``: a second printing does not
    stand inside the first."""
    first = min(block.runs[0][0] for block in kept)
    last = max(block.runs[0][0] for block in kept)
    return [block for block in run if not first < block.runs[0][0] < last]
