"""Full-text search by word prefixes, without stemming: FTS5 on SQLite, ``tsvector`` on PostgreSQL."""

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
    """Return the column that orders search results by arrival without a sort.

    FTS5 can only walk its hits in the order of its own row id, which is the complaint's number.
    """
    return models.Complaint.id.expression if dialect == "postgresql" else _fts.c.rowid


def matching(query: Select[*Row], words: str, dialect: str) -> Select[*Row]:
    """Return the query restricted to complaints that contain all the words, each as a prefix of a word.

    Input without any word, only punctuation, matches nothing.
    """
    wanted = [word.lower() for word in _WORD.findall(words)][:MAX_WORDS]
    if dialect == "postgresql":
        tsquery = func.to_tsquery("simple", " & ".join(f"{word}:*" for word in wanted))
        return query.where(column("search", _selectable=models.Complaint.__table__).op("@@")(tsquery))
    expression = " ".join(f'"{word}"*' for word in wanted) or '""'
    return query.join(_fts, _fts.c.rowid == models.Complaint.id).where(
        _fts.c.complaints_fts.op("MATCH")(bindparam(None, expression))
    )
