"""Display names for the user names in the record."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from serve.store import models


def called(session: Session, names: Iterable[str]) -> dict[str, str]:
    """Return display names by user name: full names of users; keys and commands keep their own names."""
    wanted = set(names)
    if not wanted:
        return {}
    people = session.scalars(select(models.User).where(models.User.name.in_(wanted)))
    return {name: name for name in wanted} | {user.name: user.full_name for user in people}
