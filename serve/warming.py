"""What the first page of the desk needs and no start waits for: made ready a moment after the server answers."""

from __future__ import annotations

import datetime as dt
from threading import Timer
from typing import Final

from pipeline.region.calendar import is_working_day
from serve.desk.html import compile_templates

_SECONDS: Final = 1.0  # sooner, it could hold up the answer that the server is ready; nobody opens the desk so fast


def warm_soon() -> Timer:
    """Begin in a moment, in a thread that ends with the process; return what can be cancelled."""
    timer = Timer(_SECONDS, warm)
    timer.daemon = True
    timer.start()
    return timer


def warm() -> None:
    """Compile the pages' templates and import the calendar of holidays: 0.2 s that the first page took longer."""
    compile_templates()
    is_working_day(dt.datetime.now(tz=dt.UTC).date())
