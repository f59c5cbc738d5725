"""Quantities as told: 'more than 40 allies', 'about a fifth of Ukraine', 'hundreds of thousands'.

Read from the words in a row. No quantities are: numbers inside names and times, ages, labels
('Resolution 242'), ordinals, scores, telephone numbers, addresses, 'one' that stands for a thing
told before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from math import isfinite
from typing import Literal

from dateline.analysis.model import Token
from dateline.knowledge.tables import read_csv
from dateline.record.context import Context
from dateline.record.model import Quantity
from dateline.record.tree import Tree
from dateline.spans import Span, overlaps

Bound = Literal["exact", "about", "at_least", "at_most"]
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)([a-z]{0,3})", re.IGNORECASE)
_SCALES = {"bn": 1e9, "b": 1e9, "m": 1e6, "mn": 1e6, "tn": 1e12, "trn": 1e12, "k": 1e3}
_HYPHENS = frozenset({"-", "‑", "–"})
_LONGEST_UNIT = 5  # words from a number to the noun counted ('private sector jobs')


@cache
def _words() -> dict[str, tuple[str, str]]:
    """Number words: form -> (kind, value); kinds unit, scale, fraction, vague, bound, currency,
    currency_prefix, currency_letter, measure, label, age, address, clock."""
    rows = read_csv("number_words.csv", ("word", "kind", "value"))
    return {row["word"]: (row["kind"], row["value"]) for row in rows}


def find_quantities(context: Context) -> list[Quantity]:
    """Quantities in text order. A range ('10 to 15 tanks') is one quantity, at least its lower
    number; the text keeps the upper one."""
    tree, found = context.tree, []
    taken = [t.span for t in context.analysis.times] + [
        n.span for n in context.analysis.names if not any(c in "$€£" for c in n.text)
    ]
    i = 0
    while i < len(tree.tokens):
        if not _starts(tree, i) or any(overlaps(tree.tokens[i].span, s) for s in taken):
            i += 1
            continue
        last = _number_end(tree, i)
        quantity = None if _no_count(tree, i, last) else _quantity(context, i, last)
        if quantity is not None:
            found.append(_told_in_numbers(quantity))
            last = max(last, tree.first_token((quantity.span[1] - 1, quantity.span[1])))
        i = last + 1
    return found


def _told_in_numbers(quantity: Quantity) -> Quantity:
    """Without a value that no floating point number holds (some 310 digits)."""
    held = quantity.value is None or isfinite(quantity.value)
    return quantity if held else quantity.model_copy(update={"value": None})


# -- what is a number ----------------------------------------------------------------------------


def _lower(tree: Tree, i: int) -> str:
    return tree.words[i] if 0 <= i < len(tree.words) else ""


def _kind(tree: Tree, i: int) -> str:
    return _words().get(_lower(tree, i), ("", ""))[0]


def _starts(tree: Tree, i: int) -> bool:
    word = tree.words[i]
    if word not in _words() and not word[0].isdigit() and word[0] != "r":
        return False  # most words, settled at once
    kind = _kind(tree, i)
    if kind == "fraction":
        one = _lower(tree, i - 1) in {"a", "one"} and _lower(tree, i + 1) in {"of", "the", "more"}
        return one or _lower(tree, i) == "half"
    if kind == "vague":
        return _lower(tree, i + 1) == "of" or tree.tokens[i].tag == "NNS"
    if kind in {"unit", "scale"}:
        return tree.tokens[i].tag != "PRP"
    return _digits(tree, i) is not None or _rand(tree, i) is not None


def _digits(tree: Tree, i: int) -> tuple[float, str] | None:
    """Value and suffix unit ('50km'); None for what is no plain number ('23rd', '1990s')."""
    text = _lower(tree, i)
    match = _NUMBER.fullmatch(text) if text[:1].isdigit() else None
    if match is None:
        return None
    value, suffix = float(match.group(1).replace(",", "")), match.group(2).lower()
    if suffix in _SCALES:
        return value * _SCALES[suffix], ""
    if suffix and _words().get(suffix, ("", ""))[0] != "measure":
        return None
    return value, _words()[suffix][1] if suffix else ""


def _rand(tree: Tree, i: int) -> tuple[float, str] | None:
    """'R30', with its currency's letter."""
    text = tree.tokens[i].text
    match = _NUMBER.fullmatch(text[1:]) if text[:1] == "R" else None
    if match is None or match.group(2) not in {"", "m", "bn"}:
        return None
    return float(match.group(1).replace(",", "")) * _SCALES.get(match.group(2), 1), "R"


def _number_end(tree: Tree, i: int) -> int:
    """The last token of the number itself: '2.5 million', 'hundreds of thousands', 'twenty-nine',
    'between 10 and 15', '40 %'."""
    last = i
    while step := _more(tree, i, last):
        last += step
    return last


