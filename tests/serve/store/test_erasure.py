"""Erased data is gone from every table and file, and the record stays consistent."""

from __future__ import annotations

import datetime as dt
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from pipeline.errors import DataError
from serve.errors import StoreError
from serve.store import (
    accounts,
    audit,
    claims,
    decisions,
    erasure,
    logins,
    messages,
    models,
    queue,
    record,
    retention,
    subjects,
    training_export,
)
from serve.store.accounts import Role
from serve.store.history import Action, Status
from serve.store.orders import Order
from serve.store.queue import Filter
from serve.store.suggestions import suggestion_of
from serve.store.view import view
from tests.serve.store.acts import LAMP, NOW, Act
from tests.spellings import mobile_numbers, spellings

PHONE = "0812-3456-7890"
TEXT = f"Lampu jalan di Desa Sukadami mati, rumah Penandawati gelap, hubungi {PHONE}"


def _handled(act: Act, sender_id: str = "wa-1") -> int:
    number = act.receive(
        TEXT, sender_id, reporter_name="Penandawati", reporter_contact="+62 812 3456 7890", address="Gang Penandawati 7"
    )
    act.order(number, Action.ASK, why="Penandawati lupa menulis gangnya")
    act.order(number, Action.ANSWER, text="Gang Penandawati nomor 7")
    act.order(number, Action.MARK, tags=("penandawati",))
    with act.database.writing() as session:
        messages.add_reply(session, session.get_one(models.Complaint, number), "Ibu Penandawati", by="ani", now=act.now)
    act.order(number, Action.FORWARD, agencies=("dishub",))
    return number


def _erase(act: Act, number: int) -> None:
    with act.database.writing() as session:
        erasure.erase(session, session.get_one(models.Complaint, number), by="penghapusan", now=act.now)


