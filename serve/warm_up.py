"""Warm-up of what the first requests need, shortly after the server has started."""

from __future__ import annotations

import datetime as dt
from threading import Timer
from typing import Final

from fastapi import FastAPI

from pipeline.region.calendar import due_date
from serve.desk.html import compile_templates

_COMPLAINT: Final = "Kabel listrik putus menjuntai di depan pasar, tolong segera diperbaiki"
_SECONDS: Final = 1.0  # sooner, it could delay the first readiness check; nobody opens the desk that fast


def warm_soon() -> Timer:
    """Start :func:`warm` in a moment, in a daemon thread; return the timer, which can be cancelled."""
    timer = Timer(_SECONDS, warm)
    timer.daemon = True
    timer.start()
    return timer


def warm(day: dt.date | None = None) -> None:
    """Compile the page templates and import the holiday calendar, which cost the first page 0.2 s.

    Parameters
    ----------
    day
        The day from which deadlines will be counted; today by default.
    """
    compile_templates()
    due_date(day or dt.datetime.now(tz=dt.UTC).date(), 1)  # needs holidays even if today is at a weekend


def warm_for_workers(application: FastAPI) -> None:
    """Build, before workers are forked, what each would otherwise build with its first requests, so that they share it.

    FastAPI's routes, which are built lazily, what a router builds with its first complaint, and the page templates:
    20 MB per worker.
    """
    anywhere = {"type": "http", "method": "GET", "path": "/", "root_path": "", "headers": []}
    for route in application.routes:
        route.matches(anywhere)
    application.state.router.suggest(_COMPLAINT)
    warm()
