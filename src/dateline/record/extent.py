"""How far the words of a position reach: from a stance's word to where its clause ends.

Read from the words in a row, not from the tree: where a clause ends is marked by conjunctions, commas
and finite verbs, and a reader sees those even where a parser hangs a phrase on the wrong word.
"""

from __future__ import annotations

from dateline.record.context import Context
from dateline.record.stance_words import stance_words
from dateline.spans import Span, overlaps

_ASIDE = frozenset({"VB", "WD", "WP", "WR", "CC"})
_FINITE = frozenset({"VBZ", "VBD", "VBP", "MD"})
_SUBJECT = frozenset({"DT", "JJ", "JJR", "JJS", "NN", "NNS", "NNP", "NNPS", "PRP", "PRP$", "CD"})
_SUBJECT |= {"POS", "VBG"}
_PUNCTUATION = " ,;:.!?—–-“”\"'‘’()"
_COMPLEMENT = frozenset({"that", "on", "for", "to", "against", "at", "of", "in", "with", "out"})
_COMPLEMENT |= {"down", "up", "forward", "from", "over", "about", "by", "without"}
# A conjunction and its clause's verb stand no further apart than this ('and the US administration
# did'): longer subjects are rare in our own sentences.
_LONGEST_SUBJECT = 6


def after(context: Context, i: int, *, nominal: bool = False) -> tuple[int, int] | None:
    """Tokens [first, last) of the complement that follows the stance's word ``i``; None when nothing
    does. ``nominal``: the word is a noun, whose clause's verb ends it."""
    tokens = context.tree.tokens
    stop = _limit(context, i)
    if _closed(context, i, stop):
        return None
    first = _skip(context, i + 1, stop)
    last = first
    while last < stop and not _ends(context, first, last, stop, nominal):
        last += 1
    last = _without_date(context, first, last)
    while last > first and tokens[last - 1].text in _PUNCTUATION:
        last -= 1
    return (first, last) if last > first else None


def _closed(context: Context, i: int, stop: int) -> bool:
    """True where a comma ends the clause right after the word, no quotation following: 'voters he no
    longer recognised, hobbling him'."""
    tokens = context.tree.tokens
    if i + 2 >= stop or tokens[i + 1].text != ",":
        return False
    return tokens[i + 2].text not in {"“", '"', "‘", "'", "``"} and tokens[i + 2].tag[:2] in _ASIDE


def around(context: Context, i: int) -> tuple[int, int]:
    """Tokens [first, last) of the clause that ``i`` stands in: its subject before it, and what
    follows up to the clause's end."""
    first = i
    floor = _floor(context, i)
    while first > floor and not _begins(context, first - 1, floor, i):
        first -= 1
    found = after(context, i)
    return first, found[1] if found else i + 1


def span_of(context: Context, extent: tuple[int, int]) -> Span:
    """Character span of an extent, without the punctuation and 'that' at its ends."""
    tokens = context.tree.tokens
    first, last = extent
    while first < last - 1 and (tokens[first].text in _PUNCTUATION or _is_that(context, first)):
        first += 1
    while last - 1 > first and tokens[last - 1].text in _PUNCTUATION:
        last -= 1
    return tokens[first].start, tokens[last - 1].end


def _is_that(context: Context, i: int) -> bool:
    return context.tree.tokens[i].text.lower() == "that"


def _limit(context: Context, i: int) -> int:
    """The end of the sentence, or of the statement's content that ``i`` stands in."""
    tree = context.tree
    stop = tree.sentences[tree.sentence_of[i]].last
    start = tree.tokens[i].start
    statement = context.statement_at(start)
    end = max((b for _, b in statement.content), default=0) if statement else 0
    while end and stop > i + 1 and tree.tokens[stop - 1].start >= end:
        stop -= 1
    return stop


def _floor(context: Context, i: int) -> int:
    tree = context.tree
    first = tree.sentences[tree.sentence_of[i]].first
    start = tree.tokens[i].start
    statement = context.statement_at(start)
    for span in statement.content if statement else ():
        if span[0] <= start < span[1]:
            first = max(first, tree.first_token(span))
    return min(first, i)


