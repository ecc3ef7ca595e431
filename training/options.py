"""What several commands of training have: options, and the rows that they could not use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from pipeline.batch import BadRow
from pipeline.cli.console import report_bad_rows, tell
from pipeline.cli.options import written_as
from pipeline.manifest import Manifest
from pipeline.model.policy import Policy
from training.data import Labelled, Split
from training.seen import Seen

SplitOption = Annotated[
    Split | None,
    typer.Option(
        "--split-column",
        parser=Split.parse,
        metavar="COLUMN=VALUE",
        help="Take only rows with this value, as split=train.",
    ),
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


def out_option(metavar: str, what: str, ending: str | None = None) -> typer.models.OptionInfo:
    """Return the option ``--out``, which says where a result is written to: a file of a format with an ``ending``."""
    check = written_as(ending) if ending else None
    info: typer.models.OptionInfo = typer.Option("--out", "-o", metavar=metavar, help=what, callback=check)
    return info


def report_rows(bad: Iterable[BadRow], warnings: Iterable[BadRow]) -> None:
    """Print which rows were not used, and which without a value that could not be read."""
    report_bad_rows(bad)
    report_bad_rows(warnings, "used without their date or urgency")


def report_seen(rows: Sequence[Labelled], manifest: Manifest, *, kept_apart: bool = False) -> None:
    """Warn of complaints that the model may have been trained on, as far as dates tell.

    Parameters
    ----------
    kept_apart
        Whether somebody said so, by a split or in so many words, of rows whose age nothing tells.
    """
    seen = Seen.of(manifest.data)
    if older := sum(map(seen.is_old, rows)):
        tell(
            f"{older:,} of {len(rows):,} complaints are no newer than the newest that the model was trained on "
            f"({seen.until}): what it has seen it answers better than it will answer others.",
            "yellow",
        )
    if not kept_apart and (untold := sum(map(seen.is_untold, rows))):
        tell(
            f"{untold:,} of {len(rows):,} complaints may be those that the model was trained on: "
            "no date tells. If the file has dates, name their column: --date.",
            "yellow",
        )


def report_lone_choices(policy: Policy) -> None:
    """Warn where dispatchers are to choose and get one agency alone."""
    if policy.never_offers_several():
        tell(
            "Where no agency is suggested alone, only one is offered to choose from: for the coverage that was asked "
            "for the first is enough. Ask for more: --coverage, or policy.coverage in params.yaml.",
            "yellow",
        )
