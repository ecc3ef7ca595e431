"""What the logs say: lines for people or JSON for machines, and never a word of a complaint.

Of a crash they tell its type and the lines it came through, never its message: an error's message may quote a
complaint, as those of pydantic and of databases do; complaints are personal data. Of a request they tell the endpoint
and not the address: who searches types citizens' names into it.
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
# They would write statements with their values, which are complaints.
_QUIET = ("sqlalchemy", "alembic", "multipart", "python_multipart", "asyncio")
_GONE = 499  # as nginx writes it: the sender left before there was an answer
_LOGGED = "logged by disposisi"  # the note of an error that needn't be logged again


class LogFormat(StrEnum):
    """How a line of the log is written."""

    HUMAN = "human"
    JSON = "json"


class LogLevel(StrEnum):
    """How serious something must be to be logged; ``info`` has a line for every request."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def configure(form: LogFormat, level: LogLevel) -> None:
    """Let everything that is logged from ``level`` on go to standard error in one format."""
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
    """Tell that a request failed unexpectedly; of its address only which endpoint it was."""
    name = type(error).__name__
    error.add_note(_LOGGED)
    _log.error("%s %s failed with %s\n%s", request.method, _endpoint(request.scope), name, _lines(error))


def log_trouble(request: Request, error: Exception, what: str) -> None:
    """Tell that the store couldn't answer a request, and why, in one line: while it cannot, each fails."""
    error.add_note(_LOGGED)
    _log.error("%s %s failed: %s", request.method, _endpoint(request.scope), what)


def keep_messages_out() -> None:
    """Take errors' messages out of what the server itself logs, and the errors that were logged here already."""
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
    """ASGI middleware that logs a line for each request: method, endpoint, status, milliseconds.

    The endpoint is logged as it is declared, ``/aduan/{number}``: what somebody types into an address can be anything.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
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
    """One JSON object a line: ``time``, ``level``, ``logger``, ``message``; for a crash ``lines``: where it was."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
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
