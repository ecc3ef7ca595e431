"""Commands that are imported when they are run, so that listing them stays fast."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from pipeline.memory import uncollected

HELP_OPTIONS: Final = ["-h", "--help"]


class Panel(StrEnum):
    """The groups in which ``disposisi --help`` lists the commands, in this order."""

    SUGGEST = "Suggest"
    SERVE = "Serve"
    STORE = "Users and the store"
    MODELS = "Model registry"
    TRAIN = "Train"
    MEASURE = "Measure"
    LABELS = "Labels"
    REGIONS = "Regions"


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """Where to find a command.

    Attributes
    ----------
    name
        The name of the command.
    module
        The module whose ``add_commands(app)`` adds it, perhaps with others.
    help
        Its line in the list of commands: the first line of its own help.
    panel
        The group that it is listed in.
    """

    name: str
    module: str
    help: str
    panel: Panel

    def load(self) -> Any:
        """Import the command."""
        app = typer.Typer()
        app.callback()(_group)  # without a callback, an application with one command would be no group
        # Garbage collection would visit the modules' objects again and again, a sixth of the time, and find no garbage.
        with uncollected(freeze=True):
            import_module(self.module).add_commands(app)
        group = typer.main.get_command(app)
        if not isinstance(group, TyperGroup):
            raise TypeError(f"{self.module} makes no group of commands")
        return _told(group.commands[self.name])


def lazy_group(commands: Sequence[LazyCommand]) -> type[TyperGroup]:
    """Return the class of a group with these commands, in this order."""

    class LazyGroup(TyperGroup):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.commands.update({command.name: _StandIn(command) for command in commands})

        def get_params(self, ctx: Any) -> Any:
            return _without_types_of_flags(super().get_params(ctx))

        def invoke(self, ctx: Any) -> Any:
            with _plain_value_errors():
                return super().invoke(ctx)

    return LazyGroup


class _StandIn(TyperCommand):
    """Represents a command in the list; when called, it loads the command and passes the call on."""

    def __init__(self, command: LazyCommand) -> None:
        super().__init__(name=command.name, help=command.help, rich_help_panel=command.panel)
        self._command = command

    def make_context(self, *given: Any, **options: Any) -> Any:
        return self._command.load().make_context(*given, **options)


@contextmanager
def _plain_value_errors() -> Iterator[None]:
    """Say in our words which value of an option is invalid: typer repeats pydantic's, such as ``Value error, …``."""
    try:
        yield
    except typer.BadParameter as error:
        from pydantic import ValidationError  # noqa: PLC0415 (starting must stay fast)

        from pipeline.validation_errors import plain_words  # noqa: PLC0415

        if isinstance(error.__cause__, ValidationError):
            detail = error.__cause__.errors()[0]
            told = plain_words(detail)
            found = repr(detail["input"])
            error.message = told if found in told else f"{told} (found {found})."
        raise


def _group() -> None:
    """Do nothing before a command."""


def _told(command: Any) -> Any:
    """Return a command whose help is wrapped at the terminal's width instead of at the docstring's line ends."""
    command.help = reflowed(command.help or "")
    _without_types_of_flags(command.get_params(typer.Context(command, help_option_names=HELP_OPTIONS)))
    for each in getattr(command, "commands", {}).values():
        _told(each)
    return command


def _without_types_of_flags(parameters: Any) -> Any:
    """Remove ``<bool>`` from the help: a flag takes no value."""
    for one in parameters:
        if getattr(one, "is_flag", False) and one.metavar is None:
            one.metavar = ""
    return parameters


def reflowed(text: str) -> str:
    """Join the lines of each paragraph; remove the rules below headings, and keep indented lines."""
    text = re.sub(r"(?m)^(\w+)\n-+$", r"\1:\n", text.strip())
    paragraphs = text.split("\n\n")
    return "\n\n".join(part if part.startswith(" ") else part.replace("\n", " ").strip() for part in paragraphs)
