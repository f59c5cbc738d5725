"""Why an HTML page gives no story: a list, a paywall notice, another language, nothing."""

from __future__ import annotations

from collections import Counter

from dateline.article.furniture import asks_for_payment
from dateline.article.html_source import Block, Scan, text_key
from dateline.article.html_story import Story
from dateline.article.language import language_name
from dateline.article.model import ArticleProblem

# Thresholds set on the 102 development pages, which are all stories: none of them is refused.
_FEWEST_LETTERS = 80
# A story has this many letters, and this share of its letters, in one container; teasers do not.
_ONE_PLACE_LETTERS = 150
_ONE_PLACE_SHARE = 0.4
_LIST_LINKS = 20
_HEADLINE_WORDS = 5


def page_problem(
    scan: Scan, story: Story, *, is_article: bool, locked: bool
) -> ArticleProblem | None:
    """The reason to refuse the page as a story, or None."""
    letters = sum(len(text_key(block.text)) for block in story.blocks)
    if is_list_page(scan, story, is_article=is_article):
        links = sum(_is_headline_link(block) for block in scan.blocks)
        return ArticleProblem(code="list_page", message=_LIST.format(links=links))
    offer = _offer(story)
    if letters < _FEWEST_LETTERS and (offer or locked):
        quoted = f' ("{offer.text[:80]}")' if offer else ""
        return ArticleProblem(code="paywall_notice", message=_PAYWALL.format(quoted=quoted))
    if letters < _FEWEST_LETTERS and not _is_brief(story, is_article):
        return ArticleProblem(code="no_story", message=_NO_STORY.format(letters=letters))
    return None


def language_problem(code: str) -> ArticleProblem | None:
    """The problem of a story that is not in English; None for English and for unknown ('')."""
    if code in ("", "en"):
        return None
    return ArticleProblem(code="language", message=_LANGUAGE.format(name=language_name(code)))


def is_list_page(scan: Scan, story: Story, *, is_article: bool) -> bool:
    """True for a front or section page: many headlines that are links, and either no text to
    speak of, scattered teasers, or teasers with headlines between them."""
    links = [block for block in scan.blocks if _is_headline_link(block)]
    if len(links) < _LIST_LINKS or is_article:
        return False
    letters = sum(len(block.key) for block in story.blocks)
    homes: Counter[int] = Counter()
    for block in story.blocks:
        parent = block.container.parent
        homes[parent.index if parent else 0] += len(block.key)
    largest = max(homes.values(), default=0)
    if largest < _ONE_PLACE_LETTERS or largest < _ONE_PLACE_SHARE * letters:
        return True
    first, last = story.blocks[0].runs[0][0], story.blocks[-1].runs[0][0]
    return sum(first < block.runs[0][0] < last for block in links) >= len(story.blocks)


def _is_headline_link(block: Block) -> bool:
    """True for a shown block that is one link of several words, as headlines on lists are."""
    return not block.hidden and block.link_share > 0.8 and block.text.count(" ") >= _HEADLINE_WORDS


def _offer(story: Story) -> Block | None:
    """A block that asks for a subscription, by its words; None when there is none."""
    mine = frozenset(story.blocks)
    shown = [block for block in story.kinds if not block.hidden and block not in mine]
    return next((block for block in shown if asks_for_payment(block.text)), None)


def _is_brief(story: Story, is_article: bool) -> bool:
    """A story of one short paragraph: a whole sentence on a page that calls itself an article."""
    return is_article and any(
        block.text[-1] in '.!?”"’' and block.text.count(" ") >= 5 for block in story.blocks
    )


_LIST = (
    "Expected one story; found a page of headlines ({links} links of several words). Open one "
    "of them and read that page."
)
_PAYWALL = (
    "Expected a story; found only the notice that it is for subscribers{quoted}. Save the page "
    "from a session that may read it."
)
_NO_STORY = (
    "Expected a story; found {letters} letters of running text. Check that the page was saved "
    "after it had loaded, and that its text is not drawn by a script."
)
_LANGUAGE = (
    "Expected English; found {name}. The text was extracted but is not analysed: translate it "
    "first."
)