def _more(tree: Tree, first: int, last: int) -> int:
    after, kind = _lower(tree, last + 1), _kind(tree, last + 1)
    nearby, far = _lower(tree, last + 2), _kind(tree, last + 2)
    if kind == "scale" or after in {"%", "percent", "percentage"}:
        return 1
    if after == "," and _cut_thousands(tree, last):
        return 2
    if after in {"in", "of"} and _parts(tree, first, last):
        return 2
    if kind == "fraction" and _kind(tree, last) == "unit" and after != "half":
        return 1
    if after == "per" and nearby == "cent":
        return 2
    if after in _HYPHENS and {_kind(tree, last), far} <= {"unit", "fraction", "scale"}:
        return 2 if far else 0
    if after == "of" and _kind(tree, last) == "vague" and far in {"vague", "scale"}:
        return 2
    if after == "and" and _adds(tree, last):
        return 2
    return _range_step(tree, first, last)


def _cut_thousands(tree: Tree, last: int) -> bool:
    """'R5,000', which the tokeniser cuts at the comma."""
    if last + 2 >= len(tree.tokens) or _rand(tree, last) is None:
        return False
    a, comma, b = tree.tokens[last : last + 3]
    joined = a.end == comma.start and comma.end == b.start
    return joined and len(b.text) == 3 and b.text.isdigit()


def _parts(tree: Tree, first: int, last: int) -> bool:
    """'one in five voters', '112 of 240 seats': a number of a larger one, then what is counted."""
    if last > first or last + 3 >= len(tree.tokens):
        return False
    upper = _plain(tree, last + 2)
    lower = _plain(tree, first)
    follows = tree.tokens[last + 3].tag.startswith("N")
    return lower is not None and upper is not None and lower < upper and follows


def _plain(tree: Tree, i: int) -> float | None:
    found = _digits(tree, i) or _word_value(tree, i)
    return found[0] if found and not found[1] else None


def _adds(tree: Tree, last: int) -> bool:
    """'two hundred and fifty': 'and' inside a number written out."""
    return _lower(tree, last) in {"hundred", "thousand"} and _kind(tree, last + 2) == "unit"


def _range_step(tree: Tree, first: int, last: int) -> int:
    """'10 to 15', '10-15' and, after 'between', '10 and 15': how far to the upper number."""
    joint = _lower(tree, last + 1)
    joined = joint in _HYPHENS | {"to"} or (
        joint == "and" and "between" in {_lower(tree, first - 1), _lower(tree, first - 2)}
    )
    money = 1 if _kind(tree, last + 2) == "currency" else 0
    upper = _digits(tree, last + 2 + money) or _word_value(tree, last + 2)
    lower = _digits(tree, first) or _word_value(tree, first)
    if not joined or upper is None or lower is None or upper[0] <= lower[0]:
        return 0
    return 2 + money


def _word_value(tree: Tree, i: int) -> tuple[float, str] | None:
    kind, value = _words().get(_lower(tree, i), ("", ""))
    return (float(value), "") if kind == "unit" else None


# -- what is no count ----------------------------------------------------------------------------


def _no_count(tree: Tree, first: int, last: int) -> bool:
    return any(test(tree, first, last) for test in _TESTS)


def _age(tree: Tree, first: int, last: int) -> bool:
    """'63-year-old', 'aged 63', '63 years old', and 'Jane Doe, 63,'."""
    if _kind(tree, first - 1) == "age" and _lower(tree, first - 1) in {"age", "aged", "ages"}:
        return True
    after = [_lower(tree, last + n) for n in range(1, 5)]
    if after[0] in _HYPHENS and after[1] in {"year", "years", "month"} and after[3] == "old":
        return True
    if after[0] in {"years", "months"} and after[1] == "old":
        return True
    named = first >= 2 and tree.tokens[first - 2].tag.startswith("NNP")
    return named and _lower(tree, first - 1) == "," and after[0] in {",", "."}


def _label(tree: Tree, first: int, last: int) -> bool:
    """'Resolution 242', 'No. 5', 'Article 5', '#3'."""
    before = _lower(tree, first - 1)
    if before == "#" or (before == "." and _lower(tree, first - 2) == "no"):
        return True
    named = first > 0 and tree.tokens[first - 1].text[:1].isupper()
    return _kind(tree, first - 1) == "label" and (named or before not in {"no", "week", "day"})


