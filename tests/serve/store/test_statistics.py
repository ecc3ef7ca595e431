from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import pytest
from openpyxl import load_workbook

from serve.store import bursts, statistics
from serve.store.history import Action
from serve.store.ranking import ranking
from serve.store.statistics import Figures, Period
from serve.store.workbook import write_workbook
from tests.serve.store.acts import LAMP, NOW, Act

DAY = dt.timedelta(days=1)
PERIOD = Period(NOW - 60 * DAY, NOW + 60 * DAY)
LATER = NOW + 59 * DAY


def _by_agency(act: Act) -> dict[str | None, Figures]:
    with act.database.reading() as session:
        return {row.name: row for row in statistics.overview(session, PERIOD, LATER).agencies}


def test_figures_of_an_agency_are_those_counted_by_hand(act: Act) -> None:
    lamps = [act.receive(received_at=NOW) for _ in range(5)]
    for lamp in lamps:
        act.order(lamp, Action.FORWARD, agencies=("dishub",))
    for days, lamp in zip((1, 2, 9), lamps, strict=False):
        act.now = NOW + days * DAY
        act.order(lamp, Action.FINISH)
    returned = act.order(lamps[3], Action.RETURN, agency="dishub", why="bukan kewenangan kami")
    act.order(lamps[4], Action.RETURN, agency="dishub", why="keliru")
    act.order(lamps[4], Action.UNDO)
    merged = act.receive(received_at=NOW)
    act.order(merged, Action.MERGE, into=lamps[0])

    figures = _by_agency(act)
    lights = figures["dishub"]
    assert (lights.volume, lights.open, lights.overdue, lights.finished) == (4, 1, 1, 3)
    assert lights.returned == 1
    assert lights.median_days == pytest.approx(2, abs=0.01)
    assert returned.agency not in figures  # it is back at the desk, without an agency
    assert (figures[None].volume, figures[None].open) == (1, 1)
    with act.database.reading() as session:
        overview = statistics.overview(session, PERIOD, LATER)
    assert [(row.name, row.volume) for row in overview.kecamatan] == [("Cikarang Selatan", 5)]
    assert overview.kecamatan[0].returned is None
    assert overview.cells["dishub", "Cikarang Selatan"] == 5  # including the merged one, as it is in the list


def test_the_median_of_two_is_their_mean(act: Act) -> None:
    for days in (1, 4):
        act.now = NOW
        lamp = act.receive(received_at=NOW)
        act.order(lamp, Action.FORWARD, agencies=("dishub",))
        act.now = NOW + days * DAY
        act.order(lamp, Action.FINISH)
    assert _by_agency(act)["dishub"].median_days == pytest.approx(2.5, abs=0.01)


def test_a_burst_is_found_where_it_is_and_not_where_much_is_usual(act: Act) -> None:
    busy = "Sampah menumpuk bau sekali di Tambun Selatan"
    for days in range(4, 30):
        act.receive(busy, received_at=NOW - days * DAY)
    for _ in range(5):
        act.receive(busy, received_at=NOW - DAY)
        act.receive(received_at=NOW - DAY)
    with act.database.reading() as session:
        found = bursts.bursts(session, NOW)
    assert [(burst.agency, burst.kecamatan, burst.found) for burst in found] == [("dishub", "Cikarang Selatan", 5)]
    rate = 0.5 * bursts.RECENT_DAYS / bursts.USUAL_DAYS  # as there were none before
    fewer = sum(math.exp(-rate) * rate**count / math.factorial(count) for count in range(5))
    assert found[0].chance == pytest.approx(2 * (1 - fewer), rel=1e-4), "times the two pairs tested"


@pytest.mark.parametrize(("first", "weeks"), [(4, None), (9, None), (10, 1), (18, 2), (24, 3), (300, 4)])
def test_what_is_usual_is_told_of_as_many_weeks_as_there_are_complaints_of(
    act: Act, first: int, weeks: int | None
) -> None:
    act.receive("Sampah menumpuk bau sekali di Tambun Selatan", received_at=NOW - first * DAY)
    act.receive(received_at=NOW - 3.5 * DAY)
    for _ in range(8):
        act.receive(received_at=NOW - DAY)
    with act.database.reading() as session:
        found = bursts.bursts(session, NOW)
    assert [burst.expected for burst in found] == ([] if weeks is None else [round(3 / 7 / weeks, 2)])


