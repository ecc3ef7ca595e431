"""Tables with cells that every format supports: Arrow's other types (lists, structures, bytes) become text."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any

import pyarrow as pa

from pipeline.batch.arrow_columns import is_text


def flat_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema of what :func:`flat` returns."""
    return pa.schema([(field.name, field.type if _is_plain(field.type) else pa.string()) for field in schema])


def flat(table: pa.Table) -> pa.Table:
    """Return the table with lists and structures as JSON, and bytes as hexadecimal digits."""
    for position, field in enumerate(table.schema):
        if not _is_plain(field.type):
            cells = [text_of(value) for value in table[field.name].to_pylist()]
            table = table.set_column(position, field.name, pa.array(cells, pa.string()))
    return table


def text_of(value: Any) -> str | None:
    """Return the text of a cell that is no plain value: lists and structures as JSON; ``None`` if it is empty."""
    if value is None:
        return None
    return as_json(value) if isinstance(value, dict | list | tuple) else as_plain(value)


def as_json(value: Any) -> str:
    """Return a value as JSON, which has no NaN and no infinity: they become ``null``."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=as_plain)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, default=as_plain)


def as_plain(value: Any) -> str:
    """Return a value as text: bytes as hexadecimal digits, days and moments as ISO 8601 has them."""
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, dt.date | dt.datetime | dt.time) else str(value)


def _is_plain(kind: pa.DataType) -> bool:
    """Tell whether every format supports values of this type; others (lists, bytes, UUIDs, views) become text."""
    types = pa.types
    if types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    tests = (is_text, types.is_boolean, types.is_integer, types.is_floating, types.is_decimal, types.is_null)
    times = (types.is_date, types.is_time, types.is_timestamp, types.is_duration)
    return any(test(kind) for test in (*tests, *times))


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    return [_finite(each) for each in value] if isinstance(value, list | tuple) else value
