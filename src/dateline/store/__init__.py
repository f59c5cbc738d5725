"""The store: many records in one DuckDB file. ``docs/store.md`` describes its tables."""
