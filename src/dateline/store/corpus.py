"""Reading a store from Python: ``dateline.open``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, get_args

from dateline.store.aggregates import Aggregate, By, aggregate
from dateline.store.filters import Filters, QueryError, make_filters
from dateline.store.queries import ACT_LINES, Query, What, select
from dateline.store.schema import StoreError, check, version

if TYPE_CHECKING:
    import duckdb

Frame = Literal["pandas", "polars", "arrow"]
Row = dict[str, Any]

# Rows fetched at a time, which bounds the memory of an export.
_BATCH = 2000
_UTC_TEXT = "strftime({column} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ') AS {column}"


def open_corpus(path: Path | str, *, frame: Frame | None = None, corrected: bool = True) -> Corpus:
    """A store to read; see ``Corpus``. ``frame`` is what its tables come as: 'pandas', 'polars' or
    'arrow'; None takes the first of these that is installed. With ``corrected`` rows are as people
    corrected them (docs/corrections.md), without it as the machine read them.

    Raises StoreError for a file that is missing, is no store, or that a build holds.
    """
    return Corpus(Path(path), frame=frame, corrected=corrected)


class Corpus:
    """A store, read only. Its methods give tables; conditions are those of ``dateline query``:

    ``actor``, ``pair``, ``country``, ``type``, ``since``, ``until``, ``place``, ``issue``,
    ``status``, ``text``, each a value or a list of values. They raise QueryError when a condition
    cannot be met. Days are dates, moments are in UTC, spans are half-open character offsets into the
    article's text.
    """

    def __init__(self, path: Path, *, frame: Frame | None = None, corrected: bool = True) -> None:
        self.path = path
        self.frame = _frame(frame)
        self._connection = connect(path, corrected=corrected)

    def __enter__(self) -> Corpus:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @property
    def has_text(self) -> bool:
        """False for a store built with ``--no-text``."""
        row = self._connection.execute(
            "SELECT count(*), count(text) FROM articles WHERE characters > 0"
        ).fetchone()
        return row is None or row[0] == 0 or row[1] > 0

    def events(self, *, limit: int | None = None, **conditions: Any) -> Any:
        """Acts, each once: who did what to whom, where and when, how many articles (``n_articles``)
        and how many independent stories (``n_independent``) tell it, and the words of one of them."""
        return self._frame_of("events", limit, conditions)

    def reports(self, *, limit: int | None = None, **conditions: Any) -> Any:
        """Acts as each article tells them; ``event`` is the id of the act in ``events``."""
        return self._frame_of("reports", limit, conditions)

    def statements(self, *, limit: int | None = None, **conditions: Any) -> Any:
        """Who said what, to whom, how and when."""
        return self._frame_of("statements", limit, conditions)

    def positions(self, *, limit: int | None = None, **conditions: Any) -> Any:
        """Where a party stands on an issue, and the words."""
        return self._frame_of("positions", limit, conditions)

    def actors(self, *, limit: int | None = None, **conditions: Any) -> Any:
        """Actors with the countries, sectors and offices they had, and how often they appear."""
        return self._frame_of("actors", limit, conditions)

    def articles(self, *, limit: int | None = None, **conditions: Any) -> Any:
        """Articles without their text."""
        return self._frame_of("articles", limit, conditions)

    def dyad_months(self, *, by: By = "country", **conditions: Any) -> Any:
        """Acts by month, actor and recipient, and by quad class."""
        return self._frame(aggregate("dyad-months", make_filters(**conditions), by=by))

    def net_cooperation(self, *, by: By = "country", **conditions: Any) -> Any:
        """Cooperation less conflict by month, actor and recipient; ``intensity`` is the sum of the
        acts' scores."""
        return self._frame(aggregate("net-cooperation", make_filters(**conditions), by=by))

    def position_changes(self, *, by: By = "actor", **conditions: Any) -> Any:
        """Positions that differ from the one a party took on the issue before."""
        return self._frame(aggregate("position-changes", make_filters(**conditions), by=by))

    def text(self, article: str) -> str | None:
        """The text of an article; None for a store built without text. Raises KeyError for an id
        that no article has."""
        from dateline.store.packing import unpack

        row = self._connection.execute(
            "SELECT text FROM articles WHERE id = ?", [article]
        ).fetchone()
        if row is None:
            raise KeyError(article)
        return None if row[0] is None else unpack(row[0])

    def sql(self, query: str, values: Mapping[str, Any] | None = None) -> Any:
        """Your own SELECT over the tables of the store (docs/store.md), as a table."""
        return self._frame(Query(query, dict(values or {})))

    def rows(
        self,
        what: What | Aggregate,
        filters: Filters,
        *,
        limit: int | None = None,
        by: By = "country",
    ) -> Iterator[Row]:
        """Rows of a kind one by one, with moments as ISO 8601 text in UTC."""
        query = self._query(what, filters, limit, by)
        yield from self.stream(query)

    def stream(self, query: Query) -> Iterator[Row]:
        """Rows of a query one by one, with moments as ISO 8601 text in UTC."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(self._with_text_moments(query), query.values)
            names = [column[0] for column in cursor.description or ()]
            while batch := cursor.fetchmany(_BATCH):
                yield from (dict(zip(names, row, strict=True)) for row in batch)
        finally:
            cursor.close()

    def columns(self, query: Query) -> list[str]:
        """Names of a query's columns."""
        described = self._connection.execute(f"DESCRIBE {query.sql}", query.values).fetchall()
        return [str(row[0]) for row in described]

    def write_parquet(self, query: Query, path: Path) -> None:
        """Write a query's rows to a Parquet file."""
        found = self._connection.sql(query.sql, params=query.values)
        found.write_parquet(str(path), compression="zstd")

    def _query(self, what: What | Aggregate, filters: Filters, limit: int | None, by: By) -> Query:
        if what in get_args(What):
            return select(what, filters, limit)  # type: ignore[arg-type]
        query = aggregate(what, filters, by=by)  # type: ignore[arg-type]
        if limit is None:
            return query
        return Query(f"SELECT * FROM ({query.sql}) LIMIT {int(limit)}", query.values)

    def _with_text_moments(self, query: Query) -> str:
        described = self._connection.execute(f"DESCRIBE {query.sql}", query.values).fetchall()
        moments = [row[0] for row in described if row[1] == "TIMESTAMP WITH TIME ZONE"]
        if not moments:
            return query.sql
        replaced = ", ".join(_UTC_TEXT.format(column=f'"{name}"') for name in moments)
        return f"SELECT * REPLACE ({replaced}) FROM ({query.sql})"

    def _frame_of(self, what: What, limit: int | None, conditions: Mapping[str, Any]) -> Any:
        return self._frame(select(what, make_filters(**conditions), limit))

    def _frame(self, query: Query) -> Any:
        found = self._connection.sql(query.sql, params=query.values).to_arrow_table()
        if self.frame == "arrow":
            return found
        if self.frame == "pandas":
            return found.to_pandas(date_as_object=False)
        import polars

        return polars.from_arrow(found)


