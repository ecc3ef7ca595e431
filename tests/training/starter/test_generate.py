from __future__ import annotations

import random
import re
from collections import Counter
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.complaint import Complaint
from pipeline.errors import DataError, RegionError
from pipeline.region import Region, load_region, region_of_labels
from pipeline.region.new import new_region
from training.starter import StarterRow, generate, write_corpus
from training.starter.local_terms import LocalTerms

BENCH = Path(__file__).parents[4] / "shared" / "bench" / "city-complaints.parquet"
RUN = 8


@pytest.fixture(scope="module")
def rows(bekasi: Region) -> list[StarterRow]:
    return list(generate(bekasi, 6000, seed=1, noise=0.5))


def test_no_two_texts_are_equal(rows: list[StarterRow]) -> None:
    assert len({row.text for row in rows}) == len(rows)


def test_the_same_seed_gives_the_same_rows_and_another_one_others(bekasi: Region, rows: list[StarterRow]) -> None:
    assert list(generate(bekasi, 200, seed=1, noise=0.5)) == rows[:200]
    assert list(generate(bekasi, 200, seed=2, noise=0.5)) != rows[:200]


def test_every_agency_and_level_comes_up(bekasi: Region, rows: list[StarterRow]) -> None:
    assert {row.agency for row in rows} == set(bekasi.agencies)
    assert {str(row.urgency) for row in rows} == {"darurat", "tinggi", "sedang", "rendah"}


def test_every_text_can_be_a_complaint(bekasi: Region) -> None:
    rows = list(generate(bekasi, 2000, seed=1, noise=0.5, priors={"bukan-aduan": 10_000}))
    assert any(row.problem == "bukan-aduan/ketikan-acak" for row in rows)  # some consist of digits only
    for row in rows:
        Complaint(row.text)


def test_no_placeholder_is_left(rows: list[StarterRow]) -> None:
    assert not [row.text for row in rows if re.search(r"[{}]", row.text)]


def test_spans_of_places_hold_the_places_as_typed(bekasi: Region) -> None:
    named = [
        (row.text[place.start : place.end], bekasi.places[place.code])
        for row in generate(bekasi, 2000, seed=5, noise=0)
        for place in row.places
        if place.code in bekasi.places
    ]
    assert len(named) > 300
    assert all(text in (place.name, *place.aliases) for text, place in named)


@pytest.mark.parametrize(
    ("name", "called"), [("kab_bekasi", r"\bkab(upaten|\.)? bekasi"), ("kota_surabaya", r"(?<!di )\bkota surabaya")]
)
def test_the_regions_own_name_stands_in_complaints_of_every_office(name: str, called: str) -> None:
    region = load_region(name)
    priors = dict.fromkeys(region.catalogue, 1.0)
    rows = list(generate(region, 6000, seed=1, noise=0, priors=priors))
    naming = Counter(row.urusan for row in rows if re.search(called, row.text.lower()))
    assert set(naming) | {"luar-wilayah"} == {row.urusan for row in rows}


def test_elsewhere_is_next_door_more_often_than_not(bekasi: Region) -> None:
    rows = list(generate(bekasi, 3000, seed=1, noise=0, priors={"luar-wilayah": 100_000}))
    texts = [row.text for row in rows if row.urusan == "luar-wilayah"]
    next_door = [text for text in texts if re.search("Kota Bekasi|Karawang|Bogor|Jakarta", text)]
    assert len(next_door) > len(texts) / 3
    assert sum("Kota Bekasi" in text for text in texts) > sum("Karawang" in text for text in texts)


def test_a_prior_of_an_urusan_that_is_not_there_is_refused_and_not_passed_over(bekasi: Region) -> None:
    with pytest.raises(DataError, match=r"starter\.priors of params\.yaml: .* has no urusan 'sosialx'"):
        next(generate(bekasi, 10, seed=1, noise=0, priors={"sosial": 2, "sosialx": 2}))


