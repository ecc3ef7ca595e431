"""Messages for refused decisions say what is wrong and what to do; nothing is stored."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.complaint import Level
from pipeline.region import Agency
from pipeline.region.succession import today
from serve.desk.desk import Desk
from serve.errors import ConflictError, NotFoundError, NotPossibleNowError, OrderError, StoreError
from serve.review import ReviewLists
from serve.store.deadlines import WorkingCalendar
from serve.store.history import UNDO_WINDOW, Action
from tests.serve.store.acts import Act, with_agencies

PARTS = ("Lampu jalan mati total", "Sampah menumpuk bau sekali")


def refused(act: Act, kind: type[StoreError], complaint: int, action: Action, **what: Any) -> tuple[str, str]:
    """Make a decision that is refused, and return the message: whole sentences, and nothing was changed."""
    before = act.state(complaint).version
    with pytest.raises(kind) as caught:
        act.order(complaint, action, **what)
    assert caught.value.mend[0].isupper()
    for sentence in (caught.value.what, caught.value.mend):
        assert sentence.endswith(".")
        assert sentence.upper() != sentence != sentence.lower()
    assert act.state(complaint).version == before
    return caught.value.what, caught.value.mend


def test_whoever_was_overtaken_learns_by_whom_and_what_to_do(act: Act) -> None:
    complaint = act.receive()
    act.order(complaint, Action.URGENCY, urgency=Level.TINGGI, by="ani")
    act.order(complaint, Action.FORWARD, agencies=("dishub",), by="citra")
    what, mend = refused(act, ConflictError, complaint, Action.FORWARD, agencies=("dlh",), by="budi", seen=2)
    assert what.startswith("citra")
    assert f"nomor {complaint} (versi 3, Anda melihat versi 2)" in what
    assert "Muat ulang" in mend
    what, _ = refused(act, ConflictError, complaint, Action.FORWARD, agencies=("dlh",), by="citra", seen=2)
    assert what.startswith("Anda sendiri, di tab atau perangkat lain, sudah mengubah"), "not in the third person"


def test_whoever_overtook_themselves_is_not_told_of_somebody_else(act: Act) -> None:
    complaint = act.receive()
    act.order(complaint, Action.URGENCY, urgency=Level.TINGGI, by="citra")
    with pytest.raises(ConflictError) as caught:
        act.order(complaint, Action.FORWARD, agencies=("dlh",), by="citra", seen=1)
    assert "Anda sendiri" in caught.value.what
    assert "orang lain" not in caught.value.title


def test_numbers_in_what_is_told_are_written_as_indonesian_writes_them(act: Act) -> None:
    complaint = act.receive()
    what, _ = refused(act, OrderError, complaint, Action.ASK, reply="a" * 20_001)
    assert "20.001 karakter" in what, "in Indonesian, 20,001 would be about twenty"
    assert "20.000" in what
    what, _ = refused(act, OrderError, complaint, Action.REOPEN, why="a" * 2001)
    assert "2.000 karakter" in what


def test_an_agency_that_is_no_office_of_the_region_is_named_with_the_way_to_tell_it(act: Act) -> None:
    complaint = act.receive()
    outside = ("luar-pln", "dishub", "luar-provinsi")
    what, mend = refused(act, OrderError, complaint, Action.FORWARD, agencies=outside)
    agencies = act.suggester.region.agencies
    assert what.startswith(f"{agencies['luar-pln'].name}, {agencies['luar-provinsi'].name}: ")
    assert agencies["dishub"].name not in what
    assert "di luar kewenangan" in mend


def test_the_agency_that_returned_it_is_named_and_a_reason_is_asked_for(act: Act) -> None:
    complaint = act.receive()
    for agency in ("dlh", "pdam"):
        act.order(complaint, Action.FORWARD, agencies=(agency,))
        act.order(complaint, Action.RETURN, agency=agency, why="bukan kewenangan kami")
    names = {code: act.suggester.region.agencies[code].name for code in ("dlh", "pdam", "dishub")}
    again = ("dishub", "pdam", "dlh")
    what, mend = refused(act, OrderError, complaint, Action.FORWARD, agencies=again, why="  ")
    assert what.startswith(f"{names['pdam']}, {names['dlh']} pernah")
    assert "alasan" in mend
    assert act.order(complaint, Action.FORWARD, agencies=("dishub",)).agencies == ("dishub",)


@pytest.mark.parametrize("action", [Action.FORWARD, Action.OUTSIDE])
@pytest.mark.parametrize("days", [{"valid_to": -2}, {"valid_from": 2}, None])
def test_an_agency_that_does_not_exist_today_is_refused(act: Act, action: Action, days: dict[str, int] | None) -> None:
    region = act.suggester.region
    code, agencies = "dinas-lain", dict(region.agencies)
    if days:
        when: dict[str, Any] = {name: today(region) + dt.timedelta(days=away) for name, away in days.items()}
        agencies[code] = Agency(code=code, kind="dinas", name="Dinas Lain", **when)
    complaint = act.receive()
    act.suggester = with_agencies(act.suggester, agencies)
    what, mend = refused(act, OrderError, complaint, action, agencies=("dishub", code), why="di luar")
    assert "'dinas-lain'" in what
    assert region.name in what
    assert "/v1/agencies" in mend


def test_an_agency_exists_on_one_day_everywhere_whatever_the_zone_of_machine_and_offices(
    act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, hour = today(act.suggester.region), dt.datetime.now(tz=ZoneInfo("Asia/Jakarta")).hour
    # 19 hours behind Bekasi and 7 ahead: in one of them it is another day now.
    zone = "Etc/GMT+12" if hour < 18 else "Etc/GMT-14"
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        agency = Agency(code="dinas-lain", kind="dinas", name="Dinas Lain", valid_from=day, valid_to=day)
        complaint = act.receive()
        act.suggester = with_agencies(act.suggester, {**act.suggester.region.agencies, "dinas-lain": agency})
        act.suggester = replace(act.suggester, calendar=WorkingCalendar(zone))
        assert "dinas-lain" in [office.code for office in Desk(act.suggester, ReviewLists(Path())).offices.inside]
        assert act.order(complaint, Action.FORWARD, agencies=("dinas-lain",)).agencies == ("dinas-lain",)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_nothing_is_merged_into_what_no_longer_stands_by_itself(act: Act) -> None:
    merged, split, undone, complaint = (act.receive() for _ in range(4))
    act.order(merged, Action.MERGE, into=complaint)
    withdrawn = act.order(undone, Action.SPLIT, parts=PARTS).parts[0]
    act.order(undone, Action.UNDO)
    act.order(split, Action.SPLIT, parts=PARTS)
    for into in (merged, split, withdrawn, complaint):
        what, _ = refused(act, OrderError, complaint, Action.MERGE, into=into)
        assert f"nomor {into} " in what
    what, _ = refused(act, NotFoundError, complaint, Action.MERGE, into=2**62)
    assert str(2**62) in what


@pytest.mark.parametrize("number", [0, -1, 2**63 - 1, 2**63, -(2**63), 10**30])
def test_a_number_that_no_complaint_has_is_told_whatever_its_size(act: Act, number: int) -> None:
    act.receive()
    with pytest.raises(NotFoundError, match=rf"^Tidak ada aduan nomor {number}\. Periksa nomornya\.") as caught:
        act.row(number)
    assert caught.value.status == 404


def test_what_can_no_longer_be_undone_is_told_with_the_time_there_was(act: Act) -> None:
    complaint = act.receive()
    minutes = f"{UNDO_WINDOW // dt.timedelta(minutes=1)} menit"
    _, mend = refused(act, NotPossibleNowError, complaint, Action.UNDO)
    assert minutes in mend
    act.order(complaint, Action.NOT_COMPLAINT)
    act.now += UNDO_WINDOW
    _, mend = refused(act, NotPossibleNowError, complaint, Action.UNDO)
    assert minutes in mend


def test_a_split_with_a_part_in_work_names_the_part(act: Act) -> None:
    complaint = act.receive()
    parts = act.order(complaint, Action.SPLIT, parts=PARTS).parts
    act.order(parts[1], Action.FORWARD, agencies=("dlh",))
    what, _ = refused(act, NotPossibleNowError, complaint, Action.UNDO)
    assert f"nomor {parts[1]} " in what
    assert [act.state(part).version for part in parts] == [1, 2]


def test_a_refused_reply_takes_its_decision_back(act: Act) -> None:
    complaint = act.receive()
    what, _ = refused(act, OrderError, complaint, Action.FORWARD, agencies=("dishub",), reply="  \n ")
    assert " 0 karakter" in what
