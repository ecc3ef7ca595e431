"""``disposisi user``: accounts of the desk."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pipeline.cli.console import print_json, print_table, tell
from pipeline.cli.options import JsonOption
from pipeline.clock import local_day
from serve.cli.store import DatabaseOption, desk_clock, now, opened, opened_if_there
from serve.store import accounts
from serve.store.accounts import Role

_commands = typer.Typer(name="user", help="Manage the users of the desk.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Login name.", show_default=False)]
PasswordFromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking.")
]


def add_commands(app: typer.Typer) -> None:
    """Add ``user``."""
    app.add_typer(_commands)


@_commands.command()
def add(
    name: Name,
    role: Annotated[
        Role,
        typer.Option(
            metavar="ROLE",  # the four in place of it would leave no room for the database's URL on 80 columns
            help="petugas decides; penyelia also reviews decisions for the next model; analis reads and reviews; "
            "admin can do everything.",
        ),
    ] = Role.PETUGAS,
    full_name: Annotated[str, typer.Option(metavar="NAME", help="Name shown to colleagues.")] = "",
    password_stdin: PasswordFromStdin = False,
    database: DatabaseOption = None,
) -> None:
    """Add a user. Once there is a user, everybody has to log in."""
    password = _password(password_stdin)
    with opened(database) as store, store.writing() as session:
        accounts.add_user(session, name, password, full_name=full_name, role=role, now=now())
    tell(f"User {name} ({role}) can now log in.")


@_commands.command("list")
def list_users(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """List all users."""
    with opened_if_there(database) as store, store.reading() as session:
        users = accounts.users(session)
    if as_json:
        facts = ("name", "full_name", "role", "created_at", "disabled_at")
        print_json([{fact: getattr(user, fact) for fact in facts} for user in users])
        return
    if not users:
        tell("No accounts: everybody on this machine is the demo user. Add one: disposisi user add NAME.")
        return
    clock = desk_clock()
    print_table(
        ("name", "full name", "role", "since", "state"),
        (
            (
                user.name,
                user.full_name,
                user.role,
                local_day(user.created_at, clock),
                "disabled" if user.disabled_at else "",
            )
            for user in users
        ),
    )


@_commands.command()
def disable(name: Name, database: DatabaseOption = None) -> None:
    """Disable a user; their decisions stay on record."""
    with opened_if_there(database) as store, store.writing() as session:
        accounts.disable_user(session, name, now())
    tell(f"User {name} can no longer log in.")


@_commands.command()
def password(name: Name, password_stdin: PasswordFromStdin = False, database: DatabaseOption = None) -> None:
    """Set a new password; this also unlocks or re-enables the account."""
    new = _password(password_stdin)
    with opened_if_there(database) as store, store.writing() as session:
        accounts.set_password(session, name, new)
    tell(f"User {name} has a new password and was logged out everywhere.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
