"""Errors on the desk: a page, JSON for the desk's own script, or the way to the login page."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from pipeline.errors import DisposisiError
from serve.api.problems import error_response, failure_of, headers_of, on_http_error, on_invalid
from serve.desk.html import HEADERS, page, wants_json
from serve.errors import LoginRequiredError, NotFoundError, StoreError
from serve.security import COOKIE, Door
from serve.special_paths import PROGRAMS
from serve.store.accounts import Scope

_OF_FORMS = frozenset({"/baru", "/coba", "/kelola"})  # pages whose forms post to their own path
_DOWNLOAD = ".xlsx"
_NO_PAGE = frozenset({404, 405})  # 405: path of a form, opened by hand or by a browser restoring its tabs
_OF_PROGRAMS = (*PROGRAMS, "/static/")

_Handler = Callable[[Request, Exception], Coroutine[Any, Any, Response]]


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


def add_handlers(app: FastAPI) -> None:
    """Register handlers that show browsers a page for an unknown path; other clients get a problem document."""
    app.add_exception_handler(HTTPException, _nothing_here(on_http_error))
    app.add_exception_handler(RequestValidationError, _nothing_here(on_invalid))


def _nothing_here(otherwise: _Handler) -> _Handler:
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


def _told(request: Request, error: DisposisiError) -> Response:
    answer = error_response(error) if wants_json(request) else _error_page(request, error)
    answer.headers.update(headers_of(error) | HEADERS)
    return answer


def _error_page(request: Request, error: DisposisiError) -> HTMLResponse:
    return page(request, "error.html", {"error": error, "back": _page_of(request.url.path)}, status=error.status)
