"""Tables of complaints, their suggestions, decisions, claims and messages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.complaint import Level
from serve.store.models.base import Base, Identifier, Json, JsonObject, UrgencyRank, UtcDateTime


class Complaint(Base):
    """A complaint as received, and its current state.

    The columns from ``status`` on are a projection of the complaint's decisions
    (:func:`serve.store.history.replay`); nothing else writes them.

    Attributes
    ----------
    channel, sender_id
        Channel, and the identifier there; unique together, so that a complaint sent twice is stored once.
    anonymous, secret
        *Anonim*: the agency doesn't learn who reported. *Rahasia*: nobody outside can read the complaint at all.
    parent_id
        The complaint that this one was split from.
    agency
        The agency that has it, or the one suggested first; the queue is filtered by it.
    suggestion_id
        The current suggestion. Not a foreign key, as the two tables would reference each other.
    loops
        How often agencies returned it.
    version
        Number of its last decision, for optimistic locking: a decision on an older version is refused.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        UniqueConstraint("channel", "sender_id"),
        # One index per filter of the queue, each in the queue's order, so that no page needs a sort or a scan.
        Index("ix_complaints_queue", "status", "urgency", "due_at", "id"),
        Index("ix_complaints_queue_agency", "status", "agency", "urgency", "due_at", "id"),
        Index("ix_complaints_queue_kecamatan", "status", "kecamatan", "urgency", "due_at", "id"),
        Index("ix_complaints_queue_channel", "status", "channel", "urgency", "due_at", "id"),
        Index("ix_complaints_queue_decision", "status", "decision", "urgency", "due_at", "id"),
        Index("ix_complaints_due", "status", "due_at"),
        Index("ix_complaints_agency_received", "agency", "received_at", "kecamatan"),
        Index("ix_complaints_kecamatan_received", "kecamatan", "received_at"),
        # Covering index for the overview.
        Index(
            "ix_complaints_overview", "received_at", "status", "agency", "kecamatan", "due_at", "closed_at", "parent_id"
        ),
        Index("ix_complaints_merged_into", "merged_into"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    channel: Mapped[str] = mapped_column(String(32))
    sender_id: Mapped[str | None] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    kecamatan: Mapped[str | None] = mapped_column(String(80))
    place_code: Mapped[str | None] = mapped_column(String(13))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    reporter_name: Mapped[str | None] = mapped_column(String(200))
    reporter_contact: Mapped[str | None] = mapped_column(String(200))
    anonymous: Mapped[bool] = mapped_column(server_default=false())
    secret: Mapped[bool] = mapped_column(server_default=false())
    received_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"), index=True)

    status: Mapped[str] = mapped_column(String(24))
    urgency: Mapped[Level] = mapped_column(UrgencyRank)
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    agency: Mapped[str | None] = mapped_column(String(64))
    agencies: Mapped[list[str]] = mapped_column(Json)
    suggestion_id: Mapped[int | None] = mapped_column(Identifier)
    decision: Mapped[str] = mapped_column(String(8))
    situation: Mapped[str] = mapped_column(String(24))
    tags: Mapped[list[str]] = mapped_column(Json)
    merged_into: Mapped[int | None] = mapped_column(Identifier)
    loops: Mapped[int] = mapped_column(Integer)
    forwarded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)


class StoredSuggestion(Base):
    """A suggestion as made; a new one is added instead of changing it.

    Attributes
    ----------
    excluded
        Agencies left out because they had returned the complaint.
    body
        The whole :class:`pipeline.complaint.Suggestion` as JSON; ``None`` if it is damaged.
    """

    __tablename__ = "suggestions"
    __table_args__ = (Index("ix_suggestions_complaint_id_id", "complaint_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    model: Mapped[str] = mapped_column(String(200))
    decision: Mapped[str] = mapped_column(String(8))
    agency: Mapped[str | None] = mapped_column(String(64))
    probability: Mapped[float | None]
    urgency: Mapped[Level] = mapped_column(UrgencyRank)
    kecamatan: Mapped[str | None] = mapped_column(String(80))
    excluded: Mapped[list[str]] = mapped_column(Json)
    body: Mapped[dict[str, Any] | None] = mapped_column(JsonObject, nullable=False)


class Decision(Base):
    """An entry of the record: who did what and why. A trigger keeps the table append-only.

    ``body`` has the whole :class:`serve.store.history.Entry`; the other columns duplicate what queries need.

    Attributes
    ----------
    number
        Sequence number among the complaint's entries, from 1. Unique, so that of two concurrent writers one fails.
    agency
        The first agency it was sent to, or the one that returned it.
    digest
        SHA-256 of the previous entry's digest and this entry: a hash chain that reveals later changes.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        Index("ix_decisions_action_agency", "action", "agency", "at"),
        Index("ix_decisions_at", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    number: Mapped[int] = mapped_column(Integer)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(16))
    agency: Mapped[str | None] = mapped_column(String(64))
    undoes: Mapped[int | None] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))


class Claim(Base):
    """Who is working on a complaint, and until when nobody else should."""

    __tablename__ = "claims"

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), primary_key=True)
    by: Mapped[str] = mapped_column(String(100))
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Message(Base):
    """A reply to the citizen, or the citizen's answer; the channel that fetches a reply marks it as sent.

    Attributes
    ----------
    number
        Number of the decision that it belongs to.
    direction
        ``out`` to the citizen, ``in`` from the citizen.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_complaint_id", "complaint_id"),
        Index("ix_messages_outbox", "direction", "sent_at", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    number: Mapped[int] = mapped_column(Integer)
    direction: Mapped[str] = mapped_column(String(3))
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(100))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
