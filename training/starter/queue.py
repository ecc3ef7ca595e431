"""The initial queue of the demo: 60 starter complaints of a few days, generated once and shipped with serving.

To generate it again, for example after the catalogue has grown::

    python -m training.starter.queue kab_bekasi serve/store/demo_queues/32.16.jsonl
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pipeline.atomic_files import write_whole
from pipeline.complaint import Level
from pipeline.region import Region, load_region
from training.starter.generate import ELSEWHERE, StarterRow, generate

SIZE = 60
# A typical morning: mostly ordinary problems, a few that cannot wait.
WANTED = {Level.DARURAT: 4, Level.TINGGI: 12, Level.SEDANG: 32, Level.RENDAH: 12}
PER_OFFICE = 6
CHANNELS = {"sp4n-lapor": 5, "whatsapp": 4, "instagram": 2, "web": 2, "loket": 1}
LENGTHS = range(45, 420)
CLUSTERS = 2  # problems that several people report
CLUSTER_SIZE = 4
_CANDIDATES = 30_000
_SEED = 23
_NOISE = 0.15
_DAYS = 4
# The most frequent topics in a regency: roads, street lights, floods, work, water, waste, schools.
_PRIORS = {
    "jalan-jembatan": 60.0, "perhubungan": 40.0, "sumber-daya-air": 30.0, "lingkungan-hidup": 30.0, "air-minum": 25.0,
    "ketenagakerjaan": 25.0, "pendidikan": 20.0, "kependudukan": 20.0, "sosial": 15.0, "kesehatan": 15.0,
}  # fmt: skip


def main() -> None:
    """Write the queue of a region: ``python -m training.starter.queue REGION FILE``."""
    region, file = sys.argv[1:3]
    lines = [json.dumps(row, ensure_ascii=False) for row in starter_queue(load_region(region))]
    write_whole(Path(file), "\n".join(lines) + "\n")


def starter_queue(region: Region) -> list[dict[str, object]]:
    """Return 60 complaints, the oldest first: text, address, channel, and how many hours ago each came in.

    Two problems are reported several times from one kecamatan, like a hole in a main road, for dispatchers to merge.
    """
    rng = random.Random(_SEED)  # noqa: S311 (reproducible, not secret)
    candidates = [
        row
        for row in generate(region, _CANDIDATES, seed=_SEED, noise=_NOISE, priors=_PRIORS)
        if len(row.text) in LENGTHS and row.problem2 is None and row.urusan != ELSEWHERE
    ]
    rows = _clusters(region, candidates)
    rows += _spread(candidates, rows)
    rng.shuffle(rows)
    hours = sorted((round(rng.random() ** 1.5 * 24 * _DAYS, 1) for _ in rows), reverse=True)
    channels = rng.choices(list(CHANNELS), list(CHANNELS.values()), k=len(rows))
    return [
        {"text": row.text, "address": _address(region, row, rng), "channel": channel, "hours_ago": hour}
        for row, channel, hour in zip(rows, channels, hours, strict=True)
    ]


def _clusters(region: Region, candidates: Iterable[StarterRow]) -> list[StarterRow]:
    """Return several complaints about the same problem in the same kecamatan."""
    groups: dict[tuple[str, str], list[StarterRow]] = {}
    for row in candidates:
        if row.places:
            groups.setdefault((row.problem, _kecamatan(region, row)), []).append(row)
    chosen: list[StarterRow] = []
    taken: set[str] = set()
    for (problem, kecamatan), rows in sorted(groups.items(), key=lambda group: -len(group[1])):
        distinct = list({row.phrasing: row for row in rows}.values())
        office = problem.partition("/")[0]
        if len(distinct) >= CLUSTER_SIZE and office not in taken and kecamatan not in taken:
            taken |= {office, kecamatan}
            chosen += distinct[:CLUSTER_SIZE]
        if len(chosen) >= CLUSTER_SIZE * CLUSTERS:
            break
    return chosen


def _spread(candidates: Iterable[StarterRow], already: list[StarterRow]) -> list[StarterRow]:
    """Return complaints of many offices and problems, with the given number for each urgency."""
    missing = Counter(WANTED)
    missing.subtract(row.urgency for row in already)
    offices = Counter(row.agency for row in already)
    problems = {row.problem for row in already}
    chosen: list[StarterRow] = []
    for row in candidates:
        if missing[row.urgency] > 0 and offices[row.agency] < PER_OFFICE and row.problem not in problems:
            missing[row.urgency] -= 1
            offices[row.agency] += 1
            problems.add(row.problem)
            chosen.append(row)
    return chosen[: SIZE - len(already)]


def _kecamatan(region: Region, row: StarterRow) -> str:
    place = region.places[row.places[0].code]
    return place.kecamatan_code or place.code


def _address(region: Region, row: StarterRow, rng: random.Random) -> str | None:
    """Return an address for some complaints that name no place, since the forms of some channels ask for one."""
    if row.places or rng.random() < 0.4:
        return None
    place = rng.choice([place for place in region.places.values() if place.kecamatan_code])
    return f"{place.kind.capitalize()} {place.name}, Kecamatan {region.places[place.kecamatan_code or ''].name}"


if __name__ == "__main__":
    main()
