"""``disposisi export-training``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.console import print_json, tell
from pipeline.cli.options import JsonOption, written_as
from pipeline.errors import DataError
from serve.cli.store import DatabaseOption, opened_if_there
from serve.store.training_export import export_training, export_undecided


def add_commands(app: typer.Typer) -> None:
    """Add ``export-training``."""
    app.command("export-training")(export_training_command)


def export_training_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The Parquet file to write.", callback=written_as(".parquet"))
    ] = Path("data/labelled/decisions.parquet"),
    *,
    undecided: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write what waits in the queue too, for disposisi teach: a Parquet file.",
            callback=written_as(".parquet"),
        ),
    ] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write what people decided as labelled complaints to train on.

    Texts are masked, people are hashes.
    """
    if undecided and undecided.resolve() == file.resolve():
        raise DataError(f"{file} cannot hold both.", mend="Give --undecided another file.")
    with opened_if_there(database) as store, store.reading() as session:
        card = export_training(session, file)
        waiting = export_undecided(session, undecided) if undecided else None
    tell(
        f"{card.rows:,} decided complaints are in {file} ({card.undecided:,} undecided and {card.secret:,} secret ones "
        "are not)."
    )
    if waiting is not None:
        tell(f"{waiting:,} complaints that wait in the queue are in {undecided}.")
    if as_json:
        print_json({"file": file, "waiting": waiting, **asdict(card)})
