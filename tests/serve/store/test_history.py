"""The lifecycle of a complaint as a pure function, without database and clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.complaint import Decision, Level
from serve.errors import NotPossibleNowError
from serve.store.history import UNDO_WINDOW, Entry, State, Suggested, apply, replay
from serve.store.lifecycle import LEADS_TO, NEVER_UNDONE, POSSIBLE, Action, Situation, Status

NOW = dt.datetime(2026, 3, 2, 3, 0, tzinfo=dt.UTC)
DUE = dt.datetime(2026, 3, 9, 9, 0, tzinfo=dt.UTC)
FIRST = Suggested(1, "m", Decision.SUGGEST, ("dishub", "dlh"))
SECOND = Suggested(2, "m", Decision.CHOOSE, ("pdam",))
WAITING = {Status.PERLU_VERIFIKASI, Status.PERLU_DILENGKAPI, Status.TERDISPOSISI, Status.DIPROSES}


def entry(number: int, action: Action, *, after: int = 0, **what: Any) -> Entry:
    """Return an entry made ``after`` seconds, with the fields that its action needs unless given in ``what``."""
    needs: dict[Action, dict[str, Any]] = {
        Action.RECEIVE: {"urgency": Level.SEDANG, "due_at": DUE},
        Action.FORWARD: {"chosen": ("dishub",)},
        Action.OUTSIDE: {"chosen": ("luar-pln",)},
        Action.RETURN: {"agency": "dishub"},
        Action.MERGE: {"into": 9},
        Action.SPLIT: {"parts": (10, 11)},
    }
    made = Entry(7, number, NOW + dt.timedelta(seconds=after), "ani", action, FIRST)
    return replace(made, **(needs.get(action, {}) | what))


def life(*actions: Action | tuple[Action, dict[str, Any]]) -> State:
    """Return the state after the arrival and these actions, one per second."""
    told = [(one, {}) if isinstance(one, Action) else one for one in (Action.RECEIVE, *actions)]
    return replay(entry(n, action, **({"after": n} | what)) for n, (action, what) in enumerate(told, 1))


def test_a_complaint_arrives_in_the_queue_with_what_was_suggested() -> None:
    assert life() == State(
        status=Status.PERLU_VERIFIKASI,
        urgency=Level.SEDANG,
        due_at=DUE,
        suggested=FIRST,
        situation=Situation.TIDAK_BERPENGAWASAN,
        agencies=(),
        tags=(),
        returned_by=(),
        merged_into=None,
        parts=(),
        forwarded_at=None,
        closed_at=None,
        changed_at=NOW + dt.timedelta(seconds=1),
        last=1,
        last_action=Action.RECEIVE,
        version=1,
    )
    emergency = replay([entry(1, Action.RECEIVE, urgency=Level.DARURAT)])
    assert emergency.situation is Situation.DARURAT
    told = replay(
        [entry(1, Action.RECEIVE, urgency=Level.DARURAT, situation=Situation.BERPENGAWASAN, tags=("banjir",))]
    )
    assert (told.situation, told.tags) == (Situation.BERPENGAWASAN, ("banjir",))


@pytest.mark.parametrize(
    "first",
    [
        entry(2, Action.RECEIVE),
        entry(1, Action.FORWARD, urgency=Level.SEDANG, due_at=DUE),
        entry(1, Action.RECEIVE, urgency=None),
        entry(1, Action.RECEIVE, due_at=None),
    ],
)
def test_nothing_else_begins_a_life(first: Entry) -> None:
    with pytest.raises(
        NotPossibleNowError, match=r"^Catatan pertama sebuah aduan adalah kedatangannya\. Periksa berkas"
    ):
        replay([first])
    with pytest.raises(ValueError, match=r"^A complaint has at least the entry of its arrival\.$"):
        replay([])


@given(st.lists(st.sampled_from([action for action in Action if action is not Action.UNDO]), max_size=12))
def test_every_action_leads_where_the_table_says_or_is_refused_and_can_be_taken_back(actions: list[Action]) -> None:
    state = life()
    for action in actions:
        number = state.version + 1
        now = NOW + dt.timedelta(seconds=number)
        new = replace(entry(number, action), at=now, suggested=SECOND)
        if state.status not in POSSIBLE[action] or (action is Action.RETURN and "dishub" not in state.agencies):
            with pytest.raises(NotPossibleNowError):
                apply(state, new)
            continue
        after = apply(state, new)
        leads_to = Status.PERLU_VERIFIKASI if action is Action.RETURN else LEADS_TO.get(action, state.status)
        assert after.status is leads_to
        assert (after.version, after.last, after.last_action, after.changed_at) == (number, number, action, now)
        assert (after.suggested, after.before) == (SECOND, state)
        if action in LEADS_TO:
            assert after.closed_at == (None if leads_to in WAITING else now)
        else:
            assert after.closed_at == state.closed_at
        undo = entry(number + 1, Action.UNDO, after=number + 1, undoes=number)
        if action in NEVER_UNDONE:
            with pytest.raises(NotPossibleNowError):
                apply(after, undo)
        else:
            assert apply(after, undo) == replace(state, version=number + 1)
        state = after


def test_what_an_action_says_is_kept() -> None:
    sent = life((Action.FORWARD, {"chosen": ("dlh", "dishub")}))
    assert (sent.agencies, sent.agency, sent.forwarded_at) == (("dlh", "dishub"), "dlh", NOW + dt.timedelta(seconds=2))
    assert life(Action.OUTSIDE).agencies == ("luar-pln",)
    assert life(Action.OUTSIDE).forwarded_at is None
    assert life(Action.MERGE).merged_into == 9
    assert life(Action.SPLIT).parts == (10, 11)
    assert life(Action.FORWARD, Action.FINISH, Action.REOPEN).agencies == ()
    assert life().agency == "dishub", "no agency has it, so the first suggestion is shown"
    assert replace(life(), suggested=replace(FIRST, agencies=())).agency is None
    marked = life((Action.MARK, {"situation": Situation.BERPENGAWASAN, "tags": ("banjir",)}))
    assert (marked.situation, marked.tags) == (Situation.BERPENGAWASAN, ("banjir",))
    again = apply(marked, entry(3, Action.MARK))
    assert (again.situation, again.tags) == (Situation.BERPENGAWASAN, ("banjir",)), "fields that aren't given stay"
    assert apply(again, entry(4, Action.MARK, tags=())).tags == ()


def test_a_return_takes_one_agency_off_and_the_last_one_brings_the_complaint_back() -> None:
    sent = life((Action.FORWARD, {"chosen": ("dlh", "dishub")}), Action.START)
    one = apply(sent, entry(4, Action.RETURN, agency="dlh"))
    assert (one.status, one.agencies, one.returned_by) == (Status.DIPROSES, ("dishub",), ("dlh",))
    with pytest.raises(
        NotPossibleNowError, match=r"^Aduan ini tidak ada pada dlh\. Pilih instansi yang menerima aduan"
    ):
        apply(one, entry(5, Action.RETURN, agency="dlh"))
    none = apply(one, entry(5, Action.RETURN))
    assert (none.status, none.agencies, none.returned_by) == (Status.PERLU_VERIFIKASI, (), ("dlh", "dishub"))


def test_an_emergency_is_a_situation_too_unless_one_was_chosen() -> None:
    def urgent(level: Level, **what: Any) -> tuple[Action, dict[str, Any]]:
        return Action.URGENCY, {"urgency": level, **what}

    later = DUE + dt.timedelta(days=1)
    up = life(urgent(Level.DARURAT, due_at=later))
    assert (up.urgency, up.situation, up.due_at) == (Level.DARURAT, Situation.DARURAT, later)
    assert life(urgent(Level.DARURAT), urgent(Level.RENDAH)).situation is Situation.TIDAK_BERPENGAWASAN
    assert life(urgent(Level.TINGGI)).due_at == DUE
    chosen = life(urgent(Level.DARURAT, situation=Situation.BERPENGAWASAN))
    assert chosen.situation is Situation.TIDAK_BERPENGAWASAN, "only marking chooses a situation"
    watched = (Action.MARK, {"situation": Situation.BERPENGAWASAN})
    assert life(watched, urgent(Level.TINGGI)).situation is Situation.BERPENGAWASAN
    alarm = (Action.MARK, {"situation": Situation.DARURAT})
    assert life(alarm, urgent(Level.SEDANG)).situation is Situation.DARURAT, "the urgency didn't change"
    assert life(urgent(Level.DARURAT), watched, (Action.FORWARD, {})).situation is Situation.BERPENGAWASAN


def test_only_the_last_decision_is_undone_and_only_in_time() -> None:
    sent = life(Action.FORWARD, Action.START)
    limit = sent.changed_at + UNDO_WINDOW
    assert sent.undoable(limit)
    assert not sent.undoable(limit + dt.timedelta(microseconds=1))
    assert not life().undoable(NOW)
    late = replace(entry(4, Action.UNDO, undoes=3), at=limit + dt.timedelta(seconds=1))
    told = r"^Keputusan ini tidak dapat dibatalkan lagi\. Hanya keputusan terakhir, dan hanya dalam 10 menit; buat"
    for undo in (late, entry(4, Action.UNDO, undoes=2), entry(4, Action.UNDO)):
        with pytest.raises(NotPossibleNowError, match=told):
            apply(sent, undo)
    back = apply(sent, entry(4, Action.UNDO, after=4, undoes=3))
    assert (back.status, back.version, back.last) == (Status.TERDISPOSISI, 4, 2)
    assert apply(back, entry(5, Action.UNDO, after=5, undoes=2)) == replace(life(), version=5)


def test_an_entry_that_does_not_follow_or_cannot_be_is_told() -> None:
    with pytest.raises(
        NotPossibleNowError, match=r"^Keputusan nomor 3 tidak menyambung nomor 1\. Muat ulang aduan ini\.$"
    ):
        apply(life(), entry(3, Action.FORWARD))
    with pytest.raises(
        NotPossibleNowError, match=r"^Tindakan “finish” tidak mungkin pada aduan berstatus Perlu Verif.*\. Muat"
    ):
        apply(life(), entry(2, Action.FINISH))
