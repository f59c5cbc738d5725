"""What holds across articles: stories of common origin, and acts that several articles tell."""

from __future__ import annotations

import duckdb

from dateline.store.acts import update_acts
from dateline.store.stories import Stories
from dateline.store.writer import roll_back, set_across


class Across:
    """Keeps the copy index from one update of a build to the next."""

    def __init__(self) -> None:
        self._stories = Stories()

    def update(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Bring stories and acts up to date with all committed articles, in one transaction."""
        connection.begin()
        try:
            changed = self._stories.update(connection)
            update_acts(connection, changed)
            set_across(connection, done=True)
            connection.commit()
        except BaseException:
            self._stories.forget()
            roll_back(connection)
            raise
