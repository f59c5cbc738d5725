"""Fetching news pages, politely and safely, into a folder that ``dateline build`` reads."""

from dateline.fetch.addresses import anywhere, is_public
from dateline.fetch.client import Client, Refused
from dateline.fetch.folder import SIDECAR_SUFFIX, PageFolder
from dateline.fetch.pace import Pace
from dateline.fetch.run import Fetched, Fetcher

__all__ = [
    "SIDECAR_SUFFIX",
    "Client",
    "Fetched",
    "Fetcher",
    "Pace",
    "PageFolder",
    "Refused",
    "anywhere",
    "is_public",
]
