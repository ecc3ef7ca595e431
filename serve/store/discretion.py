"""Row-level filter: sessions in which *rahasia* (secret) complaints don't exist, whatever the query."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, exists, false
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
def reading_without_secrets(database: Database) -> Iterator[Session]:
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
