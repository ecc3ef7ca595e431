from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DataError
from pipeline.model import analyse
from pipeline.neighbours import Neighbour, NeighbourIndex
from pipeline.region import Region
from training.starter import generate
from training.starter.noise import distort, draw_noises

NOW = dt.datetime(2026, 1, 1, 8, 30, tzinfo=dt.UTC)
LAMP = "lampu jalan di depan pasar Cibitung mati sudah seminggu, gelap kalau malam, warga takut lewat"
BIN = "sampah di kali Cikarang menumpuk, baunya sampai ke sekolah dan tidak pernah diangkut petugas"

_TEXT = st.lists(
    st.sampled_from("lampu jalan mati rusak sampah pasar banjir sekolah guru air kotor bau lubang got".split()),
    min_size=1,
    max_size=10,
).map(" ".join)
_STEPS = st.lists(st.tuples(st.integers(0, 6), st.one_of(st.none(), _TEXT)), max_size=25)  # add, or remove


def filled(steps: list[tuple[int, str | None]]) -> tuple[NeighbourIndex, dict[str, str]]:
    index = NeighbourIndex()
    living: dict[str, str] = {}
    for number, text in steps:
        if text is None:
            assert index.remove(str(number)) == (living.pop(str(number), None) is not None)
        else:
            index.add(str(number), analyse(text), f"agency {text[:3]}", NOW)
            living[str(number)] = text
    return index, living


@given(_STEPS, _TEXT)
def test_only_complaints_that_are_in_the_index_are_found_the_most_similar_first(
    steps: list[tuple[int, str | None]], question: str
) -> None:
    index, living = filled(steps)
    found = index.query(analyse(question), k=50)
    assert len(index) == len(living)
    assert {neighbour.id for neighbour in found} <= set(living)
    similarities = [neighbour.similarity for neighbour in found]
    assert similarities == sorted(similarities, reverse=True)
    assert all(0 < similarity <= 1 for similarity in similarities)
    assert all(neighbour.agency == f"agency {living[neighbour.id][:3]}" for neighbour in found)


@given(_STEPS, _TEXT)
def test_the_same_words_are_found_first_whatever_was_added_or_taken_out(
    steps: list[tuple[int, str | None]], text: str
) -> None:
    index, _ = filled(steps)
    index.add("same", analyse(text), "dishub", NOW)
    first = index.query(analyse(text), k=1)[0]
    assert first.similarity == pytest.approx(1, abs=1e-5)


@given(_STEPS, _TEXT)
def test_a_saved_index_answers_as_before(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str | None]], question: str
) -> None:
    index, living = filled(steps)
    path = tmp_path_factory.mktemp("index") / "neighbours.npz"
    index.save(path)
    loaded = NeighbourIndex.load(path)
    assert len(loaded) == len(living)
    assert _plain(loaded.query(analyse(question), 50)).keys() == _plain(index.query(analyse(question), 50)).keys()
    assert list(path.parent.iterdir()) == [path]


def _plain(found: list[Neighbour]) -> dict[str, float]:
    return {neighbour.id: neighbour.similarity for neighbour in found}


def test_only_lists_of_the_rarest_words_are_read_as_far_as_the_budget_goes_and_at_least_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = NeighbourIndex()
    for number in range(5):
        index.add(str(number), analyse("lampu rusak"), "dishub", NOW)
    index.add("rare", analyse("lampu jembatan"), "dishub", NOW)
    assert len(index.query(analyse("lampu rusak jembatan"), k=9)) == 6
    monkeypatch.setattr("pipeline.neighbours.MAX_LISTED", 4)  # what a million complaints do to the usual budget
    assert [found.id for found in index.query(analyse("lampu rusak jembatan"), k=9)] == ["rare"]
    assert len(index.query(analyse("rusak"), k=9)) == 5


def test_a_saved_index_holds_no_word_of_a_complaint(tmp_path: Path) -> None:
    index = NeighbourIndex()
    index.add("7", analyse(LAMP), "dishub", NOW)
    index.save(tmp_path / "index.npz")
    loaded = NeighbourIndex.load(tmp_path / "index.npz")
    assert loaded.query(analyse(LAMP), 1) == [Neighbour("7", 1.0, "dishub", NOW)]
    assert "cibitung" not in repr(vars(loaded)).lower()


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "index.npz"
    for content in (b"", b"PK\x03\x04 broken", b"something else"):
        path.write_bytes(content)
        with pytest.raises(DataError, match="Build it again"):
            NeighbourIndex.load(path)
    with pytest.raises(DataError, match=r"index\.npz"):
        NeighbourIndex.load(tmp_path / "missing" / "index.npz")


