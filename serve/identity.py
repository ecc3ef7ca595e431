"""Identity of an authenticated user or key: what it may do, and which part of the store it can see."""

from __future__ import annotations

import secrets
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from serve.errors import ForeignFormError
from serve.store.accounts import Role, Scope
from serve.store.confidentiality import read_without_secrets
from serve.store.database import Database
from serve.store.decisions import load


@dataclass(frozen=True, slots=True)
class Identity:
    """An authenticated user or API key.

    Attributes
    ----------
    name
        As written in the record of decisions.
    role
        ``None`` for a key.
    csrf_token
        Token that forms must send back; ``None`` for a key, which no browser sends by itself.
    """

    name: str
    full_name: str
    role: Role | None
    scopes: frozenset[Scope]
    csrf_token: str | None = None
    is_demo: bool = False

    @property
    def sees_reporters(self) -> bool:
        """Whether names and contacts of citizens, and *rahasia* (secret) complaints, may be shown."""
        return Scope.IDENTITY in self.scopes

    def check_csrf(self, token: str | None) -> None:
        """Check that a form's CSRF token is this login's.

        Raises
        ------
        ForeignFormError
            If it isn't: the form may have been sent by another site.
        """
        # Encoded, because compare_digest accepts only ASCII in str.
        if self.csrf_token is None or not secrets.compare_digest(self.csrf_token.encode(), (token or "").encode()):
            raise ForeignFormError("Formulir ini tidak berasal dari meja ini.", mend="Muat ulang halaman, lalu ulangi.")


def check_visible(database: Database, identity: Identity, *numbers: int) -> None:
    """Check that complaints are visible to ``identity``, who otherwise may neither decide on nor claim or judge them.

    Raises
    ------
    NotFoundError
        If one isn't.
    """
    if not identity.sees_reporters:
        with readable(database, identity) as session:
            for number in numbers:
                load(session, number)


def readable(database: Database, identity: Identity) -> AbstractContextManager[Session]:
    """Return a read session in which only what ``identity`` may see exists."""
    return database.reading() if identity.sees_reporters else read_without_secrets(database)
