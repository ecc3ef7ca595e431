"""Effects of a decision: its entry on record, messages to the citizen, claims, and complaints created."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from pipeline.complaint import MAX_TEXT_CHARS, Level
from serve.errors import ConflictError
from serve.store import claims, messages, models, record
from serve.store.history import UNDO_WINDOW, Action, Entry, Situation, Status
from tests.serve.store.acts import LAMP, NOW, Act

PARTS = ("  Lampu jalan mati total\n", "Sampah menumpuk bau sekali")


def entries(act: Act, complaint: int) -> list[Entry]:
    with act.database.reading() as session:
        return [record.entry_from_json(row.body) for row in record.rows_of(session, complaint)]


def told(act: Act, complaint: int) -> Sequence[models.Message]:
    with act.database.reading() as session:
        return messages.of_complaint(session, complaint)


def stored(act: Act, complaint: int) -> models.StoredSuggestion:
    """Return the suggestion in force."""
    with act.database.reading() as session:
        return session.get_one(models.StoredSuggestion, act.state(complaint).suggested.id)


def test_an_entry_tells_who_decided_what_when_why_and_before_which_suggestion(act: Act) -> None:
    complaint = act.receive()
    suggested = act.state(complaint).suggested
    act.order(complaint, Action.FORWARD, agencies=("dlh", "desa", "dlh"), why="  sudah ditelepon\n", key="k-1")
    assert entries(act, complaint)[-1] == Entry(
        complaint, 2, act.now, "ani", Action.FORWARD, suggested,
        chosen=("dlh", "desa"), why="sudah ditelepon", due_at=act.state(complaint).due_at, key="k-1",
    )  # fmt: skip
    assert act.state(complaint).urgency is entries(act, complaint)[0].urgency


def test_a_decision_sent_again_under_its_key_is_done_once(act: Act) -> None:
    complaint = act.receive()
    for _ in range(2):
        state = act.order(complaint, Action.FORWARD, agencies=("dishub",), seen=1, key="k-1", reply="Diteruskan.")
        assert state.version == 2
    assert len(told(act, complaint)) == 1
    with pytest.raises(ConflictError):  # the same key of another person is another decision
        act.order(complaint, Action.FORWARD, agencies=("dishub",), by="budi", seen=1, key="k-1")
    with pytest.raises(ConflictError):
        act.order(complaint, Action.FORWARD, agencies=("dishub",), seen=1, key="k-2")
    with pytest.raises(ConflictError):
        act.order(complaint, Action.FORWARD, agencies=("dishub",), seen=1)


def test_the_reply_belongs_to_its_decision_and_goes_with_it(act: Act) -> None:
    complaint = act.receive(sender_id="wa-1")
    act.order(complaint, Action.URGENCY, urgency=Level.TINGGI)
    assert told(act, complaint) == []
    act.order(complaint, Action.FORWARD, agencies=("dishub",), by="budi", reply=" Diteruskan ke Dishub. ")
    (reply,) = told(act, complaint)
    assert (reply.text, reply.by, reply.at, reply.number) == ("Diteruskan ke Dishub.", "budi", act.now, 3)
    with act.database.reading() as session:
        assert [due.message.id for due in messages.outbox(session, act.now + UNDO_WINDOW).replies] == [reply.id]
    act.order(complaint, Action.UNDO)
    assert told(act, complaint) == []


def test_whoever_decided_works_on_it_no_longer(act: Act) -> None:
    complaint, other = act.receive(), act.receive()
    with act.database.writing() as session:
        for number in (complaint, other):
            claims.claim(session, number, by="ani", now=act.now)
    act.order(complaint, Action.NOT_COMPLAINT, by="ani")
    with act.database.reading() as session:
        assert claims.holders(session, [complaint, other], act.now) == {other: "ani"}


def test_a_new_suggestion_rests_on_all_that_is_known_and_leaves_out_whoever_returned_it(act: Act) -> None:
    complaint = act.receive("Tolong ditindaklanjuti segera ya", sender_id="WA-7", address="Desa Sukadami")
    arrived = stored(act, complaint)
    act.order(complaint, Action.FORWARD, agencies=("dlh", "pdam"))
    act.order(complaint, Action.RETURN, agency="dlh", why="bukan kewenangan kami")
    act.order(complaint, Action.RETURN, agency="pdam", why="bukan kewenangan kami")
    returned = stored(act, complaint)
    assert (returned.excluded, returned.made_at) == (["dlh", "pdam"], act.now)
    assert entries(act, complaint)[-1].agency == "pdam"
    act.order(complaint, Action.ASK)
    for answer in ("Lampu jalan (PJU) mati total", " sudah seminggu gelap sekali "):
        act.order(complaint, Action.ANSWER, text=answer, by="loket")
        act.order(complaint, Action.ASK)
    last = stored(act, complaint)
    assert [(m.text, m.by, m.number, m.direction) for m in told(act, complaint)] == [
        ("Lampu jalan (PJU) mati total", "loket", 6, "in"),
        ("sudah seminggu gelap sekali", "loket", 8, "in"),
    ]
    assert (last.agency, last.excluded) == ("dishub", ["dlh", "pdam"])
    suggestion = act.suggestion(complaint)
    assert (suggestion.id, suggestion.place and suggestion.place.name) == ("WA-7", "Sukadami")
    whole = "Tolong ditindaklanjuti segera ya\nLampu jalan (PJU) mati total\nsudah seminggu gelap sekali"
    marked = [whole[word.start : word.end] for word in suggestion.words]
    assert {"PJU", "gelap"} <= set(marked)
    assert arrived.excluded == []


def test_answers_to_the_longest_complaint_are_read_as_far_as_a_complaint_may_be_long(act: Act) -> None:
    complained = "air PDAM dari keran tidak keluar sama sekali "
    complaint = act.receive(complained + "a" * (MAX_TEXT_CHARS - len(complained)))
    act.order(complaint, Action.ASK)
    state = act.order(complaint, Action.ANSWER, text="Lampu jalan PJU mati, tiang lampu jalan gelap")
    assert state.suggested.agencies[0] == "pdam"


def test_undoing_a_return_brings_the_suggestion_before_it_back(act: Act) -> None:
    complaint = act.receive()
    before = act.order(complaint, Action.FORWARD, agencies=("dishub",))
    assert act.order(complaint, Action.RETURN, agency="dishub", why="bukan kami").suggested != before.suggested
    assert act.order(complaint, Action.UNDO).suggested == before.suggested
    entry = entries(act, complaint)[-1]
    assert (entry.undoes, entry.suggested) == (3, before.suggested)


def test_a_part_arrives_as_the_whole_did_and_is_withdrawn_by_whoever_undoes(act: Act) -> None:
    sent = NOW - dt.timedelta(days=9)
    about = {"reporter_name": "Warga", "latitude": -6.3, "secret": True, "received_at": sent}
    complaint = act.receive(LAMP, sender_id="WA-7", channel="whatsapp", address="Desa Sukadami", **about)
    parts = act.order(complaint, Action.SPLIT, parts=PARTS, by="budi").parts
    for part, text in zip(parts, PARTS, strict=True):
        row = act.row(part)
        assert (row.text, row.address, row.channel, row.sender_id) == (text.strip(), "Desa Sukadami", "whatsapp", None)
        assert (row.reporter_name, row.latitude, row.secret, row.received_at) == ("Warga", -6.3, True, sent)
        (arrival,) = entries(act, part)
        assert (arrival.by, arrival.at, arrival.action) == ("budi", act.now, Action.RECEIVE)
        place = act.suggestion(part).place
        assert place
        assert place.name == "Sukadami"
    act.order(complaint, Action.UNDO, by="citra")
    for part in parts:
        withdrawal = entries(act, part)[-1]
        assert (withdrawal.by, withdrawal.at, withdrawal.action) == ("citra", act.now, Action.WITHDRAW)
        assert withdrawal.suggested == act.state(part).suggested
        assert act.row(part).status == Status.DITARIK


def test_what_is_relabelled_or_outside_keeps_each_agency_once(act: Act) -> None:
    complaint = act.receive()
    act.order(complaint, Action.OUTSIDE, agencies=("luar-pln", "luar-pln"), why="tiang listrik")
    assert act.state(complaint).agencies == ("luar-pln",)
    act.order(complaint, Action.RELABEL, agencies=("luar-provinsi",))
    assert [entry.chosen for entry in entries(act, complaint)] == [(), ("luar-pln",), ("luar-provinsi",)]


def test_tags_are_kept_in_small_letters_once_and_in_order_and_stay_where_none_are_given(act: Act) -> None:
    complaint = act.receive()
    state = act.order(complaint, Action.MARK, tags=(" PJU ", "gelap", "pju", "  "))
    assert (state.tags, state.situation) == (("gelap", "pju"), Situation.TIDAK_BERPENGAWASAN)
    assert entries(act, complaint)[-1].due_at is None
    state = act.order(complaint, Action.MARK, situation=Situation.BERPENGAWASAN)
    assert (state.tags, state.situation) == (("gelap", "pju"), Situation.BERPENGAWASAN)
    assert act.order(complaint, Action.MARK, tags=()).tags == ()
