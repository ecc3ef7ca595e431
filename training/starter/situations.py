"""Messages of every level of urgency, written for this project, as they stand."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pipeline.complaint import Kind, Level


class Situation(BaseModel):
    """One text of situations.jsonl.

    Attributes
    ----------
    about
        The kind of danger, or of what only sounds like one.
    kind
        ``None`` where the text would pass as more than one kind of message.
    urusan
        The field of government whose agency handles it; ``None`` where another would do as well, or nobody said.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    about: str
    style: Annotated[str, Field(alias="register")]
    text: str
    urgency: Level
    kind: Kind | None
    urusan: str | None = None


@cache
def load_situations() -> tuple[Situation, ...]:
    """Read situations.jsonl: emergencies, calm messages that may sound like one, and everyday complaints."""
    lines = files("training.starter").joinpath("situations.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(Situation.model_validate(json.loads(line)) for line in lines)
