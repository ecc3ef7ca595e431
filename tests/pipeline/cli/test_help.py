"""Every command's help is grouped, consistent, complete and documented."""

from __future__ import annotations

import importlib
import re
import shlex
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from pipeline import errors
from pipeline.cli.lazy import HELP_OPTIONS, Panel, reflowed
from pipeline.cli.main import _commands, assemble
from pipeline.errors import DisposisiError
from tests.conftest import ROOT

_DOCUMENT = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
# Options that mean different things in different commands, so their help may differ.
_DIFFERENT_BY_NATURE = {"--out", "--address", "--dry-run"}


def _leaves() -> Iterator[tuple[str, Any]]:
    """Yield every runnable command with its full name."""
    for listed in _commands():
        command = listed.load()
        parts = getattr(command, "commands", {})
        yield from ((f"{listed.name} {name}", part) for name, part in parts.items())
        if not parts:
            yield listed.name, command


LEAVES = dict(_leaves())


@pytest.fixture
def help_of(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("COLUMNS", "100")
    app = assemble()
    return lambda *command: CliRunner().invoke(app, [*command, "--help"]).output


def test_the_first_page_lists_every_command_in_its_group_on_one_line(help_of: Any) -> None:
    page = help_of()
    groups = re.findall(r"^╭─ (.+?) ─", page, re.MULTILINE)
    assert groups == ["Options", *Panel]
    for command in _commands():
        assert re.search(rf"^│ {command.name} +{re.escape(command.help)} *│$", page, re.MULTILINE), command.name


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    listed = _commands()
    assert len({command.name for command in listed}) == len(listed)
    for command in listed:
        told = (command.load().help or "").strip().split("\n\n")[0].replace("\n", " ")
        assert command.help == told, command.name


def test_every_command_that_a_module_adds_is_in_the_list() -> None:
    listed = _commands()
    for module in {command.module for command in listed}:
        app = typer.Typer()
        app.callback()(lambda: None)
        importlib.import_module(module).add_commands(app)
        added = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
        assert added == {command.name for command in listed if command.module == module}


@pytest.mark.parametrize("name", LEAVES)
def test_every_command_explains_itself_and_what_it_takes(name: str, help_of: Any) -> None:
    page = help_of(*name.split())
    assert re.search(rf"Usage: disposisi {name} ", page)
    assert "<bool>" not in page, "a flag takes no value"
    command = LEAVES[name]
    assert command.help
    for one in command.params:
        assert one.help, one.name
        if one.param_type_name == "argument":
            assert (one.metavar or "").isupper(), f"{one.name} has no uppercase placeholder"
    _, heading, examples = page.partition("╭")[0].partition("Example")
    assert not heading or re.search(r"^   .*disposisi ", examples, re.MULTILINE), "examples are indented"


def test_an_option_is_called_and_explained_alike_everywhere() -> None:
    placeholders: dict[str, set[str | None]] = defaultdict(set)
    for command in LEAVES.values():
        for one in command.params:
            for option in one.opts:
                if option.startswith("--"):
                    placeholders[option].add(one.metavar)
    different = {option for option, found in placeholders.items() if len(found) > 1}
    assert different <= _DIFFERENT_BY_NATURE


def test_a_model_stands_before_the_complaints_or_is_an_option() -> None:
    for name, command in LEAVES.items():
        arguments = [one.metavar for one in command.params if one.param_type_name == "argument"]
        models = [one for one in arguments if one in {"MODEL", "CHAMPION", "CHALLENGER"}]
        assert arguments[: len(models)] == models, name
        assert not models or not any("--model" in one.opts for one in command.params), name


def test_the_document_says_which_commands_print_json() -> None:
    has = {name for name, command in LEAVES.items() if any("--json" in one.opts for one in command.params)}
    with_json, without = (
        set(re.findall(r"^\| `(.+?)` \|", part, re.MULTILINE)) for part in _DOCUMENT.split("## Without")
    )
    assert with_json == has
    assert without == LEAVES.keys() - has


def test_the_document_tells_the_exit_code_of_every_error_that_a_command_can_meet() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, DisposisiError)]
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", _DOCUMENT, re.MULTILINE)}
    assert {kind.exit_code for kind in kinds} <= told


def _written_commands() -> Iterator[tuple[str, str]]:
    """Yield (page, command) for every ``disposisi …`` in a code block or backquotes."""
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/*/README.md")]:
        text = page.read_text(encoding="utf-8")
        blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
        lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
        quoted = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
        for code in [*lines, *quoted]:
            for command in re.findall(r"(?:^|[ /])disposisi (?!disposisi)([a-z][a-z-]*(?: .*)?)", code):
                yield page.relative_to(ROOT).as_posix(), re.split(r" #| ?[|>]| &&", command)[0]


@pytest.mark.parametrize(("page", "command"), sorted(set(_written_commands())))
def test_every_command_that_the_documents_show_can_be_typed(page: str, command: str) -> None:
    words = shlex.split(command)
    groups = {name.split()[0] for name in LEAVES if " " in name}
    if words[0] in groups and len(words) == 1:
        return  # names a group of commands
    name = " ".join(words[: 1 + (words[0] in groups)])
    assert name in LEAVES, f"{page} shows a command that doesn't exist"
    context = typer.Context(LEAVES[name], help_option_names=HELP_OPTIONS, resilient_parsing=True)
    LEAVES[name].parse_args(context, words[len(name.split()) :])  # raises for an unknown option


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("disposisi re", {"reclassify", "report", "restore"}),
        ("disposisi region ", {"check", "new", "diff"}),
        ("disposisi classify --js", {"--json", "--jsonl"}),
        ("disposisi user add ani --role a", {"analis", "admin"}),
    ],
)
def test_the_shell_completes_commands_options_and_values(typed: str, offered: set[str]) -> None:
    words = typed.split(" ")
    told = {"_DISPOSISI_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(len(words) - 1)}
    result = CliRunner().invoke(assemble(), [], prog_name="disposisi", env=told)
    assert offered <= set(result.output.split())
    assert all(word.startswith(words[-1]) for word in result.output.split())


def test_help_is_wrapped_by_the_terminal_and_not_by_the_docstring() -> None:
    told = reflowed("Route many\ncomplaints.\n\nAll columns\nare kept.\n\nExamples\n--------\n  one\n\n  two\n")
    assert told == "Route many complaints.\n\nAll columns are kept.\n\nExamples:\n\n  one\n\n  two"
