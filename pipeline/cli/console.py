"""What the commands share on the terminal: the consoles, the error line, JSON for programs, progress."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress

    from pipeline.batch import BadRow


class _Aside(Console):
    """Standard error, which holds no result: where whoever read it has gone, the work goes on without a word."""

    def on_broken_pipe(self) -> None:
        """Print nothing any more; what is still in the buffer goes nowhere."""
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
    """Print a line on stderr as it stands: brackets in a path are no markup, and no line's end breaks it."""
    err.print(message, style=style, markup=False, soft_wrap=True)


def writable(text: str) -> str:
    """Return a text as UTF-8 can hold it: half a surrogate, as of a name that is no UTF-8, is written as an escape."""
    return text.encode("utf-8", "backslashreplace").decode()


def print_json(value: object) -> None:
    """Print a result as one JSON document; what JSON has no form for (days, paths) as text."""
    out.print_json(data=value, default=str, ensure_ascii=False)


def progress() -> Progress:
    """Return a progress display on stderr; it leaves nothing behind when it is done."""
    # Most commands show none, and the server starts without it.
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
    """Print how many rows could not be used, and each with its reason; of many, each reason with its first row."""
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
    """Return a line for each reason, the most frequent first: twenty labels to correct may stand in a thousand rows."""
    groups: dict[str, list[BadRow]] = {}
    for row in rows:
        groups.setdefault(row.reason, []).append(row)
    lines = []
    for reason, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        place = str(group[0]).removesuffix(f": {reason}")
        lines.append(f"{len(group):,} row{'s' if len(group) > 1 else ''}: {reason}; the first is {place}")
    return lines