def _frame(wanted: Frame | None) -> Frame:
    choices: tuple[Frame, ...] = get_args(Frame)
    if wanted is None:
        return next(name for name in choices if name == "arrow" or find_spec(name) is not None)
    if wanted not in choices:
        raise QueryError(f"frame: expected one of {', '.join(choices)}, found {wanted!r}")
    if wanted != "arrow" and find_spec(wanted) is None:
        raise QueryError(f"frame: {wanted} is not installed; try: pip install {wanted}")
    return wanted


def connect(path: Path, *, corrected: bool = True) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a store. Raises StoreError.

    The store itself is the catalog ``machine``. Its tables' own names are views, which show rows as
    people corrected them, or the same rows without ``corrected``.
    """
    import duckdb

    if not path.is_file():
        raise StoreError(f"expected a store made by `dateline build`; there is no file {path}")
    # What does not fit into memory goes where it would if the store were opened for itself.
    connection = duckdb.connect(config={"temp_directory": f"{path}.tmp"})
    try:
        _attach(connection, path)
        _lay_over(connection, path, corrected)
        connection.execute(f"CREATE VIEW act_lines AS {ACT_LINES}")
        connection.execute("SET TimeZone = 'UTC'")
        _add_functions(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    import duckdb

    quoted = str(path).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{quoted}' AS machine (READ_ONLY)")
    except duckdb.Error as error:
        raise StoreError(f"cannot open {path}: {_first_line(error)}") from None
    connection.execute("USE machine")
    found = version(connection)
    connection.execute("USE memory")
    if found == 0:
        raise StoreError(f"expected a dateline store; {path} is an empty database")
    check(found)


def _lay_over(connection: duckdb.DuckDBPyConnection, path: Path, corrected: bool) -> None:
    from dateline.store.corrections import Corrections, lay_over

    lay_over(connection, Corrections(path).in_force() if corrected else [])


def _add_functions(connection: duckdb.DuckDBPyConnection) -> None:
    """``page_text(blob)``: the words of a packed text, for conditions on whole articles."""
    from dateline.store.packing import unpack

    connection.create_function("page_text", unpack, ["BLOB"], "VARCHAR")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
