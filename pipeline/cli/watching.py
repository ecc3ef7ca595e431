"""Progress of a long run: a bar on a terminal, a line per minute elsewhere."""

from __future__ import annotations

import logging
import time
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from pipeline.cli.console import err

LOG_SECONDS = 60.0
_LOG = logging.getLogger("disposisi.batch")


class _Counts:
    """The counts that both kinds of progress need."""

    def __init__(self) -> None:
        self.expected = self.done = self.counted = self.refused = 0
        self.began = time.monotonic()
        self.writing = False

    def begin(self, expected_rows: int) -> None:
        """Set the number of rows, an upper bound."""
        self.expected = expected_rows
        self.began = time.monotonic()

    def advance(self, rows: int, refused: int, *, resumed: bool) -> None:
        """Count a chunk."""
        self.done += rows + refused
        self.refused += refused
        if not resumed:
            self.counted += rows + refused

    def begin_writing(self, rows: int) -> None:
        """Start counting again, for the rows to write."""
        self.writing, self.expected = True, rows
        self.done = self.counted = 0
        self.began = time.monotonic()

    def written(self, rows: int) -> None:
        """Count rows that were written."""
        self.done += rows
        self.counted += rows

    @property
    def rate(self) -> float:
        """Rows per second, answered or written by this process, without those of an earlier one."""
        return self.counted / max(time.monotonic() - self.began, 1e-9)


class BarWatch(_Counts):
    """A progress bar on standard error: rows answered, then written, rate, time left, refused."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.completed:,.0f} of {task.total:,.0f} rows"),
            TextColumn("{task.fields[rate]:,.0f}/s"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[refused]:,} refused"),
            console=err,
            transient=True,
            auto_refresh=False,  # it would use a thread, but processes are forked meanwhile
        )
        self._task = self._bar.add_task("Answering", total=0, rate=0.0, refused=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def begin(self, expected_rows: int) -> None:
        """Set the bar's length."""
        super().begin(expected_rows)
        self._bar.update(self._task, total=expected_rows)
        self._bar.start()
        self._bar.refresh()

    def advance(self, rows: int, refused: int, *, resumed: bool) -> None:
        """Move the bar."""
        super().advance(rows, refused, resumed=resumed)
        self._show()

    def begin_writing(self, rows: int) -> None:
        """Start the bar again for the rows to write."""
        super().begin_writing(rows)
        self._bar.reset(self._task, description="Writing", total=rows, rate=0.0, refused=self.refused)
        self._show()

    def written(self, rows: int) -> None:
        """Move the bar."""
        super().written(rows)
        self._show()

    def _show(self) -> None:
        total = max(self.expected, self.done)
        self._bar.update(self._task, completed=self.done, total=total, rate=self.rate, refused=self.refused)
        self._bar.refresh()


class LogWatch(_Counts):
    """A line per minute on standard error, for unattended runs."""

    def __init__(self) -> None:
        super().__init__()
        self._next = 0.0
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
        self._handler = handler

    def __enter__(self) -> Self:
        _LOG.addHandler(self._handler)
        _LOG.setLevel(logging.INFO)
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is None:
            self._tell()
        _LOG.removeHandler(self._handler)

    def begin(self, expected_rows: int) -> None:
        """Log the start of the run."""
        super().begin(expected_rows)
        self._next = self.began + LOG_SECONDS
        _LOG.info("rows=0 of at most %d", expected_rows)

    def advance(self, rows: int, refused: int, *, resumed: bool) -> None:
        """Log the progress, once a minute."""
        super().advance(rows, refused, resumed=resumed)
        self._tell_once_a_minute()

    def begin_writing(self, rows: int) -> None:
        """Log how many rows were answered, and that they are now being written."""
        self._tell()
        super().begin_writing(rows)
        self._next = self.began + LOG_SECONDS
        _LOG.info("written=0 of %d", rows)

    def written(self, rows: int) -> None:
        """Log the progress, once a minute."""
        super().written(rows)
        self._tell_once_a_minute()

    def _tell_once_a_minute(self) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + LOG_SECONDS
            self._tell()

    def _tell(self) -> None:
        left = (self.expected - self.done) / self.rate if self.rate else 0.0
        if self.writing:
            _LOG.info("written=%d of %d rate=%.0f/s left=%.0fs", self.done, self.expected, self.rate, left)
            return
        _LOG.info(
            "rows=%d of at most %d rate=%.0f/s left=%.0fs refused=%d",
            self.done, self.expected, self.rate, max(left, 0.0), self.refused,
        )  # fmt: skip


def watching() -> BarWatch | LogWatch:
    """Return the progress display that suits standard error."""
    return BarWatch() if err.is_terminal else LogWatch()
