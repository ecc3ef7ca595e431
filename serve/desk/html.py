"""Shared by all pages of the desk: templates, security headers, authentication, and errors as HTML pages."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from fastapi.templating import Jinja2Templates
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from pipeline.complaint import Level
from pipeline.errors import DisposisiError
from pipeline.numerals import percent, thousands
from serve.api.form import fields_of
from serve.api.problems import error_response, failure_of, headers_of, on_http_error, on_invalid
from serve.desk import wording
from serve.errors import LoginRequiredError, NotFoundError, StoreError
from serve.identity import Identity
from serve.security import COOKIE, Door, may
from serve.special_paths import PROGRAMS
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
MAX_FIELDS = 200
_OF_FORMS = frozenset({"/baru", "/coba", "/kelola"})  # pages whose forms post to their own path
_DOWNLOAD = ".xlsx"
_NO_PAGE = frozenset({404, 405})  # 405: path of a form, opened by hand or by a browser restoring its tabs
_OF_PROGRAMS = (*PROGRAMS, "/static/")

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
    thousands=thousands, percent=percent, share=wording.share, date=wording.date, channel=wording.channel
)

Form = dict[str, list[str]]
Handler = Callable[[Request, Exception], Coroutine[Any, Any, Response]]


class DeskRoute(APIRoute):
    """A route that reports errors as an HTML page, as JSON to the desk's script, or by a redirect to the login page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, wrapped to convert its errors."""
        handler = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handler(request)
            except LoginRequiredError as error:
                if wants_json(request):
                    return _told(request, error)
                return RedirectResponse(_login_page(request), status_code=303)
            except DisposisiError as error:
                if not hasattr(request.state, "identity"):  # refused before the viewer was identified
                    await run_in_threadpool(_recognise, request)
                return _told(request, error)
            except (HTTPException, RequestValidationError):
                raise
            except Exception as error:
                return _told(request, failure_of(request, error))

        return told


def _login_page(request: Request) -> str:
    """Return the URL of the login page, with the page to return to, and a flag if a login has expired.

    A login has expired if there is a cookie, or a form was sent, whose page required a login.
    """
    is_form = request.method != "GET"
    here = _page_of(request.url.path) if is_form else request.url.path
    query = f"?{request.url.query}" if not is_form and request.url.query else ""
    onward = here.removesuffix(_DOWNLOAD) + query  # else the file would be downloaded while the login page stays
    ended = "&berakhir=1" if is_form or COOKIE in request.cookies else ""
    return f"/masuk?ke={quote(onward)}{ended}"


def _page_of(path: str) -> str:
    """Return the path of the page with the form that posts to ``path``; the queue's for other paths."""
    match path.split("/"):
        case ["", "aduan", number, _, *_]:
            return f"/aduan/{number}"
        case ["", "periksa", _, *_]:
            return "/periksa"
        case _:
            return path if path in _OF_FORMS else "/"


async def form_of(request: Request) -> Form:
    """Return the fields of a form, with normalised newlines; the desk's forms are all URL-encoded."""
    fields = await fields_of(request, MAX_FIELDS)
    return {name: [value.replace("\r\n", "\n") for value in values] for name, values in fields.items()}


SentForm = Annotated[Form, Depends(form_of)]


def first(form: Form, name: str) -> str:
    """Return a field's first value, stripped; empty if it wasn't sent."""
    return form.get(name, [""])[0].strip()


def viewer(scope: Scope) -> Callable[[Request], Identity]:
    """Return a dependency for pages that requires a scope, and identifies the viewer for the page's frame."""

    def identify(request: Request) -> Identity:
        request.state.identity = identity = may(scope)(request)
        return identity

    return identify


def changer(scope: Scope) -> Callable[[Request, Form], Identity]:
    """Return a dependency for forms that checks the sender's scope and the CSRF token."""
    identify = viewer(scope)

    def check(request: Request, form: SentForm) -> Identity:
        identity = identify(request)
        identity.check_csrf(first(form, "csrf"))
        return identity

    return check


Viewer = Annotated[Identity, Depends(viewer(Scope.READ))]


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


def add_handlers(app: FastAPI) -> None:
    """Register handlers that show browsers a page for an unknown path; other clients get a problem document."""
    app.add_exception_handler(HTTPException, _nothing_here(on_http_error))
    app.add_exception_handler(RequestValidationError, _nothing_here(on_invalid))


def _nothing_here(otherwise: Handler) -> Handler:
    async def told(request: Request, error: Exception) -> Response:
        is_page = request.method == "GET" and not request.url.path.startswith(_OF_PROGRAMS)
        is_missing = isinstance(error, RequestValidationError) or getattr(error, "status_code", 0) in _NO_PAGE
        if not (is_page and is_missing and "text/html" in request.headers.get("accept", "")):
            return await otherwise(request, error)
        await run_in_threadpool(_recognise, request)
        nothing = NotFoundError("Halaman ini tidak ada.", mend="Periksa alamatnya.")
        return _error_page(request, nothing)

    return told


def _recognise(request: Request) -> None:
    """Identify the viewer, if possible, for the page's frame."""
    door: Door = request.app.state.door
    with suppress(StoreError, SQLAlchemyError):
        identity = door.who(request)
        request.state.identity = identity if identity and Scope.READ in identity.scopes else None


def form_key() -> str:
    """Return a new idempotency key for a form."""
    return secrets.token_urlsafe(12)


def wants_json(request: Request) -> bool:
    """Tell whether the request comes from the desk's own script."""
    return "application/json" in request.headers.get("accept", "")


def _told(request: Request, error: DisposisiError) -> Response:
    answer = error_response(error) if wants_json(request) else _error_page(request, error)
    answer.headers.update(headers_of(error) | HEADERS)
    return answer


def _error_page(request: Request, error: DisposisiError) -> HTMLResponse:
    return page(request, "error.html", {"error": error, "back": _page_of(request.url.path)}, status=error.status)
