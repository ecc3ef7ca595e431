"""What the commands share on the terminal: the consoles, the error line, progress, the option --model."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from pipeline.batch import BadRow

# Results go to stdout, everything else to stderr, so that output can be piped.
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

DEFAULT_MODEL = Path("models")  # its champion, or without one the model "default" in it
SHOWN_BAD_ROWS = 20


def _resolved(model: Path) -> Path:
    from pipeline.champion import resolve_model  # noqa: PLC0415 (not every command asks for a model)

    return resolve_model(model)


ModelOption = Annotated[
    Path,
    typer.Option(
        "--model",
        metavar="DIR",
        help="A model's folder, or a folder of models whose champion shall answer.",
        callback=_resolved,
    ),
]
RegionOption = Annotated[
    str | None,
    typer.Option("--region", metavar="REGION", help="The region's folder or name; by default the model's own."),
]


def fail(message: str) -> None:
    """Print an error line."""
    err.print("[bold red]Error:[/]", end=" ")
    err.print(message, markup=False, soft_wrap=True)


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
