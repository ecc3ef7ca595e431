"""``/v1``: suggestions for complaints, and what they refer to."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool

from pipeline.complaint import Complaint, Suggestion
from pipeline.errors import ComplaintError
from serve.api.dependencies import LoadedRouter, LoadedSuggester
from serve.api.problems import PROBLEM_RESPONSES, Problem, problem_of

MAX_BATCH = 1000
MAX_INLINE_CHARS = 1500  # 97 of 100 real complaints are shorter

api = APIRouter(prefix="/v1", tags=["suggestions"])

_EXAMPLE: JsonDict = {
    "id": "LAPOR-2026-001",
    "text": "Lampu jalan di depan Pasar Cibitung mati sudah seminggu, gelap sekali kalau malam",
    "address": "Desa Wanasari, Kecamatan Cibitung",
}


class ComplaintIn(BaseModel):
    """A complaint as it comes in."""

    model_config = ConfigDict(extra="ignore", strict=True, json_schema_extra={"examples": [_EXAMPLE]})

    text: Annotated[str, Field(description="What the citizen wrote, at most 20,000 characters")]
    address: Annotated[str | None, Field(description="Where it happened, if known apart from the text")] = None
    id: Annotated[str | None, Field(description="Your identifier; comes back untouched")] = None

    def complaint(self) -> Complaint:
        """Return the complaint, checked.

        Raises
        ------
        ComplaintError
            If the text cannot be used.
        """
        return Complaint(self.text, address=self.address, id=self.id)


class BatchIn(BaseModel):
    """Several complaints."""

    complaints: Annotated[list[ComplaintIn], Field(min_length=1, max_length=MAX_BATCH)]


class FailedItem(BaseModel):
    """Stands where a complaint of a batch could not be used."""

    id: str | None
    error: Problem


class BatchOut(BaseModel):
    """A suggestion, or an error, for each complaint, in the same order."""

    suggestions: list[Suggestion | FailedItem]


class AgencyOut(BaseModel):
    """An agency that can be suggested."""

    code: str
    name: str
    kind: str
    sla_working_days: dict[str, int]


class ModelOut(BaseModel):
    """The model that answers."""

    name: str
    region: dict[str, str]
    agencies: int


@api.post("/suggestions", response_model=Suggestion, responses=PROBLEM_RESPONSES)
async def suggest(complaint: Annotated[ComplaintIn, Body()], suggester: LoadedSuggester) -> Response:
    """Suggest agency and urgency for one complaint."""
    checked = complaint.complaint()
    # To hand a short text to a thread takes longer than to answer it; a long one would keep the others waiting.
    if len(checked.full_text) <= MAX_INLINE_CHARS:
        suggestion = suggester.suggest(checked)
    else:
        suggestion = await run_in_threadpool(suggester.suggest, checked)
    # Made by this program and typed: to have it validated by its own schema again would cost more than to make it.
    return Response(to_json(suggestion), media_type="application/json")


@api.post("/suggestions/batch", responses=PROBLEM_RESPONSES)
def suggest_batch(batch: Annotated[BatchIn, Body()], router: LoadedRouter) -> BatchOut:
    """Suggest for up to 1,000 complaints; one that cannot be used gets an error in its place."""
    checked = [_checked(item) for item in batch.complaints]
    answers = iter(router.suggest_many([item for item in checked if isinstance(item, Complaint)]))
    return BatchOut(suggestions=[next(answers) if isinstance(item, Complaint) else item for item in checked])


@api.get("/agencies")
def agencies(router: LoadedRouter) -> list[AgencyOut]:
    """List the agencies that can be suggested and exist today."""
    region, today = router.region, dt.datetime.now(tz=dt.UTC).date()
    return [
        AgencyOut(
            code=code,
            name=region.agencies[code].name,
            kind=region.agencies[code].kind,
            sla_working_days={level: region.sla_working_days(code, level) for level in _levels(router)},
        )
        for code in router.codes
        if region.agencies[code].exists_on(today)
    ]


@api.get("/model")
def model(router: LoadedRouter) -> ModelOut:
    """Tell which model answers."""
    return ModelOut(
        name=router.name,
        region={"code": router.region.code, "name": router.region.name},
        agencies=len(router.codes),
    )


def _checked(item: ComplaintIn) -> Complaint | FailedItem:
    try:
        return item.complaint()
    except ComplaintError as error:
        return FailedItem(id=item.id, error=problem_of(error))


def _levels(router: Any) -> list[str]:
    return [str(level) for level in router.model.urgency.classes_]
