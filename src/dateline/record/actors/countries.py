"""Countries, territories and regions named in running text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from dateline.knowledge.tables import KnowledgeError, read_csv
from dateline.record.actors.lexicon import Lexicon, name_guards
from dateline.record.actors.words import Word, one_edit_apart, words_of
from dateline.spans import Span

Kind = Literal["name", "demonym", "capital", "region", "city"]

COUNTRY_COLUMNS = (
    "iso3",
    "name",
    "aliases",
    "adjectives",
    "people",
    "capitals",
    "status",
    "sector",
    "since",
    "until",
    "note",
)
_REGION_COLUMNS = ("name", "kind", "country", "aliases", "adjectives", "note")
_METONYM_COLUMNS = ("name", "country", "sector", "sector2", "aliases", "note")
_CONTEXT_COLUMNS = ("form", "cues", "country", "sector")
_STATUSES = {"state", "territory", "disputed", "former"}
# Shorter names are one letter from other words and given names (Jordan, Jordon).
_SHORTEST_MISSPELT = 7
_NO_PLURAL = ("sh", "ch", "se", "s", "x", "z")


@dataclass(frozen=True, slots=True)
class CountryForm:
    """One way of naming a country. ``country`` is '' for a region over several states; ``sector``
    is 'PRE' for a partially recognised entity; ``people`` is true for a plural demonym."""

    country: str
    name: str
    kind: Kind
    sector: str = ""
    note: str = ""
    people: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """Words in the context that give a name another reading than its usual one."""

    cues: tuple[str, ...]
    country: str
    sector: str


def split_list(cell: str) -> list[str]:
    """The members of a '|'-separated cell."""
    if not cell:
        return []
    return [part for part in map(str.strip, cell.split("|")) if part]


@cache
def country_lexicon() -> Lexicon[CountryForm]:
    """Names, demonyms, capitals, metonyms without a sector, and regions."""
    lexicon: Lexicon[CountryForm] = Lexicon()
    for row in read_csv("countries.csv", COUNTRY_COLUMNS):
        if row["status"] not in _STATUSES or len(row["iso3"]) != 3:
            raise KnowledgeError(f"countries.csv, {row['name']}: bad status or code: {row}")
        _add_country(lexicon, row)
    for row in read_csv("metonyms.csv", _METONYM_COLUMNS):
        if not row["sector"]:
            form = CountryForm(row["country"], row["name"], "capital", note=row["note"])
            _add_all(lexicon, [row["name"], *split_list(row["aliases"])], form)
    for row in read_csv("regions.csv", _REGION_COLUMNS):
        _add_region(lexicon, row)
    return lexicon


@cache
def country_codes() -> frozenset[str]:
    """The ISO 3166-1 alpha-3 codes in use, with XKX and the codes of former states."""
    return frozenset(row["iso3"] for row in read_csv("countries.csv", COUNTRY_COLUMNS))


def _add_country(lexicon: Lexicon[CountryForm], row: dict[str, str]) -> None:
    def form(kind: Kind, people: bool = False) -> CountryForm:
        return CountryForm(row["iso3"], row["name"], kind, row["sector"], row["note"], people)

    adjectives, people = split_list(row["adjectives"]), split_list(row["people"])
    _add_all(lexicon, [row["name"], *split_list(row["aliases"])], form("name"))
    _add_all(lexicon, _plurals(adjectives) + people, form("demonym", True))
    _add_all(lexicon, adjectives, form("demonym"))
    _add_all(lexicon, split_list(row["capitals"]), form("capital"))


def _add_region(lexicon: Lexicon[CountryForm], row: dict[str, str]) -> None:
    kind: Kind = "city" if row["kind"] == "city" else "region"
    form = CountryForm(row["country"], row["name"], kind, note=row["note"])
    _add_all(lexicon, [row["name"], *split_list(row["aliases"])], form)
    people = CountryForm(row["country"], row["name"], "demonym", note=row["note"])
    _add_all(lexicon, split_list(row["adjectives"]), people)


def _add_all(lexicon: Lexicon[CountryForm], surfaces: Sequence[str], form: CountryForm) -> None:
    for surface in surfaces:
        if not lexicon.get(surface):
            lexicon.add(surface, form)


def _plurals(adjectives: Sequence[str]) -> list[str]:
    return [word + "s" for word in adjectives if not word.endswith(_NO_PLURAL)]


@cache
def context_readings() -> dict[str, tuple[Cue, ...]]:
    """Folded name to the readings that cue words in the context give it."""
    readings: dict[str, tuple[Cue, ...]] = {}
    for row in read_csv("country_contexts.csv", _CONTEXT_COLUMNS):
        key = " ".join(word.key for word in words_of(row["form"]) if word.key != "the")
        cue = Cue(tuple(split_list(row["cues"])), row["country"], row["sector"])
        readings[key] = (*readings.get(key, ()), cue)
    return readings


def reading_in(surface: str, context: str) -> Cue | None:
    """The reading that ``context`` gives the name ``surface``; None when it gives none."""
    if not context:
        return None
    key = " ".join(word.key for word in words_of(surface) if word.key != "the")
    for cue in context_readings().get(key, ()):
        if any(word in context for word in cue.cues):
            return cue
    return None


@cache
def _long_names() -> list[tuple[str, CountryForm]]:
    """One-word names of states long enough to be recognised when misspelt."""
    lexicon = country_lexicon()
    found = []
    for keys in lexicon.phrases():
        form = lexicon.get(" ".join(keys))[0]
        if len(keys) == 1 and len(keys[0]) >= _SHORTEST_MISSPELT and form.kind == "name":
            found.append((keys[0], form))
    return found


@lru_cache(maxsize=4096)
def misspelt_country(name: str) -> CountryForm | None:
    """The state whose name is one edit from the one word ``name``: 'Afganistan'; None for none."""
    keys = [word.key for word in words_of(name)]
    if len(keys) != 1 or len(keys[0]) < _SHORTEST_MISSPELT:
        return None
    near = [form for known, form in _long_names() if one_edit_apart(keys[0], known)]
    return near[0] if len({form.country for form in near}) == 1 else None


def coded_country(text: str) -> list[tuple[Span, str, str]]:
    """Countries named in ``text``: (span, ISO 3166-1 alpha-3, kind), in text order.

    ``kind`` is 'name', 'demonym', 'capital' (which may stand for the government or for the city),
    'region' (part of a state) or 'city' (a town in the news). Spans are half-open character offsets
    into ``text``, without a possessive ending. Regions over several states ('European') are left
    out. A name with another reading ('Georgia', 'Brussels') is settled by cue words in ``text``;
    readings that are no state are left out. XKX stands for Kosovo, and former states keep their
    ISO 3166-3 codes.
    """
    mentions: list[tuple[Span, str, str]] = []
    for first, last, form in country_mentions(words_of(text)):
        span = (first.start, last.end)
        cue = reading_in(text[span[0] : span[1]], text)
        country = cue.country if cue else form.country
        if country and country not in ("EUR", "IGO", "UNO"):
            mentions.append((span, country, form.kind))
    return mentions


def country_mentions(
    words: Sequence[Word], *, strict: bool = True
) -> Iterator[tuple[Word, Word, CountryForm]]:
    """First word, last word and form of each country named among ``words``."""
    at, lexicon = 0, country_lexicon()
    while at < len(words):
        length, forms = lexicon.longest(words, at, strict=strict)
        if length and not part_of_name(words, at, length):
            yield words[at], words[at + length - 1], forms[0]
        at += length or 1


def part_of_name(words: Sequence[Word], at: int, length: int) -> bool:
    """True for a country's name inside a person's: 'Chad Wolf', 'Michael Jordan'."""
    guard = name_guards().get(words[at].key) if length == 1 else None
    if guard not in ("given", "surname"):
        return False
    before = words[at - 1] if at else None
    after = words[at + 1] if at + 1 < len(words) else None
    if guard == "given" and not words[at].possessive and _bare_name(after):
        return True
    return before is not None and words[at].joined and not before.possessive and _bare_name(before)


@cache
def _common_capitalised() -> frozenset[str]:
    from dateline.record.actors.roles import phrase_words, role_lexicon

    single = {keys[0] for keys in role_lexicon().phrases() if len(keys) == 1}
    return frozenset(single | set(phrase_words()))


def _bare_name(word: Word | None) -> bool:
    if word is None or not word.capital or (not word.joined and word.start):
        return False
    known = word.key in _common_capitalised() or country_lexicon().get(word.key)
    return word.text[1:].islower() and not known and not _singular_known(word.key)


def _singular_known(key: str) -> bool:
    return key.endswith("s") and key[:-1] in _common_capitalised()
