"""``/v1/overview``, also as an Excel workbook, and the event stream ``/v1/events``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel

from serve import live
from serve.api.dependencies import LoadedSuggester, Now, Store
from serve.api.problems import PROBLEM_RESPONSES
from serve.api.timestamps import Moment, check_order
from serve.api.whole_number import WholeNumber
from serve.identity import readable
from serve.security import Door, Reader
from serve.store import bursts, statistics
from serve.store.agreement import Agreement, agreement
from serve.store.bursts import Burst
from serve.store.ranking import Rank, ranking
from serve.store.statistics import Figures, Period

DEFAULT_DAYS = 90
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

api = APIRouter(prefix="/v1", tags=["overview"], responses=PROBLEM_RESPONSES)


class OverviewOut(BaseModel):
    """Figures of a period, and current bursts.

    Attributes
    ----------
    agencies
        Figures of each agency, busiest first.
    kecamatan
        Figures of each kecamatan, busiest first.
    agreement
        Agreement of decisions with suggestions, by week.
    bursts
        Where complaints have become unusually many in the last days, least likely first.
    ranking
        The agencies with enough complaints, best first.
    """

    agencies: list[Figures]
    kecamatan: list[Figures]
    agreement: list[Agreement]
    bursts: list[Burst]
    ranking: list[Rank]


def _period(
    now: Now,
    received_from: Annotated[Moment | None, Query(description="Defaults to 90 days before received_to")] = None,
    received_to: Annotated[Moment | None, Query(description="The end, itself not included; defaults to now")] = None,
) -> Period:
    check_order(received_from, received_to)
    end = received_to or now
    return Period(received_from or end - dt.timedelta(days=DEFAULT_DAYS), end)


def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="disposisi-") as folder:
        yield Path(folder)


Wanted = Annotated[Period, Depends(_period)]


@api.get("/overview")
def overview(period: Wanted, reader: Reader, store: Store, suggester: LoadedSuggester, now: Now) -> OverviewOut:
    """Return the figures of complaints received in a period."""
    with readable(store, reader) as session:
        figures = statistics.overview(session, period, now)
        return OverviewOut(
            agencies=figures.agencies,
            kecamatan=figures.kecamatan,
            agreement=agreement(session, period.start, period.end, suggester.calendar.zone),
            bursts=bursts.bursts(session, now),
            ranking=ranking(figures.agencies, suggester.region.outside),
        )


@api.get("/overview.xlsx", response_class=FileResponse, responses={200: {"content": {_XLSX: {}}}})
def workbook(
    period: Wanted,
    reader: Reader,
    store: Store,
    suggester: LoadedSuggester,
    now: Now,
    folder: Annotated[Path, Depends(_folder)],
) -> FileResponse:
    """Return the figures and the complaints, without texts and names, as an Excel workbook."""
    from serve.store.workbook import write_workbook  # noqa: PLC0415 (xlsxwriter is only needed here)

    path = folder / "disposisi.xlsx"
    with readable(store, reader) as session:
        write_workbook(session, suggester, path, period, now, with_senders=reader.sees_reporters)
    return FileResponse(
        path, media_type=_XLSX, filename=f"disposisi-{now.astimezone(suggester.calendar.zone):%Y-%m-%d}.xlsx"
    )


@api.get(
    "/events", response_class=StreamingResponse, tags=["live"], responses={200: {"content": {"text/event-stream": {}}}}
)
async def events(
    request: Request,
    reader: Reader,
    store: Store,
    last_event_id: Annotated[
        WholeNumber | None, Header(ge=0, lt=2**63, description="The last event received: only later ones are sent")
    ] = None,
    after: Annotated[
        WholeNumber | None, Query(ge=0, lt=2**63, description="Used if the header Last-Event-ID is missing")
    ] = None,
) -> StreamingResponse:
    """Stream changes as server-sent events: ``emergency`` and ``change``."""
    cursor = last_event_id if last_event_id is not None else after
    headers = {"X-Accel-Buffering": "no"}  # nginx would buffer the events
    door: Door = request.app.state.door
    told = live.stream(partial(readable, store, reader), cursor, partial(door.still_lets_in, request, reader))
    return StreamingResponse(told, media_type="text/event-stream", headers=headers)
