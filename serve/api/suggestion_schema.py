"""Request and response schemas of suggestions; a suggestion itself is :class:`pipeline.complaint.Suggestion`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from pipeline.complaint import Complaint, Suggestion
from serve.api.problem_schema import Problem

MAX_BATCH = 1000

_EXAMPLE: JsonDict = {
    "id": "LAPOR-2026-001",
    "text": "Lampu jalan di depan Pasar Cibitung mati sudah seminggu, gelap sekali kalau malam",
    "address": "Desa Wanasari, Kecamatan Cibitung",
}


class ComplaintIn(BaseModel):
    """A complaint to be classified."""

    model_config = ConfigDict(extra="ignore", strict=True, json_schema_extra={"examples": [_EXAMPLE]})

    text: Annotated[str, Field(description="The citizen's text, at most 20,000 characters")]
    address: Annotated[str | None, Field(description="Where it happened, if known separately from the text")] = None
    id: Annotated[str | None, Field(description="Your identifier, returned unchanged")] = None

    def complaint(self) -> Complaint:
        """Return the complaint, validated.

        Raises
        ------
        ComplaintError
            If the text is invalid.
        """
        return Complaint(self.text, address=self.address, id=self.id)


class BatchIn(BaseModel):
    """Several complaints."""

    complaints: Annotated[list[ComplaintIn], Field(min_length=1, max_length=MAX_BATCH)]


class FailedItem(BaseModel):
    """Error in place of a suggestion, for an invalid complaint of a batch."""

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
    """The model that makes the suggestions."""

    name: str
    region: dict[str, str]
    agencies: int
