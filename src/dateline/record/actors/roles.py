"""Words for roles and kinds of body, and the small words that shape a phrase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from dateline.knowledge.tables import KnowledgeError, read_csv
from dateline.record.actors.lexicon import Lexicon
from dateline.record.actors.words import Word, words_of

_ROLE_COLUMNS = ("term", "sector", "sector2", "weight", "flag")
# strong: decides the sector. weak: a qualifying word decides, else its own sector. modifier: only
# qualifies. topic: qualifies a head that has no sector. owner: belonging to the state. former:
# the past.
_FLAGS = ("", "surname", "outside", "any", "serves", "adjective")
WEIGHTS = ("strong", "weak", "modifier", "topic", "owner", "former")


@dataclass(frozen=True, slots=True)
class RoleTerm:
    """A word or phrase for a role. ``flag`` is 'surname' for words that are also family names,
    'outside' for those whose country is another's ('Chile's allies'), 'any' for armed roles that
    also exist outside the forces ('the prime minister's chief of staff'), 'serves' for those whose
    'to' names whom they work for ('an aide to the president'), 'adjective' for those that say
    nothing before another noun ('a national committee'), else ''."""

    term: str
    sector: str
    sector2: str
    weight: str
    flag: str

    @property
    def noun(self) -> bool:
        """True when the term can head a phrase."""
        return self.weight in ("strong", "weak")


@cache
def sector_codes() -> frozenset[str]:
    """The sector codes in use."""
    return frozenset(row["code"] for row in read_csv("sectors.csv", ("code", "name", "source")))


@cache
def phrase_words() -> dict[str, str]:
    """Small words and their class: skip, honorific, of, to, and, break, backed, against, serves,
    date."""
    return {row["word"]: row["class"] for row in read_csv("phrase_words.csv", ("word", "class"))}


@cache
def role_lexicon() -> Lexicon[RoleTerm]:
    """Role terms, with the abbreviations of titles.csv ('Sen.', 'Lt. Gen.')."""
    lexicon: Lexicon[RoleTerm] = Lexicon()
    terms: dict[str, RoleTerm] = {}
    for row in read_csv("role_nouns.csv", _ROLE_COLUMNS):
        term = _role_term(row)
        terms[term.term] = term
        lexicon.add(term.term, term, "any")
    for row in read_csv("titles.csv", ("abbreviation", "term")):
        expanded = terms.get(row["term"])
        if expanded is not None:
            short = RoleTerm(
                row["abbreviation"], expanded.sector, expanded.sector2, expanded.weight, ""
            )
            lexicon.add(row["abbreviation"], short, "capital")
    return lexicon


def _role_term(row: dict[str, str]) -> RoleTerm:
    known = row["weight"] in WEIGHTS and row["flag"] in _FLAGS
    if not known or row["sector"] not in sector_codes():
        raise KnowledgeError(f"role_nouns.csv, {row['term']!r}: bad value: {row}")
    return RoleTerm(row["term"], row["sector"], row["sector2"], row["weight"], row["flag"])


def role_at(words: Sequence[Word], at: int) -> tuple[int, RoleTerm | None]:
    """The longest role term at ``words[at]``, in the singular or plural; (0, None) for none."""
    lexicon = role_lexicon()
    length, found = lexicon.longest(words, at)
    best: tuple[int, RoleTerm | None] = (length, found[0]) if found else (0, None)
    most = 5 if lexicon.begins(words[at].key) else 1  # a plural alone may begin otherwise
    for end in range(at + 1, min(at + most, len(words)) + 1):
        if end - at <= best[0] or (end > at + 1 and not words[end - 1].joined):
            continue
        for singular in singulars(words[end - 1].key):
            if most == 1 and not lexicon.begins(singular):
                continue
            phrase = [*words[at : end - 1], words[end - 1]._replace(key=singular)]
            length, found = lexicon.longest(phrase, 0)
            if length == end - at:
                best = (length, found[0])
                break
    return best


@cache
def belongs_elsewhere(noun: str) -> bool:
    """True for nouns that name others than the owner's own: his 'allies', her 'opponents'."""
    key = noun.lower()
    terms = [t for form in (key, *singulars(key)) for t in role_lexicon().get(form)]
    return any(term.flag == "outside" for term in terms)


@cache
def _role_words() -> frozenset[str]:
    return frozenset(key for keys in role_lexicon().phrases() for key in keys)


def part_of_role(word: Word) -> bool:
    """True for a word that occurs in some role term."""
    return word.key in _role_words() or any(s in _role_words() for s in singulars(word.key))


def singulars(key: str) -> list[str]:
    """The singular forms that ``key`` may be the plural of."""
    forms: list[str] = []
    if key.endswith("ies"):
        forms.append(key[:-3] + "y")
    if key.endswith("men"):
        forms.append(key[:-3] + "man")
    if key.endswith("s") and not key.endswith("ss"):
        forms.append(key[:-1])
        if key.endswith("es"):
            forms.append(key[:-2])
    return forms


def word_class(word: Word) -> str:
    """The class of a small word; '' for any other."""
    if word.text[0].isdigit():
        return "skip"
    return phrase_words().get(word.key, "")


__all__ = ["RoleTerm", "phrase_words", "role_at", "role_lexicon", "word_class", "words_of"]
