"""What is stored about one citizen: found in any spelling, shown, and forgotten."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serve.store import (
    audit,
    queue,
    record,
    subjects,
)
from serve.store.history import Action
from serve.store.queue import Filter
from tests.serve.store.acts import LAMP, Act
from tests.serve.store.penandawati import PHONE, TEXT, everything, handled
from tests.spellings import mobile_numbers, spellings


def test_a_person_is_found_in_any_spelling_and_by_what_others_wrote(act: Act) -> None:
    own = handled(act)
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
    own = handled(act)
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
    own = handled(act)
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
    assert "1234567890" not in everything(act)


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
    left = everything(act)
    assert not any(part in left for part in ("3456", "34.56", "sembilan"))
