"""``/v1/suggestions``, and the agencies and the model that suggestions refer to."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Body, Response
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from pipeline.complaint import UNREADABLE, Complaint, Suggestion
from pipeline.errors import ComplaintError
from pipeline.region.succession import today
from pipeline.router import Router
from serve.api.dependencies import LoadedRouter, LoadedSuggester
from serve.api.problems import PROBLEM_RESPONSES, problem_of
from serve.api.suggestion_schema import AgencyOut, BatchIn, BatchOut, ComplaintIn, FailedItem, ModelOut

MAX_INLINE_CHARS: Final = 1500  # 97 of 100 real complaints are shorter
# Serialised directly: having FastAPI validate a suggestion, which is typed already, would take longer than making it.
_written = TypeAdapter(Suggestion).dump_json

api = APIRouter(prefix="/v1", tags=["suggestions"], responses=PROBLEM_RESPONSES)


@api.post("/suggestions", response_model=Suggestion)
async def suggest(complaint: Annotated[ComplaintIn, Body()], suggester: LoadedSuggester) -> Response:
    """Suggest agency and urgency for one complaint."""
    checked = complaint.complaint()
    if fits_inline(checked):
        return answer(suggester.suggest(checked))
    return answer(await run_in_threadpool(suggester.suggest, checked))


@api.post("/suggestions/batch")
def suggest_batch(batch: Annotated[BatchIn, Body()], router: LoadedRouter) -> BatchOut:
    """Suggest for up to 1,000 complaints; an invalid one gets an error in its place."""
    checked = [_checked(item) for item in batch.complaints]
    answers = iter(router.suggest_many([item for item in checked if isinstance(item, Complaint)]))
    return BatchOut(suggestions=[next(answers) if isinstance(item, Complaint) else item for item in checked])


@api.get("/agencies")
def agencies(router: LoadedRouter) -> list[AgencyOut]:
    """List the agencies that can be suggested and exist today."""
    region = router.region
    day = today(region)
    return [
        AgencyOut(
            code=code,
            name=region.agencies[code].name,
            kind=region.agencies[code].kind,
            sla_working_days={level: region.sla_working_days(code, level) for level in _levels(router)},
        )
        for code in router.codes
        if region.agencies[code].exists_on(day)
    ]


@api.get("/model")
def model(router: LoadedRouter) -> ModelOut:
    """Return the model that makes the suggestions."""
    return ModelOut(
        name=router.name,
        region={"code": router.region.code, "name": router.region.name},
        agencies=len(router.codes),
    )


def _checked(item: ComplaintIn) -> Complaint | FailedItem:
    try:
        return item.complaint()
    except ComplaintError as error:
        identifier = None if UNREADABLE.search(item.id or "") else item.id  # cannot be encoded in the response
        return FailedItem(id=identifier, error=problem_of(error))


def _levels(router: Router) -> list[str]:
    return [str(level) for level in router.model.urgency.classes_]


def answer(suggestion: Suggestion) -> Response:
    """Return a suggestion as a response."""
    return Response(_written(suggestion), media_type="application/json")


def fits_inline(complaint: Complaint) -> bool:
    """Tell whether a complaint is short enough to answer on the event loop, faster than handing it to a thread."""
    return len(complaint.full_text) <= MAX_INLINE_CHARS
