"""Counting what changes, in memory that doesn't grow with the number of rows."""

from __future__ import annotations

import datetime as dt
import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from pipeline.batch.labels import shown_label
from pipeline.batch.values import cell_text, parse_date, readable
from pipeline.clock import WIB, local_time
from pipeline.complaint import Decision, Level
from pipeline.text.mask import mask

SURE = 0.8  # from this probability on, a previous agency that differs is called probably wrong
BINS = 10  # of probability
MAX_EXAMPLES = 200
SHOWN_CHARS = 240
MAX_NAMES = 1_000  # of labels, months, kecamatan; more only occur if a column contains something else
UNKNOWN = "—"
OTHERS = "lainnya"


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """A row shown in the report; its text is masked and shortened.

    Attributes
    ----------
    weight
        The examples' sort key: the probability of a move, or the hours of a late answer.
    position
        The row's number in the output, counted from 1; negative, so that the first of equal examples comes first.
    """

    weight: float
    position: int
    old: str
    new: str
    probability: float
    month: str
    text: str


@dataclass(slots=True)
class Tally:
    """Rows whose previous agency is known, and those of them that move."""

    known: int = 0
    moved: int = 0

    @property
    def share(self) -> float:
        """The share that moves, 0 to 1."""
        return self.moved / self.known if self.known else 0.0

    def add(self, moved: bool) -> None:
        """Count a row."""
        self.known += 1
        self.moved += moved


@dataclass(frozen=True, slots=True)
class Reading:
    """Which columns of the result to read, and the agencies' names.

    Attributes
    ----------
    columns
        The columns of each role; of several, the first that is not empty counts.
    names
        Official names by code.
    late_hours
        Hours after which the answer to an emergency is late.
    learned_until
        The newest day of the real complaints that the model was trained on, if it is known.
    clock
        That of the region, by which days and months are told.
    """

    prefix: str
    columns: Mapping[str, Sequence[str]]
    names: Mapping[str, str]
    late_hours: float
    learned_until: dt.date | None = None
    clock: dt.tzinfo = WIB


