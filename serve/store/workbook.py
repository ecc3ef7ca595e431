"""Export of the overview as an Excel workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from pipeline.region import Region
from serve.store import models, statistics
from serve.store.agreement import agreement
from serve.store.lifecycle import Status
from serve.store.ranking import ranking
from serve.store.statistics import Period
from serve.store.suggester import Suggester

MAX_ROWS = 1_000_000  # Excel has 1,048,576
_ROWS_AT_ONCE = 2_000
# A spreadsheet may take such text for a formula once the cell is edited or the sheet saved as CSV (CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_FIGURES = ("volume", "terbuka", "lewat tenggat", "selesai", "tepat waktu", "dikembalikan", "median (hari)")
_COMPLAINT = (
    "nomor", "kanal", "nomor pengirim", "diterima", "tenggat", "ditutup", "status", "urgensi", "instansi", "kecamatan",
    "dikembalikan", "situasi", "tanda",
)  # fmt: skip


def write_workbook(
    session: Session, suggester: Suggester, path: Path, period: Period, now: dt.datetime, *, with_senders: bool
) -> None:
    """Write figures and complaints of a period, without citizens' texts and names.

    Memory use doesn't grow with the number of complaints, except for a few bytes for each settled one.

    Parameters
    ----------
    with_senders
        Whether to include senders' identifiers, which may be telephone numbers.
    """
    region = suggester.region
    figures = statistics.overview(session, period, now)
    agencies = figures.agencies
    with xlsxwriter.Workbook(path, _options()) as workbook:
        sheets = _Sheets(workbook)
        rows = ((_name(region, r.name) if r.name else "di meja", *astuple(r)[1:]) for r in agencies)
        sheets.add("Instansi", ("instansi", *_FIGURES), rows)
        places = ((row.name or "belum diketahui", *astuple(row)[1:]) for row in figures.kecamatan)
        sheets.add("Kecamatan", ("kecamatan", *_FIGURES), places)
        ranks = ((r.place, _name(region, r.agency), *astuple(r)[2:]) for r in ranking(agencies, region.outside))
        sheets.add(
            "Peringkat", ("peringkat", "instansi", "nilai", "tepat waktu", "tuntas", "tidak dikembalikan"), ranks
        )
        weeks = agreement(session, period.start, period.end, suggester.calendar.zone)
        sheets.add("Kesesuaian", ("minggu mulai", "diputuskan", "usulan pertama", "tiga usulan"), map(astuple, weeks))
        sheets.add("Aduan", _COMPLAINT, _complaints(session, suggester, period, with_senders))


def _options() -> dict[str, Any]:
    return {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm",
    }


def _complaints(session: Session, suggester: Suggester, period: Period, with_senders: bool) -> Iterable[Sequence[Any]]:
    complaint = models.Complaint
    query = (
        select(complaint)
        .where(complaint.received_at >= period.start, complaint.received_at < period.end)
        .order_by(complaint.received_at, complaint.id)
        .limit(MAX_ROWS)
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    zone = suggester.calendar.zone

    def local(moment: dt.datetime | None) -> dt.datetime | None:
        return None if moment is None else moment.astimezone(zone).replace(tzinfo=None)  # Excel knows no zones

    for row in session.scalars(query):
        yield (
            row.id, row.channel, row.sender_id if with_senders else None, local(row.received_at), local(row.due_at),
            local(row.closed_at), Status(row.status).label, str(row.urgency), _name(suggester.region, row.agency),
            row.kecamatan, row.loops, row.situation, ", ".join(row.tags),
        )  # fmt: skip


def _name(region: Region, code: str | None) -> str:
    agency = region.agencies.get(code or "")
    return agency.name if agency else code or "belum ada"


class _Sheets:
    """Adds sheets with a frozen header; text is always written as text, never as a formula."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._header: Format = workbook.add_format({"bold": True, "bottom": 1})
        self._literal: Format = workbook.add_format({"quote_prefix": True})

    def add(self, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        sheet = self._workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, 12 if header[0] in {"nomor", "peringkat"} else 44)
        sheet.set_column(1, len(header) - 1, 18)
        sheet.write_row(0, 0, header, self._header)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    literal = self._literal if value.startswith(_FORMULA_STARTS) else None
                    sheet.write_string(last, column, value, literal)
                elif value is not None:
                    sheet.write(last, column, value)
        sheet.autofilter(0, 0, last, len(header) - 1)
