"""Row-level filter: no *rahasia* (secret) complaint in any query of a session, and none of their numbers in answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import event, exists, false, select
from sqlalchemy.orm import ORMExecuteState, Session, aliased, with_loader_criteria

from serve.store import models
from serve.store.database import Database

_about = aliased(models.Complaint)
_known = exists().where(_about.id == models.Decision.complaint_id, _about.secret == false())
# Built once: building them takes longer than most statements.
_WITHOUT_SECRETS = (
    with_loader_criteria(models.Complaint, models.Complaint.secret == false()),
    with_loader_criteria(models.Decision, _known),
)


@contextmanager
def read_without_secrets(database: Database) -> Iterator[Session]:
    """Yield a read session without secret complaints: not in lists, counts or searches, nor by number.

    Their decisions are hidden, too, so that statistics and events leave them out. The filter is added to every
    statement of the session, so that no query can forget it.
    """
    with database.reading() as session:
        event.listen(session, "do_orm_execute", _leave_out)
        yield session


def _leave_out(state: ORMExecuteState) -> None:
    if state.is_select and not state.is_column_load:
        state.statement = state.statement.options(*_WITHOUT_SECRETS)


def open_numbers(session: Session, numbers: Iterable[int | None]) -> frozenset[int]:
    """Return those of some complaints' numbers that anybody may be told: none of a secret complaint."""
    asked = {number for number in numbers if number is not None}
    if not asked:
        return frozenset()
    complaint = models.Complaint
    return frozenset(session.scalars(select(complaint.id).where(complaint.id.in_(asked), complaint.secret == false())))
