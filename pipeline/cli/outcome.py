"""The output of ``disposisi reclassify``: the columns it reads, the outcome of a run, and that of a sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path, PurePath
from typing import Final

from pipeline.batch.chunks import BadRow
from pipeline.batch.columns import shown_name
from pipeline.batch.plan import Plan
from pipeline.batch.report import Changes, ReportFiles
from pipeline.batch.report.intervals import Scope, wilson_interval
from pipeline.batch.run import Outcome
from pipeline.batch.sinks import FileSink
from pipeline.batch.sql_sink import SqlSink
from pipeline.cli.console import out, print_json, tell

READ_ROLES: Final = ("text", "agency", "address", "date", "answered", "kecamatan")
SHOWN_LAYOUTS = 10
SHOWN_PASSED_OVER = 5


def tell_columns(plan: Plan) -> None:
    """Print the role of each column, and the roles without a column; files with the same columns share one line.

    Columns are detected by name, and another year's file may have other names: nobody would notice a missing column.
    """
    layouts: dict[tuple[str | None, ...], list[str]] = {}
    for planned in plan.sources:
        layouts.setdefault(tuple(map(planned.roles.get, READ_ROLES)), []).append(planned.source.name)
    for columns, names in islice(layouts.items(), SHOWN_LAYOUTS):
        roles = list(zip(READ_ROLES, columns, strict=True))
        found = ", ".join(f"{role} from {shown_name(column)}" for role, column in roles if column is not None)
        lacking = ", ".join(role for role, column in roles if column is None)
        tell(f"{_some(names, 1)}: {found}{f'; no {lacking}' if lacking else ''}.")
    if len(layouts) > SHOWN_LAYOUTS:
        tell(f"… and files with {len(layouts) - SHOWN_LAYOUTS:,} other arrangements of columns.")


def tell_passed_over(paths: Sequence[str]) -> None:
    """Print which files in the folders are skipped for their extension: one may contain a year of complaints."""
    if paths:
        names = [PurePath(path).name for path in paths]
        tell(f"Skipped, unknown file extension: {_some(names, SHOWN_PASSED_OVER)}.", "yellow")


def tell_unusable(files: Sequence[BadRow], consequence: str) -> None:
    """Print which files cannot be used at all, and why."""
    if files:
        tell(f"{len(files):,} file(s) cannot be used; {consequence}:", "yellow")
        for file in files:
            tell(f"  {file}")


def _some(names: Sequence[str], shown: int) -> str:
    """Return the first of some names, and how many more there are."""
    more = f" and {len(names) - shown:,} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more


@contextmanager
def tell_interrupted(journal: Path) -> Iterator[None]:
    """Print, after Ctrl-C, that no finished work is lost."""
    try:
        yield
    except KeyboardInterrupt:
        if journal.exists():
            tell(f"Interrupted. Finished work is kept in {journal}; run the same command to resume.", "yellow")
        raise


def tell_run(outcome: Outcome, sink: FileSink | SqlSink, report: ReportFiles | None, *, as_json: bool) -> None:
    """Print the outcome of a run."""
    taken_up = f", {outcome.resumed:,} of them from an earlier run" if outcome.resumed else ""
    tell(f"Wrote {outcome.rows:,} complaints to {sink.where}{taken_up}; {outcome.seconds:,.0f} s.")
    if report:
        tell(f"Wrote the report of changes to {report.page} and {report.workbook.name}.")
    if outcome.refused:
        tell(f"{outcome.refused:,} row(s) or file(s) could not be used; see {sink.refused}.", "yellow")
    if as_json:
        rejected = sink.refused if outcome.refused else None
        page = report.page if report else None
        print_json({**asdict(outcome), "out": sink.where, "rejected": rejected, "report": page})


@dataclass(frozen=True, slots=True)
class Sampled:
    """Estimates for all rows from a random sample.

    Attributes
    ----------
    unusable
        Files and sheets that could not be used at all, so that none of their rows can be drawn.
    """

    changes: Changes
    refused: int
    scope: Scope
    unusable: tuple[BadRow, ...] = ()

    @property
    def drawn(self) -> int:
        """How many rows were drawn, including those that could not be used."""
        return self.changes.rows + self.refused

    def estimates(self) -> dict[str, tuple[int, int]]:
        """Return, for each estimate, the hits and the rows that could be hits."""
        changes, total = self.changes, self.changes.total
        return {
            "another agency": (total.moved, total.known),
            "history probably wrong": (changes.probably_wrong, total.known),
            "read as emergency": (changes.emergencies, changes.rows),
            "could not be used": (self.refused, self.drawn),
        }


def tell_sample(sampled: Sampled, report: ReportFiles | None, *, as_json: bool) -> None:
    """Print the estimates of a sample, and where its report is."""
    changes, scope = sampled.changes, sampled.scope
    if report:
        tell(f"Wrote the report to {report.page} and {report.workbook.name}.")
    tell_unusable(sampled.unusable, "the sample contains none of their rows")
    if as_json:
        estimates = {what.replace(" ", "_"): _estimate(*found) for what, found in sampled.estimates().items()}
        unusable = [str(file) for file in sampled.unusable]
        print_json({"rows": changes.rows, "population": scope.population, **estimates, "unusable_files": unusable})
        return
    out.print(f"{sampled.drawn:,} of {scope.population:,} rows, sampled at random; 95 % intervals in brackets.")
    for what, found in sampled.estimates().items():
        if one := _estimate(*found):
            out.print(f"  {what:<24}{one['share']:6.1%} ({one['low']:.1%} to {one['high']:.1%})")
        else:
            out.print(f"  {what:<24}no data")


def _estimate(hits: int, of: int) -> dict[str, float] | None:
    """Return a share with its 95 % interval; ``None`` if there is no data."""
    low, high = wilson_interval(hits, of)
    return {"share": hits / of, "low": low, "high": high} if of else None
