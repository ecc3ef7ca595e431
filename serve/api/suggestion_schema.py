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
    """Several complaints to be classified.

    Attributes
    ----------
    complaints
        Up to 1,000.
    """

    complaints: Annotated[list[ComplaintIn], Field(min_length=1, max_length=MAX_BATCH)]


class FailedItem(BaseModel):
    """Error in place of a suggestion, for an invalid complaint of a batch.

    Attributes
    ----------
    id
        Your identifier of the complaint.
    error
        What is wrong with the complaint.
    """

    id: str | None
    error: Problem


class BatchOut(BaseModel):
    """Suggestions for a batch.

    Attributes
    ----------
    suggestions
        A suggestion, or an error, for each complaint, in the same order.
    """

    suggestions: list[Suggestion | FailedItem]


class AgencyOut(BaseModel):
    """An agency that can be suggested.

    Attributes
    ----------
    kind
        Such as ``dinas``, ``badan`` or ``kecamatan``.
    sla_working_days
        Working days that the agency has to settle a complaint, by urgency.
    """

    code: str
    name: str
    kind: str
    sla_working_days: dict[str, int]


class ModelOut(BaseModel):
    """The model that makes the suggestions.

    Attributes
    ----------
    name
        Name of the model's version, as ``model`` in a suggestion.
    region
        Code and name of the region.
    agencies
        How many agencies the model knows.
    """

    name: str
    region: dict[str, str]
    agencies: int
