"""Intake: stores arriving complaints idempotently, with the suggestion made on arrival."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, fields

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pipeline.complaint import UNREADABLE, Complaint, Suggestion
from pipeline.errors import ComplaintError
from serve.errors import SenderConflictError
from serve.store import models, record
from serve.store.history import Action, Entry
from serve.store.settlement_terms import situation_of
from serve.store.suggester import Suggester
from serve.store.suggestions import keep

_CHANNEL = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MAX_CHANNEL, _MAX_NAME = 32, 200
# Tolerates a sender's clock that is a little fast, but not a complaint from next week.
_CLOCK_TOLERANCE = dt.timedelta(hours=1)
_FORM_LASTS = dt.timedelta(hours=12)  # as long as a login
_EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def is_channel(name: str) -> bool:
    """Tell whether a name is valid for a channel."""
    return len(name) <= _MAX_CHANNEL and _CHANNEL.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Arrival:
    """An arriving complaint.

    Attributes
    ----------
    complaint
        Text and address; its ``id`` is the sender's.
    channel
        ``sp4n-lapor``, ``whatsapp``, ``web``, … in lower case.
    received_at
        When the citizen sent it; ``None`` for now.
    anonymous
        The reporter's name and contact are not stored at all.
    secret
        Nothing of it appears in what outsiders can read.

    Raises
    ------
    ComplaintError
        If the channel's name is invalid, an identifier is empty, it, a name or a contact is too long, name or contact
        contain unreadable characters, or the time is naive or impossible.
    """

    complaint: Complaint
    channel: str
    received_at: dt.datetime | None = None
    reporter_name: str | None = None
    reporter_contact: str | None = None
    anonymous: bool = False
    secret: bool = False
    latitude: float | None = None
    longitude: float | None = None

    @classmethod
    def like(cls, source: object, complaint: Complaint) -> Arrival:
        """Return the arrival of ``complaint`` with all else from ``source``: a request, or a complaint being split."""
        told = {field.name: getattr(source, field.name) for field in fields(cls) if field.name != "complaint"}
        return cls(complaint, **told)

    def __post_init__(self) -> None:
        if not is_channel(self.channel):
            raise ComplaintError(
                f"Nama kanal tidak sah (paling banyak {_MAX_CHANNEL} karakter).",
                mend="Pakai huruf kecil, angka, dan tanda hubung, misalnya sp4n-lapor.",
            )
        if self.complaint.id is not None and not self.complaint.id.strip():  # all such complaints would share it
            raise ComplaintError(
                "Nomor pengirim kosong.",
                mend="Beri setiap aduan nomor sendiri, atau jangan kirim nomornya.",
                english="The identifier is empty. Give each complaint its own identifier, or none.",
            )
        longest = max(len(v or "") for v in (self.complaint.id, self.reporter_name, self.reporter_contact))
        if longest > _MAX_NAME:
            raise ComplaintError(
                f"Nomor pengirim, nama, dan kontak paling banyak {_MAX_NAME} karakter, bukan {longest}.",
                mend="Isi aduannya ditulis di teks.",
                english=f"An identifier, name or contact has {longest} characters; the limit is {_MAX_NAME}.",
            )
        if any(UNREADABLE.search(part or "") for part in (self.reporter_name, self.reporter_contact)):
            raise ComplaintError("Nama atau kontak memuat karakter yang bukan tulisan.", mend="Kirim sebagai UTF-8.")
        if self.received_at is not None:
            self._check_time(self.received_at)

    def _check_time(self, received_at: dt.datetime) -> None:
        if received_at.tzinfo is None:
            raise ComplaintError("Waktu diterima tanpa zona waktu.", mend="Tulis misalnya 2026-01-31T08:15:00+07:00.")
        if not _EARLIEST <= received_at <= dt.datetime.now(tz=dt.UTC) + _CLOCK_TOLERANCE:
            raise ComplaintError(
                f"Waktu diterima {received_at:%Y-%m-%d} tidak mungkin.",
                mend="Periksa tanggal dan zona waktunya.",
                english=f"The time of receipt, {received_at:%Y-%m-%d}, is not possible. "
                "Check the date and the time zone.",
            )


@dataclass(frozen=True, slots=True)
class Received:
    """A stored complaint, and whether it is new or was stored before."""

    complaint: models.Complaint
    is_new: bool


def find_sent(session: Session, arrival: Arrival) -> models.Complaint | None:
    """Return the complaint that the sender sent before under the same identifier; ``None`` if there is none.

    Raises
    ------
    SenderConflictError
        If that complaint has different content.
    """
    if arrival.complaint.id is None:
        return None
    known = session.scalar(
        select(models.Complaint).where(
            models.Complaint.channel == arrival.channel, models.Complaint.sender_id == arrival.complaint.id
        )
    )
    if known is not None and (known.text, known.address) != (arrival.complaint.text, arrival.complaint.address):
        raise SenderConflictError(
            f"Nomor {arrival.complaint.id!r} dari kanal {arrival.channel} sudah dipakai aduan lain (nomor {known.id}).",
            mend="Beri setiap aduan nomor sendiri.",
            english=f"The identifier {arrival.complaint.id!r} of channel {arrival.channel} belongs to another "
            f"complaint (number {known.id}). Give each complaint its own identifier.",
        )
    return known


def find_typed(session: Session, arrival: Arrival, key: str, *, by: str, now: dt.datetime) -> models.Complaint | None:
    """Return the complaint submitted before by the same person with the same form and content; ``None`` without one."""
    record.lock(session)  # or two concurrent submissions would both find nothing
    entry = models.Decision
    query = (
        select(models.Complaint)
        .join(entry, entry.complaint_id == models.Complaint.id)
        .where(
            entry.action == str(Action.RECEIVE),
            entry.agency.is_(None),
            entry.at > now - _FORM_LASTS,
            entry.by == by,
            entry.body["key"].as_string() == key,
            models.Complaint.text == arrival.complaint.text,
            models.Complaint.address == arrival.complaint.address,
        )
    )
    return session.scalars(query).first()


def receive(
    session: Session,
    suggester: Suggester,
    arrival: Arrival,
    *,
    by: str,
    now: dt.datetime,
    suggestion: Suggestion | None = None,
    key: str | None = None,
) -> Received:
    """Store a complaint with its suggestion, or return the one that was stored before.

    Parameters
    ----------
    by
        Who sends it: name of a user or of a key.
    suggestion
        Suggestion made before, as for a whole file at once; made here if ``None``.
    key
        Idempotency key of the form: the form submitted again, on a slow connection, stores nothing new.

    Raises
    ------
    SenderConflictError
        If the sender's identifier belongs to a complaint with different content.
    """
    known = find_sent(session, arrival) or (find_typed(session, arrival, key, by=by, now=now) if key else None)
    if known:
        return Received(known, is_new=False)
    suggestion = suggestion or suggester.suggest(arrival.complaint)
    try:
        with session.begin_nested():
            complaint = store(session, suggester, arrival, suggestion, by=by, now=now, key=key)
    except IntegrityError:
        # A concurrent request of the same sender has stored it meanwhile.
        if known := find_sent(session, arrival):
            return Received(known, is_new=False)
        raise
    return Received(complaint, is_new=True)


def store(
    session: Session,
    suggester: Suggester,
    arrival: Arrival,
    suggestion: Suggestion,
    *,
    by: str,
    now: dt.datetime,
    parent: models.Complaint | None = None,
    tags: tuple[str, ...] = (),
    key: str | None = None,
) -> models.Complaint:
    """Store a new complaint.

    Parameters
    ----------
    parent
        The complaint that it is a part of.
    tags
        Initial tags.
    key
        Idempotency key of the form.
    """
    # Take the lock before inserting the row. Otherwise an import that holds the lock could wait for a channel that has
    # just inserted the same complaint, while the channel waits for the lock.
    record.lock(session)
    received_at = (arrival.received_at or now).astimezone(dt.UTC)  # UTC, as in every later response
    level = suggestion.urgency.level
    likely = [score.code for score in suggestion.agencies[:1]]
    due_at = suggester.due_at(received_at, likely, level, suggestion.kind)
    place = suggestion.place
    complaint = models.Complaint(
        channel=arrival.channel,
        sender_id=arrival.complaint.id,
        text=arrival.complaint.text,
        address=arrival.complaint.address,
        kecamatan=place.kecamatan if place else None,
        place_code=place.code if place else None,
        latitude=arrival.latitude,
        longitude=arrival.longitude,
        reporter_name=None if arrival.anonymous else arrival.reporter_name,
        reporter_contact=None if arrival.anonymous else arrival.reporter_contact,
        anonymous=arrival.anonymous,
        secret=arrival.secret,
        received_at=received_at,
        parent_id=parent.id if parent else None,
        # Placeholders for columns that may not be null: the first entry of the record sets the state below.
        status="",
        urgency=level,
        due_at=due_at,
        agencies=[],
        decision="",
        situation="",
        tags=[],
        loops=0,
        changed_at=now,
        version=0,
    )
    session.add(complaint)
    session.flush()
    entry = Entry(
        complaint=complaint.id,
        number=1,
        at=now,
        by=by,
        action=Action.RECEIVE,
        suggested=keep(session, complaint.id, suggestion, now),
        urgency=level,
        due_at=due_at,
        situation=situation_of(suggestion),
        tags=tags or None,
        key=key,
    )
    record.append(session, complaint, None, entry)
    return complaint
