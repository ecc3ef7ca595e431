"""The contents of a region's files, typed: agencies, places, the settings in region.yaml."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pipeline.complaint import Level
from pipeline.numerals import in_digits

AgencyKind = Literal[
    "dinas", "satuan", "badan", "inspektorat", "bagian", "sekretariat", "rsud", "bumd", "unit",
    "kecamatan", "kelurahan", "desa", "luar", "bukan",
]  # fmt: skip
PlaceKind = Literal["kecamatan", "kelurahan", "desa"]
LandmarkKind = Literal["perumahan", "jalan", "kawasan", "pasar", "fasilitas"]

# Offices that exist once per place: one class for the classifier; the place decides which office.
PER_PLACE_KINDS = frozenset({"kecamatan", "kelurahan", "desa"})
# Not offices of the region: bodies outside its authority, and messages that are not complaints. Nothing is sent there.
OUTSIDE_KINDS = frozenset({"luar", "bukan"})

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _split(value: Any) -> Any:
    """Read a cell of several values, separated by semicolons."""
    return tuple(part.strip() for part in value.split(";") if part.strip()) if isinstance(value, str) else value


def _blank_to_none(value: Any) -> Any:
    return None if value == "" else value


def _days(value: Any) -> Any:
    return in_digits(value.strip()) if isinstance(value, str) and value else _blank_to_none(value)


def _written_as(pattern: str, example: str) -> AfterValidator:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"write it as {example}")
        return value

    return AfterValidator(check)


def _code(value: str) -> str:
    if not _CODE.fullmatch(value):
        raise ValueError("use lower-case letters and digits, with hyphens between them")
    return value


Several = Annotated[tuple[str, ...], BeforeValidator(_split)]
OptionalDate = Annotated[dt.date | None, BeforeValidator(_blank_to_none)]
OptionalDays = Annotated[Annotated[int, Field(ge=1, le=365)] | None, BeforeValidator(_days)]
OptionalText = Annotated[str | None, BeforeValidator(_blank_to_none)]
Code = Annotated[str, AfterValidator(_code)]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Agency(_Row):
    """An office that a complaint can be sent to; a row of ``agencies.csv``.

    Attributes
    ----------
    urusan
        The fields of government it handles, names of catalogue files; or single problems, as ``urusan/problem``.
    valid_from, valid_to
        The days it exists, both included; ``None`` is open.
    successor
        Codes of the agencies that take over when it ends. With several, each problem goes to the one that lists its
        urusan.
    sla_working_days
        Its own deadline; ``None`` for the region's.
    """

    code: Code
    kind: AgencyKind
    name: Annotated[str, Field(min_length=2)]
    aliases: Several = ()
    parent: OptionalText = None
    urusan: Several = ()
    valid_from: OptionalDate = None
    valid_to: OptionalDate = None
    successor: Several = ()
    sla_working_days: OptionalDays = None

    @model_validator(mode="after")
    def _dates_in_order(self) -> Agency:
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValueError(f"valid_from {self.valid_from} is after valid_to {self.valid_to}")
        return self

    @property
    def labels(self) -> tuple[str, ...]:
        """What the agency is called: its aliases, official name and code."""
        return (*self.aliases, self.name, self.code)

    def exists_on(self, day: dt.date) -> bool:
        """Tell whether the agency exists on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def exists_with(self, other: Agency) -> bool:
        """Tell whether there is a day on which both agencies exist."""
        begins = max(self.valid_from or dt.date.min, other.valid_from or dt.date.min)
        return begins <= min(self.valid_to or dt.date.max, other.valid_to or dt.date.max)


class PlaceEntry(_Row):
    """A kecamatan, kelurahan or desa; a row of ``places.csv``."""

    code: Annotated[str, _written_as(r"\d{2}\.\d{2}\.\d{2}(\.\d{4})?", "35.78.01 or 35.78.01.1001")]
    kind: PlaceKind
    name: Annotated[str, Field(min_length=2)]
    kecamatan_code: OptionalText = None
    aliases: Several = ()
    misspellings: Several = ()


class Landmark(_Row):
    """An estate, road or market that people name instead of the village; a row of ``landmarks.csv``.

    Attributes
    ----------
    place
        Code of the kecamatan, kelurahan or desa that all of it lies in.
    """

    name: Annotated[str, Field(min_length=3)]
    kind: LandmarkKind
    place: str
    aliases: Several = ()


