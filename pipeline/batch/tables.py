"""Tables in memory, for notebooks: pandas, Polars or Arrow in, the same kind out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import pyarrow as pa

from pipeline.batch.arrow_columns import readable_columns
from pipeline.batch.chunks import Piece
from pipeline.batch.columns import Columns
from pipeline.batch.engines.local import LocalEngine
from pipeline.batch.flatten import as_json
from pipeline.batch.plan import plan_source
from pipeline.batch.run import CHUNK_ROWS, Model, answering_for
from pipeline.batch.values import cell_text
from pipeline.champion import resolve_model
from pipeline.errors import DataError
from pipeline.router import Router

_NAME = "the table"  # what messages call it
Table = TypeVar("Table")


def reclassify(
    data: Table,
    *,
    model: str | Path = "models/default",
    region: str | None = None,
    columns: Columns | None = None,
    prefix: str = "disposisi_",
    processes: int = 1,
) -> Table:
    """Return a table with the suggestions for its complaints as added columns.

    Parameters
    ----------
    data : pandas.DataFrame, polars.DataFrame or pyarrow.Table
        One complaint a row.
    model
        The model's folder, or a folder of models whose champion is used.
    columns
        The columns' names, where they are not detected.
    prefix
        Prefix of the added columns' names.
    processes
        Number of processes; more than one pays off from some thousand rows on.

    Returns
    -------
    table of the kind of ``data``
        All its rows in their order, untouched, and the columns that ``disposisi reclassify`` adds. A row that cannot
        be used has nulls in them and its reason in ``disposisi_refused``.

    Raises
    ------
    DataError
        If ``data`` is not such a table, has no column that looks like the text or already has one of the added columns,
        or if ``processes`` is less than 1.
    ModelError
        If the model cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.batch import reclassify
    >>> aduan = pd.DataFrame({"text": ["lampu jalan mati sudah seminggu"]})
    >>> reclassify(aduan).disposisi_agency[0]  # doctest: +SKIP
    'dishub'
    """
    kind = _kind_of(data)
    held = _COLUMNS[kind](data)
    names = [name for name, _ in held]
    if processes < 1:
        raise DataError(f"processes={processes} is not a positive number.", mend="Use 1 or more.")
    needed = sorted(set(_positions(names, columns or Columns())))
    table = pa.table([_arrow(held[i][1]) for i in needed], names=[names[i] for i in needed])
    source = TableSource(readable_columns(table))  # Polars uses views
    plan = plan_source(source, columns or Columns())
    folder = resolve_model(Path(model))
    answering = answering_for(plan, prefix, Model(folder, region).today())
    if taken := sorted(set(names) & {*answering.added.names, f"{prefix}refused"}):
        raise DataError(f"The table already has a column {taken[0]!r}.", mend="Choose another prefix.")
    engine = LocalEngine(lambda: Router.load(folder, region, today=lambda: answering.day), answering, processes)
    answered = sorted(engine.answers(plan.chunks(CHUNK_ROWS)), key=lambda answered: answered.number)
    refused = {row.row: row.reason for chunk in answered for row in chunk.refused}
    places = iter(range(len(source.table)))
    positions = [None if row in refused else next(places) for row in range(len(source.table))]
    schema = answering.added
    tables = [chunk.table.select(schema.names) for chunk in answered]
    added = pa.concat_tables(tables or [schema.empty_table()]).take(pa.array(positions, pa.int64()))
    reasons = pa.array([refused.get(row) for row in range(len(source.table))], pa.string())
    return cast("Table", _JOIN[kind](data, added.append_column(f"{prefix}refused", reasons)))


@dataclass(frozen=True, slots=True)
class TableSource:
    """A table in memory; its rows are counted from 0."""

    table: pa.Table
    name: str = _NAME

    @property
    def schema(self) -> pa.Schema:
        """The columns."""
        return self.table.schema

    @property
    def expected_rows(self) -> int:
        """How many rows there are."""
        return len(self.table)

    def fingerprint(self) -> dict[str, Any]:
        """Return the number of rows; a run over a table in memory is never resumed."""
        return {"rows": len(self.table)}

    def pieces(self, size: int) -> Iterator[Piece]:
        """Yield all rows, ``size`` at a time."""
        for start in range(0, len(self.table), size):
            rows = range(start, min(start + size, len(self.table)))
            # take() copies: a slice would be sent to every process with the whole table.
            yield Piece(rows, self.table.take(pa.array(rows, pa.int64())))


def _positions(names: list[str], columns: Columns) -> Iterable[int]:
    """Return the positions of the required columns.

    Raises
    ------
    DataError
        If a given column is missing, or none has the text; the message says what to write in a notebook.
    """
    try:
        return columns.find(names, _NAME).values()
    except DataError as error:
        raise DataError(
            error.what, mend=error.mend.replace("with --text COLUMN", "by columns=Columns(text=…)")
        ) from None


def _kind_of(data: object) -> str:
    """Return the library that the table's class, or a base class, comes from: pandas for a GeoDataFrame.

    Raises
    ------
    DataError
        If it is not a table.
    """
    for base in type(data).__mro__:
        library = base.__module__.partition(".")[0]
        if library in _JOIN and base.__name__ in {"DataFrame", "Table"}:
            return library
    raise DataError(
        f"{type(data).__module__}.{type(data).__name__} is not a pandas, Polars or Arrow table.",
        mend="Collect a lazy frame first; turn a series into a frame.",
    )


def _pandas_columns(data: Any) -> list[tuple[str, Any]]:
    """Return the columns, followed by the named levels of the index."""
    indexed = [(str(name), level) for level, name in enumerate(data.index.names) if name is not None]
    levels = [(name, data.index.get_level_values(level).to_series()) for name, level in indexed]
    return [*((str(name), data.iloc[:, position]) for position, name in enumerate(data.columns)), *levels]


_COLUMNS: dict[str, Callable[[Any], list[tuple[str, Any]]]] = {
    "pandas": _pandas_columns,
    "polars": lambda data: [(name, data[name]) for name in data.columns],
    "pyarrow": lambda data: list(zip(data.column_names, data.columns, strict=True)),
}


def _arrow(column: Any) -> Any:
    """Return a column of any table for Arrow; mixed values, such as numbers among texts, become text."""
    if isinstance(column, pa.ChunkedArray):
        return column
    try:
        return column.to_arrow() if hasattr(column, "to_arrow") else pa.array(column, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError):
        texts = [None if type(cell).__name__ in _MISSING else _as_text(cell) for cell in column]
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:  # an unpaired surrogate: as bytes, so that only its row is refused
        return pa.array([text and text.encode("utf-8", "surrogatepass") for text in texts], pa.binary())


def _as_text(cell: Any) -> str:
    return as_json(cell) if isinstance(cell, dict | list) else cell_text(cell)


_MISSING = {"NoneType", "NAType", "NaTType"}


def _join_pandas(data: Any, added: pa.Table) -> Any:
    # Not join(): an index with duplicates would multiply the rows.
    return data.assign(**{name: added[name].to_pandas().to_numpy() for name in added.schema.names})


def _join_polars(data: Any, added: pa.Table) -> Any:
    import polars  # noqa: PLC0415 (whoever hands in its table has it)

    return data.hstack(polars.from_arrow(added))


def _join_arrow(data: pa.Table, added: pa.Table) -> pa.Table:
    for field, column in zip(added.schema, added.columns, strict=True):
        data = data.append_column(field, column)
    return data


_JOIN = {"pandas": _join_pandas, "polars": _join_polars, "pyarrow": _join_arrow}
