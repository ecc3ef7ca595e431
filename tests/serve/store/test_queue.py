from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from pipeline.complaint import Level
from serve.errors import InvalidInputError
from serve.store import queue
from serve.store.history import Action, Status
from serve.store.queue import Filter
from tests.serve.store.acts import NOW, Act

MINE = (
    ("Lampu jalan di Desa Sukadami mati total", "whatsapp"),
    ("Sampah menumpuk bau di Desa Wanasari Cibitung", "web"),
    ("Ada kabel listrik putus menjuntai di jalan, bahaya sekali ada api", "web"),
    ("Air PDAM mati tiga hari di Tambun Selatan", "whatsapp"),
)


@pytest.fixture
def filled(act: Act) -> Act:
    for text, channel in MINE:
        act.receive(text, channel=channel)
    return act


def _ids(act: Act, wanted: Filter, size: int = 50) -> list[int]:
    with act.database.reading() as session:
        found: list[int] = []
        cursor: str | None = None
        while True:
            page = queue.page(session, wanted, cursor, size)
            found += [row.complaint.id for row in page.rows]
            cursor = page.following
            if cursor is None:
                return found


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_pages_of_any_size_show_every_complaint_once_in_the_order_of_the_queue(act: Act, data: st.DataObject) -> None:
    complaint = act.receive(received_at=NOW - dt.timedelta(days=data.draw(st.integers(0, 40))))
    act.order(complaint, Action.URGENCY, urgency=data.draw(st.sampled_from(Level)))
    found = _ids(act, Filter(), data.draw(st.integers(1, 7)))
    rows = [act.row(complaint) for complaint in found]
    order = [(list(Level).index(row.urgency), row.due_at, row.id) for row in rows]
    assert order == sorted(order)
    assert len(found) == len(set(found))
    assert complaint in found


def test_filters_narrow_and_counts_agree_with_them(filled: Act) -> None:
    first = filled.row(_ids(filled, Filter())[0])
    for wanted in (
        Filter(agency=first.agency), Filter(kecamatan="Tambun Selatan"), Filter(channel="web"),
        Filter(decision=first.decision), Filter(urgency=first.urgency), Filter(due_before=NOW + dt.timedelta(days=7)),
        Filter(agency=first.agency, channel=first.channel), Filter(status=Status.SELESAI), Filter(status=None),
    ):  # fmt: skip
        with filled.database.reading() as session:
            assert queue.counts(session, wanted, NOW).total == len(_ids(filled, wanted)), wanted
    assert 0 < len(_ids(filled, Filter(channel="web"))) < len(MINE)


def test_overdue_are_those_whose_deadline_has_passed(filled: Act) -> None:
    later = NOW + dt.timedelta(days=60)
    with filled.database.reading() as session:
        assert queue.counts(session, Filter(), NOW).overdue == 0
        assert queue.counts(session, Filter(), later).overdue == len(MINE)
        assert queue.counts_by_status(session)["perlu-verifikasi"] == len(MINE)
    assert _ids(filled, Filter(due_before=later)) == _ids(filled, Filter())


def test_what_is_settled_is_not_overdue(act: Act) -> None:
    numbers = [act.receive(), act.receive("Sampah menumpuk bau sekali di Setu"), act.receive("Jalan rusak di Setu")]
    for number in numbers[:2]:
        act.order(number, Action.FORWARD, agencies=("dishub",))
    act.order(numbers[0], Action.FINISH)
    later = NOW + dt.timedelta(days=60)
    with act.database.reading() as session:
        assert queue.counts(session, Filter(status=None), later).overdue == 2
        assert queue.counts(session, Filter(status=Status.SELESAI), later).overdue == 0
    assert _ids(act, Filter(status=None, due_before=later)) == numbers[:0:-1]
    assert _ids(act, Filter(status=Status.SELESAI, due_before=later)) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("lampu", {0}), ("LAMPU sukadami", {0}), ("mati", {0, 3}), ("samp wana", {1}), ("lampu sampah", set()),
        ("tambun pdam", {3}), ("!!!", set()), ("", {0, 1, 2, 3}), ('"; DROP TABLE x --', set()), ("kabel*", {2}),
        ("NEAR(lampu", set()), ("a:b & | ! <-> (", {2}), ("Cibitung'", {1}),
    ],
)  # fmt: skip
def test_a_search_finds_beginnings_of_words_and_survives_any_input(filled: Act, words: str, found: set[int]) -> None:
    everything = sorted(_ids(filled, Filter(status=None)))
    assert {everything.index(i) for i in _ids(filled, Filter(words=words), 1)} == found
    with filled.database.reading() as session:
        assert queue.number_found(session, Filter(words=words)) == len(found)


def test_what_is_found_is_counted_once_and_no_further_than_asked(filled: Act) -> None:
    lamp, waste = sorted(_ids(filled, Filter(status=None)))[:2]
    with filled.database.reading() as session:
        assert queue.number_found(session, Filter(words="lampu"), (lamp, waste)) == 2
        assert queue.number_found(session, Filter(channel="web"), at_most=1) == 1


def test_a_search_finds_words_whatever_sign_stands_between_them(act: Act) -> None:
    number = act.receive(
        "Jalan rusak/berlubang, tiang -07 di RT 03/RW 05 Ds.Sukadami, foto: https://foto.id/lubang_besar",
        address="Jl.Raya Industri km.7,Kec.Cikarang Selatan",
    )
    act.receive("Sampah menumpuk")
    for words in ("berlubang", "RW 05", "sukadami", "07", "foto.id", "lubang", "besar", "jl.raya", "raya", "cikarang"):
        assert _ids(act, Filter(status=None, words=words)) == [number], words


def test_a_decided_complaint_leaves_the_queue_and_stays_findable(filled: Act) -> None:
    first = _ids(filled, Filter())[0]
    filled.order(first, Action.FORWARD, agencies=("dishub",))
    assert first not in _ids(filled, Filter())
    assert first in _ids(filled, Filter(status=Status.TERDISPOSISI))
    assert first in _ids(filled, Filter(status=None, agency="dishub"))


@pytest.mark.parametrize("cursor", ["", "x", "W10", "WzEsMl0", "WzksOSw5XQ", "é", "bnVsbA"])
def test_a_made_up_cursor_is_refused(act: Act, cursor: str) -> None:
    with act.database.reading() as session, pytest.raises(InvalidInputError, match="Penanda"):
        queue.page(session, Filter(), cursor)


def test_a_period_begins_with_its_first_moment_and_ends_before_its_last(act: Act) -> None:
    first, _ = (act.receive(received_at=at) for at in (NOW - dt.timedelta(days=1), NOW))
    assert _ids(act, Filter(status=None, received_from=NOW - dt.timedelta(days=1), received_to=NOW)) == [first]


def test_complaints_of_a_period_are_counted_by_status_without_reading_a_row(act: Act) -> None:
    act.receive(received_at=NOW - dt.timedelta(days=8))
    act.receive(received_at=NOW - dt.timedelta(days=1))
    asked: list[tuple[str, Any]] = []
    event.listen(
        act.database.engine, "before_cursor_execute", lambda _c, _u, text, values, *_: asked.append((text, values))
    )
    with act.database.reading() as session:
        assert queue.counts_by_status(session, NOW - dt.timedelta(days=7))["perlu-verifikasi"] == 1
    if act.database.embedded:
        statement, values = asked[-1]
        with act.database.engine.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        assert "USING COVERING INDEX ix_complaints_overview (received_at>?)" in str(plan)
