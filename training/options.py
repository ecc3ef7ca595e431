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
        help="Use only rows with this value, for example split=train.",
    ),
]
ParamsOption = Annotated[
    Path | None, typer.Option("--params", metavar="FILE", help="Training parameters. Default: ./params.yaml.")
]
LabelsRegionOption = Annotated[
    str,
    typer.Option(
        "--region",
        metavar="REGION",
        help='Region whose agencies the labels name: a folder, a built-in name, or "none" to use labels as they are.',
    ),
]
ModelArgument = Annotated[Path, typer.Argument(metavar="MODEL", help="Model folder.")]
SignOption = Annotated[
    Path | None,
    typer.Option("--sign-with", metavar="KEY", help="Sign the model with this private key (disposisi signing keygen)."),
]
HeldOutData = Annotated[
    Path, typer.Argument(metavar="FILE", help="Labelled complaints that the model was not trained on.")
]


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
            f"{older:,} of {len(rows):,} complaints are no newer than the model's training data (up to {seen.until}): "
            "metrics on complaints it was trained on are too optimistic.",
            "yellow",
        )
    if not kept_apart and (untold := sum(map(seen.is_untold, rows))):
        tell(
            f"{untold:,} of {len(rows):,} complaints may be in the model's training data: no date rules it out. "
            "If the file has dates, name their column: --date.",
            "yellow",
        )


def report_lone_choices(policy: Policy) -> None:
    """Warn where dispatchers are to choose and get one agency alone."""
    if policy.never_offers_several():
        tell(
            "When no agency is suggested alone, only one is offered: the first alone already reaches the requested "
            "coverage. To offer more, raise --coverage, or policy.coverage in params.yaml.",
            "yellow",
        )
