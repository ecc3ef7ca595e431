"""What colleagues call those who stand in the record by their user names."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from serve.store import models


def called(session: Session, names: Iterable[str]) -> dict[str, str]:
    """Return the full names of people; a key, or a command that wrote an entry, is called what it is named."""
    wanted = set(names)
    if not wanted:
        return {}
    people = session.scalars(select(models.User).where(models.User.name.in_(wanted)))
    return {name: name for name in wanted} | {user.name: user.full_name for user in people}