def _skip(context: Context, i: int, stop: int) -> int:
    """Past particles, prepositions, 'that' and a date ('demanded on Tuesday that ...')."""
    tokens = context.tree.tokens
    while i < stop:
        word = tokens[i].text.lower()
        dated = any(overlaps(tokens[i].span, t.span) for t in context.analysis.times)
        if not (word in _COMPLEMENT or dated or tokens[i].text in _PUNCTUATION):
            break
        i += 1
    return i


def _ends(context: Context, first: int, i: int, stop: int, nominal: bool) -> bool:
    """True where the complement that began at ``first`` is over before token ``i``."""
    token = context.tree.tokens[i]
    word = token.text.lower()
    if word in stance_words("bound") or token.text == "”":
        return True
    if nominal and i > first and token.tag in _FINITE:
        return True
    if word == "as" and _new_clause(context, i + 1, stop):
        compared = {t.text.lower() for t in context.tree.tokens[max(0, i - 3) : i]} & {"as", "so"}
        return not compared  # 'as numerous as the neighbours have'

    if word == ",":
        return not _list_goes_on(context, i, stop)
    if token.tag == "CC" and _new_verb(context, first, i, stop):
        return True
    return token.tag == "CC" and _new_clause(context, i + 1, stop)


def _new_verb(context: Context, first: int, i: int, stop: int) -> bool:
    """'and midwifed the bill', 'and promising reform': a verb that goes on with the clause above, not
    with a complement that began otherwise."""
    tokens = context.tree.tokens
    at = i + 1
    while at < stop and tokens[at].tag == "RB":
        at += 1
    if at >= stop or tokens[at].tag not in {"VBD", "VBG"}:
        return False
    return not any(tokens[n].tag == tokens[at].tag for n in range(first, i))


def _list_goes_on(context: Context, comma: int, stop: int) -> bool:
    """'troops, tanks and guns': only nouns and their modifiers up to 'and' or the next comma."""
    tokens = context.tree.tokens
    if comma + 1 < stop and tokens[comma + 1].tag == "VBG":
        return False
    for at in range(comma + 1, min(comma + 8, stop)):
        if tokens[at].tag == "CC":
            return not _new_clause(context, at + 1, stop)
        if tokens[at].tag not in _SUBJECT | {"IN", "TO", "VB"} or tokens[at].tag == "PRP":
            return False
    return False


def _new_clause(context: Context, i: int, stop: int) -> bool:
    """True when a finite clause begins at ``i``, its subject said ('and Kyiv wants') or not
    ('and wants', 'but has emphasised')."""
    tokens = context.tree.tokens
    for at in range(i, min(i + 1 + _LONGEST_SUBJECT, stop)):
        token = tokens[at]
        if token.tag in _FINITE:
            return True
        if token.tag not in _SUBJECT and not token.tag.startswith("RB"):
            return False
    return False


def _begins(context: Context, i: int, floor: int, at: int) -> bool:
    """True when the clause of ``at`` begins after token ``i``."""
    token = context.tree.tokens[i]
    word = token.text.lower()
    if word in {"that", ",", "“", "because", "but"} or word in stance_words("bound"):
        return True
    if token.tag != "CC":
        return False
    tags = [context.tree.tokens[n].tag for n in range(floor, i)]
    subject = {context.tree.tokens[n].tag[:2] for n in range(i + 1, at)}
    return bool(_FINITE & set(tags)) and bool(subject & {"NN", "PR"})


def _without_date(context: Context, first: int, last: int) -> int:
    """A day or year at the very end tells when the stance was taken, not what was asked for."""
    tokens = context.tree.tokens
    for expression in context.analysis.times:
        if expression.type != "DATE" or last <= first:
            continue
        if expression.span[1] == tokens[last - 1].end:
            begin = context.tree.first_token(expression.span)
            if begin > first and tokens[begin - 1].text.lower() in {"on", "in", "earlier", "late"}:
                return begin - 1
            if begin > first and tokens[begin - 1].tag not in {"IN", "POS", "DT", "JJ"}:
                return begin
    return last
