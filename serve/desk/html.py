"""Pages of the desk as HTML: the templates, what all pages show, and the security headers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from pipeline.complaint import Level
from pipeline.numerals import percent, thousands
from serve.desk import wording
from serve.identity import Identity
from serve.store.accounts import Scope
from serve.store.lifecycle import Situation

HEADERS = {
    # Pages contain complaints, so they must not be cached, framed or sent elsewhere.
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

# Invisible bidirectional controls, which could make a page show something else than was written.
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])

_templates = Jinja2Templates(Path(__file__).parent / "templates")
_templates.env.globals.update(
    LEVELS=list(Level),
    LEVEL_MEANING=wording.LEVELS,
    SITUATIONS=list(Situation),
)
_templates.env.finalize = lambda value: (
    value.translate(_TURNS) if isinstance(value, str) and not value.isascii() else value
)
_templates.env.filters.update(
    thousands=thousands,
    percent=percent,
    share=wording.share,
    tenths=wording.tenths,
    date=wording.date,
    channel=wording.channel,
)


def page(request: Request, template: str, context: dict[str, Any], status: int = 200) -> HTMLResponse:
    """Render a template, with the context that the page's frame needs."""
    identity: Identity | None = getattr(request.state, "identity", None)
    shared = {
        "region": request.app.state.router.region.name,
        "model": request.app.state.router.name,
        "identity": identity,
        "csrf": identity.csrf_token if identity else "",
        "may_read": identity is not None and Scope.READ in identity.scopes,
        "is_admin": identity is not None and Scope.ADMIN in identity.scopes,
        "may_review": identity is not None and Scope.REVIEW in identity.scopes,
        "may_decide": identity is not None and Scope.DECIDE in identity.scopes,
        "path": request.url.path,
    }
    return _templates.TemplateResponse(request, template, shared | context, status_code=status, headers=HEADERS)


def compile_templates() -> None:
    """Compile all templates in advance; on first use it would take 100 ms for the queue."""
    for name in _templates.env.list_templates():
        _templates.env.get_template(name)


def wants_json(request: Request) -> bool:
    """Tell whether the request comes from the desk's own script."""
    return "application/json" in request.headers.get("accept", "")
