"""Check that the server's bind address is safe."""

from __future__ import annotations

from serve.errors import StoreError
from serve.origin import is_loopback
from serve.store import accounts
from serve.store.database import Database


def check_bind(database: Database, host: str) -> None:
    """Check that it is safe to listen on ``host``.

    Raises
    ------
    StoreError
        If other machines could reach a desk that requires no login, or if nobody could log in at all.
    """
    with database.reading() as session:
        if accounts.accounts_exist(session):
            return
    if not database.embedded:
        raise StoreError(
            "The database has no accounts, so nobody could log in.",
            mend="Add one: disposisi user add NAME --role admin.",
        )
    if not is_loopback(host):
        raise StoreError(
            f"Listening on {host} would let anyone who can reach this machine read complaints.",
            mend="Add an account first: disposisi user add NAME --role admin. Or listen on 127.0.0.1.",
        )
