from __future__ import annotations

import json
import urllib.request

import pytest

from tests.clone import Clone

pytestmark = pytest.mark.slow


def _suggest(address: str, text: str) -> dict[str, object]:
    request = urllib.request.Request(  # noqa: S310 (our own server)
        f"{address}/v1/suggestions",
        data=json.dumps({"text": text}).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        answer: dict[str, object] = json.load(response)
        return answer


def test_make_run_serves_a_model_that_routes(served: str) -> None:
    answer = _suggest(served, "lampu jalan di desa Sukadami mati sudah seminggu")
    assert answer["agencies"][0]["code"] == "dishub"  # type: ignore[index]


@pytest.mark.usefixtures("served")
def test_the_second_time_it_needs_no_network(clone: Clone) -> None:
    nowhere = "http://127.0.0.1:9"
    offline = {"http_proxy": nowhere, "https_proxy": nowhere, "PIP_INDEX_URL": nowhere, "UV_OFFLINE": "1"}
    with clone.serving(**offline) as address:
        assert _suggest(address, "sampah menumpuk bau sekali")["agencies"]
