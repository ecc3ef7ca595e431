"""Many complaints at once: reading them, answering them, writing what came out."""

from typing import TYPE_CHECKING, Any

from pipeline.batch.chunks import BadRow
from pipeline.batch.columns import Columns
from pipeline.batch.readers import Record, read_records, split_bad

if TYPE_CHECKING:
    from pipeline.batch.tables import reclassify

__all__ = ["BadRow", "Columns", "Record", "read_records", "reclassify", "split_bad"]


def __getattr__(name: str) -> Any:
    # Imported on first use: it needs the router, and code that only reads files should not wait for scikit-learn.
    if name == "reclassify":
        from pipeline.batch.tables import reclassify  # noqa: PLC0415

        return reclassify
    raise AttributeError(name)