@dataclass(slots=True)
class Changes:
    """Everything in the report.

    Attributes
    ----------
    flow
        Rows by previous and suggested agency; a previous label unknown to the region is masked and shortened, as
        in ``unknown_labels``. Of these, and of the names in ``by_month`` and ``by_kecamatan``, the first ``MAX_NAMES``
        are counted separately, later ones together as ``OTHERS``.
    sure_of_moves, sure_of_stays
        Rows by tenth of the first agency's probability.
    learned
        Rows whose previous agency is known and that are no newer than what the model was trained on: where they were
        part of it, it rarely disagrees.
    """

    reading: Reading
    rows: int = 0
    total: Tally = field(default_factory=Tally)
    learned: int = 0
    flow: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_month: dict[str, Tally] = field(default_factory=dict)
    by_kecamatan: dict[str, Tally] = field(default_factory=dict)
    sure_of_moves: Counter[int] = field(default_factory=Counter)
    sure_of_stays: Counter[int] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    unknown_labels: Counter[str] = field(default_factory=Counter)
    probably_wrong: int = 0
    wrong_examples: list[Example] = field(default_factory=list)
    emergencies: int = 0
    emergencies_timed: int = 0
    emergencies_late: int = 0
    late_examples: list[Example] = field(default_factory=list)
    model: str = ""
    _sent: set[int] = field(default_factory=set)

    def add(self, table: pa.Table) -> None:
        """Count the rows of a result's table."""
        added = {
            name: table[self.reading.prefix + name].to_pylist()
            for name in ("agency", "probability", "decision", "urgency", "kecamatan", "previous", "agrees", "model")
        }
        told = {role: self._first_of(table, role) for role in ("agency", "date", "answered", "kecamatan", "text")}
        for i in range(len(table)):
            self._add_row({name: cells[i] for name, cells in added.items()}, {r: cells[i] for r, cells in told.items()})

    def _first_of(self, table: pa.Table, role: str) -> list[Any]:
        columns = [table[name].to_pylist() for name in self.reading.columns.get(role, ()) if name in table.schema.names]
        if not columns:
            return [None] * len(table)
        return [next((cell for cell in cells if cell not in (None, "")), None) for cells in zip(*columns, strict=True)]

    def _add_row(self, added: Mapping[str, Any], told: Mapping[str, Any]) -> None:
        self.rows += 1
        self.model = added["model"]
        self.decisions[added["decision"]] += 1
        self.levels[added["urgency"]] += 1
        label = cell_text(told["agency"])
        asked, replied = (_date(told[role], self.reading.clock) for role in ("date", "answered"))
        month = f"{asked:%Y-%m}" if asked else UNKNOWN
        new = self._name(added["agency"])
        old = self._name(added["previous"]) if added["previous"] else self._unknown(label)
        example = (old, new, added["probability"], month, told["text"])
        if label:
            self.flow[old, new] += 1
            if added["agrees"] is None:
                self.unknown_labels[old] += 1
            else:
                until = self.reading.learned_until
                self.learned += asked is not None and until is not None and asked.date() <= until
                self._add_known(added, month, cell_text(told["kecamatan"]), example)
        if added["urgency"] == Level.DARURAT:
            self._add_emergency(asked, replied, example)

    def _add_known(self, added: Mapping[str, Any], month: str, told_kecamatan: str, example: tuple[Any, ...]) -> None:
        moved = not added["agrees"]
        self.total.add(moved)
        self.by_month.setdefault(_within(self.by_month, month), Tally()).add(moved)
        kecamatan = added["kecamatan"] or shown_label(told_kecamatan) or UNKNOWN
        self.by_kecamatan.setdefault(_within(self.by_kecamatan, kecamatan), Tally()).add(moved)
        tenth = min(int(added["probability"] * BINS), BINS - 1)
        (self.sure_of_moves if moved else self.sure_of_stays)[tenth] += 1
        if moved and added["decision"] == Decision.SUGGEST and added["probability"] >= SURE:
            self.probably_wrong += 1
            old, new, _, _, text = example
            sent = hash((old, new, readable(text)))  # a mass campaign would fill the list with its one text
            if sent not in self._sent and self._keep(self.wrong_examples, added["probability"], example):
                self._sent.add(sent)

    def _add_emergency(self, asked: dt.datetime | None, replied: dt.datetime | None, example: tuple[Any, ...]) -> None:
        self.emergencies += 1
        if asked is None or replied is None:
            return
        self.emergencies_timed += 1
        hours = (replied - asked).total_seconds() / 3600
        if hours > self.reading.late_hours:
            self.emergencies_late += 1
            self._keep(self.late_examples, hours, example)

    def _keep(self, kept: list[Example], weight: float, example: tuple[Any, ...]) -> bool:
        """Keep the heaviest examples, and tell whether this is one; only their texts are masked."""
        if len(kept) == MAX_EXAMPLES and weight <= kept[0].weight:
            return False
        old, new, probability, month, text = example
        made = Example(weight, -self.rows, old, new, probability, month, _shown(text))
        if len(kept) < MAX_EXAMPLES:
            heapq.heappush(kept, made)
        else:
            heapq.heapreplace(kept, made)
        return True

    def _unknown(self, label: str) -> str:
        return _within(self.unknown_labels, shown_label(label)) if label else UNKNOWN

    def _name(self, code: str) -> str:
        return self.reading.names.get(code, code)


def heaviest(examples: Iterable[Example]) -> list[Example]:
    """Return examples, the heaviest first."""
    return sorted(examples, reverse=True)


def _within(names: Collection[str], name: str) -> str:
    """Return the name to count under; beyond the limit all new names share one."""
    return name if name in names or len(names) < MAX_NAMES else OTHERS


def _shown(text: Any) -> str:
    masked = " ".join(mask(readable(text)).split())
    return masked if len(masked) <= SHOWN_CHARS else f"{masked[: SHOWN_CHARS - 1]}…"


def _date(cell: Any, clock: dt.tzinfo) -> dt.datetime | None:
    """Return a cell's date without its zone, since of two columns only one may have a zone."""
    try:
        found = parse_date(cell)
    except ValueError:
        return None
    return local_time(found, clock) if found else None
