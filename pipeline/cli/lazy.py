"""Commands that are imported when they are run: listing them costs nothing that only one of them needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """Where a command is found.

    Attributes
    ----------
    name
        As it is typed.
    module
        Has a function ``add_commands(app)`` that adds it, perhaps with others.
    help
        What the list of commands says of it: the first line of its own help.
    """

    name: str
    module: str
    help: str

    def load(self) -> Any:
        """Import the command."""
        app = typer.Typer()
        app.callback()(_group)  # an application with one command and no callback would be that command, no group
        import_module(self.module).add_commands(app)
        group = typer.main.get_command(app)
        if not isinstance(group, TyperGroup):
            raise TypeError(f"{self.module} makes no group of commands")
        return _told(group.commands[self.name])


def lazy_group(commands: Sequence[LazyCommand]) -> type[TyperGroup]:
    """Return the class of a group that has these commands, in their order."""

    class LazyGroup(TyperGroup):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.commands.update({command.name: _StandIn(command) for command in commands})

    return LazyGroup


class _StandIn(TyperCommand):
    """Stands in the list for a command, which takes over when it is called."""

    def __init__(self, command: LazyCommand) -> None:
        super().__init__(name=command.name, help=command.help)
        self._command = command

    def make_context(self, *given: Any, **options: Any) -> Any:
        return self._command.load().make_context(*given, **options)


def _group() -> None:
    """Do nothing before a command."""


def _told(command: Any) -> Any:
    """Return a command whose help is wrapped by the terminal's width, not where its docstring's lines end."""
    command.help = reflowed(command.help or "")
    for each in getattr(command, "commands", {}).values():
        _told(each)
    return command


def reflowed(text: str) -> str:
    """Join the lines of each paragraph; a heading loses the rule below it, what is indented stays as it is."""
    text = re.sub(r"(?m)^(\w+)\n-+$", r"\1:\n", text.strip())
    paragraphs = text.split("\n\n")
    return "\n\n".join(part if part.startswith(" ") else part.replace("\n", " ").strip() for part in paragraphs)
