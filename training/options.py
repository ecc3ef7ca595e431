"""What several training commands share: options, and what they tell of the rows they read."""

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
from training.data import Labelled, LabelledData, Split
from training.training_overlap import Seen

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
    """Return the option ``--out`` for the output file, which must have the extension ``ending``."""
    check = written_as(ending) if ending else None
    info: typer.models.OptionInfo = typer.Option("--out", "-o", metavar=metavar, help=what, callback=check)
    return info


def report_rows(bad: Iterable[BadRow], warnings: Iterable[BadRow], values: str = "date or urgency") -> None:
    """Print which rows were not used, and which were used without one of these values, because it cannot be read."""
    report_bad_rows(bad)
    report_bad_rows(warnings, f"used without their {values}")


def report_measured(data: LabelledData) -> None:
    """Print which rows a model cannot be measured on, or only in part."""
    report_rows(data.bad, data.warnings)
    if without := sum(not row.agency for row in data.rows):
        tell(f"{without:,} row(s) name no agency: agencies are measured without them.", "yellow")


def report_seen(rows: Sequence[Labelled], manifest: Manifest, *, kept_apart: bool = False) -> None:
    """Warn about complaints that the model may have been trained on, as far as dates show.

    Parameters
    ----------
    kept_apart
        Whether the user said, by a split or an option, that rows of unknown age were kept from training.
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
    """Warn if dispatchers should choose but are offered only one agency."""
    if policy.never_offers_several():
        tell(
            "When no agency is suggested alone, only one is offered: the first alone already reaches the requested "
            "coverage. To offer more, raise --coverage, or policy.coverage in params.yaml.",
            "yellow",
        )
