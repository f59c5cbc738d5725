"""Stage 1: bytes or str in, one decoded page out."""

from dateline.page.decode import open_page
from dateline.page.model import Page, Problem

__all__ = ["Page", "Problem", "open_page"]
