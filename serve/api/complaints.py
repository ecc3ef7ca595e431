"""``/v1/complaints`` and ``/v1/replies``: intake, lists, decisions, claims and replies to citizens."""

from __future__ import annotations

from typing import Annotated, TypeVar

from fastapi import APIRouter, Body, Depends, Query, Response
from pydantic import Field
from sqlalchemy.orm import Session

from pipeline.complaint import Complaint, Decision, Level
from serve.api.complaint_schema import (
    ArrivalIn,
    ClaimOut,
    ComplaintDetailOut,
    ComplaintOut,
    CountsOut,
    MessageOut,
    OrderIn,
    OutboxOut,
    PageOut,
    ReplyOut,
)
from serve.api.dependencies import LoadedSuggester, Now, Store
from serve.api.problems import PROBLEM_RESPONSES
from serve.api.timestamps import Moment, check_order
from serve.api.whole_number import WholeNumber
from serve.errors import InvalidInputError
from serve.identity import Identity, check_visible, readable
from serve.security import Decider, Reader, Sender
from serve.store import claims, decisions, intake, messages, models, queue
from serve.store.confidentiality import open_numbers
from serve.store.history import Status
from serve.store.intake import Arrival
from serve.store.record import entry_to_json
from serve.store.suggestions import in_force
from serve.store.view import View, view

api = APIRouter(prefix="/v1", tags=["complaints"], responses=PROBLEM_RESPONSES)


def _filter(
    now: Now,
    status: Annotated[
        Status | None, Query(description="Defaults to perlu-verifikasi; ignored with any_status")
    ] = Status.PERLU_VERIFIKASI,
    any_status: Annotated[bool, Query(description="Complaints of every status, newest first")] = False,
    urgency: Annotated[Level | None, Query(description="Only complaints of this level")] = None,
    agency: Annotated[
        str | None, Query(description="Code of the first agency it was sent to, or else of the one suggested first")
    ] = None,
    kecamatan: Annotated[str | None, Query(description="Name of the kecamatan where it happened")] = None,
    decision: Annotated[
        Decision | None, Query(description="Only complaints of which the dispatcher is asked this")
    ] = None,
    channel: str | None = None,
    overdue: Annotated[bool, Query(description="Only complaints past their deadline")] = False,
    received_from: Annotated[Moment | None, Query(description="The earliest time of arrival")] = None,
    received_to: Annotated[Moment | None, Query(description="Only complaints received before this time")] = None,
    q: Annotated[str | None, Query(max_length=500, description="Words to find in text or address")] = None,
) -> queue.Filter:
    check_order(received_from, received_to)
    return queue.Filter(
        status=None if any_status else status,
        urgency=urgency,
        agency=agency,
        kecamatan=kecamatan,
        decision=decision,
        channel=channel,
        due_before=now if overdue else None,
        received_from=received_from,
        received_to=received_to,
        words=q,
    )


Told = TypeVar("Told", bound=ComplaintOut)
Cursor = Annotated[str | None, Query(description="The field next of the previous page")]
PageSize = Annotated[WholeNumber, Query(ge=1, le=queue.MAX_PAGE_SIZE, description="How many on a page, at most")]
MessageNumber = Annotated[int, Field(ge=1, lt=2**63, strict=True)]  # 64-bit ids
Wanted = Annotated[queue.Filter, Depends(_filter)]


@api.post(
    "/complaints",
    status_code=201,
    responses={200: {"model": ComplaintOut, "description": "The complaint was already stored"}},
)
def receive(
    body: Annotated[ArrivalIn, Body()],
    response: Response,
    sender: Sender,
    store: Store,
    suggester: LoadedSuggester,
    now: Now,
) -> ComplaintOut:
    """Store a complaint with a suggestion. Idempotent: the same ``channel`` and ``sender_id`` return the stored one."""
    arrival = _arrival(body)
    # Outside the transaction: a suggestion takes longer than all the rest, and SQLite has one writer.
    suggestion = suggester.suggest(arrival.complaint)
    with store.writing() as session:
        received = intake.receive(session, suggester, arrival, by=sender.name, now=now, suggestion=suggestion)
        stored = in_force(session, received.complaint)
        response.status_code = 201 if received.is_new else 200
        response.headers["Location"] = f"/v1/complaints/{received.complaint.id}"
        return _without_secret(session, sender, [_told(ComplaintOut, received.complaint, stored)])[0]


@api.get("/complaints")
def list_complaints(
    wanted: Wanted,
    reader: Reader,
    store: Store,
    cursor: Cursor = None,
    size: PageSize = queue.PAGE_SIZE,
) -> PageOut:
    """List complaints: of one status by urgency and deadline; with words or any status newest first."""
    with readable(store, reader) as session:
        page = queue.page(session, wanted, cursor, size)
        rows = [_told(ComplaintOut, row.complaint, row.suggestion) for row in page.rows]
        complaints = [_told_to(reader, told) for told in _without_secret(session, reader, rows)]
        return PageOut(complaints=complaints, next=page.following)


