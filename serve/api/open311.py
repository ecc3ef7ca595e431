"""Open311 GeoReport v2 endpoints: services and requests.

Specification: https://wiki.open311.org/GeoReport_v2/ and https://wiki.open311.org/Service_Discovery/, both kept in the
repository open311/open311.github.io; https://wiki.open311.org/GeoReport_v2/Extensions/ for ``page``. A *service* is an
agency with what it handles; ``umum`` leaves the choice to the desk. A *request* is a complaint, masked, and left out if
*rahasia* (secret). An *address identifier* is a place's Kemendagri code. ``docs/api.md`` lists the differences from the
standard.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from pipeline.region.succession import today
from serve.api.dependencies import LoadedRouter, LoadedSuggester, Now, Store
from serve.api.form import Form
from serve.api.open311_arrival import FORM, arrival_of
from serve.api.open311_format import Format, Open311Error, Open311Route, rendered
from serve.api.open311_requests import Page, search, told
from serve.api.open311_services import GENERAL, services
from serve.api.whole_number import WholeNumber
from serve.identity import Identity
from serve.security import Door
from serve.store import intake
from serve.store.accounts import Scope
from serve.store.orders import SERVICE_TAG

Several = Annotated[Sequence[str], Query(description="One value, or several separated by commas")]

_FORMS: dict[str, Any] = {"application/json": {}, "text/xml": {}, "application/problem+json": {}}
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"description": description, "content": _FORMS}
    for status, description in (
        (400, "A field is missing or invalid"),
        (401, "Body too large for a request without a valid key"),
        (403, "No valid key, or one that lacks the scope"),
        (404, "No such format, service or request"),
        (408, "The form arrived too slowly"),
        (413, "Form or text too large"),
        (429, "Rate limit exceeded; retry after Retry-After seconds"),
        (503, "Overloaded, or the store is unavailable; retry after Retry-After seconds"),
    )
}

_BOTH: dict[str, Any] = {"application/json": {}, "text/xml": {}}
_FOUND: dict[int | str, dict[str, Any]] = {
    200: {"description": "JSON or XML, by the extension of the URL", "content": _BOTH}
}
_BODY = {"content": {"application/x-www-form-urlencoded": {"schema": FORM}}, "required": True}

api = APIRouter(prefix="/open311/v2", tags=["open311"], route_class=Open311Route, responses=_ERRORS)


def _sender(request: Request, form: Form) -> Identity:
    identity = _identified(request, Scope.INTAKE, form.get("api_key"))
    if identity.role is not None and not identity.is_demo:
        identity.check_csrf(form.get("csrf_token"))
    return identity


def _reader(
    request: Request,
    api_key: Annotated[
        str | None, Query(description="Key with the scope read, unless sent in the header Authorization")
    ] = None,
) -> Identity:
    return _identified(request, Scope.READ, api_key)


def _identified(request: Request, scope: Scope, key: str | None) -> Identity:
    """Return the authorised identity; the standard passes the key as a parameter ``api_key``."""
    door: Door = request.app.state.door
    return door.with_key(key, scope) if key else door.let_in(request, scope)


@api.get("/discovery.{fmt}", responses=_FOUND)
def discovery(fmt: Format, request: Request, router: LoadedRouter) -> Response:
    """Return the endpoints and their formats."""
    # Agencies can change every day, so clients must refresh cached services daily.
    region = router.region
    changeset = dt.datetime.combine(today(region), dt.time(), region.clock).isoformat()
    document = {
        "changeset": changeset,
        "contact": "Lihat /docs",
        "key_service": "Kunci dibuat oleh admin: disposisi key add NAMA --scope intake --scope read",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": str(request.base_url) + "open311/v2",
                "changeset": changeset,
                "type": "production",
                "formats": ["application/json", "text/xml"],
            }
        ],
    }
    return rendered(document, fmt, "discovery")


@api.get("/services.{fmt}", responses=_FOUND)
def list_services(fmt: Format, router: LoadedRouter) -> Response:
    """List the services: agencies, and what they handle."""
    return rendered([asdict(service) for service in services(router.region).values()], fmt, "services")


@api.get("/services/{code}.{fmt}", responses=_FOUND)
def service(code: str, fmt: Format, router: LoadedRouter) -> Response:
    """Describe a service; no service has additional attributes."""
    if code not in services(router.region):
        raise Open311Error(404, f"service_code {code!r} tidak ada; lihat /open311/v2/services.json.")
    return rendered({"service_code": code, "attributes": []}, fmt, "service_definition")


@api.get("/requests.{fmt}", responses=_FOUND)
def list_requests(
    fmt: Format,
    store: Store,
    router: LoadedRouter,
    now: Now,
    _: Annotated[Identity, Depends(_reader)],
    service_request_id: Several = (),
    service_code: Several = (),
    start_date: Annotated[
        str | None, Query(description="Such as 2026-01-31T08:15:00Z; defaults to 90 days before end_date")
    ] = None,
    end_date: Annotated[
        str | None, Query(description="At most 90 days after start_date, which is the default; without both, now")
    ] = None,
    status: Annotated[Sequence[str], Query(description="open, closed, or both separated by a comma")] = (),
    page: Annotated[WholeNumber, Query(ge=1, le=10_000, description="From 1 on")] = 1,
    page_size: Annotated[
        WholeNumber, Query(ge=1, le=Page.MAX_SIZE, description="How many on a page, at most")
    ] = Page.MAX_SIZE,
) -> Response:
    """List requests, newest first: at most 1,000 from at most 90 days, as in the standard."""
    wanted = search(_all(service_request_id), _all(service_code), start_date, end_date, _all(status), now)
    with store.reading() as session:
        return rendered(told(session, wanted, router.region, Page(page, page_size)), fmt, "service_requests")


@api.get("/requests/{number}.{fmt}", responses=_FOUND)
def one_request(
    number: str, fmt: Format, store: Store, router: LoadedRouter, now: Now, _: Annotated[Identity, Depends(_reader)]
) -> Response:
    """Return one request, in a list of one."""
    with store.reading() as session:
        found = told(session, search((number,), (), None, None, (), now), router.region)
        if not found:
            raise Open311Error(404, f"service_request_id {number!r} tidak ada.")
        return rendered(found, fmt, "service_requests")


@api.get("/tokens/{token}.{fmt}", responses=_FOUND)
def token(token: str, fmt: Format) -> Response:  # noqa: ARG001 (only json and xml exist)
    """Return 404, always: every service returns the request's number at once, so there are no tokens."""
    raise Open311Error(404, f"token {token!r} tidak ada; setiap laporan langsung mendapat service_request_id.")


