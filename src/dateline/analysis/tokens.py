"""Tokens with exact offsets, close to the Universal Dependencies English treebanks.

Clitics are split ('did|n't', 'Kyiv|'s'), hyphenated words are split at the hyphen unless the first
part is a bound prefix ('pre-2014', 'counter-offensive'), abbreviations keep their full stop.
"""

from __future__ import annotations

import re
from functools import cache

from dateline.analysis.model import Token
from dateline.knowledge.tables import read_csv
from dateline.spans import Span

_PREFIXES = (
    "anti ante co counter cross ex extra inter intra macro mega meta micro mid mini mis multi neo "
    "non over para post pre pro pseudo quasi re self semi sub super trans tri ultra un uni"
)


@cache
def abbreviations() -> dict[str, str]:
    """Abbreviations written with a full stop, lower case, and their kind."""
    rows = read_csv("abbreviations.csv", ("form", "kind"))
    return {row["form"].lower(): row["kind"] for row in rows}


@cache
def _pattern() -> re.Pattern[str]:
    abbreviated = "|".join(
        sorted((re.escape(f[0].upper() + f[1:]) for f in abbreviations()), key=len, reverse=True)
    )
    prefixes = "|".join(_PREFIXES.split())
    letter = r"[^\W\d_]"
    return re.compile(
        rf"""
        (\s++)                                              # the only group
      | (?!cannot)(?-i:{letter}++(?=[\s,;)]))                # most words: no sign that joins them
      | (?:https?://|www\.)[^\s<>"“”]+[^\s<>"“”.,;:!?)\]’'] # links
      | [\w.+-]+@[\w-]+\.[\w.-]*\w                          # mail addresses
      | [@\#]\w+                                            # handles, hashtags
      | (?:[A-Za-z]\.){{2,}}                                # U.S., p.m.
      | (?:[A-Z]\.)(?=\s?[A-Z])                             # initials
      | (?:{abbreviated})\.(?!\w)
      | (?:{prefixes})-\w+(?=\W|$)                          # pre-2014
      | [A-Za-z]+\d[\w]*                                   # R129, G20
      | \d+(?:[.,:]\d+)*(?:st|nd|rd|th|s|bn|mn|tn|km|kg|m|k)?\b
      | \d+(?:[.,:]\d+)*
      | [A-Za-z]/[A-Za-z]\b                                 # p/m
      | (?:can)(?=not\b)|(?<=can)not\b
      | {letter}+?(?=n['’]t\b)
      | n['’]t\b
      | ['’](?:s|re|ve|ll|d|m|S|RE|VE|LL|D|M)\b
      | [OoDdLl]['’]{letter}{{2,}}                          # O'Brien, d'Ivoire
      | {letter}+(?:['’](?!(?:s|re|ve|ll|d|m|t)\b){letter}+)*
      | \w+
      | \.{{2,}} | -{{2,}} | `` | ''
      | \S
        """,
        re.VERBOSE | re.IGNORECASE,
    )


def token_spans(text: str) -> list[Span]:
    """Spans of the tokens of ``text``, in order, never overlapping; whitespace is in none."""
    return [match.span() for match in _pattern().finditer(text) if not match.lastindex]


def tokenize(text: str) -> list[Token]:
    """The tokens of ``text``; only index, span and text are filled."""
    return [
        Token(i, start, end, text[start:end]) for i, (start, end) in enumerate(token_spans(text))
    ]
