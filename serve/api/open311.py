"""Open311 GeoReport v2: services and requests in the words of the civic standard.

Specification: https://wiki.open311.org/GeoReport_v2/. A *service* is an agency with what it handles; ``umum`` leaves
the choice to the desk. A *request* is a complaint; what outsiders read of it is masked, and *rahasia* is left out.
Service discovery is described at https://wiki.open311.org/Service_Discovery/.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from pipeline.complaint import Complaint
from serve.api.dependencies import LoadedRouter, LoadedSuggester, Now, Store
from serve.api.form import Form
from serve.api.open311_format import Format, Open311Error, Open311Route, rendered
from serve.api.open311_requests import described, find, search
from serve.api.open311_services import GENERAL, services
from serve.security import Door, Identity
from serve.store import intake
from serve.store.accounts import Scope
from serve.store.intake import Arrival

CHANNEL = "open311"
CHANGESET = "2026-01-01T00:00:00Z"  # of the service discovery document

api = APIRouter(prefix="/open311/v2", tags=["open311"], route_class=Open311Route)


def _sender(request: Request, form: Form) -> Identity:
    identity = _identified(request, Scope.INTAKE, form.get("api_key"))
    if identity.role is not None and not identity.is_demo:
        identity.check_csrf(form.get("csrf_token"))
    return identity


def _reader(request: Request, api_key: str | None = None) -> Identity:
    return _identified(request, Scope.READ, api_key)


def _identified(request: Request, scope: Scope, key: str | None) -> Identity:
    """Return who is asking; the standard sends the key as a parameter ``api_key``."""
    door: Door = request.app.state.door
    return door.with_key(key, scope) if key else door.let_in(request, scope)


@api.get("/discovery.{fmt}")
def discovery(fmt: Format, request: Request) -> Response:
    """Tell where the endpoints are and which formats they speak."""
    document = {
        "changeset": CHANGESET,
        "contact": "Lihat /docs",
        "key_service": "Kunci dibuat oleh admin: disposisi key add NAMA --scope intake --scope read",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": str(request.base_url) + "open311/v2",
                "changeset": CHANGESET,
                "type": "production",
                "formats": ["application/json", "text/xml"],
            }
        ],
    }
    return rendered(document, fmt, "discovery")


@api.get("/services.{fmt}")
def list_services(fmt: Format, router: LoadedRouter) -> Response:
    """List the services: agencies, and what they handle."""
    return rendered([service.summary() for service in services(router.region).values()], fmt, "services")


@api.get("/services/{code}.{fmt}")
def service(code: str, fmt: Format, router: LoadedRouter) -> Response:
    """Describe a service; none asks for more than the standard does."""
    if code not in services(router.region):
        raise Open311Error(404, f"service_code {code!r} tidak ada; lihat /open311/v2/services.json.")
    return rendered({"service_code": code, "attributes": []}, fmt, "service_definition")


@api.get("/requests.{fmt}")
def list_requests(
    fmt: Format,
    store: Store,
    router: LoadedRouter,
    now: Now,
    _: Annotated[Identity, Depends(_reader)],
    service_request_id: str | None = None,
    service_code: str | None = None,
    start_date: str | None = None,
    end_date: str | None = None,
    status: Annotated[str | None, Query(description="open, closed, or both with a comma")] = None,
) -> Response:
    """List requests, the newest first: at most 1,000 of at most 90 days, as the standard says."""
    wanted = search(service_request_id, service_code, start_date, end_date, status, now)
    with store.reading() as session:
        found = find(session, wanted)
        return rendered([described(row, router.region) for row in found], fmt, "service_requests")


@api.get("/requests/{number}.{fmt}")
def one_request(
    number: str, fmt: Format, store: Store, router: LoadedRouter, now: Now, _: Annotated[Identity, Depends(_reader)]
) -> Response:
    """Show one request, in a list of one."""
    with store.reading() as session:
        found = find(session, search(number, None, None, None, None, now))
        if not found:
            raise Open311Error(404, f"service_request_id {number!r} tidak ada.")
        return rendered([described(row, router.region) for row in found], fmt, "service_requests")


@api.post("/requests.{fmt}", status_code=201)
def post_request(
    fmt: Format,
    form: Form,
    store: Store,
    suggester: LoadedSuggester,
    now: Now,
    sender: Annotated[Identity, Depends(_sender)],
) -> Response:
    """Bring a complaint, form-encoded."""
    code, known = form.get("service_code", ""), services(suggester.region)
    if not code:
        raise Open311Error(400, "service_code belum diisi.")
    if code not in known:
        raise Open311Error(404, f"service_code {code!r} tidak ada; lihat /open311/v2/services.json.")
    latitude, longitude = _coordinate(form, "lat", 90), _coordinate(form, "long", 180)
    address = form.get("address_string")
    if not address and (latitude is None or longitude is None):
        raise Open311Error(400, "Isi lat dan long, atau address_string.")
    media = f"\n{form['media_url']}" if form.get("media_url") else ""
    complaint = Complaint(form.get("description", "") + media, address=address or None)
    name = " ".join(part for part in (form.get("first_name"), form.get("last_name")) if part)
    arrival = Arrival(
        complaint,
        CHANNEL,
        reporter_name=name or None,
        reporter_contact=form.get("phone") or form.get("email") or None,
        latitude=latitude,
        longitude=longitude,
    )
    suggestion = suggester.suggest(complaint)
    tags = () if code == GENERAL else (f"layanan:{code}",)
    with store.writing() as session:
        stored = intake.store(session, suggester, arrival, suggestion, by=sender.name, now=now, tags=tags)
        answer = {
            "service_request_id": str(stored.id),
            "service_notice": "Aduan diterima; petugas menentukan instansi yang menangani.",
            "account_id": None,
        }
    return rendered([answer], fmt, "service_requests", status=201)


def _coordinate(form: dict[str, str], name: Literal["lat", "long"], limit: int) -> float | None:
    text = form.get(name)
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not -limit <= value <= limit:
        raise Open311Error(400, f"{name} bukan koordinat WGS 84.")
    return value
