"""Request and response schemas of complaints and decisions."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from pipeline.complaint import Decision, Level
from serve.api.timestamps import Instant
from serve.store.history import Action, Situation, Status
from serve.store.orders import Order

_ARRIVAL: JsonDict = {
    "sender_id": "LAPOR-2026-001",
    "channel": "sp4n-lapor",
    "text": "Lampu jalan di depan Pasar Cibitung mati sudah seminggu, gelap sekali kalau malam",
    "address": "Desa Wanasari, Kecamatan Cibitung",
}
_ORDER: JsonDict = {"action": "forward", "version": 1, "agencies": ["dishub"]}


class ArrivalIn(BaseModel):
    """A complaint to be stored."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [_ARRIVAL]})

    text: Annotated[str, Field(description="The citizen's text, at most 20,000 characters", strict=True)]
    address: Annotated[str | None, Field(description="Where it happened", strict=True)] = None
    channel: Annotated[str, Field(description="Where it comes from, in lowercase", strict=True)] = "api"
    sender_id: Annotated[
        str | None, Field(description="Your identifier, unique in the channel; a complaint sent twice is stored once")
    ] = None
    received_at: Annotated[Instant | None, Field(description="When the citizen sent it; defaults to now")] = None
    reporter_name: str | None = None
    reporter_contact: str | None = None
    anonymous: Annotated[
        bool, Field(description="Anonymous (anonim): name and contact are not stored", strict=True)
    ] = False
    secret: Annotated[bool, Field(description="Secret (rahasia): never shown to the public", strict=True)] = False
    latitude: Annotated[float | None, Field(ge=-90, le=90, strict=True)] = None
    longitude: Annotated[float | None, Field(ge=-180, le=180, strict=True)] = None


class OrderIn(BaseModel):
    """A decision; docs/api.md says which fields each action needs."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_ORDER]})

    action: Action
    version: Annotated[int, Field(description="Version of the complaint that you decide on", strict=True)]
    agencies: tuple[str, ...] = ()
    agency: str | None = None
    why: str = ""
    urgency: Level | None = None
    into: Annotated[int | None, Field(strict=True)] = None
    parts: tuple[str, ...] = ()
    text: str | None = None
    situation: Situation | None = None
    tags: tuple[str, ...] | None = None
    reply: Annotated[str | None, Field(description="Message to the citizen")] = None
    key: Annotated[
        str | None,
        Field(min_length=1, max_length=64, description="Idempotency key: a decision sent twice is made once"),
    ] = None

    def order(self) -> Order:
        """Return the order, validated.

        Raises
        ------
        OrderError
            If something is missing or excessive.
        """
        return Order(**{name: value for name, value in self if name not in {"version", "reply", "key"}})


class ComplaintOut(BaseModel):
    """A complaint and its current state."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    channel: str
    sender_id: Annotated[
        str | None, Field(description="Null without the scope identity, except in the response to its sender")
    ]
    text: str
    address: str | None
    kecamatan: str | None
    received_at: dt.datetime
    due_at: dt.datetime
    status: Status
    urgency: Level
    agency: str | None
    agencies: list[str]
    decision: Decision
    situation: Situation
    tags: list[str]
    anonymous: bool
    secret: bool
    parent_id: int | None
    merged_into: Annotated[
        int | None, Field(description="Of a secret complaint the number is told with the scope identity alone")
    ]
    loops: int
    closed_at: dt.datetime | None
    version: int
    suggestion: dict[str, Any] | None = None

    def without_reporter(self) -> Self:
        """Return a copy without what identifies the reporter: a sender's identifier may be a telephone number."""
        suggestion = self.suggestion and self.suggestion | {"id": None}  # the same identifier
        return self.model_copy(update={"sender_id": None, "suggestion": suggestion})


class ClaimOut(BaseModel):
    """Who is working on a complaint, and until when nobody else should."""

    model_config = ConfigDict(from_attributes=True)

    by: str
    expires_at: dt.datetime


class MessageOut(BaseModel):
    """A message to or from the citizen."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    complaint_id: int
    number: int
    direction: Literal["in", "out"]
    text: str
    by: str
    at: dt.datetime
    sent_at: dt.datetime | None


class ReplyOut(MessageOut):
    """A reply to be sent, with its channel and recipient."""

    channel: str
    sender_id: Annotated[str | None, Field(description="Your identifier; null without the scope identity")]


class OutboxOut(BaseModel):
    """A page of replies, and the cursor of the next page."""

    replies: list[ReplyOut]
    next: str | None


class ComplaintDetailOut(ComplaintOut):
    """A complaint with its history, messages and related complaints."""

    reporter_name: str | None = None
    reporter_contact: str | None = None
    history: list[dict[str, Any]] = []
    messages: list[MessageOut] = []
    merged: Annotated[list[int], Field(description="Complaints merged into this one")] = []
    undoable: Annotated[bool, Field(description="Whether the last decision can be undone now")] = False
    claimed_by: str | None = None

    def without_reporter(self) -> Self:
        """Return a copy that also lacks name and contact."""
        return super().without_reporter().model_copy(update={"reporter_name": None, "reporter_contact": None})


class PageOut(BaseModel):
    """A page of complaints, and the cursor of the next page."""

    complaints: list[ComplaintOut]
    next: str | None


class CountsOut(BaseModel):
    """Numbers of complaints by each of the queue's filters."""

    model_config = ConfigDict(from_attributes=True)

    total: int
    overdue: int
    urgency: dict[str, int]
    agency: dict[str, int]
    kecamatan: dict[str, int]
    decision: dict[str, int]
    channel: dict[str, int]
