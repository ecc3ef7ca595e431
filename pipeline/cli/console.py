"""What the commands share on the terminal: the consoles, the error line, JSON for programs, progress."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from pipeline.batch import BadRow

# Results go to stdout, everything else to stderr, so that output can be piped.
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

SHOWN_BAD_ROWS = 20


def fail(message: str) -> None:
    """Print an error line."""
    err.print("[bold red]Error:[/]", end=" ")
    err.print(message, markup=False, soft_wrap=True)


def print_json(value: object) -> None:
    """Print a result as one JSON document; what JSON has no form for (days, paths) as text."""
    out.print_json(data=value, default=str, ensure_ascii=False)


def progress() -> Progress:
    """Return a progress display on stderr; it leaves nothing behind when it is done."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
    )


def report_bad_rows(rows: Iterable[BadRow], label: str = "not usable") -> None:
    """Print how many rows could not be used, and the first of them with their reasons."""
    rows = list(rows)
    if not rows:
        return
    err.print(f"[yellow]{len(rows):,} row(s) {label}:[/]")
    for row in rows[:SHOWN_BAD_ROWS]:
        err.print(f"  {row}", markup=False, soft_wrap=True)
    if len(rows) > SHOWN_BAD_ROWS:
        err.print(f"  … and {len(rows) - SHOWN_BAD_ROWS:,} more")
