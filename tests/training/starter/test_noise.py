from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import tokenise
from training.starter import noise

TEXT = "Lampu jalan di rumah-rumah itu tidak menyala, tolong diperbaiki segera ya"


@pytest.mark.parametrize("seed", range(5))
def test_each_noise_does_what_its_name_says(seed: int) -> None:
    rng = random.Random(seed)
    assert noise.shout(TEXT, rng).isupper()
    assert noise.whisper(TEXT, rng).islower()
    assert "," not in noise.unpunctuate(TEXT, rng)
    assert len(noise.lose_space(TEXT, rng)) == len(TEXT) - 1
    assert len(noise.elongate(TEXT, rng)) > len(TEXT)
    assert "rumah2" in noise.write_reduplication_as_2(TEXT, rng)
    assert 0 <= sum(a != b for a, b in zip(noise.slip(TEXT, rng), TEXT, strict=False))


def test_abbreviations_are_those_that_normalising_understands() -> None:
    rng = random.Random(0)
    typed = {noise.abbreviate("yang tidak dengan jalan sudah", rng) for _ in range(20)}
    assert len(typed) > 5
    assert all([t.normal for t in tokenise(text)] == "yang tidak dengan jalan sudah".split() for text in typed)


def test_no_noise_leaves_the_text_alone() -> None:
    assert noise.draw_noises("whatsapp", 0, random.Random(0)) == []
    assert noise.distort(TEXT, [], random.Random(0)) == TEXT


@given(st.text(max_size=80), st.integers(0, 1000), st.floats(0, 1))
def test_distortion_never_fails_and_is_reproducible(text: str, seed: int, amount: float) -> None:
    def typed() -> str:
        rng = random.Random(seed)
        return noise.distort(text, noise.draw_noises("whatsapp", amount, rng), rng)

    assert typed() == typed()
