"""The options that only ``disposisi reclassify`` has, in the groups in which its help shows them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import column


class EngineName(StrEnum):
    """Where the rows are answered."""

    LOCAL = "local"
    DASK = "dask"


Inputs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE",
        help="Files, folders, globs or URLs: CSV, Excel, JSON Lines or Parquet, also .csv.gz and .jsonl.gz.",
    ),
]

_INPUT = "Input"
SqlOption = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Database to read from: postgresql://me@host/db or sqlite:///FILE.",
        rich_help_panel=_INPUT,
    ),
]
TableOption = Annotated[str | None, typer.Option(metavar="TABLE", help="Table to read.", rich_help_panel=_INPUT)]
QueryOption = Annotated[
    str | None,
    typer.Option(metavar="SELECT", help="Query for the rows to read; include an ORDER BY.", rich_help_panel=_INPUT),
]

_OUTPUT = "Output"
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        metavar="OUT",
        help="File to write: .parquet, .csv(.gz), .jsonl(.gz), or .xlsx (1,048,575 rows a sheet).",
        rich_help_panel=_OUTPUT,
    ),
]
OutTableOption = Annotated[
    str | None, typer.Option(metavar="TABLE", help="Write to a new table instead.", rich_help_panel=_OUTPUT)
]
OutSqlOption = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Database of the new table. Default: --sql.", rich_help_panel=_OUTPUT),
]
OverwriteOption = Annotated[
    bool,
    typer.Option(
        "--overwrite", help="Replace OUT, OUT.rejected.csv and the report if they exist.", rich_help_panel=_OUTPUT
    ),
]
PrefixOption = Annotated[
    str, typer.Option(metavar="TEXT", help="Prefix of the added columns' names.", rich_help_panel=_OUTPUT)
]
SourceColumnsOption = Annotated[
    bool,
    typer.Option(
        "--source-columns",
        help="Add each row's file and row number, as in OUT.rejected.csv.",
        rich_help_panel=_OUTPUT,
    ),
]

AnsweredColumn = Annotated[str | None, column("--answered", "the time of the answer")]

_WORK = "Work"
EngineOption = Annotated[
    EngineName, typer.Option(help="Where to compute: local processes or a Dask cluster.", rich_help_panel=_WORK)
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Dask scheduler, such as tcp://host:8786. Default: a cluster on this machine.",
        rich_help_panel=_WORK,
    ),
]
ProcessesOption = Annotated[
    int, typer.Option(min=1, metavar="N", help="Number of processes on this machine.", rich_help_panel=_WORK)
]
ChunkRowsOption = Annotated[
    int, typer.Option(min=1, metavar="ROWS", help="Rows per checkpoint.", rich_help_panel=_WORK)
]
FreshOption = Annotated[
    bool,
    typer.Option("--fresh", help="Discard the progress of an interrupted run and start over.", rich_help_panel=_WORK),
]

_REPORT = "What changes"
ReportOption = Annotated[
    Path | None,
    typer.Option(metavar="PAGE", help="Write what changes to PAGE.html and PAGE.xlsx.", rich_help_panel=_REPORT),
]
DryRunOption = Annotated[
    int | None,
    typer.Option(
        metavar="N", min=1, help="Classify a random sample of N rows and only report.", rich_help_panel=_REPORT
    ),
]
SeedOption = Annotated[
    int,
    typer.Option(metavar="SEED", help="Random seed; the same seed draws the same sample.", rich_help_panel=_REPORT),
]
