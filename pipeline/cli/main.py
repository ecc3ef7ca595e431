"""The command ``disposisi``: assembles its parts, and prints errors in one line."""

from __future__ import annotations

import io
import os
import sys
from importlib.metadata import entry_points, version
from typing import Annotated

import typer

from pipeline.cli import commands
from pipeline.cli.console import fail
from pipeline.cli.lazy import HELP_OPTIONS, LazyCommand, Panel, lazy_group
from pipeline.errors import DisposisiError

_CRASH_EXIT_CODE = 70  # sysexits.h: internal software error
_MISSING_EXIT_CODE = 69  # sysexits.h: something required is not available
_FILE_EXIT_CODE = 74  # sysexits.h: input or output failed
_INTERRUPTED = 130


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"disposisi {version('disposisi')}")
        raise typer.Exit


def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Define the options of all commands."""
    if debug:
        os.environ["DISPOSISI_DEBUG"] = "1"


def assemble() -> typer.Typer:
    """Assemble the commands of this package and of the other installed ones."""
    app = typer.Typer(
        name="disposisi",
        cls=lazy_group(_commands()),
        help="Suggest which government agency is responsible for an Indonesian complaint and how urgent it is.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": HELP_OPTIONS},
    )
    app.callback()(_options)
    return app


def _commands() -> list[LazyCommand]:
    found = list(commands.COMMANDS)
    for entry in entry_points(group="disposisi.commands"):
        found += entry.load()
    panels = list(Panel)
    return sorted(found, key=lambda command: panels.index(command.panel))


def main() -> None:
    """Run the command; a :class:`DisposisiError` becomes one line and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file name may not be valid UTF-8
    try:
        assemble()()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except Exception as error:
        if os.environ.get("DISPOSISI_DEBUG"):
            raise
        line, exit_code = _told(error)
        fail(line)
        sys.exit(exit_code)


def _told(error: Exception) -> tuple[str, int]:
    """Return the line that an error is told in, and the exit code."""
    if isinstance(error, DisposisiError):
        return error.english, error.exit_code
    if isinstance(error, ModuleNotFoundError):
        return (
            f"The package {error.name} is not installed. In a checkout, run make test, which installs all extras; "
            "otherwise: pip install 'disposisi[train,postgres,cluster]'."
        ), _MISSING_EXIT_CODE
    if isinstance(error, OSError) and error.strerror is not None:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}. Check the path, its permissions and the free space.", _FILE_EXIT_CODE
    # Only the type: the message of another library's exception may contain a complaint's text.
    line = f"Unexpected {type(error).__name__}. Run it again as disposisi --debug … and report the output."
    return line, _CRASH_EXIT_CODE
