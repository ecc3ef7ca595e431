"""How many statements a page takes: as many with ten thousand complaints as with a page of them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import event, func, insert, select

from serve.store import models
from serve.store.queue import PAGE_SIZE
from tests.serve.desk.conftest import post

MANY = 10_000
# Each page with the most statements that it may take, without those about users, which are cached for a second.
PAGES = {"/": 17, "/?cari=lampu": 19, "/?instansi=dishub&hari=7": 18, "/aduan/1": 17, "/ringkasan": 6}


def _double(client: TestClient, least: int) -> None:
    """Store all complaints again, with their records, until there are at least so many."""
    with client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        while (stored := session.scalar(select(func.count()).select_from(models.Complaint))) < least:
            for table, number in ((models.Complaint, "id"), (models.Decision, "complaint_id")):
                own = {"id", "sender_id", number}
                columns = [column for column in table.__table__.columns if column.name not in own]
                copies = select(getattr(table, number) + stored, *columns)
                session.execute(insert(table).from_select([number, *columns], copies))


def _statements(client: TestClient) -> dict[str, int]:
    """Return how many statements each page takes once the caches are filled."""
    engine = client.app.state.database.engine  # type: ignore[attr-defined]
    taken: Counter[str] = Counter()
    for page in PAGES:

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any, page: str = page) -> None:
            taken[page] += statement.startswith(("SELECT", "WITH")) and "FROM users" not in statement

        assert client.get(page).status_code == 200
        event.listen(engine, "before_cursor_execute", note)
        assert client.get(page).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
    return dict(taken)


def test_a_page_takes_as_many_statements_with_ten_thousand_complaints_as_with_one_page(
    local_client: TestClient,
) -> None:
    post(local_client, address="Desa Sukadami, Cikarang Selatan")
    _double(local_client, PAGE_SIZE + 1)
    few = _statements(local_client)
    _double(local_client, MANY)
    assert _statements(local_client) == few
    assert {page: number for page, number in few.items() if number > PAGES[page]} == {}
