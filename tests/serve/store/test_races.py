"""Two people at the same complaint in the same instant: each decides on what the other has left."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from serve.errors import ClaimedError, OrderError
from serve.store import audit, claims, decisions, retention
from serve.store.history import Action, Status
from serve.store.orders import Order
from tests.serve.store.acts import Act
from tests.serve.store.locks import wait_for_a_waiting_one


def test_of_two_who_merge_two_complaints_crosswise_one_is_refused(act: Act) -> None:
    lamp, same = act.receive(), act.receive()

    def merge(session: Session, one: int, into: int) -> None:
        target = decisions.load(session, into)  # as the desk does, before it has its turn
        order = Order(Action.MERGE, into=target.id)
        decisions.decide(session, act.suggester, one, order, by="ani", now=act.now, expected_version=1)
        assert target.id == into

    def the_other_way_round() -> None:
        with act.database.writing() as session:
            merge(session, same, into=lamp)

    with ThreadPoolExecutor(1) as other:
        with act.database.writing() as session:
            merge(session, lamp, into=same)
            later = other.submit(the_other_way_round)
            wait_for_a_waiting_one(act.database)
        with pytest.raises(OrderError, match="tidak dapat menerima gabungan"):
            later.result(20)
    assert act.state(same).status is Status.PERLU_VERIFIKASI, "nobody would ever see either"


def test_a_complaint_whose_claim_ends_while_somebody_is_refused_it_is_refused_nonetheless(act: Act) -> None:
    complaint = act.receive()
    with act.database.writing() as session:
        claims.claim(session, complaint, by="ani", now=act.now)

    def let_go() -> None:
        with act.database.writing() as session:
            claims.release(session, complaint, by="ani")

    with ThreadPoolExecutor(1) as other:
        with act.database.writing() as session:
            with pytest.raises(ClaimedError):
                claims.claim(session, complaint, by="budi", now=act.now)
            released = other.submit(let_go)
            wait_for_a_waiting_one(act.database)
            with pytest.raises(ClaimedError):
                claims.claim(session, complaint, by="budi", now=act.now)
        released.result(20)
    with act.database.writing() as session:
        assert claims.claim(session, complaint, by="budi", now=act.now).by == "budi"


def test_a_complaint_that_is_reopened_before_its_turn_to_be_erased_keeps_its_words(act: Act) -> None:
    settled, reopened = act.receive(), act.receive()
    for number in (settled, reopened):
        act.order(number, Action.NOT_COMPLAINT)
    before = act.now + dt.timedelta(seconds=1)
    with act.database.reading() as session:
        numbers = retention.expired(session, before)
    assert numbers == [settled, reopened]
    act.order(reopened, Action.REOPEN, why="Pelapor bertanya lagi")
    assert retention.purge(act.database, numbers, before, act.now) == [settled]
    assert act.state(settled).last_action is Action.ERASE
    assert act.state(reopened).last_action is Action.REOPEN


def test_the_record_is_checked_as_of_one_moment_while_others_decide(act: Act) -> None:
    number = act.receive()
    meanwhile = iter([partial(act.order, number, Action.FORWARD, agencies=("dishub",))])

    def decide(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM decisions" in statement and (order := next(meanwhile, None)):
            order()

    event.listen(act.database.engine, "after_cursor_execute", decide)
    with act.database.snapshot() as session:
        assert list(audit.doubts(session)) == []
    assert act.state(number).status is Status.TERDISPOSISI
