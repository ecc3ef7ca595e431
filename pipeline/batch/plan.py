"""What a run reads: its sources, the role of their columns, and one common schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from pipeline.batch.chunks import WHOLE_FILE, BadRow, Chunk, place_of
from pipeline.batch.columns import Columns, columns_of_each
from pipeline.batch.file_source import Source
from pipeline.batch.files import InputFile
from pipeline.batch.flatten import text_of
from pipeline.batch.headers import roles_of
from pipeline.batch.sources import open_file
from pipeline.errors import DataError


@dataclass(frozen=True, slots=True)
class Planned:
    """A source and its columns by role."""

    source: Source
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """The sources of a run.

    Attributes
    ----------
    schema
        The columns of all sources together; text where their types disagree.
    unusable
        Files that could not be used at all, each with the reason.
    """

    sources: tuple[Planned, ...]
    schema: pa.Schema
    unusable: tuple[BadRow, ...] = ()

    @property
    def expected_rows(self) -> int:
        """How many rows there are, at most."""
        return sum(planned.source.expected_rows for planned in self.sources)

    def fingerprint(self) -> dict[str, Any]:
        """Return what changes when an input does.

        Raises
        ------
        DataError
            If an input has vanished.
        """
        try:
            inputs = [planned.source.fingerprint() for planned in self.sources]
        except OSError as error:
            raise DataError(f"An input can no longer be read: {error}.", mend="Restore it.") from None
        return {
            "inputs": inputs,
            "unusable inputs": [str(row) for row in self.unusable],
            "columns": [str(field) for field in self.schema],
            "roles": [dict(planned.roles) for planned in self.sources],
        }

    def chunks(self, rows: int) -> Iterator[Chunk]:
        """Yield the rows of all sources as numbered chunks of ``rows``; no chunk spans two sources or sheets."""
        number = 0
        for planned in self.sources:
            for piece in planned.source.pieces(rows):
                aligned = replace(piece, table=_aligned(piece.table, self.schema))
                yield Chunk(number, place_of(planned.source.name, piece.part), planned.roles, aligned)
                number += 1


def plan_files(files: Sequence[InputFile], columns: Columns) -> Plan:
    """Open files; of several, those that cannot be used are left out and reported.

    Raises
    ------
    DataError
        If none can be used, or none has a given column.
    """
    opened: list[tuple[InputFile, Source]] = []
    sources: list[Planned] = []
    errors: dict[str, DataError] = {}
    for file in files:
        with _noted(errors, file):
            opened.append((file, open_file(file)))
    named = columns_of_each([source.schema.names for _, source in opened], columns)
    for (file, source), its_columns in zip(opened, named, strict=True):
        with _noted(errors, file):
            sources.append(with_roles(source, its_columns))
    if errors and len(files) == 1:
        raise errors[files[0].url]
    unusable = tuple(_unusable(file, errors[file.url]) for file in files if file.url in errors)
    if not sources:
        mend = "If that does not help, try one file at a time."
        raise DataError(f"None of the {len(files)} files can be used. The first: {unusable[0]}", mend=mend)
    schema = _common(planned.source.schema for planned in sources)
    return Plan(tuple(sources), schema, unusable)


@contextmanager
def _noted(errors: dict[str, DataError], file: InputFile) -> Iterator[None]:
    try:
        yield
    except DataError as error:
        errors[file.url] = error


def _unusable(file: InputFile, error: DataError) -> BadRow:
    """Return the error of one file among several; the file's name is printed before it."""
    return BadRow(file.name, WHOLE_FILE, str(error).removeprefix(file.name).lstrip(": "))


def plan_source(source: Source, columns: Columns) -> Plan:
    """Plan reading one source that is not a file.

    Raises
    ------
    DataError
        As :func:`pipeline.batch.headers.roles_of`.
    """
    return Plan((with_roles(source, columns),), source.schema)


def with_roles(source: Source, columns: Columns) -> Planned:
    """Find the role of each of a source's columns.

    Raises
    ------
    DataError
        As :func:`pipeline.batch.headers.roles_of`.
    """
    return Planned(source, roles_of(source, columns))


def _common(schemas: Iterable[pa.Schema]) -> pa.Schema:
    """Return the columns of all schemas in the order they first appear."""
    types: dict[str, pa.DataType] = {}
    for schema in schemas:
        for field in schema:
            types[field.name] = _wider(types[field.name], field.type) if field.name in types else field.type
    return pa.schema(list(types.items()))


def _wider(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    """Return a type for the values of both types; where Arrow's common type is too narrow, a wider one, or text."""
    try:
        fields = [pa.schema([("x", one)]), pa.schema([("x", other)])]
        wider = pa.unify_schemas(fields, promote_options="permissive").field("x").type
    except pa.ArrowException:
        return pa.string()
    if one == other:
        return one
    if pa.types.is_timestamp(wider) and wider.unit == "ns":  # nanoseconds end in 2262, and some write 9999 for *never*
        return pa.timestamp("us", wider.tz)
    return pa.string() if pa.uint64() in (one, other) and pa.types.is_signed_integer(wider) else wider


def _aligned(table: pa.Table, schema: pa.Schema) -> pa.Table:
    if table.schema.equals(schema):
        return table
    columns = []
    for field in schema:
        if field.name not in table.schema.names:
            columns.append(pa.nulls(len(table), field.type))
        else:
            columns.append(_cast(table[field.name], field.type))
    return pa.table(columns, schema=schema)


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    try:
        # A time may lose fractions of a microsecond.
        return column.cast(kind, safe=not pa.types.is_timestamp(column.type))
    except pa.ArrowException:
        return pa.chunked_array([pa.array(map(text_of, column.to_pylist()), pa.string())])
