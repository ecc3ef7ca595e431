"""Export of decisions as labelled training data: masked, with the last decision as label and hashed authors."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.atomic_files import replacing, write_whole
from pipeline.clock import WIB, local_day
from pipeline.errors import DataError
from pipeline.replaceable import check_table_replaceable
from pipeline.text import mask
from serve.store import models, record
from serve.store.erasure import is_erased
from serve.store.history import Entry
from serve.store.labels import label_of, labelling, standing
from serve.store.lifecycle import Action, Status

_ROWS_AT_ONCE: Final = 5000
_UNDECIDED_SCHEMA = pa.schema(
    [("id", pa.string()), ("text", pa.string()), ("address", pa.string()), ("date", pa.timestamp("us", tz="UTC"))]
)
_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("text", pa.string()),
        ("address", pa.string()),
        ("agency", pa.string()),
        ("urgency", pa.string()),
        ("date", pa.timestamp("us", tz="UTC")),
        ("decided_by", pa.string()),
        ("returned_by", pa.list_(pa.string())),
        ("decisions", pa.list_(pa.struct([("agency", pa.string()), ("by", pa.string())]))),
    ]
)


@dataclass
class TrainingCard:
    """Data card of an export, without any text."""

    rows: int = 0
    undecided: int = 0
    secret: int = 0
    erased: int = 0
    returned: int = 0
    decided_twice: int = 0
    since: str | None = None
    until: str | None = None
    agencies: dict[str, int] = field(default_factory=dict)
    sha256: str = ""

    def count(self, row: Mapping[str, Any], clock: dt.tzinfo) -> None:
        """Count a decided complaint, given as its row of the file, on its day by a clock."""
        day = local_day(row["date"], clock).isoformat()
        self.rows += 1
        self.returned += bool(row["returned_by"])
        self.decided_twice += len(row["decisions"]) > 1
        self.since, self.until = min(self.since or day, day), max(self.until or day, day)
        self.agencies[row["agency"]] = self.agencies.get(row["agency"], 0) + 1


def export_training(session: Session, path: Path, clock: dt.tzinfo = WIB) -> TrainingCard:
    """Write every decided complaint to a Parquet file, with a card as JSON beside it; neither is ever half-written.

    Secret complaints are left out. An urgency is a label only if a person set it: one merely left unchanged would teach
    the model its own guesses.

    Parameters
    ----------
    clock
        By which the card tells days.

    Raises
    ------
    DataError
        If the file exists and isn't an export, or has decisions while this store has none.
    """
    check_table_replaceable(path, _UNDECIDED_SCHEMA, "export-training")
    # The key isn't kept: the same hash is the same person within one export, and names cannot be guessed by hashing.
    key = secrets.token_bytes(32)
    card = TrainingCard()
    rows = _rows(session, key, card, clock)
    first = list(islice(rows, 1))
    if not first and path.exists() and pq.read_metadata(path).num_rows:
        raise DataError(
            f"This store has no decisions, but {path} contains some: it was not overwritten.",
            mend="Check --database; if it is the right store, delete the file first.",
        )
    _write(path, _SCHEMA, chain(first, rows))
    _write_card(path, card)
    return card


def forget_exported(path: Path, numbers: Collection[int], clock: dt.tzinfo = WIB) -> int:
    """Remove complaints from a file of :func:`export_training` or :func:`export_undecided`; return how many rows.

    Parameters
    ----------
    clock
        By which the new card tells days.

    Raises
    ------
    DataError
        If it isn't such a file.
    """
    table = _exported(path)
    gone = pc.is_in(table["id"], pa.array([str(number) for number in numbers], pa.string()))
    left = table.filter(pc.invert(gone))
    erased = int(table.num_rows - left.num_rows)
    if not erased:
        return 0
    with replacing(path) as unfinished:
        pq.write_table(left, unfinished, compression="zstd")
    if set(_SCHEMA.names) <= set(left.column_names):
        card = TrainingCard(erased=erased)
        for row in left.select(["date", "agency", "returned_by", "decisions"]).to_pylist():
            card.count(row, clock)
        _write_card(path, card)
    return erased


def _exported(path: Path) -> pa.Table:
    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid:
        table = pa.table({})
    if not set(_UNDECIDED_SCHEMA) <= set(table.schema):
        raise DataError(f"{path} was not written by export-training.", mend="Check --export.")
    return table


def _write_card(path: Path, card: TrainingCard) -> None:
    """Write a card beside its file, completed with the file's digest."""
    card.agencies = dict(sorted(card.agencies.items()))
    with path.open("rb") as file:
        card.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    content = json.dumps(asdict(card), indent=2, ensure_ascii=False)
    write_whole(path.with_suffix(".card.md"), f"# Decisions exported\n\n```json\n{content}\n```\n")