@api.get("/complaints/counts")
def count_complaints(wanted: Wanted, reader: Reader, store: Store, now: Now) -> CountsOut:
    """Count complaints by each filter; ``q`` is ignored."""
    with readable(store, reader) as session:
        return CountsOut.model_validate(queue.counts(session, wanted, now))


@api.get("/complaints/{number}")
def complaint(number: WholeNumber, reader: Reader, store: Store, now: Now) -> ComplaintDetailOut:
    """Return a complaint with its history, messages and related complaints."""
    with readable(store, reader) as session:
        shown = view(session, number, now)
        told = _told(ComplaintDetailOut, shown.complaint, shown.suggestion)
        return _told_to(reader, told.model_copy(update=_around(shown) | {"undoable": shown.state.undoable(now)}))


@api.post("/complaints/{number}/decisions", status_code=201)
def decide(
    number: WholeNumber,
    body: Annotated[OrderIn, Body()],
    decider: Decider,
    store: Store,
    suggester: LoadedSuggester,
    now: Now,
) -> ComplaintOut:
    """Decide on a complaint; 409 if it has changed since, or somebody else holds a claim."""
    order = body.order()
    check_visible(store, decider, number)
    if order.into is not None:
        check_visible(store, decider, order.into)
    with store.writing() as session:
        decided = decisions.decide(
            session,
            suggester,
            number,
            order,
            by=decider.name,
            now=now,
            expected_version=body.version,
            key=body.key,
            reply=body.reply,
        )
        suggestion = in_force(session, decided)
        (told,) = _without_secret(session, decider, [_told(ComplaintOut, decided, suggestion)])
        return _told_to(decider, told)


@api.put("/complaints/{number}/claim")
def claim(number: WholeNumber, decider: Decider, store: Store, now: Now) -> ClaimOut:
    """Claim a complaint, or renew the claim, which expires after five minutes."""
    check_visible(store, decider, number)
    with store.writing() as session:
        return ClaimOut.model_validate(
            claims.claim(session, decisions.load(session, number).id, by=decider.name, now=now)
        )


@api.delete("/complaints/{number}/claim", status_code=204)
def release(number: WholeNumber, decider: Decider, store: Store) -> None:
    """Release your claim."""
    check_visible(store, decider, number)
    with store.writing() as session:
        claims.release(session, decisions.load(session, number).id, by=decider.name)


@api.get("/replies", tags=["replies"])
def replies(
    sender: Sender,
    store: Store,
    now: Now,
    channel: Annotated[
        str | None, Query(pattern="^[a-z0-9-]{1,32}$", description="Only replies about complaints of this channel")
    ] = None,
    cursor: Cursor = None,
    size: PageSize = messages.PAGE_SIZE,
) -> OutboxOut:
    """List replies to be sent to citizens, oldest first: their decisions still hold and can no longer be undone."""
    with store.reading() as session:
        page = messages.outbox(session, now, channel=channel, cursor=cursor, size=size)
        return OutboxOut(replies=[_to_be_sent(sender, reply) for reply in page.replies], next=page.following)


@api.post("/replies/sent", tags=["replies"])
def replies_sent(
    numbers: Annotated[list[MessageNumber], Body(max_length=1000)], _: Sender, store: Store, now: Now
) -> int:
    """Mark replies as sent; returns how many were unsent before."""
    with store.writing() as session:
        return messages.mark_sent(session, numbers, now)


def _arrival(body: ArrivalIn) -> Arrival:
    if (body.latitude is None) != (body.longitude is None):
        raise InvalidInputError("Lokasi setengah diisi.", mend="Kirim latitude dan longitude, bukan hanya salah satu.")
    return Arrival.like(body, Complaint(body.text, address=body.address, id=body.sender_id))


def _told(kind: type[Told], complaint: models.Complaint, suggestion: models.StoredSuggestion) -> Told:
    told = kind.model_validate(complaint)
    told.suggestion = suggestion.body
    return told


def _without_secret(session: Session, identity: Identity, told: list[ComplaintOut]) -> list[ComplaintOut]:
    """Return complaints without the numbers of secret ones into which they were merged, unless somebody sees those."""
    if identity.sees_reporters:
        return told
    known = open_numbers(session, (one.merged_into for one in told))
    return [one if one.merged_into in known else one.model_copy(update={"merged_into": None}) for one in told]


def _told_to(reader: Identity, told: Told) -> Told:
    """Return a complaint without what ``reader`` may not see."""
    return told if reader.sees_reporters else told.without_reporter()


def _to_be_sent(sender: Identity, reply: messages.Reply) -> ReplyOut:
    return ReplyOut(
        **MessageOut.model_validate(reply.message).model_dump(),
        channel=reply.channel,
        sender_id=reply.sender_id if sender.sees_reporters else None,
    )


def _around(shown: View) -> dict[str, object]:
    return {
        "reporter_name": shown.complaint.reporter_name,
        "reporter_contact": shown.complaint.reporter_contact,
        "history": [entry_to_json(entry) for entry in shown.entries],
        "messages": [MessageOut.model_validate(message) for message in shown.messages],
        "merged": list(shown.merged),
        "merged_into": shown.state.merged_into,
        "claimed_by": shown.claimed_by,
    }
