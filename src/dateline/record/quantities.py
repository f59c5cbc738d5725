"""Quantities as told: 'more than 40 allies', 'about a fifth of Ukraine', 'hundreds of thousands'."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from dateline.knowledge.tables import read_csv
from dateline.record.context import Context
from dateline.record.model import Quantity
from dateline.record.tree import Tree, base
from dateline.spans import Span, overlaps

Bound = Literal["exact", "about", "at_least", "at_most"]
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_SUFFIX = {"bn": 1e9, "b": 1e9, "m": 1e6, "mn": 1e6, "tn": 1e12, "k": 1e3}


@cache
def _words() -> dict[str, tuple[str, str]]:
    """Number words: form -> (kind, value); kinds unit, scale, fraction, vague, bound."""
    rows = read_csv("number_words.csv", ("word", "kind", "value"))
    return {row["word"]: (row["kind"], row["value"]) for row in rows}


def find_quantities(context: Context) -> list[Quantity]:
    """Quantities in text order. Numbers inside time expressions and names are none."""
    taken = [t.span for t in context.analysis.times] + [n.span for n in context.analysis.names]
    tree, found = context.tree, []
    i = 0
    while i < len(tree.tokens):
        if not _starts(tree, i) or any(overlaps(tree.tokens[i].span, s) for s in taken):
            i += 1
            continue
        last = _last_number(tree, i)
        found.append(_quantity(context, i, last))
        i = last + 1
    return found


def _starts(tree: Tree, i: int) -> bool:
    token = tree.tokens[i]
    kind = _words().get(token.text.lower(), ("", ""))[0]
    if kind == "fraction":
        return (i > 0 and tree.tokens[i - 1].text.lower() in {"a", "one"}) or "half" in token.lemma
    if kind == "vague":
        return i + 1 < len(tree.tokens) and tree.tokens[i + 1].text.lower() == "of"
    return token.tag == "CD" and (bool(_NUMBER.match(token.text)) or kind in {"unit", "scale"})


def _last_number(tree: Tree, i: int) -> int:
    """The last token of the number itself: '2.5 million', 'hundreds of thousands', '40 %'."""
    last, words = i, _words()
    while last + 1 < len(tree.tokens):
        word = tree.tokens[last + 1].text.lower()
        kind = words.get(word, ("", ""))[0]
        if (
            kind == "scale"
            or word in {"%", "percent"}
            or (kind in {"unit", "fraction"} and tree.tokens[last + 1].tag == "CD")
        ):
            last += 1
        elif (
            word in {"of", "-", "per"}
            and last + 2 < len(tree.tokens)
            and (
                words.get(tree.tokens[last + 2].text.lower(), ("", ""))[0] in {"vague", "scale"}
                or tree.tokens[last + 2].text.lower() == "cent"
            )
        ):
            last += 2
        else:
            break
    return last


def _quantity(context: Context, first: int, last: int) -> Quantity:
    tree = context.tree
    start, bound = _bound(tree, first)
    span, unit = _with_unit(tree, start, last)
    text = context.text[span[0] : span[1]]
    number = [tree.tokens[n].text.lower() for n in range(first, last + 1)]
    return Quantity(span=span, text=text, value=_value(number), unit=unit, bound=bound)


def _bound(tree: Tree, first: int) -> tuple[int, Bound]:
    """The bound's first token and kind; articles and currency signs are taken along."""
    start = first
    while start > 0 and tree.tokens[start - 1].text.lower() in {"a", "an", "$", "€", "£", "one"}:
        start -= 1
    for length in (3, 2, 1):
        words = " ".join(t.text.lower() for t in tree.tokens[max(0, start - length) : start])
        kind, value = _words().get(words, ("", ""))
        if kind == "bound" and start >= length:
            return start - length, value  # type: ignore[return-value]
    return start, "exact"


def _with_unit(tree: Tree, first: int, last: int) -> tuple[Span, str]:
    """The number and what is counted: the noun it modifies, or the one under 'of'."""
    end = last
    if last + 1 < len(tree.tokens) and tree.tokens[last + 1].text.lower() == "of":
        inner = [c for c in tree.dependents(last, "nmod") if c > last]
        if inner:
            end = tree.phrase_tokens(inner[0])[-1]
    else:
        head = tree.tokens[last].head
        if base(tree.tokens[last].dep) == "nummod" and last < head <= last + 5:
            end = head
    unit = tree.tokens[end].lemma if end > last else _sign(tree, first, last)
    return (tree.tokens[first].start, tree.tokens[end].end), unit


def _sign(tree: Tree, first: int, last: int) -> str:
    texts = [tree.tokens[n].text.lower() for n in range(first, last + 1)]
    if texts[-1] in {"%", "percent", "cent"}:
        return "%"
    return next((t for t in texts if t in {"$", "€", "£"}), "")


def _value(words: list[str]) -> float | None:
    """The number read; None for a vague one ('hundreds of thousands')."""
    total, current = 0.0, 0.0
    for word in words:
        kind, value = _words().get(word, ("", ""))
        if kind == "vague":
            return None
        if match := _NUMBER.match(word):
            current += float(match.group().replace(",", "")) * _SUFFIX.get(word[match.end() :], 1)
        elif kind in {"unit", "fraction"}:
            current += float(value)
        elif kind == "scale":
            current = max(current, 1) * float(value)
            if float(value) >= 1000:
                total, current = total + current, 0.0
    return total + current
