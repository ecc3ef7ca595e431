"""Generated requests against the API's own description: nothing it doesn't announce, and never a crash.

``DISPOSISI_CASES=2000 pytest -m slow tests/serve/test_openapi.py -s`` sends that many for each operation and tells how
many that were.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from serve.app import create_app
from serve.settings import Settings
from serve.store import accounts, keys
from serve.store.accounts import Role, Scope

CASES = int(os.environ.get("DISPOSISI_CASES", "50"))
# The description cannot say all: a text needs a letter, a decision must fit the complaint's status.
NOT_SAID = positive_data_acceptance
ENDLESS = "/v1/events"  # a stream; it has no end that a test could wait for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def api(
    model_folder: Path, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[schemathesis.BaseSchema, dict[str, str]]:
    """The description of an application whose store begins with some complaints, and a key that may do everything."""
    store = tmp_path_factory.mktemp("openapi") / "store.sqlite3"
    shutil.copy(migrated_file, store)
    application = create_app(Settings(model=model_folder, database_url=f"sqlite:///{store}"))
    now = dt.datetime.now(tz=dt.UTC)
    with application.state.database.writing() as session:
        accounts.add_user(session, "ani", "empat kata yang acak", full_name="", role=Role.ADMIN, now=now)
        key = keys.add_key(session, "uji", list(Scope), now=now, per_minute=10_000_000)
    headers = {"Authorization": f"Bearer {key}"}
    client = TestClient(application)
    for number in range(5):
        body = {"text": f"Lampu jalan mati di Cibitung {number}", "sender_id": str(number)}
        assert client.post("/v1/complaints", json=body, headers=headers).status_code == 201
    return schemathesis.openapi.from_asgi("/openapi.json", application), headers


def test_every_answer_is_one_that_the_description_announces(
    api: tuple[schemathesis.BaseSchema, dict[str, str]],
) -> None:
    schema, headers = api
    sent: Counter[str] = Counter()
    failures: dict[str, str] = {}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if operation.path == ENDLESS:
            continue
        try:
            _attack(operation, headers, sent)
        except (Exception, BaseExceptionGroup) as error:  # all operations are tried before any is complained about
            failures[operation.label] = "\n".join(str(e) for e in getattr(error, "exceptions", [error]))
    sys.stdout.write(
        f"{sum(sent.values()):,} requests to {len(sent)} operations, at least {min(sent.values()):,} each\n"
    )
    assert len(sent) >= 20
    assert failures == {}, "\n\n".join(f"{label}\n{what}" for label, what in failures.items())


def _attack(operation: Any, headers: dict[str, str], sent: Counter[str]) -> None:
    @settings(
        max_examples=CASES, deadline=None, phases=[Phase.generate], derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def attack(case: schemathesis.Case[Any]) -> None:
        sent[operation.label] += 1
        case.call_and_validate(headers=headers, excluded_checks=[NOT_SAID])

    attack()
