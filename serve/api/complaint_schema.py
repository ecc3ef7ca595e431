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
    latitude: Annotated[
        float | None, Field(description="WGS 84; only together with longitude", ge=-90, le=90, strict=True)
    ] = None
    longitude: Annotated[float | None, Field(ge=-180, le=180, strict=True)] = None


class OrderIn(BaseModel):
    """A decision; docs/api.md says which fields each action needs, and here each field says for which action it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_ORDER]})

    action: Action
    version: Annotated[int, Field(description="Version of the complaint that you decide on", strict=True)]
    agencies: Annotated[
        tuple[str, ...],
        Field(
            description="forward: where to; outside: who is responsible; relabel: the one that would have been right"
        ),
    ] = ()
    agency: Annotated[str | None, Field(description="return: the agency that returned it")] = None
    why: Annotated[str, Field(description="The reason; required for outside, return and reopen")] = ""
    urgency: Annotated[Level | None, Field(description="urgency: the new level; forward: if it changes too")] = None
    into: Annotated[int | None, Field(description="merge: number of the complaint to merge into", strict=True)] = None
    parts: Annotated[tuple[str, ...], Field(description="split: the text of each part")] = ()
    text: Annotated[str | None, Field(description="answer: what the citizen added")] = None
    situation: Annotated[Situation | None, Field(description="mark: the new situation")] = None
    tags: Annotated[tuple[str, ...] | None, Field(description="mark: all tags from now on")] = None
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

    id: Annotated[int, Field(description="Number of the complaint")]
    channel: str
    sender_id: Annotated[
        str | None,
        Field(description="Your identifier; null without the scope identity, except in the response to its sender"),
    ]
    text: str
    address: str | None
    kecamatan: Annotated[str | None, Field(description="Where it happened, by the text or the address")]
    received_at: Annotated[dt.datetime, Field(description="When the citizen sent it")]
    due_at: Annotated[dt.datetime, Field(description="When it must be settled")]
    status: Status
    urgency: Level
    agency: Annotated[str | None, Field(description="The first of the agencies, or else the one suggested first")]
    agencies: Annotated[list[str], Field(description="Codes of the agencies that somebody chose; empty before")]
    decision: Decision
    situation: Situation
    tags: list[str]
    anonymous: bool
    secret: Annotated[bool, Field(description="Secret (rahasia): never shown to the public")]
    parent_id: Annotated[int | None, Field(description="The complaint that it was split from")]
    merged_into: Annotated[
        int | None,
        Field(description="The complaint that it was merged into; a secret one only with the scope identity"),
    ]
    loops: Annotated[int, Field(description="How often agencies have returned it")]
    closed_at: Annotated[dt.datetime | None, Field(description="When it was settled or closed otherwise")]
    version: Annotated[int, Field(description="Counts the entries of its history; send it with a decision")]
    suggestion: Annotated[
        dict[str, Any] | None, Field(description="The current suggestion, as from /v1/suggestions")
    ] = None

    def without_reporter(self) -> Self:
        """Return a copy without what identifies the reporter: a sender's identifier may be a telephone number."""
        suggestion = self.suggestion and self.suggestion | {"id": None}  # the same identifier
        return self.model_copy(update={"sender_id": None, "suggestion": suggestion})


class ClaimOut(BaseModel):
    """Who is working on a complaint, and until when nobody else should."""

    model_config = ConfigDict(from_attributes=True)

    by: Annotated[str, Field(description="Name of the person or key")]
    expires_at: Annotated[dt.datetime, Field(description="When the claim ends unless it is renewed")]


class MessageOut(BaseModel):
    """A message to or from the citizen."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    complaint_id: int
    number: Annotated[int, Field(description="The entry of the history that it belongs to")]
    direction: Annotated[Literal["in", "out"], Field(description="out: to the citizen; in: from the citizen")]
    text: str
    by: Annotated[str, Field(description="Who wrote or entered it")]
    at: Annotated[dt.datetime, Field(description="When it was stored")]
    sent_at: Annotated[dt.datetime | None, Field(description="When it was marked as sent")]


class ReplyOut(MessageOut):
    """A reply to be sent, with its channel and recipient."""

    channel: str
    sender_id: Annotated[str | None, Field(description="Your identifier; null without the scope identity")]


class OutboxOut(BaseModel):
    """A page of replies, and the cursor of the next page."""

    replies: Annotated[list[ReplyOut], Field(description="At most as many as the parameter size says")]
    next: Annotated[str | None, Field(description="The cursor of the next page; null on the last")]


class ComplaintDetailOut(ComplaintOut):
    """A complaint with its history, messages and related complaints."""

    reporter_name: str | None = None
    reporter_contact: str | None = None
    history: Annotated[list[dict[str, Any]], Field(description="What was done, oldest first")] = []
    messages: Annotated[list[MessageOut], Field(description="To and from the citizen, oldest first")] = []
    merged: Annotated[list[int], Field(description="Complaints merged into this one")] = []
    undoable: Annotated[bool, Field(description="Whether the last decision can be undone now")] = False
    claimed_by: Annotated[str | None, Field(description="Who is working on it now")] = None

    def without_reporter(self) -> Self:
        """Return a copy that also lacks name and contact."""
        return super().without_reporter().model_copy(update={"reporter_name": None, "reporter_contact": None})


class PageOut(BaseModel):
    """A page of complaints, and the cursor of the next page."""

    complaints: Annotated[list[ComplaintOut], Field(description="At most as many as the parameter size says")]
    next: Annotated[str | None, Field(description="The cursor of the next page; null on the last")]


class CountsOut(BaseModel):
    """Numbers of complaints by each of the queue's filters."""

    model_config = ConfigDict(from_attributes=True)

    total: int
    overdue: Annotated[int, Field(description="Past their deadline")]
    urgency: Annotated[dict[str, int], Field(description="By level")]
    agency: Annotated[dict[str, int], Field(description="By code")]
    kecamatan: Annotated[dict[str, int], Field(description="By name")]
    decision: Annotated[dict[str, int], Field(description="By what the dispatcher is asked to do")]
    channel: dict[str, int]
