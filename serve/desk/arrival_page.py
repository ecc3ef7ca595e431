"""Form for complaints that arrive at the counter or by telephone, typed in at the desk."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.complaint import Complaint
from pipeline.errors import ComplaintError
from serve.api.dependencies import Now, Store
from serve.desk.desk import TheDesk
from serve.desk.error_pages import DeskRoute
from serve.desk.forms import SentForm, first, form_key, key_of
from serve.desk.html import page
from serve.desk.viewers import changer, viewer
from serve.identity import Identity
from serve.store import intake, messages
from serve.store.accounts import Scope
from serve.store.intake import Arrival
from serve.store.lifecycle import Action

pages = APIRouter(include_in_schema=False, route_class=DeskRoute)
CHANNELS = ("loket", "telepon", "whatsapp", "sp4n-lapor", "media-sosial", "surat")


@pages.get("/baru", response_class=HTMLResponse)
def form(request: Request, _: Annotated[Identity, Depends(viewer(Scope.INTAKE))]) -> HTMLResponse:
    """Show the empty form, with an idempotency key."""
    return page(request, "arrival.html", {"channels": CHANNELS, "form": {}, "key": form_key()})


@pages.post("/baru")
def receive(
    request: Request,
    form: SentForm,
    sender: Annotated[Identity, Depends(changer(Scope.INTAKE))],
    store: Store,
    desk: TheDesk,
    now: Now,
) -> Response:
    """Store the complaint with a suggestion, and redirect to its page."""
    try:
        arrival = Arrival(
            Complaint(form.get("teks", [""])[0], address=first(form, "alamat") or None),
            first(form, "kanal") or CHANNELS[0],
            reporter_name=first(form, "pelapor") or None,
            reporter_contact=first(form, "kontak") or None,
            anonymous=bool(first(form, "anonim")),
            secret=bool(first(form, "rahasia")),
        )
    except ComplaintError as error:
        context = {"channels": CHANNELS, "form": form, "key": first(form, "kunci"), "error": error}
        return page(request, "arrival.html", context, status=error.status)
    suggestion = desk.suggester.suggest(arrival.complaint)
    with store.writing() as session:
        received = intake.receive(
            session, desk.suggester, arrival, by=sender.name, now=now, suggestion=suggestion, key=key_of(form)
        )
        complaint = received.complaint
        if received.is_new and first(form, "tanda_terima"):
            text = desk.replies(complaint.id, now).standard(Action.RECEIVE)
            messages.add_reply(session, complaint, text, by=sender.name, now=now)
    return RedirectResponse(f"/aduan/{complaint.id}", status_code=303)
