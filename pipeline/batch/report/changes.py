"""Counting what changes, in memory that doesn't grow with the number of rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pyarrow as pa

from pipeline.batch.answers import SOURCE
from pipeline.batch.labels import may_quote, shown_label
from pipeline.batch.quotable import Quotable
from pipeline.batch.report.examples import NO_SOURCE, Example, keep, shown_text
from pipeline.batch.values import cell_text, date_by, label_text, readable
from pipeline.clock import WIB
from pipeline.complaint import Decision, Level
from pipeline.region import Region

SURE = 0.8  # from this probability on, a previous agency that differs is called probably wrong
BINS = 10  # of probability
MAX_NAMES = 1_000  # of labels, months, kecamatan; more only occur if a column contains something else
UNKNOWN = "—"
OTHERS = "lainnya"
NOT_SHOWN = "(tidak ditampilkan: mungkin isi aduan)"
_PLACE_WORDS = 4  # of a kecamatan's name: "Kecamatan Tambun Selatan"


class _Answer(NamedTuple):
    """A row's added columns, by their names without the prefix; ``agrees`` is ``None`` for an unknown agency."""

    agency: str
    probability: float
    decision: str
    urgency: str
    kecamatan: str | None
    previous: str | None
    agrees: bool | None
    model: str


class _Told(NamedTuple):
    """A row's own cells, by the role of their column; ``None`` if there is none."""

    agency: Any
    date: Any
    answered: Any
    kecamatan: Any
    text: Any


