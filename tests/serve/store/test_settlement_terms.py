"""The kind of a complaint determines its deadline, at the desk as in the suggestion."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.complaint import ALARMS, Kind, Level
from serve.store.history import Action, Situation
from serve.store.settlement_terms import situation_of, term_of
from tests.serve.store.acts import NOW, Act, with_agencies

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


def test_an_undecided_complaint_has_the_term_of_the_agency_that_is_suggested_first(act: Act) -> None:
    terms = {"dishub": 7, "dlh": 4, "pdam": 3}  # days; all other agencies have 1
    agencies = {
        code: agency.model_copy(update={"sla_working_days": terms.get(code, 1)})
        for code, agency in act.suggester.region.agencies.items()
    }
    act.suggester = with_agencies(act.suggester, agencies)
    complaint = act.receive()
    assert act.state(complaint).suggested.agencies[0] == "dishub"
    assert act.order(complaint, Action.URGENCY, urgency=Level.SEDANG).due_at == due(act, 7)
    assert act.order(complaint, Action.MARK, situation=Situation.BERPENGAWASAN).due_at == due(act, 7)
    act.order(complaint, Action.FORWARD, agencies=("dlh", "dishub"))
    assert act.order(complaint, Action.URGENCY, urgency=Level.RENDAH).due_at == due(act, 4)
    assert act.order(complaint, Action.MARK, situation=Situation.TIDAK_BERPENGAWASAN).due_at == due(act, 4)


def test_the_term_of_a_raised_urgency_holds_where_the_complaint_is_sent_later(act: Act) -> None:
    complaint = act.receive()
    act.order(complaint, Action.URGENCY, urgency=Level.TINGGI)
    assert act.order(complaint, Action.FORWARD, agencies=("dishub",)).due_at == due(act, 3)
    assert act.order(complaint, Action.FORWARD, agencies=("dishub",), urgency=Level.RENDAH).due_at == due(act, 14)


@pytest.mark.parametrize("level", Level)
def test_a_question_that_tells_of_danger_begins_as_no_question(act: Act, level: Level) -> None:
    asked = replace(act.suggestion(act.receive()), kind=Kind.INFORMASI)
    told = situation_of(replace(asked, urgency=replace(asked.urgency, level=level)))
    assert told is (None if level in ALARMS else Situation.PERMINTAAN_INFORMASI)
