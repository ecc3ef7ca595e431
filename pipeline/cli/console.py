"""What the commands share on the terminal: the consoles, the error line, JSON for programs, progress."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress

    from pipeline.batch import BadRow


class _Aside(Console):
    """Standard error, which has no results: if its reader is gone, the work continues silently."""

    def on_broken_pipe(self) -> None:
        """Stop printing, and discard what is still buffered."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())


# Results go to stdout, everything else to stderr, so that output can be piped.
out = Console(highlight=False)
err = _Aside(stderr=True, highlight=False)

SHOWN_BAD_ROWS = 20


def fail(message: str) -> None:
    """Print an error line."""
    err.print("[bold red]Error:[/]", end=" ")
    tell(message)


def tell(message: str, style: str = "") -> None:
    """Print a line on stderr unchanged: without markup for brackets in a path, and without wrapping."""
    err.print(message, style=style, markup=False, soft_wrap=True)


def writable(text: str) -> str:
    """Return a text that UTF-8 can encode: unpaired surrogates, as in invalid file names, become escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def print_json(value: object) -> None:
    """Print a result as one JSON document, with dates and paths as text."""
    out.print_json(data=value, default=str, ensure_ascii=False)


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a result as a table without lines; text in it is no markup."""
    # Imported here: most commands and the server don't need it.
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(*header, box=None, header_style="bold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    out.print(table)


def progress() -> Progress:
    """Return a progress display on stderr, which disappears when it is finished."""
    # Imported here: most commands and the server don't need it.
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,  # in a log it would leave an empty line
    )


def report_bad_rows(rows: Iterable[BadRow], label: str = "could not be used") -> None:
    """Print how many rows could not be used, each with its reason; if they are many, each reason with its first row."""
    rows = list(rows)
    if not rows:
        return
    tell(f"{len(rows):,} row(s) {label}:", "yellow")
    lines = [str(row) for row in rows] if len(rows) <= SHOWN_BAD_ROWS else _by_reason(rows)
    for line in lines[:SHOWN_BAD_ROWS]:
        tell(f"  {line}")
    if len(lines) > SHOWN_BAD_ROWS:
        err.print(f"  … and {len(lines) - SHOWN_BAD_ROWS:,} more reasons")


def _by_reason(rows: Iterable[BadRow]) -> list[str]:
    """Return a line for each reason, the most frequent first: a thousand rows may have only twenty wrong labels."""
    groups: dict[str, list[BadRow]] = {}
    for row in rows:
        groups.setdefault(row.reason, []).append(row)
    lines = []
    for reason, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        place = str(group[0]).removesuffix(f": {reason}")
        lines.append(f"{len(group):,} row{'s' if len(group) > 1 else ''}: {reason}; the first is {place}")
    return lines
