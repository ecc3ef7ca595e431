"""Sessions that show no *rahasia* complaint, whatever is asked in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, exists, false
from sqlalchemy.orm import ORMExecuteState, Session, aliased, with_loader_criteria

from serve.store import models
from serve.store.database import Database

_about = aliased(models.Complaint)
_known = exists().where(_about.id == models.Decision.complaint_id, _about.secret == false())
# Made once: what they are made of takes longer than most statements.
_WITHOUT_SECRETS = (
    with_loader_criteria(models.Complaint, models.Complaint.secret == false()),
    with_loader_criteria(models.Decision, _known),
)


@contextmanager
def reading_without_secrets(database: Database) -> Iterator[Session]:
    """Yield a session for reading in which secret complaints don't exist: not in a list, a count, a search, by number.

    Nor does the record of them, so that figures of decisions and events leave them out too. It stands on every
    statement of the session, so that no query can forget it.
    """
    with database.reading() as session:
        event.listen(session, "do_orm_execute", _leave_out)
        yield session


def _leave_out(state: ORMExecuteState) -> None:
    if state.is_select and not state.is_column_load:
        state.statement = state.statement.options(*_WITHOUT_SECRETS)