@pytest.mark.parametrize(
    ("part", "damage"),
    [
        ("format", lambda _: np.array("x")),
        ("format", lambda _: np.array([1, 2])),
        ("ids", lambda ids: ids[:1]),
        ("ids", lambda ids: ids[[0, 0]]),
        ("ids", lambda _: np.array([1, 2])),
        ("agencies", lambda agencies: agencies.reshape(1, -1)),
        ("times", lambda times: times[1:]),
        ("terms", lambda terms: terms.astype(float) + 0.5),
        ("terms", lambda terms: terms[:-1]),
        ("ends", lambda ends: -ends),
        ("ends", lambda ends: ends[[0, 2, 1]]),
    ],
)
def test_an_index_whose_parts_dont_fit_each_other_is_refused(
    tmp_path: Path, part: str, damage: Callable[[Any], Any]
) -> None:
    path = tmp_path / "index.npz"
    index = NeighbourIndex()
    for text in (LAMP, BIN):
        index.add(text, analyse(text), "dishub", NOW)
    index.save(path)
    with np.load(path) as saved:
        parts = dict(saved)
    np.savez(path, **parts | {part: damage(parts[part])})
    with pytest.raises(DataError, match="Build it again"):
        NeighbourIndex.load(path)


def test_a_time_without_its_zone_is_refused() -> None:
    index = NeighbourIndex()
    index.add("7", analyse(LAMP), "dishub", NOW)
    with pytest.raises(ValueError, match="no time zone"):
        index.add("7", analyse(LAMP), "dishub", NOW.replace(tzinfo=None))
    assert index.query(analyse(LAMP))[0].when == NOW, "the index is unchanged"


def test_a_complaint_sent_again_is_a_duplicate_and_another_is_not() -> None:
    index = NeighbourIndex()
    index.add("lamp", analyse(LAMP), "dishub", NOW)
    index.add("bin", analyse(BIN), "dlh", NOW)
    again = "LAMPU JLN DPN PSR CIBITUNG MATI UDH SEMINGGU GELAP BGT KLO MALEM, WARGA TAKUT LEWAT"
    assert [found.id for found in index.duplicates(analyse(again))] == ["lamp"]
    assert index.duplicates(analyse("jalan di depan sekolah rusak berlubang dan banjir setiap hujan, tolong pak")) == []
    alike = analyse("lampu jalan di depan pasar rusak berlubang dan banjir setiap hujan, tolong pak")
    assert [found.id for found in index.query(alike, 1)] == ["lamp"]
    assert index.duplicates(alike) == []


def test_a_few_common_words_are_nobodys_duplicate() -> None:
    index = NeighbourIndex()
    index.add("1", analyse("jalan berlubang"), "sdabmbk", NOW)
    assert index.query(analyse("jalan berlubang"), 1)
    assert index.duplicates(analyse("jalan berlubang")) == []


def test_complaints_typed_again_in_haste_are_found_among_thousands(bekasi: Region) -> None:
    rng = random.Random(3)
    texts = [row.text for row in generate(bekasi, 1500, seed=5, noise=0.3) if len(row.text.split()) > 18]
    index = NeighbourIndex()
    for number, text in enumerate(texts):
        index.add(str(number), analyse(text), "", NOW)
    sample = rng.sample(range(len(texts)), 60)
    again = [distort(texts[number], draw_noises("whatsapp", 0.6, rng), rng) for number in sample]
    found = [
        str(number) in {neighbour.id for neighbour in index.duplicates(analyse(text))}
        for number, text in zip(sample, again, strict=True)
    ]
    assert sum(found) / len(found) > 0.85


def test_space_of_complaints_taken_out_is_given_back() -> None:
    index = NeighbourIndex()
    for number in range(1200):
        index.add(str(number), analyse(f"lampu mati nomor {number} blok"), "dishub", NOW)
    for number in range(900):
        index.remove(str(number))
    assert len(index) == 300
    assert len(index._ids) < 700
    assert index.query(analyse("lampu mati blok"), 1)[0].id not in {str(number) for number in range(900)}


def test_the_example_of_the_document_does_what_it_says() -> None:
    document = (Path(__file__).parents[2] / "docs" / "neighbours.md").read_text(encoding="utf-8")
    shown: dict[str, Any] = {}
    exec(document.split("```python")[1].split("```")[0], shown)  # noqa: S102 (the project's own document)
    index = shown["index"]
    assert [found.id for found in index.query(analyse("lampu taman mati"))] == ["LAPOR-1"]
    assert [found.id for found in index.duplicates(analyse(shown["again"]))] == ["LAPOR-1"]
