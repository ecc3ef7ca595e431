"""Display names for the user names in the record."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from serve.store import models
from serve.store.keys import RECORDED


def called(session: Session, names: Iterable[str]) -> dict[str, str]:
    """Return display names by user name: full names of users, *Kunci API bot*; commands keep their own names."""
    wanted = set(names)
    if not wanted:
        return {}
    people = session.scalars(select(models.User).where(models.User.name.in_(wanted)))
    return {name: _of_program(name) for name in wanted} | {user.name: user.full_name for user in people}


def _of_program(name: str) -> str:
    return f"Kunci API {name.removeprefix(RECORDED)}" if name.startswith(RECORDED) else name
