"""Complaints that arrive: stored once each, with the suggestion that was made on arrival."""

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
from serve.store.suggester import Suggester, keep
from serve.store.terms import situation_of

_CHANNEL = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MAX_CHANNEL, _MAX_NAME = 32, 200
# A sender's clock may be a little fast; a complaint from next week is a mistake.
_CLOCK_TOLERANCE = dt.timedelta(hours=1)
_FORM_LASTS = dt.timedelta(hours=12)  # as a login
_EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def is_channel(name: str) -> bool:
    """Tell whether a channel can be called this."""
    return len(name) <= _MAX_CHANNEL and _CHANNEL.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A complaint on its way in.

    Attributes
    ----------
    complaint
        Text and address; its ``id`` is the sender's.
    channel
        ``sp4n-lapor``, ``whatsapp``, ``web``, … in small letters.
    received_at
        When the citizen sent it; ``None`` for now.
    anonymous
        The reporter's name and contact are not stored at all.
    secret
        Nothing of it appears in what outsiders can read.

    Raises
    ------
    ComplaintError
        If the channel is no such word, an identifier is empty, it or a name is too long, or the time cannot be.
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
        """Return the arrival of ``complaint``; the rest is from ``source``: a request, a whole that is split."""
        told = {field.name: getattr(source, field.name) for field in fields(cls) if field.name != "complaint"}
        return cls(complaint, **told)

    def __post_init__(self) -> None:
        if not is_channel(self.channel):
            raise ComplaintError(
                f"Nama kanal tidak sah (paling banyak {_MAX_CHANNEL} karakter).",
                mend="Pakai huruf kecil, angka dan tanda hubung, misalnya sp4n-lapor.",
            )
        if self.complaint.id is not None and not self.complaint.id.strip():  # the next one's would be the same
            raise ComplaintError(
                "Nomor pengirim kosong.",
                mend="Beri setiap aduan nomor sendiri, atau jangan kirim nomornya.",
                english="The identifier is empty. Give each complaint one of its own, or none.",
            )
        longest = max(len(v or "") for v in (self.complaint.id, self.reporter_name, self.reporter_contact))
        if longest > _MAX_NAME:
            raise ComplaintError(
                f"Nomor pengirim, nama dan kontak paling banyak {_MAX_NAME} karakter, bukan {longest}.",
                mend="Isi aduannya ditulis di teks.",
                english=f"An identifier, name or contact has {longest} characters; at most {_MAX_NAME}.",
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
                english=f"It cannot have come in on {received_at:%Y-%m-%d}. Check day and time zone.",
            )


@dataclass(frozen=True, slots=True)
class Received:
    """The stored complaint, and whether it is new or was there already."""

    complaint: models.Complaint
    is_new: bool


def find_sent(session: Session, arrival: Arrival) -> models.Complaint | None:
    """Return the complaint that the sender sent before under the same identifier; ``None`` if there is none.

    Raises
    ------
    SenderConflictError
        If that one has other content.
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
            f"complaint (number {known.id}). Give each complaint one of its own.",
        )
    return known


def find_typed(session: Session, arrival: Arrival, key: str, *, by: str, now: dt.datetime) -> models.Complaint | None:
    """Return the complaint that somebody sent by the same form a while ago; ``None`` if its words were others."""
    record.in_order(session)  # or two of the same moment would both find nothing
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
        Who brings it: a user or the name of a key.
    suggestion
        Where it was made already, as for a whole file at once; made here if ``None``.
    key
        Of the form that it was typed into: the same form sent again, on a slow line, brings nothing new.

    Raises
    ------
    SenderConflictError
        If the sender's identifier stands for a complaint with other content.
    """
    known = find_sent(session, arrival) or (find_typed(session, arrival, key, by=by, now=now) if key else None)
    if known:
        return Received(known, is_new=False)
    suggestion = suggestion or suggester.suggest(arrival.complaint)
    try:
        with session.begin_nested():
            complaint = store(session, suggester, arrival, suggestion, by=by, now=now, key=key)
    except IntegrityError:
        # The same sender was faster in another connection; it is there now.
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
    """Store a complaint that isn't there yet.

    Parameters
    ----------
    parent
        The complaint that it is a part of.
    tags
        Marks that it begins with.
    key
        Of the form that it was typed into.
    """
    # Before its row: else one of many that an import brings would wait for a channel that has just brought it too, and
    # the channel, with its row, for the import's turn to end.
    record.in_order(session)
    received_at = (arrival.received_at or now).astimezone(dt.UTC)  # as every later answer tells it
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
        # The state follows in a moment from the first entry of the record; the columns may not be empty until then.
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
