"""Overview page (*Ringkasan*): volume, speed, agreement with suggestions, bursts and hot spots."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from serve.api.dependencies import Now, Store
from serve.desk import wording
from serve.desk.desk import TheDesk
from serve.desk.error_pages import DeskRoute
from serve.desk.html import HEADERS, page
from serve.desk.viewers import Viewer
from serve.identity import readable
from serve.store import bursts, queue, statistics
from serve.store.agreement import Agreement
from serve.store.lifecycle import Status
from serve.store.ranking import COMPLETENESS_WEIGHT, MIN_VOLUME, RETURNS_WEIGHT, SPEED_WEIGHT, ranking
from serve.store.statistics import Cells, Figures, Period

pages = APIRouter(include_in_schema=False, route_class=DeskRoute)
PERIODS = (7, 30, 90, 365)
DEFAULT_DAYS = 90
HOT_AGENCIES, HOT_DISTRICTS = 8, 12
_SHADES = 5
_LISTED_BURSTS = 10  # more would push the figures off the page


@dataclass(frozen=True, slots=True)
class Tile:
    """A cell of the table of hot spots; ``shade`` is 0 to 5, relative to the busiest cell."""

    agency: str
    number: int
    shade: int


@dataclass(frozen=True, slots=True)
class TileRow:
    """A kecamatan and its cells."""

    kecamatan: str
    total: int
    tiles: tuple[Tile, ...]


@pages.get("/ringkasan", response_class=HTMLResponse)
def overview(request: Request, viewer: Viewer, store: Store, desk: TheDesk, now: Now) -> HTMLResponse:
    """Show the figures of a period."""
    days = _days(request.query_params.get("hari"))
    period = Period(now - dt.timedelta(days=days), now)
    with readable(store, viewer) as session:
        figures = statistics.overview(session, period, now)
        agencies = figures.agencies
        weeks = desk.past_weeks(viewer).agreement(session, period.start, now)
        context = {
            "days": days,
            "periods": PERIODS,
            "until": wording.long(now, desk.calendar.zone),
            "agencies": agencies,
            "districts": figures.kecamatan,
            "totals": _totals(agencies),
            "weeks": weeks,
            "agreed": _agreed(weeks),
            "bursts": sorted(bursts.bursts(session, now), key=lambda burst: -burst.found),
            "listed_bursts": _LISTED_BURSTS,
            "ranking": ranking(agencies, desk.suggester.region.outside),
            "min_volume": MIN_VOLUME,
            "weights": {"on_time": SPEED_WEIGHT, "complete": COMPLETENESS_WEIGHT, "kept": RETURNS_WEIGHT},
            "statuses": [(Status(s), n) for s, n in queue.counts_by_status(session, period.start).items() if n],
            "office": desk.offices.name,
            "district": desk.suggester.region.kind_name("kecamatan"),
            "recent_days": bursts.RECENT_DAYS,
        }
    placed = ((agency, number) for (agency, place), number in figures.cells.items() if agency and place)
    hot = list(_busiest(placed, HOT_AGENCIES))
    context |= {"hot_agencies": hot, "hot_spots": _hot_spots(hot, figures.cells)}
    return page(request, "overview.html", context)


@pages.get("/ringkasan.xlsx")
def workbook(request: Request, _: Viewer, now: Now) -> RedirectResponse:
    """Redirect to the period's workbook; linked directly, an expired login would get JSON instead of the login page."""
    start = now - dt.timedelta(days=_days(request.query_params.get("hari")))
    query = urlencode({"received_from": start.isoformat()})
    return RedirectResponse(f"/v1/overview.xlsx?{query}", status_code=303, headers=HEADERS)


def _days(asked: str | None) -> int:
    return next((days for days in PERIODS if str(days) == asked), DEFAULT_DAYS)


def _totals(rows: Sequence[Figures]) -> dict[str, int]:
    names = ("volume", "open", "overdue", "finished")
    return {name: sum(getattr(row, name) for row in rows) for name in names} | {
        "returned": sum(row.returned or 0 for row in rows)
    }


def _agreed(weeks: Sequence[Agreement]) -> float | None:
    """Return the share of all decisions that took the first suggestion; ``None`` without decisions."""
    decided = sum(week.decided for week in weeks)
    return sum(week.first for week in weeks) / decided if decided else None


def _busiest(counted: Iterable[tuple[str, int]], most: int) -> dict[str, int]:
    """Return the ``most`` names with the greatest sums, in descending order."""
    totals: Counter[str] = Counter()
    for name, number in counted:
        totals[name] += number
    return dict(sorted(totals.items(), key=lambda total: (-total[1], total[0]))[:most])


def _hot_spots(agencies: Sequence[str], counts: Cells) -> tuple[TileRow, ...]:
    """Return complaints by kecamatan and agency, busiest kecamatan first."""
    cells = {(place, agency): number for (agency, place), number in counts.items() if place and agency in agencies}
    most = max(cells.values(), default=0)
    busiest = _busiest(((place, number) for (place, _), number in cells.items()), HOT_DISTRICTS)

    def tile(place: str, agency: str) -> Tile:
        number = cells.get((place, agency), 0)
        return Tile(agency, number, -(-number * _SHADES // most) if number else 0)

    return tuple(TileRow(p, total, tuple(tile(p, agency) for agency in agencies)) for p, total in busiest.items())
