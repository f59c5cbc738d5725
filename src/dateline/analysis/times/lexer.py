"""Text to a string of token classes, one character a token, on which the grammar's patterns run.

Matching on classes keeps the patterns short ('THE? LAST NUM UNITS') and the scan fast: a token
costs one dictionary look-up, and an article of 750 words becomes a string of about 900 characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dateline.analysis.times.words import Words, words

# Classes that are recognised by shape rather than by a word list, in order of precedence.
_SHAPES = (
    ("FISCALYEAR", r"\bFY\s?['\u2019]?(?:\d{4}|\d\d)(?![\w-])"),
    # words of two letters or more first: they are most of a text and fit no later shape
    ("WORD", r"[^\W\d_]{2,}(?:['\u2019][^\W\d_]{2,})?"),
    ("BREAK", r"\n[ \t\r]*\n\s*"),
    (
        "ISODATE",
        r"(?<![\w./-])\d{4}(?P<bar>[-/])\d{1,2}(?P=bar)\d{1,2}(?:T\d{1,2}:\d{2}(?::\d{2})?)?Z?(?![\w-])",
    ),
    (
        "SLASHDATE",
        r"(?<![\w./-])\d{1,2}(?P<sep>[/-])\d{1,2}(?P=sep)(?:\d{4}|\d\d)(?![\w/-])"
        r"|(?<![\w./-])[0-3]?\d\.[01]?\d\.\d{4}(?![\w/-])",
    ),
    (
        "CLOCK",
        r"(?<![\w.:])(?:[01]?\d|2[0-4])[:.][0-5]\d(?=\s?[ap]\.?m\b)"
        r"|(?<![\w.:])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\w:])"
        r"|(?<![\w.:])(?:[01]?\d|2[0-3])h[0-5]\d(?!\w)",
    ),
    (
        "HOURS",
        r"(?<![\w.:])\d{3,4}(?=\s?(?:GMT|UTC)\b)"
        r"|(?<=at )[0-2]\d[0-5]\d(?=\s(?:hours|hrs)\b)",
    ),
    ("HALFNUM", r"\bH[12](?=\s(?:of\s)?(?:19|20)\d\d\b)"),
    ("DAYORD", r"(?<![\w.])[0-3]?\d(?:st|nd|rd|th)\b"),
    ("CENTURYORD", r"(?<![\w.])\d{1,2}(?:st|nd|rd|th)\b"),
    ("DECADENUM", r"(?<![\w.])(?:1[5-9]|20)\d0['\u2019]?s\b|['\u2019\u2018]?(?<![\w.])\d0s\b"),
    ("SHORTYEAR", r"(?<!\w)['\u2019\u2018]\d\d\b(?![.,]?\d)"),
    ("FRACTION", r"(?<![\w/.])(?:\d+[ -])?\d/\d(?![\w/])|(?<!\w)\d*[½¼¾]"),
    ("NUMERAL", r"\d+(?:,\d{3})*(?:\.\d+)?"),
    ("AMPMDOT", r"(?i:[ap]\.m\b\.?)"),
    ("ZONEDOT", r"(?i:e\.[sd]\.t\.)"),
    ("POSS", r"['\u2019][sS]\b"),
    ("QUARTERNUM", r"\bQ[1-4](?!\w)"),
    ("SOLID", r"(?:[A-Za-z]\.){2,}"),
    ("LETTER", r"[^\W\d_](?:['\u2019][^\W\d_]{2,})?"),
    ("CURRENCY", r"[$£€¥#]|R(?=\d)"),
    ("PERCENT", r"%"),
    ("HYPHEN", r"(?<=\w)[-\u2010\u2011\u2013](?=\w)"),
    ("DASH", r"--+|[-\u2013\u2014_]+"),
    ("COMMA", r","),
    ("DOT", r"[.!?;]"),
    ("PAREN", r"[()\[\]]"),
    ("SLASH", r"/"),
    ("MARK", r"\S"),
)
_TOKEN = re.compile(" +|" + "|".join(f"(?P<{name}>{shape})" for name, shape in _SHAPES))

# Shapes that only help the lexer, and the classes made from numerals.
_MADE = ("DIG", "YEAR", "INT", "DEC", "OTHER", "CAP")


@dataclass(slots=True)
class Lexed:
    """Tokens of a text as parallel lists; ``codes[i]`` is the class of token ``i``."""

    text: str
    codes: str = ""
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    lower: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def word(self, index: int) -> str:
        """The token in lower case, '' outside the text."""
        return self.lower[index] if 0 <= index < len(self.lower) else ""


def class_names(vocabulary: Words) -> tuple[str, ...]:
    """All token classes, in a fixed order."""
    named = {entry[0] for entry in vocabulary.single.values()}
    for rows in vocabulary.phrases.values():
        named.update(entry[0] for _, entry in rows)
    named.update(name for name, _ in _SHAPES)
    named.update(_MADE)
    return tuple(sorted(named))


def class_set(names: str) -> frozenset[str]:
    """Class names parted by blanks, as a set; raises ValueError for one that does not exist."""
    chosen = frozenset(names.split())
    unknown = chosen.difference(class_names(words()))
    if unknown:
        raise ValueError(f"no token class is called {sorted(unknown)}")
    return chosen


def class_codes() -> dict[str, str]:
    """Class name to its one-character code (from U+0100 on, so never a regex metacharacter)."""
    return {name: chr(0x100 + i) for i, name in enumerate(class_names(words()))}


def lex(text: str, codes: dict[str, str]) -> Lexed:
    """The tokens of ``text`` with their classes; phrases of the vocabulary become one token."""
    vocabulary = words()
    lexed = Lexed(text)
    classes: list[str] = []
    for match in _TOKEN.finditer(text):
        shape = match.lastgroup
        if shape is None:  # blanks
            continue
        form = match.group()
        name, value = _classify(shape, form, vocabulary)
        start, end = match.span()
        lexed.starts.append(start)
        lexed.ends.append(end)
        lexed.lower.append(form.lower().replace("\u2019", "'"))
        lexed.values.append(value)
        classes.append(name)
    classes = _merge_phrases(lexed, classes, vocabulary)
    lexed.codes = "".join([codes[name] for name in classes])
    return lexed


def _classify(shape: str, form: str, vocabulary: Words) -> tuple[str, str]:
    """Class and value of one token."""
    if shape in ("WORD", "LETTER"):
        lower = form.lower()
        entry = vocabulary.single.get(lower)
        if entry is None:
            return ("CAP" if form[0].isupper() else "OTHER"), ""
        if form[0].islower() and lower in vocabulary.capitalised:
            return "OTHER", ""
        return entry
    if shape == "NUMERAL":
        return _numeral_class(form), form
    if shape == "FRACTION":
        return "DEC", f"{_fraction(form):g}"
    if shape == "AMPMDOT":
        return "AMPM", form[0].lower() + "m"
    if shape == "ZONEDOT":
        return "ZONE", "-05" if form[2] in "sS" else "-04"
    return shape, form


# No count of anything is larger; digits by the hundred would be infinite, which no date can be.
LARGEST = 1e15
_VULGAR = {"½": 0.5, "¼": 0.25, "¾": 0.75}


def _fraction(form: str) -> float:
    """'2 1/2', '5-1/2' or '2½' as a number; a zero denominator counts as no fraction."""
    if form[-1] in _VULGAR:
        return min(float(form[:-1] or 0), LARGEST) + _VULGAR[form[-1]]
    whole, _, part = form.replace("-", " ").rpartition(" ")
    above, below = part.split("/")
    return min(float(whole or 0), LARGEST) + (int(above) / int(below) if int(below) else 0.0)


def _numeral_class(form: str) -> str:
    if "." in form:
        return "DEC"
    if len(form) <= 2:
        return "DIG"
    if len(form) == 4 and "1400" <= form <= "2199":
        return "YEAR"
    return "INT"


def _merge_phrases(lexed: Lexed, classes: list[str], vocabulary: Words) -> list[str]:
    """Join the tokens of each phrase found (the longest at a place) into one token."""
    merged: list[str] = []
    keep: list[int] = []
    i = 0
    while i < len(classes):
        length = 1
        if rows := vocabulary.phrases.get(lexed.lower[i]):
            length, entry = _phrase_at(lexed.lower, i, rows)
            if entry is not None:
                _join(lexed, classes, i, length, entry)
        merged.append(classes[i])
        keep.append(i)
        i += length
    if len(keep) < len(classes):
        for name in ("starts", "ends", "lower", "values"):
            column = getattr(lexed, name)
            setattr(lexed, name, [column[k] for k in keep])
    return merged


def _join(lexed: Lexed, classes: list[str], i: int, length: int, entry: tuple[str, str]) -> None:
    """Make token ``i`` the whole of a phrase of ``length`` tokens."""
    classes[i], lexed.values[i] = entry
    lexed.ends[i] = lexed.ends[i + length - 1]
    if length > 1:
        lexed.lower[i] = " ".join(lexed.lower[i : i + length])


def _phrase_at(
    lower: list[str], i: int, rows: Sequence[tuple[tuple[str, ...], tuple[str, str]]]
) -> tuple[int, tuple[str, str] | None]:
    """Length and entry of the phrase at ``i`` of those that begin with its word; (1, None) for none."""
    for rest, entry in rows:
        if tuple(lower[i + 1 : i + 1 + len(rest)]) == rest:
            return 1 + len(rest), entry
    return 1, None
