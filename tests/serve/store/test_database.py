from __future__ import annotations

from typing import Any

import psycopg
import pytest

from serve.errors import StoreError
from serve.store.database import Database


@pytest.mark.parametrize(("query", "seconds"), [("", 10), ("?connect_timeout=3", "3")])
def test_a_database_that_has_gone_silent_is_given_up_after_seconds(
    query: str, seconds: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {}

    def connect(*_: Any, **options: Any) -> None:
        told.update(options)
        raise psycopg.OperationalError("connection timeout expired")

    monkeypatch.setattr(psycopg, "connect", connect)
    with pytest.raises(StoreError, match="cannot be reached"):
        Database(f"postgresql://disposisi@db.example/disposisi{query}")
    assert told["connect_timeout"] == seconds
    assert told["tcp_user_timeout"] == 10_000
    assert told["keepalives_idle"] + told["keepalives_interval"] * told["keepalives_count"] <= 30