def _glued(tree: Tree, first: int, last: int) -> bool:
    """Digits joined to more digits that are no range: telephone numbers, scores, '9/11'."""
    for at, step in ((first, -1), (last, 1)):
        near, far = at + step, at + 2 * step
        if not (0 <= near < len(tree.tokens) and 0 <= far < len(tree.tokens)):
            continue
        a, b = sorted((near, at))
        touching = tree.tokens[a].end == tree.tokens[b].start
        joint = tree.tokens[near].text in _HYPHENS | {"/", ".", "+", ":"}
        if touching and joint and tree.tokens[far].text[:1].isdigit():
            return True
    return False


def _place_or_hour(tree: Tree, first: int, last: int) -> bool:
    """'131 West 23rd Street', 'three o'clock'."""
    if _kind(tree, last + 1) == "clock":
        return True
    for n in range(1, 5):
        at = last + n
        if at >= len(tree.tokens) or (
            not tree.tokens[at].text[:1].isupper() and not (tree.tokens[at].text[:1].isdigit())
        ):
            return False
        if _kind(tree, at) == "address":
            return True
    return False


def _pronoun(tree: Tree, first: int, last: int) -> bool:
    """'one' for a thing told before, 'one of', 'one another', 'one-on-one', 'no one'."""
    if _lower(tree, first) != "one" or last > first:
        return False
    if _lower(tree, first - 1) in {"no", "this", "that", "which", "every", "each", "any", "the"}:
        return True
    after = tree.tokens[first + 1] if first + 1 < len(tree.tokens) else None
    return after is None or after.tag[:1] not in {"N", "J"} or after.text in {"another", "day"}


def _bare(tree: Tree, first: int, last: int) -> bool:
    """A number with nothing counted, no sign and no bound counts only as a verb's object ('killing
    12'): 'who is 70' is an age, 'the two' are things told before."""
    if first != last or _unit_end(tree, last) > last or _currency(tree, first)[1]:
        return False
    if _bound(tree, first)[1] != "exact" or _kind(tree, first) in {"fraction", "vague"}:
        return False
    digits = _digits(tree, first) or _rand(tree, first)
    if digits is not None and digits[1]:
        return False
    before = tree.tokens[first - 1] if first else None
    counted = before is not None and before.tag.startswith("V") and before.lemma != "be"
    return not counted or _lower(tree, last + 1) in _HYPHENS


_TESTS: tuple[Callable[[Tree, int, int], bool], ...] = (
    _age, _label, _glued, _place_or_hour, _pronoun, _bare,
)  # fmt: skip


# -- the quantity --------------------------------------------------------------------------------


def _quantity(context: Context, first: int, last: int) -> Quantity:
    tree = context.tree
    begin, sign = _currency(tree, first)
    start, bound = _bound(tree, begin)
    share = _lower(tree, last) in {"%", "percent", "cent"}
    end = _unit_end(tree, last)
    if end == last and _digits(tree, first) and _lower(tree, start) in {"a", "an"}:
        start += 1  # the article of a noun that is not part of the words: 'a 70% stake'
    span: Span = (tree.tokens[start].start, tree.tokens[end].end)
    unit = _unit(tree, last, end)
    if _kind(tree, last) == "vague":
        bound = "about" if bound == "exact" else bound
    if _range_in(tree, first, last):
        bound = "at_least"
    digits = _digits(tree, first)
    return Quantity(
        span=span,
        text=context.text[span[0] : span[1]],
        value=_value(tree, first, last),
        unit="%" if share else sign or unit or (digits[1] if digits else ""),
        bound=bound,
    )


def _unit(tree: Tree, last: int, end: int) -> str:
    """What is counted: 'soldier', 'Ukraine', 'square kilometre', of 'tonnes of gold' the tonne."""
    if end == last:
        return ""
    if _lower(tree, last) == "percentage" and tree.tokens[end].lemma == "point":
        return "percentage point"
    for n in range(last + 1, end):
        if _lower(tree, n) == "of" and n > last + 1:
            end = n - 1
            break
    token = tree.tokens[end]
    if token.tag.startswith("NNP"):
        return token.text
    square = _lower(tree, end - 1) in {"square", "cubic"} and end - 1 > last
    return f"{_lower(tree, end - 1)} {token.lemma}" if square else token.lemma


def _currency(tree: Tree, first: int) -> tuple[int, str]:
    """The first token of the sum and its currency's sign; (first, '') for no sum."""
    if first < len(tree.tokens) and _rand(tree, first) is not None:
        return first, "R"
    if _kind(tree, first - 1) != "currency":
        return first, ""
    sign, before = tree.tokens[first - 1].text, first - 2
    glued = before >= 0 and tree.tokens[before].end == tree.tokens[first - 1].start
    if glued and _kind(tree, before) == "currency_prefix":
        return before, tree.tokens[before].text + sign
    return first - 1, sign


