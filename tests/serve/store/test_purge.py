"""What was settled long ago loses its words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from serve.errors import StoreError
from serve.store import (
    accounts,
    audit,
    erasure,
    logins,
    models,
    record,
    retention,
)
from serve.store.accounts import Role
from serve.store.history import Action
from tests.serve.store.acts import NOW, Act
from tests.serve.store.penandawati import handled


def test_only_what_was_settled_long_ago_loses_its_words(act: Act) -> None:
    old, still_open, with_agency = handled(act, "a"), act.receive(sender_id="b"), handled(act, "c")
    act.order(old, Action.FINISH)
    act.now = NOW + dt.timedelta(days=800)
    recent = handled(act, "d")
    act.order(recent, Action.FINISH)
    with act.database.reading() as session:
        numbers = retention.expired(session, act.now - dt.timedelta(days=730))
    assert numbers == [old]
    retention.purge(act.database, numbers, act.now - dt.timedelta(days=730), act.now)
    assert [act.row(n).text == record.ERASED_TEXT for n in (old, still_open, with_agency, recent)] == [
        True, False, False, False,
    ]  # fmt: skip
    with act.database.reading() as session:
        assert retention.expired(session, act.now - dt.timedelta(days=730)) == []
        assert retention.expired(session, act.now) == [], "settled exactly then, not before"
        assert retention.expired(session, act.now + dt.timedelta(days=1)) == [recent], "erased ones aren't listed again"
        assert list(audit.doubts(session)) == []


def test_a_purge_that_is_killed_keeps_what_it_erased_and_the_same_call_goes_on(
    act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [act.receive(sender_id=sender) for sender in "abcde"]
    for number in numbers:
        act.order(number, Action.NOT_COMPLAINT)
    later = act.now + dt.timedelta(seconds=1)

    def killed(session: Session, complaint: models.Complaint, **about: Any) -> None:
        if complaint.id == numbers[3]:
            raise KeyboardInterrupt
        erasure.erase(session, complaint, **about)

    def erased() -> list[int]:
        return [number for number in numbers if act.row(number).text == record.ERASED_TEXT]

    monkeypatch.setattr(retention, "AT_ONCE", 2)
    with monkeypatch.context() as patched:
        patched.setattr(retention, "erase", killed)
        with pytest.raises(KeyboardInterrupt):
            retention.purge(act.database, numbers, later, later)
    assert erased() == numbers[:2], "only whole transactions are kept"
    retention.purge(act.database, numbers, later, later)
    assert erased() == numbers


def test_logins_that_hold_no_more_go_with_what_was_settled_long_ago(act: Act) -> None:
    ends = (NOW, NOW + dt.timedelta(seconds=1), NOW + dt.timedelta(days=7))  # the last: begun while the clock ran ahead
    with act.database.writing() as session:
        ani = accounts.add_user(session, "ani", "empat kata yang acak", full_name="Ani", role=Role.PETUGAS, now=NOW)
        for _ in ends:
            logins.begin(session, ani, NOW)
        for login, end in zip(session.scalars(select(models.LoginSession)).all(), ends, strict=True):
            login.expires_at = end
    retention.purge(act.database, [], NOW, NOW)
    with act.database.reading() as session:
        assert session.scalars(select(models.LoginSession.expires_at)).all() == [ends[1]]


def test_the_clock_is_doubted_when_nothing_was_received_or_decided_for_a_quarter_of_a_year(act: Act) -> None:
    with act.database.reading() as session:
        retention.check_clock(session, act.now)  # the store is empty
    number = act.receive()
    act.now += dt.timedelta(days=30)
    act.order(number, Action.MARK, tags=("lama",))
    with act.database.reading() as session:
        retention.check_clock(session, act.now + dt.timedelta(days=90))
        with pytest.raises(StoreError, match=r"since 2026-04-01, but this machine's clock says 2026-06-30"):
            retention.check_clock(session, act.now + dt.timedelta(days=90, seconds=1))
