"""Letter-case classes of words: the encoder's vocabulary is uncased, so case is a separate input."""

from __future__ import annotations

from functools import lru_cache

LOWER, TITLE, UPPER, INITIAL, MIXED, DIGIT, PUNCTUATION, PADDING = range(8)


@lru_cache(maxsize=50_000)
def word_shape(word: str) -> int:
    """The class of a word: lower ('war'), title ('Kyiv'), upper ('NATO'), initial ('J', 'J.', 'I'),
    mixed ('al-Qaeda', 'McCain'), digit (any figure in it), punctuation (no letter or figure)."""
    letters = [c for c in word if c.isalpha()]
    if any(c.isdigit() for c in word):
        return DIGIT
    if not letters:
        return PUNCTUATION
    uppers = sum(c.isupper() for c in letters)
    if not uppers:
        return LOWER
    if len(letters) == 1:
        return INITIAL
    if uppers == len(letters):
        return UPPER
    return TITLE if letters[0].isupper() and uppers == 1 else MIXED
