"""Try-out page (*Coba*): shows the suggestion for a pasted text; stores nothing, and works without JavaScript."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from pipeline.complaint import Complaint
from pipeline.errors import ComplaintError
from serve.api.dependencies import LoadedRouter
from serve.desk import wording
from serve.desk.desk import TheDesk
from serve.desk.error_pages import DeskRoute
from serve.desk.forms import SentForm, first
from serve.desk.highlights import marked
from serve.desk.html import page
from serve.errors import LoginRequiredError
from serve.security import Door, may_suggest


def _identity(request: Request) -> None:
    """Check the permission for suggestions, and identify the viewer for the page's frame."""
    may_suggest(request)
    door: Door = request.app.state.door
    try:
        request.state.identity = door.who(request)
    except LoginRequiredError:
        request.state.identity = None


pages = APIRouter(include_in_schema=False, route_class=DeskRoute, dependencies=[Depends(_identity)])


@pages.get("/coba", response_class=HTMLResponse)
def show_form(request: Request) -> HTMLResponse:
    """Show the empty form."""
    return page(request, "try.html", {})


@pages.post("/coba", response_class=HTMLResponse)
def show_suggestion(request: Request, form: SentForm, router: LoadedRouter, desk: TheDesk) -> HTMLResponse:
    """Show the suggestion for the pasted complaint."""
    text, address = form.get("text", [""])[0], first(form, "address")
    context: dict[str, object] = {"text": text, "address": address}
    try:
        complaint = Complaint(text, address=address or None)
    except ComplaintError as error:
        return page(request, "try.html", context | {"error": str(error)}, status=error.status)
    suggestion = router.suggest(complaint)
    reasons, urgent = wording.why(suggestion.urgency, suggestion.urgency.level)
    context |= {
        "suggestion": suggestion,
        "pieces": marked(text, suggestion.words, suggestion.place, urgent),
        "reasons": reasons,
        "place": wording.where(suggestion.place, router.region),
        "sentence": wording.DECISIONS[suggestion.decision],
        "offices": desk.offices,
    }
    return page(request, "try.html", context)
