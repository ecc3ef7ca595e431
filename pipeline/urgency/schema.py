"""The catalogue of danger cues, typed and checked: words.yaml and cues.yaml beside this file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pipeline.complaint import Level
from pipeline.plain_yaml import PlainLoader

Phrase = tuple[str, ...]


def _phrases(value: Any) -> Any:
    """Read entries separated by spaces; an underscore joins the words of a phrase."""
    return tuple(tuple(entry.split("_")) for entry in value.split()) if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    """Read phrases separated by semicolons."""
    return tuple(tuple(entry.strip().split("_")) for entry in value.split(";")) if isinstance(value, str) else value


Phrases = Annotated[tuple[Phrase, ...], BeforeValidator(_phrases)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cue(_Entry):
    """One thing that makes a situation urgent.

    Attributes
    ----------
    id
        The kind of danger.
    reason
        Why it is urgent, in Indonesian.
    any
        Patterns, one of which must be found; their language is described at the top of cues.yaml.
    past
        A past event means that the danger is still there.
    threat
        The intention itself is the danger: fear or intention doesn't cancel it.
    long
        It is described at length, so its words may be as far apart as those of a lasting danger.
    stays
        It remains until somebody removes it: that nobody was hurt doesn't cancel it.
    """

    id: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$")]
    level: Literal[Level.DARURAT, Level.TINGGI]
    reason: Annotated[str, Field(min_length=5)]
    any: Annotated[tuple[str, ...], Field(min_length=1)]
    past: bool = False
    threat: bool = False
    long: bool = False
    stays: bool = False


class Context(_Entry):
    """Words that cancel a cue, or restore it (``ongoing``)."""

    negators: Phrases
    fillers: Phrases
    conditional: Phrases
    feared: Phrases
    nearly: Phrases
    similes: Phrases
    past: Phrases
    once: Phrases
    habits: Phrases
    resolved: Phrases
    unhurt: Phrases
    unconcerned: Phrases
    spared: Phrases
    thanks: Phrases
    ongoing: Phrases
    requests: Phrases


class CueCatalogue(_Entry):
    """Classes of words, cues, and what cancels them."""

    classes: dict[Annotated[str, Field(pattern=r"^[A-Z_]+$")], Phrases]
    shadows: Annotated[tuple[Phrase, ...], BeforeValidator(_listed)]
    cues: tuple[Cue, ...]
    context: Context

    @model_validator(mode="after")
    def _classes_are_known(self) -> CueCatalogue:
        ids = [cue.id for cue in self.cues]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"cues occur twice: {', '.join(twice)}")
        for name, phrases in self.classes.items():
            if named := sorted({word for phrase in phrases for word in phrase if word.isupper()}):
                raise ValueError(f"class {name} refers to {', '.join(named)}; a class may contain words only")
        for cue in self.cues:
            for pattern in cue.any:
                for name in pattern_names(pattern):
                    if name.isupper() and name not in self.classes:
                        raise ValueError(f"cue {cue.id}: {pattern!r} names the unknown class {name!r}")
        return self


def pattern_names(pattern: str) -> Iterator[str]:
    """Yield the classes and words that a pattern names."""
    for element in pattern.split():
        yield from element.lstrip("!").split("|")


@cache
def load_cues() -> CueCatalogue:
    """Read the catalogue of danger cues.

    Raises
    ------
    pydantic.ValidationError
        If it has a mistake, with the cue and the pattern.
    """
    folder = files("pipeline.urgency")
    words = _read(folder.joinpath("words.yaml"))
    cues = _read(folder.joinpath("cues.yaml"))
    classes = words["classes"] | cues.pop("extra")
    whole = {name: _whole(name, classes) for name in classes}
    return CueCatalogue.model_validate({"classes": whole, "shadows": words["shadows"], **cues})


def _whole(name: str, classes: Mapping[str, str]) -> str:
    """Return the words of a class, with those of the classes that it names."""
    return " ".join(_whole(word, classes) if word in classes else word for word in classes[name].split())


def _read(file: Traversable) -> Any:
    # The first answer waits for it.
    return yaml.load(file.read_text(encoding="utf-8"), Loader=PlainLoader)  # noqa: S506 (a safe loader)
