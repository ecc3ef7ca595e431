"""Requests generated from the API's OpenAPI description: all responses are documented, and none is a crash.

``DISPOSISI_CASES=2000 pytest -m slow tests/serve/test_openapi.py -s`` sends that many to each operation, and prints the
number of requests and the slowest response of each. ``DISPOSISI_OPERATION=replies`` limits it to operations with this
in their name.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from serve.app import create_app
from serve.settings import Settings
from serve.store import accounts, keys
from serve.store.accounts import Role, Scope

CASES = int(os.environ.get("DISPOSISI_CASES", "50"))
ONLY = os.environ.get("DISPOSISI_OPERATION", "")
COMPLAINTS = 5  # in the store before the first request
# Not all rules can be described: a text needs a letter, a decision must fit the complaint's status.
NOT_SAID = positive_data_acceptance
# Queries and paths, unlike bodies, are text: `1` and `yes` are true, and of a repeated parameter the last counts.
LENIENT = negative_data_rejection
ENDLESS = "/v1/events"  # a stream, which doesn't end
# By default, schemathesis gives up after 10 s, just as long as a writer waits for another one before a documented 503.
# Speed isn't tested here: the slowest response is reported, not judged.
TIMEOUT_SECONDS = 60

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def api(
    model_folder: Path, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[schemathesis.BaseSchema, dict[str, str]]:
    """The schema of an application with some complaints in its store, and the headers of a key with all scopes."""
    store = tmp_path_factory.mktemp("openapi") / "store.sqlite3"
    shutil.copy(migrated_file, store)
    application = create_app(Settings(model=model_folder, database_url=f"sqlite:///{store}"))
    now = dt.datetime.now(tz=dt.UTC)
    with application.state.database.writing() as session:
        accounts.add_user(session, "ani", "empat kata yang acak", full_name="", role=Role.ADMIN, now=now)
        key = keys.add_key(session, "uji", list(Scope), now=now, per_minute=10_000_000)
    headers = {"Authorization": f"Bearer {key}"}
    client = TestClient(application)
    for number in range(COMPLAINTS):
        body = {"text": f"Lampu jalan mati di Cibitung {number}", "sender_id": str(number)}
        assert client.post("/v1/complaints", json=body, headers=headers).status_code == 201
    return schemathesis.openapi.from_asgi("/openapi.json", application), headers


def test_every_answer_is_one_that_the_description_announces(
    api: tuple[schemathesis.BaseSchema, dict[str, str]],
) -> None:
    schema, headers = api
    attacks: list[Attack] = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if operation.path != ENDLESS and ONLY in operation.label:
            attacks.append(_attack(operation, headers))
            sys.stdout.write(f"{attacks[-1]}\n")
            sys.stdout.flush()
    failed = [attack for attack in attacks if attack.failure]
    sys.stdout.write(
        f"{sum(attack.sent for attack in attacks):,} requests to {len(attacks)} operations, "
        f"at least {min(attack.sent for attack in attacks):,} each, {len(failed)} operations failed\n"
    )
    assert ONLY or len(attacks) >= 20
    assert not failed, "\n\n".join(f"{attack}\n{attack.failure}" for attack in failed)


@dataclass
class Attack:
    """Requests sent to one operation, and their outcome."""

    operation: str
    sent: int = 0
    slowest: float = 0.0  # response time in seconds
    failure: str = ""

    def __str__(self) -> str:
        """Return the outcome in one line."""
        outcome = "FAILED" if self.failure else "no failure"
        return f"{self.operation}: {self.sent:,} requests, slowest answer {self.slowest:.2f} s, {outcome}"


def _attack(operation: Any, headers: dict[str, str]) -> Attack:
    told = Attack(operation.label)
    excluded: list[Any] = [NOT_SAID] if operation.body else [NOT_SAID, LENIENT]

    @settings(
        max_examples=CASES, deadline=None, phases=[Phase.generate], derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=_cases(operation))
    def attack(case: schemathesis.Case[Any]) -> None:
        told.sent += 1
        response = case.call_and_validate(headers=headers, excluded_checks=excluded, timeout=TIMEOUT_SECONDS)
        told.slowest = max(told.slowest, response.elapsed)

    try:
        attack()
    except (Exception, BaseExceptionGroup) as error:  # reported once all operations have been tested
        told.failure = "\n".join(str(e) for e in getattr(error, "exceptions", [error]))
    return told


def _cases(operation: Any) -> SearchStrategy[Any]:
    """Return valid requests, invalid ones, and ones for existing complaints."""
    kinds = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]
    if "{number}" in operation.path:
        kinds += [operation.as_strategy(path_parameters={"number": number}) for number in range(1, COMPLAINTS + 1)]
    return st.one_of([kind for kind in kinds if not kind.is_empty])  # without parameters no request is invalid
