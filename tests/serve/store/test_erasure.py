"""Erased data is gone from every table and file, and the record stays consistent."""

from __future__ import annotations

import datetime as dt
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from pipeline.errors import DataError
from serve.store import (
    audit,
    claims,
    decisions,
    erasure,
    messages,
    models,
    queue,
    record,
    retention,
    subjects,
    training_export,
)
from serve.store.history import Action, Status
from serve.store.orders import Order
from serve.store.queue import Filter
from serve.store.suggestions import suggestion_of
from serve.store.view import view
from tests.serve.store.acts import LAMP, Act
from tests.serve.store.penandawati import PHONE, TEXT, everything, handled


def _erase(act: Act, number: int) -> None:
    with act.database.writing() as session:
        erasure.erase(session, session.get_one(models.Complaint, number), by="penghapusan", now=act.now)


def test_an_erased_complaint_keeps_its_figures_and_not_a_word(act: Act) -> None:
    number = handled(act)
    before = act.row(number)
    assert "penandawati" in everything(act)
    _erase(act, number)
    assert "penandawati" not in everything(act)
    assert PHONE not in everything(act)
    after = act.row(number)
    assert (after.status, after.agency, after.received_at, after.kecamatan) == (
        before.status, before.agency, before.received_at, before.kecamatan,
    )  # fmt: skip
    with act.database.reading() as session:
        assert queue.page(session, Filter(status=None, words="penandawati")).rows == []
        assert messages.outbox(session, act.now + dt.timedelta(days=1)).replies == []
        suggestion_of(view(session, number, act.now).suggestion)  # it can still be opened at the desk


def test_an_erased_suggestion_quotes_nothing_and_points_nowhere(act: Act) -> None:
    number = act.receive("Kabel listrik putus menjuntai di depan SD Desa Sukadami, tolong", "wa-1")
    before = act.suggestion(number)
    assert before.urgency.reasons
    assert before.urgency.spans
    assert before.words
    _erase(act, number)
    after = act.suggestion(number)
    assert (after.urgency.reasons, after.urgency.spans, after.words, after.place, after.id) == ((), (), (), None, None)
    assert (after.urgency.level, after.agencies) == (before.urgency.level, before.agencies)


def test_a_citizen_who_writes_what_stands_for_erased_words_is_erased_and_purged_like_others(act: Act) -> None:
    number = act.receive("[dihapus]", "wa-1", reporter_name="Penandawati", address="Gang Penandawati 7")
    naming = act.receive("[dihapus]", "wa-2", reporter_name="Ibu Sumi", address=f"Gang Melati, telepon {PHONE}")
    act.order(number, Action.NOT_COMPLAINT)
    later = act.now + dt.timedelta(days=1)
    with act.database.writing() as session:
        assert retention.expired(session, later) == [number]
        subjects.forget(session, PHONE, subjects.find(session, PHONE), act.now)
    assert PHONE not in everything(act)
    assert "ibu sumi" in everything(act)
    _erase(act, number)
    _erase(act, naming)
    assert "penandawati" not in everything(act)
    assert "ibu sumi" not in everything(act)
    with act.database.reading() as session:
        assert retention.expired(session, later) == []
        assert all(erasure.is_erased(session, session.get_one(models.Complaint, each)) for each in (number, naming))


def test_a_reply_of_an_erased_part_goes_to_nobody_and_only_its_claim_ends(act: Act) -> None:
    whole = act.receive("Jalan rusak di Cibitung dan sampah menumpuk", "wa-9")
    act.order(whole, Action.SPLIT, parts=("Jalan rusak di Cibitung", "Sampah menumpuk di Cibitung"))
    part, other = act.state(whole).parts
    for number in (part, other):
        act.order(number, Action.FORWARD, agencies=("dlh",), reply=f"Diteruskan: {number}.")
        with act.database.writing() as session:
            claims.claim(session, number, by="ani", now=act.now)
    _erase(act, part)
    with act.database.reading() as session:
        sent = messages.outbox(session, act.now + dt.timedelta(days=1)).replies
        assert [due.message.text for due in sent] == [f"Diteruskan: {other}."]
        assert claims.holders(session, [part, other], act.now) == {other: "ani"}


def test_the_record_still_adds_up_and_can_be_replayed_from_a_file(act: Act) -> None:
    erased, other = handled(act), act.receive()
    state = act.state(erased)
    _erase(act, erased)
    with act.database.reading() as session:
        assert list(audit.doubts(session)) == []
        lines = list(audit.export(session))
    replayed = audit.read(lines)
    assert replayed[erased].status == state.status
    assert replayed[erased].agencies == state.agencies
    assert replayed[other].status is Status.PERLU_VERIFIKASI
    assert act.order(erased, Action.START).status is Status.DIPROSES
    with act.database.reading() as session:
        assert list(audit.doubts(session)) == []