def _bound(tree: Tree, first: int) -> tuple[int, Bound]:
    """The bound's first token and kind; an article is taken along."""
    start = first
    while start > 0 and _lower(tree, start - 1) in {"a", "an", "between"}:
        start -= 1
    for length in (3, 2, 1):
        words = " ".join(_lower(tree, n) for n in range(start - length, start))
        kind, value = _words().get(words, ("", ""))
        if kind == "bound" and start >= length:
            return start - length, value  # type: ignore[return-value]
    return start, "exact"


def _unit_end(tree: Tree, last: int) -> int:
    """The last token of what is counted ('private sector jobs', 'of Ukraine', '28-nation'), or
    ``last`` when nothing is said."""
    if _lower(tree, last) in {"%", "percent", "cent"} and _lower(tree, last + 1) != "of":
        return last
    at = last + 1
    if _lower(tree, at) in _HYPHENS:
        noun = at + 1 < len(tree.tokens) and tree.tokens[at + 1].tag.startswith("N")
        return at + 1 if noun else last
    if _lower(tree, at) == "of":
        if _kind(tree, last) not in {"vague", "fraction"} and _lower(tree, last) not in {
            "%", "percent", "cent"
        }:  # fmt: skip
            return last
        at += 1
        while at < len(tree.tokens) and tree.tokens[at].tag in {"DT", "PRP$"}:
            at += 1
    end = _noun_end(tree, at, last)
    if end > last and _measures(tree, end) and _lower(tree, end + 1) == "of":
        return max(end, _noun_end(tree, end + 2, end))
    return end


def _measures(tree: Tree, i: int) -> bool:
    """'tonnes', 'square kilometres': what is measured follows after 'of'."""
    return _words().get(tree.tokens[i].lemma, ("", ""))[0] == "mass"


def _noun_end(tree: Tree, at: int, last: int) -> int:
    """The last noun of the run of modifiers and nouns that begins at ``at``."""
    found = last
    for n in range(at, min(at + _LONGEST_UNIT, len(tree.tokens))):
        token = tree.tokens[n]
        square = _lower(tree, n - 1) in {"square", "cubic"}
        plural = found > last and tree.tokens[n - 1].tag in {"NNS", "NNPS"} and not square
        if plural or not _modifies(token) or tree.sentence_of[n] != tree.sentence_of[last]:
            break
        if token.tag.startswith("N"):
            found = n
    return found


def _modifies(token: Token) -> bool:
    return token.tag in {"JJ", "JJS", "NN", "NNS", "NNP", "NNPS", "VBN", "POS"}


def _range_in(tree: Tree, first: int, last: int) -> bool:
    numbers = [n for n in range(first, last + 1) if _digits(tree, n) or _word_value(tree, n)]
    joints = {_lower(tree, n) for n in range(first, last + 1)}
    both_words = all(_kind(tree, n) == "unit" for n in numbers)
    if any(_adds(tree, n) for n in range(first, last)):
        return False
    return len(numbers) > 1 and bool(
        joints & {"to", "and"} or (joints & _HYPHENS and not both_words)
    )


def _value_of_parts(tree: Tree, first: int) -> float | None:
    """'one in five' is a share, '112 of 240' a count; None for a vague one ('tens of thousands')."""
    lower, upper = _plain(tree, first), _plain(tree, first + 2)
    if lower is None or upper is None:
        return None
    return round(lower / upper, 4) if _lower(tree, first + 1) == "in" else lower


def _value(tree: Tree, first: int, last: int) -> float | None:
    """The number read, of a range its lower one with the scale said at the end; None for a vague one
    ('hundreds of thousands')."""
    if last - first == 2 and _lower(tree, first + 1) in {"in", "of"}:
        return _value_of_parts(tree, first)
    if last - first == 2 and _lower(tree, first + 1) == "," and _rand(tree, first):
        return float(tree.tokens[first].text[1:] + tree.tokens[last].text)
    total, current = 0.0, 0.0
    seen_range = False
    for n in range(first, last + 1):
        kind, value = _words().get(_lower(tree, n), ("", ""))
        digits = _digits(tree, n) or _rand(tree, n)
        if kind == "vague":
            return None
        if seen_range and kind != "scale":
            continue
        if _lower(tree, n) == "and" and _adds(tree, n - 1):
            continue
        if _lower(tree, n) in {"to", "and"} or (
            _lower(tree, n) in _HYPHENS and _range_in(tree, first, last)
        ):
            seen_range = True
        elif kind == "fraction":
            current = round(max(current, 1) * float(value), 4)
        elif digits is not None:
            current += digits[0]
        elif kind == "unit":
            current += float(value)
        elif kind == "scale":
            current = max(current, 1) * float(value)
            if float(value) >= 1000:
                total, current = total + current, 0.0
    return total + current
