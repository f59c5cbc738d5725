"""Copies and stories: which articles print one text, and how many sources a set of articles has.

``signature`` of a text, ``CopyFinder`` for stories, ``count_sources`` for outlets and independent
sources. docs/counting.md describes the rules.
"""

from dateline.store.copies.finder import CopyFinder, Link, Placement, story_id
from dateline.store.copies.shared import Shared, compare
from dateline.store.copies.signature import Signature, signature
from dateline.store.copies.sources import (
    Origin,
    Printing,
    SourceCount,
    count_sources,
    printing,
    quoted_agencies,
)

__all__ = [
    "CopyFinder",
    "Link",
    "Origin",
    "Placement",
    "Printing",
    "Shared",
    "Signature",
    "SourceCount",
    "compare",
    "count_sources",
    "printing",
    "quoted_agencies",
    "signature",
    "story_id",
]
