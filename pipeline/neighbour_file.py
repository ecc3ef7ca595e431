"""The file that an index of earlier complaints is kept in: NumPy's arrays, zipped, and no text of a complaint."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import Any, Final, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from pipeline.atomic_files import write_whole
from pipeline.errors import DataError

_FORMAT: Final = 1
_KINDS: Final = {"ids": "U", "agencies": "U", "times": "i", "terms": "u", "ends": "i"}  # kind of each array, by name
_MEND: Final = "Build it again from the store."


class Kept(NamedTuple):
    """What is kept of complaints, each at the same position of ``ids``, ``agencies`` and ``times``.

    Attributes
    ----------
    times
        Microseconds since 1970.
    terms
        The hashes of all complaints' words, one complaint after the other.
    ends
        0, and where each complaint's terms end.
    """

    ids: list[str]
    agencies: list[str]
    times: NDArray[np.int64]
    terms: NDArray[np.uint32]
    ends: NDArray[np.int64]


def write_kept(path: Path, kept: Kept) -> None:
    """Write the file, whole or not at all."""
    content = io.BytesIO()
    np.savez_compressed(
        content,
        format=np.array(_FORMAT),
        ids=np.array(kept.ids, dtype=np.str_),
        agencies=np.array(kept.agencies, dtype=np.str_),
        times=kept.times,
        terms=kept.terms,
        ends=kept.ends,
    )
    write_whole(path, content.getvalue())


def read_kept(path: Path) -> Kept:
    """Read the file.

    Raises
    ------
    DataError
        If it is no index of this version.
    """
    try:
        with np.load(path, allow_pickle=False) as saved:
            parts = {name: saved[name] for name in ("format", *_KINDS)}
    except (OSError, EOFError, ValueError, KeyError, BadZipFile, zlib.error) as error:
        raise DataError(f"{path} is not an index of complaints ({type(error).__name__}).", mend=_MEND) from error
    if not np.array_equal(parts["format"], _FORMAT):
        raise DataError(f"{path} has format {parts['format'].tolist()}; this version reads {_FORMAT}.", mend=_MEND)
    arrays = {name: parts[name] for name in _KINDS}
    if not _fit_together(**arrays):
        raise DataError(f"{path} is damaged: its parts do not match.", mend=_MEND)
    return Kept(**arrays | {name: arrays[name].tolist() for name in ("ids", "agencies")})


def _fit_together(
    ids: NDArray[Any], agencies: NDArray[Any], times: NDArray[Any], terms: NDArray[Any], ends: NDArray[Any]
) -> bool:
    """Tell whether the arrays of a file belong together; see :class:`Kept`."""
    arrays = (ids, agencies, times, terms, ends)
    return bool(
        [array.dtype.kind for array in arrays] == list(_KINDS.values())
        and all(array.ndim == 1 for array in arrays)
        and len(set(ids.tolist())) == len(ids) == len(agencies) == len(times) == len(ends) - 1
        and ends[0] == 0
        and ends[-1] == len(terms)
        and (np.diff(ends) >= 0).all()
    )