@api.post("/requests.{fmt}", responses=_FOUND, openapi_extra={"requestBody": _BODY})
def post_request(
    fmt: Format,
    form: Form,
    store: Store,
    suggester: LoadedSuggester,
    now: Now,
    sender: Annotated[Identity, Depends(_sender)],
) -> Response:
    """Create a request (a complaint) from a URL-encoded form."""
    code, known = form.get("service_code", ""), services(suggester.region)
    if not code:
        raise Open311Error(400, "service_code belum diisi.")
    if code not in known:
        raise Open311Error(404, f"service_code {code!r} tidak ada; lihat /open311/v2/services.json.")
    arrival = arrival_of(form, suggester.region)
    suggestion = suggester.suggest(arrival.complaint)
    tags = () if code == GENERAL else (f"{SERVICE_TAG}{code}",)
    with store.writing() as session:
        stored = intake.store(session, suggester, arrival, suggestion, by=sender.name, now=now, tags=tags)
        answer = {
            "service_request_id": str(stored.id),
            "service_notice": "Aduan diterima; petugas menentukan instansi yang menangani.",
            "account_id": None,
        }
    return rendered([answer], fmt, "service_requests")


def _all(values: Several) -> tuple[str, ...]:
    """Return a parameter's values, given with commas or by repeating the parameter, without empty ones."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())
