"""Options shared by several commands, each with one name, one placeholder and one explanation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import DataError

DEFAULT_MODEL = Path("models")  # its champion, or without one its model "default"
COLUMNS_PANEL = "Columns"


def column(option: str, what: str) -> typer.models.OptionInfo:
    """Return an option that names a column of the input."""
    info: typer.models.OptionInfo = typer.Option(
        option,
        metavar="COLUMN",
        help=f"Column with {what}. Default: detected by name.",
        rich_help_panel=COLUMNS_PANEL,
    )
    return info


def day(option: str, what: str) -> typer.models.OptionInfo:
    """Return an option that takes a day."""
    info: typer.models.OptionInfo = typer.Option(option, metavar="DAY", help=what, parser=_day)
    return info


def written_as(ending: str) -> Callable[[Path | None], Path | None]:
    """Return a callback that refuses to write a file of one format with another extension.

    ``corpus.csv`` would contain Parquet, or may be the name of an input, given in the wrong place.
    """

    def check(file: Path | None) -> Path | None:
        from pipeline.batch.files import told_format  # noqa: PLC0415 (most commands write no such file)

        if file and told_format(file.name) not in (None, told_format(f"x{ending}")):
            raise DataError(
                f"{file} cannot be written: its extension is not {ending}.",
                mend=f"Name it {file.with_suffix(ending).name}.",
            )
        return file

    return check


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise DataError(f"{text!r} is not a date.", mend="Write it as 2027-01-31.") from None


def _resolved(model: Path) -> Path:
    from pipeline.champion import resolve_model  # noqa: PLC0415 (not every command asks for a model)

    return resolve_model(model)


# On a server, commands ask the model that the service has (docs/operations.md).
ModelOption = Annotated[
    Path,
    typer.Option(
        "--model",
        metavar="DIR",
        envvar="DISPOSISI_MODEL",
        help="Model folder, or a folder of models whose champion answers.",
        callback=_resolved,
    ),
]
RegionOption = Annotated[
    str | None,
    typer.Option(
        "--region",
        metavar="REGION",
        envvar="DISPOSISI_REGION",
        help="Region folder or name. Default: the model's region.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as one JSON document.")]

TextColumn = Annotated[str | None, column("--text", "the complaint's text")]
AgencyColumn = Annotated[str | None, column("--agency", "the agency it was sent to")]
UrgencyColumn = Annotated[str | None, column("--urgency", "the urgency")]
AddressColumn = Annotated[str | None, column("--address", "the address")]
DateColumn = Annotated[str | None, column("--date", "the time it was received")]