def test_priors_decide_how_often_an_urusan_comes(bekasi: Region) -> None:
    priors = dict.fromkeys(bekasi.catalogue, 1.0) | {"perhubungan": 56.0}
    counts = Counter(row.urusan for row in generate(bekasi, 2000, seed=1, noise=0, priors=priors))
    assert counts["perhubungan"] == pytest.approx(1000, abs=100)


def test_bekasi_receives_most_about_what_its_region_states(bekasi: Region, rows: list[StarterRow]) -> None:
    counts = Counter(row.urusan for row in rows)
    # + 1: an urusan without a prior, kelurahan, weighs 20 as it has 20 problems, close to the lowest prior, 25.
    assert set(bekasi.priors) <= {urusan for urusan, _ in counts.most_common(len(bekasi.priors) + 1)}
    assert min(counts[urusan] for urusan in bekasi.catalogue) > 0


def test_a_region_without_catalogue_says_so() -> None:
    with pytest.raises(RegionError, match="extends: base"):
        next(generate(region_of_labels(["a", "b"]), 1, seed=1, noise=0))


def test_the_corpus_is_written_whole_or_not_at_all(bekasi: Region, tmp_path: Path) -> None:
    path = tmp_path / "corpus.parquet"
    assert write_corpus(path, generate(bekasi, 50, seed=1, noise=0.5)) == 50
    assert pq.read_table(path).num_rows == 50

    def broken() -> object:
        yield from islice(generate(bekasi, 50, seed=1, noise=0.5), 10)
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        write_corpus(tmp_path / "broken.parquet", broken())  # type: ignore[arg-type]
    assert [file.name for file in tmp_path.iterdir()] == ["corpus.parquet"]


@pytest.mark.parametrize("is_parquet", [True, False])
def test_a_corpus_takes_the_place_of_a_corpus_and_of_nothing_else(
    bekasi: Region, tmp_path: Path, is_parquet: bool
) -> None:
    path = tmp_path / "aduan.parquet"
    if is_parquet:
        pq.write_table(pa.table({"text": ["Sampah menumpuk"], "agency": ["dlh"], "urgency": ["sedang"]}), path)
    else:
        path.write_text("text,agency\n")
    before = path.read_bytes()
    with pytest.raises(DataError, match=r"aduan\.parquet is there, and was not written by disposisi starter"):
        write_corpus(path, generate(bekasi, 5, seed=1, noise=0.5))
    assert path.read_bytes() == before
    for rows in (5, 6):
        assert write_corpus(tmp_path / "corpus.parquet", generate(bekasi, rows, seed=1, noise=0.5)) == rows


@pytest.mark.skipif(not BENCH.exists(), reason="the benchmark file is not beside the project")
def test_no_row_holds_eight_words_in_a_row_of_the_benchmark(rows: list[StarterRow]) -> None:
    real = {run for text in pq.read_table(BENCH, columns=["text"])["text"].to_pylist() for run in _runs(text)}
    assert len(real) > 10_000
    assert not [row.problem for row in rows if not real.isdisjoint(_runs(row.text))]


def _runs(text: str) -> list[str]:
    words = re.findall(r"\w+", text.lower())
    return [" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)]


def test_where_a_kecamatan_is_called_otherwise_complaints_call_it_so(tmp_path: Path) -> None:
    region = load_region(new_region("93.01", tmp_path / "merauke"))
    texts = [row.text.lower() for row in generate(region, 1500, seed=1, noise=0)]
    told = {word: sum(bool(re.search(rf"\b{word}\b", text)) for text in texts) for word in ("distrik", "kecamatan")}
    assert told["distrik"] > 2 * told["kecamatan"] > 0


def test_where_it_is_called_kecamatan_nothing_else_is_drawn(bekasi: Region) -> None:
    rng = random.Random(1)
    before = rng.getstate()
    told = "Kantor kecamatan dan kantor desa tutup"
    assert LocalTerms(bekasi).told(told, rng) == told
    assert rng.getstate() == before