def test_the_ranking_prefers_who_is_in_time_complete_and_returns_little() -> None:
    best = Figures("a", 20, 0, 0, 20, 20, 0, 1.0)
    late = Figures("b", 20, 0, 0, 20, 10, 0, 9.0)
    returning = Figures("c", 20, 0, 0, 20, 20, 20, 1.0)
    small = Figures("d", 9, 0, 0, 9, 9, 0, 1.0)
    ranks = ranking([late, small, returning, best, Figures(None, 50, 0, 0, 0, 0, 0, None)])
    assert [(rank.place, rank.agency) for rank in ranks] == [(1, "a"), (2, "c"), (3, "b")]
    assert ranks[0].score == 100
    assert [rank.score for rank in ranks[1:]] == [90, 80], "half of 20 points lost for returns, of 40 for delay"
    just_enough = Figures("e", 10, 5, 5, 5, 5, 0, 1.0)  # half overdue: less half of the 40 points
    assert [(rank.agency, rank.score) for rank in ranking([small, just_enough])] == [("e", 80)]


def test_an_agency_answers_only_for_what_it_was_sent(act: Act) -> None:
    suggested, closed, sent = (act.receive(received_at=NOW) for _ in range(3))
    assert act.row(suggested).agency == "dishub"
    act.order(closed, Action.NOT_COMPLAINT)
    act.order(sent, Action.FORWARD, agencies=("dishub",))
    act.order(sent, Action.RETURN, agency="dishub", why="keliru")
    figures = _by_agency(act)
    assert (figures[None].volume, figures[None].open, figures[None].overdue) == (3, 2, 2)
    assert (figures["dishub"].volume, figures["dishub"].overdue, figures["dishub"].returned) == (0, 0, 1)


def test_the_ranking_takes_no_points_for_what_is_not_known_and_leaves_out_who_is_not_the_regions() -> None:
    waiting = Figures("a", 20, 20, 0, 0, 0, 0, None)
    ranks = ranking([waiting, Figures("luar-pln", 20, 0, 0, 0, 0, 0, None)], outside={"luar-pln"})
    assert [(rank.agency, rank.score, rank.on_time) for rank in ranks] == [("a", 100, None)]


def test_the_workbook_has_the_figures_no_texts_and_no_formulas(act: Act, tmp_path: Path) -> None:
    act.receive(sender_id='=HYPERLINK("http://jahat")', received_at=NOW)
    path = tmp_path / "out.xlsx"
    with act.database.reading() as session:
        write_workbook(session, act.suggester, path, PERIOD, LATER, with_senders=True)
    book = load_workbook(path)
    assert book.sheetnames == ["Instansi", "Kecamatan", "Peringkat", "Kesesuaian", "Aduan"]
    assert [cell.value for cell in book["Instansi"][2]][:2] == ["di meja", 1]
    row = dict(zip((c.value for c in book["Aduan"][1]), book["Aduan"][2], strict=True))
    assert (row["nomor pengirim"].data_type, row["nomor pengirim"].quotePrefix) == ("s", True)
    assert row["diterima"].value == dt.datetime(2026, 3, 2, 10, 0)  # noqa: DTZ001 (Bekasi's clock)
    cells = {cell.value for sheet in book for line in sheet.iter_rows() for cell in line}
    assert LAMP not in cells


def test_what_is_settled_at_the_moment_of_its_deadline_is_settled_in_time(act: Act) -> None:
    in_time, late = (act.receive(received_at=NOW) for _ in range(2))
    for lamp in (in_time, late):
        due = act.order(lamp, Action.FORWARD, agencies=("dishub",)).due_at
    act.now = due - dt.timedelta(seconds=1)
    for lamp in (in_time, late):  # one second apart
        act.order(lamp, Action.FINISH)
    lights = _by_agency(act)["dishub"]
    assert (lights.finished, lights.on_time) == (2, 1)
