"""Random histories of complaints on a real database: replaying the record gives the columns' values."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from pipeline.complaint import Level
from pipeline.errors import DataError
from serve.errors import ConflictError, NotFoundError, OrderError
from serve.store import audit, decisions, models, record
from serve.store.history import Action, Entry, Situation, Status
from tests.serve.store.acts import LAMP, Act

AGENCIES = ("dishub", "dlh", "sdabmbk", "pdam")
codes = st.sampled_from(AGENCIES)
orders = st.one_of(
    st.builds(lambda a: ("forward", {"agencies": tuple(a), "why": "cocok"}), st.lists(codes, min_size=1, max_size=3)),
    st.builds(lambda level: ("urgency", {"urgency": level}), st.sampled_from(Level)),
    st.builds(lambda a: ("return", {"agency": a, "why": "bukan kewenangan kami"}), codes),
    st.builds(lambda s, t: ("mark", {"situation": s, "tags": t}), st.sampled_from(Situation), st.just(("pju",))),
    st.builds(lambda i: ("merge", {"into": i}), st.integers(1, 5)),
    st.just(("split", {"parts": ("lampu jalan mati", "sampah menumpuk di sungai")})),
    st.just(("answer", {"text": "letaknya di depan pasar"})),
    st.just(("outside", {"agencies": ("luar-provinsi",), "why": "jalan provinsi"})),
    st.just(("reopen", {"why": "pelapor keberatan"})),
    st.sampled_from([(name, {}) for name in ("ask", "not-complaint", "start", "finish", "undo", "undo")]),
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(life=st.lists(st.tuples(st.integers(1, 5), orders, st.integers(0, 900)), max_size=25))
def test_an_export_of_any_history_replays_to_the_stored_state(
    act: Act, life: list[tuple[int, tuple[str, dict[str, Any]], int]]
) -> None:
    first = act.receive()
    for text_ in ("Sampah menumpuk bau sekali", "Air PDAM mati tiga hari"):
        act.receive(text_)
    for offset, (action, what), seconds in life:
        act.now += dt.timedelta(seconds=seconds)
        # Impossible actions are refused and must leave no trace.
        more = what | ({"into": first + int(str(what["into"])) - 1} if "into" in what else {})
        with suppress(ConflictError, OrderError, NotFoundError):
            act.order(first + offset - 1, Action(action), **more)
    with act.database.reading() as session:
        assert list(audit.doubts(session)) == []
        replayed = audit.read(audit.export(session))
        for complaint, state in replayed.items():
            row = session.get_one(models.Complaint, complaint)
            assert {name: getattr(row, name) for name in record.columns(state)} == record.columns(state)
        assert set(replayed) == set(session.scalars(text("SELECT id FROM complaints")))


def test_of_two_decisions_on_what_both_saw_the_second_is_a_conflict(act: Act) -> None:
    complaint = act.receive()
    before = act.state(complaint)
    mark = Entry(complaint, before.version + 1, act.now, "ani", Action.MARK, before.suggested, tags=("pju",))
    with act.database.writing() as session:
        record.append(session, decisions.load(session, complaint), before, mark)
    again = replace(mark, by="budi")
    with pytest.raises(ConflictError, match="baru saja"), act.database.writing() as session:
        record.append(session, decisions.load(session, complaint), before, again)
    with act.database.reading() as session:
        assert [row.by for row in record.rows_of(session, complaint)] == ["loket", "ani"]


def test_an_entry_is_digested_in_every_version_as_it_was_when_it_was_stored() -> None:
    told = record.chained_digest(record.FIRST_DIGEST, {"why": "sudah – ditelepon", "by": "ani", "parts": [1, 2]})
    assert told == "676259d8caccc77f40e7a0da21a9ba2d884fc2641dead5c6458fd86161114cd6"


def test_of_an_entry_without_words_it_is_told_that_there_were_some() -> None:
    assert record.without_words({"by": "ani", "why": "Bu Ani", "tags": ["ani"], "key": "ani-1"}) == {
        "by": "ani", "why": record.ERASED_TEXT, "tags": [], "key": None,
    }  # fmt: skip
    untold = {"by": "ani", "why": "", "tags": None, "key": None}
    assert record.without_words(untold) == untold


@pytest.mark.parametrize("statement", ["UPDATE decisions SET by = 'lain'", "DELETE FROM decisions"])
def test_the_database_itself_refuses_to_change_the_record(act: Act, statement: str) -> None:
    act.receive()
    with pytest.raises(DatabaseError), act.database.writing() as session:
        session.execute(text(statement.replace("by", '"by"')))


def test_a_changed_line_of_an_export_is_noticed(act: Act) -> None:
    complaint = act.receive()
    act.order(complaint, Action.FORWARD, agencies=("dishub",))
    with act.database.reading() as session:
        lines = list(audit.export(session))
    assert LAMP not in "".join(lines)
    forged = json.loads(lines[1]) | {"by": "budi"}
    with pytest.raises(DataError, match="Line 2"):
        audit.read([lines[0], json.dumps(forged)])
    with pytest.raises(DataError, match="Line 2"):
        audit.read([lines[0], "{"])


def test_columns_changed_behind_the_record_are_found(act: Act) -> None:
    complaint = act.receive()
    with act.database.writing() as session:
        decisions.load(session, complaint).status = str(Status.SELESAI)
    with act.database.reading() as session:
        assert list(audit.doubts(session)) == [audit.Doubt(complaint, "column status does not match the record")]


def test_a_complaint_whose_whole_record_is_gone_is_found(act: Act) -> None:
    act.receive()
    complaint = act.receive("Sampah menumpuk bau sekali")
    with act.database.writing() as session:
        trigger = "decisions_kept" if act.database.embedded else "decisions_only_grow ON decisions"
        session.execute(text(f"DROP TRIGGER {trigger}"))
        session.execute(text("DELETE FROM decisions WHERE complaint_id = :number"), {"number": complaint})
    with act.database.reading() as session:
        assert [doubt.complaint for doubt in audit.doubts(session)] == [complaint]
