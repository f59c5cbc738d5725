"""How much of two texts is one text: measured on word codes, both ways."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dateline.store.copies.signature import PASSAGE, Hashes, passages
from dateline.store.copies.words import SLOT, Codes, masked

_LEAD = 50  # coded words, about the first two paragraphs of a report

# Set on the tuning half of benchmarks/copies.py (seeds 0 and 1); scores are of the other.
_MOST = 0.75  # of the shorter text: a copy wherever the passage stands, unless it is in neither
_NEARLY_ALL = 0.85  # lead, as the background of a follow-up is: then this
_NO_LEAD = 0.2
_MUCH = 0.4  # of the shorter text: a copy when both leads are shared as well
_LEAD_SHARED = 0.4
_OF_LONGER = 0.5  # below this share of the longer text its lead has to be shared: an item in a
# digest of the day's news is no copy of the digest
_LEAST_OF_LONGER = 0.08
_PART_OF_LONGER = 0.2  # where the shorter has much of its own too
_TEMPLATE_SLOTS = 5  # numbers and days compared before a shared text may be a form filled in anew
_SLOTS_SAME = 0.5


@dataclass(frozen=True, slots=True)
class Shared:
    """What texts a and b share. ``of_a`` and ``of_b`` are the fractions (0..1) of their words in
    passages that the other has too, ``lead_a`` and ``lead_b`` the same for their first words.
    ``slots`` counts numbers, days and months of a inside shared passages, ``slots_same`` the
    fraction of them that stand so in b (1.0 when there are none)."""

    of_a: float
    of_b: float
    lead_a: float
    lead_b: float
    slots: int
    slots_same: float
    longer_is_b: bool

    @property
    def of_shorter(self) -> float:
        return self.of_a if self.longer_is_b else self.of_b

    @property
    def of_longer(self) -> float:
        return self.of_b if self.longer_is_b else self.of_a

    @property
    def lead_of_longer(self) -> float:
        return self.lead_b if self.longer_is_b else self.lead_a

    @property
    def is_template(self) -> bool:
        """The words agree and the numbers do not: two fillings of one form (market reports,
        earthquake bulletins), not two copies."""
        return self.slots >= _TEMPLATE_SLOTS and self.slots_same < _SLOTS_SAME

    @property
    def is_copy(self) -> bool:
        """One text, edited: docs/counting.md gives the rule in words."""
        if self.is_template or self.of_longer < _LEAST_OF_LONGER:
            return False
        if self.of_longer < _OF_LONGER and self.lead_of_longer < _LEAD_SHARED:
            return False
        low, high = sorted((self.lead_a, self.lead_b))
        if self.of_shorter >= (_NEARLY_ALL if high < _NO_LEAD else _MOST):
            return True
        much = self.of_shorter >= _MUCH and self.of_longer >= _PART_OF_LONGER
        return much and low >= _LEAD_SHARED


def compare(a: Codes, b: Codes) -> Shared:
    """Measure what two rows of word codes share. The same pair gives the same figures whatever else
    is in the corpus; ``compare(b, a)`` mirrors ``compare(a, b)`` but for ``slots``, which are
    counted in the shorter text, in the first when both are as long."""
    in_a, in_b = _covered(a, b)
    swap = len(b) < len(a)
    slots, same = _slots(b, a, in_b) if swap else _slots(a, b, in_a)
    return Shared(
        of_a=_mean(in_a),
        of_b=_mean(in_b),
        lead_a=_mean(in_a[:_LEAD]),
        lead_b=_mean(in_b[:_LEAD]),
        slots=slots,
        slots_same=same,
        longer_is_b=not swap,
    )


Flags = npt.NDArray[np.bool_]


def _mean(flags: Flags) -> float:
    return float(flags.mean()) if len(flags) else 0.0


def _covered(a: Codes, b: Codes) -> tuple[Flags, Flags]:
    """For each word of a, and of b, whether it stands in a passage that both have."""
    hashes_a, hashes_b = passages(masked(a)), passages(masked(b))
    return (
        _spread(_present(hashes_a, hashes_b), len(a), PASSAGE),
        _spread(_present(hashes_b, hashes_a), len(b), PASSAGE),
    )


def _present(hashes: Hashes, others: Hashes) -> Flags:
    """Which of ``hashes`` are among ``others``; np.isin takes five times as long on a text."""
    if not len(others):
        return np.zeros(len(hashes), np.bool_)
    others = np.sort(others)
    found: Flags = others.take(np.searchsorted(others, hashes), mode="clip") == hashes
    return found


def _spread(hits: Flags, length: int, size: int) -> Flags:
    """Passages found -> words covered."""
    flags = np.zeros(length, dtype=np.bool_)
    for i in range(size if len(hits) else 0):
        flags[i : i + len(hits)] |= hits
    return flags


def _slots(a: Codes, b: Codes, in_a: Flags) -> tuple[int, float]:
    """Covered slots of a, and the fraction that b has beside the same word (before or after)."""
    slots = np.flatnonzero((a >= SLOT) & in_a)
    if not len(slots):
        return 0, 1.0
    pairs: Hashes = passages(a, 2)
    same = _spread(_present(pairs, passages(b, 2)), len(a), 2)[slots]
    return len(slots), float(same.mean())
