"""``disposisi models``: which models there are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipeline.artifact import list_models
from pipeline.cli.console import out
from pipeline.errors import ModelError, ModelNotFoundError
from pipeline.manifest import read_manifest


def add_commands(app: typer.Typer) -> None:
    """Add ``models``."""
    app.command()(models)


def models(
    folder: Annotated[Path, typer.Argument(help="The folder that holds the models' folders.")] = Path("models"),
) -> None:
    """List the trained models: name, region, data, figures."""
    found = list_models(folder)
    if not found:
        raise ModelNotFoundError(f"There is no model under {folder}.", mend="Make one: disposisi train --out MODEL.")
    table = Table(box=None, header_style="bold")
    for column in ("folder", "name"):
        table.add_column(column, overflow="fold")  # in full on a narrow terminal too: they are typed again
    for column in ("region", "agencies", "rows", "top-1", "top-3"):
        table.add_column(column, no_wrap=True)
    for path in found:
        try:
            manifest = read_manifest(path)
        except ModelError as error:
            table.add_row(str(path), f"[red]{error.what}[/]")
            continue
        held_out = manifest.metrics.get("agency", {})
        figures = [f"{held_out[name]:.3f}" if name in held_out else "–" for name in ("top1", "top3")]
        rows = f"{manifest.data.get('real_rows', 0):,} + {manifest.data.get('starter_rows', 0):,}"
        table.add_row(str(path), manifest.name, manifest.region.name, str(len(manifest.agencies)), rows, *figures)
    out.print(table)
    out.print("[dim]rows: real + starter; top-1 and top-3: held out while training[/]")
