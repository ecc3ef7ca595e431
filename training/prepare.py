"""From labelled files and the starter corpus to a training set and a held-out set."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.atomic_files import first_replaced, replacing_together
from pipeline.batch import BadRow, Columns
from pipeline.batch.arrow_columns import is_text, readable_columns, with_valid_text
from pipeline.complaint import Complaint
from pipeline.errors import ComplaintError, DataError
from pipeline.region import load_region
from pipeline.replaceable import check_replaceable, check_table_replaceable
from training.data import Labelled, parse_level, read_labelled
from training.duplicates import text_key, without_repeats

TRAIN: Final = "train.parquet"
STARTER: Final = "starter.parquet"
HOLD_OUT: Final = "holdout.parquet"
CARD: Final = "card.json"
_SCHEMA = pa.schema(
    [
        ("text", pa.string()),
        ("address", pa.string()),
        ("agency", pa.string()),
        ("urgency", pa.string()),
        ("date", pa.timestamp("us")),
        ("problem", pa.string()),
        ("district", pa.string()),
        ("group", pa.string()),
    ]
)
_ANOTHER_OUT = "Choose another --out."
_STARTER_COLUMNS = ("text", "agency", "urgency", "problem")


@dataclass(frozen=True)
class DataCard:
    """Facts about the data sets, without any text.

    Attributes
    ----------
    hold_out_is
        ``newest`` if real complaints have different dates, else ``starter``: phrasings missing from the training set.
    unusable
        Rows that could not be read.
    without_agency
        Rows left out because they name no agency, whether they have an urgency or not.
    undated
        Rows of unknown age: they are trained on, never held out.
    repeated
        Rows left out because another has the same text, address and agency.
    seen_twice
        Rows left out of the training set because the same text is in the hold-out.
    """

    train: int
    starter: int
    hold_out: int
    hold_out_is: str
    since: str | None
    unusable: int
    without_agency: int
    undated: int
    repeated: int
    seen_twice: int
    agencies: dict[str, int]
    sha256: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """The result: the card, the rows that could not be used, and those used without a value."""

    card: DataCard
    bad: Sequence[BadRow]
    warnings: Sequence[BadRow]


def prepare(
    labelled: Sequence[Path], starter: Path, region: str, hold_out: float, folder: Path, columns: Columns | None = None
) -> Prepared:
    """Mask, merge and split, and write ``train``, ``starter`` and ``holdout`` as Parquet with a data card.

    The newest dated complaints are held out, so that a model is measured on complaints from after its training. If no
    complaint has a date, phrasings of the starter corpus are held out instead.

    Parameters
    ----------
    labelled
        Files, or folders of files, of labelled complaints: exported decisions, old spreadsheets.
    starter
        The starter corpus, as ``disposisi starter`` writes it.
    region
        Whose agencies the labels name.
    hold_out
        The share to hold out, 0 to 1.
    columns
        The columns of the labelled files; by default detected by name.

    Raises
    ------
    DataError, RegionError
        If a file or the region cannot be used, if there are rows but none names an agency, if ``folder`` holds the
        labelled files, or files of these names that are others.
    """
    loaded = load_region(region)
    files = list(_files(labelled))
    _check_apart(folder, labelled, [*files, starter])
    for name in (TRAIN, STARTER, HOLD_OUT):
        check_table_replaceable(folder / name, _SCHEMA, "prepare")
    check_replaceable(folder / CARD, '"hold_out_is"', "prepare")
    data = read_labelled(files, loaded, columns)
    if data.rows or data.bad:  # with an empty folder there is only the starter corpus
        data.check_agencies(files)
    named = [row for row in data.rows if row.agency]
    real = without_repeats(named)
    composed = read_starter(starter)
    train, held = _newest(real, hold_out)
    since = min((row.created_at for row in held if row.created_at), default=None)
    if not held:
        composed, held = _unseen_phrasings(composed, hold_out)
    texts = {text_key(row) for row in held}
    kept = [row for row in train if text_key(row) not in texts]
    card = DataCard(
        train=len(kept),
        starter=len(composed),
        hold_out=len(held),
        hold_out_is="newest" if since else "starter",
        since=since.date().isoformat() if since else None,
        unusable=len(data.bad),
        without_agency=len(data.rows) - len(named),
        undated=sum(row.created_at is None for row in real),
        repeated=len(named) - len(real),
        seen_twice=len(train) - len(kept),
        agencies=dict(sorted(Counter(row.agency or "" for row in [*kept, *held]).items())),
        sha256=_fingerprint([*kept, *composed, *held]),
    )
    sets = {TRAIN: kept, STARTER: composed, HOLD_OUT: held}
    with replacing_together(folder / name for name in (CARD, *sets)) as (told, *unfinished):
        for path, rows in zip(unfinished, sets.values(), strict=True):
            _write(path, rows)
        told.write_text(json.dumps(asdict(card), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return Prepared(card, data.bad, data.warnings)


def _check_apart(folder: Path, labelled: Sequence[Path], files: Sequence[Path]) -> None:
    """Refuse to write over a file that is read, or among those that the next run would read."""
    if path := first_replaced((folder / name for name in (TRAIN, STARTER, HOLD_OUT, CARD)), files):
        raise DataError(f"The result would overwrite {path}, which is an input.", mend=_ANOTHER_OUT)
    if first_replaced([folder], labelled):
        raise DataError(
            f"{folder} is a folder of labelled files, and the result would be read as one of them.", mend=_ANOTHER_OUT
        )


def read_starter(path: Path) -> list[Labelled]:
    """Read a starter corpus, grouped by the phrasing that each row was made from.

    Both what ``disposisi starter`` writes and what :func:`prepare` keeps of it can be read.

    Raises
    ------
    DataError
        If the file is not a starter corpus.
    """
    try:
        with path.open("rb") as file:
            table = with_valid_text(readable_columns(pq.read_table(file)))
    except pa.ArrowException:
        raise _no_starter(path, "it is not a Parquet file") from None
    if missing := [name for name in _STARTER_COLUMNS if name not in table.column_names]:
        raise _no_starter(path, f"it has no column {', '.join(missing)}")
    if table["text"].null_count:
        raise _no_starter(path, "it has rows without text")
    if wrong := [name for name in _STARTER_COLUMNS if not _may_be_text(table[name].type)]:
        raise _no_starter(path, f"its column {', '.join(wrong)} isn't text")
    if not {"phrasing", "group"}.intersection(table.column_names):
        raise _no_starter(path, "it has no column phrasing")
    rows = []
    for number, record in enumerate(table.to_pylist(), start=1):
        try:
            rows.append(_starter_row(record))
        except ComplaintError as error:
            raise _no_starter(path, f"row {number}: {error.english.rstrip('.')}") from None
    return rows


def _may_be_text(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return is_text(kind) or pa.types.is_null(kind)


def _starter_row(record: Mapping[str, Any]) -> Labelled:
    return Labelled(
        Complaint(record["text"]),
        record["agency"],
        parse_level(record["urgency"]),
        record["problem"],
        record.get("group") or f"starter {record.get('phrasing')}",
    )


def _no_starter(path: Path, why: str) -> DataError:
    return DataError(f"{path} is not a starter corpus: {why}.", mend="Make one: disposisi starter FILE.")


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(p for p in path.iterdir() if _is_data(p)) if path.is_dir() else [path]


def _is_data(path: Path) -> bool:
    # A folder may contain a README. Any other file is read, and reported if it cannot be.
    return path.is_file() and path.suffix != ".md" and not path.name.startswith(".")


def _newest(rows: Sequence[Labelled], share: float) -> tuple[list[Labelled], list[Labelled]]:
    """Split off the newest rows; rows of one day stay together, and those without a date are trained on.

    If that were more than half of the dated rows, their date would be that of an import, and none is split off.
    """
    days = sorted(row.created_at.date() for row in rows if row.created_at)
    taken = round(share * len(days))
    if not taken:
        return list(rows), []
    first = days[-taken]
    held = [row for row in rows if row.created_at and row.created_at.date() >= first]
    if len(held) > len(days) / 2:
        return list(rows), []
    return [row for row in rows if not row.created_at or row.created_at.date() < first], held


def _unseen_phrasings(rows: Sequence[Labelled], share: float) -> tuple[list[Labelled], list[Labelled]]:
    """Hold out phrasings, but only of problems with other phrasings left for training."""
    groups: dict[str, list[str]] = {}
    for row in rows:
        known = groups.setdefault(row.problem or "", [])
        if row.group and row.group not in known:
            known.append(row.group)
    held = {group for known in groups.values() for group in sorted(known)[1:] if _draw(group) < share}
    return [row for row in rows if row.group not in held], [row for row in rows if row.group in held]


def _draw(name: str) -> float:
    """Return a number between 0 and 1 that depends only on the name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) / 2**32


def _write(path: Path, rows: Sequence[Labelled]) -> None:
    with path.open("wb") as file:  # opened here: a path that is no UTF-8 is none to Arrow
        pq.write_table(pa.Table.from_pylist([_plain(row) for row in rows], _SCHEMA), file, compression="zstd")


def _plain(row: Labelled) -> dict[str, str | dt.datetime | None]:
    return {
        "text": row.complaint.text,
        "address": row.complaint.address,
        "agency": row.agency,
        "urgency": str(row.urgency) if row.urgency else None,
        "date": row.created_at,
        "problem": row.problem,
        "district": row.district,
        "group": row.group,
    }


def _fingerprint(rows: Iterable[Labelled]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(f"{row.complaint.text}\x1f{row.agency}\x1f{row.urgency}\x1e".encode())
    return digest.hexdigest()
