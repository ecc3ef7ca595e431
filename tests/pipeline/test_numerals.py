"""Numbers in texts that others wrote are taken as people write them, not as Python does."""

from __future__ import annotations

import pytest

from pipeline.numerals import decimal, whole

NOT_AS_PEOPLE_WRITE = [
    "",
    " 1",
    "1 ",
    "1\n",
    "1_0",
    "+1",
    "nan",
    "inf",
    "-inf",
    "0x1",
    "\u0661",
    "\uff11",
    "\u00b2",
    "1,5",
    "a",
]


@pytest.mark.parametrize("text", [*NOT_AS_PEOPLE_WRITE, "1.0", "1e1", "-1", "1" * 19, "1" * 5000])
def test_what_is_not_written_in_digits_is_no_whole_number(text: str) -> None:
    assert whole(text) is None


@pytest.mark.parametrize("text", [*NOT_AS_PEOPLE_WRITE, ".", "-", "1.2.3", "1e", "--1", "1e999", "9" * 400])
def test_what_is_no_finite_number_in_digits_is_no_decimal(text: str) -> None:
    assert decimal(text) is None


@pytest.mark.parametrize("end", ["x", ".-", ".1e"])
def test_endless_digits_are_refused_in_one_reading(end: str) -> None:
    # The time of trying every way to divide them grows with the square of their number: here, to half an hour.
    assert decimal("1" * 200_000 + end) is None


def test_numbers_are_read() -> None:
    assert [whole(text) for text in ("0", "007", "9" * 18)] == [0, 7, 10**18 - 1]
    assert [decimal(text) for text in ("-6.3456", "107", "-.5", "1.", "1.5e-05", "2E+1")] == [
        -6.3456, 107, -0.5, 1, 0.000015, 20,
    ]  # fmt: skip
