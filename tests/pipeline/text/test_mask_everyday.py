"""Personal data as phones copy it and as citizens write it; and numbers and names that are none."""

from __future__ import annotations

import pytest

from pipeline.text import mask, tokenise


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("hub +62\u00a0812\u20113456\u20117890 ya", "hub [TELEPON] ya"),
        ("hub \u202a+62 812\u20103456\u20107890\u202c ya", "hub \u202a[TELEPON]\u202c ya"),
        ("wa 0812\u00a03456\u00a07890", "wa [TELEPON]"),
        ("wa 0812\u200b3456\u200b7890", "wa [TELEPON]"),
        ("wa 0812\u22123456\u20147890", "wa [TELEPON]"),
        ("NIK 3216\u00a00112\u00a00345\u00a00001", "NIK [NIK]"),
        ("NIK 321601\u202f120345\u202f0001", "NIK [NIK]"),
    ],
)
def test_numbers_are_masked_with_the_spaces_and_hyphens_that_phones_copy(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert all(text[token.start : token.end].strip() for token in tokenise(text))
