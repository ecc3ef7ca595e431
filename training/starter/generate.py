"""The starter corpus: complaints composed from a region's problem catalogue, seeded and reproducible."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.atomic_files import replacing
from pipeline.complaint import Level, has_letter
from pipeline.errors import DataError, RegionError
from pipeline.region import Agency, Problem, Region, Urusan
from pipeline.region.catalogue import Register
from pipeline.region.national import kecamatan_elsewhere, kecamatan_of
from pipeline.region.other_regions import neighbouring_kecamatan
from pipeline.region.succession import today
from pipeline.replaceable import check_table_replaceable
from training.starter.compose import NamedPlace, Told, compose
from training.starter.local_terms import LocalTerms
from training.starter.locations import Elsewhere, Locations, Own
from training.starter.phrases import load_phrases

SECOND_PROBLEM_CHANCE = 0.05
ELSEWHERE = "luar-wilayah"  # the urusan whose places lie in other regencies
_TRIES = 50  # attempts to find a new text; one catalogue phrasing has thousands of variants
_ROWS_AT_ONCE = 10_000

_SCHEMA = pa.schema(
    [
        ("text", pa.string()),
        ("agency", pa.string()),
        ("urgency", pa.string()),
        ("urusan", pa.string()),
        ("problem", pa.string()),
        ("problem2", pa.string()),
        ("register", pa.string()),
        ("phrasing", pa.int32()),
        ("places", pa.list_(pa.struct([("code", pa.string()), ("start", pa.int32()), ("end", pa.int32())]))),
    ]
)


@dataclass(frozen=True, slots=True)
class StarterRow:
    """A generated complaint and everything known about it.

    Attributes
    ----------
    problem, problem2
        ``urusan/id`` of the problem, and of a second one in the same message.
    phrasing
        Number of the phrasing in the catalogue: rows of one phrasing are variants of each other.
    """

    text: str
    agency: str
    urgency: Level
    urusan: str
    problem: str
    problem2: str | None
    register: str
    phrasing: int
    places: tuple[NamedPlace, ...]


@dataclass(frozen=True, slots=True)
class _Source:
    urusan: Urusan
    problem: Problem
    register: Register
    text: str
    number: int

    @property
    def name(self) -> str:
        return f"{self.urusan.urusan}/{self.problem.id}"


def generate(
    region: Region,
    rows: int,
    *,
    seed: int,
    noise: float,
    priors: Mapping[str, float] | None = None,
    day: dt.date | None = None,
) -> Iterator[StarterRow]:
    """Yield ``rows`` different complaints.

    Parameters
    ----------
    region
        The region of the agencies, places and catalogue.
    seed
        The same seed gives the same rows.
    noise
        How carelessly people type, 0 to 1.
    priors
        How often an urusan occurs, as weights by name; others have the weight that the region states, or else 1 per
        problem.
    day
        The day whose agencies are responsible; today by default.

    Raises
    ------
    RegionError
        If the region has no catalogue.
    DataError
        If ``priors`` name an urusan that it doesn't have.
    """
    sources = list(_sources(region))
    if not sources:
        raise RegionError(
            f"Region {region.name} has no problem catalogue.", mend="Add extends: base to its region.yaml."
        )
    if unknown := sorted(set(priors or {}) - set(region.catalogue)):
        raise DataError(
            f"starter.priors of params.yaml: {region.name} has no urusan {unknown[0]!r}.",
            mend=f"It has {', '.join(sorted(region.catalogue))}.",
        )
    day = day or today(region)
    offices = {
        f"{urusan.urusan}/{problem.id}": region.responsible(urusan.urusan, problem.id, day)
        for urusan, problem in region.problems()
    }
    sources = [source for source in sources if offices[source.name]]
    weights = list(accumulate(_weights(sources, {**region.priors, **(priors or {})})))
    composer = _Composer(region, sources, weights, offices, noise)
    rng = random.Random(seed)  # noqa: S311 (reproducible, not secret)
    seen: set[int] = set()
    made = 0
    while made < rows:
        for _ in range(_TRIES):
            row = composer.row(rng)
            key = hash(row.text)
            # Some noise leaves digits only, which are not a valid Complaint.
            if key not in seen and has_letter(row.text):
                break
        else:
            raise RegionError(
                f"The catalogue of {region.name} yields only {made:,} distinct complaints.",
                mend="Ask for fewer rows, or add phrasings.",
            )
        seen.add(key)
        made += 1
        yield row


def write_corpus(path: Path, corpus: Iterable[StarterRow]) -> int:
    """Write rows to a Parquet file and return how many; a crash leaves no file.

    Raises
    ------
    DataError
        If something else than a starter corpus is there: whoever takes FILE for an input gives labelled complaints.
    """
    check_table_replaceable(path, map(_SCHEMA.field, ("problem", "phrasing")), "starter")
    count = 0
    with (
        replacing(path) as unfinished,
        unfinished.open("wb") as opened,
        pq.ParquetWriter(opened, _SCHEMA, compression="zstd") as writer,
    ):
        batch: list[dict[str, object]] = []
        for row in corpus:
            batch.append(_plain(row))
            if len(batch) == _ROWS_AT_ONCE:
                writer.write_table(pa.Table.from_pylist(batch, _SCHEMA))
                count, batch = count + len(batch), []
        writer.write_table(pa.Table.from_pylist(batch, _SCHEMA))
        count += len(batch)
    return count


class _Composer:
    """Composes one row after another.

    Parameters
    ----------
    weights
        How often each of the ``sources`` is drawn, cumulative.
    offices
        The agencies responsible for each problem, by its name.
    """

    def __init__(
        self,
        region: Region,
        sources: list[_Source],
        weights: list[float],
        offices: Mapping[str, list[Agency]],
        noise: float,
    ) -> None:
        self._sources = sources
        self._weights = weights
        self._offices = offices
        self._noise = noise
        self._phrases = load_phrases()
        self._own = Own(region.name)
        self._terms = LocalTerms(region)
        self._here = Locations(list(region.places.values()), self._phrases, self._own, self._terms)
        self._elsewhere = _elsewhere(region)

    def row(self, rng: random.Random) -> StarterRow:
        first = self._source(rng)
        told = [first]
        if first.register != "cerita" and rng.random() < SECOND_PROBLEM_CHANCE:
            told.append(self._source(rng))
        agency = rng.choice(self._offices[first.name])
        named = rng.choice((agency.name, agency.name, *agency.aliases))
        composed = compose(
            [Told(source.problem, source.register, self._terms.told(source.text, rng), named) for source in told],
            self._elsewhere if first.urusan.urusan == ELSEWHERE else self._here,
            self._own,
            self._phrases,
            self._noise,
            rng,
        )
        return StarterRow(
            text=composed.text,
            agency=agency.code,
            urgency=composed.urgency,
            urusan=first.urusan.urusan,
            problem=first.name,
            problem2=told[1].name if len(told) > 1 else None,
            register=first.register,
            phrasing=first.number,
            places=composed.places,
        )

    def _source(self, rng: random.Random) -> _Source:
        return rng.choices(self._sources, cum_weights=self._weights)[0]


def _elsewhere(region: Region) -> Elsewhere:
    mine = {place.name for place in region.places.values()}
    told = {name for name, _ in neighbouring_kecamatan(region.code, region.neighbours)} - mine
    return Elsewhere(
        kecamatan_elsewhere(region.code), [kecamatan_of((code,)) for code in region.neighbours], frozenset(told)
    )


def _sources(region: Region) -> Iterator[_Source]:
    number = 0
    for urusan, problem in region.problems():
        for register, text in problem.texts:
            yield _Source(urusan, problem, register, text, number)
            number += 1


def _weights(sources: list[_Source], priors: Mapping[str, float]) -> Iterator[float]:
    """Yield the weight of every phrasing: an urusan's prior, shared equally by its problems and their phrasings."""
    for source in sources:
        problems = len(source.urusan.problems)
        prior = priors.get(source.urusan.urusan, float(problems))
        yield prior / problems / len(source.problem.texts)


def _plain(row: StarterRow) -> dict[str, object]:
    places = [{"code": place.code, "start": place.start, "end": place.end} for place in row.places]
    return {name: getattr(row, name) for name in row.__slots__} | {"urgency": str(row.urgency), "places": places}
