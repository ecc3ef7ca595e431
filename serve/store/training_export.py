"""What people decided, as labelled complaints to train on: masked, the last decision wins, who decided is a hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.errors import DataError
from pipeline.text import mask
from serve.store import models, record
from serve.store.erasure import is_erased
from serve.store.history import Entry
from serve.store.lifecycle import Action

NOT_COMPLAINT: Final = "bukan-aduan"  # the class of what is no complaint
_LABELLING: Final = frozenset({Action.FORWARD, Action.OUTSIDE, Action.NOT_COMPLAINT})
_ROWS_AT_ONCE: Final = 5000
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
    """What an export holds, without any text."""

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


def export_training(session: Session, path: Path) -> TrainingCard:
    """Write every decided complaint to a Parquet file, and beside it a card as JSON; a crash leaves neither.

    Secret complaints stay at the desk. An urgency is a label only where a person set it: one that was merely not
    changed would teach the model its own guesses.
    """
    # The key is thrown away: within one export the same hash is the same person, and nobody can try names out.
    key = secrets.token_bytes(32)
    card, agencies, unfinished = TrainingCard(), Counter[str](), path.with_name(f".{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with pq.ParquetWriter(unfinished, _SCHEMA, compression="zstd") as writer:
            batch: list[dict[str, Any]] = []
            for row in _rows(session, key, card):
                agencies[row["agency"]] += 1
                batch.append(row)
                if len(batch) == _ROWS_AT_ONCE:
                    writer.write_table(pa.Table.from_pylist(batch, _SCHEMA))
                    batch = []
            writer.write_table(pa.Table.from_pylist(batch, _SCHEMA))
        card.agencies = dict(sorted(agencies.items()))
        card.sha256 = hashlib.sha256(unfinished.read_bytes()).hexdigest()
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _write_card(path, card)
    return card


def forget_exported(path: Path, numbers: Collection[int]) -> int:
    """Take complaints out of a file of :func:`export_training` and return how many rows that were.

    Raises
    ------
    DataError
        If it is no such file.
    """
    try:
        table = pq.read_table(path)
        gone = pc.is_in(table["id"], pa.array([str(number) for number in numbers], pa.string()))
    except (pa.ArrowInvalid, KeyError):
        raise DataError(f"{path} is no file of export-training.", mend="Name one, or none.") from None
    left = table.filter(pc.invert(gone))
    if left.num_rows == table.num_rows:
        return 0
    unfinished = path.with_name(f".{path.name}.part")
    try:
        pq.write_table(left, unfinished, compression="zstd")
        card = TrainingCard(
            rows=left.num_rows,
            erased=table.num_rows - left.num_rows,
            returned=sum(bool(codes) for codes in left["returned_by"].to_pylist()),
            decided_twice=sum(len(decisions) > 1 for decisions in left["decisions"].to_pylist()),
            agencies=dict(sorted(Counter(left["agency"].to_pylist()).items())),
            sha256=hashlib.sha256(unfinished.read_bytes()).hexdigest(),
        )
        if left.num_rows:
            days = [moment.date().isoformat() for moment in left["date"].to_pylist()]
            card.since, card.until = min(days), max(days)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _write_card(path, card)
    return card.erased


def _write_card(path: Path, card: TrainingCard) -> None:
    path.with_suffix(".card.md").write_text(
        f"# Decisions exported\n\n```json\n{json.dumps(asdict(card), indent=2, ensure_ascii=False)}\n```\n",
        encoding="utf-8",
    )


def _rows(session: Session, key: bytes, card: TrainingCard) -> Iterator[dict[str, Any]]:
    for complaint in session.scalars(select(models.Complaint).order_by(models.Complaint.id)):
        if is_erased(complaint):
            card.erased += 1
            continue
        if complaint.secret:
            card.secret += 1
            continue
        entries = [record.entry_from_json(row.body) for row in record.rows_of(session, complaint.id)]
        row = _row(complaint, _standing(entries), key)
        if row is None:
            card.undecided += 1
            continue
        card.rows += 1
        card.returned += bool(row["returned_by"])
        card.decided_twice += len(row["decisions"]) > 1
        day = complaint.received_at.date().isoformat()
        card.since, card.until = min(card.since or day, day), max(card.until or day, day)
        yield row


def _standing(entries: list[Entry]) -> list[Entry]:
    """Return the entries that no later one undid."""
    undone = {entry.undoes for entry in entries if entry.undoes is not None}
    return [entry for entry in entries if entry.number not in undone and entry.action is not Action.UNDO]


def _row(complaint: models.Complaint, entries: list[Entry], key: bytes) -> dict[str, Any] | None:
    """Return the labelled complaint; ``None`` if nobody decided, or the last decision was sent back."""
    decided = [entry for entry in entries if entry.action in _LABELLING and _label(entry)]
    returned = [entry for entry in entries if entry.action is Action.RETURN]
    if not decided or (returned and returned[-1].number > decided[-1].number):
        return None
    by_people = [entry.urgency for entry in entries if entry.urgency and entry.action is not Action.RECEIVE]
    return {
        "id": str(complaint.id),
        "text": mask(complaint.text),
        "address": mask(complaint.address) if complaint.address else None,
        "agency": _label(decided[-1]),
        "urgency": str(by_people[-1]) if by_people else None,
        "date": complaint.received_at.astimezone(dt.UTC),
        "decided_by": _hashed(decided[-1].by, key),
        "returned_by": [entry.agency for entry in returned if entry.agency],
        "decisions": [{"agency": _label(entry), "by": _hashed(entry.by, key)} for entry in decided],
    }


def _label(entry: Entry) -> str | None:
    return NOT_COMPLAINT if entry.action is Action.NOT_COMPLAINT else next(iter(entry.chosen), None)


def _hashed(name: str, key: bytes) -> str:
    return hmac.new(key, name.encode(), hashlib.sha256).hexdigest()[:16]
