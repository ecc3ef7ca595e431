"""Export, re-import and verification of the record; its JSON Lines file has the state of every complaint."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pydantic import ValidationError
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from pipeline.errors import DataError
from serve.errors import NotPossibleNowError
from serve.store import models, record
from serve.store.history import Entry, State, replay

_ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Doubt:
    """An inconsistency between the record and the store."""

    complaint: int
    what: str


def export(session: Session) -> Iterator[str]:
    """Yield every entry of the record as a line of JSON, complaint by complaint, without the complaints' texts."""
    for row in _rows(session):
        yield json.dumps({**row.body, "digest": row.digest}, ensure_ascii=False, separators=(",", ":"))


def read(lines: Iterable[str]) -> dict[int, State]:
    """Return the state of every complaint, by number, from the lines of :func:`export`.

    Raises
    ------
    DataError
        If a line is not an entry, doesn't follow from the one before, or was changed after it was written.
    """
    entries: dict[int, list[Entry]] = {}
    digests: dict[int, str] = {}
    unproved: dict[tuple[int, int], tuple[str, int]] = {}  # (complaint, number): (digest of the remaining values, line)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        entry, values, digest = _entry(line, number)
        found = record.chained_digest(digests.get(entry.complaint, record.FIRST_DIGEST), values)
        if found != digest:
            unproved[entry.complaint, entry.number] = (found, number)
        for earlier, sealed in entry.erased:
            if unproved.get((entry.complaint, earlier), ("", 0))[0] == sealed:
                del unproved[entry.complaint, earlier]
        digests[entry.complaint] = digest
        entries.setdefault(entry.complaint, []).append(entry)
    if unproved:
        first = min(line for _, line in unproved.values())
        raise DataError(f"Line {first} of the record was changed.", mend="Export it again and compare.")
    try:
        return {complaint: replay(own) for complaint, own in entries.items()}
    except NotPossibleNowError as error:
        raise DataError(f"The record has a gap: {error.what}", mend="Export it again.") from None


def doubts(session: Session) -> Iterator[Doubt]:
    """Yield what in the store is inconsistent with the record; nothing if all is well."""
    for complaint_id, rows in groupby(_rows(session), key=lambda row: row.complaint_id):
        own = list(rows)
        digest, entries, sealed = record.FIRST_DIGEST, [], record.seals(row.body for row in own)
        for row in own:
            # An entry whose words were erased keeps its original digest; a later entry has the digest of the remains.
            if record.chained_digest(digest, row.body) not in {row.digest, sealed.get(row.number)}:
                yield Doubt(complaint_id, f"entry {row.number} was changed after it was written")
                break
            digest = row.digest
            entries.append(record.entry_from_json(row.body))
        else:
            yield from _differences(session.get_one(models.Complaint, complaint_id), replay(entries))
    recorded = exists().where(models.Decision.complaint_id == models.Complaint.id)
    for number in session.scalars(select(models.Complaint.id).where(~recorded).order_by(models.Complaint.id)):
        yield Doubt(number, "the record has no entry of it, not even its arrival")


def _differences(complaint: models.Complaint, state: State) -> Iterator[Doubt]:
    for name, value in record.columns(state).items():
        if getattr(complaint, name) != value:
            yield Doubt(complaint.id, f"column {name} does not match the record")


def _rows(session: Session) -> Iterator[models.Decision]:
    query = select(models.Decision).order_by(models.Decision.complaint_id, models.Decision.number)
    yield from session.scalars(query.execution_options(yield_per=_ROWS_AT_ONCE))


def _entry(line: str, number: int) -> tuple[Entry, dict[str, Any], str]:
    try:
        values: dict[str, Any] = json.loads(line)
        digest = values.pop("digest")
        return record.entry_from_json(values), values, digest
    except (ValueError, ValidationError, KeyError, AttributeError, TypeError):
        raise DataError(
            f"Line {number} is not an entry of a record.", mend="Use a file written by disposisi db audit."
        ) from None
