"""Search for earlier similar complaints."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from serve.store import decisions
from serve.store.history import Action
from serve.store.similar import Likeness
from tests.serve.store.acts import LAMP, Act


def test_other_citizens_tell_the_same_matter_and_the_parts_of_one_complaint_do_not(act: Act) -> None:
    texts = (LAMP, f"{LAMP}, gelap sekali")
    one, other = act.order(act.receive(". ".join(texts)), Action.SPLIT, parts=texts).parts
    stranger = act.receive(LAMP)
    likeness = Likeness(act.suggester.router)
    with act.database.reading() as session:
        found = {
            number: {similar.complaint.id for similar in likeness.duplicates(session, decisions.load(session, number))}
            for number in (one, other, stranger)
        }
    assert found == {one: {stranger}, other: {stranger}, stranger: {one, other}}


def test_earlier_complaints_of_like_words_are_found_from_the_newest_without_sorting_all(act: Act) -> None:
    decided = act.receive(LAMP)
    act.order(decided, Action.FORWARD, agencies=("dishub",))
    other = act.receive("Air PDAM mati tiga hari di perumahan kami")
    act.order(other, Action.FORWARD, agencies=("pdam",))
    open_one = act.receive("Lampu jalan di Desa Sukadami mati total, sudah seminggu lebih")

    asked: list[tuple[str, Any]] = []
    event.listen(
        act.database.engine, "before_cursor_execute", lambda _c, _u, text, values, *_: asked.append((text, values))
    )
    with act.database.reading() as session:
        found = Likeness(act.suggester.router).earlier(session, decisions.load(session, open_one), ("dishub",))
    assert [similar.complaint.id for similar in found] == [decided]
    if act.database.embedded:
        newest = next((text, values) for text, values in asked if "ORDER BY complaints.received_at DESC" in text)
        with act.database.engine.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {newest[0]}", newest[1]).all()
        assert not any("TEMP B-TREE" in str(row) for row in plan)


def test_the_name_of_a_place_makes_no_two_matters_alike(act: Act) -> None:
    flood = act.receive("Jalan desa Sukadami Cikarang Selatan tidak bisa dilewati, banjir", address="Desa Sukadami")
    act.receive("Jalan desa Sukadami Cikarang Selatan gelap, lampunya mati", address="Desa Sukadami")
    again = act.receive("tidak bisa lewat karena banjir", address="Desa Sukadami")
    likeness = Likeness(act.suggester.router)
    with act.database.reading() as session:
        found = [similar.complaint.id for similar in likeness.duplicates(session, decisions.load(session, flood))]
    assert found == [again]


def test_a_complaint_of_nothing_but_its_place_is_compared_by_the_place(act: Act) -> None:
    numbers = [act.receive("Desa Sukadami", address="Desa Sukadami") for _ in range(2)]
    likeness = Likeness(act.suggester.router)
    with act.database.reading() as session:
        found = likeness.duplicates(session, decisions.load(session, numbers[0]))
    assert [similar.complaint.id for similar in found] == numbers[1:]


def test_the_same_words_of_another_kecamatan_are_another_matter_and_those_of_none_may_be_the_same(act: Act) -> None:
    text = "Lampu jalan mati total sudah seminggu, gelap sekali kalau malam"
    here, there, nowhere = (
        act.receive(text, address=address) for address in ("Desa Sukadami", "Kecamatan Babelan", None)
    )
    assert [act.row(number).kecamatan for number in (here, there, nowhere)] == ["Cikarang Selatan", "Babelan", None]
    likeness = Likeness(act.suggester.router)
    with act.database.reading() as session:
        found = [similar.complaint.id for similar in likeness.duplicates(session, decisions.load(session, here))]
    assert found == [nowhere]
