"""Quantities of invented sentences, read end to end (quantity_sentences.txt)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import dateline
from dateline.record.build import read_context
from dateline.record.quantities import find_quantities

SENTENCES = Path(__file__).with_name("quantity_sentences.txt")
Counted = tuple[str, float | None, str, str]


def rows() -> list[tuple[str, list[Counted]]]:
    found = []
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sentence, _, rest = line.partition("|")
            parts = [part for part in rest.split(" ; ") if part.strip()]
            found.append((sentence.strip(), [_counted(part) for part in parts]))
    return found


def _counted(text: str) -> Counted:
    words, _, rest = text.strip().partition(" = ")
    value, *unit, bound = rest.split(" ")
    return words, None if value == "-" else float(value), " ".join(unit), bound


def read(sentence: str) -> list[Counted]:
    found = find_quantities(read_context(sentence, date(2024, 5, 16)))
    return [(q.text, q.value, q.unit, q.bound) for q in found]


def test_quantities_of_sentences():
    """All were right when written; tagging may lose two."""
    wrong = [(s, right, read(s)) for s, right in rows() if right and read(s) != right]
    assert len(wrong) <= 2, wrong


def test_times_ages_and_labels_are_no_quantities():
    wrong = [(s, read(s)) for s, right in rows() if not right and read(s)]
    assert wrong == []


def test_more_digits_than_a_float_holds_are_kept_as_words():
    record = dateline.read(f"Rebels freed {'9' * 400} hostages in Chad on Monday, officials said.")
    (quantity,) = record.quantities
    assert quantity.value is None
    assert quantity.text.startswith("999")
    assert type(record).model_validate_json(record.model_dump_json()) == record
