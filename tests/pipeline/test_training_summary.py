"""A model's manifest says what the model was trained on."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.training_summary import taught_with

_URGENCY = {"urgency_real_rows": 0, "urgency_starter_rows": 5000, "urgency_written_rows": 2345}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "0 aduan nyata, 0 aduan buatan"),
        (
            {"real_rows": 900, "newest": "2026-03-31T08:15:00", "starter_rows": 5000},
            "900 aduan nyata (yang terbaru dari 31-03-2026), 5.000 aduan buatan",
        ),
        (
            {"starter_rows": 5000, "written_rows": 1234, **_URGENCY},
            "0 aduan nyata, 5.000 aduan buatan, 1.234 pesan contoh; "
            "untuk urgensi 0 aduan nyata, 5.000 aduan buatan, 2.345 pesan contoh",
        ),
    ],
)
def test_the_kinds_of_rows_are_told_as_far_as_the_manifest_knows_them(data: dict[str, Any], told: str) -> None:
    assert taught_with(data) == told
