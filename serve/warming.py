"""What the first requests need and no start waits for: made ready a moment after the server answers."""

from __future__ import annotations

import datetime as dt
from threading import Timer
from typing import Final

from fastapi import FastAPI

from pipeline.region.calendar import due_date
from serve.desk.html import compile_templates

_COMPLAINT: Final = "Kabel listrik putus menjuntai di depan pasar, tolong segera diperbaiki"
_SECONDS: Final = 1.0  # sooner, it could hold up the answer that the server is ready; nobody opens the desk so fast


def warm_soon() -> Timer:
    """Begin in a moment, in a thread that ends with the process; return what can be cancelled."""
    timer = Timer(_SECONDS, warm)
    timer.daemon = True
    timer.start()
    return timer


def warm(day: dt.date | None = None) -> None:
    """Compile the pages' templates and import the calendar of holidays: 0.2 s that the first page took longer.

    Parameters
    ----------
    day
        The day from which deadlines will be counted; today by default.
    """
    compile_templates()
    due_date(day or dt.datetime.now(tz=dt.UTC).date(), 1)  # which asks for holidays at a weekend, too


def warm_for_workers(application: FastAPI) -> None:
    """Make what each worker would make for itself with its first requests, before they are forked: so they share it.

    The routes, of which the framework makes what it needs when it first looks for one, what a router makes with its
    first complaint, and the pages: 20 MB of each worker.
    """
    anywhere = {"type": "http", "method": "GET", "path": "/", "root_path": "", "headers": []}
    for route in application.routes:
        route.matches(anywhere)
    application.state.router.suggest(_COMPLAINT)
    warm()
