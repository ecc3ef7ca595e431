"""Help page: shortcut keys, levels of urgency, and the meaning of percentages."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from serve.desk.desk import TheDesk
from serve.desk.error_pages import DeskRoute
from serve.desk.html import page
from serve.desk.viewers import Viewer

pages = APIRouter(include_in_schema=False, route_class=DeskRoute)


@pages.get("/bantuan", response_class=HTMLResponse)
def show_help(request: Request, _: Viewer, desk: TheDesk) -> HTMLResponse:
    """Show the help page, with the region's own deadlines."""
    return page(request, "help.html", {"sla": desk.suggester.region.sla, "offices": desk.offices.all})