class _Case(NamedTuple):
    """A row that may become an example; its text is not masked yet."""

    source: tuple[str, int]
    old: str
    new: str
    probability: float
    month: str
    text: Any


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
    region
        Whose agencies a text may name, which tells swapped columns.
    """

    prefix: str
    columns: Mapping[str, Sequence[str]]
    names: Mapping[str, str]
    late_hours: float
    learned_until: dt.date | None = None
    clock: dt.tzinfo = WIB
    region: Region | None = None


@dataclass(slots=True)
class Changes:
    """Everything in the report; :meth:`for_showing` before it is shown.

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
    _labels: Quotable = field(init=False)
    _kecamatan: Quotable = field(init=False)
    _found_kecamatan: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._labels = Quotable(self.reading.region)
        self._kecamatan = Quotable(None, _is_place)

    def add(self, table: pa.Table) -> None:
        """Count the rows of a result's table."""
        answers = map(_Answer, *(table[self.reading.prefix + name].to_pylist() for name in _Answer._fields))
        told = map(_Told, *(self._first_of(table, role) for role in _Told._fields))
        for answer, own, source in zip(answers, told, self._sources(table), strict=True):
            self._add_row(answer, own, source)

    def for_showing(self) -> Changes:
        """Return these counts with ``NOT_SHOWN`` for each name that may be a complaint."""
        unknown = _hidden(self.unknown_labels, self._labels)
        places = _hidden(self.by_kecamatan.keys() - self._found_kecamatan, self._kecamatan)
        shown = replace(self, flow=Counter(), unknown_labels=Counter(), by_kecamatan={}, late_examples=[])
        for label, rows in self.unknown_labels.items():
            shown.unknown_labels[NOT_SHOWN if label in unknown else label] += rows
        for (old, new), rows in self.flow.items():
            shown.flow[NOT_SHOWN if old in unknown else old, new] += rows
        for name, tally in self.by_kecamatan.items():
            joined = shown.by_kecamatan.setdefault(NOT_SHOWN if name in places else name, Tally())
            joined.known += tally.known
            joined.moved += tally.moved
        for example in self.late_examples:
            shown.late_examples.append(replace(example, old=NOT_SHOWN) if example.old in unknown else example)
        return shown

    def _first_of(self, table: pa.Table, role: str) -> list[Any]:
        columns = [table[name].to_pylist() for name in self.reading.columns.get(role, ()) if name in table.schema.names]
        if not columns:
            return [None] * len(table)
        return [next((cell for cell in cells if cell not in (None, "")), None) for cells in zip(*columns, strict=True)]

    def _sources(self, table: pa.Table) -> Sequence[tuple[str, int]]:
        """Return each row's file and its row there, if the result has these columns."""
        columns = [self.reading.prefix + name for name in SOURCE.names]
        if not set(columns) <= set(table.schema.names):
            return [NO_SOURCE] * len(table)
        return list(zip(*(table[name].to_pylist() for name in columns), strict=True))

    def _add_row(self, answer: _Answer, own: _Told, source: tuple[str, int]) -> None:
        self.rows += 1
        self.model = answer.model
        self.decisions[answer.decision] += 1
        self.levels[answer.urgency] += 1
        label = label_text(own.agency)
        # Without zones, since of two columns only one may have a zone.
        asked, replied = (date_by(cell, self.reading.clock) for cell in (own.date, own.answered))
        month = f"{asked:%Y-%m}" if asked else UNKNOWN
        old = self._name(answer.previous) if answer.previous else self._unknown(label)
        case = _Case(source, old, self._name(answer.agency), answer.probability, month, own.text)
        if label:
            self.flow[case.old, case.new] += 1
            if answer.agrees is None:
                self.unknown_labels[case.old] += 1
                self._labels.add(label, cell_text(own.text))
            else:
                until = self.reading.learned_until
                self.learned += asked is not None and until is not None and asked.date() <= until
                self._add_known(answer, self._kecamatan_of(answer, own), case)
        if answer.urgency == Level.DARURAT:
            self._add_emergency(asked, replied, case)

    def _kecamatan_of(self, answer: _Answer, own: _Told) -> str:
        if answer.kecamatan:
            self._found_kecamatan.add(answer.kecamatan)
            return answer.kecamatan
        if label := cell_text(own.kecamatan):
            self._kecamatan.add(label, cell_text(own.text))
        return shown_label(label) or UNKNOWN

    def _add_known(self, answer: _Answer, kecamatan: str, case: _Case) -> None:
        moved = not answer.agrees
        self.total.add(moved)
        self.by_month.setdefault(_within(self.by_month, case.month), Tally()).add(moved)
        self.by_kecamatan.setdefault(_within(self.by_kecamatan, kecamatan), Tally()).add(moved)
        tenth = min(int(case.probability * BINS), BINS - 1)
        (self.sure_of_moves if moved else self.sure_of_stays)[tenth] += 1
        if moved and answer.decision == Decision.SUGGEST and case.probability >= SURE:
            self.probably_wrong += 1
            sent = hash((case.old, case.new, readable(case.text)))  # a campaign would fill the list with its one text
            if sent not in self._sent and self._keep(self.wrong_examples, case.probability, case):
                self._sent.add(sent)

    def _add_emergency(self, asked: dt.datetime | None, replied: dt.datetime | None, case: _Case) -> None:
        self.emergencies += 1
        if asked is None or replied is None:
            return
        self.emergencies_timed += 1
        hours = (replied - asked).total_seconds() / 3600
        if hours > self.reading.late_hours:
            self.emergencies_late += 1
            self._keep(self.late_examples, hours, case)

    def _keep(self, kept: list[Example], weight: float, case: _Case) -> bool:
        def made() -> Example:
            text = shown_text(case.text)
            return Example(weight, -self.rows, *case.source, case.old, case.new, case.probability, case.month, text)

        return keep(kept, weight, made)

    def _unknown(self, label: str) -> str:
        return _within(self.unknown_labels, shown_label(label)) if label else UNKNOWN

    def _name(self, code: str) -> str:
        return self.reading.names.get(code, code)


def _hidden(names: Iterable[str], judge: Quotable) -> set[str]:
    """Return those of the counted names that may be complaints."""
    quotable = {shown_label(word) for word in judge.quotable()}
    return set(names) - quotable - {OTHERS, UNKNOWN, NOT_SHOWN}


def _is_place(word: str) -> bool:
    """Tell whether a word may be a kecamatan's name."""
    return len(word.split()) <= _PLACE_WORDS and may_quote(word)


def _within(names: Collection[str], name: str) -> str:
    """Return the name to count under; beyond the limit all new names share one."""
    return name if name in names or len(names) < MAX_NAMES else OTHERS
