"""Logging as plain lines or JSON, never with text of a complaint.

For a crash the exception's type and traceback lines are logged, but not its message: messages, such as those of
pydantic and databases, may quote a complaint, which is personal data. For a request the route is logged, not the URL,
which may hold citizens' names that somebody searched for.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import time
import traceback
from collections.abc import MutableMapping
from enum import StrEnum
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("disposisi")
_requests = logging.getLogger("disposisi.requests")
# Below WARNING these would log statements and values, which contain complaints.
_QUIET = ("sqlalchemy", "alembic", "multipart", "python_multipart", "asyncio")
_GONE = 499  # nginx's status for a client that disconnected before the response
_LOGGED = "logged by disposisi"  # note on an exception that has already been logged


class LogFormat(StrEnum):
    """Format of a log line."""

    HUMAN = "human"
    JSON = "json"


class LogLevel(StrEnum):
    """Minimum severity that is logged; ``info`` includes a line for every request."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def configure(form: LogFormat, level: LogLevel) -> None:
    """Log everything from ``level`` upwards to standard error, in one format."""
    handler = logging.StreamHandler(sys.stderr)
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")
    handler.setFormatter(_JsonLines() if form is LogFormat.JSON else plain)
    handler.addFilter(_WithoutMessages())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def log_crash(request: Request, error: Exception) -> None:
    """Log that a request failed unexpectedly, with its route but not its URL."""
    name = type(error).__name__
    error.add_note(_LOGGED)
    _log.error("%s %s failed with %s\n%s", request.method, _endpoint(request.scope), name, _lines(error))


def log_trouble(request: Request, error: Exception, what: str) -> None:
    """Log that the store couldn't serve a request, and why; one line, as during an outage every request fails."""
    error.add_note(_LOGGED)
    _log.error("%s %s failed: %s", request.method, _endpoint(request.scope), what)


def keep_messages_out() -> None:
    """Filter uvicorn's log: remove exception messages, and exceptions that have already been logged here."""
    logger = logging.getLogger("uvicorn.error")
    if not any(isinstance(known, _WithoutMessages) for known in logger.filters):
        logger.addFilter(_WithoutMessages())


class _WithoutMessages(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            if _LOGGED in getattr(error, "__notes__", ()):
                return False
            record.msg, record.args = f"{record.getMessage().rstrip()}: {type(error).__name__}\n{_lines(error)}", ()
            record.exc_info = record.exc_text = None
        return True


class RequestLog:
    """ASGI middleware that logs a line for each request: method, route, status, milliseconds.

    The route is logged as declared, ``/aduan/{number}``, because a URL can contain anything that somebody typed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and log it."""
        if scope["type"] != "http" or not _requests.isEnabledFor(logging.INFO):
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), _GONE

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, seen)
        except Exception:
            status = 500
            raise
        finally:
            spent = (time.perf_counter() - began) * 1000
            _requests.info("%s %s %d %.0f ms", scope["method"], _endpoint(scope), status, spent)


class _JsonLines(logging.Formatter):
    """One JSON object per line: ``time``, ``level``, ``logger``, ``message``; for a crash ``lines``, the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a JSON line."""
        message, _, lines = record.getMessage().partition("\n")
        told = {
            "time": dt.datetime.fromtimestamp(record.created, tz=dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message,
        }
        return json.dumps(told | ({"lines": lines.splitlines()} if lines else {}), ensure_ascii=False)


def _endpoint(scope: MutableMapping[str, Any]) -> str:
    return str(getattr(scope.get("route"), "path", "(no endpoint)"))


def _lines(error: BaseException) -> str:
    return "".join(traceback.format_tb(error.__traceback__)).rstrip()
