"""One chunk answered: the same function for every engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import pyarrow as pa

from pipeline.batch.chunks import BadRow, Chunk
from pipeline.batch.labels import acting_for
from pipeline.batch.values import NESTED_TEXT, cell_text, date_by, is_nested, readable
from pipeline.complaint import Complaint
from pipeline.errors import ComplaintError
from pipeline.region import Region
from pipeline.router import Router
from pipeline.routing import Routing

SHOWN_AGENCIES = 3

ADDED = pa.schema(
    [
        ("agency", pa.string()),
        ("agency_name", pa.string()),
        ("probability", pa.float64()),
        ("agency_2", pa.string()),
        ("probability_2", pa.float64()),
        ("agency_3", pa.string()),
        ("probability_3", pa.float64()),
        ("decision", pa.string()),
        ("urgency", pa.string()),
        ("urgency_probability", pa.float64()),
        ("urgency_reason", pa.string()),
        ("place", pa.string()),
        ("place_name", pa.string()),
        ("kecamatan", pa.string()),
        ("previous", pa.string()),
        ("agrees", pa.bool_()),
        ("model", pa.string()),
    ]
)
SOURCE = pa.schema([("file", pa.string()), ("row", pa.int64())])  # the same columns as in OUT.rejected.csv


@dataclass(frozen=True, slots=True)
class Answering:
    """The settings that every chunk is answered with, besides the router.

    Attributes
    ----------
    prefix
        Prefix of the added columns' names.
    day
        The day the run began, however long it takes. Agencies that exist on that day are suggested, and previous labels
        are moved to them.
    source_columns
        Whether each row also gets its file and its row number there.
    """

    prefix: str
    day: dt.date
    source_columns: bool = False

    @property
    def added(self) -> pa.Schema:
        """The added columns under their names."""
        fields = [*ADDED, *(SOURCE if self.source_columns else ())]
        return pa.schema([(self.prefix + field.name, field.type) for field in fields])


@dataclass(frozen=True, slots=True)
class Answered:
    """A chunk's answers.

    Attributes
    ----------
    table
        The usable rows in their order: their own columns, then the added ones.
    refused
        The others, by row number.
    input_digest
        :attr:`Chunk.digest` of what was answered.
    """

    number: int
    table: pa.Table
    refused: tuple[BadRow, ...]
    input_digest: str


def answer(router: Router, chunk: Chunk, answering: Answering) -> Answered:
    """Answer a chunk; a row whose text cannot be used is refused, never lost."""
    routings, refused = _routed(router, chunk)
    labels, dates = (_cells(chunk, role) for role in ("agency", "date"))
    # One cache per chunk: a longer-lived one would keep the router in memory.
    acting = lru_cache(maxsize=None)(partial(acting_for, router.region, day=answering.day))
    file = chunk.source.encode("utf-8", "backslashreplace").decode()  # a file name may not be valid UTF-8
    rows = [
        (
            *_added(router, routing, _acting_for(router.region, acting, labels[position], dates[position])),
            *((file, chunk.piece.rows[position]) if answering.source_columns else ()),
        )
        for position, routing in routings.items()
    ]
    added = answering.added
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(added)
    table = chunk.piece.table
    if len(routings) < len(table):
        table = table.take(pa.array(list(routings), pa.int64()))
    for field, column in zip(added, columns, strict=True):
        table = table.append_column(field, pa.array(column, field.type))
    return Answered(chunk.number, table, tuple(sorted(refused, key=lambda row: row.row)), chunk.digest)


def _routed(router: Router, chunk: Chunk) -> tuple[dict[int, Routing], list[BadRow]]:
    """Return the routings of the usable rows by their position, and the rows that cannot be used."""
    complaints: dict[int, Complaint] = {}
    reasons: dict[int, str] = {}
    for position, (text, address) in enumerate(zip(_cells(chunk, "text"), _cells(chunk, "address"), strict=True)):
        if is_nested(text):
            reasons[position] = NESTED_TEXT
            continue
        try:
            complaints[position] = Complaint(readable(text), address=readable(address) or None)
        except ComplaintError as error:
            reasons[position] = error.english if cell_text(text) else "the text is empty"
    # Campaigns send the same text many times; it is answered once per chunk.
    distinct = list(dict.fromkeys(complaints.values()))
    answers = dict(zip(distinct, _routings(router, distinct), strict=True))
    routings: dict[int, Routing] = {}
    for position, complaint in complaints.items():
        found = answers[complaint]
        if isinstance(found, str):
            reasons[position] = found
        else:
            routings[position] = found
    unusable = [BadRow(chunk.source, chunk.piece.rows[position], reason) for position, reason in reasons.items()]
    return routings, [*chunk.piece.refused, *unusable]


def _routings(router: Router, complaints: list[Complaint]) -> list[Routing | str]:
    """Return the routings, with the reason in place of that of a complaint on which the router fails."""
    try:
        return list(router.route_many(complaints))
    except Exception as error:
        if len(complaints) == 1:
            return [f"the model failed on it: {type(error).__name__}"]
    half = len(complaints) // 2
    return _routings(router, complaints[:half]) + _routings(router, complaints[half:])


def _cells(chunk: Chunk, role: str) -> list[Any]:
    name = chunk.roles.get(role)
    return chunk.piece.table[name].to_pylist() if name else [None] * len(chunk.piece.table)


def _added(router: Router, routing: Routing, acting: Sequence[str]) -> Sequence[Any]:
    """Return the added cells in the order of ``ADDED``; ``acting`` are the agencies acting for the previous one."""
    first = routing.agencies[0]
    shown: list[Any] = []
    for position in range(1, SHOWN_AGENCIES):
        other = routing.agencies[position] if position < len(routing.agencies) else None
        shown += (other.code, other.probability) if other else (None, None)
    place = routing.place
    return (
        first.code,
        first.name,
        first.probability,
        *shown,
        routing.decision.value,
        routing.level.value,
        routing.level_probability,
        "; ".join(routing.reasons) or None,
        *((place.code, place.name, place.kecamatan) if place else (None, None, None)),
        (first.code if first.code in acting else acting[0]) if acting else None,
        first.code in acting if acting else None,
        router.name,
    )


def _acting_for(region: Region, acting: Callable[..., tuple[str, ...]], label: Any, date: Any) -> tuple[str, ...]:
    """Return the agencies acting for a previous label; its date is only parsed where it makes a difference."""
    text = cell_text(label)
    if not text:
        return ()
    labelled = date_by(date, region.clock) if region.is_shared(text) else None
    return acting(text, on=labelled.date() if labelled else None)
