from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from serve.store.agreement import Agreement, PastWeeks, agreement
from serve.store.history import Action
from tests.serve.store.acts import NOW, Act

DAY = dt.timedelta(days=1)
WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")


def test_agreement_counts_weeks_and_forgets_what_was_undone(act: Act) -> None:
    lamps = [act.receive() for _ in range(4)]
    second = act.state(lamps[0]).suggested.agencies[1]
    for lamp, agency in zip(lamps, ("dishub", second, "inspektorat", "dlh"), strict=True):
        act.order(lamp, Action.FORWARD, agencies=(agency,))
    act.order(lamps[3], Action.UNDO)
    act.now = NOW + 7 * DAY
    act.order(lamps[3], Action.FORWARD, agencies=("dishub",))
    monday = NOW.date()
    with act.database.reading() as session:
        weeks = agreement(session, NOW - 60 * DAY, NOW + 60 * DAY, WIB)
    assert weeks == [Agreement(monday, 3, 1, 2), Agreement(monday + 7 * DAY, 1, 1, 1)]


def test_weeks_that_are_over_are_counted_once(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    counted_from = []

    def noting(session: Session, start: dt.datetime, end: dt.datetime, zone: dt.tzinfo) -> list[Agreement]:
        counted_from.append(start.date())
        return agreement(session, start, end, zone)

    monkeypatch.setattr("serve.store.agreement.agreement", noting)
    monday, past = NOW.date(), PastWeeks(WIB)

    def asked() -> list[tuple[dt.date, int]]:
        with act.database.reading() as session:
            found = past.agreement(session, NOW - 8 * DAY, act.now + dt.timedelta(seconds=1))
        return [(week.monday, week.decided) for week in found]

    for week in range(3):
        act.now = NOW + week * 7 * DAY
        for _ in range(week + 1):
            act.order(act.receive(), Action.FORWARD, agencies=("dishub",))
    over = [(monday, 1), (monday + 7 * DAY, 2)]
    assert asked() == [*over, (monday + 14 * DAY, 3)]
    act.order(act.receive(), Action.FORWARD, agencies=("dishub",))
    assert asked() == [*over, (monday + 14 * DAY, 4)]
    assert counted_from == [monday - 14 * DAY, monday + 14 * DAY]


def test_a_week_is_not_over_as_long_as_something_in_it_can_be_undone(act: Act) -> None:
    act.now = NOW.replace(hour=23, minute=58, tzinfo=WIB) + 6 * DAY  # on a Sunday
    lamp, past = act.receive(), PastWeeks(WIB)

    def decided() -> int:
        with act.database.reading() as session:
            return sum(week.decided for week in past.agreement(session, NOW, act.now))

    act.order(lamp, Action.FORWARD, agencies=("dishub",))
    act.now += dt.timedelta(minutes=4)
    assert decided() == 1
    act.order(lamp, Action.UNDO)
    act.now += dt.timedelta(minutes=1)
    assert decided() == 0


def test_a_week_begins_on_monday_by_the_regions_clock(act: Act) -> None:
    monday = NOW.date()
    for hour, sent in ((0, 1), (8, 2)):  # in UTC both are still Sunday, in WIB the first
        act.now = dt.datetime.combine(monday, dt.time(hour), WIT)
        for _ in range(sent):
            act.order(act.receive(), Action.FORWARD, agencies=("dishub",))
    with act.database.reading() as session:
        eastern = agreement(session, NOW - 60 * DAY, act.now + DAY, WIT)
        western = agreement(session, NOW - 60 * DAY, act.now + DAY, WIB)
        remembered = PastWeeks(WIT).agreement(session, NOW - 60 * DAY, act.now + DAY)
    assert [(week.monday, week.decided) for week in eastern] == [(monday, 3)]
    assert [(week.monday, week.decided) for week in western] == [(monday - 7 * DAY, 1), (monday, 2)]
    assert remembered == eastern
