"""The explorer: pages and an HTTP API over a store (``dateline serve``)."""
