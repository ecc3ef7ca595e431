"""The requests of Open311: complaints as outsiders may read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from pipeline.region import Region
from pipeline.text import mask
from serve.api.open311_format import Open311Error
from serve.api.open311_services import GENERAL, GENERAL_NAME
from serve.store import models
from serve.store.lifecycle import OPEN, SENT, Status

MAX_REQUESTS = 1000
LONGEST_SPAN = dt.timedelta(days=90)
_IS_OPEN = tuple(sorted(map(str, OPEN | SENT)))
# Somebody chose the agency; elsewhere it is only suggested, and that is not for outsiders.
_HAS_AGENCY = tuple(sorted(map(str, SENT | {Status.SELESAI, Status.LUAR_KEWENANGAN})))


@dataclass(frozen=True, slots=True)
class Search:
    """Which requests to show; the numbers, where given, overrule the rest, as the standard says."""

    numbers: tuple[int, ...] | None
    agencies: tuple[str, ...] | None
    start: dt.datetime
    end: dt.datetime
    statuses: frozenset[str]


def search(
    service_request_id: str | None,
    service_code: str | None,
    start_date: str | None,
    end_date: str | None,
    status: str | None,
    now: dt.datetime,
) -> Search:
    """Return what the parameters ask for.

    Raises
    ------
    Open311Error
        If one of them cannot be read.
    """
    numbers = None
    if service_request_id:
        parts = service_request_id.split(",")
        numbers = tuple(int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 19)
    end = _moment(end_date, "end_date") or now
    start = _moment(start_date, "start_date") or end - LONGEST_SPAN
    statuses = frozenset(part.strip() for part in (status or "open,closed").split(","))
    if not statuses <= {"open", "closed"}:
        raise Open311Error(400, "status adalah open, closed, atau keduanya dengan koma.")
    agencies = tuple(service_code.split(",")) if service_code else None
    return Search(numbers, agencies, max(start, end - LONGEST_SPAN), end, statuses)


def find(session: Session, wanted: Search) -> Sequence[models.Complaint]:
    """Return the complaints, the newest first; never one that is *rahasia* or was withdrawn."""
    complaint = models.Complaint
    query = select(complaint).where(complaint.secret == false(), complaint.status != str(Status.DITARIK))
    if wanted.numbers is not None:
        query = query.where(complaint.id.in_(wanted.numbers[:MAX_REQUESTS]))
    else:
        query = query.where(complaint.received_at >= wanted.start, complaint.received_at <= wanted.end)
        query = query.where(_by_status(wanted.statuses))
        if wanted.agencies is not None:
            query = query.where(_by_service(wanted.agencies))
    return session.scalars(query.order_by(complaint.received_at.desc(), complaint.id.desc()).limit(MAX_REQUESTS)).all()


def described(complaint: models.Complaint, region: Region) -> dict[str, Any]:
    """Return a complaint with the standard's field names, personal data masked."""
    agency = region.agencies.get(complaint.agency or "")
    if complaint.status not in _HAS_AGENCY:
        agency = None
    is_open = complaint.status in _IS_OPEN
    return {
        "service_request_id": str(complaint.id),
        "status": "open" if is_open else "closed",
        "status_notes": _notes(complaint),
        "service_name": agency.name if agency else GENERAL_NAME,
        "service_code": agency.code if agency else GENERAL,
        "description": mask(complaint.text),
        "agency_responsible": agency.name if agency else None,
        "service_notice": None,
        "requested_datetime": _written(complaint.received_at),
        "updated_datetime": _written(complaint.changed_at),
        "expected_datetime": _written(complaint.due_at) if is_open else None,
        "address": mask(complaint.address) if complaint.address else None,
        "address_id": None,
        "zipcode": None,
        "lat": complaint.latitude,
        "long": complaint.longitude,
        "media_url": None,
    }


def _notes(complaint: models.Complaint) -> str:
    label = Status(complaint.status).label
    return f"{label} dengan nomor {complaint.merged_into}" if complaint.merged_into else label


def _by_status(statuses: frozenset[str]) -> ColumnElement[bool]:
    is_open = models.Complaint.status.in_(_IS_OPEN)
    return or_(*(is_open if status == "open" else ~is_open for status in sorted(statuses)))


def _by_service(codes: tuple[str, ...]) -> ColumnElement[bool]:
    """Return the condition that :func:`described` tells one of these services."""
    complaint = models.Complaint
    has_agency = complaint.status.in_(_HAS_AGENCY)
    named = and_(has_agency, complaint.agency.in_(codes))
    return or_(~has_agency, named) if GENERAL in codes else named


def _moment(text: str | None, name: str) -> dt.datetime | None:
    if not text:
        return None
    try:
        moment = dt.datetime.fromisoformat(text.replace(" ", "+"))  # an unescaped plus of the zone
    except ValueError:
        raise Open311Error(400, f"{name} ditulis menurut W3C, misalnya 2026-01-31T08:15:00+07:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _written(moment: dt.datetime) -> str:
    return moment.replace(microsecond=0).isoformat()
