"""What is serious within days and what only sounds so, without any model."""

from __future__ import annotations

import pytest

from pipeline.complaint import Level
from pipeline.text import tokenise
from pipeline.urgency import danger_finder


def _named(text: str) -> set[str]:
    return {sign.cue.id for sign in danger_finder().find(text, tokenise(text)) if sign.level is not None}


def _is_emergency(text: str) -> bool:
    return any(sign.level is Level.DARURAT for sign in danger_finder().find(text, tokenise(text)))


@pytest.mark.parametrize(
    "text",
    [
        "korlap kebersihan namanya muklis tidak pernah datang, sampah menumpuk",
        "mohon menghungi ketua rw kami soal jadwal posyandu",
        "warga mau menyebrang ke pasar susah, motor rame",
        "di depan smpn ada jalan becek",
        "linmas kelurahan tidak pernah keliling",
        "di rawa banyak nyambek, rumputnya tinggi",
        "arek arek main bola di embong sampai malam, berisik",
        "enceng gondok di kali sudah lama tidak diangkat",
        "kabel speker masjid terlalu keras suaranya",
        "syaraf kejepit di pinggang, mau tanya poli apa",
    ],
)
def test_names_and_words_of_every_day_are_no_slips_of_a_danger(text: str) -> None:
    assert _named(text) == set()
