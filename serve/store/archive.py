"""Imported archives: turns the status columns of a file into record entries of complaints handled elsewhere before."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from pipeline.batch import Record
from pipeline.batch.labels import NOT_QUOTED, acting_for, code_of_label, shown_label
from pipeline.batch.values import cell_text, parse_date
from pipeline.region import Region
from pipeline.region.schema import OUTSIDE_KINDS
from pipeline.region.succession import today
from serve.store import models, record
from serve.store.history import ARCHIVIST, Entry
from serve.store.labels import NOT_COMPLAINT
from serve.store.lifecycle import Action
from serve.store.settlement_terms import current_term
from serve.store.suggester import Suggester

_SENT, _AT_WORK, _SETTLED = (Action.FORWARD,), (Action.FORWARD, Action.START), (Action.FORWARD, Action.FINISH)
_ELSEWHERE, _NO_COMPLAINT = (Action.OUTSIDE,), (Action.NOT_COMPLAINT,)
# LAPOR! archives what it sends to nobody: a duplicate, an incomplete message, or no complaint. With an agency it was
# settled there.
_ARCHIVED: Final = ("diarsipkan", "terarsip", "arsip")
_STATUS_WORDS: Final = 3  # more may be what a citizen wrote, if the column is a wrong one
_STATUSES: Final[dict[str, tuple[Action, ...]]] = {
    **dict.fromkeys(
        ("", "baru", "masuk", "new", "open", "perlu verifikasi", "perlu dilengkapi", "menunggu", "menunggu verifikasi",
         "belum verifikasi", "belum diverifikasi", "belum terverifikasi", "belum diproses", "belum disposisi",
         "belum didisposisikan", "belum terdisposisi", "ditunda", "tertunda", "tunda", "pending"),
        (),
    ),
    **dict.fromkeys(
        ("terdisposisi", "didisposisikan", "disposisi", "diteruskan", "belum ditindaklanjuti", "belum tindaklanjut",
         "belum selesai"),
        _SENT,
    ),
    **dict.fromkeys(
        ("diproses", "proses", "sedang diproses", "dalam proses", "on process", "on progress", "in progress",
         "ditindaklanjuti", "sedang ditindaklanjuti", "proses tindaklanjut", "sedang ditangani", "dalam penanganan"),
        _AT_WORK,
    ),
    **dict.fromkeys(
        ("selesai", "sudah selesai", "selesai ditindaklanjuti", "sudah ditindaklanjuti", "sudah ditangani", "tuntas",
         "ditutup", "ditutup otomatis", "sudah ditutup", "closed", "close", "done", "finished", "resolved", *_ARCHIVED),
        _SETTLED,
    ),
    **dict.fromkeys(
        ("luar kewenangan", "di luar kewenangan", "diluar kewenangan", "bukan kewenangan", "bukan wewenang"),
        _ELSEWHERE,
    ),
    **dict.fromkeys(
        ("bukan aduan", "bukan pengaduan", "bukan laporan", "bukan keluhan", "spam"), _NO_COMPLAINT
    ),
}  # fmt: skip
_STATUS_VOCABULARY: Final = frozenset(word for status in _STATUSES for word in status.split())


class UnknownWordError(ValueError):
    """A row has an unknown agency or status, which this error doesn't quote: it may be a complaint.

    Attributes
    ----------
    role
        The column: ``agency`` or ``status``.
    word
        The cell.
    quoting
        The reason with the cell quoted.
    """

    def __init__(self, reason: str, role: str, word: str, quoting: str) -> None:
        super().__init__(reason)
        self.role, self.word, self.quoting = role, word, quoting


def is_status(word: str) -> bool:
    """Tell whether an unknown status is as short as the known ones, and of several words shares one with them."""
    words = word.split()
    return len(words) <= 1 or (len(words) <= _STATUS_WORDS and not _STATUS_VOCABULARY.isdisjoint(words))


@dataclass(frozen=True, slots=True)
class Past:
    """What was done with a complaint before it was imported.

    Attributes
    ----------
    actions
        In order; all at the same time, as a file has only one.
    agency
        The agency's code; ``None`` only if it was no complaint.
    received_at, at
        When it was received, and when it was decided.
    why
        Reason for the record: file, status and date of import.
    """

    actions: tuple[Action, ...]
    agency: str | None
    received_at: dt.datetime
    at: dt.datetime
    why: str


def past_of(row: Record, suggester: Suggester, now: dt.datetime) -> Past | None:
    """Return a row's past; ``None`` if the complaint is still to be decided.

    Raises
    ------
    UnknownWordError
        If the region has no such agency, or the status is unknown.
    ValueError
        If the row is ambiguous or inconsistent, with the reason.
    """
    status = " ".join(re.sub(r"[-_]", " ", cell_text(row.extra.get("status")).casefold()).split())
    spelled = status.replace("tindak lanjut", "tindaklanjut").replace("telah ", "sudah ")
    if (actions := _STATUSES.get(spelled)) is None:
        known = "is unknown; known are Selesai, Diproses, Terdisposisi, Luar Kewenangan, Bukan Aduan, Perlu Verifikasi"
        unquoted = f"its status (which reads like a complaint) {known}"
        raise UnknownWordError(unquoted, "status", status, f"its status {shown_label(status)!r} {known}")
    if not actions:
        return None
    if spelled in _ARCHIVED and not row.agency:
        raise ValueError(
            "it was archived without an agency: write Bukan Aduan if it was not a complaint, or leave it out"
        )
    if row.date is None:
        raise ValueError(f"its status is {status!r}, but it has no date of receipt")
    zone = suggester.calendar.zone
    received_at = in_zone(row.date, zone).astimezone(dt.UTC)
    agency = None
    if actions != _NO_COMPLAINT:
        agency = _agency(row, suggester.region, received_at.astimezone(zone).date())
        actions = _possible(actions, status, suggester.region, agency)
    at = _decided_at(row, received_at, needed=actions not in {_SENT, _AT_WORK}, zone=zone)
    if at > now:
        raise ValueError(f"the date of its decision, {at.astimezone(zone):%Y-%m-%d}, is in the future")
    imported = f"{now.astimezone(zone):%d-%m-%Y}"
    return Past(actions, agency, received_at, at, f"Dari {row.file}, status {status}, diimpor {imported}.")


def put_on_record(session: Session, suggester: Suggester, complaint: models.Complaint, past: Past) -> None:
    """Add the past of a complaint that has just been stored to its record; no reply is sent to the citizen."""
    state = record.state_of(session, complaint.id)
    for action in past.actions:
        entry = Entry(
            complaint.id, state.version + 1, past.at, ARCHIVIST, action, state.suggested, why=past.why,
            chosen=(past.agency,) if past.agency and action in {Action.FORWARD, Action.OUTSIDE} else (),
            due_at=_due_at(session, suggester, complaint, past) if action is Action.FORWARD else None,
        )  # fmt: skip
        state = record.append(session, complaint, state, entry)


def _due_at(session: Session, suggester: Suggester, complaint: models.Complaint, past: Past) -> dt.datetime:
    agencies = [past.agency] if past.agency else []
    term = current_term(session, complaint)
    return suggester.due_at(past.received_at, agencies, complaint.urgency, term)


def _possible(actions: tuple[Action, ...], status: str, region: Region, agency: str) -> tuple[Action, ...]:
    """Return the actions adjusted to the agency: nothing is forwarded to a body outside the region's authority.

    Raises
    ------
    ValueError
        If the status says outside the region's authority, but the agency is an office of the region.
    """
    if agency == NOT_COMPLAINT:
        return _NO_COMPLAINT
    if region.kind_of(agency) in OUTSIDE_KINDS:
        return _ELSEWHERE
    if actions == _ELSEWHERE:
        raise ValueError(f"its status is {status!r}, but {region.agencies[agency].name} belongs to {region.name}")
    return actions


def _agency(row: Record, region: Region, day: dt.date) -> str:
    """Return the code of the agency's present successor; the agency's own code if it was divided among several.

    Raises
    ------
    UnknownWordError
        If the region has no agency of that name.
    ValueError
        If no agency is given.
    """
    label = row.agency
    if label is None:
        raise ValueError("it was sent to an agency or settled, but names no agency")
    code = code_of_label(region, label, day)
    if code is None:
        quoting = f"no agency of {region.name} is called {shown_label(label)!r}"
        raise UnknownWordError(f"{region.name} has no agency {NOT_QUOTED}", "agency", label, quoting)
    acting = acting_for(region, label, today(region), day)
    return acting[0] if len(acting) == 1 else code


def _decided_at(row: Record, received_at: dt.datetime, *, needed: bool, zone: dt.tzinfo) -> dt.datetime:
    """Return when it was decided; without a date, if not ``needed``, when it was received.

    Raises
    ------
    ValueError
        If the date is invalid, missing although ``needed``, or before the complaint was received.
    """
    try:
        told = parse_date(row.extra.get("answered"))
    except ValueError:
        raise ValueError("the date of its decision cannot be read; write it as 2025-12-31 or 31/12/2025") from None
    if told is None:
        if needed:
            raise ValueError("it was settled, but the date is missing: name its column with --answered")
        return received_at
    at = in_zone(told, zone).astimezone(dt.UTC)
    if at.astimezone(zone).date() < received_at.astimezone(zone).date():
        raise ValueError("it was decided before it was received")
    return max(at, received_at)  # a date without time is midnight, before the complaint received on that day


def in_zone(date: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return a date from a file as an aware datetime; a naive one is in the region's time zone."""
    return date if date.tzinfo else date.replace(tzinfo=zone)