def _everything(act: Act) -> str:
    rows: list[str] = []
    with act.database.reading() as session:
        for table in ("complaints", "suggestions", "decisions", "messages", "claims"):
            rows += [str(tuple(row)) for row in session.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608
    return "\n".join(rows).lower()


def test_an_erased_complaint_keeps_its_figures_and_not_a_word(act: Act) -> None:
    number = _handled(act)
    before = act.row(number)
    assert "penandawati" in _everything(act)
    _erase(act, number)
    assert "penandawati" not in _everything(act)
    assert PHONE not in _everything(act)
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
    assert PHONE not in _everything(act)
    assert "ibu sumi" in _everything(act)
    _erase(act, number)
    _erase(act, naming)
    assert "penandawati" not in _everything(act)
    assert "ibu sumi" not in _everything(act)
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
    erased, other = _handled(act), act.receive()
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
    number = _handled(act) if in_words_of == "erased" else act.receive(f"Lampu mati, hubungi {PHONE}")
    act.order(number, Action.MARK, tags=("lama",), why=f"Pelapor {PHONE} menelepon")
    order, version = Order(Action.MARK, tags=("baru",)), act.row(number).version

    def forget() -> None:
        with act.database.writing() as session:
            subjects.forget(session, PHONE, subjects.find(session, PHONE), act.now)

    with ThreadPoolExecutor(1) as other:
        with act.database.writing() as session:
            record.in_order(session)  # as a decision does at first
            decisions.load(session, number)
            forgotten = other.submit(forget)
            time.sleep(0.5)  # until it waits for its turn
            decisions.decide(session, act.suggester, number, order, by="ani", now=act.now, expected_version=version)
        forgotten.result(20)
    assert PHONE not in _everything(act)
    with act.database.reading() as session:
        assert list(audit.doubts(session)) == []


def test_an_erasure_hides_no_other_change(act: Act) -> None:
    number = _handled(act)
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
    number = _handled(act)
    with act.database.writing() as session:
        row = record.rows_of(session, number)[1]
        row.body = record.without_words(row.body)
    with act.database.reading() as session:
        row = record.rows_of(session, number)[2]
        row.body = {**row.body, **json.loads(change)}
        with pytest.raises(DatabaseError, match="never changed"):
            session.flush()


def test_what_was_erased_cannot_be_undone_or_erased_again(act: Act) -> None:
    number = _handled(act)
    _erase(act, number)
    version = act.state(number).version
    _erase(act, number)
    assert act.state(number).version == version
    assert not act.state(number).undoable(act.now)


def test_a_person_is_found_in_any_spelling_and_by_what_others_wrote(act: Act) -> None:
    own = _handled(act)
    split = act.receive("Jalan rusak di Cibitung dan sampah menumpuk", "wa-9", reporter_contact=PHONE)
    act.order(split, Action.SPLIT, parts=("Jalan rusak di Cibitung", "Sampah menumpuk di Cibitung"))
    parts = act.state(split).parts
    naming = act.receive("Tolong telepon tetangga saya 62 81234567890, lampu jalan mati", "wa-2")
    act.receive("Telepon saya 0812 0000 1111 soal jalan rusak", "wa-3")
    for spelling in ("081234567890", "+6281234567890", "62-812-3456-7890", "0812 3456 7890"):
        with act.database.reading() as session:
            found = subjects.find(session, spelling)
        assert found.sent == [own, split, *parts]
        assert found.naming == [naming]
    with act.database.reading() as session:
        assert subjects.find(session, "wa-2").sent == [naming]
        assert subjects.find(session, "nobody@contoh.id") == subjects.Found()


def test_a_name_finds_nobody_since_two_people_may_bear_it(act: Act) -> None:
    act.receive("Nama saya Budi Penandawati, alamat Gang Melati no 7 RT 03, lampu jalan mati", "wa-1")
    with act.database.reading() as session:
        for shared in ("Budi Penandawati", "no 7 RT 03"):
            assert subjects.find(session, shared) == subjects.Found(), shared


def test_what_a_person_is_given_holds_all_their_words_and_nobody_elses(act: Act) -> None:
    own = _handled(act)
    act.receive(f"Tetangga saya, nomornya {PHONE}, membakar sampah tiap malam", "wa-2")
    with act.database.reading() as session:
        found = subjects.find(session, PHONE)
        given = list(subjects.about(session, found))
    assert given[0]["complaint"]["text"] == TEXT
    assert given[0]["complaint"]["id"] == own
    assert [message["text"] for message in given[0]["messages"]] == ["Gang Penandawati nomor 7", "Ibu Penandawati"]
    assert len(given[0]["record"]) == 5
    assert "membakar" not in json.dumps(given)


def test_forgetting_a_person_covers_the_number_where_others_wrote_it(act: Act) -> None:
    own = _handled(act)
    naming = act.receive(f"Kebakaran di rumah tetangga, hubungi {PHONE} segera", "wa-2")
    before = act.suggestion(naming)
    with act.database.writing() as session:
        subjects.forget(session, PHONE, subjects.find(session, PHONE), act.now)
    assert act.row(own).text == record.ERASED_TEXT
    assert act.row(naming).text == "Kebakaran di rumah tetangga, hubungi •••••••••••••• segera"
    assert [word.start for word in act.suggestion(naming).words] == [word.start for word in before.words]
    with act.database.reading() as session:
        assert subjects.find(session, PHONE) == subjects.Found()
        assert queue.page(session, Filter(status=None, words="3456")).rows == []
        assert list(audit.doubts(session)) == []


def test_only_what_was_settled_long_ago_loses_its_words(act: Act) -> None:
    old, still_open, with_agency = _handled(act, "a"), act.receive(sender_id="b"), _handled(act, "c")
    act.order(old, Action.FINISH)
    act.now = NOW + dt.timedelta(days=800)
    recent = _handled(act, "d")
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


@pytest.mark.slow
def test_the_training_export_leaves_out_and_forgets_what_was_erased(act: Act, tmp_path: Path) -> None:
    gone, later, kept = _handled(act, "a"), _handled(act, "b"), act.receive(sender_id="c")
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
    number = _handled(act)
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
    assert PHONE not in _everything(act)


@pytest.mark.parametrize(
    "spelt",
    [PHONE, "+62 812-3456-7890", "6281234567890", "0062 812 3456 7890", "+62 (0)812.3456.7890", "62/0812 3456 7890",
     "81234567890", "6281234567890@c.us", "6281234567890@S.WhatsApp.net", "0812_3456_7890", "0812–3456–7890",
     "0812\u20113456\u20117890", "0812\u200b3456\u200b7890", "０８１２-３４５６-７８９０", "O812 3456 7890",
     "0812·3456·7890", "+62 (0812) 3456 7890", "(0)812--3456--7890"],
)  # fmt: skip
def test_a_telephone_number_is_one_however_it_is_spelt(spelt: str) -> None:
    assert subjects.canonical(spelt) == "081234567890"


@pytest.mark.parametrize("number", ["8123456", "812345678901234", "3216011203900001"])
def test_a_number_that_is_no_telephone_number_stays_as_it_is(number: str) -> None:
    assert subjects.canonical(number) == number


@pytest.mark.parametrize(
    "identifier", ["cs:1234-5678", "08123456;7890;12;34", "user 12l45678", "lantai nol delapan", "12345:678901234567"]
)
def test_only_a_telephone_number_or_nik_is_read_with_letters_words_and_far_groups(identifier: str) -> None:
    assert subjects.canonical(identifier) == identifier


@given(st.data(), st.sampled_from(["", " ya", "\nTerima kasih", ". 3 hari gelap"]))
def test_a_number_is_found_and_covered_in_any_spelling_and_nothing_around_it(data: st.DataObject, after: str) -> None:
    number = data.draw(mobile_numbers())
    spelt = data.draw(spellings(number))
    assert subjects.canonical(spelt) == number
    assert subjects._covered(number, f"Hubungi {spelt}{after}") == f"Hubungi {'•' * len(spelt)}{after}"


def test_a_number_without_its_zero_and_a_whatsapp_name_are_erased_with_the_others(act: Act) -> None:
    own = act.receive(LAMP, "6281234567890@c.us")
    naming = act.receive(f"{LAMP}, hubungi 81234567890", "wa-2")
    with act.database.reading() as session:
        found = subjects.find(session, PHONE)
    assert (found.sent, found.naming) == ([own], [naming])
    with act.database.writing() as session:
        subjects.forget(session, PHONE, found, act.now)
    assert "1234567890" not in _everything(act)


@pytest.mark.parametrize(
    "followed",
    [
        " • 2 rumah terendam",
        "   2 rumah",
        ". 3 hari belum surut",
        " 2 rumah",
        " - 1 RT",
        " 12 rumah",
        "\u3000" + "2 rumah",
    ],
)
@pytest.mark.parametrize("number", ["081234567890", "0812345678", "021-5551234"])
def test_digits_that_follow_a_number_do_not_hide_it(number: str, followed: str) -> None:
    text = f"Hubungi {number}{followed}"
    wanted = subjects.canonical(number)
    assert subjects._covered(wanted, text) == f"Hubungi {'•' * len(number)}{followed}"


@pytest.mark.parametrize(
    "spelt",
    ["0812_3456_7890", "0812–3456–7890", "+62\u00a0(812)\u20113456\u20117890", "o812.3456.7890", "0812,3456,7890",
     "0812\n3456\n7890", "08.12.34.56.78.90", "O8I2 3456 7890",
     "nol delapan satu dua tiga empat 5 6 tujuh delapan sembilan nol"],
)  # fmt: skip
def test_a_number_that_is_masked_is_erased_where_others_wrote_it_however_it_is_spelt(act: Act, spelt: str) -> None:
    naming = act.receive(f"{LAMP}, hubungi {spelt} ya", "wa-2")
    with act.database.writing() as session:
        found = subjects.find(session, PHONE)
        assert (found.sent, found.naming) == ([], [naming])
        subjects.forget(session, PHONE, found, act.now)
    left = _everything(act)
    assert not any(part in left for part in ("3456", "34.56", "sembilan"))


def test_where_somebody_was_is_erased_too(act: Act) -> None:
    number = act.receive(TEXT, latitude=-6.3, longitude=107.2)
    before = act.row(number)
    assert None not in (before.place_code, before.latitude, before.longitude)
    _erase(act, number)
    after = act.row(number)
    assert (after.place_code, after.latitude, after.longitude) == (None, None, None)
    assert after.kecamatan == before.kecamatan, "the figures stay"
