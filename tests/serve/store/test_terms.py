"""What a complaint is decides by which term it must be settled, at the desk as in the suggestion."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.complaint import Kind, Level
from serve.store.history import Action, Situation
from serve.store.terms import term_of
from tests.serve.store.acts import NOW, Act

QUESTION = "Mohon informasi, apa saja syarat dan berapa lama mengurus KTP elektronik yang hilang? Terima kasih."


def due(act: Act, days: int) -> dt.datetime:
    return act.suggester.calendar.due(NOW, days)


def test_the_desks_deadline_is_the_one_that_was_suggested_and_follows_the_dispatchers_word(act: Act) -> None:
    complaint = act.receive(QUESTION)
    suggestion = act.suggestion(complaint)
    assert (suggestion.kind, suggestion.settle_within) == (Kind.INFORMASI, 5)
    received = act.state(complaint)
    assert (received.situation, received.due_at) == (Situation.PERMINTAAN_INFORMASI, due(act, 5))

    office = suggestion.agencies[0].code
    assert act.order(complaint, Action.FORWARD, agencies=(office,)).due_at == due(act, 5)
    marked = act.order(complaint, Action.MARK, situation=Situation.TIDAK_BERPENGAWASAN)
    assert marked.due_at == due(act, 14)
    assert act.order(complaint, Action.MARK, situation=Situation.BERPENGAWASAN).due_at == due(act, 60)
    assert act.order(complaint, Action.MARK, tags=("ktp",)).due_at == due(act, 60)
    assert act.order(complaint, Action.URGENCY, urgency=Level.TINGGI).due_at == due(act, 3)


def test_an_ordinary_complaint_has_fourteen_days(act: Act) -> None:
    complaint = act.receive()
    state = act.state(complaint)
    assert state.situation is Situation.TIDAK_BERPENGAWASAN
    assert state.due_at == due(act, act.suggestion(complaint).settle_within or 0)


@pytest.mark.parametrize(
    ("situation", "suggested", "term"),
    [
        (Situation.TIDAK_BERPENGAWASAN, Kind.ASPIRASI, "aspirasi"),
        (Situation.TIDAK_BERPENGAWASAN, Kind.INFORMASI, "pengaduan"),
        (Situation.PERMINTAAN_INFORMASI, Kind.PENGADUAN, "permintaan-informasi"),
        (Situation.BERPENGAWASAN, Kind.BUKAN, "pengawasan"),
    ],
)
def test_the_dispatchers_word_goes_before_the_models(situation: Situation, suggested: Kind, term: str) -> None:
    assert term_of(situation, suggested) == term
