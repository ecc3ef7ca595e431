from __future__ import annotations

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.complaint import Complaint
from pipeline.errors import ComplaintError
from serve.errors import SenderConflictError
from serve.store import intake, models
from serve.store.intake import Arrival
from tests.serve.store.acts import LAMP, NOW, Act


def test_sent_twice_is_stored_once(act: Act) -> None:
    first = act.receive(sender_id="SP4N-1", channel="sp4n-lapor")
    assert act.receive(sender_id="SP4N-1", channel="sp4n-lapor") == first
    assert act.receive(sender_id="SP4N-1", channel="whatsapp") != first
    assert act.receive() != act.receive()
    with act.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(models.Complaint)) == 4
        assert session.scalar(select(func.count()).select_from(models.StoredSuggestion)) == 4


def test_one_that_an_import_of_many_brings_too_holds_neither_up(act: Act) -> None:
    arrivals = [Arrival(Complaint(LAMP, id=sender), "web") for sender in ("1", "2")]

    def receive(session: Session, arrival: Arrival) -> bool:
        return intake.receive(session, act.suggester, arrival, by="bot", now=NOW).is_new

    def sent_by_the_channel() -> bool:
        with act.database.writing() as session:
            return receive(session, arrivals[1])

    with ThreadPoolExecutor(1) as channel:
        with act.database.writing() as session:
            assert receive(session, arrivals[0])
            sent = channel.submit(sent_by_the_channel)
            time.sleep(0.5)  # until it waits for its turn
            assert receive(session, arrivals[1])
        assert not sent.result(20)


def test_the_same_number_for_another_text_is_refused(act: Act) -> None:
    act.receive(sender_id="7")
    with pytest.raises(SenderConflictError, match="sudah dipakai"):
        act.receive("Sampah menumpuk", sender_id="7")


def test_what_arrives_is_stored_with_suggestion_place_and_deadline(act: Act) -> None:
    complaint = act.row(act.receive(received_at=dt.datetime(2026, 2, 27, 15, 0, tzinfo=dt.UTC)))
    assert (complaint.agency, complaint.kecamatan, complaint.place_code) == (
        "dishub", "Cikarang Selatan", "32.16.19.2004",
    )  # fmt: skip
    assert complaint.received_at == dt.datetime(2026, 2, 27, 15, 0, tzinfo=dt.UTC)
    assert complaint.due_at > complaint.received_at
    with act.database.reading() as session:
        assert session.get_one(models.StoredSuggestion, complaint.suggestion_id).model == act.suggester.router.name


def test_of_an_anonymous_reporter_nothing_is_kept(act: Act) -> None:
    named = act.row(act.receive(reporter_name="Siti", reporter_contact="0812"))
    unnamed = act.row(act.receive(reporter_name="Siti", reporter_contact="0812", anonymous=True))
    assert (named.reporter_name, named.reporter_contact) == ("Siti", "0812")
    assert (unnamed.reporter_name, unnamed.reporter_contact) == (None, None)


@pytest.mark.parametrize(
    "about",
    [
        {"channel": "Whats App"},
        {"channel": ""},
        {"sender_id": "7" * 201},
        {"received_at": dt.datetime(2026, 1, 1)},  # noqa: DTZ001 (without zone is what is refused)
        {"received_at": dt.datetime(1970, 1, 1, tzinfo=dt.UTC)},
        {"received_at": dt.datetime.now(tz=dt.UTC) + dt.timedelta(days=2)},
    ],
)
def test_what_cannot_be_is_refused(act: Act, about: dict[str, object]) -> None:
    with pytest.raises(ComplaintError):
        act.receive(**about)  # type: ignore[arg-type]
    assert NOW < act.now


def test_a_form_that_is_sent_again_brings_nothing_new_until_a_login_has_ended(act: Act) -> None:
    arrival = Arrival(Complaint(LAMP, address="Desa Sukadami"), "web")

    def sent(after: dt.timedelta, by: str = "ani", key: str = "form-1") -> bool:
        with act.database.writing() as session:
            return intake.receive(session, act.suggester, arrival, by=by, now=NOW + after, key=key).is_new

    assert [sent(dt.timedelta(hours=hours)) for hours in (0, 11, 13)] == [True, False, True]
    assert sent(dt.timedelta(hours=13), by="budi")
    assert sent(dt.timedelta(hours=13), key="form-2")
