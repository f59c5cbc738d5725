"""Places named in a text, and where they are."""

from dateline.analysis.places.finder import find_places

__all__ = ["find_places"]
