"""A complaint with everything that may name its citizen, and all that the store holds."""

from __future__ import annotations

from sqlalchemy import text

from serve.store import (
    messages,
    models,
)
from serve.store.history import Action
from tests.serve.store.acts import Act

PHONE = "0812-3456-7890"
TEXT = f"Lampu jalan di Desa Sukadami mati, rumah Penandawati gelap, hubungi {PHONE}"


def handled(act: Act, sender_id: str = "wa-1") -> int:
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


def everything(act: Act) -> str:
    rows: list[str] = []
    with act.database.reading() as session:
        for table in ("complaints", "suggestions", "decisions", "messages", "claims"):
            rows += [str(tuple(row)) for row in session.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608
    return "\n".join(rows).lower()
