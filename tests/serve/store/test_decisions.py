"""The lifecycle of a complaint at the desk."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest

from pipeline.complaint import Decision, Level
from serve.errors import ClaimedError, ConflictError, KeyConflictError, NotPossibleNowError, OrderError
from serve.store import claims, decisions, messages
from serve.store.history import UNDO_WINDOW, Action, Situation, Status
from serve.store.orders import Order
from serve.store.suggester import leave_out
from tests.serve.store.acts import Act


def test_an_accepted_suggestion_sends_the_complaint_and_sets_its_deadline(act: Act) -> None:
    complaint = act.receive()
    assert act.state(complaint).suggested.agencies[0] == "dishub"
    state = act.order(complaint, Action.FORWARD, agencies=("dishub", "desa"), urgency=Level.TINGGI)
    assert (state.status, state.agencies, state.urgency) == (Status.TERDISPOSISI, ("dishub", "desa"), Level.TINGGI)
    # Three working days after Monday, at the close of offices in Bekasi.
    assert state.due_at == dt.datetime(2026, 3, 5, 9, 0, tzinfo=dt.UTC)
    assert act.row(complaint).agency == "dishub"


def test_a_returned_complaint_never_suggests_the_same_agency_again(act: Act) -> None:
    complaint = act.receive()
    for loops in range(1, 4):
        first = act.state(complaint).suggested.agencies[0]
        act.order(complaint, Action.FORWARD, agencies=(first,))
        state = act.order(complaint, Action.RETURN, agency=first, why="bukan kewenangan kami")
        assert state.status is Status.PERLU_VERIFIKASI
        assert act.row(complaint).loops == loops
        assert not set(state.suggested.agencies) & set(state.returned_by)
        assert state.suggested.decision is not Decision.SUGGEST
    assert sum(score.probability for score in act.suggestion(complaint).agencies) <= 1.001
    with pytest.raises(OrderError, match="pernah mengembalikan"):
        act.order(complaint, Action.FORWARD, agencies=("dishub",))
    assert act.order(complaint, Action.FORWARD, agencies=("dishub",), why="sudah ditelepon").agencies == ("dishub",)


def test_one_of_several_agencies_returning_it_leaves_it_with_the_others(act: Act) -> None:
    complaint = act.receive()
    act.order(complaint, Action.FORWARD, agencies=("dishub", "dlh"))
    state = act.order(complaint, Action.RETURN, agency="dlh", why="tidak ada sampah")
    assert (state.status, state.agencies, state.returned_by) == (Status.TERDISPOSISI, ("dishub",), ("dlh",))


def test_a_decision_can_be_undone_for_ten_minutes_and_the_undoing_stays_on_record(act: Act) -> None:
    complaint = act.receive()
    before = act.state(complaint)
    act.order(complaint, Action.FORWARD, agencies=("dlh",))
    act.now += UNDO_WINDOW - dt.timedelta(seconds=5)
    after = act.order(complaint, Action.UNDO)
    assert (after.status, after.agencies, after.due_at) == (before.status, (), before.due_at)
    assert after.version == 3
    act.order(complaint, Action.NOT_COMPLAINT)
    act.now += UNDO_WINDOW
    with pytest.raises(NotPossibleNowError, match="tidak dapat dibatalkan"):
        act.order(complaint, Action.UNDO)
    assert act.state(complaint).status is Status.BUKAN_ADUAN


def test_decisions_are_undone_one_after_the_other_but_never_the_arrival(act: Act) -> None:
    complaint = act.receive()
    act.order(complaint, Action.URGENCY, urgency=Level.DARURAT)
    assert act.state(complaint).situation is Situation.DARURAT
    act.order(complaint, Action.FORWARD, agencies=("dishub",))
    assert act.order(complaint, Action.UNDO).urgency is Level.DARURAT
    assert act.order(complaint, Action.UNDO).situation is Situation.TIDAK_BERPENGAWASAN
    with pytest.raises(NotPossibleNowError):
        act.order(complaint, Action.UNDO)


def test_a_second_dispatcher_is_told_and_nothing_is_overwritten(act: Act) -> None:
    complaint = act.receive()
    seen = act.state(complaint).version
    act.order(complaint, Action.FORWARD, agencies=("dishub",), by="ani", seen=seen)
    with pytest.raises(ConflictError, match="ani sudah mengubah"):
        act.order(complaint, Action.FORWARD, agencies=("dlh",), by="budi", seen=seen)
    assert act.state(complaint).agencies == ("dishub",)


def test_of_two_decisions_at_the_same_moment_one_is_refused(act: Act) -> None:
    complaint = act.receive()
    start, refused = Barrier(2), []

    def decide(by: str, agency: str) -> None:
        start.wait()
        try:
            with act.database.writing() as session:
                order = Order(Action.FORWARD, agencies=(agency,))
                decisions.decide(session, act.suggester, complaint, order, by=by, now=act.now, expected_version=1)
        except ConflictError as error:
            refused.append(error)

    threads = [Thread(target=decide, args=who) for who in (("ani", "dishub"), ("budi", "dlh"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert act.state(complaint).version == 2


def test_ones_own_decision_can_be_undone_while_a_colleague_looks_at_it_but_not_anothers(act: Act) -> None:
    complaint = act.receive()
    act.order(complaint, Action.FORWARD, agencies=("dishub",), by="ani")
    with act.database.writing() as session:
        claims.claim(session, complaint, by="budi", now=act.now)
    with pytest.raises(ClaimedError):
        act.order(complaint, Action.UNDO, by="citra")
    with pytest.raises(ClaimedError):
        act.order(complaint, Action.START, by="ani")
    assert act.order(complaint, Action.UNDO, by="ani").status is Status.PERLU_VERIFIKASI
    with act.database.reading() as session:
        assert claims.holders(session, [complaint], act.now) == {complaint: "budi"}


def test_a_claimed_complaint_is_left_alone_until_the_claim_expires(act: Act) -> None:
    complaint = act.receive()
    with act.database.writing() as session:
        claims.claim(session, complaint, by="ani", now=act.now)
    with pytest.raises(ClaimedError, match="ani sedang"), act.database.writing() as session:
        claims.claim(session, complaint, by="budi", now=act.now)
    later = act.now + dt.timedelta(seconds=150)
    with pytest.raises(ClaimedError, match="bebas lagi dalam 3 menit"), act.database.reading() as session:
        claims.check(session, complaint, by="budi", now=later)
    with pytest.raises(ClaimedError):
        act.order(complaint, Action.FORWARD, agencies=("dlh",), by="budi")
    with act.database.reading() as session:
        assert claims.holders(session, [complaint], act.now) == {complaint: "ani"}
    act.now += claims.CLAIM_TIME
    assert act.order(complaint, Action.FORWARD, agencies=("dlh",), by="budi").agencies == ("dlh",)


def test_a_split_complaint_becomes_parts_and_back_unless_one_was_handled(act: Act) -> None:
    complaint = act.receive("Lampu jalan mati dan sampah menumpuk di Desa Sukadami")
    texts = ("Lampu jalan mati total", "Sampah menumpuk bau sekali")
    parts = act.order(complaint, Action.SPLIT, parts=texts).parts
    assert [act.state(part).suggested.agencies[0] for part in parts] == ["dishub", "dlh"]
    assert {act.row(part).parent_id for part in parts} == {complaint}
    assert act.order(complaint, Action.UNDO).status is Status.PERLU_VERIFIKASI
    assert {act.state(part).status for part in parts} == {Status.DITARIK}

    parts = act.order(complaint, Action.SPLIT, parts=texts).parts
    act.order(parts[0], Action.FORWARD, agencies=("dishub",))
    with pytest.raises(NotPossibleNowError, match="sudah ditangani"):
        act.order(complaint, Action.UNDO)
    assert act.state(parts[1]).status is Status.PERLU_VERIFIKASI
    act.order(parts[0], Action.UNDO)  # as the error message advises
    act.order(complaint, Action.UNDO)
    assert {act.state(part).status for part in parts} == {Status.DITARIK}


def test_a_complaint_is_merged_into_one_that_stands_by_itself(act: Act) -> None:
    first, second, third = act.receive(), act.receive(), act.receive()
    assert act.order(second, Action.MERGE, into=first).merged_into == first
    for into in (second, third):
        with pytest.raises(OrderError, match="tidak dapat menerima"):
            act.order(third, Action.MERGE, into=into)
    assert act.order(second, Action.UNDO).merged_into is None


def test_the_citizens_answer_brings_the_complaint_back_with_a_new_suggestion(act: Act) -> None:
    complaint = act.receive("Tolong ditindaklanjuti segera ya")
    act.order(complaint, Action.ASK)
    state = act.order(complaint, Action.ANSWER, text="Air PDAM di rumah saya mati sudah tiga hari")
    assert (state.status, state.suggested.agencies[0]) == (Status.PERLU_VERIFIKASI, "pdam")


def test_a_reply_goes_out_only_when_its_decision_can_no_longer_be_undone(act: Act) -> None:
    kept, undone = act.receive(sender_id="wa-1"), act.receive(sender_id="wa-2")
    for complaint in (kept, undone):
        act.order(complaint, Action.FORWARD, agencies=("dishub",))
        with act.database.writing() as session:
            row = decisions.load(session, complaint)
            messages.add_reply(session, row, "Diteruskan ke Dinas Perhubungan.", by="ani", now=act.now)
    act.order(undone, Action.UNDO)
    later = act.now + UNDO_WINDOW
    with act.database.writing() as session:
        assert not messages.outbox(session, act.now).replies
        (due,) = messages.outbox(session, later).replies
        assert due.message.complaint_id == kept
        assert messages.mark_sent(session, [due.message.id], act.now) == 0  # ignored, as it wasn't listed yet
        assert messages.mark_sent(session, [due.message.id], later) == 1
        assert messages.mark_sent(session, [due.message.id], later) == 0


@pytest.mark.parametrize(
    ("action", "what"),
    [
        (Action.FORWARD, {}),
        (Action.FORWARD, {"agencies": ("tidak-ada",)}),
        (Action.FORWARD, {"agencies": ("dishub", "luar-pln")}),
        (Action.RETURN, {"agency": "dishub"}),
        (Action.URGENCY, {}),
        (Action.MERGE, {}),
        (Action.SPLIT, {"parts": ("satu",)}),
        (Action.RECEIVE, {}),
        (Action.OUTSIDE, {"agencies": ("luar-provinsi",)}),
    ],
)
def test_an_incomplete_order_is_refused(act: Act, action: Action, what: dict[str, Any]) -> None:
    complaint = act.receive()
    with pytest.raises(OrderError):
        act.order(complaint, action, **what)
    assert act.state(complaint).version == 1


@pytest.mark.parametrize(
    ("action", "what", "other"),
    [
        (Action.FORWARD, {"agencies": ("dlh", "dishub", "dlh"), "why": " Jelas. "}, {"agencies": ("dishub",)}),
        (Action.FORWARD, {"agencies": ("dlh",)}, {"agencies": ("dlh",), "urgency": Level.TINGGI}),
        (Action.URGENCY, {"urgency": Level.TINGGI}, {"urgency": Level.RENDAH}),
        (Action.MARK, {"tags": ("Viral ", "media")}, {"situation": Situation.DARURAT}),
        (Action.OUTSIDE, {"why": "Jalan nasional."}, {"why": "Milik PLN."}),
        (Action.MERGE, {"into": 1}, {"into": 2}),
        (Action.SPLIT, {"parts": ("Lampu jalan mati ", "Sampah bau")}, {"parts": ("Lampu jalan mati", "Sampah")}),
        (Action.ASK, {"reply": "Di mana? "}, {"reply": "Kapan?"}),
    ],
)
def test_a_key_stands_for_one_decision_that_is_done_once_and_for_no_other(
    act: Act, action: Action, what: dict[str, Any], other: dict[str, Any]
) -> None:
    act.receive()
    act.receive()
    complaint = act.receive()
    for _ in range(2):
        assert act.order(complaint, action, key="k", seen=1, **what).version == 2
    with pytest.raises(KeyConflictError):
        act.order(complaint, action, key="k", seen=1, **other)
    with pytest.raises(KeyConflictError):
        act.order(complaint, Action.NOT_COMPLAINT, key="k", seen=2)
    act.order(complaint, Action.UNDO)
    assert act.order(complaint, action, key="k", seen=1, **what).version == 3, "whoever undid it meanwhile"


def test_the_same_decision_twice_at_the_same_moment_is_done_once_and_refused_to_nobody(act: Act) -> None:
    complaint = act.receive()
    start, versions = Barrier(2), []

    def decide() -> None:
        start.wait()
        with act.database.writing() as session:
            about: dict[str, Any] = {"by": "ani", "now": act.now, "expected_version": 1, "key": "k"}
            order = Order(Action.FORWARD, agencies=("dishub",))
            versions.append(decisions.decide(session, act.suggester, complaint, order, **about).version)

    threads = [Thread(target=decide) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert versions == [2, 2]


def test_the_agencies_that_are_left_share_what_all_had_and_none_of_them_is_the_answer(act: Act) -> None:
    whole = replace(act.suggestion(act.receive()), decision=Decision.SUGGEST)
    codes = [score.code for score in whole.agencies]
    assert whole.words
    assert leave_out(whole, ["none-of-them"]) == whole
    for gone in (codes[:1], codes[1:3], codes[:-1]):
        left = leave_out(whole, gone)
        assert [score.code for score in left.agencies] == [code for code in codes if code not in gone]
        shares = [sum(score.probability for score in each.agencies) for each in (left, whole)]
        assert shares[0] == pytest.approx(shares[1], abs=0.001)
        assert left.words == (() if codes[0] in gone else whole.words)
        assert left.decision is Decision.CHOOSE
        assert leave_out(replace(whole, decision=Decision.READ), gone).decision is Decision.READ
    assert (leave_out(whole, codes).agencies, leave_out(whole, codes).decision) == ((), Decision.READ)
