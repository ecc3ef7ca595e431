"""Exception handlers that return problem documents (RFC 9457); they never quote a complaint's text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match

from pipeline.errors import DisposisiError
from pipeline.validation_errors import own_words
from serve.api.problem_schema import Problem
from serve.errors import InternalError, StoreError
from serve.logs import keep_messages_out, log_crash, log_trouble
from serve.media_type import media_type
from serve.store.database_errors import store_trouble

_URN = "urn:disposisi:problem:"
_TITLES = {
    400: "Permintaan tidak dapat dibaca",
    404: "Tidak ditemukan",
    405: "Metode tidak didukung",
    415: "Jenis isi tidak didukung",
}
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


# By reference: from a model, FastAPI would build a field for each of them and each endpoint, 2 % of the startup time.
_PROBLEM = {"schema": {"$ref": "#/components/schemas/Problem"}}
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": description, "content": {"application/problem+json": _PROBLEM}}
    for status, description in (
        (400, "The body is not valid JSON in UTF-8"),
        (401, "Missing or invalid key or login"),
        (403, "The key or role lacks the scope, or the CSRF token is wrong"),
        (404, "No such complaint"),
        (408, "The body arrived too slowly"),
        (409, "Conflict with another decision, a claim, the status, or a used sender_id or key; nothing was changed"),
        (413, "Body or text too large"),
        (415, "The content type is not JSON"),
        (422, "Invalid or missing field or parameter"),
        (429, "Rate limit exceeded; retry after Retry-After seconds"),
        (503, "Overloaded, or the store is unavailable; retry after Retry-After seconds"),
    )
}


def problem_response(
    status: int,
    title: str,
    detail: str,
    kind: str,
    errors: Sequence[dict[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return a problem document as a response."""
    problem = Problem(type=f"{_URN}{kind}", title=title, status=status, detail=detail, errors=list(errors))
    return _rendered(problem, headers)


def error_response(error: DisposisiError) -> JSONResponse:
    """Return the problem document of an error as a response."""
    return _rendered(problem_of(error), headers_of(error))


def problem_of(error: DisposisiError) -> Problem:
    """Return the problem document of an error."""
    return Problem(type=f"{_URN}{_kind(error)}", title=error.title, status=error.status, detail=str(error))


def headers_of(error: DisposisiError) -> dict[str, str]:
    """Return the HTTP headers of an error's response, such as ``Retry-After``."""
    return error.headers if isinstance(error, StoreError) else {}


def add_handlers(app: FastAPI) -> None:
    """Register handlers that turn every error into a problem document, and keep messages of errors out of the logs."""
    keep_messages_out()
    app.add_exception_handler(DisposisiError, _on_disposisi_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(SQLAlchemyError, _on_crash)
    app.add_exception_handler(Exception, _on_crash)


def _rendered(problem: Problem, headers: Mapping[str, str] | None) -> JSONResponse:
    content = problem.model_dump(exclude=None if problem.errors else {"errors"})
    return JSONResponse(content, status_code=problem.status, media_type="application/problem+json", headers=headers)


def _kind(error: DisposisiError) -> str:
    words: list[str] = re.findall(r"[A-Z][a-z]+", type(error).__name__.removesuffix("Error"))
    return "-".join(words).lower()


async def _on_disposisi_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DisposisiError)  # noqa: S101 (Starlette calls a handler only for its type)
    return error_response(error)


async def on_invalid(request: Request, error: Exception) -> JSONResponse:
    """Return the problem document for an invalid request, naming the fields."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    details = error.errors()
    if any(detail["type"] == "json_invalid" for detail in details):
        return problem_response(
            400, _TITLES[400], "Isi permintaan bukan JSON yang sah. Periksa tanda kutip.", "invalid-json"
        )
    if not _is_json(request) and any(d["loc"] == ("body",) and d["type"] != "missing" for d in details):
        mend = "Isi permintaan dikirim bukan sebagai JSON. Kirim dengan Content-Type: application/json."
        return problem_response(415, _TITLES[415], mend, "not-json")
    errors = [{"where": _where(detail), "what": own_words(detail)} for detail in details[:20]]
    where = ", ".join(dict.fromkeys(e["where"] for e in errors))
    return problem_response(
        422, "Isian tidak sah", f"Periksa: {where}. Contoh yang benar ada di /docs.", "invalid-input", errors
    )


def _where(detail: Mapping[str, Any]) -> str:
    return ".".join(map(str, detail["loc"][1:])) or "body"


def _is_json(request: Request) -> bool:
    """Tell whether a request's content type is JSON."""
    kind = media_type(request)
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


async def on_http_error(request: Request, error: Exception) -> JSONResponse:
    """Return the problem document for an HTTP error, such as an unknown path or method."""
    assert isinstance(error, HTTPException)  # noqa: S101
    title = _TITLES.get(error.status_code, "Permintaan tidak dapat dipenuhi")
    detail = f"{request.method} {request.url.path} tidak dapat dipenuhi. Daftar yang tersedia ada di /docs."
    if error.status_code == 400:  # raised by the framework for a body that it cannot decode
        detail = "Isi permintaan tidak dapat dibaca. Kirim JSON dalam UTF-8, tanpa dimampatkan."
    headers = error.headers
    if headers and "Allow" in headers:
        headers = {**headers, "Allow": _allowed(request)}
    return problem_response(error.status_code, title, detail, "http", headers=headers)


def _allowed(request: Request) -> str:
    """Return all methods of a path; Starlette gives only those of the first matching route."""
    routes: Sequence[BaseRoute] = request.app.routes
    asked = [{**request.scope, "method": method} for method in _METHODS]
    return ", ".join(
        scope["method"] for scope in asked if any(route.matches(scope)[0] is Match.FULL for route in routes)
    )


def failure_of(request: Request, error: Exception) -> StoreError | InternalError:
    """Log an unexpected error, and return the error to answer with: store unavailable, or crash."""
    if trouble := store_trouble(error):
        log_trouble(request, error, trouble.english)
        return trouble
    log_crash(request, error)
    return InternalError()


async def _on_crash(request: Request, error: Exception) -> JSONResponse:
    return error_response(failure_of(request, error))
