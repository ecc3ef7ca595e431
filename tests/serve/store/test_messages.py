"""The outbox of replies to citizens: paged, and only those that can be sent."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy import event

from serve.errors import InvalidInputError
from serve.store import decisions, messages, models
from serve.store.confidentiality import read_without_secrets
from serve.store.history import UNDO_WINDOW, Action
from tests.serve.store.acts import Act

PARTS = ("Lampu jalan mati total", "Sampah menumpuk bau sekali")


def _told(act: Act, complaint: int) -> int:
    act.order(complaint, Action.FORWARD, agencies=("dishub",), reply=f"Aduan {complaint} diteruskan.")
    return complaint


def _pages(act: Act, **wanted: Any) -> list[list[tuple[int, str, str | None]]]:
    """Return complaint, channel and sender of each due reply, page by page."""
    pages, cursor = [], None
    with act.database.reading() as session:
        while True:
            page = messages.outbox(session, act.now + UNDO_WINDOW, cursor=cursor, **wanted)
            pages.append([(reply.message.complaint_id, reply.channel, reply.sender_id) for reply in page.replies])
            if (cursor := page.following) is None:
                return pages


def test_each_channel_gets_its_replies_page_by_page_whatever_others_leave_lying(act: Act) -> None:
    for _ in range(5):
        _told(act, act.receive(sender_id=f"web-{act.now}", channel="web"))
    mine = [_told(act, act.receive(sender_id=f"wa-{n}", channel="whatsapp")) for n in range(3)]
    listed = [(number, "whatsapp", f"wa-{n}") for n, number in enumerate(mine)]
    assert _pages(act, channel="whatsapp", size=2) == [listed[:2], listed[2:]]
    assert _pages(act, channel="sms") == [[]]
    everybodys = _pages(act, size=3)
    assert [len(page) for page in everybodys] == [3, 3, 2]
    assert [reply for page in everybodys for reply in page][5:] == listed
    with act.database.reading() as session, pytest.raises(InvalidInputError):
        messages.outbox(session, act.now, cursor="bukan-penanda")


def test_a_reply_that_nobody_can_be_sent_takes_no_place_in_a_page(act: Act) -> None:
    for _ in range(3):
        _told(act, act.receive(channel="loket"))
    unknown, known = act.receive(channel="loket"), act.receive(sender_id="wa-1", channel="whatsapp")
    for whole in (unknown, known):
        first, second = act.order(whole, Action.SPLIT, parts=PARTS).parts
        third = act.order(second, Action.SPLIT, parts=PARTS).parts[0]
        for part in (first, third):
            _told(act, part)
    assert _pages(act, size=1) == [[(part, "whatsapp", "wa-1")] for part in (first, third)]
    asked: list[str] = []
    event.listen(act.database.engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    assert _pages(act, channel="loket") == [[]]
    assert len([statement for statement in asked if "FROM" in statement]) == 1, "one query for all that cannot be sent"


def test_nobody_is_told_of_an_agency_that_returned_the_complaint_or_has_it_no_more(act: Act) -> None:
    returned, undone, sent_on, shared = (_told(act, act.receive(sender_id=f"web-{n}")) for n in range(4))
    for number in (returned, undone):
        act.order(number, Action.RETURN, agency="dishub", why="Bukan kewenangan kami.")
    act.order(undone, Action.UNDO)
    act.order(sent_on, Action.FORWARD, agencies=("dlh",), reply="Dialihkan.")
    act.order(shared, Action.FORWARD, agencies=("dishub", "dlh"), reply="Diteruskan ke dua instansi.")
    act.order(shared, Action.RETURN, agency="dlh", why="Bukan kewenangan kami.")  # the other agency still has it
    assert _pages(act) == [[(number, "web", f"web-{n}") for n, number in ((1, undone), (2, sent_on), (3, shared))]]
    with act.database.reading() as session:
        stale = {number: len(messages.overtaken(session, number)) for number in (returned, undone, sent_on, shared)}
    assert stale == {returned: 1, undone: 0, sent_on: 1, shared: 1}
    act.order(returned, Action.ASK, reply="Di mana tepatnya?")
    assert (returned, "web", "web-0") in _pages(act)[0]


def test_the_sender_of_a_part_is_unknown_to_who_may_not_see_its_whole(act: Act) -> None:
    whole = act.receive(sender_id="wa-1", channel="whatsapp")
    first = act.order(whole, Action.SPLIT, parts=PARTS).parts[0]
    with act.database.writing() as session:
        session.get_one(models.Complaint, whole).secret = True
    for reading, sender in ((act.database.reading, "wa-1"), (partial(read_without_secrets, act.database), None)):
        with reading() as session:
            assert messages.sender_of(session, decisions.load(session, first)) == sender


def test_who_was_merged_is_told_of_the_outcome_with_the_own_number_and_the_same_date(act: Act) -> None:
    kept, merged = act.receive(), act.receive()
    act.order(merged, Action.MERGE, into=kept)
    act.order(kept, Action.FORWARD, agencies=("dishub",), reply=f"Aduan nomor {kept}: paling lambat {kept} Desember.")
    with act.database.reading() as session:
        told = [message.text for message in messages.of_complaint(session, merged)]
    assert told == [f"Aduan nomor {merged}: paling lambat {kept} Desember."]


def test_nobody_else_is_told_of_the_outcome_of_a_secret_complaint(act: Act) -> None:
    kept, merged = act.receive(secret=True), act.receive()
    act.order(merged, Action.MERGE, into=kept)
    act.order(kept, Action.FORWARD, agencies=("dishub",), reply="Aduan Anda diteruskan.")
    with act.database.reading() as session:
        told = [[message.text for message in messages.of_complaint(session, one)] for one in (kept, merged)]
    assert told == [["Aduan Anda diteruskan."], []]


def test_who_was_merged_before_the_whole_was_merged_on_is_told_too_and_not_after_an_undo(act: Act) -> None:
    kept, between, first = act.receive(), act.receive(), act.receive()
    act.order(first, Action.MERGE, into=between)
    act.order(between, Action.MERGE, into=kept)

    def told() -> list[list[str]]:
        with act.database.reading() as session:
            return [[message.text for message in messages.of_complaint(session, one)] for one in (first, between)]

    act.order(kept, Action.FORWARD, agencies=("dishub",), reply=f"Aduan nomor {kept} diteruskan.")
    assert told() == [[f"Aduan nomor {first} diteruskan."], [f"Aduan nomor {between} diteruskan."]]
    act.order(kept, Action.UNDO)
    assert told() == [[], []]


def test_who_was_merged_is_not_told_of_an_agency_that_has_returned_the_whole(act: Act) -> None:
    kept, between, first = (act.receive(sender_id=f"web-{n}") for n in range(3))
    act.order(first, Action.MERGE, into=between)
    act.order(between, Action.MERGE, into=kept)
    act.order(kept, Action.FORWARD, agencies=("dishub",), reply=f"Aduan nomor {kept} diteruskan ke Dishub.")
    everybody = [(number, "web", f"web-{n}") for n, number in enumerate((kept, between, first))]
    assert sorted(_pages(act)[0]) == everybody
    act.order(kept, Action.RETURN, agency="dishub", why="Bukan kewenangan kami.")
    assert _pages(act) == [[]]
    with act.database.reading() as session:
        assert [len(messages.overtaken(session, number)) for number in (kept, between, first)] == [1, 1, 1]
    act.order(kept, Action.FORWARD, agencies=("dlh",), reply=f"Aduan nomor {kept} dialihkan ke DLH.")
    assert sorted(_pages(act)[0]) == everybody, "each gets one reply, about the present agency"
