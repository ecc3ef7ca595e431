"""``disposisi export-training``: exports decisions as training data."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.console import print_json, tell
from pipeline.cli.options import JsonOption, written_as
from pipeline.errors import DataError
from serve.cli.store import DECISIONS_FILE, DatabaseOption, desk_clock, opened_if_there
from serve.store.training_export import export_training, export_undecided


def add_commands(app: typer.Typer) -> None:
    """Add ``export-training``."""
    app.command("export-training")(export_training_command)


def export_training_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Parquet file to write.", callback=written_as(".parquet"))
    ] = DECISIONS_FILE,
    *,
    undecided: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Also write the undecided complaints in the queue to this Parquet file, for disposisi teach.",
            callback=written_as(".parquet"),
        ),
    ] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Export people's decisions as labelled complaints for training.

    Texts are masked and people are hashed.
    """
    if undecided and undecided.resolve() == file.resolve():
        raise DataError(f"{file} cannot hold both.", mend="Choose another file for --undecided.")
    with opened_if_there(database) as store, store.snapshot() as session:
        card = export_training(session, file, desk_clock())
        waiting = export_undecided(session, undecided) if undecided else None
    tell(
        f"Wrote {card.rows:,} decided complaints to {file}, without {card.undecided:,} undecided and {card.secret:,} "
        "secret ones."
    )
    if waiting is not None:
        tell(f"Wrote {waiting:,} complaints waiting in the queue to {undecided}.")
    if as_json:
        print_json({"file": file, "waiting": waiting, **asdict(card)})
