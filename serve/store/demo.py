"""Demo complaints for a new store, so that the desk first shows a working day."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from pipeline.complaint import Complaint
from serve.store import intake, models
from serve.store.database import Database
from serve.store.intake import Arrival
from serve.store.suggester import Suggester

_FOLDER = Path(__file__).with_name("demo_queues")  # a file per region; made by training/starter/queue.py
_BY = "demo"


def fill_if_new(database: Database, suggester: Suggester) -> int:
    """Add the demo complaints to a store that has no complaints, and return how many were added."""
    now = dt.datetime.now(tz=dt.UTC)
    with database.reading() as session:
        if session.scalar(select(models.Complaint.id).limit(1)) is not None:
            return 0
    arrivals = list(_arrivals(suggester.region.code, now))
    suggestions = suggester.router.suggest_many([arrival.complaint for arrival in arrivals])
    with database.writing() as session:
        for arrival, suggestion in zip(arrivals, suggestions, strict=True):
            at = arrival.received_at or now
            intake.receive(session, suggester, arrival, by=_BY, now=at, suggestion=suggestion)
    return len(arrivals)


def _arrivals(region: str, now: dt.datetime) -> Iterator[Arrival]:
    """Yield a region's demo complaints, if it has any, in the order of their arrival over the last days."""
    file = _FOLDER / f"{region}.jsonl"
    if not file.exists():
        return
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        values = json.loads(line)
        yield Arrival(
            Complaint(values["text"], address=values["address"], id=f"demo-{number}"),
            values["channel"],
            received_at=now - dt.timedelta(hours=values["hours_ago"]),
        )
