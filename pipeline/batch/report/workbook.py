"""The report's tables as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from pipeline.batch.report.changes import BINS, Changes, Tally
from pipeline.batch.report.examples import Example, heaviest
from pipeline.batch.report.intervals import Scope, wilson_interval
from pipeline.batch.sinks import close_workbook


def write_workbook(path: Path, changes: Changes, scope: Scope) -> None:
    """Write every table of the report as a sheet.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    _sheet(book, "Ringkasan", ("Apa", "Nilai"), _summary(changes, scope))
    flow = [(old, new, count) for (old, new), count in changes.flow.most_common()]
    _sheet(book, "Alur", ("Instansi lama", "Usulan", "Aduan"), flow)
    for part, groups in (("Bulan", changes.by_month), ("Kecamatan", changes.by_kecamatan)):
        head = (part, "Dikenal", "Berpindah", "Bagian", "Bawah 95%", "Atas 95%")
        _sheet(book, f"Per {part.lower()}", head, [(key, *_shares(tally)) for key, tally in sorted(groups.items())])
    tenths = [
        (f"{i * 100 // BINS}–{(i + 1) * 100 // BINS}%", changes.sure_of_stays[i], changes.sure_of_moves[i])
        for i in range(BINS)
    ]
    _sheet(book, "Keyakinan", ("Peluang", "Tetap", "Berpindah"), tenths)
    head = (*(_SOURCE_HEAD if scope.is_sample else _RESULT_HEAD), *_EXAMPLE_HEAD)
    _sheet(book, "Mungkin keliru", head, (_example(e, scope) for e in heaviest(changes.wrong_examples)))
    late = ((*_example(e, scope), round(e.weight, 1)) for e in heaviest(changes.late_examples))
    _sheet(book, "Darurat terlambat", (*head, "Jam"), late)
    _sheet(book, "Tidak dikenal", ("Instansi lama", "Aduan"), changes.unknown_labels.most_common())
    close_workbook(book)


_RESULT_HEAD = ("Baris hasil (tanpa judul)",)
_SOURCE_HEAD = ("Berkas", "Baris (dengan judul)")  # of a sample, which has no result
_EXAMPLE_HEAD = ("Bulan", "Dahulu", "Usulan", "Peluang", "Isi (disamarkan)")


def _summary(changes: Changes, scope: Scope) -> list[tuple[str, Any]]:
    return [
        ("Model", changes.model),
        ("Aduan dibaca", changes.rows),
        ("Aduan seluruhnya (kira-kira)", scope.population or changes.rows),
        ("Dengan instansi lama yang dikenal", changes.total.known),
        *_learned(changes),
        ("Berpindah", scope.estimate(changes.total.moved, changes.total.known)),
        ("Riwayat mungkin keliru", scope.estimate(changes.probably_wrong, changes.total.known)),
        ("Terbaca darurat", scope.estimate(changes.emergencies, changes.rows)),
        ("Darurat dengan waktu jawaban", changes.emergencies_timed),
        ("Darurat terlambat dijawab", scope.estimate(changes.emergencies_late, changes.emergencies_timed)),
        *((f"Keputusan: {name}", count) for name, count in sorted(changes.decisions.items())),
        *((f"Urgensi: {name}", count) for name, count in sorted(changes.levels.items())),
    ]


def _learned(changes: Changes) -> list[tuple[str, Any]]:
    until = changes.reading.learned_until
    return [(f"Mungkin dipelajari model (sampai {until})", changes.learned)] if changes.learned else []


def _shares(tally: Tally) -> tuple[int, int, float, float, float]:
    return (tally.known, tally.moved, tally.share, *wilson_interval(tally.moved, tally.known))


def _example(example: Example, scope: Scope) -> tuple[Any, ...]:
    where = (example.file, example.row) if scope.is_sample else (-example.position,)
    return (*where, example.month, example.old, example.new, example.probability, example.text)


def _sheet(book: Any, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, head, book.add_format({"bold": True}))
    for column, title in enumerate(head):
        sheet.set_column(column, column, 60 if title.startswith("Isi") else max(14, len(title) + 2))
    for line, row in enumerate(rows, start=1):
        sheet.write_row(line, 0, row)