def export_undecided(session: Session, path: Path) -> int:
    """Write the queue's complaints to a Parquet file, masked and without secret ones, and return how many.

    Raises
    ------
    DataError
        If the file exists and isn't an export.
    """
    check_table_replaceable(path, _UNDECIDED_SCHEMA, "export-training")
    complaint = models.Complaint
    waiting = select(complaint).where(complaint.status == str(Status.PERLU_VERIFIKASI), ~complaint.secret)
    found = session.scalars(waiting.order_by(complaint.id).execution_options(yield_per=_ROWS_AT_ONCE))
    return _write(path, _UNDECIDED_SCHEMA, (_words(one) for one in found if not is_erased(session, one)))


def _write(path: Path, schema: pa.Schema, rows: Iterator[dict[str, Any]]) -> int:
    """Write rows to a Parquet file atomically, and return how many."""
    written = 0
    with replacing(path) as unfinished, pq.ParquetWriter(unfinished, schema, compression="zstd") as writer:
        for batch in iter(lambda: list(islice(rows, _ROWS_AT_ONCE)), []):
            writer.write_table(pa.Table.from_pylist(batch, schema))
            written += len(batch)
    return written


def _rows(session: Session, key: bytes, card: TrainingCard, clock: dt.tzinfo) -> Iterator[dict[str, Any]]:
    query = select(models.Complaint).order_by(models.Complaint.id)
    for complaint in session.scalars(query.execution_options(yield_per=_ROWS_AT_ONCE)):
        if is_erased(session, complaint):
            card.erased += 1
            continue
        if complaint.secret:
            card.secret += 1
            continue
        entries = [record.entry_from_json(row.body) for row in record.rows_of(session, complaint.id)]
        row = _row(complaint, standing(entries), key)
        if row is None:
            card.undecided += 1
            continue
        card.count(row, clock)
        yield row


def _row(complaint: models.Complaint, entries: list[Entry], key: bytes) -> dict[str, Any] | None:
    """Return the labelled complaint; ``None`` without a decision, or if the last one turned out to be wrong."""
    decided = labelling(entries)
    if not decided:
        return None
    by_people = [entry.urgency for entry in entries if entry.urgency and entry.action is not Action.RECEIVE]
    return _words(complaint) | {
        "agency": label_of(decided[-1]),
        "urgency": str(by_people[-1]) if by_people else None,
        "decided_by": _hashed(decided[-1].by, key),
        "returned_by": [entry.agency for entry in entries if entry.action is Action.RETURN and entry.agency],
        "decisions": [{"agency": label_of(entry), "by": _hashed(entry.by, key)} for entry in decided],
    }


def _words(complaint: models.Complaint) -> dict[str, Any]:
    """Return the masked columns common to both exports."""
    return {
        "id": str(complaint.id),
        "text": mask(complaint.text),
        "address": mask(complaint.address) if complaint.address else None,
        "date": complaint.received_at.astimezone(dt.UTC),
    }


def _hashed(name: str, key: bytes) -> str:
    return hmac.new(key, name.encode(), hashlib.sha256).hexdigest()[:16]