class Sla(_Row):
    """Working days within which a complaint must be settled, by urgency."""

    darurat: Annotated[int, Field(ge=1)]
    tinggi: Annotated[int, Field(ge=1)]
    sedang: Annotated[int, Field(ge=1)]
    rendah: Annotated[int, Field(ge=1)]


class KindSla(_Row):
    """Working days within which a message must be settled, by kind; ``pengawasan`` are complaints about officials."""

    pengaduan: Annotated[int, Field(ge=1)]
    pengawasan: Annotated[int, Field(ge=1)]
    permintaan_informasi: Annotated[int, Field(ge=1)]
    aspirasi: Annotated[int, Field(ge=1)]
    bukan_aduan: Annotated[int, Field(ge=1)]


class UrgencyCosts(_Row):
    """What it costs to call a situation of one level another: ``costs[true][told]``.

    Only the ratios matter. They are policy: how many needless alarms a missed emergency is worth.
    """

    darurat: dict[Level, Annotated[float, Field(ge=0)]]
    tinggi: dict[Level, Annotated[float, Field(ge=0)]]
    sedang: dict[Level, Annotated[float, Field(ge=0)]]
    rendah: dict[Level, Annotated[float, Field(ge=0)]]

    @model_validator(mode="after")
    def _every_level_has_a_cost(self) -> UrgencyCosts:
        for true in Level:
            if missing := [level for level in Level if level not in getattr(self, true)]:
                raise ValueError(f"{true}: no cost for {', '.join(missing)}")
            if getattr(self, true)[true] != 0:
                raise ValueError(f"{true}: the right level must cost 0")
        return self

    def of(self, true: Level, told: Level) -> float:
        """Return the cost of answering ``told`` where ``true`` is right."""
        return self.where(true)[told]

    def where(self, true: str) -> dict[Level, float]:
        """Return the cost of answering each level where ``true`` is right."""
        costs: dict[Level, float] = getattr(self, true)
        return costs


class RegionSettings(_Row):
    """``region.yaml``: which region it is, and what it inherits from the national base.

    Attributes
    ----------
    extends
        ``base`` to inherit agencies, SLA and catalogue from the national base; ``None`` to inherit nothing.
    without
        Codes of inherited agencies that the region doesn't have.
    without_urusan
        Inherited catalogue files that don't apply here, such as ``desa`` in a city.
    priors
        How often complaints of an urusan come in, as weights, for the starter corpus; what is not named here is as in
        the base, and what isn't there either weighs as much as it has problems.
    alarm_shares
        Which share of an urusan's complaints is ``tinggi`` or ``darurat``, for the starter corpus, which composes all
        problems of an urusan alike; between 0 and 1, and what is not named here is as in the base.
    neighbours
        Codes of the regencies and cities that adjoin it: their kecamatan are known by name, and people write about
        them by mistake most.
    ordinary_names
        Names of its places that say something else far more often (*simpangan*), and count for little alone.
    sla_by_kind
        Deadlines by kind of message; ``None`` for those of the base, also where nothing else is inherited.
    responders
        The urusan whose agencies act at once, by danger (``pipeline/urgency/cues.yaml``); what is not named here is as
        in the base, and an empty list disables a danger.
    answer_within
        Working days within which the citizen must have a first answer; ``None`` if there is no such rule.
    urgency_costs
        Costs of misjudging urgency; ``None`` likewise.
    """

    code: Annotated[str, _written_as(r"\d{2}(\.\d{2})?", "'35.78'")]
    name: Annotated[str, Field(min_length=3)]
    province: str
    extends: Literal["base"] | None = None
    without: tuple[str, ...] = ()
    without_urusan: tuple[str, ...] = ()
    sla_working_days: Sla | None = None
    priors: dict[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    alarm_shares: dict[str, float] = Field(default_factory=dict)
    neighbours: tuple[Annotated[str, _written_as(r"\d{2}\.\d{2}", "'35.78'")], ...] = ()
    ordinary_names: tuple[Annotated[str, Field(min_length=2)], ...] = ()
    sla_by_kind: KindSla | None = None
    responders: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    answer_within: Annotated[int, Field(ge=1)] | None = None
    urgency_costs: UrgencyCosts | None = None
