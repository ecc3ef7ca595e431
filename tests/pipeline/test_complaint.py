from __future__ import annotations

import pytest

from pipeline.complaint import MAX_TEXT_CHARS, Complaint
from pipeline.errors import ComplaintError, ComplaintTooLongError, EmptyComplaintError


@pytest.mark.parametrize("text", ["", "   ", "😡😡🙏", "123 - 456", "!!!"])
def test_a_text_without_a_letter_is_empty(text: str) -> None:
    with pytest.raises(EmptyComplaintError):
        Complaint(text)


def test_a_text_over_the_limit_is_refused_with_both_numbers() -> None:
    with pytest.raises(ComplaintTooLongError, match=r"20\.001.*20\.000") as told:
        Complaint("a" * (MAX_TEXT_CHARS + 1))
    assert "20,001" in told.value.english


def test_of_an_address_over_the_limit_it_is_said_that_it_is_the_address() -> None:
    with pytest.raises(ComplaintTooLongError, match=r"^Alamat sepanjang 20\.001 karakter") as told:
        Complaint("jalan rusak", address="a" * (MAX_TEXT_CHARS + 1))
    assert told.value.english.startswith("The address has 20,001 characters")


@pytest.mark.parametrize("text", ["jalan\x00rusak", "jalan \ud800 rusak"])
def test_what_no_database_stores_is_refused(text: str) -> None:
    with pytest.raises(ComplaintError, match="UTF-8"):
        Complaint(text)


def test_no_error_repeats_the_text() -> None:
    with pytest.raises(ComplaintError) as raised:
        Complaint("rahasia\x00 " + "x" * 100)
    assert "rahasia" not in str(raised.value)
