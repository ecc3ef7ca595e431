"""Full-text search: FTS5 on SQLite, ``tsvector`` on PostgreSQL; both without stemming, by beginnings of words."""

from __future__ import annotations

import re
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, bindparam, column, func, table

from serve.store import models

Row = TypeVarTuple("Row")
MAX_WORDS = 12
_WORD = re.compile(r"[^\W_]+")
_fts = table("complaints_fts", column("rowid"), column("complaints_fts"))


def arrival_order(dialect: str) -> ColumnElement[int]:
    """Return the column by which found complaints come in the order they arrived, without sorting all of them.

    FTS5 can walk its hits by their own row number only; it is the complaint's.
    """
    return models.Complaint.id.expression if dialect == "postgresql" else _fts.c.rowid


def matching(query: Select[*Row], words: str, dialect: str) -> Select[*Row]:
    """Return the query restricted to complaints that hold all the words, each as the beginning of a word.

    Words of which nothing can be looked up (only punctuation) find nothing.
    """
    wanted = [word.lower() for word in _WORD.findall(words)][:MAX_WORDS]
    if dialect == "postgresql":
        tsquery = func.to_tsquery("simple", " & ".join(f"{word}:*" for word in wanted))
        return query.where(column("search", _selectable=models.Complaint.__table__).op("@@")(tsquery))
    expression = " ".join(f'"{word}"*' for word in wanted) or '""'
    return query.join(_fts, _fts.c.rowid == models.Complaint.id).where(
        _fts.c.complaints_fts.op("MATCH")(bindparam(None, expression))
    )
