"""Open311 requests: search, and the public view of complaints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from pipeline.complaint import UNREADABLE
from pipeline.numerals import whole
from pipeline.region import Region
from pipeline.text import mask
from serve.api.open311_format import Open311Error
from serve.api.open311_services import GENERAL, GENERAL_NAME
from serve.api.timestamps import possible
from serve.store import models
from serve.store.confidentiality import open_numbers
from serve.store.lifecycle import SENT, UNDER_WAY, Status, stored

LONGEST_SPAN = dt.timedelta(days=90)
LONGEST_DESCRIPTION = 4000  # characters
_IS_OPEN = stored(UNDER_WAY)
# Statuses in which somebody has chosen the agency; in others it is only suggested, which isn't public.
_HAS_AGENCY = stored(SENT | {Status.SELESAI, Status.LUAR_KEWENANGAN})


@dataclass(frozen=True, slots=True)
class Search:
    """Search for requests; ``numbers``, if given, override all else, as in the standard."""

    numbers: tuple[int, ...] | None
    agencies: tuple[str, ...]
    start: dt.datetime
    end: dt.datetime
    statuses: frozenset[str]


@dataclass(frozen=True, slots=True)
class Page:
    """Page of the search results; ``number`` counts from 1."""

    MAX_SIZE: ClassVar[int] = 1000

    number: int = 1
    size: int = MAX_SIZE


def search(
    numbers: tuple[str, ...],
    agencies: tuple[str, ...],
    start_date: str | None,
    end_date: str | None,
    statuses: tuple[str, ...],
    now: dt.datetime,
) -> Search:
    """Parse the query parameters.

    Raises
    ------
    Open311Error
        If one is invalid, or the dates span more than 90 days.
    """
    everything = frozenset({"open", "closed"})
    if numbers:
        known = tuple(number for part in numbers if (number := whole(part)) is not None)
        return Search(known, (), now, now, everything)
    if not everything.issuperset(statuses):
        raise Open311Error(400, "status adalah open, closed, atau keduanya dengan koma.")
    if any(map(UNREADABLE.search, agencies)):  # PostgreSQL rejects NUL
        raise Open311Error(400, "service_code memuat karakter yang bukan tulisan.")
    return Search(None, agencies, *_span(start_date, end_date, now), frozenset(statuses) or everything)


def _span(start_date: str | None, end_date: str | None, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return start and end; the maximum span if only one is given, and that until ``now`` if none is."""
    start, end = _moment(start_date, "start_date"), _moment(end_date, "end_date")
    if start is None:
        end = end or now
        return end - LONGEST_SPAN, end
    end = end or start + LONGEST_SPAN
    if not start <= end <= start + LONGEST_SPAN:
        raise Open311Error(400, "end_date paling cepat sama dengan start_date dan paling lama 90 hari sesudahnya.")
    return start, end


def told(session: Session, wanted: Search, region: Region, page: Page = Page()) -> list[dict[str, Any]]:
    """Return the public view of complaints, newest first, without *rahasia* (secret) and withdrawn ones."""
    found = _find(session, wanted, page)
    numbers = open_numbers(session, (complaint.merged_into for complaint in found))
    return [_described(complaint, region, numbers) for complaint in found]


def _find(session: Session, wanted: Search, page: Page) -> Sequence[models.Complaint]:
    complaint = models.Complaint
    query = select(complaint).where(complaint.secret == false(), complaint.status != str(Status.DITARIK))
    if wanted.numbers is not None:
        query = query.where(complaint.id.in_(wanted.numbers[: Page.MAX_SIZE]))
    else:
        query = query.where(complaint.received_at >= wanted.start, complaint.received_at <= wanted.end)
        query = query.where(_by_status(wanted.statuses))
        if wanted.agencies:
            query = query.where(_by_service(wanted.agencies))
    query = query.order_by(complaint.received_at.desc(), complaint.id.desc())
    return session.scalars(query.limit(page.size).offset((page.number - 1) * page.size)).all()


def _described(complaint: models.Complaint, region: Region, numbers: frozenset[int]) -> dict[str, Any]:
    """Return a complaint with the standard's field names, personal data masked.

    Parameters
    ----------
    numbers
        Numbers of merge targets that are public.
    """
    agency = region.agencies.get(complaint.agency or "")
    if complaint.status not in _HAS_AGENCY:
        agency = None
    is_open = complaint.status in _IS_OPEN
    return {
        "service_request_id": str(complaint.id),
        "status": "open" if is_open else "closed",
        "status_notes": _notes(complaint, numbers),
        "service_name": agency.name if agency else GENERAL_NAME,
        "service_code": agency.code if agency else GENERAL,
        "description": _cut(mask(complaint.text)),
        "agency_responsible": agency.name if agency else None,
        "service_notice": None,
        "requested_datetime": _written(complaint.received_at),
        "updated_datetime": _written(complaint.changed_at),
        "expected_datetime": _written(complaint.due_at) if is_open else None,
        "address": mask(complaint.address) if complaint.address else None,
        "address_id": complaint.place_code,
        "zipcode": None,
        "lat": complaint.latitude,
        "long": complaint.longitude,
        "media_url": None,
    }


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_DESCRIPTION else text[: LONGEST_DESCRIPTION - 1] + "…"


def _notes(complaint: models.Complaint, numbers: frozenset[int]) -> str:
    label = Status(complaint.status).label
    return f"{label} dengan nomor {complaint.merged_into}" if complaint.merged_into in numbers else label


def _by_status(statuses: frozenset[str]) -> ColumnElement[bool]:
    is_open = models.Complaint.status.in_(_IS_OPEN)
    return or_(*(is_open if status == "open" else ~is_open for status in sorted(statuses)))


def _by_service(codes: tuple[str, ...]) -> ColumnElement[bool]:
    """Return the SQL condition that :func:`_described` gives one of these services."""
    complaint = models.Complaint
    has_agency = complaint.status.in_(_HAS_AGENCY)
    named = and_(has_agency, complaint.agency.in_(codes))
    return or_(~has_agency, named) if GENERAL in codes else named


def _moment(text: str | None, name: str) -> dt.datetime | None:
    if not text:
        return None
    try:
        moment = possible(dt.datetime.fromisoformat(text.replace(" ", "+")))  # an unescaped + of the offset
    except ValueError:
        raise Open311Error(400, f"{name} ditulis menurut W3C, misalnya 2026-01-31T08:15:00+07:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _written(moment: dt.datetime) -> str:
    return moment.replace(microsecond=0).isoformat()
