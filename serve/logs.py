"""What the logs may say of a crash: its type and the lines it came through, never its message.

An error's message may quote a complaint, as those of pydantic and of databases do; complaints are personal data.
"""

from __future__ import annotations

import logging
import traceback

from fastapi import Request

_log = logging.getLogger("disposisi")


def log_crash(request: Request, error: Exception) -> None:
    """Tell that a request failed unexpectedly."""
    _log.error("%s %s failed with %s\n%s", request.method, request.url.path, type(error).__name__, _lines(error))


def keep_messages_out() -> None:
    """Take errors' messages out of what the server itself logs; it logs each crash a second time, message and all."""
    logger = logging.getLogger("uvicorn.error")
    if not any(isinstance(known, _WithoutMessages) for known in logger.filters):
        logger.addFilter(_WithoutMessages())


class _WithoutMessages(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.msg, record.args = f"{record.getMessage().rstrip()}: {type(error).__name__}\n{_lines(error)}", ()
            record.exc_info = record.exc_text = None
        return True


def _lines(error: BaseException) -> str:
    return "".join(traceback.format_tb(error.__traceback__)).rstrip()
