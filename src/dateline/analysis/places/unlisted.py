"""Places that the larger tiers of the gazetteer do not list, read off the words around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dateline.analysis.places import gazetteer
from dateline.analysis.places.evidence import contains_word
from dateline.analysis.places.matching import Mention
from dateline.analysis.places.tables import cue_words
from dateline.analysis.places.words import (
    WORD,
    Marks,
    Words,
    civic,
    is_name_word,
    of_person,
    sentence_start,
)
from dateline.spans import Span

_PLAIN = frozenset(("in", "near", "at", "from", "to", "outside", "entered", "captured", "seized"))
_LONGEST = 4  # words of a name read off the page
_SHORTEST = 4  # letters of a name that no word around marks
_LONG_ENOUGH = 6  # letters of a name that few other words can be


def add_unlisted(words: Words, found: list[Mention]) -> list[Mention]:
    """``found`` with small places, longer names ("South Charleston", "Homs Province") and names
    that only their common noun marks ("Neches River"): no entries when nothing is known."""
    found = _with_tails(words, found)
    wanted = _sought(words, found)
    turned = {m: _directed(words, m) for m in found if m.entries and not m.demonym}
    surfaces = {surface for _, surface, _ in wanted} | {s for s in turned.values() if s}
    known = {s: entries for s in sorted(surfaces) if (entries := _spelt_so(s))}
    found = [_longer(words, m, turned.get(m, ""), known) for m in found]
    taken = Marks(words.text, (m.span for m in found))
    for i, surface, certain in wanted:
        span = (words.spans[i][0], words.spans[i][0] + len(surface))
        if (surface in known or certain) and not taken.touches(span):
            taken.add(span)
            found.append(Mention(span, surface, tuple(known.get(surface, ())), position=i))
    return sorted(found, key=lambda m: m.span)


def add_nearby(words: Words, found: list[Mention], near: Callable[[str], bool]) -> list[Mention]:
    """``found`` with the names of small places for which ``near`` holds: no words around need to
    say that they are places, none may say that they are people."""
    taken = Marks(words.text, (m.span for m in found))
    more = []
    for i in words.capitals:
        if taken.touches(words.spans[i]) or _part_of_name(words, i):
            continue
        i -= _after_direction(words, i)
        surface = _near_run(words, i, near)
        span = (words.spans[i][0], words.spans[i][0] + len(surface))
        if surface and not taken.touches(span):
            taken.add(span)
            more.append(Mention(span, surface, tuple(_spelt_so(surface)), position=i))
    return sorted((*found, *more), key=lambda m: m.span)


def _near_run(words: Words, i: int, near: Callable[[str], bool]) -> str:
    """The longest name from word ``i`` on for which ``near`` holds, '' for none. One word alone
    counts where it is no everyday word and no person's or body's name goes on after it."""
    whole = _run(words, i)
    most = min(whole.count(" ") + 1, len(words.spans) - i)  # 'W . Bush' has more spaces than words
    for count in range(most, 1, -1):
        surface = words.text[words.spans[i][0] : words.spans[i + count - 1][1]]
        if not gazetteer.is_forename(words.words[i]) and near(surface):
            return surface
    word = words.words[i]
    if len(word) < _SHORTEST or sentence_start(words, i) or not _plain_name(words, i):
        return ""
    if not near(word):
        return ""
    following = words.word(i + 1)
    goes_on = words.gap(i) == " " and is_name_word(following)
    return "" if goes_on and following.lower() not in cue_words("org_tail") else word


def _spelt_so(surface: str) -> list[gazetteer.Entry]:
    """Places called ``surface``; a short name must have its accents too: 'One' is not Onè, and 'SEC'
    neither Seč nor any other small place."""
    entries = gazetteer.small_entries([surface]).get(surface, [])
    if len(surface) >= _LONG_ENOUGH:
        return entries
    if surface.isupper() and len(surface) < _SHORTEST:
        return []
    return [entry for entry in entries if entry.name.casefold() == surface.casefold()]


def _part_of_name(words: Words, i: int) -> bool:
    """True when the word before is capitalised too: a first name, or the head of a longer name."""
    return (
        words.gap(i - 1) in (" ", ". ", "-")
        and is_name_word(words.word(i - 1))
        and (not sentence_start(words, i - 1))
    )


def _directed(words: Words, mention: Mention) -> str:
    """The mention with the 'South', 'New' or 'Fort' before it, '' when there is none."""
    i = mention.position - 1
    if words.word(i).lower() not in cue_words("direction") or words.gap(i) != " ":
        return ""
    return words.text[words.spans[i][0] : mention.span[1]] if is_name_word(words.word(i)) else ""


def _longer(
    words: Words, mention: Mention, surface: str, known: dict[str, list[gazetteer.Entry]]
) -> Mention:
    if surface not in known:
        return mention
    span = (mention.span[1] - len(surface), mention.span[1])
    return Mention(span, surface, tuple(known[surface]), position=mention.position - 1)


def _sought(words: Words, found: list[Mention]) -> list[tuple[int, str, bool]]:
    """First word and surface of names worth looking up among the small places; True when the words
    around name a place even if nothing is known of it."""
    taken = {i for m in found for i in _word_indices(m)}
    sought = []
    for i in words.capitals:
        if i in taken or not _plain_name(words, i):
            continue
        i -= _after_direction(words, i)
        surface, opens = _run(words, i), sentence_start(words, i)
        cued, certain = _cued(words, i, surface)
        cued = cued or (i - 2 in taken and words.word(i - 1) == "and")  # 'near Rafah and Jenin'
        if head := _civic_head(words, i, surface):
            sought.append((i, head, False))
        elif not opens and cued:
            sought.append((i, surface, certain))
    return sought


def _after_direction(words: Words, i: int) -> bool:
    """True when word ``i`` goes on a name that begins with 'South', 'New' or 'Fort'."""
    before = words.word(i - 1)
    return (
        before.lower() in cue_words("direction")
        and words.gap(i - 1) == " "
        and is_name_word(before)
    )


def _civic_head(words: Words, i: int, surface: str) -> str:
    """The part of 'Canton Police Chief' that names a town, '' for none."""
    for count in range(surface.count(" ") + 1, 0, -1):
        if civic(words, i + count - 1):
            return words.text[words.spans[i][0] : words.spans[i + count - 1][1]]
    return ""


def _plain_name(words: Words, i: int) -> bool:
    word = words.words[i]
    if not is_name_word(word) or word in words.surnames:
        return False
    lower = word.lower()
    if lower in cue_words("title") and lower not in ("st", "saint"):
        return False
    return lower not in cue_words("common_word") and not gazetteer.is_forename(lower)


def _cued(words: Words, i: int, surface: str) -> tuple[bool, bool]:
    """Whether the words around suggest a place, and whether they are enough by themselves."""
    previous, spaced = words.word(i - 1).lower(), words.gap(i - 1).strip() == ""
    last = i + surface.count(" ")
    if of_person(words, i):
        return True, False
    if spaced and previous == "of" and words.word(i - 2).lower() in cue_words("place_head_before"):
        return True, True
    contained = words.gap(last).startswith(",") and contains_word(words, last + 1)
    if spaced and previous in _PLAIN:
        return True, contained and previous != "to"
    area = words.gap(last) == " " and words.word(last + 1) in cue_words("area_tail")
    return contained or (area and previous == "the"), False


def _run(words: Words, i: int) -> str:
    """The capitalised words from ``i`` on, joined by single spaces."""
    end = i
    while end - i < _LONGEST - 1 and words.gap(end) == " " and is_name_word(words.word(end + 1)):
        end += 1
    return words.text[words.spans[i][0] : words.spans[end][1]]


def _with_tails(words: Words, found: list[Mention]) -> list[Mention]:
    """Names that end in a capitalised common noun. An area keeps what its head stands for ('Homs
    Province'); a street or river does not ('Memphis Street')."""
    tails = [
        (i, start) for i in words.capitals
        if words.words[i].lower() in cue_words("place_tail") and (start := _head(words, i)) < i
    ]  # fmt: skip
    owner = {w: k for k, m in enumerate(found) for w in _word_indices(m)}
    kept: list[Mention | None] = list(found)
    for i, start in tails:
        span = (words.spans[start][0], words.spans[i][1])
        inside = sorted({owner[w] for w in range(start, i + 1) if w in owner})
        heads = [m for k in inside if (m := kept[k]) is not None]
        if any(m.span[0] < span[0] or m.span[1] >= span[1] for m in heads):
            continue
        for k in inside:
            kept[k] = None
        for w in range(start, i + 1):
            owner[w] = len(kept)
        kept.append(_tailed(words, span, start, heads, words.words[i].lower()))
    return sorted((m for m in kept if m is not None), key=lambda m: m.span)


def _word_indices(mention: Mention) -> range:
    count = len(WORD.findall(mention.surface))
    return range(mention.position, mention.position + count)


def _head(words: Words, tail: int) -> int:
    """Index of the first word of the name that ends at ``tail``; ``tail`` itself for no name."""
    if words.gap(tail) == " " and is_name_word(words.word(tail + 1)):
        return tail  # 'Wall Street Journal'
    start = tail
    while (
        tail - start < _LONGEST - 1 and words.gap(start - 1) == " "
        and is_name_word(words.word(start - 1))
        and words.word(start - 1).lower() not in cue_words("common_word")
    ):  # fmt: skip
        start -= 1
    first = words.word(start).lower()
    return tail if gazetteer.is_forename(first) or first in cue_words("title") else start


def _tailed(words: Words, span: Span, start: int, inside: list[Mention], tail: str) -> Mention:
    surface = words.text[span[0] : span[1]]
    if inside and tail in cue_words("area_tail"):
        return replace(inside[-1], span=span, surface=surface, position=start)
    known = gazetteer.small_entries([surface]).get(surface, ())
    return Mention(span, surface, tuple(known), position=start)
