"""Which decision becomes the training label after returns, reopenings and judgements."""

from __future__ import annotations

from typing import Any

import pytest

from serve.store.history import replay
from serve.store.labels import NOT_COMPLAINT, label_of, labelling, standing
from serve.store.lifecycle import Action
from tests.serve.store.test_history import entry

Told = tuple[Action, dict[str, Any]]
RECEIVE: Told = (Action.RECEIVE, {})
UNDO: Told = (Action.UNDO, {"undoes": 3})
START: Told = (Action.START, {})
FINISH: Told = (Action.FINISH, {})
TURNED_AWAY: Told = (Action.NOT_COMPLAINT, {})
ELSEWHERE: Told = (Action.OUTSIDE, {"chosen": ("luar-pln",)})
NOWHERE: Told = (Action.OUTSIDE, {})  # without saying who is responsible
REOPEN: Told = (Action.REOPEN, {"why": "salah"})


def _to(*agencies: str) -> Told:
    return Action.FORWARD, {"chosen": agencies}


def _judged(agency: str) -> Told:
    return Action.RELABEL, {"chosen": (agency,)}


def _back(agency: str) -> Told:
    return Action.RETURN, {"agency": agency}


@pytest.mark.parametrize(
    ("told", "labels"),
    [
        ((), []),
        ((_to("dishub", "dlh"),), ["dishub"]),
        ((_to("dlh"), _to("dishub")), ["dlh", "dishub"]),
        ((_to("dlh"), _back("dlh")), []),
        ((_to("dlh"), _back("dlh"), _to("dishub")), ["dlh", "dishub"]),
        ((_to("dlh"), _back("dlh"), UNDO), ["dlh"]),
        # Of several agencies, the one that returned the complaint is no longer a label; the others are.
        ((_to("dishub", "dlh"), _back("dlh")), ["dishub"]),
        ((_to("dishub", "dlh"), _back("dishub")), ["dlh"]),
        ((_to("dishub", "dlh"), _back("dishub"), _back("dlh")), []),
        ((_to("dishub", "dlh"), _back("dishub"), START, _to("dishub")), ["dishub", "dishub"]),
        # A judgement overrules both the decision and the return.
        ((_to("dlh"), _judged("dishub"), _back("dlh")), ["dlh", "dishub"]),
        ((_to("dlh", "pdam"), _back("dlh"), _judged("dlh")), ["dlh", "dlh"]),
        # Reopening shows that turning it away was wrong, but not that an agency that finished it was.
        ((TURNED_AWAY,), [NOT_COMPLAINT]),
        ((TURNED_AWAY, REOPEN), []),
        ((ELSEWHERE, REOPEN), []),
        ((NOWHERE, REOPEN), []),
        ((TURNED_AWAY, REOPEN, UNDO), [NOT_COMPLAINT]),
        ((TURNED_AWAY, REOPEN, _to("dlh")), [NOT_COMPLAINT, "dlh"]),
        ((TURNED_AWAY, _judged("dlh"), REOPEN), [NOT_COMPLAINT, "dlh"]),
        ((_to("dlh"), FINISH, REOPEN), ["dlh"]),
    ],
)
def test_the_last_decision_that_was_not_found_wrong_is_the_label(told: tuple[Told, ...], labels: list[str]) -> None:
    entries = [entry(number, action, **what) for number, (action, what) in enumerate((RECEIVE, *told), 1)]
    replay(entries)  # the sequence is valid
    assert [label_of(each) for each in labelling(standing(entries))] == labels