@pytest.mark.parametrize("in_words_of", ["erased", "naming"])
def test_an_erasure_and_a_decision_of_the_same_moment_hold_neither_up(act: Act, in_words_of: str) -> None:
    number = handled(act) if in_words_of == "erased" else act.receive(f"Lampu mati, hubungi {PHONE}")
    act.order(number, Action.MARK, tags=("lama",), why=f"Pelapor {PHONE} menelepon")
    order, version = Order(Action.MARK, tags=("baru",)), act.row(number).version

    def forget() -> None:
        with act.database.writing() as session:
            subjects.forget(session, PHONE, subjects.find(session, PHONE), act.now)

    with ThreadPoolExecutor(1) as other:
        with act.database.writing() as session:
            record.lock(session)  # as a decision does at first
            decisions.load(session, number)
            forgotten = other.submit(forget)
            time.sleep(0.5)  # until it waits for its turn
            decisions.decide(session, act.suggester, number, order, by="ani", now=act.now, expected_version=version)
        forgotten.result(20)
    assert PHONE not in everything(act)
    with act.database.reading() as session:
        assert list(audit.doubts(session)) == []


def test_an_erasure_hides_no_other_change(act: Act) -> None:
    number = handled(act)
    _erase(act, number)
    with act.database.reading() as session:
        lines = [json.loads(line) for line in audit.export(session)]
    for field, value in (("by", "budi"), ("why", "lain"), ("action", "finish")):
        changed = [dict(line) for line in lines]
        changed[1][field] = value
        with pytest.raises(DataError, match="Line 2"):
            audit.read(json.dumps(line) for line in changed)
    unsealed = [line for line in lines if line["action"] != "erase"]
    with pytest.raises(DataError, match="was changed"):
        audit.read(json.dumps(line) for line in unsealed)


@pytest.mark.parametrize(
    "change", ['{"why": "karangan"}', '{"by": "budi"}', '{"tags": ["lain"]}', '{"key": "lain"}', '{"suggested": null}']
)
def test_the_database_lets_words_be_erased_and_nothing_be_written(act: Act, change: str) -> None:
    number = handled(act)
    with act.database.writing() as session:
        row = record.rows_of(session, number)[1]
        row.body = record.without_words(row.body)
    with act.database.reading() as session:
        row = record.rows_of(session, number)[2]
        row.body = {**row.body, **json.loads(change)}
        with pytest.raises(DatabaseError, match="never changed"):
            session.flush()


def test_what_was_erased_cannot_be_undone_or_erased_again(act: Act) -> None:
    number = handled(act)
    _erase(act, number)
    version = act.state(number).version
    _erase(act, number)
    assert act.state(number).version == version
    assert not act.state(number).undoable(act.now)


@pytest.mark.slow
def test_the_training_export_leaves_out_and_forgets_what_was_erased(act: Act, tmp_path: Path) -> None:
    gone, later, kept = handled(act, "a"), handled(act, "b"), act.receive(sender_id="c")
    act.order(kept, Action.FORWARD, agencies=("dishub",))
    _erase(act, gone)
    file = tmp_path / "decisions.parquet"
    with act.database.reading() as session:
        card = training_export.export_training(session, file)
    assert (card.rows, card.erased) == (2, 1)
    assert training_export.forget_exported(file, [later, gone]) == 1
    assert training_export.forget_exported(file, [later]) == 0
    assert b"enandawati" not in file.read_bytes()
    assert '"rows": 1' in file.with_suffix(".card.md").read_text()
    (tmp_path / "other.parquet").write_text("no")
    with pytest.raises(DataError, match="export-training"):
        training_export.forget_exported(tmp_path / "other.parquet", [1])


@pytest.mark.slow
def test_erased_words_are_gone_from_the_files_too(act: Act, tmp_path: Path) -> None:
    number = handled(act)
    _erase(act, number)
    erasure.overwrite(act.database)
    if act.database.embedded:
        content = b"".join(path.read_bytes() for path in tmp_path.glob("store.sqlite3*"))
        assert content
        assert b"enandawati" not in content
        assert PHONE.encode() not in content


@pytest.mark.parametrize("damaged", ['["{}"]', '{{"urgency": "{}"}}'])
def test_a_suggestion_that_cannot_be_read_is_told_covered_and_erased_like_others(act: Act, damaged: str) -> None:
    own, naming = act.receive(LAMP, PHONE), act.receive(f"{LAMP}, kata {PHONE}")
    with act.database.writing() as session:
        session.execute(text("UPDATE suggestions SET body = :body"), {"body": damaged.format(PHONE)})
    with act.database.reading() as session:
        found = subjects.find(session, PHONE)
        assert (found.sent, found.naming) == ([own], [naming])
        assert [len(one.get("suggestions", "")) for one in subjects.about(session, found)] == [1, 0]
    with act.database.writing() as session:
        subjects.forget(session, PHONE, found, act.now)
    assert PHONE not in everything(act)


def test_where_somebody_was_is_erased_too(act: Act) -> None:
    number = act.receive(TEXT, latitude=-6.3, longitude=107.2)
    before = act.row(number)
    assert None not in (before.place_code, before.latitude, before.longitude)
    _erase(act, number)
    after = act.row(number)
    assert (after.place_code, after.latitude, after.longitude) == (None, None, None)
    assert after.kecamatan == before.kecamatan, "the figures stay"
