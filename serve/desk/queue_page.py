"""Pages of the queue and of complaints, and the decision forms; reading and accepting work without JavaScript."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from serve.api.dependencies import Now, Store
from serve.api.whole_number import WholeNumber
from serve.desk import form_actions
from serve.desk.complaint_view import Opened, opened
from serve.desk.desk import Desk, TheDesk
from serve.desk.entries import done
from serve.desk.error_pages import DeskRoute
from serve.desk.form_actions import Outcome
from serve.desk.forms import SentForm, form_key
from serve.desk.html import HEADERS, page, wants_json
from serve.desk.queue_view import Shown, next_in, shown
from serve.desk.viewers import Viewer, changer
from serve.errors import NotFoundError
from serve.identity import Identity, readable
from serve.store.accounts import Scope
from serve.store.database import Database

pages = APIRouter(include_in_schema=False, route_class=DeskRoute)

Decider = Annotated[Identity, Depends(changer(Scope.DECIDE))]
_FRAGMENT = "x-bagian"  # header by which the desk's script asks for a part of the page


@pages.get("/", response_class=HTMLResponse)
def queue(request: Request, viewer: Viewer, store: Store, desk: TheDesk, now: Now) -> HTMLResponse:
    """Show the queue, with its first complaint opened if the screen is wide enough."""
    with readable(store, viewer) as session:
        listed = shown(session, desk, request.query_params, now, viewer)
        if request.headers.get(_FRAGMENT) == "daftar":
            return page(request, "_list.html", {"queue": listed, "current": None})
        return _desk_page(request, session, desk, viewer, now, listed, listed.first, view="daftar")


@pages.get("/aduan/{number}", response_class=HTMLResponse)
def complaint(
    number: WholeNumber, request: Request, viewer: Viewer, store: Store, desk: TheDesk, now: Now
) -> HTMLResponse:
    """Show a complaint beside the queue."""
    with readable(store, viewer) as session:
        if request.headers.get(_FRAGMENT) == "aduan":
            context = {"c": _opened(session, desk, number, now, viewer), "key": form_key(), "offices": desk.offices}
            return page(request, "_complaint.html", context | {"query": request.url.query})
        listed = shown(session, desk, request.query_params, now, viewer)
        return _desk_page(request, session, desk, viewer, now, listed, number, view="aduan")


@pages.post("/aduan/{number}/keputusan")
def decide(
    number: WholeNumber, request: Request, form: SentForm, decider: Decider, store: Store, desk: TheDesk, now: Now
) -> Response:
    """Carry out the form's order, then show the next complaint."""
    with store.writing() as session:
        outcome = form_actions.act(session, desk, number, form, by=decider.name, now=now)
    return _answer(request, store, desk, number, outcome, now, decider)


@pages.post("/aduan/{number}/gabung")
def merge(
    number: WholeNumber, request: Request, form: SentForm, decider: Decider, store: Store, desk: TheDesk, now: Now
) -> Response:
    """Merge other complaints into this one, and stay on it."""
    with store.writing() as session:
        outcome = form_actions.merge_here(session, desk, number, form, by=decider.name, now=now)
    return _answer(request, store, desk, number, outcome, now, decider)


@pages.post("/batal")
def undo(request: Request, form: SentForm, decider: Decider, store: Store, desk: TheDesk, now: Now) -> Response:
    """Undo the last decision, and show the complaint again."""
    with store.writing() as session:
        numbers = form_actions.undo(session, desk, form, by=decider.name, now=now)
    if wants_json(request):
        sentence = f"Keputusan atas aduan {', '.join(map(str, numbers))} dibatalkan."
        return JSONResponse({"back": list(numbers), "sentence": sentence}, headers=HEADERS)
    if not numbers:
        raise NotFoundError("Tidak ada yang dibatalkan.", mend="Buka aduannya dari antrean.")
    return RedirectResponse(f"/aduan/{numbers[0]}", status_code=303)


@pages.get("/instansi.json")
def offices(_: Viewer, desk: TheDesk) -> JSONResponse:
    """List all offices with what they handle, for the type-ahead."""
    contacts = desk.suggester.region.replies.contacts
    plain = [asdict(office) | {"contact": contacts.get(office.code, "")} for office in desk.offices.all]
    return JSONResponse(plain, headers=HEADERS)


def _desk_page(
    request: Request,
    session: Session,
    desk: Desk,
    viewer: Identity,
    now: dt.datetime,
    listed: Shown,
    number: int | None,
    view: str,
) -> HTMLResponse:
    context = {
        "queue": listed,
        "c": _opened(session, desk, number, now, viewer) if number is not None else None,
        "current": number,
        "offices": desk.offices,
        "district": desk.suggester.region.kind_name("kecamatan"),
        "view": view,
        "key": form_key(),
        "query": listed.query,
        "done": done(session, desk, request.query_params.getlist("batal"), viewer.name),
    }
    return page(request, "queue.html", context)


def _opened(session: Session, desk: Desk, number: int, now: dt.datetime, viewer: Identity) -> Opened:
    """Return a complaint, without the reporter if the viewer may not see that."""
    complaint = opened(session, desk, number, now, viewer.name)
    return complaint if viewer.sees_reporters else replace(complaint, reporter="", sender_id=None)


def _answer(
    request: Request,
    store: Database,
    desk: Desk,
    number: int,
    outcome: Outcome,
    now: dt.datetime,
    decider: Identity,
) -> Response:
    """Return the outcome as JSON to the script, or a redirect to the next page for a plain form."""
    if wants_json(request):
        return JSONResponse(asdict(outcome), headers=HEADERS)
    stays = number not in outcome.gone
    with readable(store, decider) as session:
        following = number if stays else next_in(session, desk, request.query_params, now, number, decider)
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "batal"]
    query = urlencode([*kept, *(("batal", pair) for pair in outcome.undo)])
    return RedirectResponse(f"{'/' if following is None else f'/aduan/{following}'}?{query}", status_code=303)
