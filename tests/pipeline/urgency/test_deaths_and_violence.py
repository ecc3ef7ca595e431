"""Deaths, violence and babies, and what only sounds like them, without a model."""

from __future__ import annotations

import pytest

from tests.pipeline.urgency.asked import named


@pytest.mark.parametrize(
    "text",
    [
        "bapak saya meninggal karena lubang di jalan",
        "jalan ditutup proyek tanpa rambu, motor masuk lobang meninggal",
        "pemotor tewas masuk galian pipa",
        "sudah ada yang meninggal di tikungan itu",
    ],
)
def test_a_death_shows_that_a_road_takes_victims(text: str) -> None:
    assert "jalan-makan-korban" in named(text)


@pytest.mark.parametrize(
    "text", ["bapak saya meninggal, penggali lubang kubur minta dua juta", "suami meninggal, akta kematian belum jadi"]
)
def test_a_death_alone_tells_of_no_dangerous_road(text: str) -> None:
    assert named(text) == set()


def test_a_teacher_who_slaps_is_violence() -> None:
    assert "kekerasan-dilaporkan" in named("guru menampar murid sampai memar")


def test_a_baby_in_the_smoke_of_burnt_plastic_was_not_abandoned() -> None:
    assert "bayi-dibuang" not in named("tetangga bakar sampah plastik, asapnya masuk rumah, bayi saya batuk-batuk")
    assert "bayi-dibuang" in named("ada bayi dalam kantong plastik di depan musala")
