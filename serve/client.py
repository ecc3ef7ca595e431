"""Python client for the HTTP API: suggestions, complaints and decisions.

Requires httpx2 (``pip install 'disposisi[client]'``); loads neither a model nor scikit-learn.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from types import TracebackType
from typing import Any, Self, TypeVar

try:
    import httpx2
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("The client needs httpx2. Install it: pip install 'disposisi[client]'.") from error
from pydantic import TypeAdapter, ValidationError

from pipeline.complaint import Complaint, Suggestion
from pipeline.errors import DisposisiError
from pipeline.numerals import whole
from serve.api.complaint_schema import ArrivalIn, ComplaintDetailOut, ComplaintOut, OrderIn, PageOut
from serve.api.problem_schema import Problem
from serve.api.suggestion_schema import MAX_BATCH, AgencyOut, FailedItem, ModelOut

__all__ = ["ArrivalIn", "Client", "Complaint", "OrderIn", "RefusedError", "UnreachableError"]

MAX_WAIT_SECONDS = 60  # a longer Retry-After isn't waited for: the response becomes the error
_BUSY = frozenset({httpx2.codes.TOO_MANY_REQUESTS, httpx2.codes.SERVICE_UNAVAILABLE})

Answer = TypeVar("Answer")
_SUGGESTION: TypeAdapter[Suggestion] = TypeAdapter(Suggestion)
_ITEMS: TypeAdapter[list[Suggestion | FailedItem]] = TypeAdapter(list[Suggestion | FailedItem])
_AGENCIES: TypeAdapter[list[AgencyOut]] = TypeAdapter(list[AgencyOut])
_MODEL, _PROBLEM = TypeAdapter(ModelOut), TypeAdapter(Problem)
_STORED, _DETAIL, _PAGE = TypeAdapter(ComplaintOut), TypeAdapter(ComplaintDetailOut), TypeAdapter(PageOut)


class RefusedError(DisposisiError):
    """The server answered with a problem document.

    Attributes
    ----------
    problem
        The problem document: ``status``, ``type``, ``detail`` and, for invalid input, ``errors``.
    """

    title = "Permintaan ditolak"

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.title}:", mend=problem.detail)
        self.problem = problem


class UnreachableError(DisposisiError):
    """No server answers at the address, or not in time, or what answers there isn't Disposisi."""

    title = "Server tidak terjangkau"


class Client:
    """Synchronous client for a Disposisi server.

    Parameters
    ----------
    address
        Base URL, for example ``https://disposisi.bekasikab.go.id``.
    key
        API key with the scopes that the calls need; ``None`` for a server on this machine without accounts.
    timeout
        Seconds to wait for a response.
    tries
        Maximum number of attempts while the server is busy (429 or 503 with ``Retry-After``).

    Examples
    --------
    ::

        with Client("http://127.0.0.1:8000") as client:
            suggestion = client.suggest("Lampu jalan di Desa Sukadami mati sudah seminggu")
            print(suggestion.agencies[0].name, suggestion.urgency.level)
    """

    def __init__(self, address: str, key: str | None = None, *, timeout: float = 10.0, tries: int = 3) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx2.Client(base_url=address, headers=headers, timeout=timeout)
        self._tries = tries

    def suggest(self, text: str, *, address: str | None = None, id: str | None = None) -> Suggestion:  # noqa: A002
        """Return the suggestion for one complaint; nothing is stored.

        Raises
        ------
        RefusedError
            If the text is invalid, or the key lacks the scope.
        UnreachableError
            If the server cannot be reached. Every other method raises it, too.
        """
        body = {"text": text, "address": address, "id": id}
        return self._ask(_SUGGESTION, "POST", "/v1/suggestions", json=body)

    def suggest_many(self, complaints: Iterable[Complaint]) -> Iterator[Suggestion | FailedItem]:
        """Yield for each complaint, in order, its suggestion or what was wrong with it; nothing is stored."""
        waiting = iter(complaints)
        while batch := list(islice(waiting, MAX_BATCH)):
            body = {"complaints": [{"text": c.text, "address": c.address, "id": c.id} for c in batch]}
            answer = self._send("POST", "/v1/suggestions/batch", json=body)
            yield from self._read(_ITEMS, answer, "suggestions")

    def agencies(self) -> list[AgencyOut]:
        """Return the agencies that can be suggested."""
        return self._ask(_AGENCIES, "GET", "/v1/agencies")

    def model(self) -> ModelOut:
        """Return the model that the server uses."""
        return self._ask(_MODEL, "GET", "/v1/model")

    def receive(self, arrival: ArrivalIn) -> ComplaintOut:
        """Store a complaint on the desk, and return it with its suggestion.

        With a ``sender_id`` the call is idempotent: after an error it can be retried, and is stored once.

        Raises
        ------
        RefusedError
            If the complaint is invalid, or its ``sender_id`` was already used for another text.
        """
        return self._ask(_STORED, "POST", "/v1/complaints", json=_body(arrival))

    def complaint(self, number: int) -> ComplaintDetailOut:
        """Return a complaint with its history."""
        return self._ask(_DETAIL, "GET", f"/v1/complaints/{number}")

    def complaints(self, **wanted: str | int | bool) -> Iterator[ComplaintOut]:
        """Yield the complaints in the queue, most urgent first, fetching page by page.

        Parameters
        ----------
        wanted
            Filters from docs/api.md: ``status``, ``any_status``, ``urgency``, ``agency``, ``kecamatan``, ``q``, …
        """
        page = self._ask(_PAGE, "GET", "/v1/complaints", params=wanted)
        yield from page.complaints
        while page.next:
            page = self._ask(_PAGE, "GET", "/v1/complaints", params=wanted | {"cursor": page.next})
            yield from page.complaints

    def decide(self, number: int, order: OrderIn) -> ComplaintOut:
        """Decide on a complaint, and return its new state.

        Raises
        ------
        RefusedError
            If the order cannot be carried out, or (409) the complaint has changed meanwhile.
        """
        return self._ask(_STORED, "POST", f"/v1/complaints/{number}/decisions", json=_body(order))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, kind: TypeAdapter[Answer], method: str, path: str, **request: Any) -> Answer:
        return self._read(kind, self._send(method, path, **request))

    def _send(self, method: str, path: str, **request: Any) -> httpx2.Response:
        left = self._tries
        while True:
            try:
                answer = self._http.request(method, path, **request)
            except httpx2.TransportError as error:
                raise UnreachableError(
                    f"{self._http.base_url} does not answer ({type(error).__name__}).",
                    mend="Check the address, and whether the server runs: its /healthz tells.",
                ) from error
            left -= 1
            pause = whole(answer.headers.get("Retry-After", ""))
            if left < 1 or answer.status_code not in _BUSY or pause is None or pause > MAX_WAIT_SECONDS:
                return answer
            time.sleep(pause)

    def _read(self, kind: TypeAdapter[Answer], answer: httpx2.Response, field: str | None = None) -> Answer:
        try:
            if answer.is_success:
                return kind.validate_python(answer.json()[field]) if field else kind.validate_json(answer.content)
            problem = _PROBLEM.validate_json(answer.content)
        except (ValidationError, ValueError, TypeError, LookupError) as error:
            raise UnreachableError(
                f"What answers {answer.status_code} at {answer.url} is no Disposisi of this version.",
                mend="Check the address, and that client and server have the same version.",
            ) from error
        raise RefusedError(problem)


def _body(sent: ArrivalIn | OrderIn) -> dict[str, Any]:
    return sent.model_dump(mode="json", exclude_unset=True)
