"""``disposisi key``: API keys of other systems."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.console import print_json, print_table, tell
from pipeline.cli.options import JsonOption
from pipeline.clock import local_day
from serve.cli.store import DatabaseOption, desk_clock, now, opened, opened_if_there
from serve.store import keys
from serve.store.accounts import Scope

_commands = typer.Typer(name="key", help="Manage API keys of other systems.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the system.", show_default=False)]


def add_commands(app: typer.Typer) -> None:
    """Add ``key``."""
    app.add_typer(_commands)


@_commands.command()
def add(
    name: Name,
    scope: Annotated[
        list[Scope],
        typer.Option(
            metavar="SCOPE",
            help="What the key may do: suggest (nothing is stored), intake (submit complaints, fetch replies), read, "
            "identity (with read: secret complaints and reporters), decide, review (judge doubted decisions), admin. "
            "Can be repeated.",
            show_default=False,
        ),
    ],
    per_minute: Annotated[
        int, typer.Option(min=1, metavar="REQUESTS", help="Maximum requests per minute.")
    ] = keys.DEFAULT_PER_MINUTE,
    database: DatabaseOption = None,
) -> None:
    """Create a key and print it; it is never shown again."""
    with opened(database) as store, store.writing() as session:
        key = keys.add_key(session, name, scope, now=now(), per_minute=per_minute)
    tell(f"Key of {name}. Save it now, it is not shown again:")
    typer.echo(key)


@_commands.command("list")
def list_keys(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """List keys by name; the keys themselves are not stored."""
    with opened_if_there(database) as store, store.reading() as session:
        found = keys.keys(session)
    if as_json:
        facts = ("name", "scopes", "per_minute", "created_at", "revoked_at")
        print_json([{fact: getattr(key, fact) for fact in facts} for key in found])
        return
    if not found:
        tell("There are no keys, so no other system can use the API. Add one: disposisi key add NAME --scope SCOPE.")
        return
    clock = desk_clock()
    rows = []
    for key in found:
        state = f"revoked {local_day(key.revoked_at, clock)}" if key.revoked_at else ""
        rows.append((key.name, ", ".join(key.scopes), f"{key.per_minute:,}", local_day(key.created_at, clock), state))
    print_table(("name", "scopes", "per minute", "since", "state"), rows)


@_commands.command()
def revoke(name: Name, database: DatabaseOption = None) -> None:
    """Revoke a key."""
    with opened_if_there(database) as store, store.writing() as session:
        keys.revoke_key(session, name, now())
    tell(f"Revoked key {name}.")
