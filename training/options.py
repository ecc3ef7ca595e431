"""Options that several commands of training have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SplitOption = Annotated[
    str | None,
    typer.Option("--split-column", metavar="COLUMN=VALUE", help="Take only rows with this value, as split=train."),
]
ParamsOption = Annotated[
    Path | None, typer.Option("--params", metavar="FILE", help="Training parameters; by default ./params.yaml.")
]
LabelsRegionOption = Annotated[
    str,
    typer.Option(
        "--region",
        metavar="REGION",
        help='Whose agencies the labels name: a folder, a shipped name, or "none" as they are.',
    ),
]
ModelArgument = Annotated[Path, typer.Argument(metavar="MODEL", help="The model's folder.")]
SignOption = Annotated[
    Path | None,
    typer.Option("--sign-with", metavar="KEY", help="Sign the model with this private key (disposisi signing keygen)."),
]
HeldOutData = Annotated[Path, typer.Argument(metavar="FILE", help="Labelled complaints that it has not seen.")]


def out_option(metavar: str, what: str) -> typer.models.OptionInfo:
    """Return the option ``--out``, which says where a result is written to."""
    info: typer.models.OptionInfo = typer.Option("--out", "-o", metavar=metavar, help=what)
    return info
